"""Words pasted from a PDF: spaces inside dates and numbers, broken sentences, full-width digits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from qizhi.core.patterns import late

_BY_DIGITS = late(
    r"(?<=\d)\s+(?=[\d年月日号天〕\])])|(?<=[年月日至到第共〔\[(])\s+(?=\d)|(?<=[日)])\s+(?=[至到放(])"
)
_SPACE = late(r"\s+")
_NUMBERED = late(r"[一二三四五六七八九十]{1,3}、|\d{1,2}[.、](?!\d)|[(][一二三四五六七八九十]{1,3}[)]")
_HEADED = late(r"[^:。,;\d]{1,30}:")
_DATED = late(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_SIGNED = late(r"[\u4e00-\u9fff]{0,20}\d{4}年\d{1,2}月\d{1,2}日")
_SAID = late(r"(?:放假|上班|休息|补休|调休|公休|天)$")
_OPEN = late(r"[至到、,(年月]$")
_NAMED = late(r"^.+[:。]|\d日")
_FESTIVE = late(r"[节旦夕日]:$")


def plain_lines(text: str) -> list[str]:
    """The lines in plain digits and signs, without the spaces that a PDF puts around digits."""
    return [_BY_DIGITS.sub("", unicodedata.normalize("NFKC", line).strip()) for line in text.splitlines()]


def whole_lines(text: str) -> Iterator[str]:
    """The lines without any space, put together where a sentence was broken between two of them."""
    held = ""
    for line in (_SPACE.sub("", one) for one in plain_lines(text)):
        if held and line and not _begins(line, held):
            held += line
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _begins(line: str, held: str) -> bool:
    """Whether a line says something of its own, seen from what stands before it."""
    if _NUMBERED.match(line):
        return True
    if _OPEN.search(held) or _is_open_bracket(held) or (_NUMBERED.match(held) and not _NAMED.search(held)):
        return False
    if held[-1] in "。;" or _SIGNED.fullmatch(line) or _HEADED.match(line):
        return True
    if held[-1] == ":":
        return not _FESTIVE.search(held)
    return bool(_SAID.search(held) and _DATED.match(line))


def _is_open_bracket(held: str) -> bool:
    return held.count("(") > held.count(")")
