"""Visits by contact people and talks: who had enough of them."""

from __future__ import annotations

import datetime as dt

from qizhi.branch_life.rules.quota import State
from qizhi.core.periods import Period


def judge_contact(visits: int, planned: int | None, days: Period, as_of: dt.date) -> State:
    """How a contact stands in the part of a year in which it holds.

    Args:
        visits: how often the contact person came on a day of theirs.
        planned: how often the plan says; None where it says no number: once is enough then.
        days: the days of the year on which the contact holds.
        as_of: the day on which one looks.
    """
    if visits >= max(planned or 1, 1):
        return State.DONE
    return State.DUE if as_of <= days.end else State.MISSING


def judge_talk(
    talks: int,
    member_since: dt.date,
    span: Period,
    as_of: dt.date,
    at_least: int,
    *,
    is_away: bool = False,
    has_gap: bool = False,
) -> State:
    """Whether somebody had enough talks in a period (BR-14: at least one a year, not with everybody).

    Who became a member of the bureau's branches only during the period owes nothing for its part of it. With
    `at_least` 0 no clause asks for talks: who had one is done, the others owe none. Who was on leave or sent
    elsewhere all through it is excused; where the records do not reach back nobody knows.
    """
    if talks >= max(at_least, 1):
        return State.DONE
    if not at_least:
        return State.NA
    if member_since > span.start:
        return State.NA
    if is_away:
        return State.EXCUSED
    if as_of <= span.end:
        return State.DUE
    return State.UNKNOWN if has_gap else State.MISSING
