"""What the clauses in force find, one by one: all kinds but `quota`, which has its own year of cells."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from qizhi.branch_life.queries.lines import QUOTA
from qizhi.branch_life.queries.states import accountable_units, states
from qizhi.branch_life.rules import State
from qizhi.core import kept, parallel
from qizhi.core.figures import Ask
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    AskedExcuses,
    ParameterError,
    kind_by_key,
    sentence_of,
    weigh_excuses,
)
from qizhi.regulations.kinds.outlook import EXEMPT
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_during, exemptions_of
from qizhi.regulations.rules import Exemptions

EXCUSED = "excused"


@dataclass(frozen=True)
class Finding:
    """A fact that a clause does not bear, or that cannot be known, in a sentence.

    `verdict` is that of the kind, or `EXCUSED` where a superior has excused the branch, or something the
    person; `word` says which, and the sentence why.
    `address` is the page of whom or what it concerns; empty where there is none.
    """

    verdict: str
    sentence: str
    address: str = ""
    word: str = ""


@dataclass(frozen=True)
class Checked:
    """A clause with what it finds; `problem` is Chinese: why it cannot be judged by, empty when it can."""

    clause: Clause
    kind_label: str
    found: tuple[Finding, ...] = ()
    problem: str = ""
    is_running: bool = False

    @property
    def violated(self) -> int:
        """How many facts do not meet it."""
        return sum(1 for one in self.found if one.verdict == Verdict.VIOLATED)

    @property
    def unknown(self) -> int:
        """How many cannot be known."""
        return sum(1 for one in self.found if one.verdict == Verdict.UNKNOWN)

    @property
    def state(self) -> str:
        """The worst that is found, as a state of the pages; `due` where the text says 一般."""
        if self.problem or (self.unknown and not self.violated):
            return "unknown"
        if not self.found:
            return "na" if self.is_running else "done"
        if not self.violated:
            return "excused"
        return "due" if self.clause.is_general else "missing"

    @property
    def word(self) -> str:
        """The state in Chinese."""
        words = {"missing": "未达到", "due": "提醒", "unknown": "未知", "done": "没有发现", "na": "年底判定"}
        words[EXCUSED] = self.found[0].word if self.found else EXEMPT
        return words[self.state]


def check_clauses(
    bureau_id: uuid.UUID, span: Period, as_of: dt.date, unit_ids: tuple[uuid.UUID, ...] | None = None
) -> list[Checked]:
    """Every clause in force in the span whose kind judges facts, with what it finds; oldest version first.

    The number of queries depends on the clauses, never on rows.

    Args:
        bureau_id: whose.
        span: facts of these days.
        as_of: later rows do not count.
        unit_ids: only of these branches and their people; None for the whole bureau.
    """
    asked = (bureau_id, span, as_of, unit_ids)
    return kept.keep(partial(_check_clauses, *asked), "branch_life.findings", *asked)


@kept.sharing()  # what two clauses ask is asked once
def _check_clauses(
    bureau_id: uuid.UUID, span: Period, as_of: dt.date, unit_ids: tuple[uuid.UUID, ...] | None
) -> list[Checked]:
    clauses = clauses_during(bureau_id, span.start, span.end).exclude(kind__in=["", QUOTA])
    exemptions, ask = exemptions_of(bureau_id), Ask(bureau_id, span, as_of, unit_ids)
    return [_check(clause, ask, exemptions) for clause in clauses]


def _check(clause: Clause, ask: Ask, exemptions: Exemptions) -> Checked:
    kind = kind_by_key(clause.kind)
    if kind is None:
        return Checked(clause, clause.kind, problem=f"系统里没有判定类型“{clause.kind}”，请政工处更正条款")
    try:
        parameters = kind.read(clause.parameters)
    except ParameterError as error:
        return Checked(clause, kind.label, problem=f"参数有误：{error}")
    found, excuses = [], AskedExcuses(ask.bureau_id, ask.period)
    for fact in kind.scan(clause, ask):
        place = kind.place(fact, ask)
        judgement = weigh_excuses(kind.judge(parameters, fact), clause, place, excuses)
        sentence, verdict = sentence_of(kind, clause, fact, judgement), str(judgement.verdict.value)
        word = str(judgement.verdict.label)
        days = place.asked_on or place.period
        if kind.is_excusable and (why := exemptions.why(place.unit_id, clause.asked_by, days)):
            verdict, sentence, word = EXCUSED, f"{sentence}{EXEMPT}：{why}。", EXEMPT
        found.append(Finding(verdict, sentence, place.address, word))
    is_running = kind.is_by_year and ask.period.end >= ask.as_of
    return Checked(clause, kind.label, tuple(found), is_running=is_running)


@dataclass(frozen=True)
class Tally:
    """What the clauses find in a bureau: cells of its branches, and facts of all other clauses."""

    branches: int
    missing: int
    due: int
    violated: int
    unknown: int


def tally(bureau_id: uuid.UUID, span: Period, as_of: dt.date) -> Tally:
    """Every clause for every branch of a bureau; the number of queries depends on the clauses alone."""
    with parallel.undisturbed(), kept.reading():
        units = list(accountable_units(bureau_id, span))
        cells = states(bureau_id, units, span, as_of)
        checked = check_clauses(bureau_id, span, as_of)
    return Tally(
        len(units),
        len(cells.in_state(State.MISSING)),
        len(cells.in_state(State.DUE)),
        sum(one.violated for one in checked),
        sum(one.unknown for one in checked),
    )
