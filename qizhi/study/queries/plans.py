"""Plans against what was held, in a number of queries that never grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from qizhi.core import figures, kept, periods
from qizhi.core.figures import Ask, Span, Value
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering, LedgerEntry
from qizhi.gatherings.queries.diary import Diary, Row, diary_of
from qizhi.gatherings.queries.steps import record_step
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.kinds import Step
from qizhi.study.models import PlanMatch
from qizhi.study.rules.plans import Basis, Decisions, Deed, Item, Progress, match, month_of, progress
from qizhi.tasks.enums import STUDY_PURPOSES, Purpose
from qizhi.tasks.models import Plan, PlanItem

STUDY_KINDS = (UnitKind.CENTRE_GROUP, UnitKind.BRANCH)
LEDGERS: Mapping[str, frozenset[str]] = {
    Purpose.CENTRE_STUDY: frozenset({Ledger.CENTRE_STUDY, Ledger.CENTRE_DISCUSSION}),
    Purpose.BRANCH_STUDY: frozenset({Ledger.THEME_DAY, Ledger.LESSON}),
}
"""What carries out an item that names no ledger, and what is called extra when it stands in no plan."""

ITEMS = Prefetch("items", queryset=PlanItem.objects.select_related("lead"))
PROGRESS_WORDS = {
    Progress.DONE: "已开展",
    Progress.DUE: "未到期",
    Progress.MISSING: "未开展",
    Progress.GONE: "不适用",
    Progress.CANCELLED: "已取消",
}
"""How an item stands, in words."""


@dataclass(frozen=True)
class Line:
    """An item of a plan with what came of it; `why`: Chinese, the reason for which nobody owes it."""

    item: PlanItem
    progress: Progress
    gathering: Gathering | None = None
    basis: Basis | None = None
    why: str = ""


@dataclass(frozen=True)
class Compared:
    """A plan against what was held: its items in order, and the gatherings that stand in no item."""

    plan: Plan
    lines: tuple[Line, ...]
    extra: tuple[Gathering, ...]

    def count(self, *wanted: Progress) -> int:
        """How many items stand so."""
        return sum(1 for line in self.lines if line.progress in wanted)

    @property
    def planned(self) -> int:
        """Items that were not cancelled, and whose unit did not end before."""
        return len(self.lines) - self.count(Progress.CANCELLED, Progress.GONE)

    @property
    def done(self) -> int:
        """Items carried out."""
        return self.count(Progress.DONE)

    @property
    def by_month(self) -> int:
        """Of those carried out, how many go by the month alone: what they were about is to be looked at."""
        return sum(1 for line in self.lines if line.basis is Basis.MONTH and line.progress is Progress.DONE)

    @property
    def missing(self) -> int:
        """Items whose month is over and that were not carried out."""
        return self.count(Progress.MISSING)

    @property
    def due(self) -> int:
        """Items whose month has not come or is not over."""
        return self.count(Progress.DUE)

    @property
    def cancelled(self) -> int:
        """Items cancelled."""
        return self.count(Progress.CANCELLED)

    @property
    def gone(self) -> int:
        """Items that nobody owes, since the unit ended before."""
        return self.count(Progress.GONE)


def study_plans(bureau_id: uuid.UUID, span: Period) -> QuerySet[Plan]:
    """Study plans of the years that the span touches, with units and items."""
    plans = Plan.objects.filter(
        bureau_id=bureau_id,
        purpose__in=STUDY_PURPOSES,
        year__range=(span.start.year, span.end.year),
    )
    return (
        plans.select_related("unit__successor")
        .prefetch_related(ITEMS)
        .order_by("unit__position", "unit__code")
    )


@kept.sharing()
def compare(plans: Iterable[Plan], as_of: dt.date) -> dict[uuid.UUID, Compared]:
    """Each plan against what its unit held until `as_of`, in two queries and those of `diary_of`.

    What a unit that has ended did not carry out is not owed, if its month was not over.

    Args:
        plans: plans of one bureau.
        as_of: later gatherings do not count.
    """
    plans = list(plans)
    if not plans:
        return {}
    prefetch_related_objects(plans, ITEMS)
    bureau_id = plans[0].bureau_id
    items = {plan.pk: [_item(plan, item) for item in plan.items.all()] for plan in plans}
    decided = PlanMatch.objects.filter(bureau_id=bureau_id, item__plan__in=[plan.pk for plan in plans])
    decisions = _decisions(decided.values_list("item_id", "gathering_id", "is_rejected"))
    held = _held(bureau_id, plans, set(decisions.links.values()), as_of)
    return {plan.pk: _compare(plan, items[plan.pk], held, decisions, as_of) for plan in plans}


def _item(plan: Plan, item: PlanItem) -> Item:
    ledgers = frozenset({item.ledger}) if item.ledger else LEDGERS.get(plan.purpose, frozenset())
    return Item(
        key=item.pk,
        year=plan.year,
        month=item.month,
        order=(item.month, item.position),
        topic=item.topic,
        ledgers=ledgers,
        is_cancelled=bool(item.cancelled_because),
        speaker=item.lead_id if item.ledger == Ledger.LESSON else None,
    )


def _decisions(rows: Iterable[tuple[uuid.UUID, uuid.UUID, bool]]) -> Decisions:
    links, rejected = {}, set()
    for item_id, gathering_id, is_rejected in rows:
        if is_rejected:
            rejected.add((item_id, gathering_id))
        else:
            links[item_id] = gathering_id
    return Decisions(links, rejected)


@dataclass(frozen=True)
class _Held:
    """What the units of plans held, and the diary that tells of it."""

    diary: Diary
    by_unit: dict[uuid.UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))


def _held(bureau_id: uuid.UUID, plans: list[Plan], linked: set[uuid.UUID], as_of: dt.date) -> _Held:
    """What the units held in the years of their plans that counts for something, and what people named."""
    span = periods.years(min(plan.year for plan in plans), max(plan.year for plan in plans))
    units, found = {plan.unit_id for plan in plans}, _Held(diary_of(bureau_id, span))
    for row in found.diary.held(span.until(as_of), units):
        if row.pk in linked or any(kind.ledgers for kind in row.kinds):
            found.by_unit[row.unit_id].append(row)
    return found


def _compare(plan: Plan, items: list[Item], there: _Held, decisions: Decisions, as_of: dt.date) -> Compared:
    diary, held = there.diary, there.by_unit[plan.unit_id]
    kinds = {row.pk: tuple(frozenset(kind.ledgers) for kind in row.kinds) for row in held}
    known = {row.pk: row for row in held}
    has_speakers = any(item.speaker for item in items)
    deeds = [
        Deed(
            *(row.pk, row.held_on, kinds[row.pk], f"{row.title}\n{row.topics}"),
            _speakers(diary, row) if has_speakers else frozenset(),
        )
        for row in held
    ]
    pairs = {pair.item: pair for pair in match(items, deeds, decisions)}
    rows = {item.pk: item for item in plan.items.all()}
    lines = []
    for item in items:
        pair, why = pairs.get(item.key), plan.unit.why_ended(month_of(item))
        stands = progress(item, is_done=pair is not None, is_gone=bool(why), as_of=as_of)
        lines.append(
            Line(
                rows[item.key],
                stands,
                diary.gathering(known[pair.deed]) if pair else None,
                pair.basis if pair else None,
                rows[item.key].cancelled_because or (why if stands is Progress.GONE else ""),
            )
        )
    wanted = LEDGERS.get(plan.purpose, frozenset()).union(*(item.ledgers for item in items))
    used = {pair.deed for pair in pairs.values()}
    extra = [
        diary.gathering(row)
        for row in held
        if row.held_on.year == plan.year
        and row.pk not in used
        and any(kind & wanted for kind in kinds[row.pk])
    ]
    return Compared(plan, tuple(lines), tuple(extra))


def _speakers(diary: Diary, row: Row) -> frozenset[uuid.UUID]:
    """Who spoke, by the system's people."""
    return frozenset(key for key, _ in diary.lecturers.get(row.pk, ()) if key)


