"""The numbers of what was held.

All read the narrow table of ledger entries, which holds nothing of withdrawn gatherings. A gathering that
is study and discussion at once counts once in each.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet, Sum

from qizhi.core import kept
from qizhi.core.figures import (
    NOTHING,
    Ask,
    Column,
    Figure,
    Measure,
    Span,
    Tally,
    Value,
    count_value,
    register,
    register_family,
)
from qizhi.gatherings.enums import Capacity, Ledger, VisitorRole
from qizhi.gatherings.models import Gathering, LedgerEntry, Visitor
from qizhi.gatherings.queries.diary import diary_of
from qizhi.gatherings.queries.known import known_series
from qizhi.gatherings.rules import streak
from qizhi.org.enums import UnitKind
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules.working_days import UnknownCalendarError

_SOURCE = "活动登记"
_COLUMNS = (
    Column("日期", lambda row: row.day_or_month),
    Column("活动", lambda row: row.title),
    Column("组织", lambda row: row.unit.full_label),
)
_VISIT_COLUMNS = (
    Column("日期", lambda row: row.gathering.day_or_month),
    Column("旁听人", str),
    Column("活动", lambda row: row.gathering.title),
    Column("组织", lambda row: row.gathering.unit.full_label),
)


def _entries(ask: Ask, *ledgers: str) -> QuerySet[LedgerEntry]:
    if ask.days is None:
        return LedgerEntry.objects.none()
    found = LedgerEntry.objects.filter(
        bureau_id=ask.bureau_id, ledger__in=ledgers, held_on__range=(ask.days.start, ask.days.end)
    )
    return found if ask.unit_ids is None else found.filter(unit_id__in=ask.unit_ids)


def _held(ask: Ask) -> QuerySet[Gathering]:
    found = Gathering.objects.filter(bureau_id=ask.bureau_id).held().between(ask.days)
    found = found if ask.unit_ids is None else found.filter(unit_id__in=ask.unit_ids)
    return found.select_related("unit__parent").order_by("-held_on", "-id")


def _gatherings(ask: Ask, *ledgers: str) -> QuerySet[Gathering]:
    found = Gathering.objects.filter(
        bureau_id=ask.bureau_id, pk__in=_entries(ask, *ledgers).values("gathering_id")
    )
    return found.select_related("unit__parent").order_by("-held_on", "-id")


def _per_unit(rows: QuerySet[Any]) -> dict[uuid.UUID, Value]:
    counts = rows.order_by().values("unit_id").annotate(number=Count("pk"))
    return {row["unit_id"]: count_value(row["number"]) for row in counts}


def _address(row: Gathering) -> str:
    return row.get_absolute_url()


_OF_CENTRE_GROUP = (Ledger.CENTRE_STUDY, Ledger.CENTRE_DISCUSSION)


def _ledger_figure(ledger: Ledger) -> Figure:
    return Figure(
        key=f"gatherings.{ledger.value}",
        label=f"{ledger.label}次数",
        measure=Measure.TIMES,
        definition=f"期间内登记的、计入“{ledger.label}”台账的活动次数；一次活动只计一次，已撤销的不计。",
        source=_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: Tally(_entries(ask, ledger)),
        rows=lambda ask: _gatherings(ask, ledger),
        columns=_COLUMNS,
        link=_address,
        by_unit=lambda ask: _per_ledger(ask).get(ledger.value, {}),
        kinds=frozenset({UnitKind.CENTRE_GROUP}) if ledger in _OF_CENTRE_GROUP else frozenset(),
    )


def _per_ledger(ask: Ask) -> dict[str, dict[uuid.UUID, Value]]:
    """What each unit held for each ledger; one query, kept as several ledgers are asked of one page."""
    return kept.keep(partial(_count_per_ledger, ask), "gatherings.per_ledger", ask)


def _count_per_ledger(ask: Ask) -> dict[str, dict[uuid.UUID, Value]]:
    found: dict[str, dict[uuid.UUID, Value]] = defaultdict(dict)
    counts = _entries(ask, *Ledger).order_by().values_list("ledger", "unit_id").annotate(number=Count("pk"))
    for ledger, unit_id, number in counts:
        found[ledger][unit_id] = count_value(number)
    return dict(found)


def _years_of_centre_groups(ask: Ask) -> int:
    """Calendar years of the period, up to the day of reckoning, in which a centre group existed."""
    if ask.days is None:
        return 0
    groups = belonging_of(ask.bureau_id).units_within(ask.days, UnitKind.CENTRE_GROUP)
    years: set[int] = set()
    for group in groups:
        if ask.unit_ids is not None and group.pk not in ask.unit_ids:
            continue
        held = max(group.from_on, ask.days.start).year, min(group.to_on or ask.days.end, ask.days.end).year
        years.update(range(held[0], held[1] + 1))
    return len(years)


def _average(years: int, counted: int) -> Value:
    if not counted:
        return NOTHING
    return Value(Fraction(counted, years), counted, years) if years else Value(None, counted)


def _average_figure(ledger: Ledger) -> Figure:
    def reckon(ask: Ask) -> Tally:
        return Tally(_entries(ask, ledger), partial(_average, _years_of_centre_groups(ask)))

    return Figure(
        key=f"gatherings.{ledger.value}_average",
        label=f"年均{ledger.label}次数",
        measure=Measure.TIMES,
        definition=f"期间内计入“{ledger.label}”台账的活动次数，除以期间内设有中心组的年数。",
        source=_SOURCE,
        span=Span.THREE_YEARS,
        reckon=reckon,
        rows=lambda ask: _gatherings(ask, ledger),
        columns=_COLUMNS,
        link=_address,
        formula="次数 ÷ 设有中心组的年数",
    )


def _lesson_figure(capacity: Capacity) -> Figure:
    def rows(ask: Ask) -> QuerySet[Gathering]:
        lessons = _gatherings(ask, Ledger.LESSON)
        return lessons.filter(lecturers__capacity=capacity).distinct().prefetch_related("lecturers__person")

    return Figure(
        key=f"gatherings.lessons_by_{capacity.value}",
        label=f"{capacity.label}授课次数",
        measure=Measure.TIMES,
        definition=f"期间内党课中，由人以“{capacity.label}”身份讲授的次数；几人同讲一课计一次。",
        source=_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: Tally(rows(ask)),
        rows=rows,
        columns=(*_COLUMNS, Column("授课人", _lecturers)),
        link=_address,
        by_unit=lambda ask: _lessons_per_unit(rows(ask)),
    )


def _lessons_per_unit(rows: QuerySet[Gathering]) -> dict[uuid.UUID, Value]:
    # Two who teach one lesson together join it twice.
    counts = rows.order_by().values("unit_id").annotate(number=Count("pk", distinct=True))
    return {row["unit_id"]: count_value(row["number"]) for row in counts}


def _lecturers(row: Gathering) -> str:
    return "、".join(str(lecturer) for lecturer in row.lecturers.all())


def _hours(ask: Ask) -> Value:
    if ask.days is None:
        return NOTHING
    held = diary_of(ask.bureau_id, ask.days).held(ask.days, ask.unit_ids)
    hours = [row.hours for row in held if row.hours > 0 and Ledger.TRAINING in row.ledgers]
    return Value(Fraction(sum(hours)), len(hours)) if hours else NOTHING


def _hours_by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
    found = _gatherings(ask, Ledger.TRAINING).filter(hours__gt=0).order_by()
    totals = found.values("unit_id").annotate(total=Sum("hours"), number=Count("pk"))
    return {row["unit_id"]: Value(Fraction(row["total"]), row["number"]) for row in totals}


def _visits(ask: Ask) -> QuerySet[Visitor]:
    found = Visitor.objects.filter(
        bureau_id=ask.bureau_id, role=VisitorRole.AUDITOR, gathering__in=_held(ask).order_by().values("pk")
    )
    return found.select_related("gathering__unit__parent", "person").order_by("-gathering__held_on", "-id")


def _visits_by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
    counts = _visits(ask).order_by().values("gathering__unit_id").annotate(number=Count("pk"))
    return {row["gathering__unit_id"]: count_value(row["number"]) for row in counts}


def _first_day_ceremony(ask: Ask) -> QuerySet[Gathering]:
    """The ceremony held on the first working day of the period's year; none if the calendar is unknown."""
    ceremonies, first = _gatherings(ask, Ledger.CEREMONY), _first_working_day(ask)
    if first is None:
        return ceremonies.none()
    earliest = ceremonies.filter(held_on=first).order_by("id").values("pk")[:1]
    return ceremonies.filter(pk__in=list(earliest.values_list("pk", flat=True)))


