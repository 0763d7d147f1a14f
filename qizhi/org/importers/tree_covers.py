"""The column of the table of units that says which departments a branch covers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from qizhi.core import clock
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.tables.problems import BadCell
from qizhi.core.tables.reading import RecordRow
from qizhi.core.tables.values.plain import shorten
from qizhi.org.enums import UnitKind
from qizhi.org.importers.tree_books import Books
from qizhi.org.models import JointUnit, Unit
from qizhi.org.services.aspects import cover_unit

COLUMN = "covers"
Wanted = list[tuple[Unit, dt.date]]
"""A department with the first day on which the branch covers it."""


class Covers:
    """What is on record already; one query."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read it."""
        self._today = clock.today()
        self._known: dict[uuid.UUID, dict[uuid.UUID, list[JointUnit]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in JointUnit.objects.filter(bureau_id=bureau_id).order_by("from_on"):
            self._known[row.unit_id][row.covered_id].append(row)

    def departments(self, row: RecordRow, books: Books) -> list[Unit]:
        """The departments that a row names.

        Raises:
            BadCell: there is no such department.
        """
        found = []
        for word in row.values[COLUMN] or ():
            covered = books.find(word)
            if covered is None:
                books.check_doubt(word)
            if covered is None or covered.kind != UnitKind.DEPARTMENT:
                reason = f"没有名为“{shorten(word)}”的处室"
                raise BadCell(COLUMN, reason, books.advice(word) if covered is None else "覆盖单位请填处室")
            found.append(covered)
        return found

    def wanted(self, unit: Unit, departments: Sequence[Unit]) -> Wanted:
        """What a row brings that is not on record: since the later founding of the two.

        Raises:
            BadCell: it is no branch; or what ended would begin again.
        """
        if departments and unit.kind != UnitKind.BRANCH:
            raise BadCell(COLUMN, f"“{unit}”不是党支部，只有党支部有覆盖单位", "请清空这一格")
        fresh = {one.pk: one for one in departments if not self._is_known(unit, one)}
        return [(one, max(unit.from_on, one.from_on)) for one in fresh.values()]

    def _is_known(self, unit: Unit, covered: Unit) -> bool:
        rows = self._known[unit.pk][covered.pk]
        if not rows:
            return False
        last = rows[-1].to_on
        if last is not None and last < (unit.to_on or self._today):
            reason = f"“{unit}”覆盖“{covered}”到{say_day(last)}为止"
            raise BadCell(COLUMN, reason, "又覆盖的，请在党支部的页面登记新的一段")
        return True

    def names(self, unit: Unit, books: Books) -> str | None:
        """What a branch covers today, or on its last day, as the table writes it."""
        day = min(self._today, unit.to_on or self._today)
        rows = [row for own in self._known[unit.pk].values() for row in own]
        now = [row for row in rows if row.holds(day)]
        words = (books.word(row.covered_id) for row in now)
        return "、".join(word for word in words if word) or None


def write_covers(unit_id: uuid.UUID, wanted: Wanted, by: Actor) -> None:
    """Write down what a row brings; both units are there by now."""
    if not wanted:
        return
    units = Unit.objects.filter(bureau_id=by.bureau_id)
    branch = units.get(pk=unit_id)
    for covered, from_on in wanted:
        cover_unit(unit=branch, covered=units.get(pk=covered.pk), from_on=from_on, to_on=None, by=by)
