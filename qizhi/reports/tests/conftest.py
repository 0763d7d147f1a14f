"""The standing cast with three years of work planted, each count of it told in `planted`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qizhi.core import clock
from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.enums import Capacity, Ledger, VisitorRole
from qizhi.gatherings.models import Gathering, Lecturer, LedgerEntry, Series, Visitor
from qizhi.org.models import RankTenure
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import Plan, PlanItem

YEARS = range(2015, 2020)  # in which these tests play


@dataclass
class Planter:
    """Writes gatherings straight into the tables."""

    cast: Any

    def hold(self, day, *ledgers, unit=None, **values):
        """A gathering that counts for the ledgers."""
        on = dt.date.fromisoformat(day)
        unit = unit or self.cast.first
        row = Gathering.objects.create(
            bureau=self.cast.bureau,
            unit=unit,
            title=values.pop("title", f"{unit.name} {day}"),
            held_on=on,
            recorded_at=clock.now(),
            recorded_by="示例",
            **values,
        )
        for ledger in ledgers:
            LedgerEntry.objects.create(
                bureau=self.cast.bureau, gathering=row, ledger=ledger, unit=unit, held_on=on
            )
        return row

    def many(self, number, year, *ledgers, unit=None, **values):
        """So many in a year, on days of their own."""
        first = dt.date(year, 1, 9)
        return [
            self.hold((first + dt.timedelta(days=7 * step)).isoformat(), *ledgers, unit=unit, **values)
            for step in range(number)
        ]


@left_standing
def plant(cast):
    return Planter(cast)


@left_standing
def planted(cast, plant):
    """Three years of two branches, the centre group and the bureau."""
    centre = cast.centre_group
    for year, study in ((2015, 2), (2016, 3), (2017, 4)):
        plant.many(study, year, Ledger.CENTRE_STUDY, Ledger.TRAINING, unit=centre, hours=3)
    plant.many(1, 2017, Ledger.CENTRE_DISCUSSION, unit=centre)
    plant.many(4, 2017, Ledger.CONGRESS)
    plant.many(1, 2017, Ledger.CONGRESS, unit=cast.second)
    plant.many(3, 2017, Ledger.COMMITTEE)
    plant.many(12, 2016, Ledger.THEME_DAY)
    plant.many(11, 2017, Ledger.THEME_DAY)
    lesson, other = plant.many(2, 2017, Ledger.LESSON)
    for row, capacity in ((lesson, Capacity.SECRETARY), (other, Capacity.MEMBER)):
        Lecturer.objects.create(
            bureau=cast.bureau, gathering=row, person=cast.person("secretary"), capacity=capacity
        )
    Visitor.objects.create(
        bureau=cast.bureau, gathering=lesson, person=cast.person("leader"), role=VisitorRole.AUDITOR
    )
    flags = Series.objects.create(bureau=cast.bureau, key="new-year-flag", name="新年升旗仪式")
    load_national_calendar(cast.bureau, by=cast.actor("officer"), years=YEARS)
    for day in ("2016-01-04", "2017-01-03", "2018-01-02"):
        plant.hold(day, Ledger.CEREMONY, unit=cast.root, series=flags)
    plan = Plan.objects.create(
        bureau=cast.bureau, unit=cast.root, year=2017, purpose=Purpose.INSPECTION, name="月度检查计划"
    )
    for month in range(1, 13):
        PlanItem.objects.create(bureau=cast.bureau, plan=plan, month=month, topic=f"{month}月检查")
    RankTenure.objects.create(
        bureau=cast.bureau, person=cast.person("leader"), rank="division", from_on=dt.date(2015, 1, 1)
    )
    return plant
