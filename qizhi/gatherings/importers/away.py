"""How ledgers write who was away: 王五出差, 出差：王五、赵六, 2人. Plain text in, plain text out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from qizhi.core.tables.values.numbers import SMALL_WORDS

_BETWEEN = re.compile(r"[、，,;；/|\n]+")
_COUNT = re.compile(
    r"[^0-9()]{0,8}?(?P<number>[0-9]{1,3}|[一二两三四五六七八九十]{1,2})(?:[人名位][^0-9]{0,12}|(?<=[0-9]))"
)
# What stands behind a name without brackets must look like a reason: 王五一 may be a third person.
_REASON = re.compile(
    "因|出差|请假|病|假|学习|培训|值班|加班|公务|开会|会议|外出|住院|探亲|调|驻村|下乡|陪护|身体|执勤|"
    "未|缺席|无故|家中|有事|轮休|在外|退休|旷"
)
_AROUND = re.compile(r"^(?:同志)?(?:因为?)?|(?:而?未能?参加|没有参加|未到会|未到|缺席)?[。.]?$")
_NO_REASON = re.compile("无故|无正当|未请假|没请假|没有请假|旷|不明|不详|未说明")
_LONGEST_NAME = 12


def counted(text: str, is_number: Callable[[str], bool]) -> int | None:
    """How many a cell speaks of that names nobody: 2人, 出差1人、病假1人; None for anything else.

    Args:
        text: as typed, narrow.
        is_number: whether bare digits are somebody's staff number.
    """
    pieces = [piece.strip().rstrip("。") for piece in _BETWEEN.split(text) if piece.strip()]
    total = 0
    for piece in pieces:
        match = _COUNT.fullmatch("".join(piece.split()))
        if match is None or is_number(piece):
            return None
        total += SMALL_WORDS.get(match["number"]) or int(match["number"])
    return total if pieces else None


def spelt_out(pieces: Iterable[str], is_name: Callable[[str], bool]) -> list[str]:
    """The pieces of a cell with each reason in brackets behind its name.

    Args:
        pieces: between separators.
        is_name: whether a word is somebody's name.
    """
    found: list[str] = []
    shared = ""
    for piece in pieces:
        head, colon, tail = piece.partition(":")
        if not colon or "(" in head:
            found.append(_with_reason(piece, shared, is_name))
        elif is_name(_tight(head)):
            found.append(f"{head}({_bare(tail)})" if tail.strip() else head)
        else:
            shared = head.strip()
            found.append(_with_reason(tail.strip(), shared, is_name))
    return [piece for piece in found if piece]


def _with_reason(piece: str, shared: str, is_name: Callable[[str], bool]) -> str:
    if not piece or "(" in piece or all(map(is_name, piece.split())) or is_name(_tight(piece)):
        return f"{piece}({shared})" if shared and piece and "(" not in piece else piece
    word = _tight(piece)
    for length in range(min(len(word) - 1, _LONGEST_NAME), 1, -1):
        name, rest = word[:length], word[length:]
        if is_name(name) and _REASON.search(rest):
            return f"{name}({_bare(rest)})"
    return piece


def inherited(reasons: Sequence[str]) -> list[str]:
    """Each reason, or the next one of the cell: in 王五、赵六出差 both are away on duty."""
    found: list[str] = []
    following = ""
    for reason in reversed(reasons):
        following = reason or following
        found.append(following)
    return found[::-1]


def is_excuse(reason: str) -> bool:
    """Whether a ledger gives a reason, and not that there was none."""
    return bool(reason) and not _NO_REASON.search(reason)


def _tight(word: str) -> str:
    return "".join(word.split())


def _bare(reason: str) -> str:
    """因出差未参加 → 出差; what would leave nothing stays."""
    return _AROUND.sub("", reason.strip()) or reason.strip()
