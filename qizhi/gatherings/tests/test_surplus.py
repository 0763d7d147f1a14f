"""How many stood for how many seats (EL-07): optional, told on the page by the clause of the day, never refused."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.urls import reverse

from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.gatherings.models import Resolution
from qizhi.gatherings.queries.voting import judged
from qizhi.gatherings.rules import judge_surplus
from qizhi.gatherings.rules.surplus import least_surplus, say_share
from qizhi.gatherings.services import ResolutionFact
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.services import load_national_regulations

FIFTH = Fraction(1, 5)
DAY = dt.date(2021, 3, 15)


@pytest.mark.parametrize(("seats", "least"), [(1, 1), (3, 1), (5, 1), (6, 2), (7, 2), (10, 2), (11, 3)])
def test_a_part_of_a_candidate_counts_as_one(seats, least):
    assert least_surplus(seats, FIFTH) == least
    assert judge_surplus(seats + least, seats, FIFTH).is_enough
    assert not judge_surplus(seats + least - 1, seats, FIFTH).is_enough


def test_the_words():
    assert (
        judge_surplus(6, 5, FIFTH).sentence
        == "候选人 6 人，应选 5 人，差额 1 人，不少于应选人数的20%（至少 1 人）。"
    )
    assert "没有差额，少于" in judge_surplus(5, 5, FIFTH).sentence
    assert "少 1 人，少于" in judge_surplus(4, 5, FIFTH).sentence
    unknown = judge_surplus(None, 5, FIFTH)
    assert (unknown.is_known, unknown.sentence) == (False, "没有登记候选人数，不能判断候选人差额是否够。")
    assert say_share(Fraction(1, 3)) == "1/3"


@pytest.fixture
def elect(cast, held):
    """Record an election of the first branch in 2021, or on another day."""
    load_national_regulations(cast.bureau, by=cast.actor("officer"))

    def make(day="2021-03-12", **values):
        vote = ResolutionFact("选举支部委员会", 4, 4, 4, threshold="election", **values)
        return held("congress", day=day, resolutions=(vote,))

    with clock.at(DAY):
        yield make


def page(cast, row):
    return cast.client("secretary").get(row.get_absolute_url()).content.decode()


def test_the_page_says_whether_the_surplus_is_enough(cast, elect):
    enough = elect(candidates=4, seats=3, elected=3)
    text = page(cast, enough)
    assert "候选人 4 人，应选 3 人，差额 1 人，不少于应选人数的20%（至少 1 人）。" in text
    assert "当选 3 人。" in text
    assert "请核对" not in text
    sheet = cast.client("secretary").get(reverse("gatherings:tally_sheet", args=[enough.pk])).content.decode()
    assert "不少于应选人数的20%" in sheet
    few = page(cast, elect("2021-03-13", candidates=3, seats=3))
    assert "没有差额，少于应选人数的20%（至少 1 人）。" in few
    assert "请核对" in few
    half = page(cast, elect("2021-03-14", candidates=3))
    assert "没有登记应选人数" in half
    told = audit.tell(enough)
    assert told


def test_before_the_text_and_without_numbers_nothing_is_said(cast, elect):
    assert "差额" not in page(cast, elect("2020-07-12", candidates=3, seats=3))
    assert "差额" not in page(cast, elect("2021-03-12"))


def test_findings_tell_too_small_a_surplus_and_half_a_fact(cast, elect):
    elect(candidates=4, seats=3)
    elect("2021-03-13", candidates=3, seats=3)
    elect("2021-03-14", seats=3)
    elect("2021-01-14")
    elect("2020-07-12", candidates=3, seats=3)
    clause = Clause.objects.select_related("version__regulation").get(key="EL-07")
    kind, ask = kind_by_key("candidate_surplus"), Ask(cast.bureau.pk, periods.years(2020, 2021), DAY)
    found = [(kind.judge(kind.read(clause.parameters), fact), fact) for fact in kind.scan(clause, ask)]
    assert [judged.verdict.value for judged, _ in found] == ["violated", "unknown"]
    assert kind.sentence(clause, found[0][1], found[0][0]) == (
        "第一党支部2021年3月13日“选举支部委员会”：候选人 3 人，应选 3 人，没有差额，少于应选人数的20%"
        "（至少 1 人）。依据《中国共产党基层组织选举工作条例》。"
    )
    assert kind.place(found[0][1], ask).address.startswith("/gatherings/")
    elsewhere = Ask(cast.bureau.pk, periods.year(2021), DAY, (cast.second.pk,))
    assert list(kind.scan(clause, elsewhere)) == []


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"threshold": "ordinary", "candidates": 4}, "不是选举"),
        ({"threshold": "election", "seats": 0}, "不合常理"),
        ({"threshold": "election", "candidates": 10_001}, "不合常理"),
        ({"threshold": "election", "seats": 3, "elected": 4}, "多于应选 3 人"),
    ],
)
def test_what_cannot_be_is_refused(held, fact, said):
    with pytest.raises(Refused, match=said):
        held("congress", resolutions=(ResolutionFact("选举支部委员会", 4, 4, 4, **fact),))


def test_the_form_takes_them_and_shows_them_again(cast, kinds):
    values = {
        "id": "01940000-0000-7000-8000-0000000000bc",
        "unit": str(cast.first.pk),
        "held_on": "2018-01-12",
        "kinds": [str(kinds["congress"].pk)],
        "votes-TOTAL_FORMS": "1",
        "votes-INITIAL_FORMS": "0",
        "votes-0-title": "选举支部委员会",
        "votes-0-threshold": "election",
        "votes-0-yes": "4",
        "votes-0-candidates": "5",
        "votes-0-seats": "4",
        "votes-0-elected": "4",
    }
    answer = cast.client("secretary").post(reverse("gatherings:record"), values)
    assert answer.status_code == 302
    row = Resolution.objects.get()
    assert (row.candidates, row.seats, row.elected) == (5, 4, 4)
    form = (
        cast.client("secretary").get(reverse("gatherings:correct", args=[row.gathering_id])).content.decode()
    )
    assert 'name="votes-0-candidates" value="5"' in form
    wrong = values | {"votes-0-threshold": "ordinary", "id": "01940000-0000-7000-8000-0000000000bd"}
    refused = cast.client("secretary").post(reverse("gatherings:record"), wrong)
    assert refused.status_code == 422
    assert "不是选举" in refused.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_one_statement_for_all_elections_of_a_meeting(cast, elect, held, number, django_assert_num_queries):
    votes = [
        ResolutionFact(f"选举{one}", 4, 4, 4, threshold="election", candidates=4, seats=3)
        for one in range(number)
    ]
    row = held("congress", day="2021-03-12", resolutions=tuple(votes))
    rows = list(row.resolutions.order_by("position"))
    held("congress", day="2021-03-13")
    with django_assert_num_queries(3):  # texts, clauses, whether the branch is a temporary one
        found = judged(row, rows, None)
    assert all(one.surplus and one.surplus.judged.is_enough for one in found)
