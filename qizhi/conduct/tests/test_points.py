"""How points add up: start, cap, floor, reset and factor as they are laid down; one sheet for everybody who reads."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client

from qizhi.conduct.queries.points import appraisal_rows, sheet_years, year_sheet
from qizhi.conduct.queries.procedure import counts_since
from qizhi.conduct.rules.procedure import Procedure, Score, add_up, performance_points
from qizhi.conduct.services import rights
from qizhi.conduct.services.appeals import finalize_case
from qizhi.core import clock
from qizhi.regulations.services import add_clause, add_regulation, add_version, publish_version

D = dt.date
CODE = "ABCDEFGHJKLMNPQR"


def of(*points, carried="0", **laid_down):
    return add_up(map(Decimal, points), Procedure(**laid_down), Decimal(carried))


def score(total, counted=None, now=None, carried="0", new=None):
    counted = counted or total
    said = None if now is None else Decimal(now)
    return Score(Decimal(total), Decimal(counted), said, Decimal(carried), Decimal(new or counted))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (of(), score("0")),
        (of("-1", "-0.5"), score("-1.5")),
        (of("-1", "-2", "2"), score("-1")),
        (of("-1", "-2", cap=2), score("-3", "-2")),
        (of("-1", cap=2), score("-1")),
        (of("-1", "-2", start_points=100), score("-3", now="97")),
        (of("-1", "-2", start_points=100, cap=2), score("-3", "-2", "98")),
        (of("-30", start_points=100, floor=80), score("-30", now="80")),
        (of("-30", start_points=100, floor=80, cap=10), score("-30", "-10", "90")),
        (of("-30", floor=80), score("-30")),  # a floor without a start says nothing
        (of("-1", carried="-2"), score("-3", carried="-2", new="-1")),
        (of("-3", carried="-4", cap=5), score("-7", "-5", carried="-4", new="-1")),
        (of("-3", carried="-6", cap=5), score("-9", "-5", carried="-6", new="0")),
        (of("-1", carried="-2", start_points=12), score("-3", now="9", carried="-2", new="-1")),
    ],
)
def test_points_add_up_as_it_is_laid_down(found, expected):
    assert found == expected


@pytest.mark.parametrize(
    ("points", "factor", "expected"),
    [
        ("-3", None, None),
        ("-3", Fraction(1, 2), "-1.50"),
        ("-1", Fraction(1, 3), "-0.33"),
        ("-2", Fraction(1, 3), "-0.67"),
        ("-0.25", Fraction(1, 10), "-0.03"),  # half up, away from nought
        ("0", Fraction(1, 2), "0.00"),
    ],
)
def test_points_of_the_performance_appraisal(points, factor, expected):
    laid_down = Procedure(performance_factor=factor)
    found = performance_points(add_up([Decimal(points)], laid_down), laid_down)
    assert found == (None if expected is None else Decimal(expected))


def test_what_counted_before_weighs_once_and_the_cap_holds_over_the_years():
    laid_down = Procedure(performance_factor=Fraction(1, 2), cap=5)
    found = add_up([Decimal(-3)], laid_down, Decimal(-4))
    assert performance_points(found, laid_down) == Decimal("-0.50")


@pytest.fixture
def lay_down(cast, rules):
    """Puts a procedure into force from a day on; later ones follow it."""
    by = cast.actor("officer")
    values = {
        "code": "sums",
        "title": "记分办法",
        "doc_no": "示检党〔2016〕2号",
        "level": "bureau",
        "issuer": "局",
    }
    regulation = add_regulation(values=values, by=by)

    def lay(start, **parameters):
        values = {"label": f"{start.year}年版", "effective_from": start}
        version = add_version(regulation=regulation, values=values, by=by)
        clause = {"key": "SUM", "number": "第三条", "text": "怎样记分。", "kind": "procedure"}
        add_clause(version=version, values={**clause, "parameters": parameters}, by=by)
        publish_version(version=version, by=cast.actor("leader"))

    return lay


@pytest.fixture
def two_years(story):
    """A point in February 2018, another in January 2019."""
    cases = [story.decided(), story.decided(happened_on=D(2018, 1, 9))]
    for case, day in zip(cases, (D(2018, 2, 7), D(2019, 1, 2)), strict=True):
        with clock.at(day):
            finalize_case(case, by=story.recorder)
    return cases


def sums(cast, year):
    found = year_sheet(cast.person("member"), year)
    return found.score.carried, found.score.total, len(found.lines), found.performance


def test_without_a_reset_points_go_on_and_each_weighs_in_its_own_year(cast, lay_down, two_years):
    lay_down(D(2016, 6, 1), performance_factor="1/2")
    half = Decimal("-0.50")
    assert sums(cast, 2018) == (0, -1, 1, half)
    assert sums(cast, 2019) == (-1, -2, 1, half)
    assert sums(cast, 2020) == (-2, -2, 0, 0)
    assert sheet_years(cast.person("member"), 2020) == [2020, 2019, 2018]


def test_with_a_reset_each_year_begins_anew(cast, lay_down, two_years, django_assert_num_queries):
    lay_down(D(2016, 6, 1), reset_every="year")
    with django_assert_num_queries(3):
        assert sums(cast, 2019) == (0, -1, 1, None)
    assert sums(cast, 2020) == (0, 0, 0, None)


def test_a_reset_counts_in_the_years_at_whose_end_it_is_in_force(cast, lay_down, two_years):
    bureau_id = cast.bureau.pk
    assert counts_since(bureau_id, 2019) is None
    lay_down(D(2016, 6, 1), reset_every="year")
    lay_down(D(2019, 1, 1))
    assert [counts_since(bureau_id, year) for year in (2015, 2018, 2019, 2021)] == [
        *(None, D(2018, 1, 1), D(2019, 1, 1), D(2019, 1, 1))
    ]
    assert sums(cast, 2019) == (0, -1, 1, None)
    assert sums(cast, 2020) == (-1, -1, 0, None)
    lay_down(D(2021, 7, 1), reset_every="year")
    assert sums(cast, 2021) == (0, 0, 0, None)


def test_the_appraisal_has_sums_formula_rule_and_cases_with_their_versions(cast, lay_down, story, two_years):
    parameters = {"start_points": 100, "floor": 60, "cap": 1, "performance_factor": "1/2"}
    lay_down(D(2016, 6, 1), **parameters)
    (row,) = appraisal_rows(cast.bureau.pk, 2018)
    assert row == {
        "year": 2018,
        "staff_no": cast.person("member").staff_no,
        "who": "党员丁",
        "carried": 0,
        "own": -1,
        "total": -1,
        "counted": -1,
        "score": 99,
        "performance": Decimal("-0.50"),
        "formula": "绩效分＝本年计入的分值（封顶后）×1/2",
        "rule": "《记分办法》第三条（2016年版）",
        "parameters": "起始分100，最低分60，一期最多扣1，未规定清零，历年累计",
        "cases": "微〔2018〕1号（《示例考核办法》（示检党〔2016〕1号）试行，第二条）",
        "cases_before": "",
    }
    before = row["cases"]
    (row,) = appraisal_rows(cast.bureau.pk, 2019)
    told = [row[key] for key in ("carried", "own", "total", "counted", "score", "performance")]
    assert told == [-1, -1, -2, -1, 99, 0], "the cap was reached the year before"
    assert row["cases_before"] == before, "each number leads to its cases, also what is carried"
    reply = cast.client("inspector").get("/conduct/points/appraisal/?year=2018&format=csv")
    table = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert table[0][-3:] == ["参数", "本年事项编号和条款版本", "结转的事项编号和条款版本"]
    assert "《记分办法》第三条（2016年版）" in table[1]


def test_the_office_and_the_person_read_the_same_sheet_by_either_door(cast, lay_down, two_years):
    lay_down(D(2016, 6, 1), start_points=100, cap=1, performance_factor="1/2")
    member = cast.person("member")
    rights.make_code(person=member, code=CODE, days=14, by=cast.actor("personnel"))
    door = Client()
    door.post("/own/", {"code": CODE})
    pages = [
        cast.client("inspector").get(f"/conduct/points/people/{member.pk}/?year=2019"),
        cast.client("member").get("/mine/?year=2019"),
        door.get("/own/page/?year=2019"),
    ]
    for page in pages:
        text = page.content.decode()
        for words in (
            '2019年记分 1 件，以前年度结转 <a href="#carried">-1 分</a>，累计 <strong>-2</strong> 分，封顶后 <strong>-1</strong> 分',
            "以前年度结转的记录",
            str(two_years[0]),
            "起始分 100，现为 <strong>99</strong> 分",
            "《示例考核办法》（示检党〔2016〕1号）试行，第二条",
            "绩效分＝本年计入的分值（封顶后）×1/2，为 0",
            "不清零，历年累计",
            "《记分办法》第三条（2016年版）",
        ):
            assert words in text, words
    file = cast.client("inspector").get(f"/conduct/points/people/{member.pk}/?year=2019&format=csv")
    assert [one.split(",")[0] for one in file.content.decode("utf-8-sig").splitlines()[1:]] == [
        "2018-02-07",
        "2019-01-02",
    ]
    own = door.get("/own/page/?year=2018").content.decode()
    assert "2018年记分 1 件，累计 <strong>-1</strong> 分" in own
    assert f"/own/cases/{two_years[0].pk}/" in own
    assert f'href="/conduct/cases/{two_years[0].pk}/"' not in own
