"""Titles of works, and lists of kinds: pure functions on plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_LINE = 120
"""Characters of a work of one line, which is its own title."""
LONGEST_TITLE = 40
"""Characters of the title that is made of the beginning of a longer text."""
_BETWEEN = re.compile("[、，,；;\\s]+")


def title_of(text: str, *, is_one_line: bool) -> str:
    """What a work is called that has no title of its own.

    Args:
        text: its words.
        is_one_line: whether it is one line, such as a maxim: then all of it; else the beginning.
    """
    line = " ".join(text.split())
    longest = LONGEST_LINE if is_one_line else LONGEST_TITLE
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def lists_in(text: str) -> list[str]:
    """The names of lists that a text holds, each once, in their order."""
    return list(dict.fromkeys(name for name in _BETWEEN.split(text) if name))


def by_list(kinds: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The names of kinds under each list, lists in the order in which they come up.

    Args:
        kinds: the name of each kind and the text that names its lists.
    """
    found: dict[str, list[str]] = {}
    for name, lists in kinds:
        for one in lists_in(lists):
            found.setdefault(one, []).append(name)
    return found
