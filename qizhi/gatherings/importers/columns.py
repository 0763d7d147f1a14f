"""The columns of the table of gatherings, with the headings that branches give them."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from qizhi.core.tables import BadValue, Column, TableSchema
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.values import (
    DayOrMonth,
    integer,
    parse_day_or_month,
    parse_hours,
    parse_time,
    text,
    time_beside_day,
)
from qizhi.core.tables.values.plain import as_text, compact, narrow, shorten
from qizhi.gatherings.models import Kind

LONGEST_TEXT = 20_000
LONGEST_NAMES = 4_000
TOTAL = integer(0, 10_000)
_SAID_AGAIN = re.compile(r"(?:应到|实到)(?:会)?(?:党员|人数)?:?(?=[0-9])")
_BOTH = re.compile(
    r"(?:应到(?:会)?(?:党员|人数)?:?)?(?P<due>[0-9]{1,4})[人名]?[,，、;；/。]?"
    r"(?:实到(?:会)?(?:党员|人数)?:?|(?<=[/、,，;；]))(?P<present>[0-9]{1,4})[人名]?.?"
)


def _clock(value: object) -> str:
    """14:30, to the second only where that is known."""
    return f"{value:%H:%M:%S}".removesuffix(":00") if isinstance(value, dt.time) else str(value)


def _words(most: int) -> Callable[[CellValue], str]:
    """A parser for names and words that are taken apart later: narrow brackets and digits, lines kept."""
    parse = text(most, is_multiline=True)

    def parse_words(raw: CellValue) -> str:
        return narrow(parse(raw))

    return parse_words


def _hours(raw: CellValue) -> Decimal:
    return parse_hours(raw).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, order=True, slots=True)
class Held(DayOrMonth):
    """When it was held; ledgers often keep the hour beside the day."""

    starts_at: dt.time | None = None


def _held(raw: CellValue) -> Held:
    found = parse_day_or_month(raw)
    return Held(found.first_day, found.precision, time_beside_day(raw))


def _due_and_present(raw: CellValue) -> tuple[int, int]:
    """应到23人，实到21人; 23/21."""
    match = _BOTH.fullmatch(compact(as_text(raw)))
    if match is None:
        reason = f"“{shorten(as_text(raw))}”看不出应到、实到各多少人"
        raise BadValue(reason)
    return TOTAL(match["due"]), TOTAL(match["present"])


def _total(raw: CellValue) -> int:
    """A number of people; the cell may say its heading again: 应到31人."""
    return TOTAL(_SAID_AGAIN.sub("", compact(raw), count=1) if isinstance(raw, str) else raw)


_BEFORE_KINDS = (
    Column(
        key="unit",
        is_from_above=True,
        label="组织",
        parse=_words(80),
        aliases=("支部", "党支部", "支部名称", "所在支部", "组织名称", "党组织", "党组织名称", "单位"),
        help="只为一个组织登记的人可以不填；党小组重名时写成 第一党支部第一党小组",
        example="第一党支部",
        width=20,
    ),
    Column(
        key="held_on",
        label="日期",
        parse=_held,
        required=True,
        aliases=(
            "时间",
            "活动时间",
            "开展时间",
            "活动日期",
            "开展日期",
            "召开时间",
            "召开日期",
            "会议时间",
            "会议日期",
            "学习时间",
            "举办时间",
        ),
        help="只记得月份的写成 2017年3月；后面可以带几点",
        example="2017-03-31",
        width=14,
    ),
    Column(
        key="starts_at",
        label="开始时间",
        parse=parse_time,
        aliases=("几点", "具体时间", "起始时间", "开始时刻", "开会时间", "时刻"),
        help="留空则取日期后面写的几点",
        example="14:30",
        width=10,
        show=_clock,
    ),
)
_CONTENT = ("主要内容", "内容", "活动内容", "会议内容", "学习内容", "具体内容", "内容摘要", "活动主要内容")
"""The agenda; beside a column of agenda items what was said."""
_KINDS_ALIASES = (
    *("类型", "活动形式", "形式", "类别", "活动类别", "活动种类", "会议类型", "会议形式", "会议类别"),
    *("组织生活类型", "组织生活形式", "组织生活类别", "学习形式", "活动（会议）类型"),
)
_AFTER_KINDS = (
    Column(
        key="title",
        label="名称",
        parse=text(120),
        aliases=("活动名称", "主题", "活动主题", "会议主题", "会议名称", "学习主题", "题目", "标题"),
        help="留空则按类型和月份自动命名",
        example="3月主题党日",
        width=30,
    ),
    Column(
        key="chair",
        label="主持人",
        parse=_words(100),
        aliases=("主持", "会议主持人", "主持人员", "召集人"),
        help="同名的写成 姓名(工号)",
        width=12,
    ),
    Column(
        key="lecturers",
        label="授课人",
        parse=_words(500),
        aliases=("主讲人", "主讲", "讲课人", "授课人员", "授课人姓名", "宣讲人", "党课授课人", "授课教师"),
        help="几个人用“、”隔开；外请的写成 外请:姓名",
        example="外请:示例教授",
        width=16,
    ),
    Column(
        key="place",
        label="地点",
        parse=text(80),
        aliases=("活动地点", "会议地点", "学习地点", "召开地点", "场所"),
        width=16,
    ),
    Column(
        key="topics",
        label="议题",
        parse=text(LONGEST_TEXT, is_multiline=True),
        aliases=(
            "会议议题",
            "主要议题",
            "议程",
            "会议议程",
        ),
        last_resorts=_CONTENT,
        help="一行一个",
        width=40,
    ),
    Column(
        key="hours",
        label="学时",
        parse=_hours,
        aliases=("课时", "学时数", "学习时长", "时长"),
        help="留空则取活动类型的默认学时",
        example="2",
    ),
    Column(
        key="excused",
        label="请假人员",
        parse=_words(LONGEST_NAMES),
        aliases=("请假", "请假人", "请假名单", "请假党员", "请假情况", "请假人员及原因", "因故请假人员"),
        help="可带原因，写成 姓名(出差)；没有人写 无",
        width=20,
    ),
    Column(
        key="absent",
        label="缺席人员",
        parse=_words(LONGEST_NAMES),
        aliases=(
            "缺席",
            "缺席人",
            "缺席名单",
            "缺席党员",
            "缺席情况",
            "缺勤人员",
            "未到人员",
            "无故缺席人员",
            "缺席人员名单",
        ),
        help="写法同请假人员",
        width=20,
    ),
    Column(
        key="made_up",
        label="补课人员",
        parse=_words(LONGEST_NAMES),
        aliases=("补课", "补课名单", "补课情况", "补学人员", "已补课人员", "补学"),
        help="可带补课日期，写成 姓名(2017-04-05)",
        width=20,
    ),
    Column(
        key="guests",
        label="列席人员",
        parse=_words(LONGEST_NAMES),
        aliases=(
            "列席",
            "列席人",
            "列席名单",
            "列席领导",
            "列席情况",
            "特邀人员",
            "特邀嘉宾",
            "嘉宾",
            "来宾",
        ),
        help="外单位的写成 姓名(外单位)；没有人写 无",
        example="李四(外单位)",
        width=20,
    ),
    Column(
        key="auditors",
        label="旁听人员",
        parse=_words(LONGEST_NAMES),
        aliases=(
            *(
                "旁听",
                "旁听人",
                "旁听领导",
                "旁听名单",
                "联系旁听",
                "联系旁听人员",
                "旁听联系人",
                "旁听点评人",
            ),
            *("点评人", "点评人员", "点评领导", "督导人员", "指导人员", "联系领导", "到会指导人员"),
        ),
        help="联系本支部、到会旁听点评的人；没有人写 无",
        width=20,
    ),
    Column(
        key="due_total",
        label="应到",
        parse=_total,
        aliases=("应到人数", "应到会人数", "应参加人数", "应参会人数", "应出席人数", "应到党员"),
        help="台账上的人数；留空则按当天的名册",
    ),
    Column(
        key="present_total",
        label="实到",
        parse=_total,
        aliases=(
            "实到人数",
            "实到会人数",
            "参加人数",
            "实际参加人数",
            "参会人数",
            "出席人数",
            "到会人数",
            "实到党员",
        ),
        help="台账上的人数；留空则按名册减去请假、缺席",
    ),
    Column(
        key="minutes",
        label="记录",
        parse=text(LONGEST_TEXT, is_multiline=True),
        aliases=("会议记录", "活动记录", "学习记录", "纪要", "会议纪要", "活动情况", "会议情况"),
        last_resorts=_CONTENT,
        width=40,
    ),
    Column(
        key="series",
        label="系列",
        parse=_words(80),
        aliases=("系列活动", "所属系列", "活动系列"),
        width=16,
    ),
)
_WHO = ("缺席人员", "未到人员", "缺勤人员", "未参加人员", "未到会人员", "缺席")
_UNDERSTOOD = (
    Column(
        key="away",
        label="未到人员及原因",
        parse=_words(LONGEST_NAMES),
        aliases=(
            *(f"{who}{mark}" for who in _WHO for mark in ("及原因", "及事由", "和原因", "(及原因)")),
            *("请假、缺席人员及原因", "缺席、请假人员及原因", "请假缺席人员及原因", "缺席(请假)人员及原因"),
        ),
        help="写明原因的算请假，没写原因或写“无故”的算缺席",
        is_offered=False,
    ),
    Column(
        key="attendance",
        label="应到实到",
        parse=_due_and_present,
        aliases=(
            *("应到/实到", "应到、实到", "应到实到人数", "应到/实到人数", "应到、实到人数", "应到(实到)人数"),
            *("到会情况", "出席情况", "参会情况", "出勤情况", "参加情况", "参加人员情况"),
        ),
        help="写成 应到23人，实到21人，或 23/21",
        is_offered=False,
    ),
    Column(
        key="comment",
        label="点评",
        parse=text(LONGEST_TEXT, is_multiline=True),
        aliases=("点评内容", "点评意见", "点评情况", "旁听点评", "旁听意见", "旁听情况", "领导点评"),
        help="只写了姓名的当作旁听人员；写了内容的接在记录后面",
        is_offered=False,
    ),
)
"""Columns of ledgers that say in one what ours say in two."""
LABELS = {column.key: column.label for column in (*_BEFORE_KINDS, *_AFTER_KINDS, *_UNDERSTOOD)} | {
    "kinds": "活动类型"
}
"""Chinese heading by key."""


def schema_for(bureau_id: uuid.UUID) -> TableSchema:
    """The columns, with the kinds that the bureau has; one query."""
    kinds = Kind.objects.filter(bureau_id=bureau_id, is_active=True)
    names = "、".join(dict.fromkeys(kinds.values_list("name", flat=True)))
    column = Column(
        key="kinds",
        label=LABELS["kinds"],
        parse=_words(300),
        aliases=_KINDS_ALIASES,
        help=f"一次活动有几种就都写上，用“、”隔开；没有这一列时从名称里认。可填：{names}"
        if names
        else "请先由政工处建立活动类型",
        example="支部党员大会、主题党日",
        width=24,
    )
    return TableSchema(
        "gatherings",
        "活动",
        (*_BEFORE_KINDS, column, *_AFTER_KINDS, *_UNDERSTOOD),
        one_of=(("kinds", "title"),),
    )
