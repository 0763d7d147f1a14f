"""The table of units: messy in, all or nothing, twice is once, and out again as it came."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.models import AuditEvent
from qizhi.core.tables.reading import read_table
from qizhi.core.tables.write import write_csv, write_xlsx
from qizhi.org.importers import TREE, UNITS
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Account, JointUnit, Unit
from qizhi.org.queries import actor_of
from qizhi.org.services.units import FirstStart, start_bureau


@pytest.fixture
def officer(db):
    """The first officer of an empty copy."""
    first = FirstStart(
        "某某示例局", "某局", "", dt.date(2017, 1, 1), "示例甲", "0001", "first", "a-long-Phrase-7"
    )
    start_bureau(first)
    return actor_of(Account.objects.get())


def _run(by, text, *, write=True):
    return TREE.run(read_table(text.encode("utf-8-sig"), "表.csv", UNITS), by, write=write)


def _said(outcome):
    return [(error.cell, error.column_label, error.reason) for error in outcome.errors]


def _counts(outcome):
    return tuple(outcome.count(what) for what in (What.NEW, What.CHANGED, What.SAME))


LIST = """某某示例局组织机构一览表,,,,
序号,组织名称,类 别,上级组织,成立时间
1,第一党小组,,第一支部,2018年3月
2,第一党支部,党支部,机关党委,１９９８．７．１
3,办公室,内设机构,,
4,第二党支部,,局机关党委,2017-5-8
5,某某示例局,,,
6,法制科,,办公室,2017.6.1
7,机关党委,,,
合计,6个,,,
"""


def test_an_empty_copy_takes_the_list_as_the_office_has_it(officer):
    outcome = _run(officer, LIST)
    assert (_said(outcome), _counts(outcome)) == ([], (5, 0, 2))
    made = {unit.name: unit for unit in Unit.objects.select_related("parent")}
    committee = made["机关党委"]
    tree = {name: (unit.kind, unit.code, str(unit.parent), str(unit.from_on)) for name, unit in made.items()}
    assert tree["办公室"] == ("department", "d01", "某某示例局", "2017-01-01")
    assert tree["法制科"] == ("department", "d02", "办公室", "2017-06-01")
    assert tree["第一党支部"] == ("branch", "z01", "机关党委", "2017-01-01")
    assert tree["第二党支部"] == ("branch", "z02", "机关党委", "2017-05-08")
    assert tree["第一党小组"] == ("group", "z01-1", "第一党支部", "2018-03-01")
    assert made["第一党小组"].path == f"{committee.path}z01/z01-1/"
    notes = "".join(outcome.notes)
    assert "没有写类别的" in notes
    assert "成立早于本单位开始记录之日（2017-01-01）的（第4行）" in notes
    assert AuditEvent.objects.filter(verb="org.create_unit").count() == 4 + 5


def test_the_same_list_again_changes_nothing(officer):
    _run(officer, LIST)
    before = AuditEvent.objects.count()
    outcome = _run(officer, LIST)
    assert (_said(outcome), _counts(outcome)) == ([], (0, 0, 7))
    assert AuditEvent.objects.count() == before


def test_every_bad_row_is_named_and_nothing_is_written(officer):
    table = """名称,类别,上级,成立日期,代码
第一党支部,党支部,没有的党委,2017-02-01,
纪检组,,,,
第一党小组,党小组,,,
第二党支部,党支部,机关党委,2017.2.30,
第三党支部,党总支,,,
分局甲,局,,,
第四党支部,,第五党支部,,
第五党支部,,,,committee
第六党支部,党支部,,,committee
办公室,处室,,,综合
"""
    outcome = _run(officer, table)
    assert sorted(_said(outcome)) == sorted(
        [
            ("C2", "上级", "没有名为“没有的党委”的组织"),
            ("", "类别", "看不出“纪检组”是哪一类组织"),
            ("", "上级", "没有写明“第一党小组”属于哪个党支部"),
            ("D5", "成立日期", "2017年2月没有30日"),
            ("B6", "类别", "没有“党总支”这一项"),
            ("B7", "类别", "本单位是“某某示例局”，不能再有一个局"),
            ("E9", "代码", "代码“committee”是机关党委“机关党委”的"),
            ("E11", "代码", "“综合”不能作代码"),
            ("B10", "类别", "“机关党委”已登记为机关党委"),
        ]
    )
    assert Unit.objects.count() == 4


def test_two_rows_of_one_unit_and_circles_are_refused(officer):
    outcome = _run(officer, "名称,上级\n第一党支部,\n第一支部,机关党委\n甲科,乙科\n乙科,甲科\n")
    assert {reason for _, _, reason in _said(outcome)} == {
        "与第2行是同一个组织",
        "“甲科”和它的上级互为上级",
        "“乙科”和它的上级互为上级",
    }


def test_a_code_says_which_unit_is_renamed_and_days_move_with_their_parts(officer):
    _run(officer, LIST)
    table = """代码,名称,简称,成立日期
