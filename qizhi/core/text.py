"""Text that people typed, made fit for files: what XML can hold, and how wide it will be."""

from __future__ import annotations

import re
import unicodedata

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
WIDE = frozenset("WFA")


def clean(text: str) -> str:
    """Return the text without what XML cannot hold, with blanks for tabs and one kind of line end."""
    return NOT_IN_XML.sub("", LINE_ENDS.sub("\n", text)).replace("\t", " ")


def one_line(text: str | None) -> str:
    """Return the cleaned text on one line, without blanks at its ends; empty for None."""
    return " ".join(clean(text or "").split("\n")).strip()


def width_em(text: str) -> float:
    """Width of a text in characters: 1 for a Chinese one, 0.5 for others, 0 for combining marks."""
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in WIDE else 0.5


def shortened(text: str, width: float) -> str:
    """Return the text on one line, cut with `…` where it is wider than `width` characters."""
    text = one_line(text)
    if width_em(text) <= width:
        return text
    kept = ""
    for character in text:
        if width_em(kept + character) > width - 1:
            break
        kept += character
    return f"{kept}…"


_INNER = str.maketrans("“”", "‘’")


def quoted(text: str) -> str:
    """In quotation marks; those that it has become inner ones, as Chinese has it: “关于‘三会一课’”."""
    return f"“{text.translate(_INNER)}”"
