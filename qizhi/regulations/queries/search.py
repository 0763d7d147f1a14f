"""Search in the library: names, numbers, texts and clauses, by characters, by pinyin or by initials."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Replace

from qizhi.core.search import Forms, Piece, Word, pieces_of, places_of, words_of
from qizhi.core.values import dataclass
from qizhi.regulations.enums import IndexedPart
from qizhi.regulations.models import IndexEntry, Regulation, Version

NAMES = (IndexedPart.TITLE, IndexedPart.ALIAS, IndexedPart.NUMBER)
BODY = (IndexedPart.TEXT, IndexedPart.CLAUSE)
ORDER = ("regulation__level", "regulation__title", "-version__effective_from", "part", "position")
WIDTH = 120
BRACKETS = "〔〕[]()（）［］【】"


@dataclass(frozen=True)
class Hit:
    """A clause or a paragraph that was found, with the found words marked; `address` leads to it."""

    entry: IndexEntry
    pieces: list[Piece]

    @property
    def address(self) -> str:
        """The clause, or the version where it stands, on the page of the document."""
        entry = self.entry
        place = f"clause-{entry.clause_id}" if entry.clause_id else f"version-{entry.version_id}"
        return f"{entry.regulation.get_absolute_url()}#{place}"


def has(word: Word) -> Q:
    """The condition that an entry holds the word: as typed, as syllables, or as initials."""
    found = Q(folded__contains=word.folded)
    for reading in word.readings:
        found |= Q(syllables__contains=reading)
    return found | Q(initials__contains=word.initials) if word.initials else found


def named(bureau_id: uuid.UUID, text: str) -> QuerySet[Regulation]:
    """The documents of which each word stands in a name, the code or a number (brackets or none)."""
    found = Regulation.objects.filter(bureau_id=bureau_id)
    bare: Replace | F = F("doc_no")
    for sign in BRACKETS:
        bare = Replace(bare, Value(sign), Value(""))
    found = found.alias(bare_no=bare)
    for word in words_of(text):
        plain = "".join(sign for sign in word.folded if sign not in BRACKETS)
        by_number = Q(bare_no__icontains=plain) if plain else Q()
        found = found.filter(Q(pk__in=_owners(bureau_id, word)) | by_number)
    return found


def _owners(bureau_id: uuid.UUID, word: Word) -> QuerySet[IndexEntry, uuid.UUID]:
    names = IndexEntry.objects.filter(has(word), bureau_id=bureau_id, part__in=NAMES).order_by()
    return names.values_list("regulation_id", flat=True)


def passages(bureau_id: uuid.UUID, text: str, *, on: dt.date | None) -> QuerySet[IndexEntry]:
    """Clauses and paragraphs of published versions in which the words occur; as typed before as spoken.

    Each word must occur in the passage or in a name of its document, and one at least in the passage.

    Args:
        bureau_id: whose library.
        text: the words.
        on: only versions in force on the day; None: all that were ever published.
    """
    words = words_of(text)
    if not words:
        return IndexEntry.objects.none()
    versions = Version.objects.filter(bureau_id=bureau_id)
    versions = versions.in_force(on) if on else versions.published()
    found = IndexEntry.objects.filter(bureau_id=bureau_id, part__in=BODY, version__in=versions)
    inside, literal = Q(), Q()
    for word in words:
        of_code = Q(clause__key__istartswith=word.folded)
        found = found.filter(has(word) | of_code | Q(regulation_id__in=_owners(bureau_id, word)))
        inside |= has(word) | of_code
        literal &= Q(folded__contains=word.folded)
    rank = Case(When(literal, then=Value(0)), default=Value(1))
    return (
        found.filter(inside)
        .annotate(rank=rank)
        .select_related("regulation", "version", "clause")
        .order_by(
            "rank", "regulation__level", "regulation__title", "-version__effective_from", "part", "position"
        )
    )


def hits_of(entries: Iterable[IndexEntry], text: str) -> list[Hit]:
    """Entries with the found words marked."""
    words = words_of(text)
    return [Hit(entry, pieces_of(entry.text, _places(words, entry), width=WIDTH)) for entry in entries]


def _places(words: Sequence[Word], entry: IndexEntry) -> list[tuple[int, int]]:
    return places_of(words, Forms(entry.folded, entry.syllables, entry.initials))


def names_found(
    bureau_id: uuid.UUID, text: str, regulations: Iterable[Regulation]
) -> dict[uuid.UUID, list[Piece]]:
    """The name by which each document was found, marked; the title before other names. One query."""
    words = words_of(text)
    condition = Q()
    for word in words:
        condition |= has(word)
    rows = IndexEntry.objects.filter(
        condition, bureau_id=bureau_id, part__in=NAMES, regulation__in=[one.pk for one in regulations]
    )
    found: dict[uuid.UUID, list[Piece]] = {}
    for entry in rows.order_by("position"):
        if words and entry.regulation_id not in found:
            found[entry.regulation_id] = pieces_of(entry.text, _places(words, entry))
    return found