z01,机关第一党支部,机关一支部,2017-03-01
z01-1,第一党小组,,2017-04-01
d01,办公室,,2017-06-01
"""
    outcome = _run(officer, table)
    assert (_said(outcome), _counts(outcome)) == ([], (0, 3, 0))
    branch = Unit.objects.get(code="z01")
    assert (branch.name, branch.short_name, branch.from_on) == (
        "机关第一党支部",
        "机关一支部",
        dt.date(2017, 3, 1),
    )
    assert "名称 第一党支部→机关第一党支部" in outcome.lines[0].text
    wrong = _run(officer, "代码,名称,成立日期\nd01,办公室,2017-06-02\nz01-1,第一党小组,2017-02-01\n")
    assert {reason for _, _, reason in _said(wrong)} == {
        "下级“法制科”2017-06-01已经成立，“办公室”不能更晚",
        "上级“机关一支部”2017-03-01才成立，“第一党小组”不能更早",
    }
    back = _run(officer, "代码,名称,成立日期\nz01,机关第一党支部,2017-01-01\nz01-1,第一党小组,2017-01-01\n")
    assert (_said(back), back.count(What.CHANGED)) == ([], 2)


def test_what_a_table_cannot_change_is_told(cast):
    officer = cast.actor("officer")
    outcome = _run(
        officer,
        "名称,类别,上级,撤销日期,代码\n第一党支部,处室,,,z01\n第二党支部,,甲示例局,2017-12-31,\n示例处,,,2017-12-31,x9\n",
    )
    assert {(label, reason) for _, label, reason in _said(outcome)} == {
        ("类别", "“第一党支部”已登记为党支部"),
        ("上级", "“第二党支部”的上级是“机关党委”，不能用表格改"),
        ("撤销日期", "“第二党支部”已登记"),
        ("代码", "“示例处”已登记，代码是 d1"),
    }
    closed = _run(officer, "名称,撤销日期\n第二党支部,2017-12-31\n")
    assert _said(closed) == [("B2", "撤销日期", "“第二党支部”已登记")]


def test_groups_are_told_apart_by_their_branch(cast):
    officer = cast.actor("officer")
    outcome = _run(
        officer, "党小组,党支部\n第一党小组,第二党支部\n第二党支部第二党小组,\n第一党小组,第一党支部\n"
    )
    assert (_said(outcome), _counts(outcome)) == ([], (2, 0, 1))
    assert [str(unit) for unit in Unit.objects.filter(parent=cast.second).order_by("code")] == [
        "第一党小组",
        "第二党小组",
    ]
    unclear = _run(officer, "名称,类别\n第一党小组,党小组\n")
    assert _said(unclear)[0][2] == "有 2 个“第一党小组”，没有写上级分不清是哪一个"


def test_a_unit_that_has_ended_comes_in_ended(officer):
    table = "名称,成立日期,撤销日期\n老干部支部,2017-01-01,2017-06-30\n老干部支部,2017-07-01,\n"
    assert _counts(_run(officer, table)) == (2, 0, 0)
    assert [str(unit.to_on) for unit in Unit.objects.filter(kind="branch").order_by("from_on")] == [
        "2017-06-30",
        "None",
    ]
    assert _counts(_run(officer, table)) == (0, 0, 2)


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_goes_out_comes_back_here_and_into_an_empty_copy(officer, write):
    _run(officer, LIST)
    _run(officer, "名称,成立日期,撤销日期\n老干部支部,2017-01-01,2017-06-30\n老干部支部,2017-07-01,\n")
    rows = list(TREE.export(officer))
    assert len(rows) == 3 + 5 + 2
    file = write(UNITS, rows)
    outcome = TREE.run(read_table(file, "导出", UNITS), officer, write=False)
    assert (_said(outcome), _counts(outcome)) == ([], (0, 0, 10))
    Unit.objects.exclude(kind="bureau").update(parent=None)
    Unit.objects.exclude(kind="bureau").delete()
    outcome = TREE.run(read_table(file, "导出", UNITS), officer, write=True)
    assert (_said(outcome), _counts(outcome)) == ([], (10, 0, 0))
    assert list(TREE.export(officer)) == rows


def test_the_list_comes_before_the_people_who_work_there(officer):
    people = imports.get("org.people")
    table = read_table(
        "工号,姓名,处室\n8001,张三,办公室\n".encode(), "表.csv", people.schema(officer.bureau_id)
    )
    assert "没有名为“办公室”" in people.run(table, officer, write=False).errors[0].reason
    _run(officer, LIST)
    assert people.run(table, officer, write=True).errors == []


def test_only_those_who_keep_the_organisation_bring_it(cast):
    assert cast.client("secretary").get("/tables/org.units/upload/").status_code == 403
    page = cast.client("personnel").get("/tables/org.units/upload/")
    assert page.status_code == 200
    assert cast.client("personnel").get("/tables/org.units/template/").status_code == 200
    text = cast.client("officer").get("/tables/org.units/export/?format=csv").content.decode("utf-8-sig")
    assert "z01-1,第一党小组,,党小组,第一党支部,2015-01-01," in text


COVERS = """名称,类别,上级,覆盖处室
第一党支部,,机关党委,办公室、财务处
办公室,内设机构,,
财务处,内设机构,,
第二党支部,,机关党委,无
"""


def test_a_column_says_which_departments_a_branch_covers(officer):
    outcome = _run(officer, COVERS)
    assert (_said(outcome), _counts(outcome)) == ([], (4, 0, 0))
    assert "覆盖办公室（自2017-01-01）、财务处（自2017-01-01）" in outcome.lines[0].text
    rows = JointUnit.objects.order_by("covered__code")
    assert [(str(row.unit), str(row.covered), str(row.from_on), row.to_on) for row in rows] == [
        ("第一党支部", "办公室", "2017-01-01", None),
        ("第一党支部", "财务处", "2017-01-01", None),
    ]
    again = _run(officer, COVERS)
    assert (_said(again), _counts(again)) == ([], (0, 0, 4))
    told = {row["name"]: row["covers"] for row in TREE.export(officer)}
    assert (told["第一党支部"], told["第二党支部"]) == ("办公室、财务处", None)
    more = _run(officer, "名称,覆盖处室\n第二党支部,财务处\n")
    assert (_said(more), _counts(more)) == ([], (0, 1, 0))
    assert AuditEvent.objects.filter(verb="org.record_jointunit").count() == 3
    assert not AuditEvent.objects.filter(verb="org.rename_unit").exists(), "nothing else has changed"


def test_cells_that_name_no_department_say_so(officer):
    _run(officer, COVERS)
    JointUnit.objects.filter(covered__name="财务处").update(to_on=dt.date(2017, 6, 30))
    wrong = "名称,类别,覆盖处室\n第一党支部,,财务处\n第二党支部,,没有的处\n办公室,处室,财务处\n第三党支部,,第一党支部\n"
    assert sorted(_said(_run(officer, wrong))) == [
        ("C2", "覆盖单位", "“第一党支部”覆盖“财务处”到2017年6月30日为止"),
        ("C3", "覆盖单位", "没有名为“没有的处”的处室"),
        ("C4", "覆盖单位", "“办公室”不是党支部，只有党支部有覆盖单位"),
        ("C5", "覆盖单位", "没有名为“第一党支部”的处室"),
    ]
    assert JointUnit.objects.count() == 2


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("中心组", "centre-group"),
        ("局中心组", "centre-group"),
        ("党组中心组", "centre-group"),
        ("理论学习中心组", "centre-group"),
        ("某某示例局党组理论学习中心组", "centre-group"),
        ("某某示例局学习中心组", "centre-group"),
        ("党组", "party-group"),
        ("党委", "committee"),
        ("直属机关党委", "committee"),
    ],
)
@pytest.mark.parametrize("kind", [False, True])
def test_the_usual_short_name_means_the_unit_that_is_there(officer, word, code, kind):
    before = {unit.code: unit.name for unit in Unit.objects.all()}
    label = Unit.objects.get(code=code).get_kind_display() if kind else ""
    outcome = _run(officer, f"名称,类别\n{word},{label}\n")
    assert (_said(outcome), _counts(outcome)) == ([], (0, 0, 1))
    assert {unit.code: unit.name for unit in Unit.objects.all()} == before
    found = UnitWords(officer.bureau_id).find(word)
    assert found.code == code


def test_a_unit_that_bears_the_word_as_its_name_is_meant_before_another(officer):
    Unit.objects.create(
        bureau_id=officer.bureau_id,
        kind="centre_group",
        code="own",
        name="中心组",
        from_on=dt.date(2017, 1, 1),
        parent=Unit.objects.get(code="bureau"),
    )
    assert UnitWords(officer.bureau_id).find("中心组").code == "own"
    assert _counts(_run(officer, "名称\n中心组\n")) == (0, 0, 1)


def test_parts_of_the_centre_group_are_units_of_their_own(officer):
    outcome = _run(officer, "名称,类别\n中心组学习秘书处,处室\n")
    assert (_said(outcome), _counts(outcome)) == ([], (1, 0, 0))
