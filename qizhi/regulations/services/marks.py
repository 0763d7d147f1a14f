"""Mappings of a file that know their lines, and where a slip stands in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CaseFileError(ValueError):
    """What a file says cannot be read or used: Chinese, where and why."""


class Marked(dict[str, Any]):
    """A mapping of a file that knows its lines, so that a slip can be shown where it stands.

    Attributes:
        line: on which it begins, from 1.
        lines: on which each of its keys stands.
    """

    line: int = 0
    lines: Mapping[str, int]

    def __missing__(self, key: str) -> Any:
        """Somebody needs what is not there."""
        message = f"第{self.line}行起：缺“{key}”。"
        raise CaseFileError(message)


def where(row: Mapping[Any, Any], key: str = "") -> str:
    """Where a mapping, or a key of it, stands: `第12行“施行”：`.

    Of one that comes from no file the key alone is said, or nothing.
    """
    name = f"“{key}”" if key else ""
    if not isinstance(row, Marked):
        return f"{name}：" if name else ""
    return f"第{row.lines.get(key, row.line)}行{name}："


def need(row: Mapping[str, Any], key: str) -> Any:
    """What stands under a key that must be there; CaseFileError where it is not."""
    if key not in row and not isinstance(row, Marked):
        message = f"缺“{key}”。"
        raise CaseFileError(message)
    return row[key]
