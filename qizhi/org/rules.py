"""How people name things: arithmetic on words."""

from __future__ import annotations

from collections.abc import Container

LONGEST_HEAD = 16
"""Characters of a code to which a number can be added."""


def post_name(unit: str, post: str) -> str:
    """A post with its unit, where the end of one is not said again at the beginning of the other.

    第一党支部 and 支部书记 make 第一党支部书记; 第二党小组 and 党小组组长 make 第二党小组组长.
    """
    for length in range(min(len(unit), len(post)), 1, -1):
        if unit.endswith(post[:length]):
            return unit + post[length:]
    return unit + post


def free_code(prefix: str, taken: Container[str], *, below: str = "") -> str:
    """The next code that no unit has, since nobody should have to think one up: z03, or z01-2 below z01.

    Args:
        prefix: what codes of the kind begin with.
        taken: the codes there are, in small letters.
        below: the code of the branch that a group belongs to; one that is too long says nothing.
    """
    head, width = (f"{below}-", 1) if below and len(below) <= LONGEST_HEAD else (prefix, 2)
    number = 1
    while f"{head}{number:0{width}}".lower() in taken:
        number += 1
    return f"{head}{number:0{width}}"
