"""What the kinds on fixed days, lecturers and terms look at; the number of queries never grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max

from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger, Threshold
from qizhi.gatherings.models import Lecturer, LedgerEntry, Resolution
from qizhi.org.models import Post

FIXED_DAY, LECTURERS = "fixed_day", "lecturers"


def days_held(
    bureau_id: uuid.UUID, ledger: str, lecturer: str, span: Period, unit_ids: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, set[dt.date]]:
    """Days on which something was held, by unit; one query.

    Args:
        bureau_id: whose.
        ledger: what counts.
        lecturer: only what was given in this capacity; empty for all.
        span: the days.
        unit_ids: only of these units; None for all of the bureau.
    """
    rows = LedgerEntry.objects.filter(
        bureau_id=bureau_id,
        ledger=ledger,
        held_on__range=(span.start, span.end),
        gathering__withdrawn_at__isnull=True,
    )
    if lecturer:
        rows = rows.filter(gathering__lecturers__capacity=lecturer)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    found: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for unit_id, day in rows.order_by().values_list("unit_id", "held_on"):
        found[unit_id].add(day)
    return found


@dataclass(frozen=True)
class LecturerLine:
    """Somebody who held a post through a whole period, with the lessons given in it."""

    person_id: uuid.UUID
    person: str
    unit: str
    lessons: int


def lecturers_of(
    bureau_id: uuid.UUID, role: str, period: Period, as_of: dt.date, unit_ids: Collection[uuid.UUID] | None
) -> list[LecturerLine]:
    """Who held the post on the first and on the last day, in fixed order of units; two queries.

    Who came to it or left it inside the period owes no lesson of the period.
    """
    posts = Post.objects.on(period.start).filter(bureau_id=bureau_id, role=role)
    if unit_ids is not None:
        posts = posts.filter(unit_id__in=unit_ids)
    later = Post.objects.on(period.end).filter(bureau_id=bureau_id, role=role)
    both = posts.filter(person_id__in=later.values("person_id")).select_related("person", "unit")
    days = period.until(as_of)
    given: Counter[uuid.UUID] = Counter()
    if days is not None:
        lessons = Lecturer.objects.filter(
            bureau_id=bureau_id,
            person__isnull=False,
            gathering__held_on__range=(days.start, days.end),
            gathering__withdrawn_at__isnull=True,
            gathering__ledger_entries__ledger=Ledger.LESSON,
        )
        given.update(lessons.order_by().values_list("person_id", flat=True))
    return [
        LecturerLine(post.person_id, post.person.name, str(post.unit), given[post.person_id])
        for post in both.order_by("unit__position", "unit__code", "person__staff_no")
    ]


def last_elections(bureau_id: uuid.UUID, on: dt.date) -> dict[uuid.UUID, dt.date]:
    """Day of the last election of each unit up to a day, by its resolutions; one query."""
    held = Resolution.objects.filter(
        bureau_id=bureau_id,
        threshold=Threshold.ELECTION,
        gathering__held_on__lte=on,
        gathering__withdrawn_at__isnull=True,
    )
    found = held.order_by().values("gathering__unit_id").annotate(last=Max("gathering__held_on"))
    return dict(found.values_list("gathering__unit_id", "last"))
