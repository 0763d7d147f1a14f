"""The file of a branch for a year: who led it, how many were in it, what it held, what it owed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from qizhi.branch_life.queries import Cell, states
from qizhi.core import periods
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering, GatheringKind
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.models import Post, Unit
from qizhi.org.queries import BranchState, branch_states, posts_on


@dataclass(frozen=True)
class BranchFile:
    """What is printed for the folder.

    Attributes:
        unit: the branch.
        year: the year.
        as_of: the last day that counts: the end of the year, of the branch, or today.
        state: its members and bodies on that day.
        committee: posts of the branch committee on that day.
        kinds: kinds of gathering in their order, each with what was held, oldest first.
        held: how many gatherings; one of two kinds counts once.
        cells: what clauses asked for.
    """

    unit: Unit
    year: int
    as_of: dt.date
    state: BranchState
    committee: list[Post]
    kinds: list[tuple[str, list[Gathering]]]
    held: int
    cells: list[Cell]


def branch_file_of(unit: Unit, year: int, today: dt.date) -> BranchFile:
    """Read the file; a number of queries that does not grow with what was held."""
    span = periods.year(year)
    as_of = min(day for day in (span.end, unit.to_on, today) if day)
    rows = GatheringKind.objects.filter(
        gathering__in=Gathering.objects.filter(bureau_id=unit.bureau_id).held().between(span.until(as_of)),
        gathering__unit__path__startswith=unit.path,
    ).select_related("kind", "gathering__unit__parent")
    kinds: dict[str, list[Gathering]] = defaultdict(list)
    ordered = rows.defer("gathering__minutes", "gathering__topics")
    for link in ordered.order_by("kind__position", "kind__key", "gathering__held_on", "gathering_id"):
        kinds[link.kind.name].append(link.gathering)
    posts = posts_on(unit, as_of).filter(role__in=BRANCH_COMMITTEE_ROLES)
    return BranchFile(
        unit=unit,
        year=year,
        as_of=as_of,
        state=branch_states(unit.bureau_id, [unit.pk], as_of)[unit.pk],
        committee=list(posts),
        kinds=list(kinds.items()),
        held=len({gathering.pk for found in kinds.values() for gathering in found}),
        cells=list(states(unit.bureau_id, [unit], span, as_of).cells),
    )


def is_branch(unit: Unit) -> bool:
    """Whether the unit has such a file."""
    return unit.kind == UnitKind.BRANCH
