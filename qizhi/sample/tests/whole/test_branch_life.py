"""Contacts, talks and what came of working methods in the sample."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import pairwise

import pytest
from django.db.models import F, Q

from qizhi.branch_life import queries
from qizhi.branch_life.enums import Conclusion, ContactKind
from qizhi.branch_life.models import Contact, MethodElement, MethodReview, MethodUse, Talk
from qizhi.branch_life.rules import State
from qizhi.branch_life.services.talks import TalkFact, check_talks
from qizhi.core import clock, periods
from qizhi.gatherings.enums import VisitorRole
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import Membership, Post, Unit
from qizhi.sample.agenda import THEME_BRANCH, VISITED_ON
from qizhi.sample.organisation import SMALL_BRANCH
from qizhi.sample.tests.whole.conftest import UNTIL

pytestmark = pytest.mark.django_db


def branches_of(year):
    span = periods.year(year)
    return list(Unit.objects.within(span.start, span.end).filter(kind=UnitKind.BRANCH).order_by("position"))


def test_every_branch_has_one_contact_person_at_a_time(sample):
    spans = defaultdict(list)
    for row in Contact.objects.exclude(unit__code=THEME_BRANCH):
        spans[row.unit_id, row.kind].append((row.from_on, row.to_on or dt.date.max))
    assert len(spans) == 2 * 13
    for row in Contact.objects.filter(unit__code=THEME_BRANCH):
        spans[row.person_id, row.kind].append((row.from_on, row.to_on or dt.date.max))
    for found in spans.values():
        assert all(before[1] < after[0] for before, after in pairwise(sorted(found)))
    outside = Q(from_on__lt=F("unit__from_on")) | Q(to_on__gt=F("unit__to_on"))
    assert not Contact.objects.filter(outside).exists()
    own = Membership.objects.filter(person=F("person__contacts__person"))
    for row in Contact.objects.select_related("unit"):
        assert not own.filter(person=row.person_id, unit=row.unit_id).filter(
            Q(to_on__isnull=True) | Q(to_on__gte=row.from_on), from_on__lte=row.from_on
        )


def test_contacts_of_a_year_are_mostly_kept_and_some_gaps_stay(sample):
    matrix = queries.contact_matrix(
        sample.pk, branches_of(2017), ContactKind.CONTACT, periods.year(2017), UNTIL
    )
    assert len(matrix.branches) == 13
    assert matrix.without == []
    assert 9 <= len(matrix.covered) <= 13
    assert matrix.in_state(State.DONE)
    assert matrix.in_state(State.MISSING)


def test_the_secretary_of_the_committee_came_to_the_eleventh_branch_by_plan(sample):
    branch = Unit.objects.get(code=THEME_BRANCH)
    secretary = Post.objects.on(VISITED_ON).get(role=Role.COMMITTEE_SECRETARY).person
    cells = queries.contacts_of(branch, periods.year(2018), UNTIL)
    (cell,) = [cell for kind, cell in cells if cell.person == secretary and kind is ContactKind.CONTACT]
    assert (cell.counted, cell.state) == (1, State.DONE)
    visit = branch.gatherings.get(held_on=VISITED_ON).visitors.get(role=VisitorRole.AUDITOR)
    assert visit.person == secretary
    assert visit.comment


def test_talks_leave_gaps_in_one_branch_only(sample):
    units = {unit.pk: unit for unit in branches_of(2017) if unit.to_on is None}
    coverage = queries.talk_coverage(sample.pk, units, periods.year(2017), UNTIL)
    gaps = {units[pk].code: len(found.without) for pk, found in coverage.items() if found.without}
    assert set(gaps) == {SMALL_BRANCH}
    this_year = queries.talk_coverage(sample.pk, units, periods.year(2018), UNTIL)
    assert any(found.in_state(State.DUE) for found in this_year.values())


def test_the_service_would_have_taken_every_talk(sample):
    rows = Talk.objects.select_related("unit", "one", "other")
    with clock.at(UNTIL):
        check_talks([TalkFact(row.unit, row.one, row.other, row.held_on, row.is_month_only) for row in rows])
    assert rows.filter(is_month_only=True).exists()
    assert not rows.filter(recorded_at__date__gt=UNTIL).exists()


def test_leaders_take_part_in_their_own_branches(sample):
    lines = queries.dual_lines(sample.pk, periods.year(2017), UNTIL)
    assert len(lines) >= 5
    for line in lines:
        assert line.due >= line.present > 0


def test_methods_are_reviewed_each_year_and_used(sample):
    five = MethodElement.objects.filter(method__name="五有工作法").values_list("text", flat=True)
    assert list(five) == ["有朝气", "有热情", "有干劲", "有作为", "有特色"]
    assert MethodElement.objects.count() == 5  # no other source names any
    reviews = MethodReview.objects.filter(method__name="五有工作法")
    assert [review.reviewed_on.year for review in reviews] == [2017, 2016, 2015]
    stopped = MethodReview.objects.filter(conclusion=Conclusion.STOP)
    assert {review.method.name for review in stopped} == {"谈心日工作法", "数据先行工作法"}
    assert MethodUse.objects.filter(
        method__name="五有工作法", gathering__held_on=VISITED_ON, gathering__unit__code=THEME_BRANCH
    ).exists()
