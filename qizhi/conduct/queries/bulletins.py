"""What a bulletin tells: final cases of its two months, counted; nothing else is ever read into it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from qizhi.conduct.enums import BulletinStatus, CaseStatus
from qizhi.conduct.models import Bulletin, Case, Inspection
from qizhi.conduct.queries.cases import final_cases
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.rules.bulletins import (
    RULE,
    WHOLE_RULE,
    Told,
    cells_of,
    is_whole,
    months_of,
    numbers_over,
    say_points,
)
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.org.models import Placement

MOST_WORDS = 30
"""Characters of a clause that a table shows."""


def told_in(bureau_id: uuid.UUID, days: Period) -> list[Told]:
    """The final cases of the days, each with the unit it is counted for; two queries.

    A case of a person counts for the unit that it names, else for the department of the day it happened on.
    """
    cases = list(final_cases(bureau_id, days))
    people = {case.person_id for case in cases if case.person_id and not case.unit_id}
    placed = Placement.objects.filter(bureau_id=bureau_id, person_id__in=people).select_related("unit")
    stays: dict[uuid.UUID, list[Placement]] = {}
    for row in placed.order_by("from_on"):
        stays.setdefault(row.person_id, []).append(row)
    found = [(_unit(case, stays.get(case.person_id or case.pk, [])), case) for case in cases]
    return [_told(case, name) for (_, name), case in sorted(found, key=lambda one: one[0][0])]


def _unit(case: Case, stays: Sequence[Placement]) -> tuple[int, str]:
    """Place in the order of units, and name."""
    if case.unit is not None:
        return case.unit.position, str(case.unit)
    held = [row for row in stays if row.from_on <= case.happened_on]
    return (held[-1].unit.position, str(held[-1].unit)) if held else (2**15, "未登记处室")


def _told(case: Case, unit: str) -> Told:
    return Told(
        key=str(case.pk),
        unit=unit,
        clause=_clause(case),
        points=case.final_points or case.points,
        final_on=case.final_on or case.happened_on,
        person=str(case.person_id) if case.person_id else "",
        name=case.person.name if case.person else "",
    )


def _clause(case: Case) -> str:
    """The clause as it was quoted to the person concerned."""
    text = str(case.rule.get("text", "")).strip()
    short = text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS]}……"
    return f"{case.rule.get('number', '')}：{short}".lstrip("：")


def compose(bulletin: Bulletin) -> dict[str, Any]:
    """What the bulletin would say today, as plain values; seven queries however many cases."""
    days = Period(bulletin.start, bulletin.end)
    told = told_in(bulletin.bureau_id, days)
    procedure = procedure_on(bulletin.bureau_id, days.end)
    corrections, corrected = _corrections(bulletin)
    months = months_of(days, told)
    points = sum((one.points for one in told), Decimal(0))
    is_named = bulletin.has_names and procedure.names_in_bulletins
    cells = [] if is_named else cells_of(told)
    is_apart = not is_whole(cells)
    names = [
        {
            "name": one.name or one.unit,
            "unit": one.unit,
            "clause": one.clause,
            "points": say_points(one.points),
        }
        for one in told
        if is_named
    ]
    return {
        "source": _document(procedure.source),
        "cases": len(told),
        "points": say_points(points),
        "months": [month.sentence for month in months],
        "rule": (RULE if is_apart else WHOLE_RULE) if cells else "",
        "cells": [{**asdict(cell), "points": say_points(cell.points)} for cell in cells],
        "is_apart": is_apart,
        "names": names,
        "inspections": _inspections(bulletin.bureau_id, days),
        "corrections": corrections,
        "case_ids": [one.key for one in told],
        "points_of": {one.key: _points(one.points) for one in told},
        "corrected": corrected,
    }


def _document(source: str) -> str:
    """The document of a clause as it is quoted: the measures as a whole say that there are bulletins."""
    return f"{source.rpartition('》')[0]}》" if "》" in source else source


def _inspections(bureau_id: uuid.UUID, days: Period) -> int:
    """Monthly inspections that were held in the days."""
    return Inspection.objects.filter(bureau_id=bureau_id, held_on__range=(days.start, days.end)).count()


def _corrections(bulletin: Bulletin) -> tuple[list[str], dict[str, str]]:
    """What earlier bulletins told that does not stand any more, unless one of them said so already.

    Returns the sentences, and for each case the points that stand now; empty for one that was cleared.
    """
    rows = list(
        Bulletin.objects.filter(
            bureau_id=bulletin.bureau_id, status=BulletinStatus.APPROVED, end__lt=bulletin.start
        ).order_by("year", "number")
    )
    of: dict[str, Bulletin] = {}
    told: dict[str, str] = {}
    for row in rows:
        of |= dict.fromkeys(row.content.get("case_ids", []), row)
        told |= row.content.get("points_of", {})
        told |= dict.fromkeys(row.content.get("corrected_ids", []), "") | row.content.get("corrected", {})
    known = Case.objects.filter(bureau_id=bulletin.bureau_id, pk__in=of).order_by("pk")
    stand = {
        str(pk): _points(points) if status == CaseStatus.FINAL else ""
        for pk, status, points in known.values_list("pk", "status", "final_points")
    }
    # Of bulletins that kept no points only what was cleared can be told.
    moved = {key: now for key, now in stand.items() if now != told.get(key, now or None)}
    sentences = [say for row in rows for say in _say_moved(row, told, moved, of)]
    return sentences, moved


def _points(points: Decimal | None) -> str:
    return "" if points is None else f"{points.normalize():f}"


def _say_moved(
    row: Bulletin, told: dict[str, str], moved: dict[str, str], of: dict[str, Bulletin]
) -> list[str]:
    """Chinese: how many cases of a bulletin were cleared, how many changed and from what to what."""
    own = {key: now for key, now in moved.items() if of[key].pk == row.pk}
    head, said = f"{row.year}年第{row.number}期通报所列事项中，有", []
    if gone := [key for key, now in own.items() if not now]:
        said.append(f"{head}{len(gone)}件经复核撤销，不再计入，特此更正。")
    if changed := [key for key, now in own.items() if now]:
        before, after = (sum(Decimal(of_[key]) for key in changed) for of_ in (told, own))
        sums = f"合计由{say_points(Decimal(before))}分改为{say_points(Decimal(after))}分"
        said.append(f"{head}{len(changed)}件经复核变更分值，{sums}，特此更正。")
    return said


def content_of(bulletin: Bulletin) -> dict[str, Any]:
    """What the bulletin says: as it was approved, or as it would be today."""
    return bulletin.content if bulletin.status == BulletinStatus.APPROVED else compose(bulletin)


def fingerprint(bulletin: Bulletin, content: dict[str, Any]) -> str:
    """A digest of everything that would be issued: tells whether it has moved since somebody looked."""
    words = [bulletin.opening, bulletin.closing, bulletin.has_names, content]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def people_concerned(bureau_id: uuid.UUID, days: Period) -> set[str]:
    """Names of everybody about whom there is a case of these days, in whatever state."""
    rows = Case.objects.filter(bureau_id=bureau_id, person__isnull=False)
    near = rows.filter(happened_on__lte=days.end, recorded_on__gte=days.start) | rows.filter(
        final_on__range=(days.start, days.end)
    )
    return set(near.values_list("person__name", flat=True))


@dataclass(frozen=True)
class Place:
    """A place in the archive: number `number` of a year, with its bulletin if there is one."""

    year: int
    number: int
    days: Period
    bulletin: Bulletin | None
    is_over: bool


def numbers_to_write(bureau_id: uuid.UUID, year: int, day: dt.date, *, is_open: bool) -> list[int]:
    """Numbers of the year whose months are over; with `is_open`, of which nothing was prepared yet."""
    over = numbers_over(year, day)
    if not is_open:
        return over
    there = set(Bulletin.objects.filter(bureau_id=bureau_id, year=year).values_list("number", flat=True))
    return [number for number in over if number not in there]
