"""The voting roll of a day, and the register of members who may be left out of the number due."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import field
from functools import partial

from django.db.models import QuerySet

from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings import rules
from qizhi.gatherings.enums import Audience, DatePrecision, Ledger
from qizhi.gatherings.models import Gathering, LedgerEntry, Resolution, VotingExclusion
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.queries.surplus import Surplus, surplus_of
from qizhi.gatherings.queries.temporary import Doubt, doubts_of
from qizhi.gatherings.queries.texts import texts_of
from qizhi.org.enums import MemberStatus
from qizhi.org.models import Person, Unit

SILENT_WORDS = {MemberStatus.PROBATIONARY: "预备党员，没有表决权", MemberStatus.NO_VOTE: "暂无表决权"}


def exclusions_on(bureau_id: uuid.UUID, day: dt.date) -> list[rules.Exclusion]:
    """What is known of members left out on the day, as the rules see it; one query."""
    return kept.keep(partial(_exclusions_on, bureau_id, day), "gatherings.exclusions", bureau_id, day)


def _exclusions_on(bureau_id: uuid.UUID, day: dt.date) -> list[rules.Exclusion]:
    rows = VotingExclusion.objects.on(day).filter(bureau_id=bureau_id)
    columns = ("person_id", "from_on", "to_on", "consented_on", "approved_on")
    return [rules.Exclusion(*row) for row in rows.order_by().values_list(*columns)]


@dataclass(frozen=True, slots=True)
class VotingLine:
    """A member on the voting roll: whether they vote, and why not or why not counted."""

    person: Person
    is_voter: bool
    word: str
    is_left_out: bool = False


@dataclass(frozen=True)
class VotingSheet:
    """The voting roll of a day with its names."""

    roll: rules.VotingRoll = field(default_factory=rules.VotingRoll)
    lines: list[VotingLine] = field(default_factory=list)

    @property
    def exceptions(self) -> list[VotingLine]:
        """Those who do not vote, are not counted, or wait for an approval."""
        return [line for line in self.lines if line.word]

    @property
    def number_due(self) -> int:
        """How many are due in elections and admissions."""
        return len(self.roll.voters - self.roll.left_out)


def voting_sheet(bureau_id: uuid.UUID, roll: rules.VotingRoll, *, is_whole: bool = True) -> VotingSheet:
    """The voting roll with names by staff number; one query, or none where nobody is on it.

    Args:
        bureau_id: whose people they are.
        roll: the roll.
        is_whole: name everybody; only the exceptions otherwise.
    """
    noted = {*roll.silent, *roll.left_out, *roll.pending}
    wanted = noted | roll.voters if is_whole else noted
    if not wanted:
        return VotingSheet(roll)
    people = Person.objects.filter(bureau_id=bureau_id, pk__in=wanted).order_by("staff_no")
    return VotingSheet(roll, [_line(person, roll) for person in people])


def _line(person: Person, roll: rules.VotingRoll) -> VotingLine:
    if person.pk in roll.silent:
        standing = MemberStatus(roll.silent[person.pk])
        return VotingLine(person, is_voter=False, word=SILENT_WORDS[standing])
    if person.pk in roll.left_out:
        word = "选举和接收党员时不计入应到（上级党组织已同意，党员大会已通过）"
        return VotingLine(person, is_voter=True, word=word, is_left_out=True)
    lacks = "、".join(roll.pending.get(person.pk, ()))
    return VotingLine(person, is_voter=True, word=f"仍计入应到：缺{lacks}" if lacks else "")


def roll_at(gathering: Gathering, audiences: Iterable[str], roster: Roster) -> rules.VotingRoll:
    """The voting roll of a gathering with its unit loaded; empty where only its month is known. One query."""
    if gathering.precision == DatePrecision.MONTH:
        return rules.VotingRoll()
    known = exclusions_on(gathering.bureau_id, gathering.held_on)
    return roster.voting(gathering.unit, gathering.held_on, audiences, known)


def branch_roll(unit: Unit, day: dt.date, roster: Roster) -> rules.VotingRoll:
    """The voting roll of a branch's congress on a day; one query."""
    return roster.voting(unit, day, {Audience.MEMBERS.value}, exclusions_on(unit.bureau_id, day))


