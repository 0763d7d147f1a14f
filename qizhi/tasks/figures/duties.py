"""The numbers of plans, lists and tasks: what was planned, what is done of what was asked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial

from django.db.models import Case, CharField, Count, DateField, Q, QuerySet, When
from django.db.models import Value as Constant

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
)
from qizhi.tasks.enums import ListKind, Purpose
from qizhi.tasks.models import DutyNote, DutyPart, PlanItem
from qizhi.tasks.queries import begun_before_end, months_within
from qizhi.tasks.queries.duties import Standing, owed_parts, standings
from qizhi.tasks.rules import OPEN, State

Items = Callable[[Ask], QuerySet[PlanItem]]


def _planned(purpose: Purpose) -> Items:
    """Items that stand, in months of the period; a plan adopted after the day of reckoning is not yet one."""

    def items(ask: Ask) -> QuerySet[PlanItem]:
        rows = PlanItem.objects.filter(
            Q(plan__adopted_on__isnull=True) | Q(plan__adopted_on__lte=ask.as_of),
            months_within(ask.period),
            begun_before_end(),
            bureau_id=ask.bureau_id,
            plan__purpose=purpose,
            cancelled_because="",
        )
        if ask.unit_ids is not None:
            rows = rows.filter(plan__unit_id__in=ask.unit_ids)
        return rows.select_related("plan__unit", "lead").order_by("plan__year", "month", "position")

    return items


def _by_unit(items: Items) -> Callable[[Ask], dict[uuid.UUID, Value]]:
    def by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
        found = items(ask).order_by().values_list("plan__unit_id").annotate(number=Count("pk"))
        numbers: dict[uuid.UUID, int] = dict(found)
        return {pk: count_value(numbers.get(pk, 0)) for pk in {*numbers, *(ask.unit_ids or ())}}

    return by_unit


def _figure(key: str, label: str, purpose: Purpose, definition: str) -> None:
    items = _planned(purpose)
    register(
        Figure(
            key=key,
            label=label,
            measure=Measure.TIMES,
            definition=definition,
            source="计划",
            span=Span.YEAR,
            reckon=lambda ask: Tally(items(ask)),
            rows=items,
            columns=(
                Column("计划", lambda item: item.plan.name),
                Column("月份", lambda item: f"{item.plan.year}年{item.month}月"),
                Column("内容", lambda item: item.topic),
                Column("牵头人", lambda item: item.lead or ""),
            ),
            link=lambda item: str(item.plan.get_absolute_url()),
            by_unit=_by_unit(items),
        )
    )


_figure(
    "tasks.inspections_planned",
    "计划月度检查",
    Purpose.INSPECTION,
    "期间内月度检查计划中未取消的计划项数；通过日期晚于核算日的计划不计。",
)
_figure(
    "tasks.bulletins_planned",
    "计划通报",
    Purpose.BULLETIN,
    "期间内通报计划中未取消的计划项数；通过日期晚于核算日的计划不计。",
)


def _standings(ask: Ask, *, is_task: bool) -> list[Standing]:
    """Parts of tasks, or of responsibility lists, whose day falls in the period; of open ones, by now."""
    found = kept.keep(partial(_all_standings, ask), "tasks.standings", ask)
    return [one for one in found if (one.part.duty.duty_list_id is None) is is_task]


def _all_standings(ask: Ask) -> list[Standing]:
    """Of tasks and of lists, read together: each has its figures, which stand on one page."""
    parts = owed_parts(ask.bureau_id, ask.as_of)
    # A day may be moved into the next year, hardly further: what is of other years is not read at all.
    parts = parts.filter(duty__year__range=(ask.period.start.year - 1, ask.period.end.year))
    if ask.unit_ids is not None:
        parts = parts.filter(unit_id__in=ask.unit_ids)
    return [one for one in standings(parts, ask.as_of) if one.due.on and one.due.on in ask.period]


def _settled(ask: Ask) -> list[Standing]:
    """Items of responsibility lists that are done, or past their day."""
    return [one for one in _standings(ask, is_task=False) if one.state in {State.DONE, State.MISSING}]


def _open_items(ask: Ask) -> list[Standing]:
    """Items of responsibility lists that somebody can still do something about."""
    return [one for one in _standings(ask, is_task=False) if one.state in OPEN]


def _open_tasks(ask: Ask) -> list[Standing]:
    return [one for one in _standings(ask, is_task=True) if one.state in OPEN]


def _asked_tasks(ask: Ask) -> list[Standing]:
    """What was asked of branches, but for those it does not apply to and the excused."""
    left = {State.NA, State.EXCUSED}
    return [one for one in _standings(ask, is_task=True) if one.state not in left]


def _done(found: Iterable[Standing]) -> list[Standing]:
    return [one for one in found if one.state is State.DONE]


def _rows(found: Iterable[Standing]) -> QuerySet[DutyPart]:
    """The parts as rows, in the fixed order of branches, with `state` and `until` as they were worked out."""
    states: dict[str, list[uuid.UUID]] = defaultdict(list)
    days: dict[dt.date, list[uuid.UUID]] = defaultdict(list)
    for one in found:
        states[one.state].append(one.part.pk)
        if one.due.on:
            days[one.due.on].append(one.part.pk)
    keys = [key for mine in states.values() for key in mine]
    parts = DutyPart.objects.filter(pk__in=keys).select_related("unit", "duty__duty_list", "duty__owner")
    parts = parts.annotate(
        state=Case(
            *(When(pk__in=mine, then=Constant(str(state))) for state, mine in states.items()),
            default=Constant(""),
            output_field=CharField(),
        ),
        until=Case(
            *(When(pk__in=mine, then=Constant(day)) for day, mine in days.items()),
            default=None,
            output_field=DateField(),
        ),
    )
    return parts.order_by("unit__position", "unit__code", "duty__year", "duty__position", "pk")


def _share(found: list[Standing]) -> Value:
    done = len(_done(found))
    return Value(Fraction(done, len(found)), done, len(found)) if found else NOTHING


def _units_apart(
    find: Callable[[Ask], list[Standing]], tell: Callable[[list[Standing]], Value]
) -> Callable[[Ask], dict[uuid.UUID, Value]]:
    def by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
        groups: dict[uuid.UUID, list[Standing]] = defaultdict(list)
        for one in find(ask):
            groups[one.part.unit_id].append(one)
        return {pk: tell(groups[pk]) for pk in {*groups, *(ask.unit_ids or ())}}

    return by_unit


_WORDS = {
    State.DONE: "已完成",
    State.DUE: "未到期",
    State.MISSING: "缺",
    State.NA: "不适用",
    State.EXCUSED: "已批准不办",
    State.UNKNOWN: "未知",
}
_PART_COLUMNS = (
    Column("组织", lambda part: part.unit.name),
    Column("来源", lambda part: part.duty.source_label),
    Column("内容", lambda part: part.duty.text),
    Column("责任人", lambda part: part.duty.owner_label),
    Column("期限", lambda part: part.until),
    Column("情况", lambda part: _WORDS.get(part.state, "")),
    Column("办理日期", lambda part: part.settled_on),
    Column("关联记录", lambda part: part.link_label),
)
_PART_SOURCE = "清单、任务与各组织办理情况"

register(
    Figure(
        key="tasks.list_done_share",
        label="责任清单完成率",
        measure=Measure.SHARE,
        definition=(
            "期限在期间内的责任清单项中，支部已完成的占已完成加过期未办的比例；"
            "不适用、已批准不办、未到期和未知的不计。"
        ),
        source=_PART_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: _share(_settled(ask)),
        rows=lambda ask: _rows(_done(_settled(ask))),
        columns=_PART_COLUMNS,
        link=lambda part: str(part.get_absolute_url()),
        by_unit=_units_apart(_settled, _share),
        formula="已完成项数 ÷（已完成项数＋过期未办项数）",
    )
)
register(
    Figure(
        key="tasks.list_open",
        label="未办结的责任清单项",
        measure=Measure.ITEMS,
        definition="期限在期间内的责任清单项，核算日各支部还没有完成的项数，含已过期的；一个支部算一项。",
        source=_PART_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: count_value(len(_open_items(ask))),
        rows=lambda ask: _rows(_open_items(ask)),
        columns=_PART_COLUMNS,
        link=lambda part: str(part.get_absolute_url()),
        by_unit=_units_apart(_open_items, lambda found: count_value(len(found))),
    )
)
register(
    Figure(
        key="tasks.cascade_open",
        label="未办结的任务",
        measure=Measure.ITEMS,
        definition="期限在期间内的任务，核算日各支部、处室还没有办结的项数，含已过期的；一个组织算一项。",
        source=_PART_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: count_value(len(_open_tasks(ask))),
        rows=lambda ask: _rows(_open_tasks(ask)),
        columns=_PART_COLUMNS,
        link=lambda part: str(part.get_absolute_url()),
        by_unit=_units_apart(_open_tasks, lambda found: count_value(len(found))),
    )
)
register(
    Figure(
        key="tasks.cascade_done_share",
        label="任务办结率",
        measure=Measure.SHARE,
        definition="期限在期间内的任务，核算日已办结的支部占应办支部的比例；不适用和已批准不办的不计。",
        source=_PART_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: _share(_asked_tasks(ask)),
        rows=lambda ask: _rows(_done(_asked_tasks(ask))),
        columns=_PART_COLUMNS,
        link=lambda part: str(part.get_absolute_url()),
        by_unit=_units_apart(_asked_tasks, _share),
        formula="已办结项数 ÷ 应办项数",
    )
)


def _good_things(ask: Ask) -> QuerySet[DutyNote]:
    """Notes under incentive lists dated in the period; those of negative lists are no number."""
    days = ask.days
    if days is None:
        return DutyNote.objects.none()
    notes = DutyNote.objects.filter(
        bureau_id=ask.bureau_id,
        duty__duty_list__kind=ListKind.INCENTIVE,
        duty__duty_list__issued_on__isnull=False,
        withdrawn_because="",
        noted_on__range=(days.start, days.end),
    )
    if ask.unit_ids is not None:
        notes = notes.filter(unit_id__in=ask.unit_ids)
    return notes.select_related("unit", "person", "duty").order_by("noted_on", "pk")


def _good_by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
    found = _good_things(ask).order_by().values_list("unit_id").annotate(number=Count("pk"))
    numbers: dict[uuid.UUID, int] = dict(found)
    return {pk: count_value(numbers.get(pk, 0)) for pk in {*numbers, *(ask.unit_ids or ())}}


register(
    Figure(
        key="tasks.incentive_events",
        label="激励清单登记事项",
        measure=Measure.ITEMS,
        definition="期间内按激励清单登记的正面事项数；已撤回的不计。",
        source="激励清单记事",
        span=Span.YEAR,
        reckon=lambda ask: Tally(_good_things(ask)),
        rows=_good_things,
        columns=(
            Column("日期", lambda note: note.noted_on),
            Column("党支部", lambda note: note.unit.name),
            Column("人员", lambda note: note.person or ""),
            Column("清单项", lambda note: note.duty.text),
            Column("说明", lambda note: note.words),
        ),
        link=lambda note: str(note.duty.get_absolute_url()),
        by_unit=_good_by_unit,
    )
)
