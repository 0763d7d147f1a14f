"""Reads worth a name: what is in force, the library, and the working calendar."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from qizhi.core import periods
from qizhi.regulations.models import (
    CalendarDay,
    CalendarPaper,
    Clause,
    Regulation,
    RegulationAlias,
    Version,
    VersionQuerySet,
)
from qizhi.regulations.rules import Layer, Month, Paper, PaperDay, WorkingCalendar, months_of

_BRACKETS = {"[": "〔", "]": "〕", "【": "〔", "】": "〕", "(": "（", ")": "）"}
_TO_DOC_NO = str.maketrans({**_BRACKETS, "(": "〔", ")": "〕", "（": "〔", "）": "〕"})
_TO_TITLE = str.maketrans(_BRACKETS)


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


def library(
    bureau_id: uuid.UUID,
    *,
    text: str = "",
    level: str = "",
    in_force_on: dt.date | None = None,
) -> QuerySet[Regulation]:
    """Documents by title, number, code or alias; each with `aliases` and its `current` versions prefetched.

    `current` holds the version in force on `in_force_on` (at most one), or all published versions, newest
    first, when no day is given. With a day, only documents in force on it are listed. Brackets may be typed
    as on any keyboard: [2017] finds 〔2017〕.
    """
    versions = Version.objects.filter(bureau_id=bureau_id)
    versions = versions.in_force(in_force_on) if in_force_on else versions.published()
    found = Regulation.objects.filter(bureau_id=bureau_id)
    if text.strip():
        found = found.filter(_named(bureau_id, text.strip()))
    if level:
        found = found.filter(level=level)
    if in_force_on:
        found = found.filter(pk__in=versions.values("regulation_id"))
    return found.select_related("replaced_by").prefetch_related(
        "aliases", Prefetch("versions", queryset=versions, to_attr="current")
    )


def _named(bureau_id: uuid.UUID, text: str) -> Q:
    title, number = text.translate(_TO_TITLE).strip("《》"), text.translate(_TO_DOC_NO)
    other_names = RegulationAlias.objects.filter(bureau_id=bureau_id, name__icontains=title)
    return (
        Q(title__icontains=title)
        | Q(doc_no__icontains=number)
        | Q(code__icontains=text)
        | Q(pk__in=other_names.values("regulation_id"))
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


_calendars: dict[uuid.UUID, tuple[tuple[object, ...], WorkingCalendar]] = {}


def calendar_for(bureau_id: uuid.UUID) -> WorkingCalendar:
    """The working calendar of a bureau from all its papers.

    Kept in the process and checked against the papers' revisions, so that it costs one query as long as
    no paper has changed, and two when one has. Ask once a page and pass it on.
    """
    held = CalendarPaper.objects.filter(bureau_id=bureau_id).order_by("pk")
    papers = list(held.defer("notice", "title", "confirmation"))
    stamp = tuple((paper.pk, paper.revision) for paper in papers)
    kept = _calendars.get(bureau_id)
    if kept is None or kept[0] != stamp:
        kept = (stamp, _build_calendar(bureau_id, papers))
        _calendars[bureau_id] = kept
    return kept[1]


def _build_calendar(bureau_id: uuid.UUID, papers: list[CalendarPaper]) -> WorkingCalendar:
    return WorkingCalendar(_as_rules(bureau_id, papers))


def papers_for(bureau_id: uuid.UUID) -> list[Paper]:
    """All papers of a bureau as the calendar reads them; two queries."""
    held = CalendarPaper.objects.filter(bureau_id=bureau_id).order_by("pk")
    return _as_rules(bureau_id, list(held.defer("notice", "title", "confirmation")))


def _as_rules(bureau_id: uuid.UUID, papers: list[CalendarPaper]) -> list[Paper]:
    days: dict[uuid.UUID, list[PaperDay]] = defaultdict(list)
    if papers:
        for paper_id, on, is_working, name in CalendarDay.objects.filter(bureau_id=bureau_id).plain():
            days[paper_id].append(PaperDay(on, is_working, name))
    return [
        Paper(
            doc_no=paper.doc_no,
            year=paper.year,
            layer=Layer(paper.scope),
            days=tuple(days[paper.pk]),
            published_on=paper.published_on,
            confirmed_until=paper.confirmed_until,
        )
        for paper in papers
    ]


def papers_of(bureau_id: uuid.UUID, year: int) -> QuerySet[CalendarPaper]:
    """The papers of a year and those of the next that reach back into its last days."""
    reaching_back = CalendarDay.objects.filter(bureau_id=bureau_id, on__year=year, paper__year=year + 1)
    return CalendarPaper.objects.filter(
        Q(year=year) | Q(pk__in=reaching_back.values("paper_id")), bureau_id=bureau_id
    )


@dataclass(frozen=True)
class CalendarYear:
    """A year of the working calendar for a page.

    Attributes:
        number: the year.
        months: its twelve months.
        working_days: how many days are worked; None when part of the year is unknown.
        is_next_known: whether the next year's paper is there, which may move the last days of December.
        years: the years that are known.
    """

    number: int
    months: list[Month]
    working_days: int | None
    is_next_known: bool
    years: list[int]

    @property
    def is_known(self) -> bool:
        """Whether every day is known."""
        return self.working_days is not None

    @property
    def is_blank(self) -> bool:
        """Whether not a single month is known."""
        return all(month.working_days is None for month in self.months)

    @property
    def previous(self) -> int:
        """The year before."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The year after."""
        return self.number + 1


def calendar_year(bureau_id: uuid.UUID, year: int) -> CalendarYear:
    """The year laid out; one query as long as no paper has changed."""
    calendar = calendar_for(bureau_id)
    months = months_of(year, calendar)
    counts = [month.working_days for month in months]
    known = [count for count in counts if count is not None]
    return CalendarYear(
        number=year,
        months=months,
        working_days=sum(known) if len(known) == len(counts) else None,
        is_next_known=year + 1 in calendar.years,
        years=calendar.years,
    )
