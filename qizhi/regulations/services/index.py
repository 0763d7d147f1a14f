"""The index of the library, written in the transaction that changes what it holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from qizhi.core.db.pour import pour_new
from qizhi.core.search import forms_of
from qizhi.regulations.enums import IndexedPart
from qizhi.regulations.models import Clause, IndexEntry, Regulation, RegulationAlias, Version

COLUMNS = (
    "bureau_id",
    "regulation_id",
    "version_id",
    "clause_id",
    "part",
    "position",
    "text",
    "folded",
    "syllables",
    "initials",
)
NAMES = (IndexedPart.TITLE, IndexedPart.ALIAS, IndexedPart.NUMBER)


def index_names(regulation: Regulation) -> None:
    """Index what a document is called anew: title, other names, number and code."""
    IndexEntry.objects.filter(regulation=regulation, part__in=NAMES).delete()
    aliases = RegulationAlias.objects.filter(regulation=regulation).values_list("name", flat=True)
    pour_new(IndexEntry, COLUMNS, list(_names(regulation, aliases)))


def index_version(version: Version) -> None:
    """Index the text of a version anew."""
    IndexEntry.objects.filter(version=version, part=IndexedPart.TEXT).delete()
    pour_new(IndexEntry, COLUMNS, list(_text(version)))


def index_clause(clause: Clause) -> None:
    """Index a clause anew."""
    IndexEntry.objects.filter(clause=clause).delete()
    pour_new(IndexEntry, COLUMNS, [_clause(clause)])


def index_clauses(version: Version) -> None:
    """Index all clauses of a version anew, and its text."""
    IndexEntry.objects.filter(version=version).delete()
    rows = [*_text(version), *map(_clause, Clause.objects.filter(version=version).select_related("version"))]
    pour_new(IndexEntry, COLUMNS, rows)


@transaction.atomic
def index_bureau(bureau_id: uuid.UUID, only: Iterable[uuid.UUID] | None = None) -> None:
    """Index all documents of a bureau anew, or some of them; in as many queries however many."""
    wanted = Q(bureau_id=bureau_id)
    if only is not None:
        wanted &= Q(regulation_id__in=list(only))
    IndexEntry.objects.filter(wanted).delete()
    regulations = Regulation.objects.filter(bureau_id=bureau_id)
    if only is not None:
        regulations = regulations.filter(pk__in=list(only))
    rows: list[tuple[Any, ...]] = []
    for regulation in regulations.prefetch_related("aliases", "versions__clauses"):
        rows += _names(regulation, [alias.name for alias in regulation.aliases.all()])
        for version in regulation.versions.all():
            rows += _text(version)
            for clause in version.clauses.all():
                clause.version = version
                rows.append(_clause(clause))
    pour_new(IndexEntry, COLUMNS, rows)


def _names(regulation: Regulation, aliases: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    own = (regulation.bureau_id, regulation.pk, None, None)
    names = [(IndexedPart.TITLE, regulation.title), *((IndexedPart.ALIAS, name) for name in aliases)]
    names += [(IndexedPart.NUMBER, text) for text in (regulation.doc_no, regulation.code) if text]
    for position, (part, text) in enumerate(names):
        yield (*own, part.value, position, *_forms(text))


def _text(version: Version) -> Iterator[tuple[Any, ...]]:
    own = (version.bureau_id, version.regulation_id, version.pk, None)
    paragraphs = [line.strip() for line in version.text.splitlines() if line.strip()]
    for position, text in enumerate(paragraphs):
        yield (*own, IndexedPart.TEXT.value, position, *_forms(text))


def _clause(clause: Clause) -> tuple[Any, ...]:
    own = (clause.bureau_id, clause.version.regulation_id, clause.version_id, clause.pk)
    text = f"{clause.number} {clause.text}".strip()
    return (*own, IndexedPart.CLAUSE.value, clause.position, *_forms(text))


def _forms(text: str) -> tuple[str, str, str, str]:
    forms = forms_of(text)
    return text, forms.folded, forms.syllables, forms.initials
