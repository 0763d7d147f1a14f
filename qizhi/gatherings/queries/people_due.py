"""People and units that came to less than a clause asks; the database returns no others."""

# ruff: noqa: S608 - every value goes in by a mark, only words of this file stand in the text
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from qizhi.core.values import dataclass
from qizhi.gatherings.models import LedgerEntry
from qizhi.gatherings.queries.taking_part import (
    SUMS,
    Shape,
    Sql,
    Wanted,
    counted,
    held,
    in_order,
    key_of,
    missed,
    part_of,
    read_missed,
    shape_of,
)
from qizhi.gatherings.rules.attendance import ABSENT, EXCUSED, MADE_UP
from qizhi.org.enums import MemberStatus, UnitKind
from qizhi.org.models import Placement, Unit


class Whom(StrEnum):
    """Of which people something is asked."""

    MEMBERS = "members"
    FULL_MEMBERS = "full_members"
    STAFF = "staff"


WHOM_LABELS = {Whom.MEMBERS: "全体党员", Whom.FULL_MEMBERS: "正式党员", Whom.STAFF: "全体工作人员"}


class PersonLine(NamedTuple):
    """Somebody with what they were due at; `missed`: day and state of each that they did not come to."""

    person_id: uuid.UUID
    person: str
    unit_id: uuid.UUID
    unit: str
    due: int
    present: int
    excused: int
    unclear: int
    missed: tuple[tuple[dt.date, str], ...]


class UnitLine(NamedTuple):
    """A unit with the rolls of its gatherings; `unclear`: how many of them do not say who was due."""

    unit_id: uuid.UUID
    unit: str
    gatherings: int
    due: int
    present: int
    excused: int
    unclear: int


@dataclass(frozen=True)
class PeopleAsked:
    """What is asked of people in a period.

    Attributes:
        whom: of which people; those who belonged to it on the first and on the last day, and were not on
            approved leave or sent elsewhere all the time.
        need: SQL: how many are asked for, from `a.due` and `a.excused`; `least` builds it.
        is_due_only: only of people who were due at something; what nobody held is asked of the unit, not of
            them.
        has_excused: leave counts as having come; otherwise `need` has left it out, or holds it against them.
        is_strict: leave is held against them.
    """

    whom: Whom
    need: str
    is_due_only: bool
    has_excused: bool = False
    is_strict: bool = False


def people_below(
    wanted: Wanted, asked: PeopleAsked, unit_ids: tuple[uuid.UUID, ...] | None
) -> Iterator[PersonLine]:
    """People who came to less, or of whom it is not known; two statements.

    Args:
        wanted: which gatherings count, and in which period.
        asked: how many of them.
        unit_ids: only people of these branches or departments; None for all.
    """
    shape = shape_of(wanted)
    sql = Sql()
    # Where every roll is clear, who missed nothing has come to all: nobody else need be looked at.
    is_absent_only = asked.is_due_only and shape.is_clear and not asked.is_strict
    part = part_of(sql, wanted, shape, is_absent_only=is_absent_only)
    came = "present + excused" if asked.has_excused else "present"
    sums = f"SELECT person_id, {SUMS}, {missed()} AS missed FROM ({part}) x GROUP BY person_id"
    scope = f"{_scope(asked.whom)} s"
    first = f"{scope} LEFT JOIN ({sums}) a ON a.person_id = s.person_id"
    if asked.is_due_only:
        first = f"({sums}) a {in_order()} {scope} ON s.person_id = a.person_id"
    text = (
        "SELECT p.id, p.name, s.unit_id, COALESCE(NULLIF(su.short_name, ''), su.name), COALESCE(a.due, 0), "
        "COALESCE(a.present, 0), COALESCE(a.excused, 0), COALESCE(a.unclear, 0), a.missed "
        f"FROM {first} JOIN org_person p ON p.id = s.person_id JOIN org_unit su ON su.id = s.unit_id "
        f"WHERE {_in_scope(sql, wanted, asked.whom, unit_ids)} "
        f"AND COALESCE({came}, 0) < {asked.need} ORDER BY p.staff_no"
    )
    for person, name, unit, unit_name, due, present, excused, unclear, absent in sql.rows(text):
        yield PersonLine(
            *(key_of(person), name, key_of(unit), unit_name, due, present, excused, unclear),
            read_missed(absent),
        )


def _scope(whom: Whom) -> str:
    return "org_placement" if whom is Whom.STAFF else "org_membership"