def _first_working_day(ask: Ask) -> dt.date | None:
    """The first working day of the period's year; None where no paper says which it is."""
    try:
        return calendar_for(ask.bureau_id).first_working_day_of(ask.period.start.year)
    except UnknownCalendarError:
        return None


def _ceremony_day(ask: Ask) -> Value | Tally:
    first = _first_working_day(ask)
    if first is None:
        return NOTHING
    held = _entries(ask, Ledger.CEREMONY).filter(held_on=first)
    return Tally(held, lambda counted: Value(Fraction(first.toordinal()), 1) if counted else NOTHING)


def _series_rows(key: str) -> Callable[[Ask], QuerySet[Gathering]]:
    """One gathering for each year of the unbroken run that reaches the report year or the one before it."""

    def rows(ask: Ask) -> QuerySet[Gathering]:
        chosen = _run_of(key, ask) or ()
        found = Gathering.objects.filter(pk__in=chosen).select_related("unit__parent")
        return found.order_by("-held_on", "-id")

    return rows


def _run_of(key: str, ask: Ask) -> list[uuid.UUID] | None:
    """The first gathering of each year of the run of a series; None if there is no such series."""
    firsts = kept.keep(partial(_firsts_by_series, ask), "gatherings.series", ask).get(key)
    if firsts is None:
        return None
    run = streak(list(firsts), ask.as_of.year, is_running=True)
    return [pk for year, pk in firsts.items() if year in run]


