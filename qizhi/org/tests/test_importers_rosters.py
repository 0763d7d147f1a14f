"""Rosters as branches and offices keep them: no numbers, months for days, abbreviated departments."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.tables import BadValue, read_table
from qizhi.org.importers.cells import birth_year
from qizhi.org.models import Membership, Person, Placement, Unit

TODAY = dt.date(2018, 1, 15)  # the clock of the tests


def _run(key, text, cast, *, write=True):
    importer = imports.get(key)
    reading = read_table(text.encode("gb18030"), "名册.csv", importer.schema(cast.bureau.pk))
    return importer.run(reading, cast.actor("officer"), write=write)


@pytest.fixture
def education(cast):
    return Unit.objects.create(
        bureau=cast.bureau,
        kind="department",
        code="hr",
        name="人事教育处",
        parent=cast.department.parent,
        path=f"{cast.department.parent.path}hr/",
        from_on=dt.date(2015, 1, 1),
    )


ROSTER = """某局人员花名册,,,,,,,,
序号,姓 名,性别,民族,出生年月,参加工作时间,来局时间,部门,职务级别
1,张 三,男,汉,1985.03,2007年7月,2015年3月,人教处,四级调研员
2,欧 阳 某,女,汉,85年10月,2008.8.1,17/3/5,示例处（机关）,科员
合计,2人,,,,,,,
填表人：某某,,,,,,,,
"""


def test_a_roster_without_numbers_is_read_as_it_was_meant(cast, education):
    outcome = _run("org.people", ROSTER, cast)
    assert outcome.errors == []
    assert [line.text for line in outcome.lines] == ["张三（新编工号 L0001）", "欧阳某（新编工号 L0002）"]
    assert "“人教处”认作“人事教育处”（第3行）；不对的话，请在表里写全称。" in outcome.notes
    assert "到岗日期只写到月的（第3行），按当月1日登记。" in outcome.notes
    first, second = Person.objects.filter(staff_no__startswith="L").order_by("staff_no")
    assert (first.name, first.birth_year, first.entered_on) == ("张三", 1985, dt.date(2015, 3, 1))
    assert (second.birth_year, second.entered_on) == (1985, dt.date(2017, 3, 5))
    assert Placement.objects.get(person=first).unit == education
    assert [row.rank for row in first.ranks.all()] == ["deputy_division"]
    again = _run("org.people", ROSTER, cast)
    assert (again.errors, again.count(What.SAME)) == ([], 2)


def test_a_day_that_is_known_is_not_rounded_to_the_month(cast):
    Person.objects.create(bureau=cast.bureau, staff_no="9001", name="张三", entered_on=dt.date(2015, 3, 17))
    outcome = _run("org.people", "姓名,到岗日期\n张三,2015年3月\n", cast)
    assert (outcome.count(What.SAME), outcome.notes) == (1, [])


def test_people_of_one_name_need_numbers(cast):
    twice = _run("org.people", "姓名,性别\n张三,男\n张三,女\n", cast)
    assert [error.reason for error in twice.errors] == ["表里有 2 位“张三”，没有工号分不清是谁"] * 2
    _run("org.people", "工号,姓名\n8001,张三\n8002,张三\n", cast)
    (error,) = _run("org.people", "姓名\n张三\n", cast).errors
    assert error.fix == "写上工号：张三(8001)、张三(8002)"
    numbered = _run("org.people", "工号,姓名,性别\n8001,张三,男\n8002,张三,女\n", cast)
    assert numbered.count(What.CHANGED) == 2


def test_the_number_may_stand_behind_the_name(cast):
    outcome = _run("org.people", "姓名,性别\n张 三（8001）,男\n张三(8002),女\n李四(女),女\n", cast)
    assert (outcome.errors, outcome.count(What.NEW)) == ([], 3)
    assert sorted(Person.objects.filter(name="张三").values_list("staff_no", flat=True)) == ["8001", "8002"]
    again = _run("org.people", "姓名,性别\n张三(8001),男\n", cast)
    assert (again.errors, again.count(What.SAME)) == ([], 1)
    (error,) = _run("org.people", "工号,姓名\n8003,张三(8001)\n", cast).errors
    assert error.reason == "“张三(8001)”里的工号和“工号”列的 8003 不一样"


def test_a_row_that_stands_twice_counts_once(cast):
    outcome = _run("org.people", "工号,姓名\n8001,张三\n8001,张三\n8001,张 三\n", cast)
    assert (outcome.errors, outcome.count(What.NEW), outcome.count(What.SAME)) == ([], 1, 2)


def test_without_a_day_of_entry_the_department_begins_today_and_the_preview_says_so(cast):
    outcome = _run("org.people", "姓名,部门\n张三,示例处\n", cast)
    assert outcome.errors == []
    assert Placement.objects.get(person__name="张三").from_on == TODAY
    assert f"处室、职级自今天（{TODAY}）起登记" in outcome.notes[0]


def test_an_unknown_department_is_answered_with_the_nearest(cast, education):
    (error,) = _run("org.people", "姓名,部门\n张三,人事教育科\n", cast).errors
    assert error.reason == "没有名为“人事教育科”的处室或局"
    assert error.fix.startswith("是不是“人事教育处”？可以填：")


@pytest.mark.parametrize(
    ("raw", "year"),
    [
        (1985, 1985),
        ("1985年3月", 1985),
        (1985.1, 1985),
        ("1985.03.12", 1985),
        ("85.3.12", 1985),
        (31118, 1985),
    ],
)
def test_only_the_year_of_birth_is_kept(raw, year):
    assert birth_year(raw) == year


def test_a_year_of_birth_has_bounds():
    with pytest.raises(BadValue, match="没有13月"):
        birth_year("85年13月")


MEMBERS = """第二党支部党员名册,,,,,,
序号,工号,姓名,入党时间,转正时间,转入时间,备注
1,8001,张 三,2010年7月,2011年7月,2017年3月,
2,8002,张 三,2011.7.1,2012.7.1,17/4/1,
"""


def test_the_roster_of_a_branch_says_its_name_in_the_title(cast):
    _run("org.people", "工号,姓名\n8001,张三\n8002,张三\n", cast)
    outcome = _run("org.memberships", MEMBERS, cast)
    assert outcome.errors == []
    rows = Membership.objects.filter(person__name="张三").order_by("from_on")
    assert [(row.unit, row.status, row.from_on) for row in rows] == [
        (cast.second, "full", dt.date(2017, 3, 1)),
        (cast.second, "full", dt.date(2017, 4, 1)),
    ]
    assert _run("org.memberships", MEMBERS, cast).count(What.SAME) == 2


def test_a_roster_without_days_knows_who_is_there_already(cast):
    table = "党支部,姓名,政治面貌\n第一支部,党员丁,中共党员\n第一支部,新人,中共预备党员\n"
    _run("org.people", "姓名\n新人\n", cast)
    outcome = _run("org.memberships", table, cast)
    assert outcome.errors == []
    assert [line.what for line in outcome.lines] == [What.SAME, What.NEW]
    new = Membership.objects.get(person__name="新人")
    assert (new.from_on, new.status) == (TODAY, "probationary")
    assert f"组织关系自今天（{TODAY}）起登记" in outcome.notes[0]
    assert _run("org.memberships", table, cast).count(What.SAME) == 2


def test_what_a_roster_leaves_open_is_named(cast):
    outcome = _run("org.memberships", "姓名\n党员丁\n无此人\n", cast)
    assert [(error.column_label, error.reason) for error in outcome.errors] == [
        ("党支部", "没有写明是哪个党支部"),
        ("党员类别", "没有写明是正式党员还是预备党员"),
        ("姓名", "人员库里没有“无此人”"),
        ("党支部", "没有写明是哪个党支部"),
        ("党员类别", "没有写明是正式党员还是预备党员"),
    ]
    (error,) = _run("org.memberships", "党支部,姓名\n第二支部,党员丁\n", cast).errors
    assert error.reason == "没有写明是正式党员还是预备党员"
