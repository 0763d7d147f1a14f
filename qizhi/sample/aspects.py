"""Which departments each branch covers, and the branch that began as a temporary one."""

from __future__ import annotations

import datetime as dt

from qizhi.org.models import JointUnit, TemporaryBranch
from qizhi.sample.organisation import Organisation
from qizhi.sample.rows import Rows, words
from qizhi.sample.staff import ONE_DAY

BEGAN_TEMPORARY = "z15"
"""A temporary branch until it elected its committee."""


def tell(rows: Rows, organisation: Organisation) -> None:
    """Write them down, by the departments from which the branches have their people."""
    for place in words("organisation")["departments"]:
        department, days = organisation.units[place["code"]], sorted(place["branches"])
        for number, day in enumerate(days):
            branch = organisation.units[place["branches"][day]]
            ends = [branch.to_on, days[number + 1] - ONE_DAY if number + 1 < len(days) else None]
            since: dt.date = max(day, branch.from_on, department.from_on)
            rows.add(
                JointUnit,
                since,
                unit=branch,
                covered=department,
                from_on=since,
                to_on=min((end for end in ends if end is not None), default=None),
            )
    for said in organisation.branches:
        if said.code == BEGAN_TEMPORARY:
            rows.add(
                TemporaryBranch,
                said.from_on,
                unit=organisation.units[said.code],
                purpose=words("organisation")["temporary_purpose"],
                from_on=said.from_on,
                to_on=said.committee_from_on - ONE_DAY,
            )
