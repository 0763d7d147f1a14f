"""Study files of the centre group: closed each January, once nothing lacks."""

from __future__ import annotations

import datetime as dt

from qizhi.core import periods
from qizhi.org.enums import Role
from qizhi.org.models import Bureau, Post
from qizhi.sample.rows import Rows
from qizhi.sample.staff import START
from qizhi.study.models import YearFile
from qizhi.study.queries.year_files import file_of
from qizhi.study.rules.year_files import Part

CLOSED = (1, 25)
"""The day of the next year on which the study secretary closes the file, or the Monday after."""
SATURDAY = 5


def close_year_files(bureau: Bureau, rows: Rows, until: dt.date) -> None:
    """Close the file of each year that is over, by whoever was study secretary on the day."""
    by_day = rows.of(Post)
    for number in range(START.year, until.year):
        day, year = dt.date(number + 1, *CLOSED), periods.year(number)
        day += dt.timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0)
        secretary = next(
            (post for post in by_day if post.role == Role.STUDY_SECRETARY and post.holds(day)),
            None,
        )
        if secretary is None or day > until:
            continue
        found = file_of(secretary.unit, year, day)
        if found.lacking:
            continue
        YearFile(
            id=rows.ids.at(day),
            bureau=bureau,
            unit=secretary.unit,
            year=number,
            closed_on=day,
            closed_by_label=secretary.person.name,
            parts=[[one.label, one.words] for one in found.parts if one.part is not Part.FILED],
        ).save(force_insert=True)
