"""Values that somebody has written by hand: what may stand in a row, and nothing else."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

DEEPEST, MOST, LONGEST = 6, 3000, 10_000
"""Levels, values in all, and characters of one text, far beyond what a case needs."""
LARGEST = 10**12


def plain(value: Any) -> Any:
    """A copy made of mappings, lists, text, whole and broken numbers, yes and no, and nothing.

    Raises:
        ValueError: something else stands in it, or it has no end; Chinese.
    """
    return _plain(value, DEEPEST, [MOST])


def _plain(value: Any, depth: int, room: list[int]) -> Any:
    room[0] -= 1
    if room[0] < 0 or depth < 0:
        message = "内容太多，或者一层套一层太深，请改得简单些。"
        raise ValueError(message)
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(one, depth - 1, room) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, depth - 1, room) for one in value]
    return _single(value)


def _single(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < LARGEST:
        return value
    message = f"“{str(value)[:30]}”不是文字、日期或通常的数字，请核对。"
    raise ValueError(message)


def clean(text: str) -> str:
    """Text without signs that cannot be shown; ValueError where there are some, or far too many of all."""
    if len(text) > LONGEST:
        message = f"文字太长，至多{LONGEST}个字。"
        raise ValueError(message)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text):
        message = "文字里有看不见的控制字符，请删去后重新输入。"
        raise ValueError(message)
    return text
