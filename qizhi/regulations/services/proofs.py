"""What the golden cases of a clause must show before it may cost anybody points."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from qizhi.regulations.kinds.cases import MET, NA, VIOLATED, WARNED
from qizhi.regulations.services.cases import GoldenCase

BROKEN, KEPT = {VIOLATED, WARNED}, {MET, NA}


class Costly(Protocol):
    """A clause of a draft, or of a file."""

    @property
    def is_enabled(self) -> bool:
        """Whether it is judged at all."""

    @property
    def points(self) -> Decimal:
        """What a violation costs, below zero."""


def needs_proof(clause: Costly, kind: str) -> bool:
    """Whether a clause finds by itself what costs points: it judges, it runs, and a violation costs some."""
    return bool(kind) and clause.is_enabled and clause.points < 0


def lacking(cases: Iterable[GoldenCase]) -> str:
    """Chinese: which cases are missing, of one violated and one met or not applicable; empty for none."""
    words: set[str] = set()
    for case in cases:
        words |= {case.expected} if isinstance(case.expected, str) else set(case.expected.values())
    wanted = (("“未达到”", BROKEN), ("“符合”（或“不适用”）", KEPT))
    return "、".join(f"一个结果为{label}的" for label, any_of in wanted if not words & any_of)
