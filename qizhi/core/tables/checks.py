"""How a row is understood, step by step: all its wrong cells are told in one turn, each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from qizhi.core.errors import Refused
from qizhi.core.tables.problems import BadCell, UnreadCell
from qizhi.core.tables.reading import CellError, RecordRow

Result = TypeVar("Result")
MISSING: Any = object()
"""Stands for what is not known because a cell is wrong on which it rests; that cell is told already."""


class RowCheck:
    """The steps of one row: what is wrong is told, and what rests on it is left out without a word.

        check = RowCheck(row, outcome.errors)
        person = check.take(people.find, check["person"], on="person")
        unit = check.take(_branch, row, units)
        check.take(_in_order, row)                        # raises BadCell("to_on", …)
        what = check.last(_step, person, unit, row)       # only of a row without any wrong cell
        if check.is_sound: …

    Attributes:
        row: the row; asking its values for a cell that could not be read ends the step that asks.
        is_sound: whether nothing is wrong with it so far.
    """

    def __init__(self, row: RecordRow, errors: list[CellError]) -> None:
        """Begin with what the reader of the file has told already."""
        self.row, self._errors = row, errors
        self.is_sound = not row.is_flawed
        self._told: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        """The value of a cell, MISSING if it could not be read."""
        try:
            return self.row.values[key]
        except UnreadCell:
            return MISSING

    def take(self, step: Callable[..., Result], *given: Any, on: str = "", **more: Any) -> Result:
        """What a step finds out; MISSING where something that it needs is missing or does not hold.

        Args:
            step: raises BadCell, or Refused for a cell of its field.
            given: what it is called with.
            on: the column of a refusal that names none of the table.
            more: the same by name.
        """
        if any(one is MISSING for one in (*given, *more.values())):
            return cast("Result", MISSING)
        try:
            return step(*given, **more)
        except BadCell as problem:
            self.tell(problem)
        except Refused as problem:
            self.tell(BadCell.of(problem.field if self.row.has_column(problem.field) else on, problem))
        except UnreadCell:
            self.is_sound = False
        return cast("Result", MISSING)

    def last(self, step: Callable[..., Result], *given: Any, on: str = "", **more: Any) -> Result:
        """The step that takes the row over: not done where anything is wrong with it."""
        return self.take(step, *given, on=on, **more) if self.is_sound else cast("Result", MISSING)

    def tell(self, problem: BadCell) -> None:
        """Keep what is wrong with a cell, once: the first reason is the one to mend."""
        self.is_sound = False
        if problem.key not in self._told:
            self._told.add(problem.key)
            self._errors.append(self.row.error(problem.key, problem.reason, problem.fix))
