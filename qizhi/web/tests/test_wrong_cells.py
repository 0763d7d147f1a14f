"""Whatever is wrong with a row is told in one turn, in every table: each cell once, and nothing that follows from it."""

from __future__ import annotations

import re

import pytest

from qizhi.core import imports
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, Outcome
from qizhi.core.models import AuditEvent, ImportDraft
from qizhi.core.permissions import system
from qizhi.core.tables import Column, TableSchema, read_table
from qizhi.core.tables.values import parse_text
from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.services import load_standard_kinds
from qizhi.org.models import RankTenure
from qizhi.org.permissions import MANAGE_PEOPLE
from qizhi.regulations.services.national import load_national_regulations
from qizhi.web.tests.test_any_text_in_tables import file_of

# By importer: rows as people may fill them in, ! before each cell that is told, ~ for a blank.
CASES = {
    "branch_life.contacts": (
        "!person=无此人 !unit=无此支部 !kind=什么 !visits_a_year=三百 !from_on=2018-02-30",
        "!person=无此人 unit=第一党支部 !kind=什么 from_on=2018-01-05 !to_on=2018-01-02",
        "person=局长丑 !unit=示例处 !visits_a_year=0 from_on=2018-01-05",
        "person=局长丑 unit=第一党支部 !visits_a_year=0 !from_on=2014-01-05",
    ),
    "branch_life.talks": (
        "!unit=无此支部 !held_on=2018-02-30 !one=无此人 !other=查无此人",
        "!unit=无此支部 !held_on=2018-05-01 one=书记甲 !other=书记甲",
    ),
    "conduct.leaves": (
        (
            "!person=无此人 !kind=什么假 from_on=2018-01-10 !to_on=2018-01-08 "
            "!decided_by=查无此人 !decided_on=2018-02-30 !returned_on=2018-05-01"
        ),
        "person=党员丁 !kind=什么假 !from_on=2018-02-30 to_on=2018-01-08 !decided_by=党员丁",
    ),
    "conduct.liaisons": (
        "!unit=无此支部 !name=无此人 from_on=2018-01-10 !to_on=2018-01-08",
        "unit=示例处 !name=无此人 !from_on=2018-02-30 !to_on=2018-13-01",
    ),
    "conduct.matters": (
        "!name=无此人 !year=十八 !handed_in_on=2018-02-30",
        "!name=党员庚 year=2018 !handed_in_on=2018-05-01",
    ),
    "conduct.post_duties": (
        "!unit=无此支部 !name=岗*70 !duties= !regulation=《没有的》 from_on=2018-01-10 !to_on=2018-01-08",
        "unit=示例处 name=窗口 duties=受理 !regulation=《没有的》 !from_on=2018-02-30 to_on=2018-01-08",
    ),
    "conduct.risks": ("!unit=无此支部 !name= !level=什么 measures=双人办理 !review_on=2018-02-30",),
    "gatherings.gatherings": (
        (
            "!unit=无此支部 !held_on=2018-02-30 !starts_at=25:00 !kinds=跳舞 !chair=无此人 "
            "!lecturers=查无此人 !hours=-1 !excused=某某某 !guests=路人甲 !due_total=二十来 "
            "!series=没有的"
        ),
        (
            "unit=第一党支部 !held_on=2018-05-01 kinds=党课 !chair=无此人 !absent=某某某 "
            "!due_total=二十来 !auditors=3人"
        ),
        "unit=第一党支部 held_on=2017-05-01 kinds=党课 !chair=书记甲、委员乙 absent=2人 !due_total=多",
        "unit=第一党支部 held_on=2017-06-01 kinds=党课 lecturers=书记甲、书记甲(0001) !excused=党员庚",
    ),
    "org.memberships": (
        "!name=无此人 !unit=无此支部 !status=什么 from_on=2018-01-10 !to_on=2018-01-08",
        "!name=无此人 unit=第一党支部 !group=没有的小组 !from_on=2014-01-10 !to_on=2018-02-30 !status=",
        "name=党员丁 unit=第二党支部 !status=什么 !from_on=2014-12-01",
    ),
    "org.people": (
        (
            "!name= !staff_no=9*30 !gender=什么 !birth_year=老 !began_work_on=2018-02-30 "
            "!left_on=某天 !department=无此支部 !rank=什么"
        ),
        (
            "name=新人 staff_no=8001 !began_work_on=2018-01-05 entered_on=2018-01-02 "
            "!left_on=2017-01-01 !department=无此支部 !gender=什么"
        ),
        (
            "name=党员丁 staff_no=0004 !gender=什么 department=甲示例局 rank=科员 "
            "!rank_from=2018-02-30 !department_from="
        ),
        "!name=换了 staff_no=0005 !birth_year=老 !department=无此支部",
    ),
    "org.posts": (
        "!name=无此人 !unit=无此支部 title=书记 !role=什么 from_on=2018-01-10 !to_on=2018-01-08",
        "!name=无此人 unit=第一党支部 !title=跑腿 !from_on=2014-01-10 !to_on=2018-02-30",
    ),
    "org.units": (
        (
            "!code=支部一 name=新一支部 !kind=什么 !parent=无此支部 from_on=2018-01-10 "
            "!to_on=2018-01-08 !covers=没有的处"
        ),
        "name=新一支部第一党小组",
        "name=新二支部 kind=党支部 parent=新一支部 !from_on=2018-02-30 !covers=新一处",
        "code=z02 name=第二党支部 !kind=处室 !parent=甲示例局 !to_on=2017-12-31",
        "code=z09 name=新三支部 kind=党支部 from_on=2018-01-10 !to_on=2018-01-08 !covers=第一党支部",
    ),
    "regulations.exemptions": (
        (
            "!unit=无此支部 !clause=没有 from_on=2018-03-31 !to_on=2018-01-01 !reason= "
            "approver=机关党委 !approved_on=2018-05-01 !alike=什么"
        ),
    ),
    "regulations.papers": (
        "year=2018 !scope=什么 !title= !published_on=2018-02-30 first=2018-02-21 !last=2018-02-15 !kind=什么",
        "year=2018 title=通知 published_on=2017-12-01 !first=2019-02-15 !kind=什么",
    ),
    "study.completions": ("!name=无此人 !course= !hours=300 !completed_on=2018-05-01 !origin=什么",),
    "tasks.documents": (
        (
            "!title= !received_on=2018-05-01 !handler=无此人 !due=5天 !kind=什么 "
            "!remind_days=多 !done_on=2018-05-01"
        ),
        (
            "title=通知 received_on=2018-01-05 !handler=无此人 !due=2018-01-02 "
            "!done_on=2018-01-03 !handovers=查无此人~2018-01-08 extended_to=2018-02-01 "
            "!extension_decided_by=某某某 !note=长*300 !extension_decided_on="
        ),
    ),
    "tasks.items": (
        (
            "!kind=什么清单 !year=十八 !issuer=无此支部 !text= !source=《没有的》 !owner=无此人 "
            "!due_on=2018-02-30 !figure=什么 !target=多"
        ),
        (
            "kind=负面清单 year=2018 issuer=机关党委 text=不迟到 !source=《没有的》 !owner=无此人 "
            "!due_on=2018-03-01 !target=3"
        ),
    ),
    "tasks.plans": (
        (
            "!unit=无此支部 !year=十八 !purpose=什么 !month=十三月 !topic= !lead=无此人 !ledger=什么 "
            "!adopted_on=2018-02-30"
        ),
        "unit=第一党支部 year=2018 !purpose=中心组学习计划 !month=13 topic=学习 !lead=无此人",
    ),
}