def _firsts_by_series(ask: Ask) -> dict[str, dict[int, uuid.UUID]]:
    """For every series the first gathering of each year; two queries for all of them."""
    found: dict[str, dict[int, uuid.UUID]] = {one.key: {} for one in known_series(ask.bureau_id)}
    # In Python: series have few rows, and on SQLite each year asked of a date is a call into Python.
    held = _held(ask).filter(series__isnull=False).order_by("held_on", "id")
    for key, day, pk in held.values_list("series__key", "held_on", "pk"):
        found[str(key)].setdefault(day.year, pk)
    return found


def _series_figure(key: str) -> Figure:
    def reckon(ask: Ask) -> Value:
        run = _run_of(key, ask)
        return NOTHING if run is None else count_value(len(run))

    return Figure(
        key=f"gatherings.series_years:{key}",
        label=f"系列活动连续年数（{key}）",
        measure=Measure.YEARS,
        definition="系列活动到核算日为止连续举办的年数；中断一年即重新计算；当年尚未举办时算到上一年。",
        source="活动登记中的系列",
        span=Span.TO_DATE,
        reckon=reckon,
        rows=_series_rows(key),
        columns=_COLUMNS,
        link=_address,
        formula="每年取最早的一次为代表，从最近一年往前数，到第一个缺的年份为止",
    )


def _series_listed(bureau_id: uuid.UUID) -> list[tuple[str, str]]:
    """Each series that goes on, by its name."""
    return [(one.key, f"{one.name}：连续年数") for one in known_series(bureau_id) if one.is_active]


def _late(ask: Ask) -> QuerySet[Gathering]:
    return _held(ask).filter(is_recorded_late=True)


register(
    Figure(
        key="gatherings.held",
        label="活动总次数",
        measure=Measure.TIMES,
        definition="期间内登记的全部活动；一次活动不论属于几类只计一次，已撤销的不计。",
        source=_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: Tally(_held(ask)),
        rows=_held,
        columns=_COLUMNS,
        link=_address,
        by_unit=lambda ask: _per_unit(_held(ask)),
    )
)
for _ledger in Ledger:
    register(_ledger_figure(_ledger))
for _ledger in _OF_CENTRE_GROUP:
    register(_average_figure(_ledger))
for _capacity in Capacity:
    register(_lesson_figure(_capacity))
register_family("gatherings.series_years", _series_figure, _series_listed)
register(
    Figure(
        key="gatherings.training_hours",
        label="组织的学时",
        measure=Measure.HOURS,
        definition="期间内计入党员教育培训的各次活动的学时之和（按次，不乘人数）。",
        source=_SOURCE,
        span=Span.YEAR,
        reckon=_hours,
        rows=lambda ask: _gatherings(ask, Ledger.TRAINING).filter(hours__gt=0),
        columns=(*_COLUMNS, Column("学时", lambda row: row.hours)),
        link=_address,
        by_unit=_hours_by_unit,
        formula="各次活动学时相加",
    )
)
register(
    Figure(
        key="gatherings.audit_visits",
        label="联系旁听人次",
        measure=Measure.PERSON_TIMES,
        definition="期间内活动登记中以“联系旁听”身份到场的人次。",
        source="活动登记中的旁听人员",
        span=Span.YEAR,
        reckon=lambda ask: Tally(_visits(ask)),
        rows=_visits,
        columns=_VISIT_COLUMNS,
        link=lambda row: row.gathering.get_absolute_url(),
        by_unit=_visits_by_unit,
    )
)
register(
    Figure(
        key="gatherings.flag_ceremony_day",
        label="上班第一天升旗仪式的日期",
        measure=Measure.DAY,
        definition="期间所在年份的第一个工作日（按放假通知）举行的仪式的日期；当天没有举行则没有这个数。",
        source="活动登记、工作日历",
        span=Span.CURRENT,
        reckon=_ceremony_day,
        rows=_first_day_ceremony,
        columns=_COLUMNS,
        link=_address,
        formula="仪式当天的日期",
    )
)
register(
    Figure(
        key="gatherings.recorded_late",
        label="补录的活动",
        measure=Measure.TIMES,
        definition="期间内举行、三十天以后才登记的活动次数。",
        source=_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: Tally(_late(ask)),
        rows=_late,
        columns=_COLUMNS,
        link=_address,
        by_unit=lambda ask: _per_unit(_late(ask)),
    )
)
