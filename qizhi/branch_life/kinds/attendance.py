"""The kind of clause `attendance`: everybody at or above a rank comes, or makes up for it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead_sessions import sessions_ahead
from qizhi.branch_life.queries.ranked import ATTENDANCE, Asked, Session, sessions_of
from qizhi.branch_life.queries.ranked_year import YearOf, year_of
from qizhi.branch_life.rules.ranked import Taken, taken
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, say_day
from qizhi.core.text import quoted
from qizhi.core.values import dataclass
from qizhi.org.enums import RANK_ORDER, Rank
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Given,
    GivenError,
    Judgement,
    KindByDay,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterType,
    days_bound,
    register,
    years_over,
)
from qizhi.regulations.kinds.cases import DUE, EXCUSED, MET, NA, UNKNOWN
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar

_RANKS = {str(rank.label): rank.value for rank in Rank}
_STATES = ("到会", "请假", "缺席", "已补课", "不明")
_OPEN = {Taken.ABSENT, Taken.OPEN, Taken.UNKNOWN}
_NAMED = 10


@dataclass(frozen=True)
class AttendanceFact:
    """Somebody of the rank who missed a session, people of whom nothing is known, or a year without one.

    Attributes:
        person_id: who; None where it is no one person.
        person: Chinese name; empty where it is no one person.
        gathering_id: the session; None for a year.
        title: its title.
        day: its day; of a year the last.
        state: how the person stands to it; unknown of several people.
        why: Chinese; what is not known, empty when everything is.
        unit_id: the unit of the session where it is no one person, or the bureau.
        unit: its Chinese name.
        year: how a year stands; None of a session.
        period: the year; None of a session.
    """

    person_id: uuid.UUID | None
    person: str
    gathering_id: uuid.UUID | None
    title: str
    day: dt.date
    state: Taken
    why: str = ""
    unit_id: uuid.UUID | None = None
    unit: str = ""
    year: YearOf | None = None
    period: Period | None = None


@register
class Attendance(KindByDay[AttendanceFact]):
    """某职级以上人员全员参加，缺席的补课: from the roll of each session and the ranks of its day."""

    key = ATTENDANCE
    label = "全员参加"
    shown_on = (("警示教育参加情况", "branch_life:ranked"), ("逐条检查", "branch_life:findings"))
    facts = ("日期", "职级", "情况", "核算日", "补课")
    pages = {"gathering_id": "gatherings:detail", "unit_id": "org:unit"}
    parameters = (
        Parameter("gathering", "活动类型代码", ParameterType.CODE, hint="如 warning（警示教育）"),
        Parameter("from_rank", "职级起点", ParameterType.CHOICE, choices=tuple(Rank.choices)),
        Parameter(
            "make_up_days",
            "补课期限（天）",
            ParameterType.INTEGER,
            is_required=False,
            default=0,
            hint="从活动次日起算；0：不另给时间",
        ),
        Parameter(
            "at_least",
            "每年至少安排几次",
            ParameterType.INTEGER,
            is_required=False,
            default=0,
            hint="对全局：整年在该职级以上的每个人都应安排参加；0：不要求",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[AttendanceFact]:
        """Who was neither there nor excused nor made up for it; those of `sessions_of`, however many years.

        Whoever still has time to make up for it is passed over. Of the whole year it is asked of the bureau.
        """
        parameters = self.read(clause.parameters)
        asked = Asked(parameters["gathering"], parameters["from_rank"], parameters["make_up_days"])
        days, is_asked = days_bound(clause, ask), parameters["at_least"] and ask.unit_ids is None
        years = years_over(clause, ask) if is_asked else []
        spans = [days, *years] if days else years
        if not spans:
            return
        span = Period(min(one.start for one in spans), max(one.end for one in spans))
        sessions = sessions_of(ask.bureau_id, asked, span, ask.as_of, ask.unit_ids)
        for session in sessions:
            if days and session.gathering.held_on in days:
                yield from _facts(session)
        for year in years:
            found = year_of(ask.bureau_id, asked, year, sessions, parameters["at_least"])
            if found.people and (found.gap or found.without):
                yield AttendanceFact(
                    *(None, "", None, "", year.end, Taken.UNKNOWN),
                    unit_id=found.unit_id,
                    unit=found.unit,
                    year=found,
                    period=year,
                )

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each session with the people of each branch; the queries of `sessions_of`, and two."""
        return sessions_ahead(clauses, look, self.read)

    def judge(self, parameters: Mapping[str, Any], fact: AttendanceFact) -> Judgement:
        """Met by whoever was there, excused, made up for it or still may; unknown where nobody can say."""
        ranks = f"{Rank(parameters['from_rank']).label}以上人员"
        if fact.year is not None and fact.period is not None:
            return _judge_year(ranks, parameters["at_least"], fact.year, fact.period)
        required = f"{ranks}全员参加"
        evidence = {"gathering": str(fact.gathering_id), "day": fact.day.isoformat()}
        if fact.state is Taken.UNKNOWN:
            return Judgement(Verdict.UNKNOWN, required, fact.why, evidence)
        if fact.state is Taken.ABSENT:
            return Judgement(Verdict.VIOLATED, required, "没有参加，也没有补课", evidence)
        return Judgement(Verdict.MET, required, _SAID[fact.state], evidence)

    def read_case(self, given: Given) -> tuple[dt.date, tuple[dt.date, str, str, dt.date, dt.date | None]]:
        """The rank on the day, or 未知, and 到会 (unless given), 请假, 缺席, 已补课 or 不明.

        核算日 is a year later unless given; 补课 is the day of 已补课, that of the session unless given.
        """
        rank, state, on = given.text("职级"), given.text("情况") or _STATES[0], given.day("日期")
        if rank not in {*_RANKS, UNKNOWN}:
            raise GivenError(f"“职级”应是{'、'.join(_RANKS)}或未知，写的是“{rank}”。")
        if state not in _STATES:
            raise GivenError(f"“情况”应是{'、'.join(_STATES)}之一，写的是“{state}”。")
        as_of = given.day("核算日", on + dt.timedelta(days=365))
        made_up_on = given.day("补课", on) if state == "已补课" else None
        return on, (on, rank, state, as_of, made_up_on)

    def judge_case(
        self, clause: CaseClause, told: tuple[dt.date, str, str, dt.date, dt.date | None]
    ) -> Outcome:
        """Of a lower rank nothing is asked; leave excuses; whoever came did so whatever the rank."""
        on, rank, state, as_of, made_up_on = told
        least = Rank(clause.parameters["from_rank"])
        if rank not in {UNKNOWN, ""} and RANK_ORDER[_RANKS[rank]] < RANK_ORDER[least]:
            return Outcome(NA, f"{rank}，不到{least.label}")
        found = taken(
            is_there=state == "到会",
            is_named=state != "不明",
            is_absent=state in {"缺席", "已补课"},
            made_up_on=made_up_on,
            is_on_leave=state == "请假",
            make_up_until=on + dt.timedelta(days=clause.parameters["make_up_days"]),
            as_of=as_of,
        )
        if rank == UNKNOWN and found in _OPEN:
            return Outcome(UNKNOWN, f"{say_day(on)}的职级没有登记")
        words = {Taken.EXCUSED: EXCUSED, Taken.ABSENT: clause.failed, Taken.OPEN: DUE, Taken.UNKNOWN: UNKNOWN}
        return Outcome(words.get(found, MET), f"{rank}，{state}")

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """Somebody of the rank who was absent and has not made up for it, and one who was there."""
        del calendar
        rank = str(Rank(clause.parameters["from_rank"]).label)
        told = {"日期": clause.from_on.isoformat(), "职级": rank}
        return (
            Example("缺席没有补课", {**told, "情况": "缺席"}, clause.failed),
            Example("到会", {**told, "情况": "到会"}, MET),
        )

    def sentence(self, clause: Clause, fact: AttendanceFact, judgement: Judgement) -> str:
        """Who, which session or year, what is asked, what is the case, and the source of the clause."""
        where = f"{say_day(fact.day)}{quoted(fact.title)}" if fact.period is None else fact.period.label
        what = f"{fact.person or fact.unit}{where}：应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"


