"""The kind of clause `per_event`: each thing that an inspection has seen earns its points once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case, Observation
from qizhi.conduct.queries.excuses import excused_during
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, month_of, period_of, say_day
from qizhi.core.values import dataclass
from qizhi.org.models import Membership, Placement
from qizhi.regulations.enums import FindingStatus, Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Given,
    Judgement,
    Kind,
    Outcome,
    Parameter,
    ParameterType,
    days_bound,
    register,
)
from qizhi.regulations.kinds.cases import MET, NOT_IN_FORCE, period_key
from qizhi.regulations.models import Clause, Finding
from qizhi.regulations.rules import WorkingCalendar

PER_EVENT = "per_event"


@dataclass(frozen=True)
class SeenFact:
    """An observation of an inspection.

    Attributes:
        key: of the observation.
        day: when it happened.
        who: Chinese name of the person or unit.
        fact: what was seen.
        number: which of its period it is, from 1.
        person_id: whom it concerns, if a person.
        unit_id: the unit, if it is one.
    """

    key: str
    day: dt.date
    who: str
    fact: str
    number: int
    person_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None


@register
class PerEvent(Kind[SeenFact]):
    """每发生一次记一次: from observations that inspections have written down with their evidence."""

    key = PER_EVENT
    label = "逐次"
    facts = ("期间", "检查记录")
    pages = {"key": "conduct:observation"}
    parameters = (
        Parameter(
            "at_most",
            "每期最多记几次",
            ParameterType.INTEGER,
            is_required=False,
            default=None,
            minimum=1,
            hint="没有规定的留空",
        ),
        Parameter(
            "every",
            "期",
            ParameterType.CHOICE,
            is_required=False,
            default=Every.YEAR,
            choices=((Every.MONTH, "每月"), (Every.QUARTER, "每季度"), (Every.YEAR, "每年")),
            hint="只在填了最多次数时有用",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[SeenFact]:
        """Observations of the clause on days on which it binds, up to the cap of each period.

        One query; with a cap five more, for what people are excused from, and what was withdrawn by decision,
        takes no place of those that count.
        Whichever version an observation names: the day on which it happened chooses the one that judges it,
        and a new version in the middle of a period begins no new count.
        """
        days, parameters = days_bound(clause, ask), self.read(clause.parameters)
        if days is None:
            return
        every = Every(parameters["every"])
        first = period_of(every, days.start).start
        rows = Observation.objects.filter(
            bureau_id=ask.bureau_id,
            clause__key=clause.key,
            clause__version__regulation_id=clause.version.regulation_id,
            happened_on__range=(first, days.end),
            withdrawn_at__isnull=True,
        )
        # Of what somebody was cleared nothing is found again, and it takes no place of a cap.
        rows = rows.exclude(
            Exists(Case.objects.filter(observation=OuterRef("pk"), status=CaseStatus.CLEARED))
        )
        if clause.subject != Subject.PERSON:  # what is asked of units is held against nobody by name
            rows = rows.filter(person__isnull=True)
        else:  # and what is asked of people against no unit
            rows = rows.filter(person__isnull=False)
        if ask.unit_ids is not None:
            rows = rows.filter(_concerns(ask.unit_ids))
        seen: Counter[tuple[object, ...]] = Counter()
        is_capped = clause.points and parameters["at_most"] is not None
        excused = excused_during(ask.bureau_id, Period(first, days.end)) if is_capped else None
        ended = _withdrawn(clause) if is_capped else frozenset()
        for row in rows.select_related("person", "unit").order_by("happened_on", "id"):
            place = (row.person_id or row.unit_id, period_of(every, row.happened_on).start)
            day = Period(row.happened_on, row.happened_on)
            is_excused = row.person_id is not None and excused is not None and excused.why(row.person_id, day)
            number = seen[place] + 1
            seen[place] += not (is_excused or str(row.pk) in ended)
            if row.happened_on in days and _counts(parameters, number):
                yield _fact(row, number)

    def judge(self, parameters: Mapping[str, Any], fact: SeenFact) -> Judgement:
        """Violated once; what exceeds the cap of its period is written down and costs nothing."""
        required = "不得发生，每次计一次"
        # The number is no part of it: another observation that goes away changes nothing about this one.
        evidence = {"day": fact.day.isoformat(), "fact": fact.fact}
        if _counts(parameters, fact.number):
            return Judgement(Verdict.VIOLATED, required, f"{say_day(fact.day)}：{fact.fact}", evidence)
        actual = f"本期第{fact.number}次，已达{parameters['at_most']}次的上限，不再计"
        return Judgement(Verdict.MET, required, actual, evidence)

    def try_case(self, key: str, clauses: Sequence[CaseClause], given: Given) -> list[Outcome]:
        """How many of the days of 检查记录 within 期间 cost points."""
        span = given.period()
        versions = [clause for clause in clauses if clause.key == key]
        if not any(_touches(clause, span) for clause in versions):
            return [NOT_IN_FORCE]
        days = sorted(day for day, _ in given.items("检查记录") if day in span)
        seen: Counter[dt.date] = Counter()
        counted: list[tuple[dt.date, CaseClause]] = []
        for day in days:
            clause = next((one for one in versions if one.binds(day)), None)
            if clause is None:
                continue
            start = period_of(Every(clause.parameters["every"]), day).start
            seen[start] += 1
            if _counts(clause.parameters, seen[start]):
                counted.append((day, clause))
        word = counted[-1][1].failed if counted else MET
        listed = "、".join(say_day(day) for day, _ in counted)
        said = f"检查记录{len(days)}次，计{len(counted)}次"
        return [Outcome(word, f"{said}（{listed}）" if listed else said)]

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """A month with one observation, and one without."""
        del calendar
        month = period_key(month_of(clause.from_on), Every.MONTH)
        seen = {"期间": month, "检查记录": [clause.from_on.isoformat()]}
        return (
            Example("检查发现一次", seen, clause.failed),
            Example("没有检查发现", {"期间": month, "检查记录": []}, MET),
        )

    def sentence(self, clause: Clause, fact: SeenFact, judgement: Judgement) -> str:
        """Who, when, what was seen, and the source of the clause."""
        return f"{fact.who}{judgement.actual.rstrip('。')}。依据{clause.source}。"


def _withdrawn(clause: Clause) -> frozenset[str]:
    """Keys of the observations whose finding by the clause, in any version, a person has withdrawn."""
    rows = Finding.objects.by_clause(clause.asked_by).filter(
        bureau_id=clause.bureau_id, status=FindingStatus.WITHDRAWN
    )
    return frozenset(rows.values_list("occurrence", flat=True))


def _counts(parameters: Mapping[str, Any], number: int) -> bool:
    return parameters["at_most"] is None or number <= parameters["at_most"]


def _concerns(unit_ids: Collection[uuid.UUID]) -> Q:
    """Observations of the units, and of people who belonged to one of them on the day."""
    found = Q(unit_id__in=unit_ids)
    ties: tuple[QuerySet[Any], ...] = (Membership.objects.all(), Placement.objects.all())
    for rows in ties:
        own = rows.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=OuterRef("happened_on")),
            bureau_id=OuterRef("bureau_id"),
            person_id=OuterRef("person_id"),
            unit_id__in=unit_ids,
            from_on__lte=OuterRef("happened_on"),
        )
        found |= Q(Exists(own))
    return found


def _touches(clause: CaseClause, span: Period) -> bool:
    return clause.from_on <= span.end and (clause.to_on is None or span.start <= clause.to_on)


def _fact(row: Observation, number: int) -> SeenFact:
    return SeenFact(
        key=str(row.pk),
        day=row.happened_on,
        who=str(row.person or row.unit or ""),
        fact=row.fact,
        number=number,
        person_id=row.person_id,
        unit_id=None if row.person_id else row.unit_id,
    )
