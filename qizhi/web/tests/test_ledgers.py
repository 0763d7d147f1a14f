"""The thirteen ledgers: fed by records alone, each number opens to its rows, out as tables, on paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from qizhi.core import clock, figures, periods
from qizhi.core.figures import Value
from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services.facts import GatheringFacts, LecturerFact, VisitorFact
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.regulations.services.national import load_national_regulations
from qizhi.reports.queries import reckoning_for
from qizhi.tasks.enums import Purpose
from qizhi.tasks.services import ItemValues, create_plan
from qizhi.web.queries.ledgers import LEDGERS, _by_line, ledger_by_key, sheet_of
from qizhi.web.views import ledgers as views

TODAY = dt.date(2018, 12, 10)
YEARS = range(2015, 2020)  # in which these tests play
KEYS = [ledger.key for ledger in LEDGERS]


@pytest.fixture(autouse=True)
def _today():
    with clock.at(TODAY):
        yield


@left_standing
def records(cast):
    """Two lessons and a group meeting in the first branch, one lesson in the second."""
    officer = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=officer)
    load_national_calendar(cast.bureau, by=officer, years=YEARS)
    load_national_regulations(cast.bureau, by=officer)
    kinds = {kind.key: kind for kind in Kind.objects.filter(bureau=cast.bureau)}
    first = {"kinds": (kinds["lesson"],), "hours": Decimal(2), "unit": cast.first}
    lecturers = (LecturerFact(cast.person("secretary"), capacity="secretary"),)
    visitors = (VisitorFact(cast.person("leader"), role="auditor"),)
    made = [
        {**first, "held_on": dt.date(2018, 3, 9), "title": "春季党课", "lecturers": lecturers},
        {**first, "held_on": dt.date(2018, 11, 9), "title": "冬季党课", "visitors": visitors},
        {
            "kinds": (kinds["group-meeting"],),
            "unit": cast.group,
            "held_on": dt.date(2018, 11, 8),
            "title": "小组会",
        },
        {**first, "unit": cast.second, "held_on": dt.date(2018, 11, 10), "title": "二支部党课"},
    ]
    with clock.at(TODAY):
        return [record_gathering(facts=GatheringFacts(**facts), by=officer) for facts in made]


def sheet(cast, key, who="officer", period=None):
    actor = cast.actor(who)
    reckoning = reckoning_for(actor, year=2018, as_of=TODAY, unit=None)
    ledger = ledger_by_key(key)
    assert ledger is not None
    return sheet_of(ledger, reckoning, actor, period or periods.year(2018))


def text_of(reply):
    return reply.content.decode()


def spots(found, label):
    return {
        line.label: line.spots[[n.figure.label for n in found.numbers].index(label)] for line in found.lines
    }


def test_paper_says_whose_ledger_it_is_of_when_and_holds_every_row(cast, records, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    page = text_of(cast.client("officer").get("/ledgers/lessons/?year=2018"))
    assert "<h1>党课台账</h1>" in page
    assert f"<span>{cast.bureau.short_name}</span> <span>2018年12月10日打印</span>" in page
    assert "全局 2018年：" in page
    assert "打印全部 3 条" in page
    assert page.count("支部党课") + page.count("季党课") < 6
    whole = text_of(cast.client("officer").get("/ledgers/lessons/?year=2018&page=all"))
    assert all(title in whole for title in ("春季党课", "冬季党课", "二支部党课"))
    own = text_of(cast.client("secretary").get(f"/ledgers/lessons/?year=2018&unit={cast.first.code}"))
    assert f"{cast.first} 2018年：" in own


def test_there_are_thirteen_and_the_index_leads_to_each(cast, records):
    assert len(KEYS) == len(set(KEYS)) == 13
    page = text_of(cast.client("officer").get("/ledgers/"))
    for ledger in LEDGERS:
        assert f'href="{ledger.get_absolute_url()}?year=2018"' in page


@pytest.mark.parametrize("key", KEYS)
def test_each_opens_prints_and_goes_out(cast, records, key):
    client = cast.client("officer")
    address = reverse("web:ledger", args=[key])
    page = client.get(address, {"year": 2018})
    assert page.status_code == 200
    assert "data-print" in text_of(page)
    for query in ({"format": "csv"}, {"format": "csv", "table": "units"}, {"format": "xlsx"}):
        assert client.get(address, {"year": 2018, **query}).status_code == 200


@pytest.mark.parametrize("key", KEYS)
def test_each_number_opens_to_rows_that_are_the_number(cast, records, key):
    found, client, opened = sheet(cast, key), cast.client("officer"), 0
    for number in found.numbers:
        assert number.figure.counted_from_rows(number.ask) == number.value.counted
    for line in found.lines:
        for spot in line.spots:
            if spot.address and opened < 12:
                opened += 1
                page = client.get(spot.address)
                assert page.status_code == 200
                assert page.context["sum_of_rows"] == spot.counted


def test_groups_count_with_their_branch_and_lines_add_up(cast, records):
    found = sheet(cast, "meetings")
    groups = spots(found, "党小组会次数")
    assert {label: spot.counted for label, spot in groups.items() if spot.counted} == {"第一党支部": 1}
    lessons = spots(found, "党课次数")
    assert (lessons["第一党支部"].text, lessons["第二党支部"].text) == ("2", "1")
    assert next(n for n in found.numbers if n.figure.key == "gatherings.lesson").text == "3"
    assert len(found.rows) == 4


def test_what_other_units_did_has_a_line_of_its_own(cast, records):
    kind = Kind.objects.get(bureau=cast.bureau, key="lesson")
    facts = GatheringFacts(unit=cast.root, held_on=dt.date(2018, 7, 2), kinds=(kind,), title="局里的党课")
    record_gathering(facts=facts, by=cast.actor("officer"))
    found = spots(sheet(cast, "lessons"), "党课次数")
    assert (found["其他组织"].counted, found["其他组织"].address) == (1, "")


def test_a_period_and_a_unit_narrow_it(cast, records):
    client, address = cast.client("officer"), "/ledgers/lessons/"
    page = text_of(client.get(address, {"year": 2018, "part": "q1"}))
    assert "春季党课" in page
    assert "冬季党课" not in page
    page = text_of(client.get(address, {"year": 2018, "unit": cast.second.code}))
    assert "二支部党课" in page
    assert "春季党课" not in page
    assert client.get(address, {"unit": "nowhere"}).status_code == 404
    assert client.get("/ledgers/no-such/").status_code == 404


def test_states_stand_beside_the_numbers(cast, records):
    page = text_of(cast.client("officer").get("/ledgers/meetings/", {"year": 2018, "part": "m12"}))
    assert "未到期" in page
    assert "按要求" in page


def test_a_secretary_sees_the_own_branch_alone(cast, records):
    client = cast.client("secretary")
    for key in KEYS:
        page = text_of(client.get(reverse("web:ledger", args=[key]), {"year": 2018})).split("<main")[1]
        assert "二支部" not in page
        assert "第二党支部" not in page
    found = sheet(cast, "lessons", "secretary")
    assert [line.label for line in found.lines] == ["第一党支部"]
    assert client.get("/ledgers/lessons/", {"unit": cast.second.code}).status_code == 404
    assert cast.client("member").get("/ledgers/").status_code == 403


def test_the_table_holds_what_the_page_shows(cast, records):
    reply = cast.client("officer").get("/ledgers/lessons/", {"year": 2018, "format": "csv"})
    lines = reply.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "台账项,日期,活动,组织,授课人,主持人,应到,实到,议题"
    assert "党课次数,2018-03-09,春季党课,第一党支部,书记甲（支部书记）,,5,5," in lines
    reply = cast.client("officer").get("/ledgers/lessons/", {"year": 2018, "format": "csv", "table": "units"})
    lines = reply.content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("第一党支部,2,")
    assert lines[-1].startswith("合计,3,")


def test_the_yearly_assessment_is_every_indicator_by_branch_in_fixed_order(cast, records):
    found = sheet(cast, "assessment")
    labels = [line.label for line in found.lines if line.unit and line.unit.kind == "branch"]
    assert labels == ["第一党支部", "第二党支部"]
    assert "gatherings.lesson" in {figure.key for figure, _ in found.by_figure}
    page = text_of(cast.client("officer").get("/ledgers/assessment/", {"year": 2018}))
    assert page.index("第一党支部</th>") < page.index("第二党支部</th>")


def test_what_a_unit_cannot_have_is_not_0(cast, records):
    found = sheet(cast, "assessment")
    by_label = {figure.label: spots for figure, spots in found.by_figure}
    lines = [line.label for line in found.lines]
    first, centre = lines.index("第一党支部"), lines.index(str(cast.centre_group))
    assert by_label["在岗人员"][first].text == "—"
    assert by_label["中心组集中学习次数"][first].text == "—"
    assert by_label["中心组集中学习次数"][centre].text == "0"
    assert by_label["志愿服务次数"][first].text == "0"


def test_a_share_of_others_counts_those_who_did_nothing_too(cast):
    known = figures.get("tasks.list_done_share")
    assert known is not None
    share = replace(
        known,
        by_unit=lambda ask: {
            cast.root.pk: Value(Fraction(1), 1, 1),
            cast.committee.pk: Value(Fraction(0), 0, 1),
        },
    )
    ask = reckoning_for(cast.actor("officer"), year=2018, as_of=TODAY, unit=None).ask_days(periods.year(2018))
    owners = {cast.root.pk: None, cast.committee.pk: None}
    assert _by_line(share, ask, owners)[None] == Value(Fraction(1, 2), 1, 2)


def test_the_file_of_a_branch_on_one_page(cast, records):
    client = cast.client("secretary")
    address = reverse("web:branch_file", args=[cast.first.pk])
    page = text_of(client.get(address, {"year": 2018}))
    words = ("5 人，其中正式党员 4 人", "支部书记 书记甲", "春季党课", "小组会", "data-print", "3 次")
    for one in (*words, "<td>党员丁</td>", "谈心谈话", "联系人", '<td class="num">5</td>'):
        assert one in page
    assert "二支部党课" not in page
    assert "没有登记活动" in text_of(client.get(address, {"year": 2016}))
    other = reverse("web:branch_file", args=[cast.second.pk])
    assert client.get(other).status_code == 404
    assert cast.client("officer").get(reverse("web:branch_file", args=[cast.committee.pk])).status_code == 404


def lessons(cast, many):
    kind = Kind.objects.get(bureau=cast.bureau, key="lesson")
    lecturers = (LecturerFact(cast.person("secretary"), capacity="secretary"),)
    for day in range(many):
        facts = GatheringFacts(
            unit=cast.first,
            held_on=dt.date(2018, 5, 10 + day),
            kinds=(kind,),
            title=f"{day}",
            lecturers=lecturers,
        )
        record_gathering(facts=facts, by=cast.actor("officer"))


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_a_ledger_do_not_grow(cast, records, many, django_assert_num_queries):
    lessons(cast, many)
    client = cast.client("officer")
    client.get("/ledgers/lessons/", {"year": 2018})
    with django_assert_num_queries(21):
        client.get("/ledgers/lessons/", {"year": 2018})


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_a_branch_file_do_not_grow(cast, records, many, django_assert_num_queries):
    lessons(cast, many)
    client, address = cast.client("officer"), reverse("web:branch_file", args=[cast.first.pk])
    client.get(address, {"year": 2018})
    with django_assert_num_queries(38):
        client.get(address, {"year": 2018})


def test_a_record_says_who_led_it_who_came_and_of_what_it_spoke(cast, records):
    meeting = records[0]
    meeting.chair, meeting.topics = cast.person("secretary"), "学习报告\n讨论计划"
    meeting.save()
    table = cast.client("officer").get("/ledgers/lessons/", {"year": 2018, "format": "csv"})
    head, *lines = table.content.decode("utf-8-sig").splitlines()
    assert head == "台账项,日期,活动,组织,授课人,主持人,应到,实到,议题"
    (line,) = [line for line in lines if "春季党课" in line]
    assert line.endswith(f",{meeting.chair},5,5,学习报告；讨论计划")


def test_the_ledger_of_plans_lists_what_was_held_what_was_not_and_what_is_to_come(cast, records):
    items = [ItemValues(3, "春季党课"), ItemValues(5, "警示"), ItemValues(12, "年终")]
    create_plan(
        unit=cast.first,
        year=2018,
        purpose=Purpose.BRANCH_STUDY,
        name="学习",
        items=items,
        by=cast.actor("officer"),
    )
    table = cast.client("officer").get("/ledgers/centre-plan/", {"year": 2018, "format": "csv"})
    lines = [line for line in table.content.decode("utf-8-sig").splitlines() if line.startswith("学习计划项")]
    assert ["春季党课" in lines[0], "2018-03-09" in lines[0], lines[0].count("已开展")] == [True, True, 1]
    assert [lines[1].count("未开展"), lines[2].count("未到期")] == [1, 1]


def test_numbers_of_units_out_of_sight_are_no_zeros(cast, records):
    asked, secretary = {"year": 2018}, cast.client("secretary")
    page = text_of(secretary.get("/ledgers/centre-plan/", asked))
    sentence = page[page.index('<div class="answer">') :].partition("</div>")[0]
    assert "中心组" not in sentence
    assert "学习计划项" in sentence
    total = page[page.index("<tfoot>") :].partition("</tfoot>")[0]
    assert total.count("—") == 3, "two of the centre group, and the share of a plan that is not there"
    table = secretary.get("/ledgers/centre-plan/", {**asked, "table": "units", "format": "csv"})
    heading, *lines = table.content.decode("utf-8-sig").splitlines()
    assert heading.startswith("组织,中心组集中学习次数,")
    assert all(line.split(",")[1:3] == ["", ""] for line in lines), lines
    index = text_of(secretary.get("/ledgers/", asked))
    assert "中心组" not in index.partition("学习计划</a>")[2].partition("</tr>")[0].partition("<td>")[2][60:]
    officer = text_of(cast.client("officer").get("/ledgers/centre-plan/", asked))
    assert "中心组集中学习次数 0" in officer
    chosen = text_of(cast.client("officer").get("/ledgers/centre-plan/", {**asked, "unit": cast.first.code}))
    assert "中心组集中学习次数 0" not in chosen
    figures_page = secretary.get("/reports/figures/", {**asked, "format": "csv"}).content.decode("utf-8-sig")
    (line,) = [one for one in figures_page.splitlines() if one.endswith(",gatherings.centre_study")]
    assert line.startswith("中心组集中学习次数,,")
