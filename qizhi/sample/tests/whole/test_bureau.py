"""The bureau on 31 January 2018, asked of the tables directly."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from django.db.models import Count, F, Q

from qizhi.branch_life.models import WorkingMethod
from qizhi.core import clock
from qizhi.core.models import AuditEvent
from qizhi.core.permissions import system
from qizhi.gatherings.enums import DatePrecision, Ledger, RollState, VisitorRole
from qizhi.gatherings.models import Gathering, LedgerEntry, Resolution, RollEntry, Visitor
from qizhi.gatherings.rules import streak
from qizhi.gatherings.services import entries_for
from qizhi.gatherings.services.checks import check
from qizhi.gatherings.services.facts import facts_of
from qizhi.gatherings.services.records import roster_for
from qizhi.org.enums import MemberStatus, Rank, Role, UnitKind
from qizhi.org.models import Leave, Membership, Person, Placement, Post, RankTenure, Unit
from qizhi.org.queries import branch_states
from qizhi.sample.tests.whole.conftest import UNTIL
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import PlanItem

pytestmark = pytest.mark.django_db
DAY = dt.date(2018, 1, 31)
HIGH = (Rank.DEPUTY_DIVISION, Rank.DIVISION, Rank.DEPUTY_BUREAU, Rank.BUREAU)


def branches_on(day):
    return Unit.objects.on(day).filter(kind=UnitKind.BRANCH)


def test_branches_and_people(sample):
    assert branches_on(DAY).count() == 13
    assert branches_on(dt.date(2016, 5, 15)).count() == 13
    assert branches_on(dt.date(2016, 5, 16)).count() == 14  # one was founded in the middle of a quarter
    merged = Unit.objects.get(kind=UnitKind.BRANCH, to_on=dt.date(2016, 12, 31))
    assert merged.successor in branches_on(DAY)
    assert 480 <= Placement.objects.on(DAY).count() <= 520
    for day in (dt.date(2017, 12, 31), DAY):
        assert RankTenure.objects.on(day).filter(rank__in=HIGH).count() == 44  # F18


def test_branches_have_the_bodies_that_their_size_asks_for(sample):
    branches = list(branches_on(DAY))
    states = branch_states(sample.pk, [unit.pk for unit in branches], DAY)
    for state in states.values():
        assert state.full_members >= 3
        assert state.members <= 50
        assert state.has_committee == (state.full_members >= 7)
    assert Counter(state.has_groups for state in states.values())[True] == 9
    small = states[Unit.objects.get(code="z12").pk]
    assert not small.has_committee
    secretaries = Post.objects.on(DAY).filter(role=Role.SECRETARY).values_list("unit__code", flat=True)
    assert sorted(secretaries) == sorted(unit.code for unit in branches)


def test_centre_group(sample):
    def yearly(ledger):
        entries = LedgerEntry.objects.filter(ledger=ledger, held_on__range=("2015-01-01", "2017-12-31"))
        return list(entries.values_list("held_on__year").annotate(Count("id")).order_by("held_on__year"))

    assert yearly(Ledger.CENTRE_STUDY) == [(2015, 14), (2016, 15), (2017, 16)]
    assert yearly(Ledger.CENTRE_DISCUSSION) == [(2015, 5), (2016, 6), (2017, 7)]
    both = Gathering.objects.for_ledger(Ledger.CENTRE_STUDY) & Gathering.objects.for_ledger(
        Ledger.CENTRE_DISCUSSION
    )
    assert both.filter(held_on__year=2017).count() == 5
    assert 11 <= Post.objects.on(DAY).filter(role=Role.CENTRE_GROUP_MEMBER).count() <= 13


@pytest.mark.parametrize(
    ("key", "years"), [("gratitude-month", 6), ("pairing", 12), ("boai", 7), ("discipline-month", 1)]
)
def test_years_in_a_row(sample, key, years):
    held = Gathering.objects.filter(series__key=key, held_on__lte=DAY)
    editions = set(held.values_list("held_on__year", flat=True))
    assert len(streak(editions, 2018, is_running=True)) == years


def test_working_methods(sample):
    methods = WorkingMethod.objects.on(DAY)
    assert methods.values("unit").distinct().count() == 8  # F08
    assert methods.count() == 9  # one branch has two
    assert not methods.get(name="六联工作法").elements.exists()  # the source does not name them
    assert len(methods.get(name="五有工作法").elements.all()) == 5


def test_plans_hold_twelve_checks_and_six_bulletins_a_year(sample):
    for year, branches in ((2015, 13), (2016, 14), (2017, 13), (2018, 13)):
        items = PlanItem.objects.filter(plan__year=year)
        assert items.filter(plan__purpose=Purpose.INSPECTION).count() == 12
        assert items.filter(plan__purpose=Purpose.BULLETIN).count() == 6
        assert items.filter(plan__purpose=Purpose.BRANCH_STUDY).values("plan").distinct().count() == branches


def test_the_first_working_day_of_2018(sample):
    day = Gathering.objects.filter(held_on="2018-01-02")
    flag, lesson = day.get(series__key="new-year-flag"), day.get(unit__code="oc")
    assert (flag.starts_at, lesson.starts_at) == (dt.time(8, 30), dt.time(9, 15))
    assert list(lesson.lecturers.values_list("capacity", flat=True)) == ["principal"]
    visited = day.get(unit__code="z11")
    visitor = visited.visitors.get()
    assert (visitor.role, bool(visitor.comment)) == (VisitorRole.AUDITOR, True)
    assert (
        Post.objects.on(dt.date(2018, 1, 2))
        .filter(person=visitor.person, role=Role.COMMITTEE_SECRETARY)
        .exists()
    )


def test_the_visit_of_may_2017_is_known_to_the_month(sample):
    visit = Gathering.objects.for_ledger(Ledger.FIELD_VISIT).get(held_on="2017-05-01")
    assert visit.precision == DatePrecision.MONTH


@pytest.mark.parametrize("model", [RankTenure, Placement, Membership])
def test_nobody_is_in_two_places(sample, model):
    stays = defaultdict(list)
    for person, start, end in model.objects.values_list("person", "from_on", "to_on"):
        stays[person].append((start, end or dt.date.max))
    assert stays
    for spans in stays.values():
        assert all(before[1] < after[0] for before, after in pairwise(sorted(spans)))


def test_nothing_happens_in_a_unit_that_is_not_there(sample):
    outside = Q(held_on__lt=F("unit__from_on")) | Q(held_on__gt=F("unit__to_on"))
    assert Gathering.objects.count() > 2000
    assert not Gathering.objects.filter(outside).exists()
    beyond = Q(from_on__lt=F("unit__from_on")) | Q(to_on__gt=F("unit__to_on"))
    for rows in (Membership.objects, Post.objects, Placement.objects, WorkingMethod.objects):
        assert not rows.filter(beyond).exists()
    gone = Q(person__left_on__isnull=False) & (Q(to_on__gt=F("person__left_on")) | Q(to_on__isnull=True))
    for stays in (Membership.objects, Post.objects, Placement.objects, RankTenure.objects, Leave.objects):
        assert not stays.filter(gone).exists()


def test_ledgers_are_what_the_service_derives(sample):
    kept = defaultdict(set)
    for entry in LedgerEntry.objects.all():
        kept[entry.gathering_id].add((entry.ledger, entry.unit_id, entry.held_on))
    for gathering in Gathering.objects.prefetch_related("kinds"):
        wanted = {(e.ledger, e.unit_id, e.held_on) for e in entries_for(gathering, gathering.kinds.all())}
        assert kept[gathering.pk] == wanted


def test_the_service_would_have_taken_every_gathering(sample):
    gatherings = list(Gathering.objects.all())
    facts = facts_of(gatherings)
    by = system(sample.pk)
    roster = roster_for(list(facts.values()), sample.pk)
    for one in facts.values():
        check(one, by=by, roster=roster, today=UNTIL)


def test_who_was_on_leave_is_excused(sample):
    entries = list(RollEntry.objects.filter(state=RollState.EXCUSED).select_related("gathering")[:200])
    assert len(entries) == 200
    for entry in entries:
        leave = Leave.objects.on(entry.gathering.held_on).get(person=entry.person)
        assert entry.reason == leave.get_kind_display()


def test_members_are_admitted_and_confirmed_by_congresses(sample):
    changes = Membership.objects.filter(status=MemberStatus.PROBATIONARY)
    assert changes.count() >= 10
    for membership in changes.select_related("unit", "person"):
        congress = Gathering.objects.for_ledger(Ledger.CONGRESS).filter(unit=membership.unit)
        asked = Resolution.objects.filter(gathering__in=congress, title__contains=membership.person.name)
        late = membership.from_on > UNTIL - dt.timedelta(days=80)
        moved = Membership.objects.filter(
            person=membership.person, to_on=membership.from_on - dt.timedelta(1)
        )
        assert asked.exists() or late or moved.exists()


def test_every_state_of_a_record_occurs(sample):
    assert Gathering.objects.filter(is_recorded_late=True, precision=DatePrecision.DAY).exists()
    assert set(RollEntry.objects.values_list("state", flat=True)) == set(RollState.values)
    assert Visitor.objects.filter(role=VisitorRole.AUDITOR).exclude(comment="").count() > 20
    assert Person.objects.values("name").annotate(n=Count("id")).filter(n=2).count() == 1
    with clock.at(UNTIL):
        assert Leave.objects.on(clock.today()).exists()
    assert AuditEvent.objects.filter(bureau_id=sample.pk, verb="sample.build").count() == 1
