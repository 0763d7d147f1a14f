"""What every step of a case does: hold the row, know who acts, write the step down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qizhi.conduct.enums import CaseStatus, StepKind
from qizhi.conduct.models import Case, CaseStep
from qizhi.conduct.permissions.cases import HEADS
from qizhi.conduct.rules.procedure import Window, window
from qizhi.conduct.rules.subjects import misfit
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.models import Person, Post, Unit
from qizhi.regulations.models import Clause, Finding
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules.working_days import UnknownCalendarError
from qizhi.regulations.services import recheck


def hold(case: Case) -> Case:
    """The row as it stands now, held until the transaction ends; what the page had read may be old."""
    return Case.objects.select_for_update().get(bureau_id=case.bureau_id, pk=case.pk)


def require(case: Case, *allowed: CaseStatus, what: str) -> None:
    """Whether the case stands where the step begins.

    Raises:
        Refused: it does not; somebody may have been quicker.
    """
    if case.status not in allowed:
        message = f"{case}现在是“{case.status_said}”，不能{what}。请刷新页面看最新情况。"
        raise Refused(message)


def person_of(by: Actor, what: str) -> Person:
    """The person who acts.

    Raises:
        Refused: the account belongs to no person, so that nobody could say who it was.
    """
    known = Person.objects.filter(bureau_id=by.bureau_id)
    person = known.filter(pk=by.person_id).first() if by.person_id else None
    if person is None:
        message = f"当前账号没有对应的人员，不能{what}：每一步都要写明由谁经办。请用本人的账号登录。"
        raise Refused(message)
    return person


def still_so(finding: Finding | None, what: str, field: str = "") -> None:
    """Whether what a run has found would still be found, and no change of it waits for a person.

    Raises:
        Refused: records have changed since; what is to be done first is said.
    """
    found = recheck(finding)
    if found:
        raise Refused(f"不能{what}。{found.words}", field, see=found.proposal or finding)


def not_concerned(case: Case, person: Person, what: str) -> None:
    """Nobody acts in the own case, nor in one of the unit that they head.

    Raises:
        Refused: the person is concerned.
    """
    if case.person_id == person.pk:
        message = f"{case}涉及本人，应当回避，不能由本人{what}。请由其他有权限的人办理。"
        raise Refused(message)
    if case.person_id is None and case.unit_id is not None:
        posts = Post.objects.on(case.happened_on).filter(
            bureau_id=case.bureau_id, unit_id=case.unit_id, person=person, role__in=HEADS
        )
        if posts.exists():
            message = f"{case}涉及本人负责的组织，应当回避，不能由本人{what}。请由其他有权限的人办理。"
            raise Refused(message)


def has_recorded(case: Case, person: Person) -> bool:
    """Whether the person has recorded the case, be it before another went on in their place."""
    kinds = (StepKind.DRAFTED, StepKind.RENOTIFIED)
    told = case.steps.filter(bureau_id=case.bureau_id, kind__in=kinds, by=person)
    return case.recorded_by_id == person.pk or told.exists()


def check_subject(clause: Clause, person: Person | None, unit: Unit | None) -> None:
    """Whether a clause asks something of whom a fact concerns: a person, or a unit of its kind.

    Raises:
        Refused: it asks it of others (field `clause`).
    """
    found = misfit(
        clause.subject,
        str(clause.get_subject_display()),
        is_person=person is not None,
        unit_kind=unit.kind if unit else "",
        unit=str(unit or ""),
    )
    if found:
        raise Refused(f"没有保存：{clause.source}{found}", "clause")


def check_day(day: dt.date, *, after: dt.date | None, word: str, field: str) -> None:
    """Whether a day of a paper can be: not of the future, not before what it follows.

    Raises:
        Refused: it cannot.
    """
    if day > clock.today():
        message = f"{word}{say_day(day)}在今天之后，请核对。"
        raise Refused(message, field)
    if after is not None and day < after:
        message = f"{word}{say_day(day)}早于前一步的日期{say_day(after)}，请核对。"
        raise Refused(message, field)


def count_days(case: Case, start: dt.date, count: int, field: str) -> Window:
    """The working days after a day, by the bureau's calendar.

    Raises:
        Refused: the calendar of a year is not known; nothing is guessed.
    """
    try:
        return window(calendar_for(case.bureau_id), start, count)
    except UnknownCalendarError as error:
        raise Refused(f"期限算不出来，没有办理。{error.message}", field) from error


def write_step(
    case: Case, kind: StepKind, on: dt.date, text: str, by: Actor, *, earlier: dict[str, Any] | None = None
) -> CaseStep:
    """Write down what happened, when and by whom; `earlier`: what was told before."""
    step = CaseStep(
        bureau_id=case.bureau_id,
        case=case,
        kind=kind,
        on=on,
        by_id=by.person_id,
        by_label=by.label[:100],
        text=text,
        earlier=earlier,
    )
    step.save(force_insert=True)
    return step


def keep(case: Case, verb: str, before: audit.Snapshot, by: Actor) -> Case:
    """Save the case and say so in the log."""
    case.save()
    audit.record(f"conduct.{verb}", case, by=by, before=before)
    return case
