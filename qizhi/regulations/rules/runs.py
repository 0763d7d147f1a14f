"""What a run changes: what was found now against what stood before; nothing stored, no order matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

ADDED, UNTOUCHED, REPLACED, GONE, LEFT = "added", "untouched", "replaced", "gone", "left"


def reconcile(
    found: Mapping[str, str], live: Mapping[str, str], withdrawn: AbstractSet[str], judged: AbstractSet[str]
) -> Iterator[tuple[str, str]]:
    """Slot and change, for every slot that is found now or stands.

    Args:
        found: fingerprint by slot of what the clauses find now.
        live: fingerprint by slot of the findings that stand.
        withdrawn: slots in which a person has withdrawn a finding: nothing is ever found there again.
        judged: slots among `live` whose clause could be judged; the others are left as they are.
    """
    for slot, fingerprint in found.items():
        if live.get(slot) == fingerprint:
            yield slot, UNTOUCHED
        elif slot in withdrawn:
            yield slot, LEFT
        else:
            yield slot, REPLACED if slot in live else ADDED
    for slot in live:
        if slot not in found:
            yield slot, GONE if slot in judged else UNTOUCHED


KEY_LENGTH, KEY_DASHES = 36, 4


def slot_of(asked_by: str, subject: object, start: dt.date, occurrence: str) -> str:
    """What a finding is about, whatever the version of the clause: one text, as it is stored.

    A fact that is a row (a document, an observation, a gathering) is that row on whatever day: its day may be
    corrected, and it stays the same fact. Everything else is told apart by the first day of its period.

    Args:
        asked_by: document and clause, as in `Clause.asked_by`.
        subject: key of the person or unit; empty for the bureau.
        start: first day of the period.
        occurrence: what tells facts of one subject and period apart: the key of a row, or a short text.
    """
    told = occurrence[:80]
    return f"{asked_by}|{subject}|{'' if is_key(told) else start.isoformat()}|{told}"


def is_key(occurrence: str) -> bool:
    """Whether it is the key of a row."""
    return len(occurrence) == KEY_LENGTH and occurrence.count("-") == KEY_DASHES


def asked_by(slot: str) -> str:
    """Document and clause of a slot."""
    return "|".join(slot.split("|", 2)[:2])


def may_move(slot: str) -> bool:
    """Whether what it is about can turn up in another month than before."""
    return is_key(slot.rsplit("|", 1)[1])


def doubt_as_of(as_of: dt.date, start: dt.date, today: dt.date) -> str:
    """Chinese: why nothing is reckoned on a day for months that begin on another; empty where it can be."""
    if as_of > today:
        return "核算日还没有到，请填今天或以前的日期。"
    return "核算日早于起始月份，请改核算日或月份。" if as_of < start else ""
