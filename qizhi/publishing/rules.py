"""How a code is kept, and until when an answer is due."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from qizhi.regulations.rules.working_days import UnknownCalendarError, WorkingCalendar

CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of a code: none that looks like another one (0 and O, 1 and I)."""
CODE_LENGTH = 12
DEFAULT_WORKING_DAYS = 10
"""Working days in which an answer is due where no clause says otherwise: our own measure, no law's."""


def plain_code(typed: str) -> str:
    """The code without what people put between its signs, in capitals; empty if it can be none."""
    code = re.sub(r"[\s\-—]", "", typed).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_SIGNS) else ""


def spaced_code(code: str) -> str:
    """The code in groups of four, as it is read aloud and copied: ABCD-EFGH-JKLM."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def code_digest(code: str) -> str:
    """What is stored of a code: nobody can tell the code from it (60 random bits)."""
    return hashlib.sha256(code.encode()).hexdigest()


def answer_due_on(since: dt.date, working_days: int, calendar: WorkingCalendar) -> dt.date | None:
    """The last day for an answer: so many working days after the day it was asked for.

    Returns:
        None where the papers do not say which days are worked; unknown is neither in time nor late.
    """
    try:
        return calendar.add_working_days(since, working_days)
    except UnknownCalendarError:
        return None
