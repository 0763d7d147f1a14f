"""What belongs into the study file of a centre group for a year, out of records that are there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from django.db.models import Count, Q

from qizhi.core import kept, periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import DatePrecision, Ledger, RollState, VisitorRole
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import RECORD
from qizhi.gatherings.queries.diary import diary_of
from qizhi.gatherings.queries.grounds import gap_before, records_since
from qizhi.gatherings.queries.participants import Participant, participants_of
from qizhi.gatherings.queries.roster import Roster, audiences_of, exceptions_of, roll_counts
from qizhi.gatherings.queries.steps import record_step
from qizhi.gatherings.rules import RollCount
from qizhi.org.enums import Role
from qizhi.org.models import Unit
from qizhi.org.permissions import SEE_UNITS
from qizhi.org.queries.belonging import Tie, belonging_of
from qizhi.regulations.kinds import Parameter, ParameterType, Step, read_parameters
from qizhi.regulations.kinds.outlook import binding_on, why_not_bound, why_not_there
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import known_during
from qizhi.study.models import YearFile
from qizhi.study.permissions.year_files import CLOSE_FILE
from qizhi.study.queries.plans import Compared, compare
from qizhi.study.rules.year_files import (
    PART_LABELS,
    FileFacts,
    Part,
    PartJudged,
    PartState,
    Sitting,
    judge_file,
    state_of,
)
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import Plan
from qizhi.tasks.permissions import MANAGE_PLANS, SEE_PLANS

YEAR_FILE = "year_file"
LEDGERS = (Ledger.CENTRE_STUDY, Ledger.CENTRE_DISCUSSION)
PARAMETERS = (
    *(
        Parameter(part.value, f"须有{PART_LABELS[part]}", ParameterType.FLAG, is_required=False, default=True)
        for part in Part
    ),
    Parameter(
        "audited_at_least",
        "一年至少几次学习有旁听",
        ParameterType.INTEGER,
        is_required=False,
        default=1,
        minimum=1,
    ),
    Parameter(
        "file_months",
        "年度结束后几个月内归档",
        ParameterType.INTEGER,
        is_required=False,
        default=3,
        minimum=1,
    ),
)
Key = tuple[uuid.UUID, int]


@dataclass(frozen=True)
class OnRecord:
    """What is on record of a year: the facts, and the plan to go to."""

    facts: FileFacts
    plan_id: uuid.UUID | None = None


@kept.sharing()
def files_on_record(
    bureau_id: uuid.UUID, units: Sequence[Unit], years: Sequence[Period], as_of: dt.date
) -> dict[Key, OnRecord]:
    """The facts of each centre group and year; three statements at most, and those of the diary."""
    if not units or not years:
        return {}
    span, keys = Period(years[0].start, years[-1].end), [unit.pk for unit in units]
    posts = [tie for tie in belonging_of(bureau_id).posts if tie.unit_id in set(keys)]
    sittings = _sittings(bureau_id, keys, span.until(as_of), posts)
    plans = _plans(bureau_id, keys, span)
    filed = YearFile.objects.filter(bureau_id=bureau_id, unit_id__in=keys, reopened_on=None)
    closed = {(row.unit_id, row.year): row.closed_on for row in filed.order_by() if row.closed_on <= as_of}
    since, found = records_since(bureau_id), {}
    for unit in units:
        own = [tie for tie in posts if tie.unit_id == unit.pk and tie.from_on <= as_of]
        for one in years:
            key, day = (unit.pk, one.start.year), min(as_of, one.end)
            plan_id, items = plans.get(key, (None, None))
            facts = FileFacts(
                items=items,
                sittings=tuple(sittings.get(key, ())),
                has_secretary=any(_is_secretary(tie) and tie.holds(day) for tie in own),
                is_on_record=bool(own),
                filed_on=closed.get(key),
                gap=gap_before(since, one),
            )
            found[key] = OnRecord(facts, plan_id)
    return found


def _is_secretary(tie: Tie) -> bool:
    return tie.what == Role.STUDY_SECRETARY


def _sittings(
    bureau_id: uuid.UUID, units: Sequence[uuid.UUID], days: Period | None, posts: Sequence[Tie]
) -> Mapping[Key, list[Sitting]]:
    found: dict[Key, list[Sitting]] = defaultdict(list)
    if days is None:
        return found
    diary = diary_of(bureau_id, days)
    for row in diary.held(days, units):
        if row.ledgers.isdisjoint(LEDGERS):
            continue
        day, own = row.held_on, [tie for tie in posts if tie.unit_id == row.unit_id]
        is_month = row.precision == DatePrecision.MONTH
        month = periods.month_of(day) if is_month else Period(day, day)
        sitting = Sitting(
            day,
            row.pk,
            has_roll=row.due_total is not None or (not is_month and any(tie.holds(day) for tie in own)),
            has_auditor=any(role == VisitorRole.AUDITOR for _, role in diary.visitors.get(row.pk, ())),
            has_secretary=any(_is_secretary(tie) and tie.touches(month) for tie in own),
        )
        found[row.unit_id, day.year].append(sitting)
    return found


def _plans(
    bureau_id: uuid.UUID, units: Sequence[uuid.UUID], span: Period
) -> dict[Key, tuple[uuid.UUID, int]]:
    rows = Plan.objects.filter(
        bureau_id=bureau_id,
        unit_id__in=units,
        purpose=Purpose.CENTRE_STUDY,
        year__range=(span.start.year, span.end.year),
    ).annotate(living=Count("items", filter=Q(items__cancelled_because="")))
    columns = ("unit_id", "year", "pk", "living")
    return {(unit_id, year): (key, n) for unit_id, year, key, n in rows.order_by().values_list(*columns)}


def file_clauses(bureau_id: uuid.UUID, days: Period) -> list[Clause]:
    """The clauses on the file of a year in force on one of the days."""
    return known_during(bureau_id, days, kind=YEAR_FILE)


def why_not_asked(clauses: Sequence[Clause], unit: Unit, year: Period) -> str:
    """Why no clause asks the file of this year, in Chinese; empty where one does."""
    there = why_not_there(unit, year.start) or why_not_there(unit, year.end)
    if there:
        return f"{there}，不满一年的不要求"
    bound = binding_on(clauses, year.end)
    if not bound:
        return why_not_bound(clauses, year.end) if clauses else "没有关于学习档案的条款"
    first = bound[-1].version.effective_from
    return f"规定{periods.say_day(first)}起施行，当年不满一年，不要求" if first > year.start else ""


def steps_of(one: PartJudged, unit: Unit, year: Period, known: OnRecord) -> tuple[Step, ...]:
    """What mends a part: one step, with everything filled in."""
    sittings = known.facts.sittings
    if one.part is Part.SECRETARY:
        return (Step("核对职务", "org:unit", SEE_UNITS, keys=(str(unit.pk),)),)
    if one.part is Part.PLAN:
        return (_plan_step(unit, year, known.plan_id),)
    if one.part is Part.FILED:
        return (_own_step("归档", "study:year_file_close", unit, year),)
    wanted = [sitting for sitting in sittings if not sitting.has_roll] or sittings
    if not wanted:
        ledger = Ledger.CENTRE_STUDY.value
        return (record_step("登记学习", unit, ledger=ledger),)
    label = "补记考勤" if one.part is Part.ATTENDANCE else "补记旁听"
    chosen = wanted[0] if one.part is Part.ATTENDANCE else sittings[-1]
    return (Step(label, "gatherings:correct", RECORD, (), (str(chosen.key),), unit.pk, unit.path),)


def _plan_step(unit: Unit, year: Period, plan_id: uuid.UUID | None) -> Step:
    if plan_id:
        keys = (str(plan_id),)
        return Step("填写计划", "tasks:plan_edit", MANAGE_PLANS, (), keys, unit.pk, unit.path)
    query = (("unit", str(unit.pk)), ("year", str(year.start.year)), ("purpose", Purpose.CENTRE_STUDY.value))
    return Step("编制计划", "tasks:plan_new", MANAGE_PLANS, query, (), unit.pk, unit.path)


def _own_step(label: str, page: str, unit: Unit, year: Period) -> Step:
    needs = CLOSE_FILE if page.endswith("close") else SEE_PLANS
    query = (("year", str(year.start.year)),)
    return Step(label, page, needs, query, (str(unit.pk),), unit.pk, unit.path)


def file_step(unit: Unit, year: Period) -> Step:
    """The page of the file."""
    return _own_step("看学习档案", "study:year_file", unit, year)


@dataclass(frozen=True)
class Session:
    """A session as the file shows it: who was due and came, who did not, who sat in, how many attachments."""

    gathering: Gathering
    roll: RollCount
    away: tuple[Participant, ...] = ()
    visitors: tuple[Participant, ...] = ()
    files: int = 0

    @property
    def say_away(self) -> str:
        """Who did not come: 请假 甲、乙；缺席 丙."""
        return _say(self.away_by_label)

    @property
    def say_visitors(self) -> str:
        """Who sat in: 联系旁听 甲；列席 乙."""
        return _say(self.visitors_by_label)

    @property
    def away_by_label(self) -> list[tuple[str, list[str]]]:
        """Names of those who did not come, by the word for why."""
        return _by_label(self.away, RollState.labels)

    @property
    def visitors_by_label(self) -> list[tuple[str, list[str]]]:
        """Names of those who sat in, by the word for it."""
        return _by_label(self.visitors, VisitorRole.labels)


def _by_label(people: Iterable[Participant], labels: Sequence[Any]) -> list[tuple[str, list[str]]]:
    names: dict[str, list[str]] = {str(label): [] for label in labels}
    for one in people:
        names[one.label].append(one.name)
    return [(label, found) for label, found in names.items() if found]


def _say(names: Iterable[tuple[str, list[str]]]) -> str:
    return "；".join(f"{label} {'、'.join(found)}" for label, found in names)


@dataclass(frozen=True)
class FileOfYear:
    """The file of a centre group for a year.

    Attributes:
        unit: the centre group.
        year: the year.
        as_of: the day one looks.
        parts: what is asked for, each with its state.
        known: the facts behind them.
        clause: the clause that asks; None where none does.
        why_not: why none does, in Chinese.
        sessions: what was held, oldest first.
        plan: the plan against what was held.
        filed: that it is closed, and what was filed.
    """

    unit: Unit
    year: Period
    as_of: dt.date
    parts: list[PartJudged]
    known: OnRecord
    clause: Clause | None
    why_not: str
    sessions: list[Session] = field(default_factory=list)
    plan: Compared | None = None
    filed: YearFile | None = None

    @property
    def title(self) -> str:
        """The heading of page and file."""
        return f"{self.unit.name}{self.year.start.year}年学习档案"

    @property
    def state(self) -> PartState:
        """The worst of the parts."""
        return state_of(self.parts)

    @property
    def lacking(self) -> list[PartJudged]:
        """Parts that are still to come, or are missing, the closing left out."""
        wanted = {PartState.DUE, PartState.MISSING}
        return [one for one in self.parts if one.state in wanted and one.part is not Part.FILED]

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """Parts of which something else was filed than is on record now: label, filed, now."""
        before = dict(self.filed.parts) if self.filed else {}
        now = {one.label: one.words for one in self.parts if one.part is not Part.FILED}
        return [
            (label, before[label], words)
            for label, words in now.items()
            if label in before and before[label] != words
        ]


def file_of(unit: Unit, year: Period, as_of: dt.date) -> FileOfYear:
    """The file with everything in it; a number of statements that does not grow with what was held."""
    clauses = file_clauses(unit.bureau_id, year)
    why = why_not_asked(clauses, unit, year)
    clause = None if why else binding_on(clauses, year.end)[-1]
    known = files_on_record(unit.bureau_id, [unit], [year], as_of)[unit.pk, year.start.year]
    wanted = read_parameters(PARAMETERS, clause.parameters if clause else {})
    plans = Plan.objects.filter(bureau_id=unit.bureau_id).select_related("unit")
    plan = plans.get(pk=known.plan_id) if known.plan_id else None
    filed = YearFile.objects.filter(
        bureau_id=unit.bureau_id, unit=unit, year=year.start.year, reopened_on=None
    )
    return FileOfYear(
        *(unit, year, as_of),
        parts=judge_file(known.facts, wanted, year, as_of),
        known=known,
        clause=clause,
        why_not=why,
        sessions=_sessions(unit, year.until(as_of)),
        plan=compare([plan], as_of)[plan.pk] if plan else None,
        filed=filed.first(),
    )


def files_closed(unit: Unit, year: Period) -> list[YearFile]:
    """Every closing of the file of a year, those undone included, newest first."""
    rows = YearFile.objects.filter(bureau_id=unit.bureau_id, unit=unit, year=year.start.year)
    return list(rows.order_by("-closed_on", "-pk"))


def _sessions(unit: Unit, days: Period | None) -> list[Session]:
    rows = Gathering.objects.held().for_ledger(*LEDGERS).between(days)
    rows = rows.filter(bureau_id=unit.bureau_id, unit=unit).defer("minutes").select_related("unit", "chair")
    held = list(rows.annotate(files=Count("attachments")).order_by("held_on", "pk"))
    if not held or days is None:
        return []
    keys = [row.pk for row in held]
    roster, audiences = Roster.load(unit.bureau_id, [unit], days), audiences_of(unit.bureau_id, keys)
    rolls = roll_counts(roster, held, audiences, exceptions_of(unit.bureau_id, keys))
    named = participants_of(unit.bureau_id, keys)
    return [
        Session(
            row,
            rolls[row.pk],
            tuple(one for one in named[row.pk] if one.source == "roll"),
            tuple(one for one in named[row.pk] if one.source == "visitor"),
            row.files,  # type: ignore[attr-defined]  # annotated
        )
        for row in held
    ]
