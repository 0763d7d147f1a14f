"""The working calendar: from its papers, and by the numbers of its days in the database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import count
from typing import NamedTuple, TypeVar

from django.db.models import Case, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import LessThanOrEqual

from qizhi.core import kept
from qizhi.core.models import AuditEvent
from qizhi.core.values import dataclass
from qizhi.regulations.enums import CalendarScope
from qizhi.regulations.models import CalendarDay, CalendarPaper, DayOrdinal
from qizhi.regulations.rules import (
    Layer,
    Month,
    Paper,
    PaperDay,
    Spoken,
    WorkingCalendar,
    months_of,
    spoken_of,
)

M = TypeVar("M", bound=Model)

_calendars: dict[uuid.UUID, tuple[tuple[object, ...], WorkingCalendar]] = {}


def calendar_for(bureau_id: uuid.UUID) -> WorkingCalendar:
    """The working calendar of a bureau from all its papers.

    Kept in the process and checked against the papers' revisions, so that it costs one query as long as
    no paper has changed, and two when one has; and nothing where the same was asked since the last change.
    """
    return kept.keep_small(partial(_calendar_for, bureau_id), "regulations.calendar", bureau_id)


def _calendar_for(bureau_id: uuid.UUID) -> WorkingCalendar:
    held = CalendarPaper.objects.filter(bureau_id=bureau_id).order_by("pk")
    papers = list(held.defer("notice", "title", "confirmation"))
    stamp = tuple((paper.pk, paper.revision) for paper in papers)
    known = _calendars.get(bureau_id)
    if known is None or known[0] != stamp:
        known = (stamp, _build_calendar(bureau_id, papers))
        _calendars[bureau_id] = known
    return known[1]


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
    spoken = _spoken(papers, days)
    return [
        Paper(
            doc_no=paper.doc_no,
            year=paper.year,
            layer=Layer(paper.scope),
            days=tuple(days[paper.pk]),
            published_on=paper.published_on,
            confirmed_until=min(paper.confirmed_until, spoken[paper.year].until)
            if paper.scope == CalendarScope.NATIONAL
            else paper.confirmed_until,
        )
        for paper in papers
    ]


def _spoken(
    papers: Iterable[CalendarPaper], days: Mapping[uuid.UUID, Iterable[PaperDay]]
) -> dict[int, Spoken]:
    """How far the national papers of each year speak, taken together."""
    by_year: dict[int, list[PaperDay]] = defaultdict(list)
    for paper in papers:
        if paper.scope == CalendarScope.NATIONAL:
            by_year[paper.year] += days[paper.pk]
    return {year: spoken_of(year, said) for year, said in by_year.items()}


def _missing(calendar: WorkingCalendar, year: int) -> tuple[str, ...]:
    """The festivals that the national papers of a year say nothing of; none where there is no paper."""
    if year not in calendar.years:
        return ()
    said = [
        day
        for paper in calendar.papers
        if paper.year == year and paper.layer is Layer.NATIONAL
        for day in paper.days
    ]
    return spoken_of(year, said).missing


class RemovedPaper(NamedTuple):
    """A paper that was entered by mistake: what it was called, who took it away, when and why."""

    title: str
    doc_no: str
    by: str
    at: dt.datetime
    because: str


def year_without_paper(bureau_id: uuid.UUID, year: int) -> int:
    """The year, or the first one after it that has no national notice; one query."""
    papers = CalendarPaper.objects.filter(bureau_id=bureau_id, scope=CalendarScope.NATIONAL, year__gte=year)
    known = set(papers.values_list("year", flat=True))
    return next(one for one in count(year) if one not in known)


def papers_removed(bureau_id: uuid.UUID, year: int) -> list[RemovedPaper]:
    """The papers of a year that were entered by mistake, from the log; one query."""
    rows = AuditEvent.objects.filter(bureau_id=bureau_id, verb="regulations.remove_paper")
    return [
        RemovedPaper(before["title"], before["doc_no"], label, at, after.get("删除原因", ""))
        for label, at, before, after in rows.order_by("-at").values_list("by_label", "at", "before", "after")
        if before.get("year") == year
    ]


def papers_of(bureau_id: uuid.UUID, year: int) -> QuerySet[CalendarPaper]:
    """The papers of a year and those of the next that reach back into its last days."""
    reaching_back = CalendarDay.objects.filter(bureau_id=bureau_id, on__year=year, paper__year=year + 1)
    return CalendarPaper.objects.filter(
        Q(year=year) | Q(pk__in=reaching_back.values("paper_id")), bureau_id=bureau_id
    )


def _vouching(calendar: WorkingCalendar, papers: Iterable[CalendarPaper]) -> list[CalendarPaper]:
    found = list(papers)
    for paper in found:
        until = calendar.known_until(paper.year)
        paper.vouches_until = min(paper.confirmed_until, until) if until else paper.confirmed_until
    return found


@dataclass(frozen=True)
class CalendarYear:
    """A year of the working calendar for a page.

    Attributes:
        number: the year.
        months: its twelve months.
        working_days: how many days are worked; None when part of the year is unknown.
        is_next_known: whether the next year's paper is there, which may move the last days of December.
        years: the years that are known.
        missing: the festivals that its national papers say nothing of.
        until: the last day that is known, where that is not the whole year; else None.
        amended: days of which several papers speak, or one below the national ones; the last settles each.
    """

    number: int
    months: list[Month]
    working_days: int | None
    is_next_known: bool
    years: list[int]
    missing: tuple[str, ...]
    until: dt.date | None
    amended: list[tuple[dt.date, list[tuple[Paper, PaperDay]]]]

    @property
    def is_known(self) -> bool:
        """Whether every day is known."""
        return self.working_days is not None

    @property
    def is_blank(self) -> bool:
        """Whether not a single month is known."""
        return all(month.working_days is None for month in self.months)

    @property
    def unknown_from(self) -> str:
        """Chinese: the first unknown day of a year of which a part is known; empty of all others."""
        if self.until is None:
            return ""
        first = max(self.until + dt.timedelta(days=1), dt.date(self.number, 1, 1))
        return f"{first.month}月{first.day}日"

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
        missing=_missing(calendar, year),
        until=calendar.known_until(year),
        amended=calendar.amended(year),
    )


@dataclass(frozen=True)
class KnownYear:
    """A year with its papers; `working_days` is None while part of it is unknown."""

    number: int
    working_days: int | None
    papers: list[CalendarPaper]


def known_years(bureau_id: uuid.UUID, until: int) -> list[KnownYear]:
    """Each year from the first paper's on to `until`, newest first; two queries."""
    calendar = calendar_for(bureau_id)
    papers: dict[int, list[CalendarPaper]] = defaultdict(list)
    for paper in _vouching(calendar, CalendarPaper.objects.filter(bureau_id=bureau_id).defer("notice")):
        papers[paper.year].append(paper)
    last = max([until, *papers])
    return [
        KnownYear(year, _worked(calendar, year), papers[year])
        for year in range(last, min([last, *papers]) - 1, -1)
    ]


