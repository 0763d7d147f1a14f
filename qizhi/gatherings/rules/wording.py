"""Words that are worked out rather than typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

LONGEST_TITLE = 120


def suggest_title(kinds: Sequence[str], day: dt.date) -> str:
    """A title from the names of the kinds and the month: 1月支部党员大会暨主题党日、党课."""
    if not kinds:
        return ""
    others = f"暨{'、'.join(kinds[1:])}" if len(kinds) > 1 else ""
    return f"{day.month}月{kinds[0]}{others}"[:LONGEST_TITLE]


def fill_placeholders(text: str, day: dt.date) -> str:
    """Put the day's numbers in the place of {年} {季度} {月} {日}; anything else stays as it is."""
    numbers = {"年": day.year, "季度": (day.month + 2) // 3, "月": day.month, "日": day.day}
    for word, number in numbers.items():
        text = text.replace(f"{{{word}}}", str(number))
    return text


def capacity_of(roles: Collection[str]) -> str:
    """In what capacity somebody with these posts on the day gives a lesson (a value of `enums.Capacity`)."""
    if "party_group_secretary" in roles:
        return "principal"
    if {"party_group_member", "leader"} & set(roles):
        return "party_group_member"
    return "secretary" if {"secretary", "deputy_secretary"} & set(roles) else "member"
