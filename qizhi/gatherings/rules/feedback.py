"""What was said of a gathering without a name: when it may be said, and when it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from qizhi.core.values import dataclass

TOGETHER = 3
"""Voices that are shown together: of fewer it could be guessed whose they are, also by looking twice."""
FEWEST_DUE = 5
"""People due at a gathering below which nothing is asked: three of four are no crowd."""
OPEN_DAYS = 30
"""Days after the gathering on which something can still be said."""


@dataclass(frozen=True)
class Voices:
    """Words and lines of some voices, sorted; which of them came together is not known.

    Attributes:
        number: how many voices.
        words: how many of them said each word.
        lines: what they wrote.
    """

    number: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[str, ...] = ()

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Voices:
        """The voices that `plain` has written; none where there is nothing."""
        return cls(kept.get("number", 0), dict(kept.get("words", {})), tuple(kept.get("lines", ())))

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {"number": self.number, "words": dict(self.words), "lines": list(self.lines)}

    def with_others(self, other: Voices) -> Voices:
        """These voices and others together."""
        names = sorted({*self.words, *other.words})
        words = {name: self.words.get(name, 0) + other.words.get(name, 0) for name in names}
        return Voices(self.number + other.number, words, tuple(sorted((*self.lines, *other.lines))))

    def without_line(self, line: str) -> Voices:
        """The same without one line (once); the voice still counts."""
        lines = list(self.lines)
        if line in lines:
            lines.remove(line)
        return Voices(self.number, self.words, tuple(lines))


def take_in(shown: Voices, waiting: Voices, *, word: str, line: str) -> tuple[Voices, Voices]:
    """What is shown and what waits after one more voice: at every third those that waited are shown together.

    Args:
        shown: so far.
        waiting: fewer than `TOGETHER`.
        word: the word that was tapped; empty if none.
        line: what was written; empty if nothing.
    """
    voice = Voices(1, {word: 1} if word else {}, (line,) if line else ())
    waiting = waiting.with_others(voice)
    if waiting.number < TOGETHER:
        return shown, waiting
    return shown.with_others(waiting), Voices()


def is_open(held_on: dt.date, today: dt.date) -> bool:
    """Whether something can be said on the day: from the gathering on, for `OPEN_DAYS` days."""
    return held_on <= today <= held_on + dt.timedelta(days=OPEN_DAYS)
