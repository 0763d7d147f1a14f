"""Golden cases that tell of steps: every one holds, a slip is told with its line, and nothing is left behind."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from qizhi.org.models import Bureau
from qizhi.regulations.services.cases import read_case_file
from qizhi.regulations.services.marks import CaseFileError
from qizhi.web.stories import play, play_all, read_stories
from qizhi.web.stories.playing import ACTS
from qizhi.web.stories.words import DETAILS, EXPECTED, VERBS
from qzlib.places import ROOT

FOLDER = ROOT / "tests" / "cases"
TOLD = [
    (file.entry, story)
    for file in map(read_case_file, sorted(FOLDER.glob("*.yaml")))
    for story in read_stories(file)
]
HEAD = """
代码: own
名称: 自拟规定
发文机关: 局
层级: bureau
状态: L
版本:
- 名称: 试行
  施行: 2016-01-01
  状态: L
  条款:
  - {代码: A-1, 大意: 限时办结, 判定: deadline, 参数: {register: documents, grace: 2}, 分值: -1, 对象: person, 依据: due, 状态: L}
案例:
- 名称: 一例
  经过:
"""
DOCUMENT = (
    "{日期: 2018-02-14, 登记公文: 来文, 收到: 2018-01-30, 期限: 2018-02-08, 承办: 甲, 办结: 2018-02-14}"
)
RUN = "{日期: 2018-03-01, 核算: 2018-02, 应为: {成立: [A-1 甲 2018-02-08 未达到 -1]}}"


@pytest.mark.django_db
@pytest.mark.parametrize(("entry", "story"), TOLD, ids=[story.name for _, story in TOLD])
def test_every_story_holds(entry, story):
    played = play(entry, story)
    assert played.problem == "", "\n".join(played.lines)
    assert len(played.lines) == len(story.steps)


def test_there_are_stories_of_each_subject():
    said = "".join(story.name for _, story in TOLD)
    assert len(TOLD) >= 30
    for subject in ("申诉成立", "更正三次", "结账", "新版", "日历", "地区", "跨年", "逾期申诉", "三个人"):
        assert subject in said
    verbs = {step.verb for _, story in TOLD for step in story.steps}
    assert verbs == set(VERBS) == set(ACTS), "each step is used by some story"


def _file(tmp_path, *steps, head=HEAD):
    path = tmp_path / "自拟.yaml"
    path.write_text(head + "".join(f"  - {step}\n" for step in steps), encoding="utf-8")
    return path


def _line(text, part):
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (RUN.replace("成立", "有效"), "“有效”：“应为”里没有“有效”这一项"),
        (RUN.replace("核算", "核"), "“核”：没有“核”这种步骤"),
        (RUN.replace("核算: 2018-02, ", ""), "每一步要写明做什么"),
        (RUN.replace("2018-02,", "2018-13,"), "“核算”：“核算”应写成"),
        (RUN.replace("2018-02,", "2018-03 2018-01,"), "“核算”的截止早于起始"),
        (RUN.replace("2018-03-01", "三月一日"), "“日期”：“日期”应写成 2018-01-31"),
        (RUN.replace("2018-03-01", "2018-01-01"), "“日期”：2018-01-01早于上一步"),
        (RUN.replace("{成立: [A-1 甲 2018-02-08 未达到 -1]}", "没有"), "“应为”：应写成"),
        (RUN.replace("{成立: [A-1 甲 2018-02-08 未达到 -1]}", "{自动撤销: 一条}"), "“自动撤销”应是整数"),
        (RUN.replace("{成立: [A-1 甲 2018-02-08 未达到 -1]}", "{记分: {己: 0}}"), "“记分”里没有“己”"),
        (RUN.replace("{成立: [A-1 甲 2018-02-08 未达到 -1]}", "{本次: {增加: 1}}"), "“本次”里没有“增加”"),
        (RUN.replace("应为", "结论: 确认, 应为"), "“结论”：“核算”里没有“结论”这一项"),
        ("{日期: 2018-03-02, 决定: A-1 甲, 被拒: 陈述期}", "“决定”：缺“结论”"),
        ("{日期: 2018-03-02, 决定: A-1 甲, 结论: 同意, 被拒: 陈述期}", "“结论”应是确认、撤销之一"),
        ("{日期: 2018-03-02, 立案: A-1 甲, 由: 局长, 被拒: 回避}", "“由”应是记录人"),
        ("{日期: 2018-03-02, 登记公文: 乙件, 收到: 2018-03-01, 承办: 己, 被拒: 期限}", "“承办”应是甲"),
        ("{日期: 2018-03-02, 登记公文: 乙件, 收到: 2018-03-01, 收到: 2018-03-01}", "“收到”写了两次"),
        ("{日期: 2018-03-01, 新版: 二, 施行: 2018-03-01, 条款: [{代码: A-1}], 被拒: 无}", "缺“状态”"),
        ("{日期: 2018-03-01, 立案: A-1 甲, 分值: -0.005, 被拒: 无}", "“分值”：“分值”应是分值，至多两位小数"),
        ("{日期: 2018-03-01, 地区通知: 0, 休息: 2018-02-22, 被拒: 无}", "“地区通知”应是年份"),
        ("日期: 2018-03-01\n    核算: 2018-02\n   应为: {}", "附近没有读懂"),
    ],
)
def test_a_slip_is_told_with_its_line_and_key(tmp_path, step, said):
    path = _file(tmp_path, DOCUMENT, step)
    with pytest.raises(CaseFileError) as raised:
        read_stories(read_case_file(path))
    message = str(raised.value)
    assert said in message
    line = int(re.search(r"第(\d+)行", message)[1])
    text = path.read_text(encoding="utf-8")
    assert abs(line - _line(text, step.splitlines()[0])) <= len(step.splitlines())


def test_a_story_that_tries_nothing_is_a_slip(tmp_path):
    with pytest.raises(CaseFileError, match="什么也没有验算"):
        read_stories(read_case_file(_file(tmp_path, DOCUMENT)))


def test_a_story_stands_at_the_end_of_the_file(tmp_path):
    head = HEAD.replace("状态: L}\n案例:", "状态: L, 案例: [{名称: 二例, 经过: []}]}\n案例:")
    with pytest.raises(CaseFileError, match="“经过”：有“经过”的案例写在文件末尾"):
        read_case_file(_file(tmp_path, DOCUMENT, head=head))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "said"),
    [
        (RUN.replace("甲 2018", "乙 2018"), "成立应为“A-1 乙 2018-02-08 未达到 -1”，得到“A-1 甲"),
        (
            RUN.replace("-1]", "-2]"),
            "成立应为“A-1 甲 2018-02-08 未达到 -2”，得到“A-1 甲 2018-02-08 未达到 -1”",
        ),
        (RUN.replace("-1]", "-1], 建议: [撤销 A-1 甲]"), "建议应为“撤销 A-1 甲”，得到没有"),
        (RUN.replace("-1]", "-1], 被替代: 1"), "被替代应为1条，得到0条"),
        (RUN.replace("-1]", "-1], 本次: {}"), "本次核算应为什么也没有变，得到新增1"),
        (RUN.replace("-1]", "-1], 记分: {甲: -1}"), "甲记分应为-1，得到0"),
        (RUN.replace("-1]", "-1], 含: 半个工作日"), "没有写“半个工作日”"),
        (RUN.replace("-1]", "-1], 事项: {A-1 甲: 草拟}"), "前面没有名为“A-1 甲”的事项"),
        (RUN.replace("应为", "被拒: 结账, 应为"), "应被拒（结账），却办成了"),
        (DOCUMENT, "前面已有名为“来文”的公文"),
        (
            "{日期: 2018-03-01, 办结: 2018-02-09, 更正公文: 去文, 被拒: 无}",
            "没有名为“去文”的公文（已有来文）",
        ),
        ("{日期: 2018-03-01, 立案: A-1 甲, 应为: {成立: []}}", "“A-1 甲”对应0条现有发现"),
        ("{日期: 2018-03-01, 立案: A-1 甲, 被拒: 已有立案}", "“A-1 甲”对应0条现有发现"),
        ("{日期: 2018-03-01, 取消结账: 2018-02, 应为: {成立: []}}", "2018年2月没有结账，不用取消。"),
        (RUN.replace("2018-02, ", "2018-02, 截至: 2018-03-02, "), "被拒：核算日还没有到"),
        ("{日期: 2018-03-01, 批复延期: 来文, 结论: 批准, 被拒: 自己}", "没有名为“来文”的延期申请"),
        ("{日期: 2018-03-01, 结账: 2018-03, 应为: {成立: []}}", "被拒：期间还没有过完"),
        ("{日期: 2018-03-01, 结账: 2018-03, 被拒: 已经结账}", "被拒：期间还没有过完"),
        ("{日期: 2018-03-01, 更正通知: 2018, 应为: {成立: []}}", "没有写“休息”或“上班”"),
        ("{日期: 2018-03-01, 新版: 二, 施行: 2018-03-01, 停用: B-9, 应为: {成立: []}}", "停用的条款“B-9”"),
    ],
)
def test_a_story_that_does_not_hold_says_where_and_why(tmp_path, step, said):
    path = _file(tmp_path, DOCUMENT, step, RUN)
    (played,) = play_all(read_case_file(path))
    assert said in played.problem
    assert played.problem.startswith("第17行“"), "the second step"


@pytest.mark.django_db
def test_a_story_leaves_nothing_behind(tmp_path):
    path = _file(tmp_path, DOCUMENT, RUN, RUN.replace("-1]", "-2]"))
    (played,) = play_all(read_case_file(path))
    assert played.problem
    assert not Bureau.objects.exists()


@pytest.mark.django_db
def test_the_command_plays_them_in_a_database_of_its_own(tmp_path):
    out, before = StringIO(), connection.settings_dict["NAME"]
    call_command("cases", str(_file(tmp_path, DOCUMENT, RUN)), stdout=out)
    said = out.getvalue()
    assert "✓ 一例（2步）" in said
    assert "2018-03-01 核算 2018年2月 → 新增1条。A-1 甲 2018-02-08 未达到 -1" in said
    assert (connection.settings_dict["NAME"], Bureau.objects.count()) == (before, 0)
    wrong = _file(tmp_path, DOCUMENT, RUN.replace("-1]", "-2]"))
    with pytest.raises(CommandError, match="1 个案例不符"):
        call_command("cases", str(wrong), stdout=out)
    assert "✗ 第17行“核算”：成立应为" in out.getvalue()
    with pytest.raises(CommandError, match=r"自拟\.yaml：第17行“核”"):
        call_command("cases", str(_file(tmp_path, DOCUMENT, RUN.replace("核算", "核"))), stdout=out)


def test_the_words_of_stories_are_documented():
    told = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
    for word in (*VERBS, *DETAILS, *EXPECTED):
        assert word in told, word