def record_item(label: str, item: PlanItem, unit: Unit) -> Step:
    """The form of the gathering that carries out an item, with its topic and, of a lesson, who speaks."""
    speaks = item.lead if item.ledger == Ledger.LESSON else None
    lecturers = f"{speaks.name}({speaks.staff_no})" if speaks else ""
    return record_step(label, unit, ledger=item.ledger, topics=item.topic, lecturers=lecturers)


def candidates(item: PlanItem, as_of: dt.date) -> QuerySet[Gathering]:
    """Gatherings of the plan's unit in its year that a person may name; `counts`: for its ledger."""
    entries = LedgerEntry.objects.filter(
        bureau_id=item.bureau_id,
        gathering_id=OuterRef("pk"),
        ledger__in=_item(item.plan, item).ledgers,
    )
    return (
        Gathering.objects.held()
        .filter(bureau_id=item.bureau_id, unit_id=item.plan.unit_id)
        .between(periods.year(item.plan.year).until(as_of))
        .annotate(counts=Exists(entries))
        .defer("minutes")
        .order_by("held_on", "id")
    )


def study_units(bureau_id: uuid.UUID, year: int) -> QuerySet[Unit]:
    """The centre group and the branches that existed in the year, in their fixed order."""
    span = periods.year(year)
    units: QuerySet[Unit] = Unit.objects.within(span.start, span.end).filter(
        bureau_id=bureau_id, kind__in=STUDY_KINDS
    )
    return units.select_related("successor").order_by("-kind", "position", "code")


@dataclass(frozen=True)
class Pace:
    """How often a centre group meets: in the year, in the last twelve months, and on average over years."""

    label: str
    in_year: Value
    trailing: Value
    average: Value
    years: str


def paces(bureau_id: uuid.UUID, year: int, today: dt.date) -> list[Pace]:
    """Sessions and discussions of the centre group, in three queries."""
    as_of = min(today, periods.year(year).end)
    whole = figures.span_period(Span.THREE_YEARS, year=year, as_of=as_of)
    spans = [periods.year(year), periods.trailing_year(as_of), whole]
    asks = [Ask(bureau_id, span, as_of) for span in spans]
    years = f"{whole.start.year}—{whole.end.year}年"
    questions = []
    for ledger in (Ledger.CENTRE_STUDY, Ledger.CENTRE_DISCUSSION):
        keys = [ledger.value, ledger.value, f"{ledger.value}_average"]
        known = [figures.get(f"gatherings.{key}") for key in keys]
        questions += [(figure, ask) for figure, ask in zip(known, asks, strict=True) if figure]
    found = figures.answers(questions)
    labels = [str(Ledger.CENTRE_STUDY.label), str(Ledger.CENTRE_DISCUSSION.label)]
    return [
        Pace(label, found[place], found[place + 1], found[place + 2], years)
        for label, place in zip(labels, (0, 3), strict=True)
    ]