@dataclass(frozen=True, slots=True)
class Judged:
    """A resolution with its verdict, and the numbers that the rolls of the day give instead, if any."""

    row: Resolution
    verdict: rules.Verdict
    other_due: int | None
    surplus: Surplus | None = None
    doubt: Doubt | None = None
    other_present: int | None = None

    @property
    def spoiled(self) -> int | None:
        """Ballots that came back and count for nothing; None where nobody counted ballots."""
        if self.row.ballots_returned is None:
            return None
        return self.row.ballots_returned - self.row.yes - self.row.no - self.row.abstained


def judged(
    gathering: Gathering,
    rows: Sequence[Resolution],
    roll: rules.VotingRoll | None,
    away: Collection[uuid.UUID] | None = None,
) -> list[Judged]:
    """Judge the resolutions of a gathering by the texts of its day; one query, none without resolutions.

    One more where an election says how many stood for how many seats; for admissions, elections and the like
    one that asks whether the branch is a temporary one, and one for the clause if it is.

    Args:
        gathering: where they were voted on.
        rows: the resolutions.
        roll: the voting roll of the day.
        away: who did not come, where the attendance roll says it and no number from paper rules.
    """
    found = []
    texts = texts_of(gathering.bureau_id) if rows else rules.TEXTS
    surplus, doubts = surplus_of(gathering, rows), doubts_of(gathering, rows)
    for row in rows:
        due: frozenset[uuid.UUID] = roll.due_for(row.threshold) if roll else frozenset()
        on_roll, came = len(due), len(due.difference(away or ()))
        verdict = rules.judge_within(vote_of(row), gathering.held_on, gathering.last_day, texts)
        other = on_roll if on_roll and on_roll != row.due else None
        at = row.position
        is_told = bool(due) and away is not None and gathering.present_total is None
        there = came if is_told and other is None and came != row.present else None
        found.append(Judged(row, verdict, other, surplus.get(at), doubts.get(at), there))
    return found


def vote_of(row: Resolution) -> rules.Vote:
    """The count of a resolution, as the rules want it."""
    return rules.Vote(
        row.threshold,
        row.due,
        row.present,
        row.yes,
        row.no,
        row.abstained,
        row.written_yes,
        row.ballots_issued,
        row.ballots_returned,
    )


@dataclass(frozen=True, slots=True)
class BlankTally:
    """What is printed on a tally sheet before the vote.

    Attributes:
        due: how many are due who vote; 0 where the roll of the day names nobody.
        need: what the vote needs of that many; None without them.
    """

    due: int
    need: rules.Need | None


def blank_tally(unit: Unit, day: dt.date, audiences: Iterable[str], threshold: str) -> BlankTally:
    """Due and need of a vote that is still to come; three queries. Without kinds: a congress."""
    roster = Roster.load(unit.bureau_id, [unit], Period(day, day))
    asked = set(audiences) or {Audience.MEMBERS.value}
    roll = roster.voting(unit, day, asked, exclusions_on(unit.bureau_id, day))
    due = len(roll.due_for(threshold))
    return BlankTally(due, rules.needed(threshold, due, day, texts_of(unit.bureau_id)) if due else None)


@dataclass(frozen=True, slots=True)
class ExclusionLine:
    """A row of the register: what it lacks on the day, and the congress that approved it, where recorded."""

    row: VotingExclusion
    lacks: tuple[str, ...]
    is_over: bool
    congress_id: uuid.UUID | None


def register_of(unit: Unit, day: dt.date) -> list[ExclusionLine]:
    """All rows of a branch, newest first; two queries."""
    rows: QuerySet[VotingExclusion] = VotingExclusion.objects.filter(bureau_id=unit.bureau_id, unit=unit)
    known = list(rows.select_related("person").order_by("-from_on", "person__staff_no"))
    days = {row.approved_on for row in known if row.approved_on}
    held = LedgerEntry.objects.filter(
        bureau_id=unit.bureau_id, unit=unit, ledger=Ledger.CONGRESS, held_on__in=days
    )
    congresses = dict(held.values_list("held_on", "gathering_id")) if days else {}
    return [
        ExclusionLine(
            row=row,
            lacks=_as_rule(row).lacks(day),
            is_over=row.to_on is not None and row.to_on < day,
            congress_id=congresses.get(row.approved_on) if row.approved_on else None,
        )
        for row in known
    ]


def _as_rule(row: VotingExclusion) -> rules.Exclusion:
    return rules.Exclusion(row.person_id, row.from_on, row.to_on, row.consented_on, row.approved_on)
