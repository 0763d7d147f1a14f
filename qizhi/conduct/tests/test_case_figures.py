"""Numbers of final cases, counted by hand."""

from __future__ import annotations

import datetime as dt

from qizhi.conduct.enums import ReviewOutcome
from qizhi.conduct.models import Inspection
from qizhi.conduct.services.appeals import appeal_case, finalize_case, review_case
from qizhi.core import clock, figures, periods
from qizhi.core.figures import Ask
from qizhi.regulations.models import Clause

D = dt.date
YEAR, END = periods.year(2018), D(2018, 12, 31)


def ask(cast, as_of=END, unit_ids=None):
    return Ask(cast.bureau.pk, YEAR, as_of, unit_ids)


def counted(key, question):
    figure = figures.get(key)
    value = figure.value(question)
    assert value.counted == figure.counted_from_rows(question)
    return value.counted


def test_only_what_is_final_counts_and_only_by_the_day_of_reckoning(cast, story):
    """Of three decided cases one becomes final, one is appealed against, one waits: 1."""
    first, second, _third = story.decided(), story.decided(), story.decided()
    with clock.at(D(2018, 2, 5)):
        second = appeal_case(second, text="不服", appealed_on=D(2018, 2, 5), by=story.recorder)
    with clock.at(D(2018, 2, 7)):
        finalize_case(first, by=story.recorder)
    assert counted("conduct.final_cases", ask(cast)) == 1
    assert counted("conduct.final_cases", ask(cast, D(2018, 2, 6))) == 0
    assert counted("conduct.deductions:MV-9", ask(cast)) == 1
    assert counted("conduct.deductions:MV-1", ask(cast)) == 0
    assert counted("conduct.final_cases", ask(cast, unit_ids=(cast.department.pk,))) == 1
    assert counted("conduct.final_cases", ask(cast, unit_ids=(cast.first.pk,))) == 0
    by_unit = figures.get("conduct.final_cases").by_unit
    assert by_unit is not None
    found = by_unit(ask(cast, unit_ids=(cast.first.pk, cast.department.pk)))
    assert {pk: value.counted for pk, value in found.items()} == {cast.first.pk: 0, cast.department.pk: 1}
    with clock.at(D(2018, 3, 1)):
        review_case(
            second, outcome=ReviewOutcome.CANCELLED, reason="属实", reviewed_on=D(2018, 3, 1), by=story.third
        )
    assert counted("conduct.final_cases", ask(cast)) == 1


def test_rows_do_not_say_whom(cast, story):
    case = story.decided()
    with clock.at(D(2018, 2, 7)):
        finalize_case(case, by=story.recorder)
    figure = figures.get("conduct.final_cases")
    (row,) = figure.rows(ask(cast))
    said = " ".join(str(column.get(row)) for column in figure.columns)
    assert "党员丁" not in said
    assert "微〔2018〕1号" in said
    assert figure.link(row) is None


def test_a_key_that_is_none_has_no_figure():
    assert figures.get("conduct.deductions:") is None
    assert figures.get("conduct.deductions:不是 代码") is None


def test_inspections_that_were_held(cast):
    """Two of three were held, one of them in the other year: 1."""
    make = {"bureau": cast.bureau, "led_by": cast.person("inspector")}
    for month, day in ((1, D(2018, 1, 12)), (2, None)):
        Inspection.objects.create(**make, month=D(2018, month, 1), title="检查", held_on=day)
    Inspection.objects.create(**make, month=D(2017, 12, 1), title="检查", held_on=D(2017, 12, 20))
    assert counted("conduct.inspections", ask(cast)) == 1


def test_each_clause_that_costs_points_has_its_number_in_the_list_and_at_the_clause(cast, rules):
    label = "《示例考核办法》第二条扣分"
    assert [one.label for one in figures.members_of(cast.bureau.pk)] == [label]
    page = cast.client("officer").get("/reports/figures/?year=2018").content.decode()
    assert label in page
    assert "/reports/figures/conduct.deductions:MV-9/rows/" in page
    clause = Clause.objects.get(key="MV-9")
    uses = cast.client("officer").get(f"/regulations/clauses/{clause.pk}/").content.decode()
    assert "conduct.deductions:MV-9" in uses
    words = Clause.objects.get(key="MV-0")
    uses = cast.client("officer").get(f"/regulations/clauses/{words.pk}/").content.decode()
    assert "conduct.deductions" not in uses, "it costs no points"
