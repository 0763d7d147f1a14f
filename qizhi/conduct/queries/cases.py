"""Cases: those that count, those that wait for somebody, those about somebody."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case
from qizhi.conduct.models.cases import HEARD, LAPSED, LATE
from qizhi.conduct.permissions.cases import UNTOLD, concerning
from qizhi.core import clock
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.org.models import Person
from qizhi.regulations.enums import FindingStatus

_NAMED = ("person", "unit", "clause__version__regulation", "recorded_by", "decided_by", "reviewed_by")


def final_cases(bureau_id: uuid.UUID, period: Period) -> QuerySet[Case]:
    """Cases that became final in the period and still are: nothing else counts anywhere."""
    rows = Case.objects.filter(
        bureau_id=bureau_id, status=CaseStatus.FINAL, final_on__range=(period.start, period.end)
    )
    return rows.select_related(*_NAMED).order_by("final_on", "year", "serial")


def cases_of(person: Person) -> QuerySet[Case]:
    """Every case about the person that they were told of, newest first; what was only drafted is none."""
    rows = Case.objects.filter(bureau_id=person.bureau_id, person=person).exclude(status__in=UNTOLD)
    return rows.select_related(*_NAMED)


def to_answer(actor: Actor, today: dt.date) -> list[Case]:
    """Cases about the actor, or about a unit that they head, on which nothing was said for them yet.

    Those that they were told of, and those that were decided, as long as an appeal is in time.
    """
    told = Q(status=CaseStatus.NOTIFIED, stated_on__isnull=True)
    decided = Q(status=CaseStatus.DECIDED, is_appeal_open=False, appeal_until__gte=today)
    rows = Case.objects.filter(concerning(actor), told | decided)
    return list(rows.order_by("statement_until", "year", "serial")) if actor.person_id else []


def late_appeals(bureau_id: uuid.UUID) -> QuerySet[Case]:
    """Late appeals that wait for a person to admit them or not."""
    return Case.objects.filter(awaiting_admission(), bureau_id=bureau_id).select_related(*_NAMED)


def under_review(bureau_id: uuid.UUID) -> QuerySet[Case]:
    """Appeals that a third person has to decide: those in time, and late ones that were admitted."""
    rows = Case.objects.filter(reviewable(), bureau_id=bureau_id)
    return rows.select_related(*_NAMED).order_by("review_until", "year", "serial")


def awaiting_admission() -> Q:
    """Filter: a late appeal waits for a person to admit it or not."""
    return Q(is_appeal_open=True, is_appeal_late=True, review_until__isnull=True)


def reviewable() -> Q:
    """Filter: an appeal waits for its review."""
    return Q(is_appeal_open=True) & ~awaiting_admission()


def to_become_final(bureau_id: uuid.UUID, day: dt.date) -> QuerySet[Case]:
    """Decided cases whose time for an appeal is over on the day; a late appeal does not hold them up."""
    rows = Case.objects.filter(lapsed(day), bureau_id=bureau_id)
    return rows.select_related(*_NAMED)


def lapsed(day: dt.date) -> Q:
    """Filter: decided, and the time for an appeal is over on the day; as `Case.is_lapsed`."""
    return Q(status=CaseStatus.DECIDED, appeal_until__lt=day)


def without_ground(bureau_id: uuid.UUID) -> QuerySet[Case]:
    """Cases that still go on or count although the finding behind them has ended."""
    ended = (FindingStatus.SUPERSEDED, FindingStatus.GONE, FindingStatus.WITHDRAWN)
    rows = Case.objects.filter(bureau_id=bureau_id, finding__status__in=ended)
    return rows.exclude(status__in=(CaseStatus.DROPPED, CaseStatus.CLEARED)).select_related(*_NAMED)


def _states(day: dt.date) -> dict[str, Q]:
    """What a list can be narrowed by beside the statuses: as `Case.status_said` tells it on the day."""
    is_heard = ~Q(statement="")
    return {
        CaseStatus.NOTIFIED.value: Q(status=CaseStatus.NOTIFIED) & ~is_heard,
        "heard": Q(status=CaseStatus.NOTIFIED) & is_heard,
        CaseStatus.DECIDED.value: Q(status=CaseStatus.DECIDED) & ~lapsed(day),
        "lapsed": lapsed(day),
        CaseStatus.APPEALED.value: reviewable(),
        "late": awaiting_admission(),
    }


_BEHIND = {
    CaseStatus.NOTIFIED: ("heard", HEARD),
    CaseStatus.DECIDED: ("lapsed", LAPSED),
    CaseStatus.APPEALED: ("late", LATE),
}


def states_offered() -> list[tuple[str, str]]:
    """Every state that a list can be narrowed by, in the order of a case's way."""
    found = []
    for status in CaseStatus:
        found.append((status.value, str(status.label)))
        found += [_BEHIND[status]] if status in _BEHIND else []
    return found


def listed(
    rows: QuerySet[Case],
    *,
    status: str = "",
    year: int | None = None,
    text: str = "",
    unit: str = "",
    clause: str = "",
) -> QuerySet[Case]:
    """Cases narrowed by status, year, unit, clause, and by a name, a staff number or words of the fact."""
    if clause:
        rows = rows.filter(clause__key=clause)
    if status:
        rows = rows.filter(_states(clock.today()).get(status, Q(status=status)))
    if year:
        rows = rows.filter(year=year)
    if unit:
        rows = rows.filter(unit__code=unit)
    if text:
        named = Q(person__name__icontains=text) | Q(person__staff_no__icontains=text)
        rows = rows.filter(named | Q(fact__icontains=text))
    return rows
