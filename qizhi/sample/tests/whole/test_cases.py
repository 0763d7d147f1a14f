"""Cases in the sample: each state, three people each, points that add up, the same at every call."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import F, Sum

from qizhi.conduct.enums import CaseStatus, StepKind
from qizhi.conduct.models import Case, CaseStep, Inspection, PointsEntry, SampleDraw
from qizhi.conduct.queries.cases import late_appeals, to_become_final, under_review, without_ground
from qizhi.conduct.queries.samples import draw_again
from qizhi.regulations.enums import VersionStatus
from qizhi.sample.tests.whole.conftest import UNTIL

pytestmark = pytest.mark.django_db


def test_there_is_a_case_in_every_state(sample):
    found = Counter(Case.objects.values_list("status", flat=True))
    assert set(found) == set(CaseStatus.values)
    assert set(CaseStep.objects.values_list("kind", flat=True)) == set(StepKind.values)
    for waiting in (late_appeals(sample.pk), under_review(sample.pk), without_ground(sample.pk)):
        assert waiting.exists()
    assert to_become_final(sample.pk, UNTIL).exists()


def test_points_add_up_to_what_is_final_and_what_was_won_leaves_no_trace(sample):
    final = Case.objects.filter(status=CaseStatus.FINAL).aggregate(sum=Sum("final_points"))["sum"]
    assert PointsEntry.objects.aggregate(sum=Sum("points"))["sum"] == final
    assert final < 0
    for case in Case.objects.exclude(status=CaseStatus.FINAL):
        assert sum(case.points_entries.values_list("points", flat=True), Decimal(0)) == 0
    assert Case.objects.filter(outcome="cancelled", status=CaseStatus.CLEARED).exists()


def test_g7_every_final_deduction_has_all_that_it_needs(sample, calendar, tell):
    final = Case.objects.filter(status=CaseStatus.FINAL, final_points__lt=0).select_related("clause__version")
    assert len(final) >= 5
    for case in final:
        assert case.clause.version.effective_from <= case.happened_on
        assert case.clause.version.status == VersionStatus.PUBLISHED
        assert case.rule
        assert case.evidence
        told = [step.on for step in case.steps.all() if step.kind == StepKind.NOTIFIED]
        assert told == [case.notified_on]
        window = calendar.working_days_between(case.notified_on, case.statement_until)
        assert window >= 5
        assert case.statement_until
        assert case.decided_on
        assert case.statement_until < case.decided_on
        assert case.decided_by_id not in {None, case.recorded_by_id, case.person_id}
        assert case.reviewed_by_id not in {case.decided_by_id, case.recorded_by_id, case.person_id}
    tell(
        "G7",
        f"{len(final)} of {len(final)} final deductions of the sample have version, evidence, notice, "
        "five working days or more, a decider who is not the recorder and a reviewer who is not the decider",
    )


def test_nobody_is_early_and_steps_follow_each_other(sample):
    decided = Case.objects.filter(decision="confirmed")
    assert not decided.filter(decided_on__lte=F("statement_until")).exists()
    for case in Case.objects.prefetch_related("steps"):
        days = [step.on for step in case.steps.order_by("at", "id")]
        assert days == sorted(days)
        assert days[-1] <= UNTIL


def test_inspections_are_monthly(sample):
    months = Counter(Inspection.objects.values_list("month__year", flat=True))
    assert months[2016] == months[2017] == 12
    assert SampleDraw.objects.get(inspection__month="2017-05-01").seed == "2017-05"
    again = [draw_again(row) for row in SampleDraw.objects.all()]
    assert [one for one in again if not (one.is_equal and one.is_equal_now)] == []
