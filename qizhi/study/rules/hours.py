"""Whether a person has learnt enough in a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from qizhi.core.values import dataclass

MEMBER, LEADER = "member", "branch_leader"
GROUPS = {MEMBER: "党员", LEADER: "支部书记和委员"}
"""Of whom a clause asks hours (its parameter `of`)."""


class Standing(StrEnum):
    """How a person stands to the hours asked."""

    DONE = "done"
    DUE = "due"
    MISSING = "missing"
    NA = "na"
    EXCUSED = "excused"
    UNKNOWN = "unknown"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Target:
    """Hours asked in a year by a clause in force.

    Attributes:
        hours: at least so many.
        source: how a page quotes the clause.
        is_general: the text says 一般; being below is a warning.
        is_confirmed: the wording was checked against the document.
        central_trainings: at least so many trainings held centrally, besides the hours.
    """

    hours: int
    source: str
    is_general: bool = False
    is_confirmed: bool = True
    central_trainings: int = 0


def targets(clauses: Iterable[tuple[Mapping[str, Any], Target]]) -> dict[str, Target]:
    """The highest target by the group of people it is asked of; clauses without hours ask nothing."""
    found: dict[str, Target] = {}
    for parameters, target in clauses:
        of = str(parameters.get("of", ""))
        if of in {MEMBER, LEADER} and (of not in found or found[of].hours < target.hours):
            found[of] = target
    return found


def target_for(known: Mapping[str, Target], *, is_leader: bool) -> Target | None:
    """What is asked of a person: a leader's target where there is one, else that of every member."""
    return (known.get(LEADER) if is_leader else None) or known.get(MEMBER)


@dataclass(frozen=True)
class Grounds:
    """What is to be known before somebody is said to have too few hours.

    Attributes:
        unclear: hours of gatherings at which the person may have been: their paper does not name people.
        gap: Chinese; why too little is known of the year, empty when enough is.
        is_away: on leave or sent elsewhere all through the year.
    """

    unclear: Decimal = Decimal(0)
    gap: str = ""
    is_away: bool = False


NOTHING_KNOWN = Grounds()


def standing(
    hours: Decimal,
    target: Target | None,
    *,
    central_trainings: int,
    is_over: bool,
    is_new: bool,
    grounds: Grounds = NOTHING_KNOWN,
) -> Standing:
    """Whether somebody has enough.

    Args:
        hours: learnt in the year.
        central_trainings: trainings held centrally (集中培训) that the person took in the year.
        target: what is asked; None when no clause bound in the year.
        is_over: whether the year has ended.
        is_new: whether the person became a member inside the year, for which nothing is asked yet.
        grounds: what excuses, and what is not known.
    """
    if target is None:
        return Standing.UNASKED
    if hours >= target.hours and central_trainings >= target.central_trainings:
        return Standing.DONE
    if is_new:
        return Standing.NA
    if grounds.is_away:
        return Standing.EXCUSED
    if not is_over:
        return Standing.DUE
    has_trainings = central_trainings >= target.central_trainings
    may_be_enough = has_trainings and hours + grounds.unclear >= target.hours
    return Standing.UNKNOWN if grounds.gap or may_be_enough else Standing.MISSING
