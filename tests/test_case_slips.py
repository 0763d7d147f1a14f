"""Any slip of the pen in a file of golden cases: told in Chinese with its line, or judged; never a traceback."""

from __future__ import annotations

import math
import pickle
import re
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qizhi.regulations.services.cases import read_case_entry, try_cases
from qizhi.regulations.services.marks import CaseFileError, Marked
from qizhi.regulations.services.yaml_files import parse_marked, parse_yaml
from qizhi.web.stories import play_all, read_stories

GOOD = """
代码: own
名称: 自拟规定
文号: 示检〔2018〕1号
发文机关: 示例局
层级: bureau
状态: L
别名: [规定]
版本:
- 名称: 试行
  印发: 2015-12-20
  施行: 2016-01-01
  失效: 2018-12-31
  状态: L
  正文: 全文
  条款:
  - {代码: A-0, 大意: 程序, 判定: procedure, 参数: {statement_days: 5, appeal_days: 10}, 状态: L}
  - 代码: A-1
    条: 第一条
    大意: 限时办结
    判定: deadline
    参数: {register: documents, grace: 2}
    分值: -1
    对象: person
    周期: each
    依据: due
    类别: 日常规范
    证据: 收文簿
    一般: false
    启用: true
    状态: L
    说明: 试行一年
    案例:
    - 名称: 晚三天
      给定: {期限: 2018-02-08, 办结: 2018-02-12, 承办: {甲: 2018-01-01 2018-03-01}, 延期: []}
      结果: 未达到
      含: [逾期3个工作日, 计-1分]
  - 代码: A-2
    大意: 每季度一次
    判定: quota
    参数: {counts: congress, every: quarter, at_least: 1}
    状态: L
    案例:
    - 名称: 两个季度
      给定: {期间: 2018-H1, 活动: [2018-03-01], 单位: {成立: 2015-01-01, 党小组: {一组: 2016-01-01}}}
      结果: {2018-Q1: 符合, 2018-Q2: 未达到}
  - {代码: A-3, 大意: 每次一分, 判定: per_event, 参数: {every: quarter}, 分值: -1, 对象: person, 状态: L}
- {名称: 正式, 施行: 2019-01-01, 状态: L, 条款: [{代码: A-1, 大意: 停办, 判定: deadline,
   参数: {register: documents, grace: 0}, 启用: false, 状态: L}]}
案例:
- {名称: 停用以后, 条款: A-1, 给定: {期限: 2019-03-01, 办结: 2019-04-16}, 结果: 不适用}
- 名称: 有经过
  缺放假通知: [2019]
  经过:
  - {日期: 2018-01-30, 登记公文: 来文, 收到: 2018-01-30, 期限: 2018-02-08, 承办: 甲}
  - {日期: 2018-02-01, 登记活动: 大会, 组织: 一支部, 类型: [支部党员大会], 举行: 2018-02-01, 缺席: [乙], 请假: 丙}
  - {日期: 2018-02-02, 登记请假: 乙, 种类: 病假, 自: 2018-02-02, 至: 2018-02-05}
  - {日期: 2018-02-03, 检查记录: 一次, 对象: 丁, 条款: A-3, 发生: 2018-02-03}
  - {日期: 2018-02-12, 更正公文: 来文, 办结: 2018-02-12}
  - {日期: 2018-02-13, 地区通知: 2018, 休息: [2018-02-22], 上班: [2018-02-24]}
  - {日期: 2018-03-01, 核算: 2018-02, 截至: 2018-03-01, 应为: {
      成立: [A-1 甲 2018-02-08 未达到 -1, A-3 丁 2018-02-03 未达到 -1], 本次: {新增: 2}, 记分: {甲: 0}, 含: 逾期}}
  - {日期: 2018-03-01, 立案: A-1 甲, 分值: -0.5, 应为: {事项: {A-1 甲: 草拟}, 建议: [], 被替代: 0}}
  - {日期: 2018-03-02, 告知: A-1 甲}
  - {日期: 2018-03-05, 决定: A-1 甲, 结论: 确认, 由: 决定人, 理由: 属实, 被拒: 陈述期}
  - {日期: 2018-03-06, 新版: 修订, 施行: 2018-06-01, 停用: [A-2], 条款: [
      {代码: A-1, 大意: 限时, 判定: deadline, 参数: {register: documents, grace: 1}, 分值: -1, 对象: person,
       依据: due, 状态: L}], 被拒: 重叠}
"""
JUNK = (
    *(None, "", 0, 1, -0.005, 10**30, math.nan, True, 2018),
    *([], [["a"]], [None], {}, {"a": {"b": "c"}}, [{"代码": "A-9"}]),
    *("乱", "乱 七 八 糟", "A|1", "\0", "2018-02-30", "1018-02-08", "2018-02-08", "长" * 300),
    *("2018-13", "2018-02", "2018-01 2018-12", "甲", "一支部", "=", "未知", "A-1 甲"),
)


