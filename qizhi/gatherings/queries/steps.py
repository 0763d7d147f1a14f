"""What the outlooks of all kinds about gatherings share: the form filled in, and the place of a line."""

from __future__ import annotations

import uuid

from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.permissions import RECORD
from qizhi.org.models import Unit
from qizhi.regulations.kinds import Step

LEDGERS = {ledger: number for number, ledger in enumerate(Ledger.values)}
BESIDE = 10
"""Lines that look at the same ledger stand beside each other."""


def rank_of(ledger: str, beside: int = 0) -> int:
    """Where a line on a ledger stands among the others."""
    return LEDGERS.get(ledger, len(LEDGERS)) * BESIDE + beside


def record_step(
    label: str, unit: Unit | None, *, held_on: str = "", group: uuid.UUID | None = None, **values: str
) -> Step:
    """The form of `gatherings` filled in, which leaves out what it cannot use.

    Args:
        label: Chinese; what is to be recorded.
        unit: which unit holds it; None: whoever records it says which.
        held_on: the day; empty: only a person knows it.
        group: the group of the unit, where it holds it.
        values: what else is filled in: `kind` or `ledger`, `lecturers` and so on.
    """
    where = str(group or unit.pk) if unit else ""
    return Step(
        label,
        "gatherings:record",
        RECORD,
        (("unit", where), *values.items(), ("held_on", held_on)),
        unit_id=group or unit.pk if unit else None,
        path=unit.path if unit else "",
    )
