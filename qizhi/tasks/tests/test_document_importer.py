from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.core import clock, imports
from qizhi.core.imports import What
from qizhi.core.tables import BadValue, read_table, write_csv, write_xlsx
from qizhi.org.queries import actor_of
from qizhi.tasks.importers import DOCUMENTS, run_documents
from qizhi.tasks.importers.cells import parse_due, parse_end, parse_hand_overs
from qizhi.tasks.models import Document, Extension, Handling
from qizhi.tasks.queries.documents import document_lines, with_history
from qizhi.tasks.services.documents import DocumentValues, finish_document, register_document
from qizhi.tasks.services.handlings import hand_over
from qizhi.tasks.tests.documents import day, extend, make_department, make_document, make_head

HEAD = "文号,标题,来文单位,收文日期,承办人,办结期限,转办,延期至,延期批准日期,延期批准人,办结日期,备注\n"
GOOD = (
    "国检〔2017〕9号,关于报送总结的通知,上级局,2017-12-01,党员丁,5个工作日,,,,,2017-12-08,\n"
    ",会议纪要,办公室,2018.1.3,书记己(0006),2018年1月12日前,党员庚 2018-01-08,,,,,\n"
    "国检〔2018〕1号,检查通知,上级局,18/1/2,党员辛,10,,2018-01-31,2018-01-10,局长丑,未办结,加急\n"
)


def read(text, head=HEAD):
    return read_table((head + text).encode(), "台账.csv", DOCUMENTS)


def bring(cast, text, who="officer", *, write=True, head=HEAD):
    return run_documents(read(text, head), cast.actor(who), write=write)


def everything():
    """Every row of every table, without keys and instants, in an order that the values alone decide."""
    documents = Document.objects.values_list(
        "number", "title", "received_on", "due_on", "working_days", "done_on", "result", "note", "kind"
    )
    handlings = Handling.objects.values_list("document__title", "person__name", "from_on", "to_on")
    extensions = Extension.objects.values_list(
        "document__title", "approved_until", "asked_on", "decided_on", "state"
    )
    return [sorted(rows, key=repr) for rows in (documents, handlings, extensions)]


def test_a_table_registers_documents_and_the_check_none(cast, calendar):
    checked = bring(cast, GOOD, write=False)
    assert checked.errors == []
    assert [line.what for line in checked.lines] == [What.NEW] * 3
    assert not Document.objects.exists()
    bring(cast, GOOD)
    done, minutes, extended = document_lines(
        with_history(Document.objects.order_by("number", "title")).order_by("received_on"), clock.today()
    )[:3]
    assert (done.document.done_on, done.due.on) == (day("2017-12-08"), day("2017-12-08"))
    assert extended.document.number == ""
    assert {str(one.handling.person) for one in (done, minutes, extended)} == {"党员丁", "党员辛", "党员庚"}
    by_title = {one.document.title: one for one in (done, minutes, extended)}
    assert by_title["会议纪要"].due.on == day("2018-01-12")
    assert by_title["检查通知"].due.on == day("2018-01-31")
    assert str(by_title["检查通知"].approved.decided_by) == "局长丑"


def test_a_ledger_that_says_when_by_time_instead_of_day_is_read_too(cast, calendar):
    head = "文件标题,接收时间,办理人员,要求完成日期,实际办结时间\n"
    outcome = bring(cast, "通知,2017-12-01,党员丁,5个工作日,2017-12-08\n", head=head)
    assert outcome.errors == []
    row = Document.objects.get()
    assert (row.received_on, row.working_days, row.done_on) == (day("2017-12-01"), 5, day("2017-12-08"))


def test_whoever_is_unknown_is_told_along_with_another_wrong_cell_of_the_row(cast, calendar):
    outcome = bring(cast, "1,通知,,2017-12-01,没有此人,三天内,,,,,,\n", write=False)
    assert [error.column_label for error in outcome.errors] == ["办结期限", "承办人"]
    assert "没有此人" in outcome.errors[1].value


def test_the_same_table_again_changes_nothing(cast, calendar):
    bring(cast, GOOD)
    before = everything()
    again = bring(cast, GOOD)
    assert again.errors == []
    assert [line.what for line in again.lines] == [What.SAME] * 3
    assert everything() == before


