"""Golden cases: every one that comes with the product or the sample bureau holds, and a slip is told."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from qizhi.regulations.models import ClauseCase
from qizhi.regulations.services import clone_version, load_national_calendar, load_national_regulations
from qizhi.regulations.services.cases import CaseFileError, read_case_file, try_cases
from qizhi.regulations.services.files import NATIONAL, read_yaml
from qzlib.places import ROOT

FILES = [
    *sorted(NATIONAL.glob("*.yaml")),
    *sorted((ROOT / "qizhi" / "sample" / "data" / "documents").glob("*.yaml")),
    *sorted((ROOT / "tests" / "cases").glob("*.yaml")),
]
GRANTING = {"leave_entitlement", "leave_loss"}
"""Kinds that grant something or not: nobody can violate them."""
CLAUSE = """
代码: own
名称: 自拟规定
版本:
- 施行: 2018-01-01
  条款:
  - 代码: A-1
    判定: quota
    参数: {counts: congress, every: quarter, at_least: 1}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_holds(path):
    assert [
        (t.case.clause, t.case.name, t.problem) for t in try_cases(read_case_file(path)) if t.problem
    ] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_clause_that_judges_has_met_violated_and_not_applicable(path):
    file = read_case_file(path)
    found = {}
    for tried in try_cases(file):
        found.setdefault(tried.case.clause, set()).update(one.word for one in tried.outcomes)
    told = () if file.stories else file.kinds  # of those that are told in steps, see `test_stories`
    for clause, words in {**{key: set() for key in told}, **found}.items():
        assert "符合" in words, clause
        assert words & {"未达到", "提醒"} or file.kinds[clause] in GRANTING, clause
        assert words & {"不适用", "未到期"}, clause


@pytest.mark.django_db
def test_the_cases_of_a_bureau_are_tried_as_they_stand(cast, capsys):
    load_national_regulations(cast.bureau, by=cast.actor("officer"))
    load_national_calendar(cast.bureau, by=cast.actor("officer"))
    call_command("cases", "--bureau", cast.bureau.code)
    said = capsys.readouterr().out
    assert "✓ BR-10 第四季度开过" in said
    assert "0 个不符" in said
    row = ClauseCase.objects.filter(bureau=cast.bureau, clause__key="BR-10").first()
    values = {"name": "错的一例", "given": row.given, "expected": "未达到", "position": 99}
    draft = clone_version(
        version=row.clause.version,
        label="修订稿",
        effective_from=row.clause.version.effective_from.replace(year=2030),
        by=cast.actor("officer"),
    )
    clause = draft.clauses.get(key="BR-10")
    ClauseCase.objects.create(bureau=cast.bureau, clause=clause, **values)
    with pytest.raises(CommandError, match="1 个案例不符"):
        call_command("cases", "--bureau", cast.bureau.code)
    assert "错的一例" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nowhere"):
        call_command("cases", "--bureau", "nowhere")


def _file(tmp_path, more):
    path = tmp_path / "自拟.yaml"
    path.write_text(CLAUSE + more, encoding="utf-8")
    return path


def _case(given, expected="符合", more=""):
    return f"    案例:\n    - 名称: 一例\n      给定: {given}\n      结果: {expected}\n{more}"


@pytest.mark.parametrize(
    ("given", "expected", "said"),
    [
        ("{期间: 2018-Q1, 活动: [2018-03-01]}", "未达到", "应为未达到，得到符合"),
        ("{期间: 2018, 活动: [2018-03-01]}", "符合", "得到4个结论"),
        ("{期间: 2018-Q1, 日期: 2018-03-01}", "符合", "“日期”不是"),
        ("{期间: 2018-Q5}", "符合", "“期间”应写成"),
        ("{期间: 2018-13}", "符合", "“期间”应写成"),
        ("{活动: [2018-03-01]}", "符合", "缺“期间”"),
        ("{期间: 2018-Q1, 活动: [三月一日]}", "符合", "“活动”应写成 2018-01-31"),
        ("{期间: 2018-Q1, 活动: 2018-03-01}", "符合", "“活动”应写成一列"),
        ("{期间: 2018-Q1, 活动: [2018-03-01 第九小组]}", "符合", "不是这个支部的党小组"),
        ("{期间: 2018-Q1, 单位: {成立: 2015-01-01, 书记: 甲}}", "未达到", "“单位”里的“书记”"),
        ("{期间: 2018-Q1, 单位: 第一支部}", "符合", "“单位”应写成"),
        ("{期间: 2018-Q1, 单位: {委员: [2018-01-01 上周]}}", "符合", "“委员”应写成"),
    ],
)
def test_a_case_that_does_not_hold_says_why(tmp_path, given, expected, said):
    (tried,) = try_cases(read_case_file(_file(tmp_path, _case(given, expected))))
    assert said in tried.problem


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (_case("{}", "差不多"), "“差不多”不是"),
        ("    案例:\n    - 名称: 一例\n      给定: {}\n", "缺“结果”"),
        ("  - 代码: A-2\n" + _case("{}"), "没有判定类型"),
        ("  - 代码: A-2\n    判定: guess\n", "没有判定类型“guess”"),
        ("  - 代码: A-2\n    判定: quota\n    参数: {every: week}\n", "A-2"),
        ("案例:\n- {名称: 一例, 条款: Z-9, 给定: {}, 结果: 符合}\n", "Z-9"),
        ("案例: [：", "自拟.yaml"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path, more, said):
    with pytest.raises(CaseFileError, match=said):
        read_case_file(_file(tmp_path, more))


@pytest.mark.parametrize("content", [b"", b"- 1\n- 2\n", b"\xff\xfe\x00", "版本: 一".encode(), b"a: b"])
def test_what_is_no_file_of_cases_is_told(tmp_path, content):
    path = tmp_path / "坏.yaml"
    path.write_bytes(content)
    with pytest.raises(CaseFileError, match=r"坏\.yaml"):
        read_case_file(path)


def test_the_command_prints_each_verdict_and_fails_when_one_does(tmp_path):
    out = StringIO()
    call_command("cases", str(ROOT / "tests" / "cases" / "worked-examples.yaml"), stdout=out)
    assert "✓ EX-02 同样四次，按季度缺第二季度" in out.getvalue()
    assert "2018-Q2 未达到：每季度1次，已开展0次" in out.getvalue()
    wrong = _file(tmp_path, _case("{期间: 2018-Q1}"))
    with pytest.raises(CommandError, match="1 个案例不符"):
        call_command("cases", str(wrong), stdout=out)
    with pytest.raises(CommandError, match="读不了"):
        call_command("cases", str(tmp_path / "none.yaml"), stdout=out)


def test_the_rule_book_prints_them():
    book = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
    for path in sorted(NATIONAL.glob("*.yaml")):
        for version in read_yaml(path)["版本"]:
            for clause in version.get("条款", []):
                for case in clause.get("案例", []):
                    assert case["名称"] in book
