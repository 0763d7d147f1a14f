"""How an exact count is written as a round number, without ever saying more than there is.

The rule, also told to the office in the editor. From the exact count n:

| n | written | example |
| --- | --- | --- |
| 0 to 9 | exactly | 7 → 7 |
| 10 to 999 | whole tens exactly, others rounded down to tens with 余 | 20 → 20, 23 → 20余, 437 → 430余 |
| 1,000 to 1,999 | 上千 | 1,300 → 上千 |
| 2,000 to 9,999 | 数千 | 5,269 → 数千 |
| 10,000 to 19,999 | 上万 | 12,000 → 上万 |
| 20,000 to 99,999 | 数万 | 31,000 → 数万 |
| from 100,000 | whole 万 exactly, others rounded down to 万 with 余 | 254,321 → 25万余, 250,000 → 25万 |

A number is never rounded up: `least(approximate(n)) <= n` holds for every n, and a test holds it.
"""

from __future__ import annotations

import re

WORDS = ((20_000, "数万"), (10_000, "上万"), (2_000, "数千"), (1_000, "上千"))
LEAST = {word: least for least, word in WORDS}
TENS_FROM, THOUSAND, TEN_THOUSAND = 10, 1_000, 10_000
COUNTED_IN_TEN_THOUSANDS = 100_000
_WRITTEN = re.compile(r"(\d+)(万?)余?")


def approximate(count: int) -> str:
    """Write a count as a round number (see the table above).

    Args:
        count: the exact number of rows, units or people; not negative.

    Raises:
        ValueError: for a negative number, of which there are no rows.
    """
    if count < 0:
        message = f"{count} is no count"
        raise ValueError(message)
    if count < TENS_FROM:
        return str(count)
    if count < THOUSAND:
        return _floored(count, TENS_FROM, "", TENS_FROM)
    if count >= COUNTED_IN_TEN_THOUSANDS:
        return _floored(count, TEN_THOUSAND, "万", 1)
    return next(word for least, word in WORDS if count >= least)


def least(text: str) -> int:
    """The smallest number that a text of `approximate` can stand for.

    Raises:
        ValueError: the text is none that `approximate` writes.
    """
    if text in LEAST:
        return LEAST[text]
    found = _WRITTEN.fullmatch(text)
    if found is None:
        message = f"{text!r} was not written by approximate()"
        raise ValueError(message)
    return int(found[1]) * (TEN_THOUSAND if found[2] else 1)


def _floored(count: int, step: int, word: str, shown_step: int) -> str:
    whole, rest = divmod(count, step)
    return f"{whole * shown_step}{word}{'余' if rest else ''}"
