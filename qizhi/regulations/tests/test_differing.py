"""Two findings of one matter whose sentences read alike: the pages say in what they differ."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.periods import month_of
from qizhi.regulations.kinds import say_differing
from qizhi.regulations.models import Finding, Proposal
from qizhi.regulations.services import close_period, decide_proposal, run_clauses
from qizhi.regulations.tests.planted import LATE, PlantedLate

D = dt.date
JANUARY, TODAY = month_of(D(2018, 1, 1)), D(2018, 3, 1)
DAYS = {"start": "2018-01", "end": "2018-01", "as_of": "2018-03-01"}
RULE = {"document": "办法", "version": "试行", "number": "第一条", "text": "逾期扣分。", "kind": "deadline"}
FACTS = {"due_on": "2018-02-08", "days_late": [{"on": "2018-02-09", "name": "", "paper": "甲"}]}
STANDS = {
    "verdict": "violated",
    "points": "-1.00",
    "required": "按期办结",
    "actual": "逾期3天",
    "evidence": {"rule": RULE, "facts": FACTS},
}


@pytest.fixture(autouse=True)
def today(_clock):
    with clock.at(TODAY):
        yield


@pytest.fixture
def corrected(cast, clause, monkeypatch):
    """A fact that was judged, and corrected so that its sentence reads as before."""
    monkeypatch.setattr(PlantedLate, "sentence", lambda *_: "一件逾期。")
    LATE["a"] = (D(2018, 1, 5), 3)
    run(cast)
    LATE["a"] = (D(2018, 1, 5), 5)


def run(cast):
    return run_clauses(bureau_id=cast.bureau.pk, span=JANUARY, as_of=TODAY, by=cast.actor("officer"))


def body(response):
    return response.content.decode().split("<main")[1]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"points": "-2.00"}, [("分值", "-1", "-2")]),
        ({"actual": "逾期4天"}, [("实际", "逾期3天", "逾期4天")]),
        ({"verdict": "unknown", "points": "0"}, [("结论", "不符合", "未知"), ("分值", "-1", "0")]),
        (
            {"evidence": {"rule": {**RULE, "version": "修订"}, "facts": FACTS}},
            [("依据", "《办法》试行，第一条", "《办法》修订，第一条")],
        ),
        (
            {"evidence": {"rule": {**RULE, "parameters": {"grace": 3}}, "facts": FACTS}},
            [("宽限工作日", "2", "3")],
        ),
        (
            {"evidence": {"rule": RULE, "facts": {**FACTS, "days_late": []}}},
            [("逾期的工作日", "2018年2月9日（放假通知 甲）", "—")],
        ),
        (
            {
                "evidence": {
                    "rule": RULE,
                    "facts": {**FACTS, "document": "0190a1b2-0000-7000-8000-000000000000"},
                }
            },
            [("原始记录", "原来所依据的记录", "另一条记录，文字相同")],
        ),
    ],
)
def test_what_differs_is_said_by_its_name(changed, told):
    assert [tuple(one) for one in say_differing(STANDS, {**STANDS, **changed})] == told


def test_the_difference_before_a_run_says_what_differs(cast, corrected):
    client = cast.client("officer")
    page = body(client.get(reverse("regulations:run_new"), DAYS))
    assert page.count("一件逾期。") == 2
    assert "实际：<del>晚3天</del> → <ins>晚5天</ins>" in page
    file = client.get(reverse("regulations:run_new"), {**DAYS, "format": "csv"}).content.decode()
    assert "实际：晚3天 → 晚5天" in file


def test_a_proposal_says_it_and_so_does_the_finding_that_came_of_it(cast, corrected):
    close_period(bureau_id=cast.bureau.pk, span=JANUARY, by=cast.actor("officer"))
    run(cast)
    proposal, client = Proposal.objects.get(), cast.client("officer")
    page = body(client.get(proposal.get_absolute_url()))
    assert "<td>晚3天</td><td>晚5天</td>" in page
    decide_proposal(proposal=proposal, is_accepted=True, by=cast.actor("officer"))
    finding = Finding.objects.live().get()
    assert "实际：<del>晚3天</del> → <ins>晚5天</ins>" in body(client.get(finding.get_absolute_url()))
