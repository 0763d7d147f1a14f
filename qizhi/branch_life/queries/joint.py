"""Which departments branches cover on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from qizhi.branch_life.rules import JOINT_FROM
from qizhi.core.values import dataclass
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of


@dataclass(frozen=True)
class JointFact:
    """What a branch covers on a day.

    Attributes:
        unit_id: the branch.
        unit: its Chinese name.
        on: the day.
        names: the departments, in their order.
        is_on_record: whether it ever covered any, on whatever day.
    """

    unit_id: uuid.UUID
    unit: str
    on: dt.date
    names: tuple[str, ...]
    is_on_record: bool

    @property
    def why_not(self) -> str:
        """Why nothing is asked of it, in Chinese; empty where something is."""
        if not self.is_on_record:
            return "没有登记覆盖单位，不是联合党支部"
        return "只覆盖1个单位，不是联合党支部" if 0 < len(self.names) < JOINT_FROM else ""


def covered_on(bureau_id: uuid.UUID, units: Iterable[Unit], day: dt.date) -> list[JointFact]:
    """What each of the branches covers on the day; the queries of `belonging_of`. Only what exists counts."""
    here, found = belonging_of(bureau_id), []
    for unit in units:
        spells = here.covered.get(unit.pk, [])
        now = [here.units[spell.covered_id] for spell in spells if spell.covered_id and spell.holds(day)]
        there = [one for one in now if one.holds(day)]
        there.sort(key=lambda one: here.places[one.pk])
        names = tuple(dict.fromkeys(str(one) for one in there))
        found.append(JointFact(unit.pk, str(unit), day, names, is_on_record=bool(spells)))
    return found
