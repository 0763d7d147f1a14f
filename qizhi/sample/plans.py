"""Plans of each year, and which gathering carried out which item."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qizhi.branch_life.models import WorkingMethod
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering
from qizhi.sample.agenda import Agenda
from qizhi.sample.branch_year import topic_for
from qizhi.sample.bureau_year import sessions
from qizhi.sample.diary import Diary
from qizhi.sample.organisation import Branch
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import LEADERS
from qizhi.study.models import PlanMatch
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import Plan, PlanItem

CANCELLED_SHARE, UNPLANNED_SHARE, AS_PLANNED_SHARE = 0.03, 0.12, 0.7
"""Items given up; sessions that nobody had planned; gatherings on the topic of the plan."""
LINKED_SHARE, REJECTED_SHARE = 0.5, 0.01
BULLETIN_MONTHS = (2, 4, 6, 8, 10, 12)


@dataclass
class Plans:
    """Writes plans, matches and working methods."""

    diary: Diary
    agenda: Agenda
    number: int

    def __post_init__(self) -> None:
        """Read the words."""
        self.rows, self.units, self.until = self.diary.rows, self.diary.units, self.diary.until
        self._said: dict[str, Any] = words("topics")
        self._names: dict[str, Any] = self._said["plans"]

    def tell(self, year: int, branches: Iterable[Branch]) -> None:
        """The plans of a year, adopted in January."""
        adopted = self.agenda.in_month("plans", year, 1, 8, 20)
        if adopted > self.until:
            return
        self._centre(year, adopted)
        for branch in branches:
            first = max(adopted, branch.from_on)
            if branch.exists_on(first) and first <= self.until and first.year == year:
                self._branch(branch, year, first)
        self._checks(year, adopted)

    def _plan(self, unit: str, year: int, purpose: Purpose, name: str, adopted: dt.date) -> Plan:
        return self.rows.add(
            Plan,
            adopted,
            unit=self.units[unit],
            year=year,
            purpose=purpose,
            name=name,
            adopted_on=adopted,
        )

    def _item(
        self, plan: Plan, month: int, topic: str, *, position: int = 1, ledger: str = "", why: str = ""
    ) -> None:
        self.rows.add(
            PlanItem,
            plan.adopted_on or self.until,
            plan=plan,
            month=month,
            position=position,
            topic=topic,
            ledger=ledger,
            cancelled_because=why,
        )

    def _centre(self, year: int, adopted: dt.date) -> None:
        name = self._names["centre"].format(year=year)
        plan = self._plan("cg", year, Purpose.CENTRE_STUDY, name, adopted)
        positions: dict[int, int] = defaultdict(int)
        for session in sessions(self.number, self.agenda, year):
            draw = chance(self.number, "centre item", session.on)
            for ledger, is_asked in (
                (Ledger.CENTRE_STUDY, session.is_study),
                (Ledger.CENTRE_DISCUSSION, session.is_discussion),
            ):
                if is_asked and draw.random() >= UNPLANNED_SHARE:
                    positions[session.on.month] += 1
                    key = "centre" if ledger == Ledger.CENTRE_STUDY else "discussion"
                    topic = self._topic(draw, plan, session.on, ledger) or draw.choice(self._said[key])
                    self._item(
                        plan, session.on.month, topic, position=positions[session.on.month], ledger=ledger
                    )
        # Planned and given up: the reason stands on the item.
        draw = chance(self.number, "centre cancelled", year)
        month = draw.randint(2, 11)
        why = self._why(draw) if dt.date(year, month, 28) < self.until else ""
        topic = draw.choice(self._said["centre"])
        self._item(plan, month, topic, position=positions[month] + 1, ledger=Ledger.CENTRE_STUDY, why=why)

    def _why(self, draw: random.Random) -> str:
        why: str = draw.choice(self._names["cancelled"])
        return why

    def _branch(self, branch: Branch, year: int, adopted: dt.date) -> None:
        name = self._names["branch"].format(year=year, branch=branch.name)
        plan = self._plan(branch.code, year, Purpose.BRANCH_STUDY, name, adopted)
        draw = chance(self.number, "branch plan", branch.code, year)
        for month in range(adopted.month, 13):
            first = dt.date(year, month, 1)
            topic = topic_for(draw, first)[0]
            topic = self._topic(draw, plan, first, Ledger.THEME_DAY) or topic
            is_over = dt.date(year, month, 28) < self.until
            why = self._why(draw) if draw.random() < CANCELLED_SHARE and is_over else ""
            self._item(plan, month, topic, ledger=Ledger.THEME_DAY, why=why)
        for quarter_end in range(adopted.month + 2 - (adopted.month - 1) % 3, 13, 3):
            month = self._lesson_month(draw, plan, quarter_end)
            lesson = draw.choice(self._said["lessons"])
            self._item(plan, month, lesson, position=2, ledger=Ledger.LESSON)

    def _lesson_month(self, draw: random.Random, plan: Plan, quarter_end: int) -> int:
        """Mostly the lesson of a quarter is held in the month it was planned for."""
        months = range(quarter_end - 2, quarter_end + 1)
        held = [m for m in months if (plan.unit.code, Ledger.LESSON, plan.year, m) in self.diary.held]
        is_kept = draw.random() < AS_PLANNED_SHARE
        return held[0] if held and is_kept else quarter_end

    def _checks(self, year: int, adopted: dt.date) -> None:
        """Twelve checks and six bulletins a year (F17): planned; what comes of them is not recorded yet."""
        checks = self._plan(
            LEADERS, year, Purpose.INSPECTION, self._names["inspection"].format(year=year), adopted
        )
        for month in range(1, 13):
            self._item(checks, month, self._names["inspection_item"].format(month=month))
        bulletins = self._plan(
            LEADERS, year, Purpose.BULLETIN, self._names["bulletin"].format(year=year), adopted
        )
        for month in BULLETIN_MONTHS:
            topic = self._names["bulletin_item"].format(first=month - 1, month=month)
            self._item(bulletins, month, topic)

    def _topic(self, draw: random.Random, plan: Plan, day: dt.date, ledger: Ledger) -> str:
        """Mostly what was planned is what was talked about later."""
        found = self.diary.held.get((plan.unit.code, ledger, day.year, day.month))
        is_kept = draw.random() < AS_PLANNED_SHARE
        return found[0].topics.split("\n")[0] if found and is_kept else ""

    def decide(self) -> None:
        """What people said of items: a late gathering linked by hand, one of the same month rejected.

        All other pairs are worked out by `study` when somebody looks.
        """
        for item in self.rows.of(PlanItem):
            if not item.ledger or item.cancelled_because:
                continue
            plan = item.plan
            draw = chance(self.number, "decide", plan.unit.code, plan.year, item.month, item.position)
            held = self.diary.held
            same = held.get((plan.unit.code, item.ledger, plan.year, item.month), [])
            after = held.get((plan.unit.code, item.ledger, plan.year, item.month + 1), [])
            if not same and after and draw.random() < LINKED_SHARE:
                self._word(item, after[0], is_rejected=False)
            elif same and draw.random() < REJECTED_SHARE:
                self._word(item, same[0], is_rejected=True)

    def _word(self, item: PlanItem, gathering: Gathering, *, is_rejected: bool) -> None:
        day = gathering.held_on
        self.rows.add(PlanMatch, day, item=item, gathering=gathering, is_rejected=is_rejected)

    def methods(self) -> None:
        """The branches' working methods."""
        for said in self._said["methods"]:
            self.rows.add(
                WorkingMethod,
                said["from_on"],
                unit=self.units[said["branch"]],
                name=said["name"],
                from_on=said["from_on"],
                to_on=said.get("to_on"),
            )
