"""The fact behind a finding has changed or gone since: who drafts, tells and decides is told, and held up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import clock
from qizhi.core.periods import Period
from qizhi.regulations.models import Finding
from qizhi.regulations.services import close_period, recheck, run_clauses
from qizhi.tasks.services import documents as services
from qizhi.tasks.tests.documents import day, make_document
from qizhi.tasks.tests.test_deadline import FEBRUARY, LATER, make_clause


@pytest.fixture
def late(cast, calendar):
    """A document that was three days late, as a run has found it."""
    make_clause(cast)
    with clock.at(LATER):
        document = make_document(cast, "来文", received_on=day("2018-02-01"), working_days=5)
        services.finish_document(document, on=day("2018-02-12"), by=cast.actor("officer"))
        judge(cast)
    return document


def judge(cast):
    run_clauses(bureau_id=cast.bureau.pk, span=FEBRUARY, as_of=LATER, by=cast.actor("officer"))


def now(cast):
    return recheck(Finding.objects.live().get(), as_of=LATER)


def test_a_finding_that_would_be_found_again_says_nothing(cast, late):
    found = now(cast)
    assert (bool(found), found.said) == (False, "")


def test_a_corrected_fact_is_told_before_any_run_and_a_run_settles_it(cast, late):
    with clock.at(LATER + dt.timedelta(days=1)):
        services.finish_document(late, on=day("2018-02-08"), by=cast.actor("officer"))
        found = now(cast)
        assert found
        assert "已经不成立" in found.said
        assert found.step == "请先重新核算2018年2月，再看还有没有这条发现。"
        finding = Finding.objects.get()
        page = cast.client("officer").get(finding.get_absolute_url()).content.decode()
        assert "原始记录已经不同" in page
        assert "/regulations/runs/new/?start=2018-02&amp;end=2018-02" in page
        judge(cast)
    assert not Finding.objects.live().exists()
    finding.refresh_from_db()
    assert recheck(finding) is None


def test_another_number_of_days_is_another_finding(cast, late):
    with clock.at(LATER + dt.timedelta(days=1)):
        services.finish_document(late, on=day("2018-02-13"), by=cast.actor("officer"))
        assert "判定已经不同" in now(cast).said


def test_in_a_settled_month_the_proposal_comes_first(cast, late):
    by = cast.actor("officer")
    with clock.at(LATER + dt.timedelta(days=1)):
        close_period(bureau_id=cast.bureau.pk, span=Period(FEBRUARY.start, FEBRUARY.end), by=by)
        services.finish_document(late, on=day("2018-02-08"), by=by)
        assert "处理核算提出的变更建议" in now(cast).step
        judge(cast)
        found = now(cast)
        assert found.proposal is not None
        assert "请先处理这条变更建议" in found.step


def test_it_costs_as_much_for_three_findings_as_for_one(cast, late):
    def cost():
        finding = Finding.objects.live().order_by("pk").first()
        recheck(finding, as_of=LATER)
        with CaptureQueriesContext(connection) as asked:
            recheck(finding, as_of=LATER)
        return len(asked)

    one = cost()
    with clock.at(LATER):
        for name in ("二", "三"):
            other = make_document(cast, name, received_on=day("2018-02-01"), working_days=5)
            services.finish_document(other, on=day("2018-02-12"), by=cast.actor("officer"))
        judge(cast)
    assert Finding.objects.live().count() == 3
    assert cost() == one