_SAID = {
    Taken.PRESENT: "到会",
    Taken.EXCUSED: "经批准请假",
    Taken.MADE_UP: "已补课",
    Taken.OPEN: "没有参加，还可以补课",
}


def _facts(session: Session) -> Iterator[AttendanceFact]:
    held = session.gathering
    for seat in session.seats:
        if seat.state in {Taken.ABSENT, Taken.UNKNOWN}:
            yield AttendanceFact(
                *(seat.person_id, seat.person, held.pk, held.title, held.held_on, seat.state, seat.why)
            )
    if session.nameless:
        why = f"应到人员中{session.nameless}人职级没有登记，到会情况也没有记到人"
        yield AttendanceFact(
            *(None, "", held.pk, held.title, held.held_on, Taken.UNKNOWN, why, held.unit_id, str(held.unit))
        )


def _judge_year(ranks: str, at_least: int, year: YearOf, period: Period) -> Judgement:
    required = f"每年至少组织{at_least}次，{ranks}都安排参加"
    evidence = {"period": period.label, "number": year.people, "held": f"{year.sessions}次"}
    if year.gap:
        return Judgement(Verdict.UNKNOWN, required, year.gap, evidence)
    if not year.sessions:
        return Judgement(Verdict.VIOLATED, required, f"{period.label}没有组织", evidence)
    if not year.without:
        return Judgement(Verdict.MET, required, f"{period.label}组织{year.sessions}次", evidence)
    names = "、".join(year.without[:_NAMED]) + ("等" if len(year.without) > _NAMED else "")
    actual = f"{period.label}应参加的{year.people}人中，{len(year.without)}人没有安排参加（{names}）"
    return Judgement(Verdict.VIOLATED, required, actual, evidence)
