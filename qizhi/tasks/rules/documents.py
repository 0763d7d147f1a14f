"""When a document had to be finished and how late it was, in working days; nothing stored."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.regulations.rules import UnknownCalendarError, WorkingCalendar
from qizhi.tasks.rules.parts import Due


class DocumentState(StrEnum):
    """How a document stands on a day."""

    DUE = "due"
    SOON = "soon"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done_late"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"


class Pace(StrEnum):
    """How the end of a document stands to its due day."""

    IN_TIME = "in_time"
    WITHIN_GRACE = "within_grace"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Lateness:
    """How late something is, with the working days that were counted.

    Attributes:
        pace: in time, late within the grace, too late, or not to be known.
        days: the working days after the due day. Of what is still open only those that settle it, so that
            the answer stays the same from one day to the next.
        is_open_ended: whether more days may have gone by than were counted.
        why: what is missing, where it cannot be known.
    """

    pace: Pace
    days: tuple[dt.date, ...] = ()
    is_open_ended: bool = False
    why: str = ""


def document_term(
    *,
    received_on: dt.date,
    due_on: dt.date | None,
    working_days: int | None,
    extended_to: dt.date | None,
    calendar: WorkingCalendar,
) -> Due:
    """The last day: the extended one, a date, or the N-th working day after receipt.

    Counting starts on the day after receipt. A year without its calendar paper is not guessed: the day is
    then unknown, and says which paper is missing.
    """
    if extended_to is not None:
        return Due(extended_to, "已批准延期")
    if due_on is not None or working_days is None:
        return Due(due_on)
    try:
        day = calendar.add_working_days(received_on, working_days)
    except UnknownCalendarError as error:
        return Due(None, error.message)
    return Due(day, f"{say_day(received_on)}收文，次日起 {working_days} 个工作日")


def lateness(
    due_on: dt.date, done_on: dt.date | None, *, as_of: dt.date, grace: int, calendar: WorkingCalendar
) -> Lateness:
    """How late it is against a grace of so many working days after the due day; 第 grace+1 日起算超过.

    Args:
        due_on: the last day, extensions included.
        done_on: when it was finished; None while it is open.
        as_of: the day of reckoning, for what is open.
        grace: working days that may go by after the due day.
        calendar: working days; a year without a paper is unknown.
    """
    end = as_of if done_on is None else done_on
    if end <= due_on:
        return Lateness(Pace.IN_TIME)
    try:
        limit = calendar.add_working_days(due_on, grace + 1)
    except UnknownCalendarError as error:
        return _short_of_unknown(due_on, end, grace, calendar, error.message)
    if end < limit:
        days = tuple(calendar.working_days(due_on, end))
        return Lateness(Pace.WITHIN_GRACE if days else Pace.IN_TIME, days)
    until = limit if done_on is None else end
    try:
        return Lateness(Pace.TOO_LATE, tuple(calendar.working_days(due_on, until)), done_on is None)
    except UnknownCalendarError:
        # Enough days are known to say that it is too late, if not how late.
        return Lateness(Pace.TOO_LATE, tuple(calendar.working_days(due_on, limit)), is_open_ended=True)


def _short_of_unknown(
    due_on: dt.date, end: dt.date, grace: int, calendar: WorkingCalendar, why: str
) -> Lateness:
    """Where the days run into a year without a paper before they pass the grace."""
    try:
        days = tuple(calendar.working_days(due_on, end))
    except UnknownCalendarError:
        # There are never more working days than days.
        is_within = (end - due_on).days <= grace
        return Lateness(Pace.WITHIN_GRACE) if is_within else Lateness(Pace.UNKNOWN, why=why)
    return Lateness(Pace.WITHIN_GRACE if days else Pace.IN_TIME, days)


def is_surely_in_time(start: dt.date, end: dt.date, days: int, calendar: WorkingCalendar) -> bool:
    """Whether no more than so many working days can lie between, whatever a missing paper may say."""
    if (end - start).days <= days:
        return True
    try:
        return calendar.working_days_between(start, end) <= days
    except UnknownCalendarError:
        return False


def reminded_from(due_on: dt.date, remind_days: int, calendar: WorkingCalendar) -> dt.date:
    """The day from which a document is called due soon: so many working days before its last day.

    A reminder decides nothing: where no paper says which days are worked, plain days are taken.
    """
    try:
        return calendar.add_working_days(due_on, -remind_days)
    except UnknownCalendarError:
        return due_on - dt.timedelta(days=remind_days)


def document_state(
    due: Due,
    *,
    done_on: dt.date | None,
    is_withdrawn: bool,
    remind_days: int,
    today: dt.date,
    calendar: WorkingCalendar,
) -> DocumentState:
    """How a document stands on the day, without any grace: late once a working day has gone by."""
    if is_withdrawn:
        return DocumentState.WITHDRAWN
    if due.on is None:
        return DocumentState.UNKNOWN
    is_done = done_on is not None and done_on <= today
    found = lateness(due.on, done_on if is_done else None, as_of=today, grace=0, calendar=calendar)
    if is_done:
        late = {Pace.TOO_LATE: DocumentState.DONE_LATE, Pace.UNKNOWN: DocumentState.UNKNOWN}
        return late.get(found.pace, DocumentState.DONE)
    if found.pace in {Pace.TOO_LATE, Pace.UNKNOWN}:
        return DocumentState.LATE
    is_soon = today >= reminded_from(due.on, remind_days, calendar)
    return DocumentState.SOON if is_soon else DocumentState.DUE
