"""Samples of inspections: out of whom they are drawn, who was drawn, and what drawing again gives."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field

from django.db.models import QuerySet

from qizhi.conduct.models import Inspection, Observation, SampleDraw
from qizhi.conduct.rules.procedure import draw
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.org.models import Membership, Person, Placement, Unit


def frame_of(unit_ids: Iterable[uuid.UUID], bureau_id: uuid.UUID, day: dt.date) -> list[Person]:
    """Who belongs to the units on the day: members of branches, staff of departments."""
    units = list(unit_ids)
    keys: set[uuid.UUID] = set()
    for ties in (Membership.objects.on(day), Placement.objects.on(day)):
        keys |= {*ties.filter(bureau_id=bureau_id, unit_id__in=units).values_list("person_id", flat=True)}
    return list(Person.objects.filter(bureau_id=bureau_id, pk__in=keys))


def where_of(people: Iterable[uuid.UUID], units: list[Unit], day: dt.date) -> dict[uuid.UUID, str]:
    """In which of the units each of the people is found on the day."""
    names = {unit.pk: str(unit) for unit in units}
    found: dict[uuid.UUID, str] = {}
    people = list(people)
    for ties in (Membership.objects.on(day), Placement.objects.on(day)):
        rows = ties.filter(bureau_id=units[0].bureau_id, unit_id__in=list(names), person_id__in=people)
        found |= {person: names[unit] for person, unit in rows.values_list("person_id", "unit_id")}
    return found


def draws_of(inspection: Inspection) -> QuerySet[SampleDraw]:
    """Every draw of an inspection, the last first."""
    rows = SampleDraw.objects.filter(bureau_id=inspection.bureau_id, inspection=inspection)
    return rows.order_by("-at", "-id")


def latest_draw(inspection: Inspection) -> SampleDraw | None:
    """The sample of an inspection; None before it was drawn."""
    return draws_of(inspection).first()


def say_draw(row: SampleDraw) -> str:
    """How a sample was drawn, so that anybody can draw it again."""
    units = "、".join(str(unit["name"]) for unit in row.units)
    return (
        f"总体：{units}，{say_day(row.on)}在册{len(row.frame)}人；抽取{row.number}人。"
        f"抽取口令：{row.seed}；按口令和工号算出的校验值由小到大取前几名。"
    )


@dataclass(frozen=True)
class Redrawn:
    """A sample drawn again.

    Attributes:
        is_equal: whether the kept list gives the same people by the same seed.
        is_equal_now: whether the records as they are now give the same people for the same day.
        came: staff numbers that the records now name for that day and the kept list does not.
        went: those that the kept list names and the records no longer do.
    """

    is_equal: bool
    is_equal_now: bool
    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)


def draw_again(row: SampleDraw) -> Redrawn:
    """Draw again, out of the kept list and out of what the records say now of the same day."""
    was = [one["staff_no"] for one in row.drawn]
    units = [uuid.UUID(unit["id"]) for unit in row.units]
    now = {person.staff_no for person in frame_of(units, row.bureau_id, row.on)}
    return Redrawn(
        draw(row.frame, row.number, row.seed) == was,
        draw(sorted(now), row.number, row.seed) == was,
        sorted(now - set(row.frame)),
        sorted(set(row.frame) - now),
    )


def drawn_ids(row: SampleDraw | None) -> list[uuid.UUID]:
    """Keys of the people of a sample; none without one."""
    return [uuid.UUID(one["id"]) for one in row.drawn] if row else []


@dataclass(frozen=True)
class Sampled:
    """Somebody who was drawn.

    Attributes:
        person: who; None where the bureau no longer has the row.
        staff_no: the staff number by which they were drawn.
        name: their name then.
        unit: in which of the inspected units they were then.
        seen: how many observations of the inspection are about them.
    """

    person: Person | None
    staff_no: str
    name: str
    unit: str
    seen: int


def sampled(inspection: Inspection, row: SampleDraw) -> list[Sampled]:
    """Whom the sample names, in the order of staff numbers, with what was seen of each; two queries."""
    keys = drawn_ids(row)
    people = Person.objects.filter(bureau_id=row.bureau_id).in_bulk(keys)
    seen = Observation.objects.filter(inspection=inspection, withdrawn_at__isnull=True, person_id__in=keys)
    number = Counter(seen.values_list("person_id", flat=True))
    return [
        Sampled(people.get(key), one["staff_no"], one["name"], one["unit"], number[key])
        for key, one in zip(keys, row.drawn, strict=True)
    ]


def frame_rows(row: SampleDraw) -> list[Mapping[str, object]]:
    """The kept list in the order by which it was drawn, each with its sum: a spreadsheet can check it."""
    sums = {key: hashlib.sha256(f"{row.seed}:{key}".encode()).hexdigest() for key in row.frame}
    named = {one["staff_no"]: one for one in row.drawn}
    return [
        {
            "place": place,
            "staff_no": key,
            "name": named.get(key, {}).get("name", ""),
            "unit": named.get(key, {}).get("unit", ""),
            "sum": sums[key],
            "is_drawn": "抽中" if key in named else "",
        }
        for place, key in enumerate(sorted(sums, key=sums.__getitem__), 1)
    ]
