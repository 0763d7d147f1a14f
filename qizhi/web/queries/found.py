"""Reads over several apps, for one's own page and the search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Q

from qizhi.branch_life.models import Talk
from qizhi.core import clock
from qizhi.core.db.words import every_word
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering, Lecturer, RollEntry, Visitor
from qizhi.gatherings.permissions import visible_to
from qizhi.gatherings.queries.taken import attended
from qizhi.org.models import Leave, Membership, Person, Post
from qizhi.org.permissions import SEE_PEOPLE, SEE_UNITS
from qizhi.org.queries import units_on, visible_people
from qizhi.regulations.queries import hits_of, named, passages
from qizhi.study.models import Completion, SelfTest
from qizhi.study.queries.self_tests import tests_of
from qizhi.web.queries.pages import pages_named

MOST = 20


@dataclass(frozen=True)
class Hit:
    """Something found: what it is called and where it is."""

    label: str
    detail: str
    address: str


@dataclass(frozen=True)
class Group:
    """Things of one sort that were found."""

    label: str
    hits: list[Hit]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than is shown."""
        return len(self.hits) >= MOST


@dataclass(frozen=True)
class Served:
    """Volunteer service of a person, as the rolls tell it: nobody signs up or types hours of their own.

    Attributes:
        gatherings: what they came to, newest first.
        unclear: of how many more nobody wrote down who came.
    """

    gatherings: list[Gathering]
    unclear: int

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.gatherings or self.unclear)

    @property
    def years(self) -> list[tuple[int, int, Decimal]]:
        """Year, how often and for how many hours, newest first."""
        by_year: dict[int, list[Gathering]] = {}
        for one in self.gatherings:
            by_year.setdefault(one.held_on.year, []).append(one)
        return [
            (year, len(mine), sum((one.hours or Decimal(0) for one in mine), Decimal(0)))
            for year, mine in by_year.items()
        ]


@dataclass(frozen=True)
class OwnRecords:
    """What the system holds about a person."""

    posts: list[Post]
    memberships: list[Membership]
    leaves: list[Leave]
    exceptions: list[RollEntry]
    lectures: list[Lecturer]
    visits: list[Visitor]
    self_tests: list[SelfTest]
    completions: list[Completion]
    talks: list[Talk]
    served: Served


def own_records(person: Person, today: dt.date) -> OwnRecords:
    """Everything about one person, newest first; the last two years of leave and exceptions."""
    since = today - dt.timedelta(days=730)
    return OwnRecords(
        posts=list(person.posts.select_related("unit").order_by("-from_on")),
        memberships=list(person.memberships.select_related("unit", "group").order_by("-from_on")),
        leaves=list(person.leaves.within(since, dt.date.max).order_by("-from_on")),
        exceptions=list(
            person.roll_entries.filter(gathering__held_on__gte=since, gathering__withdrawn_at__isnull=True)
            .select_related("gathering", "gathering__unit")
            .order_by("-gathering__held_on")
        ),
        lectures=list(_of(person.lectures)),
        visits=list(_of(person.visits)),
        self_tests=list(tests_of(person.bureau_id, person.pk)),
        completions=list(
            Completion.objects.filter(bureau_id=person.bureau_id, person=person)
            .select_related("course")
            .order_by("-completed_on", "-id")[:100]
        ),
        talks=list(
            Talk.objects.held()
            .filter(Q(one=person) | Q(other=person), bureau_id=person.bureau_id, held_on__gte=since)
            .select_related("one", "other")
        ),
        served=Served(*attended(person, Ledger.VOLUNTEER, Period(since, today), today)),
    )


def _of(manager: Any) -> Any:
    rows = manager.filter(gathering__withdrawn_at__isnull=True).select_related("gathering__unit__parent")
    return rows.order_by("-gathering__held_on")[:100]


def found_for(actor: Actor, text: str) -> list[Group]:
    """What the word finds, each sort in one query, nothing that the actor may not see."""
    sorts: tuple[tuple[str, Callable[[Actor, str], list[Hit]]], ...] = (
        ("页面", _pages),
        ("人员", _people),
        ("组织", _units),
        ("活动", _gatherings),
        ("制度", _regulations),
    )
    groups = [Group(label, find(actor, text)) for label, find in sorts]
    return [group for group in groups if group.hits]


def _pages(actor: Actor, text: str) -> list[Hit]:
    found = islice(pages_named(actor, text), MOST)
    return [Hit(page.label, other and f"也叫{other}", page.address) for page, other in found]


def _people(actor: Actor, text: str) -> list[Hit]:
    if not actor.may(SEE_PEOPLE):
        return []
    rows = visible_people(actor, SEE_PEOPLE, dt.date.max, text=text)[:MOST]
    return [Hit(row.name, f"工号 {row.staff_no}", row.get_absolute_url()) for row in rows]


def _units(actor: Actor, text: str) -> list[Hit]:
    if not actor.may(SEE_UNITS):
        return []
    rows = units_on(actor.bureau_id, dt.date.max).filter(every_word(text, "name", "short_name"))
    return [Hit(row.name, row.get_kind_display(), row.get_absolute_url()) for row in rows[:MOST]]


def _gatherings(actor: Actor, text: str) -> list[Hit]:
    rows = (
        visible_to(actor)
        .filter(every_word(text, "title", "topics", "unit__name"))
        .select_related("unit__parent")
    )
    found: list[Gathering] = list(rows.order_by("-held_on", "-id")[:MOST])
    return [Hit(row.title, f"{row.unit.full_label} {row.day_label}", row.get_absolute_url()) for row in found]


def _regulations(actor: Actor, text: str) -> list[Hit]:
    rows = list(named(actor.bureau_id, text)[:MOST])
    found = [Hit(row.title, row.doc_no, row.get_absolute_url()) for row in rows]
    entries = passages(actor.bureau_id, text, on=clock.today())[: MOST - len(found)]
    return found + [
        Hit(
            "".join(piece.text for piece in hit.pieces),
            str(hit.entry.regulation),
            hit.address,
        )
        for hit in hits_of(entries, text)
    ]
