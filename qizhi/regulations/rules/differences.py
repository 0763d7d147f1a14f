"""What two texts differ in, in parts that a reader can follow, without crumbs of letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from qizhi.core.values import dataclass

CRUMB = 2
"""Characters; what stays the same between two changes and is shorter is shown as changed with them."""
ALIKE = 0.35
"""Share of equal characters below which one text is shown as replaced by the other."""
LONGEST = 4000
"""Characters that are compared one by one; longer paragraphs only as a whole."""


class Mark(StrEnum):
    """What became of a part of a text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Part:
    """A stretch of text with what became of it."""

    text: str
    mark: Mark


@dataclass(frozen=True)
class Compared:
    """A paragraph before and after, in parts; one side is empty where it did not exist."""

    before: tuple[Part, ...]
    after: tuple[Part, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return any(part.mark is not Mark.SAME for part in (*self.before, *self.after))


def compare_words(before: str, after: str) -> Compared:
    """Two paragraphs, character by character; one replaced by the other where they have little in common."""
    if before == after:
        same = (Part(before, Mark.SAME),) if before else ()
        return Compared(same, same)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    is_long = max(len(before), len(after)) > LONGEST
    if is_long or matcher.real_quick_ratio() < ALIKE or matcher.ratio() < ALIKE:
        return Compared(_part(before, Mark.GONE), _part(after, Mark.NEW))
    runs = list(_runs(matcher, before, after))
    old = _joined([Part(first, Mark.SAME if is_same else Mark.GONE) for is_same, first, _ in runs])
    new = _joined([Part(second, Mark.SAME if is_same else Mark.NEW) for is_same, _, second in runs])
    return Compared(old, new)


def compare_paragraphs(before: str, after: str) -> list[Compared]:
    """Two texts, paragraph by paragraph, and inside a changed paragraph character by character."""
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Compared] = []
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        first, second = old[from_old:to_old], new[from_new:to_new]
        if tag == "equal":
            found += [compare_words(one, one) for one in first]
        else:
            found += _pairs(first, second)
    return found


def _pairs(first: Sequence[str], second: Sequence[str]) -> Iterator[Compared]:
    for number in range(max(len(first), len(second))):
        before = first[number] if number < len(first) else ""
        after = second[number] if number < len(second) else ""
        yield compare_words(before, after)


def _runs(matcher: SequenceMatcher[str], before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    """Stretches that are the same and that are not, in turn; crumbs joined to what surrounds them."""
    codes = matcher.get_opcodes()
    held = ["", ""]
    for number, (tag, a_from, a_to, b_from, b_to) in enumerate(codes):
        is_inside = 0 < number < len(codes) - 1
        if tag == "equal" and not (is_inside and a_to - a_from < CRUMB):
            if any(held):
                yield False, held[0], held[1]
                held = ["", ""]
            yield True, before[a_from:a_to], after[b_from:b_to]
        else:
            held = [held[0] + before[a_from:a_to], held[1] + after[b_from:b_to]]
    if any(held):
        yield False, held[0], held[1]


def _joined(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Without empty parts; neighbours of one mark are one."""
    found: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        if found and found[-1].mark is part.mark:
            part = Part(found.pop().text + part.text, part.mark)  # noqa: PLW2901 - grows
        found.append(part)
    return tuple(found)


def _part(text: str, mark: Mark) -> tuple[Part, ...]:
    return (Part(text, mark),) if text else ()


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
