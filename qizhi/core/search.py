"""Words that people look for, in Chinese characters, in pinyin or by initials: pure text, no table.

A text is kept in three forms that stand character under character: folded (small letters, one kind of
brackets), its syllables (`·dang·ke`) and its initials (`dk`). So the place of a match in any of them is the
place of the characters to be marked, and the database only has to look for a substring.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from qizhi.core.patterns import late
from qizhi.core.values import dataclass

MOST_WORDS = 8
LONGEST_WORD = 60
MOST_READINGS = 12
FEWEST_INITIALS = 2
DOT = "·"
HAN = late("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
LETTERS = late("[a-z]+")
_BRACKETS = str.maketrans("[]【】〔〕［］（）{}", "()()()()()()", "")
_FINALS = (
    "a|o|e|ai|ei|ao|ou|an|en|ang|eng|er|i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ua|uo|uai|ui|uan|un|uang|ong"
    "|v|ve|ue"
)
_SYLLABLE = late(f"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:{_FINALS}))|ng|n")
_BEGINNING = late(f"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(?:{_FINALS})?|(?:{_FINALS})")
LONGEST_SYLLABLE = 6


@dataclass(frozen=True)
class Forms:
    """A text as it is looked through."""

    folded: str
    syllables: str
    initials: str


@dataclass(frozen=True)
class Word:
    """Something looked for.

    Attributes:
        folded: as typed, folded.
        readings: the ways to read it as syllables, such as `·dang·ke`; none for what is no pinyin.
        initials: it as initials of characters; empty for what can be none.
    """

    folded: str
    readings: tuple[str, ...] = ()
    initials: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, found or not."""

    text: str
    is_found: bool


def fold(text: str) -> str:
    """Small letters, narrow digits, one kind of brackets; exactly one character for each of the text."""
    return "".join(map(_fold_one, text)).translate(_BRACKETS)


@lru_cache(maxsize=4096)
def _fold_one(character: str) -> str:
    code = ord(character)
    if 0xFF01 <= code <= 0xFF5E:  # noqa: PLR2004 - the wide forms of ASCII
        character = chr(code - 0xFEE0)
    small = character.lower()
    return small if len(small) == 1 else character


@lru_cache(maxsize=20_000)
def forms_of(text: str) -> Forms:
    """The three forms of a text; what is no Chinese character stands for itself."""
    return forms_read(text, [sound for run in re.findall(f"{HAN.pattern}+", text) for sound in _sounds(run)])


def forms_read(text: str, sounds: Sequence[str]) -> Forms:
    """The three forms of a text of which it is known how it is read.

    Args:
        text: any.
        sounds: a syllable for each of its Chinese characters; what lacks one stands for itself.
    """
    folded = fold(text)
    syllables = list(folded)
    for at, sound in zip(HAN.finditer(text), sounds, strict=False):
        syllables[at.start()] = sound
    initials = (one[:1] or " " for one in syllables)
    return Forms(folded, "".join(DOT + one for one in syllables), "".join(initials))


def _sounds(run: str) -> list[str]:
    """One syllable for each of the characters, read as words."""
    # The tables of readings take half a second and 60 MB to load: only where something is written.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    read = lazy_pinyin(run)
    if len(read) != len(run):  # a character without a reading swallows its neighbours
        read = [next(iter(lazy_pinyin(one)), one) for one in run]
    return [_plain(one) for one in read]


def _plain(sound: str) -> str:
    return sound.lower().replace("ü", "v")


def words_of(query: str) -> list[Word]:
    """The words of a query, which all must occur; blanks part them."""
    return [
        _word(one[:LONGEST_WORD])
        for one in fold(query).replace("《", " ").replace("》", " ").split()[:MOST_WORDS]
    ]


def _word(folded: str) -> Word:
    plain = folded.replace("'", "")
    if not LETTERS.fullmatch(plain):
        return Word(folded)
    readings = tuple(DOT + DOT.join(one) for one in _readings(folded))
    return Word(folded, readings, plain if len(plain) >= FEWEST_INITIALS else "")


def _readings(letters: str) -> list[tuple[str, ...]]:
    """The ways to cut letters into syllables, an apostrophe parting them; the last may only be begun."""
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[tuple[str, ...], str]] = [((), letters)]
    while waiting and len(found) < MOST_READINGS:
        done, rest = waiting.pop()
        if not rest:
            found.append(done)
            continue
        if rest[0] == "'":
            waiting.append((done, rest[1:]))
            continue
        if len(rest) <= LONGEST_SYLLABLE and "'" not in rest and _BEGINNING.fullmatch(rest):
            found.append((*done, rest))
        waiting += [
            ((*done, rest[:length]), rest[length:])
            for length in range(1, min(LONGEST_SYLLABLE, len(rest) - 1) + 1)
            if _SYLLABLE.fullmatch(rest[:length])
        ]
    return list(dict.fromkeys(found))


def places_of(words: Sequence[Word], forms: Forms) -> list[tuple[int, int]]:
    """Where the words stand in a text, from and to, in order and apart.

    A word that stands there as typed is not looked for as pinyin too, nor pinyin as initials.
    """
    places: list[tuple[int, int]] = []
    for word in words:
        found = _literal(word.folded, forms.folded)
        found = found or [one for reading in word.readings for one in _spoken(reading, forms.syllables)]
        found = found or (_literal(word.initials, forms.initials) if word.initials else [])
        places += found
    return _apart(sorted(places))


def _literal(word: str, text: str) -> list[tuple[int, int]]:
    return [(at.start(), at.end()) for at in re.finditer(re.escape(word), text)]


def _spoken(reading: str, syllables: str) -> list[tuple[int, int]]:
    length = reading.count(DOT)
    starts = [syllables.count(DOT, 0, at.start()) for at in re.finditer(re.escape(reading), syllables)]
    return [(start, start + length) for start in starts]


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def pieces_of(text: str, places: Sequence[tuple[int, int]], *, width: int = 0) -> list[Piece]:
    """The text in pieces; with a width only so much of it, around the first found."""
    start, end = 0, len(text)
    if width and end > width:
        first = places[0][0] if places else 0
        start = max(0, min(first - width // 4, end - width))
        end = start + width
    pieces = [Piece("…", is_found=False)] if start else []
    at = start
    for one, other in places:
        low, high = max(one, at), min(other, end)
        if low >= high:
            continue
        if low > at:
            pieces.append(Piece(text[at:low], is_found=False))
        pieces.append(Piece(text[low:high], is_found=True))
        at = high
    if at < end:
        pieces.append(Piece(text[at:end], is_found=False))
    if end < len(text):
        pieces.append(Piece("…", is_found=False))
    return pieces
