"""Numbers that somebody typed where a figure should stand.

A number typed into the text has no rows behind it, so it is found and shown: digits of any script, and
Chinese numerals that form a quantity (二十余篇, 上千册, 三分之一). Not marked: what stands in quotation
marks or 《》, which is a name or somebody's words, and the proper nouns of `Words.names`.
A magnitude or a hedge beside a figure (`[[…]]万`, 近`[[…]]`) is marked too: it would change the number.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from qizhi.reports.rules.language import Words

FIGURE, HIDDEN = "\ue000", "\ue001"
"""Stand for one character of a figure reference, and of anything that is not looked at."""
NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_ONES = "一二两三四五六七八九"
_QUOTED = re.compile("“[^“”]*”|‘[^‘’]*’|「[^「」]*」|『[^『』]*』|《[^《》]*》|〈[^〈〉]*〉")
_DIGITS = "0[0.,:/~～年月-]*(?:[日号%％‰]|[十百千万亿]+)?[余多]?"
_PLAIN = (
    f"[{NUMERAL}]+分之[{NUMERAL}]+",
    f"[{_ONES}][十百千万亿][{NUMERAL}]*[余多]?",
    f"十[{_ONES}][余多]?",
    "[数上近][十百千万亿]+",
    f"[近约超逾{NUMERAL}]+{FIGURE}",
    f"(?<={FIGURE})[{NUMERAL}余多%％]+",
)


def quotes_hidden(line: str) -> str:
    """The line with everything in closed quotation marks hidden, character by character."""
    before = ""
    while before != line:
        before = line
        line = _QUOTED.sub(lambda found: HIDDEN * len(found[0]), line)
    return line


def open_quote(line: str) -> int | None:
    """Where a quotation mark stands that has no partner, or None; what follows it is not hidden."""
    found = re.search("[“”「」『』《》]", quotes_hidden(line))
    return found.start() if found else None


@lru_cache(maxsize=2000)
def typed_numbers(line: str, words: Words) -> tuple[tuple[int, int], ...]:
    """Stretches (start, end) of a line that hold a typed number; a text is read many times while it stays.

    Args:
        line: the line; characters of figure references replaced by `FIGURE`, filled-in words by `HIDDEN`.
        words: proper nouns to pass over, and measure words.
    """
    line = quotes_hidden(line)
    line = _names(words.names).sub(lambda found: HIDDEN * len(found[0]), line)
    shape = "".join("0" if _is_digit(character) else character for character in line)
    spots = []
    for found in _quantities(words.measures).finditer(shape):
        text = found[0].strip(FIGURE)
        start = found.start() + found[0].index(text)
        spots.append((start, start + len(text)))
    return tuple(spots)


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) in {"Nd", "Nl", "No"} and character not in NUMERAL


@lru_cache(maxsize=4)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_name(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)")


def _name(name: str) -> str:
    """A name as a pattern that never takes a part of a longer numeral: 一个 is not found in 十一个."""
    body = re.escape(name).replace("N", f"[{NUMERAL}]+")
    starts = f"(?<![{NUMERAL}])" if name[0] in NUMERAL else ""
    ends = f"(?![{NUMERAL}])" if name[-1] in NUMERAL else ""
    return f"{starts}{body}{ends}"


@lru_cache(maxsize=4)
def _quantities(measures: tuple[str, ...]) -> re.Pattern[str]:
    units = "|".join(re.escape(measure) for measure in sorted(measures, key=len, reverse=True))
    counted = [f"[第数上近约]?[{NUMERAL}]+[余多]?(?:{units})"] if units else []
    return re.compile("|".join((_DIGITS, *counted, *_PLAIN)))
