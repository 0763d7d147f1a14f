"""Mappings of a file that know their lines, and where a slip stands in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
        raise ValueError(message)


def where(row: Mapping[Any, Any], key: str = "") -> str:
    """Where a mapping, or a key of it, stands: `第12行“施行”：`; empty for one that comes from no file."""
    if not isinstance(row, Marked):
        return ""
    return f"第{row.lines.get(key, row.line)}行{f'“{key}”' if key else ''}："
