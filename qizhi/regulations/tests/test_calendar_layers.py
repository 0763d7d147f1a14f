"""Papers below and after others, papers as a table, each year with its number."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.tables import read_table, write_csv
from qizhi.regulations.models import CalendarPaper, DayOrdinal
from qizhi.regulations.queries import calendar_for, known_years
from qizhi.regulations.rules import Layer
from qizhi.regulations.services.files import HOLIDAYS, read_papers

D = dt.date
ADDRESS = "/regulations/calendar/"
HEAD = "年份,层级,标题,文号,印发日期,确认至,日期,至,安排,节日\n"
OTHERS = (
    "2018,,2018年安排,,,,2018-01-01,,放假,元旦\n"
    "2018,,2018年安排,,,,2018-04-05,,放假,清明节\n"
    "2018,,2018年安排,,,,2018-05-01,,放假,劳动节\n"
    "2018,,2018年安排,,,,2018-06-18,,放假,端午节\n"
    "2018,,2018年安排,,,,2018-09-24,,放假,中秋 节\n"
    "2018,,2018年安排,,,,2018-10-01,,放假,国庆节\n"
)
FESTIVAL = HEAD + (
    "2018,,2018年安排,国办发明电〔2017〕12号,2017-11-30,,2018-02-15,2018-02-21,放假,春节\n"
    "2018,,2018年安排,,,,2018-02-11,,班,春节\n"
    f"{OTHERS}"
    "2018,地区,市里的通知,市府办〔2018〕1号,2018-02-13,,2018-02-22,,放假,春节\n"
    "2018,本单位,局里的通知,局办〔2018〕2号,2018-02-14,,2018.2.22,,上班,春节\n"
)


@pytest.fixture
def office(cast):
    return cast.client("officer")


def run(cast, content, *, write=False):
    importer = imports.get("regulations.papers")
    actor = cast.actor("officer")
    reading = read_table(content.encode(), "安排.csv", importer.schema(actor.bureau_id))
    return importer.run(reading, actor, write=write)


def test_a_table_makes_the_papers_of_three_layers_and_a_second_time_changes_nothing(cast):
    assert run(cast, FESTIVAL).errors == []
    assert not CalendarPaper.objects.exists()
    outcome = run(cast, FESTIVAL, write=True)
    assert (outcome.errors, outcome.count(What.NEW)) == ([], 10)
    calendar = calendar_for(cast.bureau.pk)
    assert calendar.working_days_between(D(2018, 2, 8), D(2018, 2, 12)) == 3
    assert calendar.explain(D(2018, 2, 22)).doc_no == "局办〔2018〕2号"
    said = calendar.said_of(D(2018, 2, 22))
    assert [(paper.layer, day.is_working) for paper, day in said] == [
        (Layer.REGION, False),
        (Layer.UNIT, True),
    ]
    assert [day for day, _ in calendar.amended(2018)] == [D(2018, 2, 22)]
    assert DayOrdinal.objects.get(on=D(2018, 2, 22)).is_working
    assert run(cast, FESTIVAL, write=True).count(What.SAME) == 10


def test_an_empty_cell_leaves_what_is_there_and_a_missing_day_goes(cast):
    run(cast, FESTIVAL, write=True)
    changed = HEAD + "2018,,2018年安排,,,,2018-02-15,2018-02-20,放假,春节\n" + OTHERS
    outcome = run(cast, changed, write=True)
    assert outcome.count(What.CHANGED) == 7
    paper = CalendarPaper.objects.get(scope="national")
    assert paper.doc_no == "国办发明电〔2017〕12号"
    assert not calendar_for(cast.bureau.pk).is_working_day(D(2018, 2, 11))


@pytest.mark.parametrize(
    ("line", "row", "reason"),
    [
        ("2018,,通知,,,,2018-02-21,2018-02-15,放假,春节", 2, "截止日期早于开始日期"),
        ("2018,,通知,,,,2018-02-01,2018-12-15,放假,春节", 2, "一段超过60天"),
        ("2018,,通知,,,,2017-10-01,,放假,国庆", 2, "不在2018年的安排之内"),
        ("2018,,通知,,,,2018-02-30,,放假,春节", 2, ""),
        ("2018,哪里,通知,,,,2018-02-15,,放假,春节", 2, ""),
        ("2018,,通知,,,,2018-02-15,,大概,春节", 2, ""),
        ("2018,,通知,,,,2018-02-15,,放假,春节\n2018,,通知,,,,2018-02-15,,上班,春节", 3, "既写放假又写上班"),
        ("2018,,通知,甲号,,,2018-02-15,,放假,春节\n2018,,通知,乙号,,,2018-02-16,,放假,春节", 3, "第一行不同"),
    ],
)
def test_each_wrong_line_is_said_with_its_number_and_nothing_is_written(cast, line, row, reason):
    outcome = run(cast, HEAD + line + "\n", write=False)
    assert [error.row for error in outcome.errors] == [row]
    assert reason in outcome.errors[0].reason


def test_what_goes_out_comes_in_again_unchanged(cast, every_year):
    importer = imports.get("regulations.papers")
    rows = list(importer.export(cast.actor("officer")))
    assert len(rows) > 200
    schema = importer.schema(cast.bureau.pk)
    outcome = importer.run(
        read_table(write_csv(schema, rows), "安排.csv", schema), cast.actor("officer"), write=True
    )
    assert outcome.errors == []
    assert outcome.count(What.SAME) == len(rows)


def test_the_page_shows_who_said_what_of_a_day_and_each_year_with_its_papers(cast, office, every_year):
    run(cast, HEAD + "2018,本单位,局庆,局办〔2018〕1号,2018-01-03,,2018-03-05,,放假,局庆\n", write=True)
    page = office.get(ADDRESS).content.decode()
    assert "后来改动的日子" in page
    assert "局办〔2018〕1号（2018年1月3日）：放假，局庆" in page
    assert "各年的通知" in page
    assert '<a href="?year=2019">2019年</a>' in page
    assert "后来改动的日子" not in office.get(ADDRESS, {"year": "2017"}).content.decode()
    page = office.get(ADDRESS, {"year": "2020"}).content.decode()
    assert "国办发明电〔2020〕1号" in page


def test_the_form_for_the_own_house_begins_without_the_words_of_the_state_council(office):
    page = office.get(f"{ADDRESS}papers/new/?scope=unit&year=2018")
    assert page.context["form"]["title"].value() == ""
    assert page.context["form"]["scope"].value() == "unit"
    assert office.get(f"{ADDRESS}papers/new/?scope=moon").context["form"]["scope"].value() == "national"


def test_years_without_a_paper_are_listed_as_unknown(cast, every_year):
    years = {one.number: one for one in known_years(cast.bureau.pk, 2028)}
    assert (years[2018].working_days, years[2028].working_days) == (250, None)
    assert years[2028].papers == []
    CalendarPaper.objects.filter(year=2010).delete()
    assert {one.number: one.working_days for one in known_years(cast.bureau.pk, 2018)}[2010] is None


def test_every_year_since_2007_has_the_number_of_its_paper():
    numbers = {entry.year: entry.doc_no for entry in read_papers(HOLIDAYS)}
    assert [year for year in range(2007, 2027) if "〔" not in numbers[year]] == []
