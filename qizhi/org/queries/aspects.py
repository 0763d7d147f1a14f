"""What a branch is beside its people: whether it is a temporary one, and which departments it covers."""

from __future__ import annotations

import datetime as dt

from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.models import JointUnit, TemporaryBranch, Unit

Aspect = TemporaryBranch | JointUnit


@dataclass(frozen=True)
class Aspects:
    """What is on record of a branch or of a department.

    Attributes:
        rows: everything that was ever on record of a branch, newest first.
        temporary: that it is a temporary one on the day.
        covered: which departments it covers on the day.
        covering: branches that cover the department on the day.
    """

    rows: tuple[Aspect, ...] = ()
    temporary: TemporaryBranch | None = None
    covered: tuple[JointUnit, ...] = ()
    covering: tuple[JointUnit, ...] = ()


def aspects_of(unit: Unit, day: dt.date) -> Aspects:
    """What is on record of a unit; two statements for a branch, one for a department, none for others."""
    if unit.kind == UnitKind.DEPARTMENT:
        rows = JointUnit.objects.on(day).filter(bureau_id=unit.bureau_id, covered=unit)
        return Aspects(covering=tuple(rows.select_related("unit").order_by("unit__position", "unit__code")))
    if unit.kind != UnitKind.BRANCH:
        return Aspects()
    own = {"bureau_id": unit.bureau_id, "unit": unit}
    temporary = list(TemporaryBranch.objects.filter(**own).order_by("-from_on"))
    joint = JointUnit.objects.filter(**own).select_related("covered")
    covered = list(joint.order_by("covered__position", "covered__code", "-from_on"))
    return Aspects(
        (*temporary, *covered),
        next((row for row in temporary if row.holds(day)), None),
        tuple(row for row in covered if row.holds(day)),
    )
