"""What costs points, area by area, by the version of the day; and what shows it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qizhi.conduct.queries.clauses import deductions_on
from qizhi.conduct.services.appeals import finalize_case
from qizhi.core import clock, periods
from qizhi.regulations.models import Clause, Regulation
from qizhi.regulations.services import add_clause, add_version, publish_version
from qizhi.regulations.services.proposals import take_proposals

D = dt.date
TABLE = "/conduct/clauses/"


@pytest.fixture
def sorted_out(cast, rules):
    """From 2018 on MV-9 has an area and says what shows it."""
    by = cast.actor("officer")
    version = add_version(
        regulation=Regulation.objects.get(code="micro"),
        values={"label": "修订", "effective_from": D(2018, 1, 1)},
        by=by,
    )
    known = {
        "kind": "per_event",
        "parameters": {"at_most": 3, "every": "quarter"},
        "points": Decimal(-1),
        "subject": "person",
        "text": "着装不规范的，每次扣1分。",
    }
    more = {"area": "daily", "evidence": "检查笔录"}
    add_clause(version=version, values={**known, **more, "key": "MV-9", "number": "第二条"}, by=by)
    off = {
        "text": "少一次笔记扣1分。",
        "points": Decimal(-1),
        "is_enabled": False,
        "note": "与减负规定不一致",
    }
    add_clause(version=version, values={**off, "key": "MV-3", "number": "第三条"}, by=by)
    take_proposals(version=version, by=by)
    publish_version(version=version, by=cast.actor("leader"))
    return Clause.objects.get(version=version, key="MV-9")


def told(cast, day):
    rows = deductions_on(cast.bureau.pk, day, periods.year(day.year))
    return [(one.area, one.clause.key, one.clause.version.label, one.state, one.final) for one in rows]


def test_the_table_follows_the_version_of_the_day(cast, sorted_out):
    off = "停用：与减负规定不一致"
    assert told(cast, D(2017, 12, 31)) == [
        ("未分类", "MV-9", "试行", "启用", 0),
        ("未分类", "MV-3", "试行", off, 0),
    ]
    assert told(cast, D(2018, 1, 1)) == [
        ("日常规范", "MV-9", "修订", "启用", 0),
        ("未分类", "MV-3", "修订", off, 0),
    ]
    assert told(cast, D(2015, 6, 1)) == []


def test_final_cases_open_and_only_for_those_who_see_cases(cast, story, sorted_out):
    case = story.decided(clause=sorted_out)
    assert (case.rule["area"], case.rule["evidence"]) == ("日常规范", "检查笔录")
    with clock.at(D(2018, 2, 7)):
        finalize_case(case, by=story.recorder)
        assert told(cast, D(2018, 2, 7))[0][-1] == 1
        office = cast.client("inspector").get(TABLE).content.decode()
        page = "/conduct/cases/?status=final&amp;year=2018&amp;clause=MV-9"
        assert page in office
        assert str(case) in cast.client("inspector").get(page.replace("&amp;", "&")).content.decode()
        assert str(case) not in cast.client("inspector").get("/conduct/cases/?clause=MV-3").content.decode()
        everybody = cast.client("member").get(TABLE).content.decode()
    assert "检查笔录" in everybody
    assert "1 件" not in everybody
    assert "日常规范" in cast.client("inspector").get(case.get_absolute_url()).content.decode()


def test_the_table_leaves_as_a_file_and_a_bad_day_is_today(cast, sorted_out):
    client = cast.client("member")
    lines = client.get(TABLE, {"on": "2018-01-10", "format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("类别,条款代码,出处")
    assert lines[1].startswith("日常规范,MV-9")
    assert client.get(TABLE, {"on": "不知道"}).status_code == 200
    assert "没有扣分的条款" in client.get(TABLE, {"on": "2015-01-01"}).content.decode()
    assert "MV-9" not in cast.client("outsider").get(TABLE).content.decode()


@pytest.mark.parametrize("day", ["2017-06-01", "2018-06-01"])
def test_the_table_asks_the_same_number_of_queries(cast, sorted_out, django_assert_num_queries, day):
    client = cast.client("inspector")
    client.get(TABLE)
    with django_assert_num_queries(5):
        client.get(TABLE, {"on": day})


def test_the_table_says_how_a_clause_is_judged(cast, sorted_out):
    client = cast.client("member")
    assert "逐次；每期最多记几次：3；期：每季度" in client.get(f"{TABLE}?on=2018-03-01").content.decode()
    text = client.get(f"{TABLE}?on=2018-03-01&format=csv").content.decode("utf-8-sig")
    assert "怎样判定" in text.splitlines()[0]