def _worked(calendar: WorkingCalendar, year: int) -> int | None:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not (calendar.is_known(first) and calendar.is_known(last)):
        return None
    return calendar.ordinal(last) - calendar.ordinal(first) + calendar.is_working_day(first)


def ordinal_on(bureau_id: uuid.UUID, day: dt.date) -> int | None:
    """The number of working days up to and including the day, as the database keeps it; None: unknown.

    The difference of two ordinals is the working days between them only where no unknown day lies between:
    `with_working_days` makes sure of that.
    """
    rows = DayOrdinal.objects.filter(bureau_id=bureau_id, on=day, is_working__isnull=False)
    return rows.values_list("ordinal", flat=True).first()


def with_working_days(
    rows: QuerySet[M], *, into: str, start: str | dt.date, end: str | dt.date
) -> QuerySet[M]:
    """Rows with the working days after `start` up to and including `end`, counted by the database.

    With `start` the due day and `end` the day of doing this is how late something was: 0 when it was in time,
    None when a day between has no paper, or one of the two is missing. The same as
    `WorkingCalendar.working_days_between`.

    Args:
        rows: rows of a bureau (with `bureau_id`).
        into: name of the annotation.
        start: name of a column or of an earlier annotation, or a day.
        end: as `start`; for what is still open, annotate `Coalesce("done_on", Value(as_of))` first.
    """
    same_stretch = DayOrdinal.objects.filter(
        bureau_id=OuterRef("bureau_id"), stretch=OuterRef("stretch"), on=_day(start, deep=True)
    )
    counted = (
        DayOrdinal.objects.filter(bureau_id=OuterRef("bureau_id"), on=_day(end))
        .annotate(since=Subquery(same_stretch.values("ordinal")[:1]))
        .annotate(between=F("ordinal") - F("since"))
        .values("between")[:1]
    )
    in_time = When(LessThanOrEqual(_value(end), _value(start)), then=Value(0))
    found: QuerySet[M] = rows.annotate(
        **{into: Case(in_time, default=Subquery(counted), output_field=IntegerField())}
    )
    return found


def _day(day: str | dt.date, *, deep: bool = False) -> OuterRef | Value:
    if not isinstance(day, str):
        return Value(day)
    return OuterRef(OuterRef(day)) if deep else OuterRef(day)


def _value(day: str | dt.date) -> Combinable:
    return F(day) if isinstance(day, str) else Value(day)
