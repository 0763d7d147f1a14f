"""Lists and tasks to play with."""

from __future__ import annotations

import datetime as dt

from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import DutyPart
from qizhi.tasks.services.duties import DutyValues, create_list, give_task, issue_list

ISSUED = dt.date(2018, 1, 8)
JANUARY = dt.date(2018, 1, 31)
PLAN = DutyValues("制定学习计划", owner_role="secretary", due_on=JANUARY)
LESSONS = DutyValues("讲党课", due_on=dt.date(2018, 12, 20), figure="branch_life.active_methods", target=1)


def make_list(cast, kind=ListKind.RESPONSIBILITY, items=(PLAN,), *, year=2018, is_issued=True):
    """A list for both branches."""
    by = cast.actor("officer")
    made = create_list(
        issuer=cast.committee,
        year=year,
        kind=kind,
        name="",
        units=[cast.first, cast.second],
        items=items,
        by=by,
    )
    return issue_list(made, issued_on=ISSUED, by=by) if is_issued else made


def make_task(cast, values=None, units=None, issued_on=ISSUED):
    """A task for both branches, five working days long."""
    values = values or DutyValues("传达会议精神", start_on=issued_on, working_days=5)
    units = units or [cast.first, cast.second]
    return give_task(
        issuer=cast.committee, values=values, units=units, issued_on=issued_on, by=cast.actor("officer")
    )


def part_of(duty, unit):
    """The unit's part."""
    return DutyPart.objects.get(duty=duty, unit=unit)
