"""The kind of clause `deadline`: what must be finished by a day, and is so many working days late."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import Period, say_day
from qizhi.core.text import quoted
from qizhi.core.values import dataclass
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Given,
    GivenError,
    Judgement,
    Kind,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterType,
    Place,
    address_of,
    binding,
    days_bound,
    register,
    register_records,
)
from qizhi.regulations.kinds.cases import DUE, EVER, MET, NA, NOT_IN_FORCE
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import Layer, Paper, PaperDay, WorkingCalendar
from qizhi.tasks.models import Document
from qizhi.tasks.queries.ahead import documents_ahead
from qizhi.tasks.queries.documents import approved_extension, handling_on, late_documents, term_of
from qizhi.tasks.rules import Due, Lateness, Pace, document_term, is_surely_in_time, lateness

DEADLINE = "deadline"
DOCUMENTS = "documents"
SHOWN_DAYS = 10
register_records("tasks.document", "received_on", "done_on", parts=("tasks.extension", "tasks.handling"))
"""Working days that a sentence names; the evidence holds all of them."""


@dataclass(frozen=True)
class DeadlineFact:
    """Something that had to be finished by a day, as a register tells it.

    Attributes:
        key: of the row; two runs recognise it by this.
        label: what it is, for people.
        received_on: when it came in.
        due: its last day with the extension that was approved; unknown with what is missing.
        working_days: within how many working days of its receipt, where its last day follows from that.
        done_on: when it was finished; None while it is open on the day of reckoning.
        as_of: the day of reckoning; no finding holds it.
        calendar: working days.
        person_id: who answered for it on the last day.
        person: their name.
        unit_id: the department in which they did.
        extension: the extension in words; empty where there was none.
    """

    key: str
    label: str
    received_on: dt.date
    due: Due
    done_on: dt.date | None
    as_of: dt.date
    calendar: WorkingCalendar
    working_days: int | None = None
    person_id: uuid.UUID | None = None
    person: str = ""
    unit_id: uuid.UUID | None = None
    extension: str = ""

    @property
    def judged_on(self) -> dt.date:
        """The day that chooses the version: the last day or, where that is unknown, the day of receipt."""
        return self.due.on or self.received_on


def documents_due(days: Period, ask: Ask, grace: int) -> list[DeadlineFact]:
    """Documents whose last day lies in the days, or that came in then and whose last day is unknown.

    Only those that are late by more than the grace, or of which that cannot be told. Four queries.
    """
    calendar = calendar_for(ask.bureau_id)
    late = late_documents(ask.bureau_id, days, ask.as_of, grace)
    facts = (document_fact(one, ask.as_of, calendar) for one in late)
    return [
        fact
        for fact in facts
        if fact.judged_on in days and (ask.unit_ids is None or fact.unit_id in ask.unit_ids)
    ]


def document_fact(document: Document, as_of: dt.date, calendar: WorkingCalendar) -> DeadlineFact:
    """A document (fetched with its history) as it was known on a day."""
    due = term_of(document, calendar, as_of)
    approved = approved_extension(document, as_of)
    handling = handling_on(document, due.on or document.received_on)
    done_on = document.done_on if document.done_on and document.done_on <= as_of else None
    extension = ""
    if approved is not None and approved.decided_on is not None:
        extension = (
            f"{say_day(approved.asked_on)}申请，{say_day(approved.decided_on)}{approved.decided_by}批准"
        )
    return DeadlineFact(
        key=str(document.pk),
        label=f"公文{quoted(str(document))}",
        received_on=document.received_on,
        due=due,
        done_on=done_on,
        as_of=as_of,
        calendar=calendar,
        working_days=None if approved else document.working_days,
        person_id=handling.person_id,
        person=str(handling.person),
        unit_id=handling.unit_id,
        extension=extension,
    )


REGISTERS: Mapping[str, tuple[str, Callable[[Period, Ask, int], list[DeadlineFact]]]] = {
    DOCUMENTS: ("限时办结公文", documents_due)
}
"""Key → label, and how the register tells what was due in some days."""


@register
class Deadline(Kind[DeadlineFact]):
    """限时办结：逾期超过 N 个工作日。The grace is counted from the day after the last day.

    What is open is found once the grace is over, and the finding stays as it is until it is finished.
    """

    key = DEADLINE
    label = "限时办结"
    shown_on = (
        ("公文限时办结", "tasks:documents"),
        ("检查发现", "regulations:findings"),
    )
    figures = ("tasks.documents_late",)
    evidence_words = {
        "what": "事项",
        "due_by": "期限的来由",
        "extension": "延期",
        "handler": "承办人",
        "grace": "宽限的工作日",
        "days_late": "逾期的工作日",
        "name": "节假日",
        "would_comply": "最迟哪天办结就不算",
    }
    facts = (
        *("收到", "期限", "工作日", "办结", "核算日", "延期", "承办", "撤销"),
        *("缺放假通知", "通知更正", "地区调整"),
    )
    parameters = (
        Parameter(
            "register",
            "登记簿",
            ParameterType.CHOICE,
            choices=tuple((key, label) for key, (label, _) in REGISTERS.items()),
        ),
        Parameter(
            "grace",
            "宽限工作日",
            ParameterType.INTEGER,
            is_required=False,
            default=2,
            hint="从期限的次日数起，逾期超过这么多个工作日才算",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[DeadlineFact]:
        """What was due on the asked days on which the clause binds and is too late, or cannot be known."""
        days = days_bound(clause, ask)
        if days is None:
            return
        parameters = self.read(clause.parameters)
        for fact in REGISTERS[parameters["register"]][1](days, ask, parameters["grace"]):
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """What members of each branch have to finish, month by month; three queries."""
        return documents_ahead(clauses, look, self.read)

    def place(self, fact: DeadlineFact, ask: Ask) -> Place:  # noqa: ARG002 - a fact has its own day
        """Who answered for it on its last day; an unknown last day is found with the day of receipt."""
        day = fact.judged_on
        return Place(
            period=Period(day, day),
            unit_id=fact.unit_id,
            person_id=fact.person_id,
            occurrence=fact.key,
            address=address_of("tasks:document", fact.key) if fact.key else "",
        )

    def judge(self, parameters: Mapping[str, Any], fact: DeadlineFact) -> Judgement:
        """Too late by more than the grace; unknown where no paper says which days are worked."""
        grace: int = parameters["grace"]
        required = f"按期办结，逾期不超过{grace}个工作日" if grace else "按期办结"
        evidence: dict[str, Any] = {
            "what": fact.label,
            "received_on": fact.received_on.isoformat(),
            "due_on": fact.due.on.isoformat() if fact.due.on else None,
            "due_by": fact.due.why,
            "extension": fact.extension,
            "done_on": fact.done_on.isoformat() if fact.done_on else None,
            "handler": fact.person,
            "grace": grace,
        }
        if fact.due.on is None:
            is_early = is_surely_in_time(
                fact.received_on,
                fact.done_on or fact.as_of,
                (fact.working_days or 0) + grace,
                fact.calendar,
            )
            verdict = Verdict.MET if is_early else Verdict.UNKNOWN
            return Judgement(verdict, required, f"算不出办结期限：{fact.due.why}", evidence)
        found = lateness(fact.due.on, fact.done_on, as_of=fact.as_of, grace=grace, calendar=fact.calendar)
        if found.pace is Pace.UNKNOWN:
            actual = f"期限{say_day(fact.due.on)}，逾期几个工作日算不出：{found.why}"
            return Judgement(Verdict.UNKNOWN, required, actual, evidence)
        verdict = Verdict.MET
        if found.pace is Pace.TOO_LATE:
            verdict = Verdict.VIOLATED
            evidence["days_late"] = _days(found, fact.calendar)
            evidence["would_comply"] = _last_good_day(fact.due.on, grace, fact.calendar)
        return Judgement(verdict, required, _actual(fact, fact.due.on, found), evidence)

    def sentence(self, clause: Clause, fact: DeadlineFact, judgement: Judgement) -> str:
        """What came in when, until when, what is the case, and the source of the clause."""
        more = f"（延期：{fact.extension}）" if fact.extension else ""
        what = f"{say_day(fact.received_on)}收到的{fact.label}{more}应{judgement.required}"
        return f"{what}：{judgement.actual}。承办人{fact.person}。依据{clause.source}。"

    def try_case(self, key: str, clauses: Iterable[CaseClause], given: Given) -> list[Outcome]:
        """What the version in force on the last day says of a document told in words."""
        fact = _read_case(given)
        if given.has("撤销"):
            return [Outcome(NA, "公文已撤销")]
        clause = binding(clauses, key, fact.judged_on)
        return [_try(self, clause, fact) if clause else NOT_IN_FORCE]

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """The last day on which it does not count yet, and the first on which it does."""
        grace: int = clause.parameters["grace"]
        due_on = next((day for day in _first_days(clause, calendar) if clause.binds(day)), None)
        if due_on is None:
            return ()
        days = [calendar.add_working_days(due_on, grace + more) for more in (1, 0)]
        late, good = ({"期限": due_on.isoformat(), "办结": day.isoformat()} for day in days)
        in_time = f"逾期{grace}个工作日办结" if grace else "期限当天办结"
        return (
            Example(f"逾期{grace + 1}个工作日办结", late, clause.failed),
            Example(in_time, good, MET),
        )


def _first_days(clause: CaseClause, calendar: WorkingCalendar) -> Iterable[dt.date]:
    """Of each known year since the clause is in force a day in March, or the first day on which it is."""
    for year in calendar.years:
        day = max(dt.date(year, 3, 1), clause.from_on)
        if day.year == year:
            yield day


def _try(kind: Deadline, clause: CaseClause, fact: DeadlineFact) -> Outcome:
    found = kind.judge(clause.parameters, fact)
    reason = found.actual.rstrip("。") + (f"，承办人{fact.person}" if fact.person else "")
    if found.verdict is Verdict.MET:
        return Outcome(MET if fact.done_on else DUE, reason)
    cost = clause.say_cost() if found.verdict is Verdict.VIOLATED else "计0分"
    return Outcome(clause.word(found.verdict), f"{reason}，{cost}")


def _actual(fact: DeadlineFact, due_on: dt.date, found: Lateness) -> str:
    """When it had to be and was finished, and the working days between; never the day of reckoning."""
    done = f"{say_day(fact.done_on)}办结" if fact.done_on else "尚未办结"
    told = f"期限{say_day(due_on)}，{done}"
    if not found.days:
        words = "没有逾期" if found.pace is Pace.IN_TIME else "逾期没有超过宽限"
        return told if fact.done_on is None else f"{told}，{words}"
    if fact.done_on is None and found.pace is not Pace.TOO_LATE:
        return told
    named = "、".join(f"{day.month}月{day.day}日" for day in found.days[:SHOWN_DAYS])
    more = "等" if len(found.days) > SHOWN_DAYS else ""
    at_least = "已满" if found.is_open_ended else ""
    return f"{told}，逾期{at_least}{len(found.days)}个工作日（{named}{more}）"


def _days(found: Lateness, calendar: WorkingCalendar) -> list[dict[str, str]]:
    """Each working day that was counted, with the paper that says it was worked."""
    facts = (calendar.explain(day) for day in found.days)
    return [{"on": one.on.isoformat(), "name": one.name, "paper": one.doc_no} for one in facts]


def _last_good_day(due_on: dt.date, grace: int, calendar: WorkingCalendar) -> str:
    """The last day on which it would not yet have counted; the last day itself without a grace."""
    return calendar.add_working_days(due_on, grace).isoformat() if grace else due_on.isoformat()


def _read_case(given: Given) -> DeadlineFact:
    """The facts of a case; without a day of reckoning that of its end, or its last day where it is open."""
    received_on = given.day("收到", given.maybe_day("期限") or EVER)
    calendar = _calendar(given)
    due_on = given.maybe_day("期限")
    working_days = given.number("工作日") if given.has("工作日") else None
    if (due_on is None) == (working_days is None):
        raise GivenError("写“期限”（一个日期）或“工作日”（从收到的次日数起），二者写一个。")
    done_on = given.maybe_day("办结")
    for name in ("期限", "办结"):
        if (day := given.maybe_day(name)) is not None and day < received_on:
            raise GivenError(f"“{name}”早于“收到”的{say_day(received_on)}，请核对。")
    as_of = given.day("核算日", done_on or due_on or received_on)
    extension = [
        (until, dt.date.fromisoformat(words[1]), words)
        for until, words in given.items("延期")
        if len(_asked_and_approved(words)) == 2 and dt.date.fromisoformat(words[1]) <= as_of  # noqa: PLR2004
    ]
    last = max(extension, key=lambda one: one[1], default=None)
    due = document_term(
        received_on=received_on,
        due_on=due_on,
        working_days=working_days,
        extended_to=last[0] if last else None,
        calendar=calendar,
    )
    term = None if last else working_days
    fact = DeadlineFact("", "公文", received_on, due, done_on, as_of, calendar, term)
    fact = replace(fact, done_on=done_on if done_on and done_on <= as_of else None)
    return replace(fact, person=_handler(given, fact.judged_on))


def _asked_and_approved(words: tuple[str, ...]) -> tuple[str, ...]:
    """`2018-02-14 2018-02-07 2018-02-08`: until, asked, approved; a request nobody approved has two days."""
    try:
        for word in words:
            dt.date.fromisoformat(word)
    except ValueError:
        message = "“延期”应写成“延至 申请日 批准日”，例如 2018-02-14 2018-02-07 2018-02-08。"
        raise GivenError(message) from None
    return words


def _handler(given: Given, day: dt.date) -> str:
    """Who answers on a day: {甲: 2018-02-01 2018-02-06, 乙: 2018-02-07}."""
    handlers = given.inner("承办", None)
    for name in handlers.names():
        start, end = handlers.span(name)
        if start <= day and (end is None or day <= end):
            return name
    return ""


def _calendar(given: Given) -> WorkingCalendar:
    """The national papers, with an amendment that came later and with what a region arranges of its own."""
    usual, more = given.calendar(), []
    for name, layer in (("通知更正", Layer.NATIONAL), ("地区调整", Layer.REGION)):
        days = [PaperDay(day, _is_worked(words, name), "调整") for day, words in given.items(name)]
        if days:
            year = days[0].on.year
            more.append(Paper(f"{name}〔{year}〕", year, layer, tuple(days), dt.date(year, 12, 31)))
    return WorkingCalendar([*usual.papers, *more]) if more else usual


def _is_worked(words: tuple[str, ...], name: str) -> bool:
    if words not in {("上班",), ("休息",)}:
        raise GivenError(f"“{name}”应写成“日期 上班”或“日期 休息”，例如 2018-02-11 休息。")
    return words == ("上班",)
