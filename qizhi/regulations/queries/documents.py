"""What is in force, the library, and what two versions differ in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import partial

from django.db.models import Prefetch, Q, QuerySet

from qizhi.core import kept, periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.regulations.models import Clause, Regulation, Version, VersionQuerySet
from qizhi.regulations.queries.search import named


def clauses_in_force(
    bureau_id: uuid.UUID,
    on: dt.date,
    *,
    kind: str = "",
    keys: Iterable[str] = (),
) -> QuerySet[Clause]:
    """Enabled clauses of the versions in force on the day, with version and document; one query.

    Args:
        bureau_id: whose documents.
        on: the date that chooses the version: event, due day or end of period, as each clause declares in
            `applies_by`; never the day on which one happens to ask.
        kind: only clauses of this kind.
        keys: only clauses of these keys.
    """
    clauses = Clause.objects.filter(
        bureau_id=bureau_id,
        is_enabled=True,
        version__in=Version.objects.in_force(on).filter(bureau_id=bureau_id),
    ).select_related("version__regulation")
    if kind:
        clauses = clauses.filter(kind=kind)
    wanted = list(keys)
    return clauses.filter(key__in=wanted) if wanted else clauses


def clause_in_force(bureau_id: uuid.UUID, key: str, on: dt.date) -> Clause | None:
    """The clause of that key in force on the day; None when no rule bound then, which is not "fine"."""
    return clauses_in_force(bureau_id, on, keys=[key]).order_by("-version__effective_from").first()


def clauses_during(
    bureau_id: uuid.UUID,
    start: dt.date,
    end: dt.date,
    *,
    kind: str = "",
) -> QuerySet[Clause]:
    """Enabled clauses of every version in force on at least one of the days, oldest version first; one query.

    For pages that show many periods at once: choose among them for each period by
    `rules.is_in_force(clause.version.effective_from, clause.version.effective_to, period.end)`.
    """
    touching = Q(effective_to__isnull=True) | Q(effective_to__gte=start)
    versions = Version.objects.published().filter(touching, bureau_id=bureau_id, effective_from__lte=end)
    clauses = Clause.objects.filter(bureau_id=bureau_id, is_enabled=True, version__in=versions)
    if kind:
        clauses = clauses.filter(kind=kind)
    return clauses.select_related("version__regulation").order_by("version__effective_from", "position")


def known_clauses(bureau_id: uuid.UUID, *, kind: str = "") -> list[Clause]:
    """Every enabled clause of every published version, oldest version first, without the texts.

    One statement for all that ask until something is written; nobody may change a row.
    """
    found = kept.keep(partial(_known_clauses, bureau_id), "regulations.clauses", bureau_id)
    return [one for one in found if one.kind == kind] if kind else found


def _known_clauses(bureau_id: uuid.UUID) -> list[Clause]:
    everything = clauses_during(bureau_id, dt.date.min, dt.date.max)
    return list(everything.defer("text", "version__text"))


def known_during(bureau_id: uuid.UUID, span: Period, *, kind: str = "") -> list[Clause]:
    """Of the known clauses those of versions in force on at least one of the days."""
    return [
        one
        for one in known_clauses(bureau_id, kind=kind)
        if one.version.effective_from <= span.end
        and (one.version.effective_to is None or span.start <= one.version.effective_to)
    ]


def library(
    bureau_id: uuid.UUID,
    *,
    text: str = "",
    level: str = "",
    in_force_on: dt.date | None = None,
) -> QuerySet[Regulation]:
    """Documents by title, number, code or alias; each with `aliases` and its `current` versions prefetched.

    `current` holds the version in force on `in_force_on` (at most one), or all published versions, newest
    first, when no day is given. With a day, only documents in force on it are listed. All words must occur in
    the names; pinyin and initials do as well, and brackets may be typed as on any keyboard.
    """
    versions = Version.objects.filter(bureau_id=bureau_id)
    versions = versions.in_force(in_force_on) if in_force_on else versions.published()
    found = Regulation.objects.filter(bureau_id=bureau_id)
    if text.strip():
        found = found.filter(pk__in=named(bureau_id, text).values("pk"))
    if level:
        found = found.filter(level=level)
    if in_force_on:
        found = found.filter(pk__in=versions.values("regulation_id"))
    return found.select_related("replaced_by").prefetch_related(
        "aliases", Prefetch("versions", queryset=versions, to_attr="current")
    )


def library_rows(found: QuerySet[Regulation]) -> list[dict[str, object]]:
    """What `library` found, as rows of a table that leaves the system; four queries however many."""
    return [
        {
            "code": row.code,
            "title": row.title,
            "aliases": "、".join(alias.name for alias in row.aliases.all()),
            "doc_no": row.doc_no,
            "issuer": row.issuer,
            "level": row.get_level_display(),
            "versions": "；".join(_say_version(version) for version in vars(row)["current"]),
            "confirmation": row.get_confirmation_display(),
        }
        for row in found
    ]


def _say_version(version: Version) -> str:
    end = f"至{periods.say_day(version.effective_to)}" if version.effective_to else "起"
    return f"{version.label}：{periods.say_day(version.effective_from)}{end}"


def versions_of(regulation: Regulation, *, with_draft: bool) -> VersionQuerySet:
    """All versions of a document, newest first, with their clauses."""
    versions = Version.objects.filter(bureau_id=regulation.bureau_id, regulation=regulation)
    if not with_draft:
        versions = versions.published()
    clauses = Clause.objects.filter(bureau_id=regulation.bureau_id)
    return versions.prefetch_related(Prefetch("clauses", queryset=clauses)).select_related("regulation")


def versions_of_clause(clause: Clause, *, with_draft: bool) -> QuerySet[Clause]:
    """The clause as it stands in each version of its document, newest first, by its key."""
    versions = Version.objects.filter(bureau_id=clause.bureau_id, regulation_id=clause.version.regulation_id)
    if not with_draft:
        versions = versions.published()
    found = Clause.objects.filter(bureau_id=clause.bureau_id, key=clause.key, version__in=versions)
    return found.select_related("version__regulation").order_by("-version__effective_from")


@dataclass(frozen=True)
class Difference:
    """A clause before and after; None on the side where it does not exist."""

    key: str
    before: Clause | None
    after: Clause | None


_COMPARED = (
    "number",
    "text",
    "kind",
    "parameters",
    "points",
    "subject",
    "period",
    "applies_by",
    "area",
    "evidence",
    "is_general",
    "is_enabled",
)


def differences(draft: Version, earlier: Version | None) -> list[Difference]:
    """What publishing the draft would change against the version that it follows, clause by clause."""
    before = {clause.key: clause for clause in earlier.clauses.all()} if earlier else {}
    after = {clause.key: clause for clause in draft.clauses.all()}
    return [
        Difference(key, before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if _facts(before.get(key)) != _facts(after.get(key))
    ]


def draft_and_earlier(version: Version) -> tuple[Version, Version | None]:
    """A draft with its clauses, and the published version before it (else the latest) with its own."""
    others = versions_of(version.regulation, with_draft=True)
    draft = others.get(pk=version.pk)
    published = others.published().order_by("-effective_from")
    before = published.filter(effective_from__lt=draft.effective_from).first()
    return draft, before or published.first()


def _facts(clause: Clause | None) -> list[object]:
    return [] if clause is None else [getattr(clause, name) for name in _COMPARED]
