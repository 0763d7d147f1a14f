"""What the tests have shown, told together at the end of `qz.py test` (`conftest.py` writes the lines)."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from qzlib.places import data_dir
from qzlib.say import say

# The goals of the product. G11, visits from a spreadsheet, comes with the visits.
GOALS = (*(f"G{number}" for number in range(1, 11)), "G12", "G13", "G14", "G15")
IN_BROWSER = ("G1",)
NAME = re.compile(r"G(\d+): ")


def file() -> Path:
    """Where the runs of pytest write their lines."""
    return data_dir() / "told.txt"


def forget() -> None:
    """Begin anew."""
    file().unlink(missing_ok=True)


def lines() -> list[str]:
    """Each line once, goals first and by number."""
    path = file()
    found = set(path.read_text(encoding="utf-8").splitlines()) if path.exists() else set()
    return sorted(found, key=_goals_first)


def tell() -> None:
    """Print the lines, if there are any."""
    found = lines()
    if found:
        say("\nWhat the tests have shown 测试证明了什么:\n" + "\n".join(f"  {line}" for line in found))


def missing(found: Collection[str], *, has_browser: bool) -> list[str]:
    """Goals of which no line tells; those that need a browser only where there is one."""
    told = {line.partition(":")[0] for line in found}
    return [goal for goal in GOALS if goal not in told and (has_browser or goal not in IN_BROWSER)]


def _goals_first(line: str) -> tuple[int, str]:
    goal = NAME.match(line)
    return (int(goal[1]) if goal else 99, line)
