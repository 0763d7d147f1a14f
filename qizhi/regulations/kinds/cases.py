"""Golden cases: facts in words, and what a clause must say of them.

A case stands in the file beside its clause (`案例`), so that a jurist reads both together:

    案例:
    - 名称: 第二季度没有开
      给定: {期间: 2019-Q2, 支部: {成立: 2010-01-01}, 活动: [2019-01-15, 2019-07-01]}
      结果: 提醒

`结果` is one word for one period, or `{期间: 词}` for several; `含` names words that the reason must contain.
Every fact must be one that the kind knows: a slip of the pen is an error, never a fact that is missing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from qizhi.core.periods import Every, Period, half_of, month_of, quarter_of, year
from qizhi.core.values import dataclass
from qizhi.regulations.enums import Verdict
from qizhi.regulations.rules import Paper, WorkingCalendar

MET, VIOLATED, WARNED, UNKNOWN, NA, DUE, LATE = "符合", "未达到", "提醒", "未知", "不适用", "未到期", "补录"
EXCUSED = "请假"
WORDS = (MET, VIOLATED, WARNED, UNKNOWN, NA, DUE, LATE, EXCUSED)
"""What a case may expect. 提醒 is 未达到 of a clause that says 一般."""


FIRST_YEAR, LAST_YEAR, YEAR = 1900, 2099, r"(?:19|20)\d\d"
"""Years of which a case may tell."""
MOST = 10**6
"""What no number of a case reaches."""


class GivenError(ValueError):
    """A case that cannot be tried: Chinese, what is wrong with its facts."""


@dataclass(frozen=True)
class CaseClause:
    """A clause as its file writes it; what a case is tried on needs no database.

    Attributes:
        key: its code.
        source: how a reason quotes it, 《…》第十一条.
        parameters: as `Kind.read` returns them.
        subject: of whom it asks something.
        from_on: first day of its version.
        to_on: last day of its version, None while it is in force.
        is_general: the text says 一般.
        points: what a violation costs.
        is_enabled: whether it is judged at all.
    """

    key: str
    source: str
    parameters: Mapping[str, Any]
    subject: str
    from_on: dt.date
    to_on: dt.date | None = None
    is_general: bool = False
    points: Decimal = Decimal(0)
    is_enabled: bool = True

    def binds(self, day: dt.date) -> bool:
        """Whether its version is in force on the day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def say_cost(self, times: int = 1) -> str:
        """What violations cost, in the same words for a file and for a row: 计-1分."""
        return f"计{(self.points * times).normalize():+f}分" if self.points else "计0分"

    @property
    def failed(self) -> str:
        """The word for a violation: a warning where the text says 一般."""
        return WARNED if self.is_general else VIOLATED

    def word(self, verdict: Verdict) -> str:
        """A verdict of this clause as a case expects it."""
        return {Verdict.MET: MET, Verdict.VIOLATED: self.failed, Verdict.UNKNOWN: UNKNOWN}[verdict]


@dataclass(frozen=True)
class Outcome:
    """What a clause says of the facts: one of `WORDS`, why, and of which period where there are several."""

    word: str
    reason: str
    period: str = ""


EVER = dt.date(2010, 1, 1)
"""A golden case that says nothing else tells of people, units and records that have long been there."""
NOT_IN_FORCE = Outcome(NA, "规定当时未施行或已停止施行")


def binding(clauses: Iterable[CaseClause], key: str, day: dt.date) -> CaseClause | None:
    """The version of a clause that binds on a day; the day of the fact, never the day of the run."""
    return next((clause for clause in clauses if clause.key == key and clause.binds(day)), None)


@lru_cache(maxsize=16)
def _calendar_of(papers: tuple[Paper, ...]) -> WorkingCalendar:
    """One calendar for all cases of the same papers: it is only asked."""
    return WorkingCalendar(papers)


