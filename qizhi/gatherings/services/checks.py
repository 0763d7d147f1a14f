"""What a gathering must satisfy, whoever hands it in: a form, a table or a sample."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from qizhi.core import periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.gatherings import rules
from qizhi.gatherings.enums import DatePrecision, RollState, VisitorRole
from qizhi.gatherings.models import Kind
from qizhi.gatherings.permissions import RECORD
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.services.ballots import check_admitted, check_resolutions
from qizhi.gatherings.services.facts import GatheringFacts, ResolutionFact
from qizhi.org.enums import UnitKind
from qizhi.org.models import Person, Unit

MOST_HOURS = 200
LONGEST_TEXT = 20_000
LONGEST_NAME = 40


def check(
    facts: GatheringFacts,
    *,
    by: Actor,
    roster: Roster,
    today: dt.date,
    before: GatheringFacts | None = None,
) -> None:
    """Refuse what cannot have been.

    Args:
        facts: settled facts.
        by: who hands them in.
        roster: ties of the unit during the days of the gathering.
        today: no gathering lies after it.
        before: what is stored of the gathering; its kinds may have been switched off since.

    Raises:
        Refused: with the name of the form's input.
    """
    for refused in refusals(facts, by=by, roster=roster, today=today, before=before):
        raise refused


def refusals(
    facts: GatheringFacts,
    *,
    by: Actor,
    roster: Roster,
    today: dt.date,
    before: GatheringFacts | None = None,
) -> Iterator[Refused]:
    """Everything that `check` refuses: each that would stand if the others were put right."""
    kept, known = (set(before.kinds), before.resolutions) if before else (set(), ())
    frame: list[Callable[[], None]] = [
        partial(_check_unit, facts, by),
        partial(_check_day, facts, today),
        partial(_check_kinds, facts, by, kept),
        partial(_check_texts, facts),
    ]
    people = [partial(_check_people, facts, by), partial(_check_roll, facts, roster, today)]
    totals = [
        partial(_check_totals, facts, roster),
        partial(check_resolutions, facts.resolutions, known),
        partial(_check_admitted, facts, known, roster),
    ]
    # Who was due depends on unit, day and kinds; how many there were on who they were.
    for group in (frame, people, totals):
        found = list(filter(None, map(_refusal, group)))
        yield from found
        if found:
            return


def _refusal(check: Callable[[], None]) -> Refused | None:
    try:
        check()
    except Refused as problem:
        return problem
    return None


def _check_admitted(facts: GatheringFacts, known: Sequence[ResolutionFact], roster: Roster) -> None:
    check_admitted([one for one in facts.resolutions if one not in known], roster, facts.days.start)


def check_reach(by: Actor, unit: Unit) -> None:
    """Refuse units that the actor may not record for."""
    if unit.bureau_id != by.bureau_id or not by.may(RECORD, unit.pk, unit.path):
        raise Refused(f"您的职务不能登记“{unit}”的活动。请选择本人任职的组织，或请政工处登记。", "unit")


def _check_unit(facts: GatheringFacts, by: Actor) -> None:
    unit, days = facts.unit, facts.days
    check_reach(by, unit)
    if days.end < unit.from_on:
        raise Refused(
            f"“{unit}”{periods.say_day(unit.from_on)}才成立，不能登记此前的活动。请核对日期或组织。",
            "held_on",
        )
    if unit.to_on and days.start > unit.to_on:
        raise Refused(
            f"“{unit}”已于{periods.say_day(unit.to_on)}撤销或并入，不能登记此后的活动。请核对日期，或改选现在的组织。",
            "held_on",
        )
    if facts.series is not None and facts.series.bureau_id != by.bureau_id:
        raise Refused("没有这个系列，请重新选择。", "series")


def _check_day(facts: GatheringFacts, today: dt.date) -> None:
    if facts.days.start > today:
        said = "月份在本月之后" if facts.precision == DatePrecision.MONTH else "日期在今天之后"
        raise Refused(f"{said}，活动还没有举行。请核对；计划中的活动等举行后再登记。", "held_on")


def _check_kinds(facts: GatheringFacts, by: Actor, kept: set[Kind]) -> None:
    if not facts.kinds:
        raise Refused("请至少选择一种活动类型；一次活动可以同时选几种。", "kinds")
    for kind in facts.kinds:
        if kind.bureau_id != by.bureau_id or (not kind.is_active and kind not in kept):
            raise Refused(f"活动类型“{kind}”已停用或不存在，请改选其他类型。", "kinds")
        if kind.unit_kinds and facts.unit.kind not in kind.unit_kinds:
            fit = "、".join(str(UnitKind(word).label) for word in kind.unit_kinds if word in UnitKind)
            raise Refused(
                f"“{kind}”只适用于{fit}，“{facts.unit}”是{facts.unit.get_kind_display()}。请改选组织或类型。",
                "kinds",
            )


def _check_texts(facts: GatheringFacts) -> None:
    for name, label, longest in (
        ("title", "活动名称", 120),
        ("place", "地点", 80),
        ("topics", "议题", LONGEST_TEXT),
        ("minutes", "记录", LONGEST_TEXT),
    ):
        length = len(getattr(facts, name))
        if length > longest:
            raise Refused(f"{label}有 {length} 个字，最多 {longest} 个字，请写短一些。", name)
    if facts.hours is not None and not 0 <= facts.hours <= MOST_HOURS:
        raise Refused(f"学时应在 0 到 {MOST_HOURS} 之间，请核对。", "hours")


def _check_people(facts: GatheringFacts, by: Actor) -> None:
    for field, person in facts.people:
        if person.bureau_id != by.bureau_id:
            raise Refused("填写的人员不属于本单位，请核对姓名或工号。", field)
        _check_employed(person, facts, field)
    for field, rows in (("lecturers", facts.lecturers), ("guests", facts.visitors)):
        names = [str(row.person.pk) if row.person else row.guest_name for row in rows]
        if len(set(names)) < len(names):
            raise Refused("同一个人填了两次，请删去一处。", field)
        guests = [row.guest_name for row in rows if row.person is None]
        if any(not name.strip() or len(name) > LONGEST_NAME for name in guests):
            raise Refused("外单位人员的姓名不能为空，最多 40 个字。", field)


def _check_employed(person: Person, facts: GatheringFacts, field: str) -> None:
    if person.entered_on and facts.days.end < person.entered_on:
        raise Refused(f"{person}{periods.say_day(person.entered_on)}才到岗，请核对日期或人员。", field)
    if person.left_on and facts.days.start > person.left_on:
        raise Refused(f"{person}已于{periods.say_day(person.left_on)}离岗，请核对日期或人员。", field)


def _check_roll(facts: GatheringFacts, roster: Roster, today: dt.date) -> None:
    people = [entry.person for entry in facts.roll]
    if len(set(people)) < len(people):
        twice = next(person for person in people if people.count(person) > 1)
        raise Refused(f"{twice}在名册里有两种情况，请只留一种。", "roll")
    due = due_people(facts, roster)
    for entry in facts.roll:
        if entry.state not in RollState or len(entry.reason) > 60:  # noqa: PLR2004 - the column's length
            raise Refused(f"{entry.person}的到会情况或原因填写有误，请重新选择；原因最多 60 个字。", "roll")
        if entry.person.pk not in due:
            raise Refused(
                f"{entry.person}当天不在“{facts.unit}”的应到名单里，不能登记请假或缺席。请核对人员、日期和活动类型。",
                "roll",
            )
        if entry.made_up_on and not facts.days.start <= entry.made_up_on <= today:
            raise Refused(f"{entry.person}的补课日期应在活动之后、今天之前，请核对。", "roll")


def due_people(facts: GatheringFacts, roster: Roster) -> frozenset[uuid.UUID]:
    """Who may stand on the roll: those due on the day; anybody of the unit where only the month is known."""
    if facts.precision == DatePrecision.MONTH:
        return roster.people(facts.unit, facts.days)
    return roster.due(facts.unit, facts.held_on, {kind.audience for kind in facts.kinds})


def _check_totals(facts: GatheringFacts, roster: Roster) -> None:
    is_month = facts.precision == DatePrecision.MONTH
    count = rules.count_roll(
        None if is_month else roster.due(facts.unit, facts.held_on, {kind.audience for kind in facts.kinds}),
        {entry.person.pk: entry.state for entry in facts.roll},
        due_total=facts.due_total,
        present_total=facts.present_total,
    )
    if count.due is not None and count.present is not None and count.present > count.due:
        raise Refused(
            f"实到 {count.present} 人多于应到 {count.due} 人，请核对；列席人员不计入实到。", "present_total"
        )
    if facts.due_total is not None and count.away > facts.due_total:
        raise Refused(f"请假、缺席共 {count.away} 人，多于应到 {facts.due_total} 人，请核对。", "due_total")


def check_visitors_kept(gathering: object, before: GatheringFacts, after: GatheringFacts) -> None:
    """Refuse a correction that would take an auditor's comment away."""
    left = {(visitor.person, visitor.guest_name) for visitor in after.visitors}
    for visitor in before.visitors:
        if visitor.comment and (visitor.person, visitor.guest_name) not in left:
            field = "auditors" if visitor.role == VisitorRole.AUDITOR else "guests"
            name = visitor.person or visitor.guest_name
            raise Refused(f"{name}对“{gathering}”已有点评，不能从旁听人员中移除。", field)
