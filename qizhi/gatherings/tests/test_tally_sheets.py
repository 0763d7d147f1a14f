"""The tally sheet: blank before a vote, with every count and the verdict afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.gatherings.rules import needed
from qizhi.gatherings.services import ResolutionFact, withdraw_gathering

BLANK = "/gatherings/tally-sheet/"


@pytest.fixture
def election(held):
    """An election of the first branch: four vote, one ballot says nothing that counts."""
    vote = ResolutionFact(
        "选举书记甲为支部书记", 4, 4, 2, 1, threshold="election", ballots_issued=4, ballots_returned=4
    )
    return held("congress", resolutions=(vote,))


def sheet_of(cast, row, name="secretary"):
    return cast.client(name).get(reverse("gatherings:tally_sheet", args=[row.pk]))


def test_the_sheet_tells_every_count_what_was_spoiled_and_why(cast, election):
    said = sheet_of(cast, election).content.decode()
    for words in ("选举书记甲为支部书记", "无效票", "未通过", "监票人", "计票人"):
        assert words in said
    cells = said.partition("<tbody>")[2].partition("</tbody>")[0]
    numbers = [part.partition("<")[0] for part in cells.split('<td class="num">')[1:]]
    assert numbers == ["4", "4", "4", "4", "1", "2", "1", "0"]
    assert reverse("gatherings:tally_sheet", args=[election.pk]) in (
        cast.client("secretary").get(election.get_absolute_url()).content.decode()
    )


def test_only_those_who_read_the_meeting_see_its_sheet(cast, election):
    assert sheet_of(cast, election, "officer").status_code == 200
    for name in ("neighbour", "outsider"):
        assert sheet_of(cast, election, name).status_code == 404
    withdraw_gathering(election, reason="重复登记", by=cast.actor("secretary"))
    assert "这次活动的表决不作数" in sheet_of(cast, election).content.decode()


def test_without_resolutions_the_sheet_leads_to_the_blank_one(cast, held):
    row = held("congress")
    said = sheet_of(cast, row).content.decode()
    assert f"{BLANK}?unit={cast.first.pk}&amp;held_on=2018-01-12" in said
    assert "监票人" not in said


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("ordinary", ("到会至少 <strong>2</strong> 人", "赞成至少 <strong>3</strong> 票", "表决事项")),
        ("admission", ("到会至少 <strong>3</strong> 人", "赞成至少 <strong>3</strong> 票", "会前书面赞成")),
        ("election", ("到会至少 <strong>4</strong> 人", "超过到会有表决权人数的半数", "发出选票")),
        ("nonsense", ("一般事项：",)),
    ],
)
def test_the_blank_sheet_says_what_the_vote_needs(cast, kinds, rule, words):
    asked = {"unit": cast.first.pk, "held_on": "2018-01-12", "kinds": kinds["congress"].pk}
    said = cast.client("secretary").get(BLANK, asked | {"rule": rule, "number": "5"}).content.decode()
    assert "应到有表决权 4 人" in said
    assert said.count("<tr>") == 1 + 5
    for word in words:
        assert word in said


def test_nobody_prints_it_for_another_branch_and_a_group_without_voters_leaves_the_number_open(cast, kinds):
    client = cast.client("secretary")
    assert client.get(BLANK, {"unit": cast.second.pk}).status_code == 404
    assert client.get(BLANK).status_code == 404
    asked = {"unit": cast.first.pk, "held_on": "2014-01-12", "number": "99"}
    said = client.get(BLANK, asked).content.decode()
    assert "当天名册里没有有表决权的党员" in said
    assert said.count("<tr>") == 1 + 3


def test_what_is_needed_is_what_the_verdict_asks():
    before, after = dt.date(2018, 1, 12), dt.date(2021, 1, 12)
    assert [needed("election", 10, day).present for day in (before, after)] == [9, 8]
    assert needed("ordinary", 5, after).present == 3
    assert needed("ordinary", 5, after).yes == needed("admission", 5, after).yes == 3
    assert needed("admission", 6, after).present == 4
    assert needed("election", 6, after).yes is None


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_sheets_do_not_grow(cast, held, kinds, django_assert_num_queries, number):
    votes = tuple(ResolutionFact(f"第{one}项", due=4, present=4, yes=3) for one in range(number))
    row = held("congress", resolutions=votes)
    client = cast.client("secretary")
    with django_assert_num_queries(10):
        assert client.get(reverse("gatherings:tally_sheet", args=[row.pk])).status_code == 200
    asked = {"unit": cast.first.pk, "held_on": "2018-01-12", "kinds": kinds["congress"].pk}
    with django_assert_num_queries(9):
        assert client.get(BLANK, asked | {"number": str(number)}).status_code == 200