class Given:
    """The facts of a case, read by name; a name that is not known is refused."""

    def __init__(
        self,
        facts: Mapping[str, Any],
        known: Collection[str] | None,
        where: str = "给定",
        *,
        papers: Sequence[Paper] = (),
    ) -> None:
        """Keep the facts.

        Args:
            facts: by name, as the file writes them.
            known: the names that may stand there; None where names are a matter of the case.
            where: what they stand in, for errors.
            papers: they say which days are worked.
        """
        if not isinstance(facts, Mapping):
            raise GivenError(f"“{where}”应写成 {{名称: 内容}}。")
        if known is not None and (unknown := sorted(map(str, set(facts) - set(known)))):
            names = "、".join(f"“{name}”" for name in unknown)
            raise GivenError(f"“{where}”里的{names}不是这一判定类型认识的事实。")
        self._facts, self._where, self._papers = dict(facts), where, papers

    def calendar(self) -> WorkingCalendar:
        """Working days by the national papers, but for the years of 缺放假通知."""
        lacking = set(self._years("缺放假通知"))
        return _calendar_of(tuple(paper for paper in self._papers if paper.year not in lacking))

    def _years(self, name: str) -> list[int]:
        found = self._facts.get(name)
        years = found if isinstance(found, list) else [] if found is None else [found]
        if wrong := [one for one in years if isinstance(one, bool) or not re.fullmatch(YEAR, str(one))]:
            raise GivenError(f"“{name}”应写成一列年份：[2019]，写的是“{_short(wrong[0])}”。")
        return [int(str(one)) for one in years]

    def _need(self, name: str) -> Any:
        value = self._facts.get(name)
        if value is None:
            raise GivenError(f"“{self._where}”缺“{name}”。")
        return value

    def has(self, name: str) -> bool:
        """Whether the fact is there; 未知 and nothing are the same."""
        return self._facts.get(name) not in (None, UNKNOWN)

    def day(self, name: str, default: dt.date | None = None) -> dt.date:
        """A day, 2018-01-31; without a default it must be there."""
        if default is not None and self._facts.get(name) is None:
            return default
        return to_day(self._need(name), name)

    def maybe_day(self, name: str) -> dt.date | None:
        """A day, or None where it is not given."""
        return to_day(self._facts.get(name), name) if self.has(name) else None

    def period(self, name: str = "期间") -> Period:
        """2018, 2018-Q2 or 2018-06."""
        return to_period(self._need(name), name)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        if default is not None and self._facts.get(name) is None:
            return default
        return to_number(self._need(name), name)

    def text(self, name: str) -> str:
        """Words; empty where there are none."""
        found = self._facts.get(name)
        if isinstance(found, Mapping | list):
            raise GivenError(f"“{name}”应写成一个词。")
        return "" if found is None else str(found)

    def items(self, name: str) -> list[tuple[dt.date, tuple[str, ...]]]:
        """Days with words behind them: `2018-03-31 补录`; none where it is not given."""
        found = self._facts.get(name)
        if found is None:
            return []
        if not isinstance(found, list | tuple):
            raise GivenError(f"“{name}”应写成一列：[2018-01-15, 2018-03-31]。")
        parts = [str(item).split() for item in found]
        if any(not part for part in parts):
            raise GivenError(f"“{name}”里有空白的一项。")
        return [(to_day(part[0], name), tuple(part[1:])) for part in parts]

    def inner(self, name: str, known: Collection[str] | None) -> Given:
        """Facts within: {成立: 2010-01-01}."""
        found = self._facts.get(name)
        return Given({} if found is None else found, known, name)

    def names(self) -> list[str]:
        """The names of facts that are themselves a matter of the case, such as those of groups."""
        return [str(name) for name in self._facts]

    def covers(self, name: str, period: Period) -> bool:
        """Whether the days given there reach from the first to the last of the period."""
        if not self.has(name):
            return False
        first, last = self.span(name)
        return first <= period.start and (last is None or last >= period.end)

    def span(self, name: str) -> tuple[dt.date, dt.date | None]:
        """From one day to another: `2018-01-01 2018-06-30`, or one day for what goes on."""
        days = str(self._need(name)).split()
        if len(days) not in {1, 2}:
            raise GivenError(f"“{name}”应写成“起始日 截止日”，写的是“{_short(' '.join(days))}”。")
        first, last = to_day(days[0], name), to_day(days[1], name) if len(days) > 1 else None
        if last is not None and last < first:
            raise GivenError(f"“{name}”的截止日早于起始日，写的是“{' '.join(days)}”。")
        return first, last


def to_day(value: Any, name: str) -> dt.date:
    """A day as files write it; GivenError with the name of the fact."""
    said = str(value)
    try:
        found = dt.date.fromisoformat(said) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said, re.ASCII) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise GivenError(f"“{name}”应写成 2018-01-31，写的是“{_short(value)}”。")
    return found


def to_number(value: Any, name: str) -> int:
    """A whole number from 0; GivenError with the name of the fact."""
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", str(value), re.ASCII):
        raise GivenError(f"“{name}”应是整数，写的是“{_short(value)}”。")
    return int(value)


def to_period(value: Any, name: str) -> Period:
    """A year, a half, a quarter or a month as files write it; GivenError with the name of the fact."""
    found = re.fullmatch(rf"({YEAR})(?:-(?:Q([1-4])|(\d{{2}})|H([12])))?", str(value), re.ASCII)
    wrong = GivenError(f"“{name}”应写成 2018、2018-H1、2018-Q2 或 2018-06，写的是“{_short(value)}”。")
    if found is None:
        raise wrong
    number, quarter, month, half = int(found[1]), found[2], found[3], found[4]
    try:
        if half:
            return half_of(dt.date(number, 6 * int(half), 1))
        if quarter:
            return quarter_of(dt.date(number, 3 * int(quarter), 1))
        return month_of(dt.date(number, int(month), 1)) if month else year(number)
    except ValueError:
        raise wrong from None


def period_key(period: Period, every: Every) -> str:
    """A period as a case names it."""
    if every is Every.YEAR:
        return f"{period.start.year}"
    if every is Every.HALF_YEAR:
        return f"{period.start.year}-H{(period.start.month + 5) // 6}"
    if every is Every.QUARTER:
        return f"{period.start.year}-Q{(period.start.month + 2) // 3}"
    return f"{period.start:%Y-%m}"


def to_decimal(value: Any, name: str) -> Decimal:
    """A number with a fraction; GivenError with the name of the fact."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite() or not 0 <= found < MOST:
        raise GivenError(f"“{name}”应是数字，写的是“{_short(value)}”。")
    return found


def _short(value: Any) -> str:
    """As much of a value as a message needs."""
    return str(value)[:40]


def say_facts(given: Mapping[str, Any]) -> str:
    """The facts of a case in one line: 期间 2019-Q2；活动 2019-01-15、2019-07-01."""
    return "；".join(f"{name} {_say_fact(value)}" for name, value in given.items())


def _say_fact(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"（{say_facts(value)}）"
    return ("、".join(map(str, value)) or "无") if isinstance(value, list) else str(value)
