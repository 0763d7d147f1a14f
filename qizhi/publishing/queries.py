"""Complaints as lists want them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau, Person
from qizhi.publishing.enums import ComplaintState, ReplyKind
from qizhi.publishing.models import Complaint, Reply
from qizhi.publishing.permissions import ANSWER
from qizhi.publishing.rules import DEFAULT_WORKING_DAYS, answer_due_on
from qizhi.regulations.queries import calendar_for, clauses_in_force
from qizhi.regulations.rules import WorkingCalendar

ANSWER_TERM = "answer_term"
"""Key of the kind of clause that says in how many working days an answer is due."""


def bureaus() -> list[Bureau]:
    """Those to which somebody without an account may write."""
    return list(Bureau.objects.order_by("code"))


def working_days_on(bureau_id: uuid.UUID, day: dt.date) -> int:
    """Working days in which what is asked on the day is to be answered; the shortest of several clauses."""
    clauses = clauses_in_force(bureau_id, day, kind=ANSWER_TERM).values_list("parameters", flat=True)
    return min((int(values["working_days"]) for values in clauses), default=DEFAULT_WORKING_DAYS)


def complaints_of(bureau_id: uuid.UUID, *, state: str = "", kind: str = "") -> QuerySet[Complaint]:
    """Complaints of a bureau with their replies, waiting ones first, the longest wait at the top."""
    found = Complaint.objects.filter(bureau_id=bureau_id)
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    # "waiting" comes after "answered" in the alphabet.
    return _told(found).order_by("-state", "waits_since", "-sent_at", "pk")


def complaints_by(person: Person) -> QuerySet[Complaint]:
    """What a person wrote under their name, newest first."""
    return _told(Complaint.objects.filter(bureau_id=person.bureau_id, sent_by=person)).order_by("-sent_at")


def _told(found: QuerySet[Complaint]) -> QuerySet[Complaint]:
    replies = Reply.objects.select_related("said_by")
    return found.select_related("sent_by").prefetch_related(Prefetch("replies", queryset=replies))


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint in the inbox.

    Attributes:
        complaint: the row, with its replies.
        due_on: last day for the answer; None when nobody is waiting or the calendar is not known.
        is_late: whether that day has passed.
        answer: the latest answer, if there is one.
    """

    complaint: Complaint
    due_on: dt.date | None
    is_late: bool
    answer: Reply | None

    @property
    def is_unknown(self) -> bool:
        """Whether somebody waits and nobody can say until when."""
        return self.complaint.is_waiting and self.due_on is None


def lines_of(found: Iterable[Complaint], calendar: WorkingCalendar, today: dt.date) -> list[ComplaintLine]:
    """The lines of complaints whose replies are loaded."""
    return [line_of(complaint, calendar, today) for complaint in found]


def line_of(complaint: Complaint, calendar: WorkingCalendar, today: dt.date) -> ComplaintLine:
    """One line."""
    due_on = (
        answer_due_on(complaint.waits_since, complaint.working_days, calendar)
        if complaint.is_waiting
        else None
    )
    answers = [reply for reply in complaint.replies.all() if reply.kind == ReplyKind.ANSWER]
    return ComplaintLine(
        complaint, due_on, due_on is not None and due_on < today, answers[-1] if answers else None
    )


def waiting_count(bureau_id: uuid.UUID) -> int:
    """How many wait for an answer."""
    return Complaint.objects.filter(bureau_id=bureau_id, state=ComplaintState.WAITING).count()


@dataclass(frozen=True)
class Waiting:
    """What waits for an answer: how many, how many of them past their day, and the next day of the others."""

    number: int
    late: int
    nearest: dt.date | None


def waiting_for(actor: Actor, today: dt.date) -> Waiting | None:
    """What somebody who answers still has to answer; None where nothing waits or another answers."""
    if not actor.may(ANSWER):
        return None
    found = list(complaints_of(actor.bureau_id, state=ComplaintState.WAITING))
    if not found:
        return None
    lines = lines_of(found, calendar_for(actor.bureau_id), today)
    days = [line.due_on for line in lines if line.due_on and not line.is_late]
    return Waiting(len(lines), sum(1 for line in lines if line.is_late), min(days, default=None))
