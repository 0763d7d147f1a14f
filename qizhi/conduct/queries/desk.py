"""What waits for whom until when, and what the reader can do next."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q, QuerySet
from django.urls import reverse

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case
from qizhi.conduct.permissions.cases import (
    DECIDE_CASES,
    RECORD_CASES,
    REVIEW_CASES,
    is_concerned,
    may_speak,
)
from qizhi.conduct.queries.findings import is_corrected, is_left, with_corrected
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.regulations.enums import FindingStatus

CONCERNED, RECORDER, DECIDER, REVIEWER = "当事人", "记录人", "决定人", "复核人"
SUCCESSOR = "接手的纪检干部"
"""Who goes on where whoever recorded a case has left the office."""


@dataclass(frozen=True)
class Waiting:
    """A case that waits.

    Attributes:
        case: which.
        what: Chinese; what has to be done.
        who: Chinese; by whom.
        until: last day, None where none is laid down.
        is_over: whether that day is past.
        is_mine: whether the reader can do it.
    """

    case: Case
    what: str
    who: str
    until: dt.date | None = None
    is_over: bool = False
    is_mine: bool = False


def open_cases(bureau_id: uuid.UUID) -> QuerySet[Case]:
    """Cases that wait for somebody; one query."""
    ended = Q(status=CaseStatus.FINAL) & ~Q(finding__isnull=True) & ~Q(finding__status=FindingStatus.LIVE)
    going = Q(status__in=[CaseStatus.DRAFT, CaseStatus.NOTIFIED, CaseStatus.DECIDED])
    rows = Case.objects.filter(going | Q(is_appeal_open=True) | ended, bureau_id=bureau_id)
    return with_corrected(rows.select_related("person", "unit", "finding", "clause__version__regulation"))


def waiting_of(case: Case, actor: Actor, day: dt.date) -> Waiting | None:
    """What the case waits for; None when it is over."""
    found = _what(case, day)
    if found is None:
        return None
    what, who, until = found
    steps = next_steps(actor, case, day)
    is_mine = any(step.is_primary for step in steps)
    return Waiting(case, what, who, until, until is not None and until < day, is_mine)


def _what(case: Case, day: dt.date) -> tuple[str, str, dt.date | None] | None:
    if case.status in {CaseStatus.CLEARED, CaseStatus.DROPPED}:
        return None
    if is_corrected(case):
        by = SUCCESSOR if is_left(case) else RECORDER
        return "依据的记录已经更正，待更正告知（或者撤销）", by, None
    if case.is_groundless:
        who = {CaseStatus.DRAFT: RECORDER, CaseStatus.NOTIFIED: DECIDER}
        return "依据的检查发现已经结束，待核对撤销", who.get(CaseStatus(case.status), REVIEWER), None
    return _what_of_review(case) or _what_of_hearing(case, day)


def _what_of_review(case: Case) -> tuple[str, str, dt.date | None] | None:
    if case.awaits_admission:
        return "逾期申诉，待决定是否受理", REVIEWER, None
    if case.is_under_review:
        return "申诉，待复核", REVIEWER, case.review_until
    return None


def _what_of_hearing(case: Case, day: dt.date) -> tuple[str, str, dt.date | None] | None:
    if case.status == CaseStatus.DRAFT:
        return "草拟，待核对后告知", RECORDER, None
    if case.status == CaseStatus.NOTIFIED and case.statement:
        return _stated(case, day)
    if case.status == CaseStatus.NOTIFIED:
        return _heard(case.statement_until, day, "可以陈述", "陈述期满，待决定", DECIDER)
    if case.status == CaseStatus.DECIDED:
        return _heard(case.appeal_until, day, "可以申诉", "申诉期满，待生效", RECORDER)
    return None


def _stated(case: Case, day: dt.date) -> tuple[str, str, dt.date | None]:
    until = case.statement_until
    if until is None or day > until:
        return "已陈述，陈述期满，待决定", DECIDER, None
    first = say_day(until + dt.timedelta(days=1))
    return (
        f"已收到陈述，待决定；陈述期到{say_day(until)}止，{first}起可以决定，在此以前还可以补充陈述",
        DECIDER,
        None,
    )


def _heard(
    until: dt.date | None, day: dt.date, within: str, after: str, who: str
) -> tuple[str, str, dt.date | None]:
    return (within, CONCERNED, until) if until is not None and day <= until else (after, who, None)


def waiting_list(cases: Iterable[Case], actor: Actor, day: dt.date) -> list[Waiting]:
    """All that waits: first what the reader can do, then by day."""
    found = [one for one in (waiting_of(case, actor, day) for case in cases) if one is not None]
    return sorted(
        found,
        key=lambda one: (not one.is_mine, one.until or dt.date.max, one.case.year, one.case.serial),
    )


@dataclass(frozen=True)
class NextStep:
    """A step that the reader can take.

    Attributes:
        label: Chinese; the word on its button.
        view: name of its page.
        is_primary: whether the case waits for it.
        address: of its page.
    """

    label: str
    view: str
    is_primary: bool = False
    address: str = ""


def next_steps(actor: Actor, case: Case, day: dt.date) -> list[NextStep]:
    """What the reader can do with the case now, the most urgent first."""
    steps = [*_of_office(actor, case, day), *_of_decider(actor, case, day), *_of_reviewer(actor, case)]
    found = [*steps, *_of_concerned(actor, case, day)]
    return [replace(step, address=reverse(f"conduct:{step.view}", args=[case.pk])) for step in found]


def _of_office(actor: Actor, case: Case, day: dt.date) -> list[NextStep]:
    if not actor.reach(RECORD_CASES).is_all or is_concerned(actor, case):
        return []
    if case.status == CaseStatus.DRAFT:
        told = NextStep("告知", "case_notify", is_primary=not case.is_groundless)
        return [told, NextStep("修改", "case_edit"), NextStep("撤回", "case_drop", case.is_groundless)]
    if is_corrected(case) and (case.recorded_by_id == actor.person_id or is_left(case)):
        return [NextStep("更正告知", "case_notify_again", is_primary=True)]
    if case.is_lapsed(day) and not case.is_groundless:
        return [NextStep("生效", "case_finalize", is_primary=True)]
    return []


def _of_decider(actor: Actor, case: Case, day: dt.date) -> list[NextStep]:
    is_another = case.recorded_by_id != actor.person_id and not is_concerned(actor, case)
    if case.status != CaseStatus.NOTIFIED or not is_another or not actor.reach(DECIDE_CASES).is_all:
        return []
    is_over = case.statement_until is not None and case.statement_until < day
    label = "决定" if is_over and not case.is_groundless else "撤销"
    is_primary = (is_over or case.is_groundless) and not is_corrected(case)
    return [NextStep(label, "case_decide", is_primary=is_primary)]


def _of_reviewer(actor: Actor, case: Case) -> list[NextStep]:
    is_third = actor.person_id not in {case.recorded_by_id, case.decided_by_id}
    if not is_third or is_concerned(actor, case) or not actor.reach(REVIEW_CASES).is_all:
        return []
    if case.awaits_admission:
        return [NextStep("受理与否", "case_admit", is_primary=True)]
    if case.is_reviewable:
        return [NextStep("复核", "case_review", is_primary=True)]
    return []


def _of_concerned(actor: Actor, case: Case, day: dt.date) -> list[NextStep]:
    if not may_speak(actor, case):
        return []
    own = is_concerned(actor, case)
    if case.status == CaseStatus.NOTIFIED:
        word = "补充陈述" if own and case.statement else "陈述申辩" if own else "录入陈述"
        return [NextStep(word, "case_state", is_primary=own and not case.statement)]
    if case.status not in {CaseStatus.DECIDED, CaseStatus.FINAL} or case.is_appeal_open:
        return []
    is_late = case.status == CaseStatus.FINAL or case.appeal_until is None or case.appeal_until < day
    word = ("逾期申诉" if is_late else "申诉") if own else "录入申诉"
    return [NextStep(word, "case_appeal", is_primary=own and not is_late)]


def say_appeal(case: Case) -> str:
    """Chinese: what happens now to an appeal that was taken."""
    if case.awaits_admission:
        return "申诉已收到。已过申诉期，先由第三人决定是否受理；受理与否都有书面答复。"
    until = f"，{say_day(case.review_until)}前答复" if case.review_until else ""
    return f"申诉已收到，由没有参加记录和决定的第三人复核{until}。"


def why_not(actor: Actor, case: Case) -> str:
    """Chinese: why somebody of the office cannot take the step that waits; empty where nothing bars them."""
    if actor.person_id is None or is_corrected(case):  # then it waits for who recorded it
        return ""
    if case.status == CaseStatus.NOTIFIED and case.recorded_by_id == actor.person_id:
        return "您是记录人，要由另一个人决定。"
    if case.is_under_review and actor.person_id in {case.recorded_by_id, case.decided_by_id}:
        return "您记录或者决定了这件事项，要由第三个人复核。"
    return ""
