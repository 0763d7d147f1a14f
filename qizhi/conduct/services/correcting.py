"""A case whose finding was replaced after it was told: told again, with the whole time for a statement."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from qizhi.conduct.enums import CaseStatus, StepKind
from qizhi.conduct.models import Case, CaseStep
from qizhi.conduct.queries.findings import is_left, successor_of
from qizhi.conduct.services.drafts import excuses, facts_of_finding, points_of, values_of
from qizhi.conduct.services.hearing import Told, told_on
from qizhi.conduct.services.referrals import not_referred
from qizhi.conduct.services.steps import (
    check_day,
    hold,
    keep,
    not_concerned,
    person_of,
    require,
    still_so,
    write_step,
)
from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import read_key
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.models import Person
from qizhi.regulations.models import Finding

TOLD = ("happened_on", "fact", "evidence", "rule", "excuses", "points")
"""What a notice says of the case; with days and statement it is kept when another one follows."""


@transaction.atomic
def notify_again(case: Case, *, notified_on: dt.date, by: Actor, days: int | None = None) -> Case:
    """Tell the person concerned what the corrected records show; the time for a statement begins anew.

    What was told and said before stays in the step.

    Args:
        case: told, undecided, resting on a finding that another one has replaced.
        notified_on: the day on which the new notice was handed over.
        by: who recorded the case; where they hold no such post any more, another who does, and has recorded
            it from then on: whoever recorded it first and whoever does now may neither decide nor review it.
        days: working days for the statement; none: what the procedure says, and never fewer.

    Raises:
        Refused: the case is no such one, somebody else does it, something excuses the person by now, the
            records have changed once more, or the calendar of these days is not known.
    """
    case = hold(case)
    recorder = recorder_of(case, by)
    is_taken_over = recorder.pk != case.recorded_by_id
    new, said = corrected(case, notified_on=notified_on, recorder=recorder, days=days)
    before = audit.snapshot(case)
    write_step(case, StepKind.RENOTIFIED, said.on, said.words, by, earlier=earlier_of(case))
    new.statement, new.stated_on = "", None
    new.notified_on, new.statement_until, new.statement_days = said.on, said.until, said.days
    return keep(new, "take_over_case" if is_taken_over else "notify_again", before, by)


def corrected(
    case: Case, *, notified_on: dt.date, recorder: Person, days: int | None = None
) -> tuple[Case, Told]:
    """The case as a new notice of a day tells it, and what that says of the time; writes nothing.

    Raises:
        Refused: as for `notify_again`.
    """
    finding = finding_for_notice(case)
    not_referred(case, "更正告知")
    check_day(notified_on, after=case.stated_on or case.notified_on, word="告知日期", field="notified_on")
    if recorder.pk != case.recorded_by_id and not is_left(case, notified_on):
        day = say_day(notified_on)
        message = f"{day}原记录人{case.recorded_by}还没有离任，没有登记。接手以后的告知，日期应在离任以后。"
        raise Refused(message, "notified_on")
    still_so(finding, "更正告知")
    facts = facts_of_finding(finding, case.excuses.partition("理由：")[2], case.inspection)
    found = excuses(facts)
    if found and not facts.despite:
        message = f"现在有免予记分的情形：{'；'.join(found)}。没有更正告知，请决定人核对后撤销。"
        raise Refused(message)
    new = copy.copy(case)
    for name, value in values_of(facts, found).items():
        setattr(new, name, value)
    new.finding, new.points, new.recorded_by = finding, _points(case, finding), recorder
    return new, told_on(new, notified_on, days)


def finding_for_notice(case: Case) -> Finding:
    """The finding that has taken the place of the one that was told.

    Raises:
        Refused: the case was not told or is decided, its finding stands, or nothing has taken its place.
    """
    require(case, CaseStatus.NOTIFIED, what="更正告知")
    if not case.is_groundless:
        raise Refused("依据的检查发现没有变，不用更正告知。")
    finding = successor_of(case)
    if finding is None:
        message = "依据的检查发现已经结束，没有新的发现可以告知。请决定人核对后撤销，不必等陈述期满。"
        raise Refused(message)
    return finding


def recorder_of(case: Case, by: Actor) -> Person:
    """Who tells the case anew: whoever recorded it, or another of the office where that one has left it.

    Raises:
        Refused: somebody else, or the person concerned.
    """
    person = person_of(by, "更正告知")
    not_concerned(case, person, "更正告知")
    if person.pk != case.recorded_by_id and not is_left(case):
        message = (
            f"{case}是由{case.recorded_by}记录的，更正告知也由记录人办理。记录人离任的，才由另一人接手；"
            "记录人不能办理的，请决定人撤销。"
        )
        raise Refused(message)
    return person


def _points(case: Case, finding: Finding) -> Decimal:
    """What the new finding costs; never more than was left of the earlier one by who drafted it lighter."""
    is_lighter = case.finding is not None and case.points > points_of(case.finding)
    return max(case.points, points_of(finding)) if is_lighter else points_of(finding)


def earlier_of(case: Case) -> dict[str, Any]:
    """What was told and said before."""
    days = ("notified_on", "statement_until", "stated_on")
    return {
        **{name: _plain(getattr(case, name)) for name in (*TOLD, *days)},
        "recorded_by": str(case.recorded_by_id),
        "statement": case.statement,
        "finding": str(case.finding_id),
    }


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def as_told(case: Case, step: CaseStep) -> Case:
    """The case as it was told before a step that corrected it; to be read, never saved."""
    then, said = copy.copy(case), step.earlier or {}
    for name in ("happened_on", "notified_on", "statement_until", "stated_on"):
        setattr(then, name, dt.date.fromisoformat(said[name]) if said.get(name) else None)
    then.points = Decimal(said["points"])
    for name in ("fact", "evidence", "rule", "excuses", "statement"):
        setattr(then, name, said[name])
    then.recorded_by_id = read_key(said.get("recorded_by", "")) or case.recorded_by_id
    return then
