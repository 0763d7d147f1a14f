"""The numbers of the organisation: branches, members, people, cadres, on the last day that counts.

Each speaks of one day: the end of the period, or the day of reckoning when that comes first. Asked for a
year that is over, they answer for its 31 December.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet

from qizhi.core.figures import (
    NOTHING,
    Ask,
    Column,
    Figure,
    Measure,
    Span,
    Tally,
    Value,
    count_value,
    register,
)
from qizhi.org.enums import RANK_ORDER, MemberStatus, Rank, UnitKind
from qizhi.org.models import Membership, Placement, RankTenure, Unit

FULL = (MemberStatus.FULL, MemberStatus.NO_VOTE)
CADRE_RANKS = tuple(rank for rank, order in RANK_ORDER.items() if order >= RANK_ORDER[Rank.DEPUTY_DIVISION])
Rows = Callable[[Ask], QuerySet[Any]]


def _branches(ask: Ask) -> QuerySet[Unit]:
    if ask.days is None:
        return Unit.objects.none()
    units: QuerySet[Unit] = Unit.objects.on(ask.days.end).filter(
        bureau_id=ask.bureau_id, kind=UnitKind.BRANCH
    )
    if ask.unit_ids is not None:
        units = units.filter(pk__in=ask.unit_ids)
    return units.select_related("parent").order_by("position", "code")


def _members(ask: Ask) -> QuerySet[Membership]:
    """At most one row a person: the database holds membership to one branch a day."""
    if ask.days is None:
        return Membership.objects.none()
    rows: QuerySet[Membership] = Membership.objects.on(ask.days.end).filter(bureau_id=ask.bureau_id)
    if ask.unit_ids is not None:
        rows = rows.filter(unit_id__in=ask.unit_ids)
    return rows.select_related("person", "unit").order_by("unit__position", "unit__code", "person__staff_no")


def _full_members(ask: Ask) -> QuerySet[Membership]:
    return _members(ask).filter(status__in=FULL)


def _people(ask: Ask) -> QuerySet[Placement]:
    """At most one row a person: the database holds them to one department a day."""
    if ask.days is None:
        return Placement.objects.none()
    rows: QuerySet[Placement] = Placement.objects.on(ask.days.end).filter(bureau_id=ask.bureau_id)
    if ask.unit_ids is not None:
        rows = rows.filter(unit_id__in=ask.unit_ids)
    return rows.select_related("person", "unit").order_by("unit__position", "unit__code", "person__staff_no")


def _cadres(ask: Ask) -> QuerySet[RankTenure]:
    """At most one row a person: the database holds them to one rank a day."""
    if ask.days is None:
        return RankTenure.objects.none()
    rows: QuerySet[RankTenure] = RankTenure.objects.on(ask.days.end).filter(
        bureau_id=ask.bureau_id, rank__in=CADRE_RANKS
    )
    if ask.unit_ids is not None:
        placed = Placement.objects.on(ask.days.end).filter(bureau_id=ask.bureau_id, unit_id__in=ask.unit_ids)
        rows = rows.filter(person_id__in=placed.values("person_id"))
    return rows.select_related("person").order_by("person__staff_no")


def _count(rows: Rows) -> Callable[[Ask], Value | Tally]:
    return lambda ask: NOTHING if ask.days is None else Tally(rows(ask))


def _count_by_unit(rows: Rows, column: str, *kinds: str) -> Callable[[Ask], dict[uuid.UUID, Value]]:
    """A count for each unit of the kinds that exists on the day; units without rows have 0."""

    def by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
        if ask.days is None:
            return {}
        units = Unit.objects.on(ask.days.end).filter(bureau_id=ask.bureau_id, kind__in=kinds)
        if ask.unit_ids is not None:
            units = units.filter(pk__in=ask.unit_ids)
        found = rows(ask).order_by().values_list(column).annotate(number=Count("pk"))
        numbers: dict[uuid.UUID, int] = dict(found)
        return {pk: count_value(numbers.get(pk, 0)) for pk in units.values_list("pk", flat=True)}

    return by_unit


def _person_page(row: Any) -> str:
    return str(row.person.get_absolute_url())


_WHO = (
    Column("工号", lambda row: row.person.staff_no),
    Column("姓名", lambda row: row.person.name),
)
_MEMBER_COLUMNS = (
    *_WHO,
    Column("党支部", lambda row: row.unit.name),
    Column("党员类别", lambda row: row.get_status_display()),
)

register(
    Figure(
        key="org.active_branches",
        label="党支部",
        measure=Measure.UNITS,
        definition="核算日存在的党支部个数；已撤销、已并入和尚未成立的不计。",
        source="组织登记",
        span=Span.TO_DATE,
        reckon=_count(_branches),
        rows=_branches,
        columns=(
            Column("名称", lambda unit: unit.name),
            Column("上级", lambda unit: unit.parent),
            Column("成立", lambda unit: unit.from_on),
        ),
        link=lambda unit: str(unit.get_absolute_url()),
        by_unit=_count_by_unit(_branches, "pk", UnitKind.BRANCH),
        kinds=frozenset({UnitKind.BRANCH}),
    )
)
register(
    Figure(
        key="org.members",
        label="党员",
        measure=Measure.PEOPLE,
        definition="核算日组织关系在党支部的党员人数，含预备党员和暂无表决权的党员。",
        source="党员组织关系登记",
        span=Span.TO_DATE,
        reckon=_count(_members),
        rows=_members,
        columns=_MEMBER_COLUMNS,
        link=_person_page,
        by_unit=_count_by_unit(_members, "unit_id", UnitKind.BRANCH),
        kinds=frozenset({UnitKind.BRANCH}),
    )
)
register(
    Figure(
        key="org.full_members",
        label="正式党员",
        measure=Measure.PEOPLE,
        definition="核算日组织关系在党支部的正式党员人数，含暂无表决权的，不含预备党员。",
        source="党员组织关系登记",
        span=Span.TO_DATE,
        reckon=_count(_full_members),
        rows=_full_members,
        columns=_MEMBER_COLUMNS,
        link=_person_page,
        by_unit=_count_by_unit(_full_members, "unit_id", UnitKind.BRANCH),
        kinds=frozenset({UnitKind.BRANCH}),
    )
)
register(
    Figure(
        key="org.people",
        label="在岗人员",
        measure=Measure.PEOPLE,
        definition="核算日在某个处室（或局本级）任职的人数。",
        source="任职处室登记",
        span=Span.TO_DATE,
        reckon=_count(_people),
        rows=_people,
        columns=(*_WHO, Column("处室", lambda row: row.unit.name)),
        link=_person_page,
        by_unit=_count_by_unit(_people, "unit_id", UnitKind.DEPARTMENT, UnitKind.BUREAU),
        kinds=frozenset({UnitKind.DEPARTMENT, UnitKind.BUREAU}),
    )
)
register(
    Figure(
        key="org.cadres",
        label="处级以上干部",
        measure=Measure.PEOPLE,
        definition="报告年度12月31日（未到则为核算日）职级在副处级及以上的人数，按当日职级计。",
        source="职级登记",
        span=Span.YEAR,
        reckon=_count(_cadres),
        rows=_cadres,
        columns=(*_WHO, Column("职级", lambda row: row.get_rank_display())),
        link=_person_page,
    )
)
