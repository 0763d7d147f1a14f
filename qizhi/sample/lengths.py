"""How long items of an agenda are planned to take: some branches write it down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qizhi.sample.rows import chance

SINCE = dt.date(2024, 8, 6)
"""First day of the provisions on less formalism."""
SHARE = 0.5
MINUTES = (10, 15, 20, 30, 40)
REPORT_MINUTES = (20, 30, 40, 75)
"""A report is too long now and then: there is something to look at."""


def timed(topics: Sequence[str], number: int, unit: str, day: dt.date) -> list[str]:
    """The lines of an agenda, each with its minutes where the unit has planned them.

    Args:
        topics: the lines.
        number: of the bureau, which seeds the chance.
        unit: code of the unit.
        day: of the gathering.
    """
    draw = chance(number, "lengths", unit, day)
    if day < SINCE or draw.random() >= SHARE:
        return list(topics)
    return [f"{topic} {draw.choice(REPORT_MINUTES if '报告' in topic else MINUTES)}分钟" for topic in topics]
