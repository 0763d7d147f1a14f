"""Clauses and versions in words, for pages and for the rule book."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.regulations.kinds.base import kind_by_key
from qizhi.regulations.kinds.parameters import say_parameters
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.rules import is_in_force


@dataclass(frozen=True)
class ClauseWords:
    """A clause, the name of its kind and its parameters as label and value."""

    clause: Clause
    kind_label: str
    parameters: list[tuple[str, str]]

    @property
    def has_period(self) -> bool:
        """Whether the parameters say the period already."""
        kind = kind_by_key(self.clause.kind)
        if kind is not None and kind.says_period:
            return True
        return self.clause.get_period_display() in [value for _, value in self.parameters]


@dataclass(frozen=True)
class VersionWords:
    """A version on a day: `draft`, `current`, `coming` or `past`, with its clauses in words."""

    version: Version
    state: str
    clauses: list[ClauseWords]

    @property
    def paragraphs(self) -> list[list[tuple[str, Clause | None]]]:
        """The text by paragraphs, in pieces: where the number of a clause is named, with that clause."""
        numbered = {words.clause.number: words.clause for words in self.clauses if words.clause.number}
        lines = [line.strip() for line in self.version.text.splitlines() if line.strip()]
        if not numbered:
            return [[(line, None)] for line in lines]
        longest_first = sorted(numbered, key=len, reverse=True)
        names = re.compile("(" + "|".join(re.escape(number) for number in longest_first) + ")")
        return [[(piece, numbered.get(piece)) for piece in names.split(line) if piece] for line in lines]


def say_clause(clause: Clause) -> ClauseWords:
    """The clause in words; its kind's key stands in for the name of a kind that nobody has declared."""
    kind = kind_by_key(clause.kind)
    schema = kind.parameters if kind else ()
    return ClauseWords(clause, kind.label if kind else clause.kind, say_parameters(schema, clause.parameters))


def say_versions(versions: Iterable[Version], on: dt.date) -> list[VersionWords]:
    """Versions (with `regulation` and `clauses` fetched) as they stand on a day."""
    lines = []
    for version in versions:
        clauses = [say_clause(clause) for clause in version.clauses.all()]
        lines.append(VersionWords(version, state_of(version, on), clauses))
    return lines


def state_of(version: Version, on: dt.date) -> str:
    """How a version stands on a day: `draft`, `current`, `coming` or `past`."""
    if version.is_draft:
        return "draft"
    if is_in_force(version.effective_from, version.effective_to, on):
        return "current"
    return "coming" if on < version.effective_from else "past"


EVIDENCE_WORDS: Mapping[str, str] = {
    "period": "期间",
    "on": "日期",
    "day": "日期",
    "days": "计算的日期",
    "due_on": "截止日期",
    "asked_on": "收到日期",
    "received_on": "收到日期",
    "done_on": "完成日期",
    "extended_to": "批准延期至",
    "held": "已开展",
    "number": "人数",
    "hours": "学时",
    "lessons": "讲课次数",
    "talks": "谈话次数",
    "central_trainings": "集中培训次数",
    "late": "逾期天数",
    "late_days": "逾期天数",
    "working_days": "逾期工作日",
    "counted_days": "计入的工作日",
    "papers": "放假通知",
    "paper": "放假通知",
    "calendar": "放假通知",
    "item": "事项",
    "taken": "参加次数",
    "unclear": "情况不明次数",
    "due": "应到",
    "present": "实到",
    "excused": "请假",
    "gatherings": "活动次数",
    "share": "比例",
    "since": "起算日期",
    "began": "参加工作日期",
    "ends": "届满日期",
    "fact": "事实",
    "excused_by": "免予记分",
}
"""Chinese names of what kinds copy into their evidence; a kind may have words of its own."""
_KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def say_evidence(kind_key: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts of a finding as label and value, without keys of rows and what has no name for people."""
    kind = kind_by_key(kind_key)
    words = {**EVIDENCE_WORDS, **(kind.evidence_words if kind else {})}
    said = ((words.get(name, ""), _say_value(value, words)) for name, value in facts.items())
    return [(label, value) for label, value in said if label and value]


def _say_value(value: Any, words: Mapping[str, str]) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        on = _say_value(value["on"], words) if value.get("on") else ""  # a day needs no name
        rest = ((words.get(name, name), _say_value(inner, words)) for name, inner in value.items())
        parts = [f"{label} {inner}" for label, inner in rest if inner and inner != on]
        said = "，".join(parts)
        return f"{on}（{said}）" if on and said else on or said
    if isinstance(value, list):
        joint = "；" if any(isinstance(inner, Mapping) for inner in value) else "、"
        return joint.join(filter(None, (_say_value(inner, words) for inner in value)))
    text = str(value)
    if _KEY.fullmatch(text):
        return ""
    return say_day(dt.date.fromisoformat(text)) if _DAY.fullmatch(text) else text
