"""The words of stories: what a step may say, and how each of its details is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from qizhi.conduct.enums import CaseStatus, Decision, ReviewOutcome
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.org.enums import LeaveKind
from qizhi.regulations.enums import Change
from qizhi.regulations.kinds.cases import YEAR, GivenError, to_day, to_number, to_period
from qizhi.regulations.services.plain import clean

PEOPLE = {"甲": "一", "乙": "一", "丙": "一", "丁": "二", "戊": "二"}
"""Who plays, and in which branch and department: 一支部 and 一处, 二支部 and 二处."""
BRANCHES, DEPARTMENTS = ("一支部", "二支部"), ("一处", "二处")
OFFICERS = ("记录人", "决定人", "复核人")
"""Who hears cases; `由` names another of them, or one of the people, than the step usually has."""
DECISIONS = {str(one.label): one for one in Decision}
OUTCOMES = {str(one.label): one for one in ReviewOutcome}
LEAVES = {str(one.label): one for one in LeaveKind}
CHANGES = {"新增": Change.ADDED, "不变": Change.UNTOUCHED, "替代": Change.REPLACED}
CHANGES |= {"自动撤销": Change.GONE, "不再新增": Change.LEFT}
STATES = {str(one.label): one for one in CaseStatus}
MOST_POINTS, PLACES = Decimal(1000), Decimal("0.01")


def words_of(value: Any, name: str) -> tuple[str, ...]:
    """One word or a list of them."""
    found = value if isinstance(value, list) else [value]
    if not found:
        raise GivenError(f"“{name}”应写成一个词，或一列词。")
    return tuple(to_text(one, name) for one in found)


def one_of(known: Sequence[str]) -> Callable[[Any, str], str]:
    """Reads a word that must be one of some."""

    def read(value: Any, name: str) -> str:
        if str(value) not in known:
            raise GivenError(f"“{name}”应是{'、'.join(known)}之一，写的是“{value}”。")
        return str(value)

    return read


def some_of(known: Sequence[str]) -> Callable[[Any, str], tuple[str, ...]]:
    """Reads one or several words that must be among some."""
    read = one_of(known)
    return lambda value, name: tuple(read(one, name) for one in words_of(value, name))


def to_points(value: Any, name: str) -> Decimal:
    """Points, below zero for a deduction, as a ledger keeps them: two places, three before them."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    fits = found.is_finite() and abs(found) < MOST_POINTS and found == found.quantize(PLACES)
    if isinstance(value, bool) or not fits:
        raise GivenError(f"“{name}”应是分值，至多两位小数，写的是“{str(value)[:30]}”。")
    return found


def to_text(value: Any, name: str) -> str:
    """Words in one line."""
    if isinstance(value, Mapping | list | set | tuple | bytes) or value is None or not str(value).strip():
        raise GivenError(f"“{name}”应写成一句话。")
    try:
        return " ".join(clean(str(value)).split())
    except ValueError as error:
        raise GivenError(f"“{name}”：{error}") from error


def to_year(value: Any, name: str) -> int:
    """A year."""
    if isinstance(value, bool) or not re.fullmatch(YEAR, str(value), re.ASCII):
        raise GivenError(f"“{name}”应是年份，写的是“{str(value)[:30]}”。")
    return int(str(value))


def to_years(value: Any, name: str) -> tuple[int, ...]:
    """A year, or a list of them."""
    return tuple(to_year(one, name) for one in (value if isinstance(value, list) else [value]))


def to_days(value: Any, name: str) -> tuple[Any, ...]:
    """One day or a list of them."""
    return tuple(to_day(one, name) for one in words_of(value, name))


def to_span(value: Any, name: str) -> Period:
    """A month, quarter or year, or two of them: the first and the last."""
    parts = str(value).split()
    if len(parts) not in {1, 2}:
        raise GivenError(f"“{name}”应写成一个期间，或“起 止”两个期间，写的是“{value}”。")
    first, last = to_period(parts[0], name), to_period(parts[-1], name)
    if last.end < first.start:
        raise GivenError(f"“{name}”的截止早于起始，写的是“{value}”。")
    return Period(first.start, last.end)


def raw(value: Any, name: str) -> Any:
    """As the file has it; the step that uses it reads it."""
    del name
    return value


