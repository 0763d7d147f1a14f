"""Guests, auditors and the hour of a gathering: in from a ledger, out again, and nothing lost on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.permissions import system
from qizhi.core.tables import read_table, write_csv, write_xlsx
from qizhi.gatherings.importers import GATHERINGS
from qizhi.gatherings.models import Gathering, Visitor
from qizhi.gatherings.services import comment_as_auditor, load_standard_kinds
from qizhi.org.models import Person

HEAD = "支部,活动时间,活动类型,名称,列席,旁听领导,点评"
MEETING = "第一党支部,2017年3月5日下午2:30,党员大会,三月大会"


@pytest.fixture(autouse=True)
def _kinds(cast):
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))


def _reading(cast, *lines, head=HEAD):
    return read_table("\n".join([head, *lines]).encode(), "台账.csv", GATHERINGS.schema(cast.bureau.pk))


def _run(cast, *lines, head=HEAD, write=True, who="officer"):
    return GATHERINGS.run(_reading(cast, *lines, head=head), cast.actor(who), write=write)


def _there(gathering):
    return {(str(row), row.role, row.comment) for row in gathering.visitors.all()}


def _said(outcome):
    return [(error.column_label, error.reason) for error in outcome.errors]


def test_a_ledger_says_who_else_was_there_and_when_it_began(cast):
    lines = (
        f"{MEETING},李四（外单位）、党员庚,局长丑同志,讲得实在",
        "第一党支部,2017-4-5,主题党日,四月,无,,局长丑",
        "第一党支部,2017-5-5,主题党日,五月,,,",
    )
    outcome = _run(cast, *lines)
    assert (_said(outcome), outcome.count(What.NEW)) == ([], 3)
    first, second, third = Gathering.objects.order_by("held_on")
    assert first.starts_at == dt.time(14, 30)
    assert _there(first) == {("李四", "guest", ""), ("党员庚", "guest", ""), ("局长丑", "auditor", "")}
    assert first.minutes == "旁听点评：讲得实在"
    assert (_there(second), second.minutes) == ({("局长丑", "auditor", "")}, "")
    assert (_there(third), third.starts_at) == (set(), None)
    again = _run(cast, *lines)
    assert (_said(again), again.count(What.SAME)) == ([], 3)


def test_an_audit_from_a_ledger_is_a_contact_visit(cast):
    assert not Visitor.objects.filter(person=cast.person("leader")).exists()
    _run(cast, f"{MEETING},,局长丑,")
    page = cast.client("leader").get("/mine/").content.decode()
    assert "三月大会" in page


def test_an_empty_cell_leaves_who_is_stored_and_a_name_replaces_them(cast):
    _run(cast, f"{MEETING},党员庚,局长丑,")
    assert _run(cast, f"{MEETING},,,").count(What.SAME) == 1
    changed = _run(cast, f"{MEETING},党员辛,,")
    assert "列席、旁听" in changed.lines[0].text
    assert _there(Gathering.objects.get()) == {("党员辛", "guest", ""), ("局长丑", "auditor", "")}
    _run(cast, f"{MEETING},无,,")
    assert _there(Gathering.objects.get()) == {("局长丑", "auditor", "")}


def test_an_auditors_own_comment_is_kept_and_never_taken_away(cast):
    _run(cast, f"{MEETING},,局长丑,")
    comment_as_auditor(Gathering.objects.get(), comment="很好", by=cast.actor("leader"))
    assert _run(cast, f"{MEETING},党员庚,局长丑,").errors == []
    assert _there(Gathering.objects.get()) == {("党员庚", "guest", ""), ("局长丑", "auditor", "很好")}
    refused = _run(cast, f"{MEETING},,人事癸,", write=False)
    assert _said(refused) == [("旁听人员", "局长丑对“三月大会”已有点评，不能从旁听人员中移除")]


def test_bad_cells_are_named_and_nothing_is_written(cast):
    head = "支部,日期,开始时间,活动类型,名称,列席人员,旁听人员"
    outcome = _run(
        cast,
        "第一党支部,2017-3-5,很早,党课,甲,,",
        "第一党支部,2017-3-6,14点半,党课,乙,入党积极分子3人,",
        "第一党支部,2017-3-7,,党课,丙,,某人",
        "第一党支部,2017-3-8,,党课,丁,党员庚,党员庚",
        head=head,
    )
    assert _said(outcome) == [
        ("开始时间", "“很早”看不出几点几分"),
        ("列席人员", "只写了人数，没有写姓名"),
        ("旁听人员", "人员库里没有“某人”"),
        ("列席人员", "同一个人填了两次，请删去一处"),
    ]
    assert not Gathering.objects.exists()


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
@pytest.mark.parametrize("who", ["officer", "secretary"])
def test_what_goes_out_comes_back_without_change(cast, write, who):
    Person.objects.create(bureau=cast.bureau, staff_no="9001", name="党员庚")
    _run(cast, f"{MEETING},李四(外单位)、党员庚(9001),局长丑、外请:某领导,", who=who)
    _run(cast, "第一党支部,2017年4月,党课,四月,党员庚(0007),,讲得好", who=who)
    comment_as_auditor(Gathering.objects.get(title="三月大会"), comment="很好", by=cast.actor("leader"))
    known, rows = GATHERINGS.schema(cast.bureau.pk), list(GATHERINGS.export(cast.actor(who)))
    assert [row["guests"] for row in rows] == ["外请:李四、党员庚(9001)", "党员庚(0007)"]
    assert {"列席人员", "旁听人员", "开始时间"} <= {column.label for column in known.offered.columns}
    reading = read_table(write(known.offered, rows), "导出", known)
    outcome = GATHERINGS.run(reading, cast.actor(who), write=False)
    assert (outcome.errors, outcome.count(What.SAME), len(outcome.lines)) == ([], 2, 2)


def test_the_list_as_a_file_says_who_else_was_there_to_those_who_read_it_fully(cast):
    _run(cast, f"{MEETING},李四(外单位),局长丑,")
    address = "/gatherings/?format=csv"
    own = cast.client("secretary").get(address).content.decode("utf-8-sig")
    assert "14:30" in own
    assert "李四" in own
    assert "局长丑" in own
    assert "李四" not in cast.client("neighbour").get(address).content.decode("utf-8-sig")


def test_a_column_that_is_not_known_is_named_before_anything_is_imported(cast):
    client = cast.client("secretary")
    data = (
        "序号,支部,日期,活动类型,名称,天气,心得体会\n1,第一党支部,2017-3-5,党课,三月党课,晴,深受教育".encode()
    )
    by = cast.actor("secretary")
    draft = imports.keep_draft(GATHERINGS, filename="台账.csv", content=data, by=by)
    page = client.get(f"/tables/files/{draft.pk}/").content.decode()
    assert "有的列没有读取" in page
    assert "天气、心得体会" in page
    assert "序号、" not in page
    assert "可以导入" in page
