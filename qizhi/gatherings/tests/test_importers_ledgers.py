"""The ledger 三会一课记录 as branches head its columns: no kinds, one column for those away, numbers for names."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core.imports import What
from qizhi.core.permissions import system
from qizhi.core.tables import read_table
from qizhi.gatherings.importers import GATHERINGS
from qizhi.gatherings.importers.away import counted, inherited, is_excuse, spelt_out
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.services import load_standard_kinds
from qizhi.org.models import Unit

HEAD = "时间,地点,会议名称,主持人,主讲人,应到人数,实到人数,缺席人员及原因,主要内容,备注"


@pytest.fixture(autouse=True)
def _kinds(cast):
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))


def _run(cast, *lines, title="第一党支部2017年度三会一课记录", head=HEAD, write=True, who="officer"):
    data = "\n".join([title, "", head, *lines]).encode("gb18030")
    reading = read_table(data, "记录.csv", GATHERINGS.schema(cast.bureau.pk))
    return GATHERINGS.run(reading, cast.actor(who), write=write)


def _said(outcome):
    return [(error.column_label, error.reason) for error in outcome.errors]


def test_the_ledger_is_read_without_a_change(cast):
    outcome = _run(
        cast,
        "3月5日上午9:00,三楼会议室,3月份支委会,书记甲,,3人,3,无,研究工作,",
        "17/3/31,三楼,第一季度党员大会暨专题党课,书 记 甲,外请:示例教授,5,4,党员丁（出差）,讲党章,补记",
        "2017.5.26,会议室,主题党日：参观调研,委员乙同志,,5,3,党员丁因病、委员丙无故缺席,,",
        "合计,,3次,,,,,,,",
        "记录人：示例,,,,,,支部书记（签字）：,,,",
    )
    assert outcome.errors == []
    first, second, third = Gathering.objects.order_by("held_on")
    assert (first.unit, first.held_on, first.title) == (cast.first, dt.date(2017, 3, 5), "3月份支委会")
    assert [kind.key for kind in first.kinds.all()] == ["committee"]
    assert [kind.key for kind in second.kinds.all()] == ["congress", "lesson"]
    assert second.held_on == dt.date(2017, 3, 31)
    assert [(row.person.name, row.state, row.reason) for row in second.roll.all()] == [
        ("党员丁", "excused", "出差")
    ]
    assert [kind.key for kind in third.kinds.all()] == ["theme-day"]
    assert str(third.chair) == "委员乙"
    assert {(row.person.name, row.state, row.reason) for row in third.roll.all()} == {
        ("委员丙", "absent", "无故"),
        ("党员丁", "excused", "病"),
    }
    assert [line.what for line in outcome.lines] == [What.NEW] * 3


def test_the_ledger_again_changes_nothing(cast):
    lines = ("3月5日,三楼,党员大会,书记甲,,5,4,党员丁：出差,讲党章,", "2017年4月,,专题党课,,书记甲,5,,1人,,")
    assert _run(cast, *lines).count(What.NEW) == 2
    again = _run(cast, *lines)
    assert (again.errors, again.count(What.SAME)) == ([], 2)


def test_how_many_were_away_is_enough_with_how_many_were_due(cast):
    outcome = _run(cast, "2017-3-5,,党员大会,,,5,,出差1人、病假1人,,", "2017-3-6,,党课,,,5,3,2,,")
    assert outcome.errors == []
    assert [(row.due_total, row.present_total) for row in Gathering.objects.all()] == [(5, 3), (5, 3)]
    wrong = _run(cast, "2017-3-7,,党课,,,,,2人,,", "2017-3-8,,党课,,,5,4,2人,,", "2017-3-9,,党课,,,1,,2人,,")
    assert _said(wrong) == [
        ("未到人员及原因", "只写了人数，没有写姓名，也没有写应到人数"),
        ("未到人员及原因", "写了未到 2 人，应到 5 人减实到 4 人却是 1 人"),
        ("未到人员及原因", "未到 2 人多于应到 1 人"),
    ]


def test_due_and_present_may_share_a_column(cast):
    head = "时间,会议名称,到会情况"
    outcome = _run(cast, "3月5日,党员大会,应到5人，实到4人", "3月6日,党课,5/4", "3月7日,党课,很多", head=head)
    assert _said(outcome) == [("应到实到", "“很多”看不出应到、实到各多少人")]
    assert outcome.count(What.NEW) == 2
    more = _run(cast, "3月5日,党员大会,应到4人；实到5人。", head=head)
    assert (more.errors[0].cell, more.errors[0].value) == ("C4", "应到4人；实到5人。")


def test_a_name_that_tells_no_kind_is_named_with_the_words_that_would(cast):
    (error,) = _run(cast, "3月5日,,学习贯彻精神,,,,,,,").errors
    assert (error.column_label, error.reason) == ("名称", "从“学习贯彻精神”看不出是哪一种活动")
    assert "支部党员大会" in error.fix
    (empty,) = _run(cast, "3月5日,三楼,,,,,,,,").errors
    assert empty.column_label == "活动类型"


def test_the_title_or_the_sheet_says_whose_ledger_it_is(cast):
    line = "3月5日,,党课,,,,,,,"
    assert _run(cast, line, title="某局第二党支部2017年记录").lines[0].text.startswith("第二党支部")
    (error,) = _run(cast, line, title="第一党支部、第二党支部2017年记录").errors
    assert error.reason == "没有填写组织，您为不止一个组织登记"
    (foreign,) = _run(cast, line, title="第二党支部2017年记录", who="secretary").errors
    assert foreign.reason == "“第二党支部”的活动不由您登记"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2人", 2),
        ("2", 2),
        ("出差1人、病假1人", 2),
        ("两人出差", 2),
        ("2人（出差）。", 2),
        ("王五", None),
        ("0004", None),
    ],
)
def test_a_count_is_told_from_names_and_numbers(text, number):
    assert counted(text.translate(str.maketrans("（）", "()")), lambda word: word == "0004") == number


def test_reasons_stand_before_behind_or_beside_names():
    names = {"王五", "赵六", "王五一"}.__contains__
    assert spelt_out(["王五因出差未参加", "赵六 病假"], names) == ["王五(出差)", "赵六(病假)"]
    assert spelt_out(["出差:王五", "赵六"], names) == ["王五(出差)", "赵六(出差)"]
    assert spelt_out(["王五:学习"], names) == ["王五(学习)"]
    assert spelt_out(["王五一", "王五二", "王 五"], names) == ["王五一", "王五二", "王 五"]
    assert inherited(["", "出差", ""]) == ["出差", "出差", ""]
    assert [is_excuse(reason) for reason in ("出差", "", "无故缺席", "未请假")] == [True, False, False, False]


def test_the_meetings_of_its_groups_stand_in_the_ledger_of_a_branch(cast):
    only = _run(cast, "3月6日,,党小组会,,,应到2,实到2人,,,", "3月7日,,第一小组会暨党课,,,,,,,")
    assert only.errors == []
    assert [row.unit for row in Gathering.objects.order_by("held_on")] == [cast.group, cast.group]
    assert Gathering.objects.earliest("held_on").due_total == 2
    second = Unit.objects.create(
        bureau=cast.bureau,
        kind="group",
        code="z01-2",
        name="第二党小组",
        parent=cast.first,
        path=f"{cast.first.path}z01-2/",
        from_on=dt.date(2015, 1, 1),
    )
    told = _run(cast, "4月6日,,4月第二小组会,,,,,,,", "4月7日,,第一党支部第一党小组会,,,,,,,")
    assert told.errors == []
    assert {row.unit for row in Gathering.objects.filter(held_on__month=4)} == {cast.group, second}
    error, *others = _run(cast, "5月6日,,党小组会,,,,,,,").errors
    assert others == []
    assert error.reason == "看不出是“第一党支部”哪个党小组的会"
    assert error.fix == "请在“组织”一列写明 第一党小组、第二党小组，或在名称里写明是哪个党小组"
