"""Who follows when the leave of a person changes: apps above, whose records speak of those days."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from qizhi.core.periods import Period
from qizhi.core.permissions import Actor

Follower = Callable[[uuid.UUID, Period, Actor], None]
_FOLLOWERS: list[Follower] = []


def register_leave_follower(follower: Follower) -> Follower:
    """Let an app bring its records in line with leave; it is given the person, the days, and who acts.

    It is called in the transaction of the change, after it, with days of which each was leave before or is
    leave now.
    """
    _FOLLOWERS.append(follower)
    return follower


def follow_leave(person_id: uuid.UUID, from_on: dt.date, to_on: dt.date | None, by: Actor) -> None:
    """Say that these days became leave of the person, or ceased to be."""
    days = Period(from_on, to_on or dt.date.max)
    for follower in _FOLLOWERS:
        follower(person_id, days, by)
