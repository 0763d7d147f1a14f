"""What a run changes: what was found now against what stood before; nothing stored, no order matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from qizhi.core.values import dataclass

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
        if slot in withdrawn:
            yield slot, LEFT
        elif slot not in live:
            yield slot, ADDED
        else:
            yield slot, UNTOUCHED if live[slot] == fingerprint else REPLACED
    for slot in live:
        if slot not in found:
            yield slot, GONE if slot in judged else UNTOUCHED


@dataclass(frozen=True, slots=True)
class Slot:
    """What a finding is about, whatever the version of the clause.

    Attributes:
        document: code of the document.
        clause: key of the clause.
        subject: key of the person or unit; empty for the bureau.
        start: first day of the period, as text.
        occurrence: what tells facts of one subject and period apart.
    """

    document: str
    clause: str
    subject: str
    start: str
    occurrence: str

    def __str__(self) -> str:
        """One text, as it is stored."""
        return f"{self.document}|{self.clause}|{self.subject}|{self.start}|{self.occurrence}"

    @staticmethod
    def asked_by(text: str) -> str:
        """Document and clause of a stored slot."""
        return "|".join(text.split("|", 2)[:2])
