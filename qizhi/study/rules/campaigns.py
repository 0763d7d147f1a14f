"""Which gathering covered which topic of a campaign, and how a unit stands to it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

from qizhi.core.values import dataclass
from qizhi.study.rules.plans import closeness

NEAR = Fraction(1, 4)
"""How like its topic a gathering of the campaign's own kind must be where none of the words stands in it."""


class Coverage(StrEnum):
    """How a unit stands to a topic."""

    DONE = "done"
    DUE = "due"
    MISSING = "missing"
    NA = "na"


class Ground(StrEnum):
    """Why a gathering counts for a topic."""

    PERSON = "person"
    WORD = "word"
    LIKE = "like"


@dataclass(frozen=True, slots=True)
class Deed:
    """A gathering: key, day, words bared of signs, and whether it is of a kind for campaigns."""

    key: uuid.UUID
    day: dt.date
    text: str
    is_campaign: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic: key, title, words to look for (bare), and the days that count (None: open)."""

    key: uuid.UUID
    title: str
    words: tuple[str, ...]
    start: dt.date
    end: dt.date | None

    def has_day(self, day: dt.date) -> bool:
        """Whether the day counts."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Found:
    """A gathering that counts, why, and by which word."""

    key: uuid.UUID
    day: dt.date
    ground: Ground
    word: str = ""


def bare(text: str) -> str:
    """Letters and digits only: “两学一做”and 两学一做 are one word."""
    return "".join(one for one in text if one.isalnum())


def words_of(title: str, words: str) -> tuple[str, ...]:
    """The words to look for, bare: those written, or the title."""
    written = tuple(bare(line) for line in words.splitlines())
    return tuple(word for word in written if word) or ((bare(title),) if bare(title) else ())


def covering(
    topic: Wanted,
    deeds: Iterable[Deed],
    linked: frozenset[uuid.UUID] | set[uuid.UUID],
    rejected: frozenset[uuid.UUID] | set[uuid.UUID],
) -> list[Found]:
    """The gatherings that count for a topic by day; a person's word decides, machines only propose.

    Args:
        topic: what is to be studied.
        deeds: gatherings of one unit, or of several.
        linked: gatherings of which a person said that they were on the topic, on whatever day.
        rejected: those of which a person said that they were not.
    """
    found = []
    for deed in deeds:
        if deed.key in linked:
            found.append(Found(deed.key, deed.day, Ground.PERSON))
        elif deed.key not in rejected and topic.has_day(deed.day):
            word = next((word for word in topic.words if word in deed.text), "")
            if word:
                found.append(Found(deed.key, deed.day, Ground.WORD, word))
            elif deed.is_campaign and closeness(topic.title, deed.text) >= NEAR:
                found.append(Found(deed.key, deed.day, Ground.LIKE))
    return sorted(found, key=lambda one: (one.day, one.key))


def coverage(
    topic: Wanted,
    found: Sequence[Found],
    unit_days: tuple[dt.date, dt.date | None],
    as_of: dt.date,
    *,
    is_asked: bool,
) -> tuple[Coverage, str]:
    """How a unit stands to a topic on a day, and why it owes nothing.

    Args:
        topic: with the days that count.
        found: gatherings of the unit that count.
        unit_days: first and last day of the unit.
        as_of: the day of reckoning.
        is_asked: whether the unit's layer is to study it.
    """
    founded, ended = unit_days
    if found:
        return Coverage.DONE, ""
    if not is_asked:
        return Coverage.NA, "不要求这一层"
    if topic.end is not None and founded > topic.end:
        return Coverage.NA, "当时尚未成立"
    if ended is not None and (topic.end is None or ended < topic.end):
        return Coverage.NA, "期间内撤销"
    is_over = topic.end is not None and as_of > topic.end
    return (Coverage.MISSING if is_over else Coverage.DUE), ""
