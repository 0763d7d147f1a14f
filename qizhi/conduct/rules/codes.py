"""Codes on paper: how they look, what is kept of them, how long what they open stays open."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of a code: none that looks like another one (0 and O, 1 and I)."""
LENGTH = 16
"""80 random bits: more than anybody can try."""
VALID_DAYS = 14
MOST_DAYS = 90
OPEN_FOR = dt.timedelta(minutes=30)
"""How long the own page stays open after a code was used."""


def plain_code(typed: str) -> str:
    """The code without what people put between its signs, in capitals; empty if it can be none."""
    code = re.sub(r"[\s\-—－]", "", typed).upper()
    return code if len(code) == LENGTH and set(code) <= set(SIGNS) else ""


def spaced_code(code: str) -> str:
    """The code in groups of four, as it is printed and copied: ABCD-EFGH-JKLM-NPQR."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def code_hash(code: str) -> str:
    """What is kept of a code: nobody can tell the code from it, 80 random bits need no salt."""
    return hashlib.sha256(f"own-page|{code}".encode()).hexdigest()