def _paths(value, before=()):
    """The place of everything within a tree."""
    if before:
        yield before
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _paths(one, (*before, key))


TREE = parse_yaml(GOOD)
PATHS = tuple(_paths(TREE))
PICKLED = pickle.dumps(TREE)  # copied ten thousand times: so it takes a tenth of what `deepcopy` takes


def _changed(path, change):
    """The tree with something put in a place, taken away or written twice."""
    tree = pickle.loads(PICKLED)  # noqa: S301 - our own
    holder = tree
    for key in path[:-1]:
        holder = holder[key]
    what, junk = change
    if what == "put":
        holder[path[-1]] = junk
    elif what == "drop":
        del holder[path[-1]]
    elif what == "rename" and isinstance(holder, dict):
        holder[f"{path[-1]}了"] = holder.pop(path[-1])
    elif isinstance(holder, list):
        holder.append(pickle.loads(pickle.dumps(holder[path[-1]])))  # noqa: S301
    return tree


CHANGES = [("put", junk) for junk in JUNK] + [("drop", None), ("rename", None), ("twice", None)]


def _marked(value, line=1):
    """As the reader makes it: with lines, though all of them are the first."""
    if isinstance(value, list):
        return [_marked(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = Marked({str(key): _marked(one) for key, one in value.items()})
    made.line, made.lines = line, dict.fromkeys(made, line)
    return made


def _read(make):
    """The file, and the sentence with which it is refused."""
    try:
        file = read_case_entry(make())
        read_stories(file)
    except CaseFileError as error:
        return None, str(error)
    return file, ""


def _problems(file):
    return [one.problem for one in chain(try_cases(file), play_all(file))]


@pytest.mark.django_db
def test_the_good_file_holds():
    file, refused = _read(lambda: parse_marked(GOOD))
    assert (refused, _problems(file)) == ("", [""] * 4)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change[0]}-{str(change[1])[:12]}")
def test_a_slip_anywhere_is_told_with_its_line(change):
    """Reading and trying; what is read is played below.

    Each change meets every third place, and each place every third change: all kinds of both meet.
    """
    for place in PATHS[CHANGES.index(change) % 3 :: 3]:
        file, refused = _read(lambda place=place: _marked(_changed(place, change)))
        if file is None:
            assert re.search(r"^第1行|^文件应写成", refused), (place, refused)
            assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", refused), (place, refused)
        else:
            assert all(isinstance(one.problem, str) for one in try_cases(file)), place


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, derandomize=True)
@given(place=st.sampled_from(PATHS), change=st.sampled_from(CHANGES))
def test_what_is_read_is_played_without_a_traceback(place, change):
    file, refused = _read(lambda: _marked(_changed(place, change)))
    assert refused or all(isinstance(one, str) for one in _problems(file))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_any_text_is_refused_or_read(data):
    """Lines torn apart, with signs put in or taken out."""
    lines = GOOD.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, len(lines[at])))
    junk = data.draw(st.text(st.sampled_from("[]{}:,-# \"'&*!|>%@`\t\n0aA甲："), max_size=6))
    lines[at] = lines[at][:cut] + junk + lines[at][cut + data.draw(st.integers(0, 3)) :]
    file, refused = _read(lambda: parse_marked("\n".join(lines)))
    if file is None:
        assert re.search("[一-鿿]", refused)
    else:
        assert all(isinstance(one.problem, str) for one in try_cases(file))
