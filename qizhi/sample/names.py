"""Invented names: parts put together by chance, names of well-known people left out.

The names to leave out are kept as digests, because the repository holds no real person's name.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from qizhi.org.enums import Gender
from qizhi.sample.rows import DATA, words

SINGLE_SHARE = 0.12
"""Share of names with one character after the surname; rare ones, so that few real people match."""
DIGEST_LENGTH = 16


def digest(name: str) -> str:
    """What the list of names to leave out holds of a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:DIGEST_LENGTH]


def well_known() -> frozenset[str]:
    """Digests of names that must not come out."""
    return frozenset((DATA / "well_known_names.txt").read_text(encoding="ascii").split())


def is_well_known(name: str) -> bool:
    """Whether somebody widely known bears the name."""
    return digest(name) in well_known()


class Namer:
    """Gives out names that differ from each other."""

    def __init__(self, chance: random.Random) -> None:
        """Draw from the stream."""
        self._chance = chance
        self._used: set[str] = set()
        self._left_out = well_known()
        parts = words("names")
        self._surnames: list[str] = parts["surnames"].split()
        self._single: list[str] = parts["single"].split()
        self._given = {
            gender: (parts[gender.value]["first"].split(), parts[gender.value]["second"].split())
            for gender in (Gender.MALE, Gender.FEMALE)
        }

    def name(self, gender: Gender) -> str:
        """A name that was not given out before."""
        found = next(name for name in self._draws(gender) if name not in self._used)
        self._used.add(found)
        return found

    def _draws(self, gender: Gender) -> Iterator[str]:
        first, second = self._given[gender]
        while True:
            surname = self._chance.choice(self._surnames)
            if self._chance.random() < SINGLE_SHARE:
                name = surname + self._chance.choice(self._single)
            else:
                name = surname + self._chance.choice(first) + self._chance.choice(second)
            if digest(name) not in self._left_out:
                yield name