Reader = Callable[[Any, str], Any]
EVERYBODY = (*PEOPLE, *BRANCHES, *DEPARTMENTS)
DETAILS: Mapping[str, Reader] = {
    "收到": to_day,
    "期限": to_day,
    "工作日": to_number,
    "承办": one_of(tuple(PEOPLE)),
    "办结": to_day,
    "组织": one_of((*BRANCHES, *DEPARTMENTS)),
    "类型": words_of,
    "举行": to_day,
    "应到": to_number,
    "实到": to_number,
    "缺席": some_of(tuple(PEOPLE)),
    "请假": some_of(tuple(PEOPLE)),
    "种类": one_of(tuple(LEAVES)),
    "自": to_day,
    "至": to_day,
    "对象": one_of(EVERYBODY),
    "条款": raw,
    "发生": to_day,
    "施行": to_day,
    "停用": words_of,
    "休息": to_days,
    "上班": to_days,
    "截至": to_day,
    "转办日": to_day,
    "申请日": to_day,
    "批准日": to_day,
    "延至": to_day,
    "分值": to_points,
    "理由": to_text,
    "由": one_of((*OFFICERS, *PEOPLE)),
}
"""Every detail that some step has, by name, with its reader: a name means the same in each of them."""
_CASE = ("由", "理由")


@dataclass(frozen=True)
class Verb:
    """What a step does: how its subject is read, which details it must have, and which it may.

    `results` are what it may end in; `changes` names the detail that holds whole clauses.
    """

    subject: Reader = to_text
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    changes: str = ""

    @property
    def details(self) -> tuple[str, ...]:
        """All that may stand beside the verb."""
        return (*self.needs, *self.may, *(("结论",) if self.results else ()))


VERBS: Mapping[str, Verb] = {
    "登记公文": Verb(needs=("收到", "承办"), may=("期限", "工作日", "办结")),
    "更正公文": Verb(may=("收到", "期限", "工作日", "办结")),
    "取消办结": Verb(),
    "撤销公文": Verb(may=("理由",)),
    "恢复公文": Verb(),
    "转办公文": Verb(needs=("承办",), may=("转办日",)),
    "申请延期": Verb(needs=("延至",), may=("申请日", "理由")),
    "批复延期": Verb(may=("延至", "批准日", *_CASE), results=("批准", "不批准")),
    "登记活动": Verb(needs=("组织", "类型", "举行"), may=("缺席", "请假", "应到", "实到")),
    "更正活动": Verb(may=("组织", "类型", "举行", "缺席", "请假", "应到", "实到")),
    "撤销活动": Verb(may=("理由",)),
    "恢复活动": Verb(),
    "登记请假": Verb(one_of(tuple(PEOPLE)), needs=("自", "种类"), may=("至",)),
    "撤销请假": Verb(one_of(tuple(PEOPLE)), needs=("自",), may=("理由",)),
    "检查记录": Verb(needs=("对象", "条款", "发生")),
    "更正检查记录": Verb(may=("对象", "条款", "发生")),
    "删去检查记录": Verb(),
    "新版": Verb(needs=("施行",), may=("条款", "停用"), changes="条款"),
    "更正通知": Verb(to_year, may=("休息", "上班")),
    "地区通知": Verb(to_year, may=("休息", "上班")),
    "单位通知": Verb(to_year, may=("休息", "上班")),
    "补录通知": Verb(to_year),
    "核算": Verb(to_span, may=("截至",)),
    "试算": Verb(to_span, may=("截至",)),
    "结账": Verb(to_span),
    "取消结账": Verb(to_span),
    "采纳建议": Verb(may=_CASE),
    "不采纳建议": Verb(may=_CASE),
    "撤销发现": Verb(may=_CASE),
    "免除": Verb(needs=("对象", "条款", "自", "至"), may=("理由",)),
    "撤销免除": Verb(may=("理由",)),
    "立案": Verb(may=(*_CASE, "分值")),
    "撤回立案": Verb(may=_CASE),
    "告知": Verb(may=_CASE),
    "更正告知": Verb(may=_CASE),
    "陈述": Verb(may=_CASE),
    "决定": Verb(may=_CASE, results=tuple(DECISIONS)),
    "申诉": Verb(may=_CASE),
    "逾期申诉": Verb(may=_CASE, results=("受理", "不受理")),
    "复核": Verb(may=(*_CASE, "分值"), results=tuple(OUTCOMES)),
    "生效": Verb(may=_CASE),
}
EXPECTED = ("成立", "被替代", "自动撤销", "经决定撤销", "建议", "本次", "记分", "事项", "含")
"""What a step may expect (应为): see `docs/cases.md`."""
