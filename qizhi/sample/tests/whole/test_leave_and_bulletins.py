"""Leave that was asked for and approved, and the bulletins of the sample."""

from __future__ import annotations

import pytest
from django.db.models import F

from qizhi.conduct.enums import BulletinStatus, CaseStatus, LeaveStatus
from qizhi.conduct.models import Bulletin, Case, LeaveRequest
from qizhi.conduct.queries.leave import approvals, balances
from qizhi.org.enums import LeaveKind
from qizhi.org.models import Leave, Person
from qizhi.sample.tests.whole.conftest import UNTIL

pytestmark = pytest.mark.django_db


def test_every_leave_but_secondments_was_asked_for_and_approved_by_another(sample):
    without = Leave.objects.filter(request__isnull=True).values_list("kind", flat=True).distinct()
    assert set(without) <= {LeaveKind.SECONDMENT}
    assert not LeaveRequest.objects.filter(decided_by=F("person")).exists()
    states = set(LeaveRequest.objects.values_list("status", flat=True))
    assert states >= {LeaveStatus.REQUESTED, LeaveStatus.APPROVED, LeaveStatus.RETURNED}
    waiting = LeaveRequest.objects.filter(status=LeaveStatus.REQUESTED)
    levels = approvals(sample.pk, waiting.values_list("person_id", flat=True), UNTIL)
    assert any(level.people for level in levels.values())


def test_nobody_has_taken_more_annual_leave_than_there_was(sample):
    people = list(Person.objects.filter(left_on=None, began_work_on__isnull=False))
    found = balances(sample.pk, people, UNTIL)
    known = [one for one in found.values() if one.left is not None]
    assert len(known) > 100
    assert [one for one in known if (one.left or 0) < 0] == []


def test_bulletins_tell_of_final_cases_alone_and_the_latest_waits(sample):
    rows = list(Bulletin.objects.order_by("year", "number"))
    assert [row.status for row in rows[:-1]] == [BulletinStatus.APPROVED] * (len(rows) - 1)
    assert rows[-1].status == BulletinStatus.DRAFT
    told = {key for row in rows for key in row.content.get("case_ids", [])}
    assert told
    stand = {CaseStatus.FINAL, CaseStatus.CLEARED}  # cleared by a late appeal after it was told
    assert set(Case.objects.filter(pk__in=told).values_list("status", flat=True)) <= stand
    assert len({row.doc_no for row in rows[:-1]}) == len(rows) - 1
    assert any("没有生效的事项" in line for row in rows[:-1] for line in row.content["months"])
