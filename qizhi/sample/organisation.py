"""The tree of units, and which branch a department's members belong to."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from typing import Any

from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.sample.rows import Rows, words
from qizhi.sample.staff import FOUNDED, LEADERS, ONE_DAY, START, Staff

FIRST_BRANCH, SMALL_BRANCH = "z01", "z12"


@dataclass(frozen=True)
class Branch:
    """A branch as the organisation file describes it."""

    code: str
    name: str
    groups: int
    committee: int
    from_on: dt.date
    to_on: dt.date | None
    committee_from_on: dt.date

    def exists_on(self, day: dt.date) -> bool:
        """Whether the branch exists on the day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def has_committee_on(self, day: dt.date) -> bool:
        """Whether it has elected a committee by the day."""
        return bool(self.committee) and self.exists_on(day) and day >= self.committee_from_on

    @property
    def group_codes(self) -> list[str]:
        """Codes of its groups."""
        return [f"{self.code}-{number}" for number in range(1, self.groups + 1)]


def branches() -> list[Branch]:
    """All branches there ever were."""
    return [
        Branch(
            code=said["code"],
            name=said["name"],
            groups=said["groups"],
            committee=said["committee"],
            from_on=said.get("from_on", START),
            to_on=said.get("to_on"),
            committee_from_on=said.get("committee_from_on", said.get("from_on", START)),
        )
        for said in words("organisation")["branches"]
    ]


@dataclass
class Organisation:
    """The units by code."""

    rows: Rows
    units: dict[str, Unit] = field(default_factory=dict)
    branches: list[Branch] = field(default_factory=branches)

    def __post_init__(self) -> None:
        """Make the units, parents first."""
        said = words("organisation")
        bureau = self.rows.bureau
        self._add(UnitKind.BUREAU, LEADERS, bureau.name, bureau.short_name)
        for kind in (UnitKind.PARTY_GROUP, UnitKind.CENTRE_GROUP, UnitKind.COMMITTEE):
            unit = said["units"][kind.value]
            self._add(kind, unit["code"], unit["name"], unit["short"], parent=LEADERS)
        for place in said["departments"]:
            days = {"from_on": place.get("from_on", FOUNDED)}
            short = place.get("short", "")
            self._add(UnitKind.DEPARTMENT, place["code"], place["name"], short, parent=LEADERS, **days)
        for branch in self.branches:
            days = {"from_on": branch.from_on, "to_on": branch.to_on}
            self._add(UnitKind.BRANCH, branch.code, branch.name, parent="oc", **days)
            for number, code in enumerate(branch.group_codes):
                name = said["group_names"][number]
                self._add(UnitKind.GROUP, code, name, parent=branch.code, **days)
        for branch_said in said["branches"]:
            if "successor" in branch_said:
                self.units[branch_said["code"]].successor = self.units[branch_said["successor"]]

    def _add(
        self, kind: UnitKind, code: str, name: str, short: str = "", parent: str = "", **days: Any
    ) -> None:
        above = self.units.get(parent)
        days.setdefault("from_on", FOUNDED)
        self.units[code] = self.rows.add(
            Unit,
            days["from_on"],
            kind=kind,
            code=code,
            name=name,
            short_name=short,
            parent=above,
            path=f"{above.path if above else ''}{code}/",
            position=len(self.units),
            **days,
        )


@dataclass(frozen=True)
class BranchStay:
    """Belonging to a branch from one day to another."""

    staff: Staff
    branch: str
    from_on: dt.date
    to_on: dt.date | None


def branch_stays(staff: Staff) -> list[BranchStay]:
    """In which branches somebody is or would be as a Party member; neighbours of one branch are joined."""
    mapping: dict[str, dict[dt.date, str]] = {
        place["code"]: place["branches"] for place in words("organisation")["departments"]
    }
    found: list[BranchStay] = []
    for stay in staff.stays:
        changes = mapping.get(stay.place, {START: staff.home})
        days = sorted(changes)
        for number, since in enumerate(days):
            start = max(since, stay.from_on)
            ends = [stay.to_on, days[number + 1] - ONE_DAY if number + 1 < len(days) else None]
            end = min((day for day in ends if day is not None), default=None)
            if end is None or start <= end:
                _join(found, BranchStay(staff, changes[since], start, end))
    return found


def _join(found: list[BranchStay], stay: BranchStay) -> None:
    last = found[-1] if found else None
    if last is not None and last.branch == stay.branch and last.to_on == stay.from_on - ONE_DAY:
        found[-1] = BranchStay(stay.staff, stay.branch, last.from_on, stay.to_on)
    else:
        found.append(stay)


def branch_on(staff: Staff, day: dt.date) -> str:
    """The branch somebody belongs to on a day; empty when they are not there."""
    for stay in branch_stays(staff):
        if stay.from_on <= day and (stay.to_on is None or day <= stay.to_on):
            return stay.branch
    return ""
