"""Tables of people and memberships: messy in, all or nothing, the same file twice changes nothing."""

# mypy: disable-error-code="union-attr"
from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.tables.reading import read_table
from qizhi.core.tables.write import write_csv
from qizhi.org.importers import MEMBERS, PEOPLE
from qizhi.org.models import Membership, Person, Placement, Unit


def _run(key, text, cast, *, write=False):
    importer = imports.get(key)
    reading = read_table(text.encode("utf-8-sig"), "表.csv", importer.schema(cast.bureau.pk))
    return importer.run(reading, cast.actor("officer"), write=write)


PEOPLE_TABLE = """人员花名册,,,,,
工号,姓 名,性别,入职日期,部门,职级
８００１,张 三,男,2017.3.5,示例处,科员及以下
8002,李四,女,2017年4月1日,示例处,
,,,,,
"""


def test_new_people_come_in_with_department_and_rank(cast):
    outcome = _run("org.people", PEOPLE_TABLE, cast, write=True)
    assert outcome.errors == []
    assert outcome.count(What.NEW) == 2
    person = Person.objects.get(staff_no="8001")
    assert (person.name, person.entered_on) == ("张三", dt.date(2017, 3, 5))
    assert person.ranks.get().from_on == dt.date(2017, 3, 5)
    assert Placement.objects.filter(person=person, unit=cast.department).count() == 1


def test_the_same_file_again_changes_nothing(cast):
    _run("org.people", PEOPLE_TABLE, cast, write=True)
    outcome = _run("org.people", PEOPLE_TABLE, cast, write=True)
    assert (outcome.count(What.SAME), outcome.count(What.NEW), outcome.count(What.CHANGED)) == (2, 0, 0)
    assert Person.objects.filter(staff_no__startswith="80").count() == 2


def test_what_a_row_changes_is_told_with_old_and_new(cast):
    _run("org.people", PEOPLE_TABLE, cast, write=True)
    table = (
        "工号,姓名,性别,出生年份,部门,处室起始日期,职级,职级起始日期\n"
        "8001,张三,女,1970,甲示例局,2018-01-01,副科,2018-01-01\n8002,李四,女,,,,,\n"
    )
    outcome = _run("org.people", table, cast)
    assert outcome.errors == []
    assert [line.text for line in outcome.lines] == [
        "张三（8001）；改动：性别 男→女；出生年份 空白→1970；处室 示例处→甲示例局；职级 科员及以下→副科级",
        "李四（8002）",
    ]


def test_every_bad_row_is_named_with_cell_value_and_reason(cast):
    table = (
        "工号,姓名,到岗日期,处室\n8001,张三,2017.2.30,示例处\n8002,李四,2017-01-01,没有的处\n0004,别人,,\n"
    )
    outcome = _run("org.people", table, cast)
    assert [(error.cell, error.column_label) for error in outcome.errors] == [
        ("C2", "到岗日期"),
        ("D3", "处室"),
        ("B4", "姓名"),
    ]
    assert outcome.errors[0].value == "2017.2.30"
    assert "没有名为“没有的处”" in outcome.errors[1].reason


def test_a_transfer_from_a_table_ends_the_former_branch(cast):
    table = "姓名,党支部,党员类别,起始日期\n党员丁,第二党支部,正式,2018.1.10\n"
    outcome = _run("org.memberships", table, cast, write=True)
    assert outcome.errors == []
    rows = Membership.objects.filter(person=cast.person("member")).order_by("from_on")
    assert [row.to_on for row in rows] == [dt.date(2018, 1, 9), None]
    again = _run("org.memberships", table, cast, write=True)
    assert again.count(What.SAME) == 1


def test_two_people_of_one_name_must_be_told_apart(cast):
    for number in ("8001", "8002"):
        Person.objects.create(bureau=cast.bureau, staff_no=number, name="同名")
    table = "姓名,党支部,党员类别,起始日期\n同名,第二党支部,正式,2018.1.10\n同名（8002）,第二党支部,正式,2018.1.10\n"
    outcome = _run("org.memberships", table, cast)
    assert len(outcome.errors) == 1
    assert "同名(8001)、同名(8002)" in outcome.errors[0].fix
    assert outcome.count(What.NEW) == 1


def test_an_overlap_with_the_past_is_an_error(cast):
    table = "姓名,党支部,党员类别,起始日期,截止日期\n党员丁,第一党支部,正式,2014-01-01,2016-01-01\n"
    outcome = _run("org.memberships", table, cast)
    assert len(outcome.errors) == 1


@pytest.mark.parametrize(("key", "schema"), [("org.people", PEOPLE), ("org.memberships", MEMBERS)])
def test_what_goes_out_comes_back_without_change(cast, key, schema):
    importer = imports.get(key)
    rows = list(importer.export(cast.actor("officer")))
    assert rows
    reading = read_table(write_csv(schema, rows), "导出.csv", schema)
    assert reading.errors == []
    outcome = importer.run(reading, cast.actor("officer"), write=False)
    assert outcome.errors == []
    assert outcome.count(What.SAME) == len(rows)


def test_each_branch_has_a_first_group_of_its_own(cast):
    Unit.objects.create(
        bureau=cast.bureau,
        kind="group",
        code="z02-1",
        name="第一党小组",
        parent=cast.second,
        path=f"{cast.second.path}z02-1/",
        from_on=dt.date(2015, 1, 1),
    )
    table = "姓名,党支部,党小组,党员类别,起始日期\n干事壬,第一党支部,第一党小组,正式,2018.1.10\n人事癸,第二党支部,第一党小组,正式,2018.1.10\n"
    outcome = _run("org.memberships", table, cast, write=True)
    assert outcome.errors == []
    joined = Membership.objects.filter(from_on=dt.date(2018, 1, 10)).order_by("unit__code")
    assert [row.group.code for row in joined] == ["z01-1", "z02-1"]
    rows = list(imports.get("org.memberships").export(cast.actor("officer")))
    again = imports.get("org.memberships").run(
        read_table(write_csv(MEMBERS, rows), "导出.csv", MEMBERS), cast.actor("officer"), write=False
    )
    assert (again.errors, again.count(What.SAME)) == ([], len(rows))
    wrong = _run("org.memberships", "姓名,党支部,党小组,党员类别\n干事壬,第一党支部,第二党小组,正式\n", cast)
    assert "没有名为“第二党小组”" in wrong.errors[0].reason