@left_standing
def house(cast):
    """Kinds, rules and one who owes a report: what the tables are held against."""
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))
    load_national_regulations(cast.bureau, by=cast.actor("officer"))
    person = cast.person("member")
    RankTenure.objects.create(bureau=cast.bureau, person=person, rank="deputy_division", from_on="2015-01-01")


def test_every_table_has_its_wrong_rows():
    assert CASES.keys() == {one.key for one in imports.all_importers()}


def _cells(row):
    """key=value by key; 长*300 is as long as it says."""
    pairs = (cell.split("=", 1) for cell in row.split())
    longs = ((key, value.replace("~", " "), re.fullmatch(r"(.)\*(\d+)", value)) for key, value in pairs)
    return {key: long[1] * int(long[2]) if long else value for key, value, long in longs}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("key", sorted(CASES))
def test_all_that_is_wrong_with_a_row_is_told_at_once(cast, key):
    importer = imports.get(key)
    actors = map(cast.actor, ("officer", "personnel", "inspector"))
    actor = next(one for one in actors if one.may(importer.wanted))
    schema = importer.schema(cast.bureau.pk)
    rows = [_cells(row) for row in CASES[key]]
    table = [{name.removeprefix("!"): value for name, value in row.items()} for row in rows]
    reading = read_table(file_of(schema, table), "台账.csv", schema)
    outcome = importer.run(reading, actor, write=False)
    outcome.arrange(reading)
    assert not outcome.lines
    labels = {column.key: column.label for column in schema.columns}
    for number, row in enumerate(rows, start=2):
        told = [error.column_label for error in outcome.errors if error.row == number]
        wrong = [labels[name[1:]] for name in row if name.startswith("!")]
        assert sorted(told) == sorted(wrong), (number, told)
    places = [(error.row, *error.column) for error in outcome.errors]
    assert places == sorted(places), "from top to bottom and from left to right"
    assert all(error.reason and not error.reason.endswith("。") for error in outcome.errors)


def _late(reading, by, *, write):
    """Finds out while it writes."""
    outcome = Outcome()
    row = reading.rows[0]
    if write:
        AuditEvent.objects.create(bureau_id=by.bureau_id, at="2018-01-15T00:00Z", verb="org.late")
        outcome.check(row).take(_refuse)
    return outcome


def _refuse():
    raise Refused("这个人已经调走。请核对。", "name")


def test_what_is_found_out_only_while_writing_leaves_nothing_written(cast):
    schema = TableSchema("late", "晚", (Column(key="name", label="姓名", parse=parse_text, required=True),))
    importer = Importer("late", "晚", MANAGE_PEOPLE, lambda _bureau: schema, _late, lambda _by: [])
    actor = cast.actor("officer")
    draft = imports.keep_draft(importer, filename="晚.csv", content="姓名\n张三\n".encode(), by=actor)
    with pytest.raises(Refused, match="第2行的“姓名”：这个人已经调走），什么也没有导入"):
        imports.apply_draft(importer, draft, actor)
    assert not AuditEvent.objects.filter(verb="org.late").exists()
    assert ImportDraft.objects.get().applied_at is None