def _in_scope(sql: Sql, wanted: Wanted, whom: Whom, unit_ids: tuple[uuid.UUID, ...] | None) -> str:
    """Who belonged on the first and the last day and was not away all the time; newcomers owe nothing yet."""
    bureau, start, end = (
        sql.put(value) for value in (wanted.bureau_id, wanted.period.start, wanted.period.end)
    )

    def on(row: str, day: str) -> str:
        """Whether the row holds on the day."""
        is_full = f" AND {row}.status <> '{MemberStatus.PROBATIONARY}'" if whom is Whom.FULL_MEMBERS else ""
        return (
            f"{row}.bureau_id = {bureau} AND {row}.from_on <= {day} "
            f"AND ({row}.to_on IS NULL OR {row}.to_on >= {day}){is_full}"
        )

    # Nearly always it is the same row; only for others is another looked for.
    other = f"SELECT 1 FROM {_scope(whom)} t WHERE t.person_id = s.person_id AND {on('t', end)}"
    away = (
        f"SELECT 1 FROM org_leave l WHERE l.person_id = s.person_id AND l.bureau_id = {bureau} "
        f"AND l.from_on <= {start} AND (l.to_on IS NULL OR l.to_on >= {end})"
    )
    is_there = f"(s.to_on IS NULL OR s.to_on >= {end} OR EXISTS ({other}))"
    tests = [on("s", start), is_there, f"NOT EXISTS ({away})"]
    if unit_ids is not None:
        tests.append(f"s.unit_id IN ({sql.put_all(unit_ids)})")
    return " AND ".join(tests)


def units_with_rolls(wanted: Wanted, kind: str, unit_ids: tuple[uuid.UUID, ...] | None) -> Iterator[UnitLine]:
    """Units of a kind that were there all through the period, with the rolls of what they held."""
    sql = Sql()
    text = unit_rolls(sql, wanted, shape_of(wanted), kind, unit_ids)
    for unit, name, *numbers in sql.rows(f"{text} ORDER BY u.path"):
        yield UnitLine(key_of(unit), name, *(int(number) for number in numbers))


def unit_rolls(
    sql: Sql, wanted: Wanted, shape: Shape, kind: str, unit_ids: Collection[uuid.UUID] | None
) -> str:
    """A query of those units: key, name, numbers of `UnitLine`; `shape`: of the same gatherings or more."""
    part = part_of(sql, wanted, shape)
    rolls = (
        f"SELECT gathering_id, COUNT(*) AS due, {counted(EXCUSED)} AS excused, {counted(ABSENT)} AS absent, "
        f"{counted(MADE_UP)} AS made_up FROM ({part}) x GROUP BY gathering_id"
    )
    is_known = "(g.precision = 'day' OR g.due_total IS NOT NULL)"
    due = f"CASE WHEN {is_known} THEN COALESCE(g.due_total, c.due, 0) ELSE 0 END"
    present = (
        f"CASE WHEN NOT {is_known} THEN 0 "
        "WHEN g.present_total IS NOT NULL THEN g.present_total + COALESCE(c.made_up, 0) "
        "ELSE COALESCE(g.due_total, c.due, 0) - COALESCE(c.excused, 0) - COALESCE(c.absent, 0) END"
    )
    start, end = sql.put(wanted.period.start), sql.put(wanted.period.end)
    text = (
        f"SELECT u.id, COALESCE(NULLIF(u.short_name, ''), u.name), COUNT(*), SUM({due}), SUM({present}), "
        f"SUM(CASE WHEN {is_known} THEN COALESCE(c.excused, 0) ELSE 0 END), "
        f"SUM(CASE WHEN {is_known} THEN 0 ELSE 1 END) "
        f"FROM {held(sql, wanted)} LEFT JOIN ({rolls}) c ON c.gathering_id = g.id "
        f"WHERE u.kind = {sql.put(kind)} AND u.from_on <= {start} AND (u.to_on IS NULL OR u.to_on >= {end})"
    )
    if unit_ids is not None:
        text += f" AND u.id IN ({sql.put_all(unit_ids)})"
    return f"{text} GROUP BY u.id, u.name, u.short_name, u.path"


def departments_below(
    wanted: Wanted, at_least: int, unit_ids: tuple[uuid.UUID, ...] | None
) -> Iterator[tuple[Unit, int]]:
    """Departments that held less, with how much; one statement.

    Of one that was not there all through the period, or in which nobody worked, nothing is asked.
    """
    period = wanted.period
    entries = LedgerEntry.objects.filter(
        bureau_id=wanted.bureau_id,
        ledger=wanted.ledger,
        unit_id=OuterRef("pk"),
        held_on__range=(wanted.period.start, wanted.period.end),
        gathering__withdrawn_at__isnull=True,
    )
    number = entries.order_by().values("unit_id").annotate(number=Count("pk")).values("number")
    staff = Placement.objects.within(period.start, period.end).filter(
        bureau_id=wanted.bureau_id, unit_id=OuterRef("pk")
    )
    units = Unit.objects.filter(
        Exists(staff),
        Q(to_on__isnull=True) | Q(to_on__gte=period.end),
        bureau_id=wanted.bureau_id,
        kind=UnitKind.DEPARTMENT,
        from_on__lte=period.start,
    )
    if unit_ids is not None:
        units = units.filter(pk__in=unit_ids)
    found = units.annotate(held=Coalesce(Subquery(number, output_field=IntegerField()), Value(0))).filter(
        held__lt=at_least
    )
    for unit in found.order_by(F("path")):
        yield unit, vars(unit)["held"]