def test_what_is_new_in_a_known_row_is_taken_over(cast, calendar):
    bring(cast, GOOD)
    more = (
        "国检〔2017〕9号,关于报送年度总结的通知,,2017-12-01,党员丁,5个工作日,,,,,2017-12-11,\n"
        ",会议纪要,,2018-01-03,书记己,2018-01-12,党员庚 2018-01-08；党员丁 2018-01-10,,,,2018-01-12,已办\n"
    )
    done = bring(cast, more)
    assert done.errors == []
    assert [line.what for line in done.lines] == [What.CHANGED] * 2
    first = Document.objects.get(number="国检〔2017〕9号")
    assert (first.title, first.sender, first.done_on) == (
        "关于报送年度总结的通知",
        "上级局",
        day("2017-12-11"),
    )
    minutes = Document.objects.get(title="会议纪要")
    assert [str(one.person) for one in minutes.handlings.order_by("from_on")] == [
        "书记己",
        "党员庚",
        "党员丁",
    ]
    assert (minutes.done_on, minutes.note) == (day("2018-01-12"), "已办")


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("1号,通知,,2018-01-03,没有此人,5个工作日,,,,,,\n", "承办人", "没有“没有此人”"),
        ("1号,通知,,2018-01-03,党员丁、党员庚,5个工作日,,,,,,\n", "承办人", "像是几个人"),
        ("1号,通知,,2018-01-03,党员丁,三天内,,,,,,\n", "办结期限", "看不出是工作日还是自然日"),
        ("1号,通知,,2018-01-03,党员丁,尽快,,,,,,\n", "办结期限", "尽快"),
        ("1号,通知,,2018-01-03,党员丁,2018-01-02,,,,,,\n", "办结期限", "早于收文日期"),
        ("1号,通知,,2018-01-31,党员丁,5,,,,,,\n", "收文日期", "不能晚于今天"),
        ("1号,通知,,2018-02-30,党员丁,5,,,,,,\n", "收文日期", "2"),
        ("1号,,,2018-01-03,党员丁,5,,,,,,\n", "标题", "没有填写"),
        ("1号,通知,,2018-01-03,党员丁,5,,,,,2018-01-02,\n", "办结日期", "早于收文日期"),
        ("1号,通知,,2018-01-03,党员丁,5,,,,,2018-01-16,\n", "办结日期", "晚于今天"),
        ("1号,通知,,2018-01-03,党员丁,5,党员庚,,,,,\n", "转办", "没有写明从哪天起"),
        ("1号,通知,,2018-01-03,党员丁,5,党员庚 2018-01-02,,,,,\n", "转办", "对不上"),
        ("1号,通知,,2018-01-03,党员丁,5,党员丁 2018-01-08,,,,,\n", "转办", "对不上"),
        ("1号,通知,,2018-01-03,党员丁,5,,2018-01-31,,局长丑,,\n", "延期批准日期", "没有写批准日期"),
        ("1号,通知,,2018-01-03,党员丁,5,,2018-01-31,2018-01-05,,,\n", "延期批准人", "没有写批准人"),
        ("1号,通知,,2018-01-03,党员丁,5,,2018-01-31,2018-01-05,党员丁,,\n", "延期批准人", "不能批准"),
        ("1号,通知,,2018-01-03,党员丁,5,,2018-01-09,2018-01-05,局长丑,,\n", "延期至", "没有晚于"),
        ("1号,通知,,2018-01-03,党员丁,5,,2018-01-31,2018-01-12,局长丑,,\n", "延期申请日期", "已过办结期限"),
    ],
)
def test_each_bad_cell_is_named_and_nothing_is_written(cast, calendar, line, column, reason):
    outcome = bring(cast, GOOD + line)
    assert [error.column_label for error in outcome.errors] == [column]
    assert reason in outcome.errors[0].reason + outcome.errors[0].value
    assert outcome.errors[0].row == 5
    assert not Document.objects.exists()


def test_other_hands_than_the_system_knows_are_told_not_guessed(cast, calendar):
    bring(cast, GOOD)
    outcome = bring(cast, "国检〔2018〕1号,检查通知,,2018-01-02,党员丁,10,,,,,,\n")
    assert "系统里这份公文最初由“党员辛”承办" in outcome.errors[0].reason
    # Handed to two people at once, each with a row: two documents, each with its own hands.
    both = bring(
        cast,
        "国检〔2018〕2号,分工通知,,2018-01-02,党员丁,10,,,,,,\n"
        "国检〔2018〕2号,分工通知,,2018-01-02,书记己,10,,,,,,\n"
        "国检〔2018〕2号,分工通知,,2018-01-02,书记己,10,,,,,,\n",
    )
    assert [line.what for line in both.lines] == [What.NEW, What.NEW, What.SAME]
    assert Document.objects.filter(title="分工通知").count() == 2


