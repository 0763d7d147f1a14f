"""How working methods fared: their elements, the review of each year, the theme days that used them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qizhi.branch_life.enums import Conclusion
from qizhi.branch_life.models import MethodElement, MethodReview, MethodUse, WorkingMethod
from qizhi.gatherings.enums import Ledger
from qizhi.sample.agenda import THEME_BRANCH, VISITED_ON, Agenda
from qizhi.sample.diary import Diary
from qizhi.sample.rows import chance, words

USED_IN = (1, 4, 9)
"""Months whose theme day, now and then, is about the branch's method."""


@dataclass
class Methods:
    """Writes what came of the working methods."""

    diary: Diary
    agenda: Agenda
    number: int

    def tell(self) -> None:
        """All methods that have begun by the last day."""
        said: dict[str, Any] = {one["name"]: one for one in words("topics")["methods"]}
        for method in self.diary.rows.of(WorkingMethod):
            if method.from_on > self.diary.until:
                continue
            # What no source says stays empty: elements are told by the file or not at all.
            for position, text in enumerate(said[method.name].get("elements", ()), start=1):
                self.diary.rows.add(
                    MethodElement, method.from_on, method=method, position=position, text=text
                )
            last = said[method.name].get("to_on") or self.diary.until
            for year in range(method.from_on.year, min(last, self.diary.until).year + 1):
                self._review(method, year, last)
                self._use(method, year, last)

    def _review(self, method: WorkingMethod, year: int, last: dt.date) -> None:
        day = self.agenda.in_month(f"review {method.unit.code} {method.name}", year, 12, 5, 25)
        is_last = (last.year, last.month) == (year, 12) and last < self.diary.until
        if not method.from_on <= day <= min(last, self.diary.until):
            return
        draw = chance(self.number, "review", method.unit.code, method.name, year)
        revised = draw.random() < 0.15  # noqa: PLR2004
        conclusion = Conclusion.STOP if is_last else Conclusion.REVISE if revised else Conclusion.CONTINUE
        self.diary.rows.add(MethodReview, day, method=method, reviewed_on=day, conclusion=conclusion)

    def _use(self, method: WorkingMethod, year: int, last: dt.date) -> None:
        for month in USED_IN:
            draw = chance(self.number, "use", method.unit.code, method.name, year, month)
            held = self.diary.held.get((method.unit.code, Ledger.THEME_DAY, year, month), [])
            is_source = method.unit.code == THEME_BRANCH and (year, month) == (
                VISITED_ON.year,
                VISITED_ON.month,
            )
            for gathering in held[:1]:
                is_inside = method.from_on <= gathering.held_on <= last
                if is_inside and (is_source or draw.random() < 0.4):  # noqa: PLR2004
                    self.diary.rows.add(MethodUse, gathering.held_on, method=method, gathering=gathering)
