"""Ledgers as branches keep them: read in spite of everything, all or nothing, twice is once."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import Workbook

from qizhi.core import imports
from qizhi.core.errors import Refused
from qizhi.core.imports import What
from qizhi.core.models import AuditEvent
from qizhi.core.permissions import system
from qizhi.core.tables import read_table, write_csv, write_xlsx
from qizhi.gatherings.importers import GATHERINGS
from qizhi.gatherings.models import Gathering, LedgerEntry, Series
from qizhi.gatherings.permissions import RECORD
from qizhi.gatherings.services import load_standard_kinds, withdraw_gathering
from qizhi.org.models import Membership, Person
from qizhi.org.services.people import record_leave

LEDGER: list[list[object]] = [
    ["第一党支部2017年组织生活台账"],
    [
        *("序号", "党支部", "活动时间", "形　式", "活动主题", "主持人", "主讲人", "地点", "主要内容"),
        *("应到人数", "参加人数", "请假人员", "缺席人员", "补课"),
    ],
    [
        *(
            1,
            "第一党支部",
            "２０１７．３．５",
            "党员大会+党课",
            "讲党章",
            "书 记 甲",
            "外请:示例教授",
            "三楼",
        ),
        *("学习党章", None, None, "党员丁（出差）", None, None),
    ],
    [2, None, "2017年4月", "支委会", None, "书记甲", None, None, None, 3, 3, "无", None, None],
    [None] * 14,
    [
        *(3, None, dt.date(2017, 5, 26), "统一活动日", None, "委员乙", None, "会议室", None),
        *("５人", 4, "党员丁", None, "党员丁(2017.6.2补课)"),
    ],
    ["合计", None, None, "3次"],
]


@pytest.fixture(autouse=True)
def _kinds(cast):
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))


def _book(rows, merged=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _ledger():
    return _book(LEDGER, ["A1:N1", "B3:B6"])


def _csv(*lines, head="支部,日期,活动类型,名称,授课人,请假人员,缺席人员,补课人员"):
    return "\n".join([head, *lines]).encode("utf-8-sig")


def _run(cast, data, *, who="officer", write=False):
    importer = GATHERINGS
    reading = read_table(data, "台账.csv", importer.schema(cast.bureau.pk))
    return importer.run(reading, cast.actor(who), write=write)


def _apply(cast, data, who="officer"):
    importer, actor = GATHERINGS, cast.actor(who)
    draft = imports.keep_draft(importer, filename="台账.xlsx", content=data, by=actor)
    return imports.apply_draft(importer, draft, actor)


def _counts(outcome):
    return tuple(outcome.count(what) for what in (What.NEW, What.CHANGED, What.SAME))


def _reasons(outcome):
    return [(error.cell, error.column_label, error.reason) for error in outcome.errors]


def test_a_messy_ledger_is_read_as_it_was_meant(cast):
    assert _counts(_apply(cast, _ledger())) == (3, 0, 0)
    first, second, third = Gathering.objects.order_by("held_on")
    assert {row.unit for row in (first, second, third)} == {cast.first}
    assert (first.held_on, first.title, first.place) == (dt.date(2017, 3, 5), "讲党章", "三楼")
    assert [kind.key for kind in first.kinds.all()] == ["congress", "lesson"]
    assert first.chair == cast.person("secretary")
    assert [(row.guest_name, row.capacity) for row in first.lecturers.all()] == [("示例教授", "expert")]
    assert [(row.person.name, row.state, row.reason) for row in first.roll.all()] == [
        ("党员丁", "excused", "出差")
    ]
    assert first.hours == Decimal("1.5")
    assert (second.held_on, second.precision, second.title) == (
        dt.date(2017, 4, 1),
        "month",
        "4月支部委员会会议",
    )
    assert (third.due_total, third.present_total) == (5, 4)
    entry = third.roll.get()
    assert (entry.state, entry.made_up_on) == ("made_up", dt.date(2017, 6, 2))
    assert sorted(LedgerEntry.objects.values_list("ledger", flat=True)) == [
        "committee",
        "congress",
        "lesson",
        "theme_day",
        "training",
        "training",
    ]


def test_the_table_is_found_where_tables_come_in_and_asks_for_the_right_to_record():
    assert imports.get("gatherings.gatherings") is GATHERINGS
    assert GATHERINGS.wanted is RECORD


def test_the_same_file_again_changes_nothing(cast):
    _apply(cast, _ledger())
    events = AuditEvent.objects.filter(verb__startswith="gatherings.")
    before = events.count()
    assert _counts(_apply(cast, _ledger())) == (0, 0, 3)
    assert events.count() == before
    assert Gathering.objects.count() == 3


def test_a_ledger_in_the_old_encoding_is_read(cast):
    text = "支部,时间,类别,主题,主讲人\n第一支部,2017/6/30,专题党课,初心,书记甲\n"
    outcome = _run(cast, text.encode("gb18030"), write=True)
    assert (outcome.errors, _counts(outcome)) == ([], (1, 0, 0))
    lecturer = Gathering.objects.get().lecturers.get()
    assert (lecturer.person, lecturer.capacity) == (cast.person("secretary"), "secretary")


def test_a_row_that_says_more_changes_what_is_there_and_the_preview_names_it(cast):
    _apply(cast, _ledger())
    head = "支部,日期,活动类型,名称,地点,请假人员"
    outcome = _run(
        cast,
        _csv("第一党支部,2017-3-5,党课、支部党员大会,讲党章,四楼,党员丁、委员丙(病假)", head=head),
        write=True,
    )
    assert _counts(outcome) == (0, 1, 0)
    said = outcome.lines[0].text
    assert "地点 三楼→四楼" in said
    assert "党员丁：请假（出差）→委员丙：请假（病假）、党员丁：请假（出差）" in said
    row = Gathering.objects.get(title="讲党章")
    assert (row.place, row.chair, row.topics) == ("四楼", cast.person("secretary"), "学习党章")
    assert row.roll.count() == 2


def test_an_empty_cell_keeps_and_the_word_for_nobody_clears(cast):
    _apply(cast, _ledger())
    kept = _run(cast, _csv("第一党支部,2017-3-5,党课、支部党员大会,讲党章,,,,"))
    assert _counts(kept) == (0, 0, 1)
    cleared = _run(cast, _csv("第一党支部,2017-3-5,党课、支部党员大会,讲党章,无,全勤,,"), write=True)
    assert _counts(cleared) == (0, 1, 0)
    row = Gathering.objects.get(title="讲党章")
    assert (row.lecturers.count(), row.roll.count()) == (0, 0)


def test_having_made_up_for_it_is_not_unlearnt_by_an_older_file(cast):
    _apply(cast, _ledger())
    outcome = _run(cast, _csv("第一党支部,2017-5-26,主题党日,,,党员丁,,"))
    assert _counts(outcome) == (0, 0, 1)


def test_who_is_written_as_missing_on_a_day_of_leave_is_excused_and_stays_so(cast):
    table = _csv("第一党支部,2017-05-26,主题党日,,,,党员丁（未说明）、委员乙,")
    _run(cast, table, write=True)
    row = Gathering.objects.get()
    roll = row.roll
    assert roll.get(person=cast.person("member")).state == "absent"
    day = dt.date(2017, 5, 26)
    member, by = cast.person("member"), cast.actor("officer")
    record_leave(person=member, kind="sick", from_on=day, to_on=day, note="", by=by)
    again = _run(cast, table, write=True)
    assert [line.what for line in again.lines] == [What.SAME], (
        "the leave has not become a change of the ledger"
    )
    assert list(roll.order_by("state").values_list("state", "reason")) == [
        ("absent", ""),
        ("excused", "病假"),
    ]
    assert roll.get(state="excused").person == cast.person("member")
    _run(cast, _csv("第一党支部,2017-05-26,党课,,,,党员丁,"), write=True)
    other = Gathering.objects.exclude(pk=row.pk).get()
    assert other.roll.get().state == "excused", "the order in which both tables come makes no difference"


def test_all_or_nothing(cast):
    rows = [*LEDGER[:-1], [9, "第一党支部", "2019-01-01", "党课", *[None] * 10]]
    with pytest.raises(Refused, match="1 处需要改正（第7行"):
        _apply(cast, _book(rows, ["B3:B6"]))
    assert Gathering.objects.count() == 0


def test_every_wrong_cell_is_named_with_what_to_do(cast):
    outcome = _run(
        cast,
        _csv(
            "没有的支部,2017-3-5,茶话会,,,,,",
            "第一党支部,2018-2-1,党课,,,,,",
            "第一党支部,2014-12-31,党课,,,,,",
            "第一党支部,2017-3-5,三会一课,,,,,",
            "第二党支部,2017-3-6,党小组会,,,,,",
            "第一党支部,2017-3-7,党课,,无名氏,书记己,,",
            "第一党支部,2017-3-8,主题党曰,,,党员丁,党员丁,",
            "第一党支部,2017-3-9,党课,,,,书记己,",
            "第一党支部,2017-3-10,党课,,,党员丁,党员丁,",
        ),
    )
    assert outcome.lines == []
    assert _reasons(outcome) == [
        ("A2", "组织", "没有名为“没有的支部”的组织"),
        ("C2", "活动类型", "没有名为“茶话会”的活动类型"),
        ("B3", "日期", "日期在今天之后，活动还没有举行"),
        ("B4", "日期", "“第一党支部”2015年1月1日才成立，不能登记此前的活动"),
        ("C5", "活动类型", "“三会一课”没有说明是哪一种活动"),
        ("C6", "活动类型", "“党小组会”只适用于党小组，“第二党支部”是党支部"),
        ("E7", "授课人", "人员库里没有“无名氏”"),
        ("C8", "活动类型", "没有名为“主题党曰”的活动类型"),
        ("G9", "缺席人员", "书记己当天不在“第一党支部”的应到名单里，不能登记请假或缺席"),
        ("G10", "缺席人员", "党员丁同时写在请假人员和缺席人员里"),
    ]
    assert "是不是“主题党日”" in outcome.errors[7].fix
    assert "党小组会" not in outcome.errors[4].fix
    assert "支部党员大会、支部委员会会议" in outcome.errors[4].fix


def test_of_two_with_one_name_the_one_who_was_due_is_meant(cast):
    twin = Person.objects.create(bureau=cast.bureau, staff_no="9001", name="党员丁")
    Membership.objects.create(
        bureau=cast.bureau, person=twin, unit=cast.second, status="full", from_on=dt.date(2015, 1, 1)
    )
    data = _csv("第一党支部,2017-3-5,党课,,,党员丁,,", "第二党支部,2017-3-5,党课,,,党员丁,,")
    outcome = _run(cast, data, write=True)
    assert outcome.errors == []
    away = {row.unit: row.roll.get().person for row in Gathering.objects.all()}
    assert away == {cast.first: cast.person("member"), cast.second: twin}
    told = [line.text.partition("；")[2] for line in outcome.lines]
    assert told == [f"有同名的人，认作党员丁({number})，不对的请在表里写工号" for number in ("0004", "9001")]
    Membership.objects.filter(person=twin).update(unit=cast.first)
    refused = _run(
        cast, _csv("第一党支部,2017-3-6,党课,,,党员丁,,", "第一党支部,2017-3-7,党课,,,党员丁(9001),,")
    )
    assert _reasons(refused) == [
        ("F2", "请假人员", "有 2 位“党员丁”，请写明工号：党员丁(0004)、党员丁(9001)")
    ]


def test_rows_that_say_one_gathering_twice_are_told_apart_or_refused(cast):
    same = "第一党支部,2017-3-5,党课,初心,,,,"
    outcome = _run(cast, _csv(same, same, "第一党支部,2017-3-5,党课,使命,,,,"), write=True)
    assert _counts(outcome) == (2, 0, 1)
    refused = _run(cast, _csv(same, "第一党支部,2017-3-5,党课,初心,书记甲,,,"))
    assert [error.cell for error in refused.errors] == ["D3"]
    unclear = _run(cast, _csv("第一党支部,2017-3-5,党课,,,,,"))
    assert "当天有 2 次同类活动（“初心”、“使命”）" in unclear.errors[0].reason
    another = _run(cast, _csv("第一党支部,2017-3-5,党课,担当,,,,"))
    assert "注意：当天已登记同类活动“初心”" in another.lines[0].text


def test_what_was_withdrawn_does_not_come_back_by_itself(cast):
    _apply(cast, _ledger())
    row = Gathering.objects.get(title="讲党章")
    withdraw_gathering(row, reason="重复登记", by=cast.actor("officer"))
    outcome = _apply(cast, _ledger())
    assert _counts(outcome) == (0, 0, 3)
    assert "登记后已撤销（重复登记），不再导入" in outcome.lines[0].text


def test_a_secretary_imports_for_the_own_branch_and_nothing_else(cast):
    data = _csv(",2017-3-5,党课,,,,,", "第一党小组,2017-3-6,党小组会,,,,,", "第二党支部,2017-3-7,党课,,,,,")
    outcome = _run(cast, data, who="secretary")
    assert [line.text for line in outcome.lines] == [
        "第一党支部 2017年3月5日：3月党课（党课）",
        "第一党小组 2017年3月6日：3月党小组会（党小组会）",
    ]
    assert _reasons(outcome) == [("A4", "组织", "“第二党支部”的活动不由您登记")]
    unnamed = _run(cast, _csv(",2017-3-5,党课,,,,,"))
    assert unnamed.errors[0].reason == "没有填写组织，您为不止一个组织登记"


@pytest.mark.parametrize("who", ["outsider", "member", "inspector", "leader"])
def test_others_import_and_export_nothing(cast, who):
    _apply(cast, _ledger())
    outcome = _run(cast, _csv("第一党支部,2017-3-5,党课,,,,,", ",2017-3-6,党课,,,,,"), who=who)
    assert (outcome.lines, len({error.row for error in outcome.errors})) == ([], 2)
    assert list(GATHERINGS.export(cast.actor(who))) == []


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
@pytest.mark.parametrize("who", ["officer", "secretary"])
def test_what_goes_out_comes_back_without_change(cast, write, who):
    Person.objects.create(bureau=cast.bureau, staff_no="9001", name="党员丁")
    Series.objects.create(bureau=cast.bureau, key="first-lesson", name="新年第一课")
    _apply(
        cast,
        _book([[cell if cell != "党员丁" else "党员丁(0004)" for cell in row] for row in LEDGER], ["B3:B6"]),
    )
    head = "支部,日期,活动类型,系列,授课人,学时,议题,记录,缺席人员"
    more = "第一党小组,2017-3-6,党小组会、微党课,新年第一课,书记甲、外请:某教授(某校),0,—,'=1+1,党员丁(0004，“病假”)"
    assert _run(cast, _csv(more, head=head), write=True).errors == []
    importer, actor = GATHERINGS, cast.actor(who)
    schema, rows = importer.schema(cast.bureau.pk), list(importer.export(actor))
    assert len(rows) == 4
    reading = read_table(write(schema, rows), "导出", schema)
    outcome = importer.run(reading, actor, write=False)
    assert (outcome.errors, _counts(outcome)) == ([], (0, 0, 4))