def test_a_messy_ledger_is_understood(cast, calendar):
    table = (
        "2018年限时办结公文台账,,,,,,,\n填表单位：办公室,,,,,,,\n"
        "序号,收文时间,来文机关,来文字号,文件名称,经办人,时限要求,完成时间\n"
        "1,1月3日,上级局,国检［2018］3号,关于 开展检查的通知,党 员 丁,五个工作日内,2018年1月9日\n"
        "2,2018年1月4日,上级局,,电话通知,书记己,1月19日前,在办\n"
        "合计,,,,2份,,,\n注：以来文为准,,,,,,,\n"
    )
    reading = read_table(table.encode("gb18030"), "台账.csv", DOCUMENTS)
    done = run_documents(reading, cast.actor("officer"), write=True)
    assert done.errors == []
    first, second = Document.objects.order_by("received_on")
    assert (first.received_on, first.working_days, first.done_on) == (day("2018-01-03"), 5, day("2018-01-09"))
    assert (second.due_on, second.done_on) == (day("2018-01-19"), None)
    again = run_documents(reading, cast.actor("officer"), write=True)
    assert [line.what for line in again.lines] == [What.SAME] * 2


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("5个工作日", 5),
        ("十个工作日内办结", 10),
        ("两个工作日", 2),
        (3, 3),
        ("15", 15),
        ("2018-02-08", day("2018-02-08")),
        ("2018年2月8日前", day("2018-02-08")),
        ("2018.2.8之前", day("2018-02-08")),
        (dt.date(2018, 2, 8), day("2018-02-08")),
    ],
)
def test_last_days_as_people_write_them(raw, meant):
    assert parse_due(raw) == meant


def test_ends_and_hand_overs_as_people_write_them():
    assert parse_end("正在办理") is None
    assert parse_end("2018年2月8日") == day("2018-02-08")
    pairs = (("李四(0002)", day("2018-02-07")), ("王五", day("2018-02-10")))
    assert parse_hand_overs("李四(0002) 2018-02-07；王五 2018年2月10日起") == pairs
    assert parse_hand_overs("2018.2.7转李四(0002)；2018-02-10 由王五承办") == pairs
    with pytest.raises(BadValue):
        parse_hand_overs("李四")
    with pytest.raises(BadValue):
        parse_due("0个工作日")


def test_a_head_imports_for_the_own_department_only(cast, calendar):
    unit, person = make_department(cast)
    head = make_head(cast, unit=unit)
    line = f"3号,通知,,2018-01-03,{person.name},5,,,,,,\n"
    outcome = run_documents(read(GOOD + line), actor_of(head), write=True)
    assert [error.row for error in outcome.errors] == [2, 3, 4]
    assert "不由您登记" in outcome.errors[0].reason
    assert not run_documents(read(line), actor_of(head), write=True).errors


PEOPLE = ("member", "neighbour", "secretary", "inspector")
ONE = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["通知", "函", "纪要", "请示"]),
        "number": st.sampled_from(["", "1号", "2号", "〔2018〕3号"]),
        "received": st.integers(0, 40),
        "who": st.sampled_from(PEOPLE),
        "term": st.one_of(st.none(), st.integers(1, 30)),
        "ends": st.one_of(st.none(), st.integers(0, 5)),
        "to": st.one_of(st.none(), st.sampled_from(PEOPLE)),
        "more": st.booleans(),
    }
)


def build(cast, told):
    """A document as hypothesis tells it; None where it is one that is there."""
    received = day("2017-12-01") + dt.timedelta(days=told["received"])
    due_on = None if told["term"] else received + dt.timedelta(days=10)
    values = DocumentValues(told["title"], received, due_on, told["term"], told["number"])
    by, handler = cast.actor("officer"), cast.person(told["who"])
    same = {"number": told["number"], "received_on": received}
    if Document.objects.filter(**(same if told["number"] else {**same, "title": told["title"]})).exists():
        return
    made = register_document(values=values, handler=handler, by=by)
    if told["to"] and told["to"] != told["who"]:
        hand_over(made, handler=cast.person(told["to"]), on=received + dt.timedelta(days=1), by=by)
    if told["more"]:
        until = received + dt.timedelta(days=90)
        extend(cast, Document.objects.get(pk=made.pk), until, received, received + dt.timedelta(days=1))
    if told["ends"] is not None:
        finish_document(made, on=received + dt.timedelta(days=told["ends"]), result="已办", by=by)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ONE, min_size=1, max_size=5), st.booleans())
def test_what_goes_out_comes_in_again_into_an_empty_copy(cast, calendar, told, is_xlsx):
    Document.objects.all().delete()
    for one in told:
        build(cast, one)
    importer = imports.get("tasks.documents")
    rows = list(importer.export(cast.actor("officer")))
    name = "台账.xlsx" if is_xlsx else "台账.csv"
    table = write_xlsx(DOCUMENTS, rows) if is_xlsx else write_csv(DOCUMENTS, rows)
    before = everything()
    same = run_documents(read_table(table, name, DOCUMENTS), cast.actor("officer"), write=True)
    assert same.errors == []
    assert {line.what for line in same.lines} == {What.SAME}
    assert everything() == before
    Document.objects.all().delete()
    fresh = run_documents(read_table(table, name, DOCUMENTS), cast.actor("officer"), write=True)
    assert fresh.errors == []
    assert everything() == before


def test_two_rows_that_the_file_repeats_are_one_document(cast, calendar):
    make_document(cast)
    line = "9号,通知,,2018-01-03,党员丁,5,,,,,,\n"
    outcome = bring(cast, line + line)
    assert [one.what for one in outcome.lines] == [What.NEW, What.SAME]
    assert Document.objects.filter(number="9号").count() == 1
