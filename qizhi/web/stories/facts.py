"""Steps that enter facts and correct them, by the services of the apps that own them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from qizhi.conduct.services.inspections import InspectionValues, save_inspection
from qizhi.conduct.services.observations import Seen, save_observation, withdraw_observation
from qizhi.core import clock
from qizhi.core.periods import say_day
from qizhi.gatherings.enums import RollState
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import (
    GatheringFacts,
    RollFact,
    correct_gathering,
    facts_of,
    record_gathering,
    restore_gathering,
    withdraw_gathering,
)
from qizhi.org.models import Leave
from qizhi.org.services.people import record_leave
from qizhi.org.services.rows import remove_row
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_during
from qizhi.tasks.queries.documents import handling_on
from qizhi.tasks.services.documents import (
    DocumentValues,
    change_document,
    finish_document,
    register_document,
    reopen_document,
    restore_document,
    values_of,
    withdraw_document,
)
from qizhi.tasks.services.extensions import Decision, ExtensionValues, ask_extension, decide_extension
from qizhi.tasks.services.handlings import hand_over
from qizhi.web.stories.reading import Step
from qizhi.web.stories.stage import Stage, StoryError
from qizhi.web.stories.words import LEAVES, PEOPLE

Act = Callable[[Stage, Step], str]
DOCUMENT, GATHERING, OBSERVATION = "公文", "活动", "检查记录"
MISTAKEN = "登记有误"


def register(stage: Stage, step: Step) -> str:
    """A document comes in, and may be finished on that very step."""
    stage.free(stage.documents, step.subject, DOCUMENT)
    said = step.details
    values = DocumentValues(step.subject, said["收到"], said.get("期限"), said.get("工作日"))
    handler = stage.people[said["承办"]]
    made = register_document(values=values, handler=handler, by=stage.office)
    stage.documents[step.subject] = made
    return _finish(stage, step)


def correct_document(stage: Stage, step: Step) -> str:
    """What was written down of a document was wrong."""
    row, said = stage.known(stage.documents, step.subject, DOCUMENT), step.details
    changed: dict[str, Any] = {"received_on": said["收到"]} if "收到" in said else {}
    if {"期限", "工作日"} & said.keys():
        changed |= {"due_on": said.get("期限"), "working_days": said.get("工作日")}
    if changed:
        change_document(row, values=replace(values_of(row), **changed), by=stage.office)
    return _finish(stage, step)


def _finish(stage: Stage, step: Step) -> str:
    if "办结" in step.details:
        finish_document(stage.documents[step.subject], on=step.details["办结"], by=stage.office)
    return ""


def pass_on(stage: Stage, step: Step) -> str:
    """Somebody else answers for a document from a day on."""
    row, said = stage.known(stage.documents, step.subject, DOCUMENT), step.details
    hand_over(row, handler=stage.people[said["承办"]], on=said.get("转办日", step.day), by=stage.office)
    return ""


def ask_time(stage: Stage, step: Step) -> str:
    """Whoever answers for a document asks for more time; perhaps it is written down later."""
    row, said = stage.known(stage.documents, step.subject, DOCUMENT), step.details
    asked_on = said.get("申请日", step.day)
    values = ExtensionValues(said["延至"], said.get("理由", "情况复杂"), asked_on)
    asked_by = handling_on(row, asked_on).person
    stage.extensions[step.subject] = ask_extension(row, values=values, asked_by=asked_by, by=stage.office)
    return ""


def give_time(stage: Stage, step: Step) -> str:
    """Another person decides of the time that was asked for."""
    row, said = stage.known(stage.extensions, step.subject, "延期申请"), step.details
    who = said.get("由", "决定人")
    decision = Decision(
        is_approved=said["结论"] == "批准",
        decided_on=said.get("批准日", step.day),
        decided_by=stage.people[who],
        until=said.get("延至"),
        words=said.get("理由", ""),
    )
    decide_extension(row, decision=decision, by=stage.by(who))
    return ""


def _document(act: Callable[..., Any], *, has_reason: bool = False) -> Act:
    def do(stage: Stage, step: Step) -> str:
        more = {"because": step.details.get("理由", "登记有误")} if has_reason else {}
        act(stage.known(stage.documents, step.subject, DOCUMENT), by=stage.office, **more)
        return ""

    return do


def hold(stage: Stage, step: Step) -> str:
    """A gathering took place."""
    stage.free(stage.gatherings, step.subject, GATHERING)
    said = step.details
    unit, kinds = stage.units[said["组织"]], _kinds(stage, said)
    facts = GatheringFacts(unit=unit, held_on=said["举行"], kinds=kinds, title=step.subject)
    row = record_gathering(facts=_with_people(stage, facts, said), by=stage.office)
    stage.gatherings[step.subject] = row
    return ""


def correct_held(stage: Stage, step: Step) -> str:
    """What was written down of a gathering was wrong."""
    row, said = stage.known(stage.gatherings, step.subject, GATHERING), step.details
    facts = facts_of([row])[row.pk]
    facts = replace(
        facts,
        unit=stage.units[said["组织"]] if "组织" in said else facts.unit,
        held_on=said.get("举行", facts.held_on),
        kinds=_kinds(stage, said) if "类型" in said else facts.kinds,
    )
    correct_gathering(row, facts=_with_people(stage, facts, said), by=stage.office)
    return ""


def _kinds(stage: Stage, said: Mapping[str, Any]) -> tuple[Kind, ...]:
    return tuple(stage.known(stage.kinds, name, "活动类型") for name in said["类型"])


def _with_people(stage: Stage, facts: GatheringFacts, said: Mapping[str, Any]) -> GatheringFacts:
    states = (("缺席", RollState.ABSENT), ("请假", RollState.EXCUSED))
    if any(word in said for word, _ in states):
        roll = tuple(
            RollFact(stage.people[name], state) for word, state in states for name in said.get(word, ())
        )
        facts = replace(facts, roll=roll, due_total=None, present_total=None)
    if "应到" in said or "实到" in said:
        facts = replace(facts, due_total=said.get("应到"), present_total=said.get("实到"))
    return facts


def withdraw_held(stage: Stage, step: Step) -> str:
    """A gathering was none."""
    reason = step.details.get("理由", "登记有误")
    withdraw_gathering(stage.known(stage.gatherings, step.subject, GATHERING), reason=reason, by=stage.office)
    return ""


def restore_held(stage: Stage, step: Step) -> str:
    """A gathering was one after all."""
    restore_gathering(stage.known(stage.gatherings, step.subject, GATHERING), by=stage.office)
    return ""


def give_leave(stage: Stage, step: Step) -> str:
    """Leave that was approved is entered, perhaps long afterwards."""
    said = step.details
    record_leave(
        person=stage.people[step.subject],
        kind=LEAVES[said["种类"]],
        from_on=said["自"],
        to_on=said.get("至"),
        note="",
        by=stage.office,
    )
    return ""


def take_leave_back(stage: Stage, step: Step) -> str:
    """Leave that was entered was none."""
    first = step.details["自"]
    leave = Leave.objects.filter(person=stage.people[step.subject], from_on=first).first()
    if leave is None:
        raise StoryError(f"{step.subject}没有从{say_day(first)}起的请假。")
    remove_row(leave, because=step.details.get("理由", MISTAKEN), by=stage.office)
    return ""


def observe(stage: Stage, step: Step) -> str:
    """An inspection writes down what it has seen."""
    stage.free(stage.observations, step.subject, OBSERVATION)
    by = stage.by("记录人")
    if stage.inspection is None:
        values = InspectionValues(clock.today(), "作风纪律检查", stage.people["记录人"])
        stage.inspection = save_inspection(values, by=by)
    seen = _seen(stage, Seen(step.details["发生"], step.subject, "现场查看"), step.details)
    stage.observations[step.subject] = save_observation(stage.inspection, seen, by=by)
    return ""


def correct_observed(stage: Stage, step: Step) -> str:
    """What an inspection has written down was wrong."""
    row = stage.known(stage.observations, step.subject, OBSERVATION)
    row.refresh_from_db()
    seen = Seen(row.happened_on, row.fact, row.evidence, row.person, row.unit, row.clause)
    seen = _seen(stage, seen, step.details)
    save_observation(row.inspection, seen, by=stage.by("记录人"), observation=row, because=MISTAKEN)
    return ""


def _seen(stage: Stage, seen: Seen, said: Mapping[str, Any]) -> Seen:
    seen = replace(seen, happened_on=said.get("发生", seen.happened_on))
    if "对象" in said:
        name = said["对象"]
        is_person = name in PEOPLE
        person, unit = (stage.people[name], None) if is_person else (None, stage.units[name])
        seen = replace(seen, person=person, unit=unit)
    key = str(said["条款"]) if "条款" in said else seen.clause.key if seen.clause else ""
    return replace(seen, clause=_clause_on(stage, key, seen))


def _clause_on(stage: Stage, key: str, seen: Seen) -> Clause:
    """The clause as it was worded on the day."""
    day = seen.happened_on
    found = clauses_during(stage.bureau.pk, day, day).filter(key=key).first()
    if found is None:
        message = f"{day}没有施行的条款“{key}”。"
        raise StoryError(message)
    return found


def forget_observed(stage: Stage, step: Step) -> str:
    """A line of an inspection was a mistake."""
    row = stage.known(stage.observations, step.subject, OBSERVATION)
    withdraw_observation(row, because=MISTAKEN, by=stage.by("记录人"))
    del stage.observations[step.subject]
    return ""


FACTS: Mapping[str, Act] = {
    "登记公文": register,
    "更正公文": correct_document,
    "取消办结": _document(reopen_document),
    "撤销公文": _document(withdraw_document, has_reason=True),
    "恢复公文": _document(restore_document),
    "转办公文": pass_on,
    "申请延期": ask_time,
    "批复延期": give_time,
    "登记活动": hold,
    "更正活动": correct_held,
    "撤销活动": withdraw_held,
    "恢复活动": restore_held,
    "登记请假": give_leave,
    "撤销请假": take_leave_back,
    "检查记录": observe,
    "更正检查记录": correct_observed,
    "删去检查记录": forget_observed,
}
