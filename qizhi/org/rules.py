"""How people name things: arithmetic on words."""

from __future__ import annotations


def post_name(unit: str, post: str) -> str:
    """A post with its unit, where the end of one is not said again at the beginning of the other.

    第一党支部 and 支部书记 make 第一党支部书记; 第二党小组 and 党小组组长 make 第二党小组组长.
    """
    for length in range(min(len(unit), len(post)), 1, -1):
        if unit.endswith(post[:length]):
            return unit + post[length:]
    return unit + post
