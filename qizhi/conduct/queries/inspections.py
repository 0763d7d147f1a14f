"""Inspections: what they have seen, and what runs have found for them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case, Inspection, Observation
from qizhi.conduct.queries.samples import drawn_ids, latest_draw
from qizhi.core import audit, clock
from qizhi.core.periods import Period, month_of, say_day
from qizhi.core.values import dataclass
from qizhi.org.models import Membership, Person, Placement
from qizhi.regulations.enums import RunStatus, Verdict
from qizhi.regulations.models import Clause, Finding, Run

SCOPES = (("units", "受检组织及其人员"), ("sample", "抽中的人"), ("all", "全局"))


def inspections_of(bureau_id: uuid.UUID, year: int | None) -> QuerySet[Inspection]:
    """Inspections, newest first, with how much each has seen and how many cases came of it."""
    rows = Inspection.objects.filter(bureau_id=bureau_id).select_related("led_by")
    if year:
        rows = rows.filter(month__year=year)
    standing = Q(observations__withdrawn_at__isnull=True)
    rows = rows.annotate(
        seen=Count("observations", filter=standing, distinct=True),
        drafted=Count("cases", filter=~Q(cases__status=CaseStatus.DROPPED), distinct=True),
    )
    return rows.order_by("-month", "-pk")


@dataclass(frozen=True)
class Months:
    """Of which months of a year there are inspections; each is due since the first one of the bureau."""

    held: tuple[int, ...]
    missing: tuple[int, ...]
    open: int | None

    @property
    def missing_said(self) -> str:
        """3月、5月."""
        return "、".join(f"{month}月" for month in self.missing)


def months_of(known: Collection[dt.date], year: int, today: dt.date) -> Months:
    """What the months of a year have had; a month that still runs is open, not missing. Pure.

    Args:
        known: first days of the months of all inspections.
        year: which.
        today: months after it are not due.
    """
    first = min(known, default=None)
    due = [month for month in range(1, 13) if first and first <= dt.date(year, month, 1) <= today]
    held = tuple(month for month in due if dt.date(year, month, 1) in known)
    lacking = [month for month in due if month not in held]
    running = today.month if year == today.year and today.month in lacking else None
    return Months(held, tuple(month for month in lacking if month != running), running)


def months_inspected(bureau_id: uuid.UUID, year: int, today: dt.date) -> Months:
    """The same for a bureau; one query."""
    rows = Inspection.objects.filter(bureau_id=bureau_id).order_by()
    return months_of(set(rows.values_list("month", flat=True).distinct()), year, today)


def free_title(bureau_id: uuid.UUID, month: dt.date, title: str) -> str:
    """The title, or with the lowest number behind it that no inspection of the month has; one query."""
    same = Inspection.objects.filter(bureau_id=bureau_id, month=month.replace(day=1))
    taken = set(same.filter(title__startswith=title).values_list("title", flat=True))
    names = (f"{title}（第{number}次）" for number in range(2, len(taken) + 3))
    return title if title not in taken else next(name for name in names if name not in taken)


def observations_in(bureau_id: uuid.UUID) -> QuerySet[Observation]:
    """What inspections have seen, with the case that came of each."""
    cases = Case.objects.filter(bureau_id=bureau_id).exclude(status=CaseStatus.DROPPED)
    rows = Observation.objects.filter(bureau_id=bureau_id)
    return rows.select_related(
        "inspection", "person", "unit", "clause__version__regulation"
    ).prefetch_related(Prefetch("cases", queryset=cases))


def observations_of(inspection: Inspection) -> QuerySet[Observation]:
    """What one inspection has seen, what was withdrawn last."""
    rows = observations_in(inspection.bureau_id).filter(inspection=inspection)
    return rows.order_by(F("withdrawn_at").asc(nulls_first=True), "happened_on", "id")


def how_seen(observation: Observation) -> str:
    """In which inspection something was seen, who led it, has seen it and written it down; two queries."""
    inspection = observation.inspection
    said = say_inspection(inspection, inspection.held_on, observation.seen_by.all())
    first = audit.history(observation).order_by("at", "id").first()
    return f"{said}，{say_day(clock.local_date(first.at))}由{first.by_label}登记" if first else said


def say_inspection(inspection: Inspection, held_on: dt.date | None, seen_by: Iterable[Person]) -> str:
    """Chinese: an inspection with its day and leader, and who of it has seen something. Pure."""
    held = f"{say_day(held_on)}检查，" if held_on else ""
    names = "、".join(one.name for one in seen_by)
    return f"“{inspection}”（{held}负责人{inspection.led_by}）{f'，检查人{names}' if names else ''}"


@dataclass(frozen=True)
class Wanted:
    """Which observations are looked for: all of it at once.

    Attributes:
        year: of the day of the fact.
        text: a name, a staff number, or words of what was seen or of what shows it.
        unit: code of a unit: itself, and the people who belonged to it on the day.
        clause: key of a clause.
        state: `none` without a case, `case` with one, `withdrawn`.
    """

    year: int | None = None
    text: str = ""
    unit: str = ""
    clause: str = ""
    state: str = ""


STATES = (("none", "没有立案"), ("case", "已立案"), ("withdrawn", "已撤销"))


def observations_found(bureau_id: uuid.UUID, wanted: Wanted) -> QuerySet[Observation]:
    """Observations of all inspections by what is wanted, newest first; withdrawn ones only if asked for."""
    rows = observations_in(bureau_id).filter(withdrawn_at__isnull=wanted.state != "withdrawn")
    made = Exists(Case.objects.filter(observation=OuterRef("pk")).exclude(status=CaseStatus.DROPPED))
    if wanted.state in {"none", "case"}:
        rows = rows.filter(made if wanted.state == "case" else ~made)
    if wanted.year:
        rows = rows.filter(happened_on__year=wanted.year)
    if wanted.clause:
        rows = rows.filter(clause__key=wanted.clause)
    if wanted.unit:
        belongs = _belongs(Q(unit__code=wanted.unit), "happened_on", bureau_id)
        rows = rows.filter(Q(unit__code=wanted.unit) | belongs)
    for word in wanted.text.split():
        named = Q(person__name__icontains=word) | Q(person__staff_no__icontains=word)
        named |= Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word)
        rows = rows.filter(named | Q(fact__icontains=word) | Q(evidence__icontains=word))
    return rows.order_by("-happened_on", "-id")


def _belongs(units: Q, day: str, bureau_id: uuid.UUID) -> Q:
    """Filter: whom the row is about belonged to one of the units on the day that the row names."""
    tied = Q(to_on__isnull=True) | Q(to_on__gte=OuterRef(day))
    same = {"bureau_id": bureau_id, "person": OuterRef("person_id"), "from_on__lte": OuterRef(day)}
    ties = (Membership.objects, Placement.objects)
    found = [Exists(rows.filter(units, tied, **same)) for rows in ties]
    return Q(found[0]) | Q(found[1])


def candidates_of(inspection: Inspection, scope: str = "units") -> QuerySet[Finding]:
    """What runs have found in its month that costs points and of which no case was made.

    A case of how the same fact was told before it was corrected is a case of it.

    Args:
        inspection: whose month.
        scope: `units`, what concerns the inspected units and who belonged to them on the last day of the
            period (everything where none is chosen); `sample`, the people who were drawn; `all`.
    """
    month: Period = month_of(inspection.month)
    bureau_id = inspection.bureau_id
    known = Case.objects.filter(bureau_id=bureau_id).exclude(status=CaseStatus.DROPPED)
    rows = Finding.objects.live().filter(
        bureau_id=bureau_id,
        end__range=(month.start, month.end),
        verdict=Verdict.VIOLATED,
        points__lt=0,
    )
    rows = rows.exclude(Exists(known.filter(finding__slot=OuterRef("slot"))))
    # What a run says of an observation is the same fact: one case of it is enough.
    seen = known.filter(observation__happened_on__range=(month.start, month.end))
    if judged := [str(key) for key in seen.values_list("observation_id", flat=True)]:
        rows = rows.exclude(occurrence__in=judged)
    if scope == "sample":
        rows = rows.filter(person_id__in=drawn_ids(latest_draw(inspection)))
    units = list(inspection.units.values_list("pk", flat=True)) if scope == "units" else []
    if units:
        # What it has seen itself is its own, wherever the person belongs.
        seen_here = map(str, inspection.observations.values_list("pk", flat=True))
        own = Q(unit_id__in=units) | Q(unit__parent_id__in=units) | Q(occurrence__in=list(seen_here))
        rows = rows.filter(own | _belongs(Q(unit_id__in=units), "end", bureau_id))
    return rows.select_related("unit", "person", "clause__version__regulation").order_by("end", "slot")


@dataclass(frozen=True)
class MonthJudged:
    """What runs have made of the month of an inspection.

    Attributes:
        is_judged: whether a run has looked at it.
        excused: findings that cost nothing because something excuses the person: no clues.
    """

    is_judged: bool
    excused: int


def month_judged(inspection: Inspection) -> MonthJudged:
    """The same for an inspection; two queries."""
    month = month_of(inspection.month)
    rows = {"bureau_id": inspection.bureau_id}
    runs = Run.objects.filter(**rows, status=RunStatus.DONE, start__lte=month.end, end__gte=month.start)
    excused = Finding.objects.live().within(month.start, month.end).filter(**rows, verdict=Verdict.EXCUSED)
    return MonthJudged(runs.exists(), excused.count())


def narrowed(rows: QuerySet[Finding], *, clause: str = "", text: str = "") -> QuerySet[Finding]:
    """Findings of one clause, or that name somebody or say something."""
    if clause:
        rows = rows.filter(clause__key=clause)
    for word in text.split():
        named = Q(person__name__icontains=word) | Q(person__staff_no__icontains=word)
        rows = rows.filter(named | Q(unit__name__icontains=word) | Q(sentence__icontains=word))
    return rows


def clauses_seen(bureau_id: uuid.UUID) -> list[tuple[str, str]]:
    """Keys of the clauses that observations name, each with the source of its newest version."""
    named = Observation.objects.filter(bureau_id=bureau_id, clause__isnull=False).values("clause")
    return _offered(Clause.objects.filter(bureau_id=bureau_id, pk__in=named))


def clauses_found(rows: QuerySet[Finding]) -> list[tuple[str, str]]:
    """Keys of the clauses that findings name, as above."""
    named = rows.order_by().values("clause").distinct()
    return _offered(Clause.objects.filter(pk__in=named))


def _offered(clauses: QuerySet[Clause]) -> list[tuple[str, str]]:
    rows = clauses.select_related("version__regulation").order_by("version__effective_from", "position")
    return list({clause.key: (clause.key, clause.source) for clause in rows}.values())
