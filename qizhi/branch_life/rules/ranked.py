"""Whether somebody who had to come was there, as far as the paper of the session names people."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from qizhi.core.values import dataclass


class Taken(StrEnum):
    """How somebody who was due at a session stands to it."""

    PRESENT = "present"
    EXCUSED = "excused"
    MADE_UP = "made_up"
    OPEN = "open"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Paper:
    """A session in numbers: those typed from paper, those due, those of the rank, those named as away."""

    due_total: int | None
    present_total: int | None
    due: int
    asked: int
    away: int

    @property
    def names_everybody(self) -> bool:
        """Whether everybody of the rank who is not named as away was there.

        Without numbers the roll by exception says so. With numbers it does only when it is clear who was
        meant (all who were due, or just those of the rank) and the names explain how many were missing.
        """
        if self.present_total is None:
            return True
        total = self.due if self.due_total is None else self.due_total
        is_clear_who = total >= self.due or total == self.asked
        return is_clear_who and total - self.present_total <= self.away


def taken(
    *,
    is_there: bool,
    is_named: bool,
    is_absent: bool,
    made_up_on: dt.date | None,
    is_on_leave: bool,
    make_up_until: dt.date,
    as_of: dt.date,
) -> Taken:
    """How somebody stands: there, excused, made up for it, with time to do so, absent, or unknown.

    Args:
        is_there: named as present: chair, lecturer or guest.
        is_named: the paper names everybody who was away.
        is_absent: named as away without leave, whether or not it was made up for later.
        made_up_on: when it was made up for; None when it was not.
        is_on_leave: excused on the roll, or on approved leave on the day.
        make_up_until: the last day on which it can be made up for.
        as_of: what happened later is not known.
    """
    if is_there:
        return Taken.PRESENT
    if made_up_on is not None and made_up_on <= as_of:
        return Taken.MADE_UP
    if is_on_leave:
        return Taken.EXCUSED
    if is_absent:
        return Taken.OPEN if as_of <= make_up_until else Taken.ABSENT
    return Taken.PRESENT if is_named else Taken.UNKNOWN
