"""Which gathering carried out which plan item: arithmetic on dates and words.

A person's yes or no always stands. Everything else is worked out anew each time one looks, so that a match
follows when a gathering is moved, renamed or withdrawn, and no stale pair is ever stored.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from qizhi.core import periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass


class Basis(StrEnum):
    """Why a gathering counts as the item."""

    PERSON = "person"
    TOPIC = "topic"
    MONTH = "month"


class Progress(StrEnum):
    """How an item stands."""

    DONE = "done"
    DUE = "due"
    MISSING = "missing"
    GONE = "gone"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Item:
    """A plan item: `ledgers` are those of which a gathering can carry it out; `order` is its place.

    Where a `speaker` is named, a gathering at which others spoke does not carry it out.
    """

    key: uuid.UUID
    year: int
    month: int
    order: tuple[int, int]
    topic: str
    ledgers: frozenset[str]
    is_cancelled: bool = False
    speaker: uuid.UUID | None = None


@dataclass(frozen=True)
class Deed:
    """A gathering of the plan's unit: the ledgers of each kind it was recorded as, its words, who spoke."""

    key: uuid.UUID
    day: dt.date
    kinds: tuple[frozenset[str], ...]
    words: str
    speakers: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Pair:
    """An item and the gathering that carried it out."""

    item: uuid.UUID
    deed: uuid.UUID
    basis: Basis


@dataclass(frozen=True)
class Decisions:
    """What people said: item → gathering, and pairs that are none."""

    links: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    rejected: Collection[tuple[uuid.UUID, uuid.UUID]] = ()


def similarity(one: str, other: str) -> Fraction:
    """How alike two topics are: the share of pairs of neighbouring characters they have in common, 0 to 1.

    Twice the common pairs over all pairs; marks and blanks do not count. A topic of one character is alike
    only to a text that holds it.
    """
    a, b = _pairs(one), _pairs(other)
    if not a or not b:
        return Fraction(0)
    return Fraction(2 * len(a & b), len(a) + len(b))


@lru_cache(maxsize=4096)  # each topic meets many lines, and each line many topics
def _pairs(text: str) -> frozenset[str]:
    words = "".join(character for character in text.lower() if character.isalnum())
    if len(words) == 1:
        return frozenset(words)
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))


def closeness(topic: str, words: str) -> Fraction:
    """The best similarity of the topic to any line of the gathering's title and topics."""
    return max((similarity(topic, line) for line in words.splitlines()), default=Fraction(0))


def match(items: Iterable[Item], deeds: Iterable[Deed], decisions: Decisions) -> list[Pair]:
    """Pairs of items and gatherings; the order of what is given does not matter.

    A gathering carries out one item for each kind it was recorded as: who recorded a theme day that was a
    lesson too has said that it was both. Anything beyond that only a person's link gives; links come first.
    The other items take from what is left of the gatherings that were held in their month and count for one
    of their ledgers: the most similar pair first; among equals the earlier item takes the earlier gathering.
    Cancelled items take nothing.
    """
    known = {deed.key: deed for deed in deeds}
    standing = [item for item in items if not item.is_cancelled]
    free = {deed.key: list(deed.kinds) for deed in known.values()}
    pairs = []
    for item in sorted(standing, key=lambda item: (item.order, item.key)):
        linked = decisions.links.get(item.key)
        if linked in known:
            pairs.append(Pair(item.key, linked, Basis.PERSON))
            _take(free[linked], item)
    done = {pair.item for pair in pairs}
    for score, item, deed in sorted(
        _candidates(standing, known.values(), decisions),
        key=lambda found: (-found[0], found[1].order, found[1].key, found[2].day, found[2].key),
    ):
        if item.key not in done and _take(free[deed.key], item):
            pairs.append(Pair(item.key, deed.key, Basis.TOPIC if score else Basis.MONTH))
            done.add(item.key)
    place = {item.key: item.order for item in standing}
    return sorted(pairs, key=lambda pair: (place[pair.item], pair.item))


def _take(kinds: list[frozenset[str]], item: Item) -> bool:
    """Use up the first kind that counts for the item; False when none is left."""
    for kind in kinds:
        if kind & item.ledgers:
            kinds.remove(kind)
            return True
    return False


def _candidates(
    items: Sequence[Item], deeds: Iterable[Deed], decisions: Decisions
) -> Iterable[tuple[Fraction, Item, Deed]]:
    by_month: dict[tuple[int, int], list[Deed]] = {}
    for deed in deeds:
        by_month.setdefault((deed.day.year, deed.day.month), []).append(deed)
    for item in items:
        for deed in by_month.get((item.year, item.month), ()):
            counts = any(kind & item.ledgers for kind in deed.kinds)
            counts &= not item.speaker or not deed.speakers or item.speaker in deed.speakers
            if counts and (item.key, deed.key) not in decisions.rejected:
                yield closeness(item.topic, deed.words), item, deed


def month_of(item: Item) -> Period:
    """The days in which an item is to be carried out."""
    return periods.month_of(dt.date(item.year, item.month, 1))


def progress(item: Item, *, is_done: bool, is_gone: bool = False, as_of: dt.date) -> Progress:
    """How an item stands on a day: it is due until its month is over.

    Args:
        item: what was planned.
        is_done: whether a gathering carried it out.
        is_gone: whether its unit ended before the month was over: then nobody owes it.
        as_of: the day.
    """
    if item.is_cancelled:
        return Progress.CANCELLED
    if is_done:
        return Progress.DONE
    if is_gone:
        return Progress.GONE
    return Progress.DUE if as_of <= month_of(item).end else Progress.MISSING
