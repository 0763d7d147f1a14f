"""Golden cases: every one that comes with the product or the sample bureau holds, and a slip is told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from io import StringIO
from itertools import combinations

import pytest
from django.core.management import CommandError, call_command

from qizhi.regulations.kinds import all_kinds
from qizhi.regulations.models import ClauseCase, Version
from qizhi.regulations.services import (
    clone_version,
    load_national_calendar,
    load_national_regulations,
    load_regulations,
)
from qizhi.regulations.services.cases import read_case_file, try_cases
from qizhi.regulations.services.clause_cases import try_version
from qizhi.regulations.services.files import NATIONAL
from qizhi.regulations.services.marks import CaseFileError
from qizhi.regulations.services.yaml_files import read_yaml
from qzlib.places import ROOT

INSTALLED = [
    *sorted(NATIONAL.glob("*.yaml")),
    *sorted((ROOT / "qizhi" / "sample" / "data" / "documents").glob("*.yaml")),
]
FILES = [*INSTALLED, *sorted((ROOT / "tests" / "cases").glob("*.yaml"))]
MET, FAILED = {"符合", "补录", "请假"}, {"未达到", "提醒"}
A_FEW_DAYS = 4
ALWAYS_KNOWN = {
    "size": "memberships and posts say how many there are on any day",
    "season": "it looks at what was held; that nothing is known is told by the quota of the same thing",
    "lecturers": "who gave a lesson stands beside it; a lesson without a lecturer is nobody's",
    "per_event": "an observation is written down with its evidence, or there is none",
}
"""Kinds of which no fact can be missing, and why."""
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


def _told(path):
    """The cases of a file by clause: facts and words."""
    found = {}
    for tried in try_cases(read_case_file(path)):
        words = tuple(one.word for one in tried.outcomes)
        found.setdefault(tried.case.clause, []).append((tried.case.given, words))
    return found


@pytest.mark.parametrize("path", INSTALLED, ids=lambda path: path.stem)
def test_every_clause_has_met_violated_boundary_not_applicable_and_missing_fact(path):
    told = _told(path)
    for clause, kind in read_case_file(path).kinds.items():
        words = {word for _, found in told[clause] for word in found}
        assert "符合" in words, clause
        assert words & FAILED or kind in GRANTING, clause
        assert "不适用" in words, clause
        assert ("未知" in words) is (kind not in ALWAYS_KNOWN), clause
        assert any(_is_boundary(*pair) for pair in combinations(told[clause], 2)), clause


def _is_boundary(one, other):
    """Two cases that differ by the least in one fact, and the one complies, the other does not."""
    (facts, words), (others, their) = one, other
    names = [name for name in {*facts, *others} if facts.get(name) != others.get(name)]
    if words == their or not (set(words) | set(their)) & MET or len(names) != 1:
        return False
    return _is_near(facts.get(names[0]), others.get(names[0]))


def _is_near(one, other):
    """The next number, a few days on, another word, or one more, one less or one other in a list."""
    if isinstance(one, list) or isinstance(other, list):
        lists = [[str(item) for item in (each if isinstance(each, list) else [])] for each in (one, other)]
        here, there = Counter(lists[0]), Counter(lists[1])
        return (here - there).total() <= 1 and (there - here).total() <= 1
    texts = [str(each) for each in (one, other)]
    if all(text.isdecimal() for text in texts):
        return abs(int(texts[0]) - int(texts[1])) == 1
    with suppress(ValueError):
        days = [dt.date.fromisoformat(text) for text in texts]
        return abs((days[0] - days[1]).days) <= A_FEW_DAYS
    return True


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("4", "5", True),
        ("4", "6", False),
        ("2018-01-01", "2018-01-05", True),
        ("2018-01-01", "2018-02-01", False),
        (["2018-01-01"], None, True),
        (["2018-01-01", "2018-01-02"], [], False),
        ("到会", "缺席", True),
    ],
)
def test_what_counts_as_a_boundary(one, other, is_near):
    assert _is_near(one, other) is is_near
    facts = {"期间": "2018", "活动": one}, {"期间": "2018", "活动": other}
    assert _is_boundary((facts[0], ("符合",)), (facts[1], ("未达到",))) is is_near
    assert not _is_boundary((facts[0], ("符合",)), (facts[1], ("符合",)))


def test_every_kind_has_a_case_in_the_rule_book():
    book = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
    files = [read_case_file(path) for path in FILES]
    told = {kind for file in files for kind in file.kinds.values()}
    assert told == {kind.key for kind in all_kinds()}
    for kind in told:
        clauses = {key for file in files for key, one in file.kinds.items() if one == kind}
        assert any(f"\n| `{key}` | " in book.partition("随附条款")[2] for key in clauses), kind


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


@pytest.mark.django_db
def test_cases_of_files_hold_as_rows_too(cast):
    """What costs points is a number with places in the database: the words of a case are the same."""
    by = cast.actor("officer")
    load_national_calendar(cast.bureau, by=by)
    load_regulations(cast.bureau, folder=ROOT / "qizhi" / "sample" / "data" / "documents", by=by)
    tried = [
        one
        for version in Version.objects.filter(bureau=cast.bureau)
        for found in try_version(version).values()
        for one in found
    ]
    assert len(tried) > A_FEW_DAYS * 10
    assert [(one.case.clause, one.case.name, one.problem) for one in tried if one.problem] == []


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
        ("{期间: 2018-Q1, 活动: [2018-3-1]}", "符合", "写的是“2018-3-1”"),
        ("{期间: 9999-Q1}", "符合", "“期间”应写成"),
        ("{期间: 2018-Q1, 单位: {党小组: {一组: 2018-02-01 2018-01-01}}}", "符合", "截止日早于起始日"),
        ("{期间: 2018-Q1, 单位: 第一支部}", "符合", "“单位”应写成"),
        ("{期间: 2018-Q1, 单位: {委员: [2018-01-01 上周]}}", "符合", "“委员”应写成"),
    ],
)
def test_a_case_that_does_not_hold_says_why(tmp_path, given, expected, said):
    (tried,) = try_cases(read_case_file(_file(tmp_path, _case(given, expected))))
    assert said in tried.problem
    assert tried.problem.startswith("第12行“") or "得到" in tried.problem


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (_case("{}", "差不多"), "“差不多”不是"),
        ("    案例:\n    - 名称: 一例\n      给定: {}\n", "缺“结果”"),
        ("  - 代码: A-2\n" + _case("{}"), "没有判定类型"),
        ("  - 代码: A-2\n    判定: guess\n", "没有判定类型“guess”"),
        ("  - 代码: A-2\n    判定: quota\n    参数: {every: week}\n", "A-2"),
        ("案例:\n- {名称: 一例, 条款: Z-9, 给定: {}, 结果: 符合}\n", "Z-9"),
        ("    分值: 1\n", "第10行“分值”：扣分写负数"),
        ("    分值: -0.005\n", "第10行“分值”：至多两位小数"),
        ("    启用: 否\n", "第10行“启用”：应写 true"),
        ("    状态: Q\n", "第10行“状态”：“Q”不在可以写的里面：V（已核对原文）"),
        ("  - {代码: A-1}\n", "第10行“代码”：条款代码“A-1”在这个版本里写了两次"),
        ("- {施行: 2019-01-01}\n", "第10行“施行”：与第1个版本（2018-01-01起施行）有重叠"),
        ("- {施行: 2016-01-01, 失效: 2015-01-01}\n", "第10行“失效”：失效日期早于施行日期"),
        (_case("{期间: [}"), "附近没有读懂"),
        (_case("{}", "符合", "      含: [[a]]\n"), "第14行“含”"),
        (_case("{期间: .inf}"), "第12行“给定”：“inf”不是文字"),
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


def test_a_clause_that_is_switched_off_judges_nothing_but_its_own_cases_hold(tmp_path):
    more = "    启用: false\n" + _case("{期间: 2018-Q1, 活动: [2018-03-01]}", "符合", "案例:\n")
    more += "- {名称: 二例, 条款: A-1, 给定: {期间: 2018-Q1, 活动: [2018-03-01]}, 结果: 不适用, 含: 已停用}\n"
    path = _file(tmp_path, more)
    assert [(one.problem, one.is_off) for one in try_cases(read_case_file(path))] == [("", True), ("", False)]
    out = StringIO()
    call_command("cases", str(path), stdout=out)
    assert "✓ A-1 一例（条款已停用，按启用验算） → " in out.getvalue()
    assert "✓ A-1 二例 → 不适用：条款已停用" in out.getvalue()


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
