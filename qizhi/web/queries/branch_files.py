"""The file of a branch for a year: who led it, how many were in it, what it held, what it owed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping

from qizhi.core import periods
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering, GatheringKind, Resolution
from qizhi.gatherings.queries.listing import Line, lines_of
from qizhi.gatherings.queries.texts import texts_of
from qizhi.gatherings.queries.voting import vote_of
from qizhi.gatherings.rules import Verdict, judge_within
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.models import Membership, Post, Unit
from qizhi.org.queries import BranchState, branch_states, member_rows_on, posts_on


@dataclass(frozen=True)
class Vote:
    """Something that was voted on at a gathering, and how it went."""

    gathering: Gathering
    row: Resolution
    verdict: Verdict


@dataclass(frozen=True)
class BranchFile:
    """What is printed for the folder.

    Attributes:
        unit: the branch.
        year: the year.
        as_of: the last day that counts: the end of the year, of the branch, or today.
        state: its members and bodies on that day.
        committee: posts of the branch committee on that day.
        members: memberships on that day.
        kinds: kinds of gathering in their order, each with what was held and who came, oldest first.
        held: how many gatherings; one of two kinds counts once.
        votes: what was voted on, with the sentence that says how it went, by day.
    """

    unit: Unit
    year: int
    as_of: dt.date
    state: BranchState
    committee: list[Post]
    members: list[Membership]
    kinds: list[tuple[str, list[Line]]]
    held: int
    votes: list[Vote]


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
    held = {gathering.pk: gathering for found in kinds.values() for gathering in found}
    lines = {line.gathering.pk: line for line in lines_of(unit.bureau_id, list(held.values()))}
    posts = posts_on(unit, as_of).filter(role__in=BRANCH_COMMITTEE_ROLES)
    return BranchFile(
        unit=unit,
        year=year,
        as_of=as_of,
        state=branch_states(unit.bureau_id, [unit.pk], as_of)[unit.pk],
        committee=list(posts),
        members=list(member_rows_on(unit, as_of)),
        kinds=[(name, [lines[gathering.pk] for gathering in found]) for name, found in kinds.items()],
        held=len(held),
        votes=_votes(held),
    )


def _votes(held: Mapping[uuid.UUID, Gathering]) -> list[Vote]:
    """What was voted on, by day, judged by the texts of the day; two queries, one where nothing was."""
    rows = list(
        Resolution.objects.filter(gathering_id__in=held).select_related("person").order_by("position")
    )
    if not rows:
        return []
    texts = texts_of(rows[0].bureau_id)
    found = [(row, held[row.gathering_id]) for row in rows]
    return [
        Vote(at, row, judge_within(vote_of(row), at.held_on, at.last_day, texts))
        for row, at in sorted(found, key=lambda one: (one[1].held_on, one[1].pk))
    ]


def is_branch(unit: Unit) -> bool:
    """Whether the unit has such a file."""
    return unit.kind == UnitKind.BRANCH
