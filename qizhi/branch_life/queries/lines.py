"""Clauses of kind quota gathered into lines: what is asked stays one line through versions and documents."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import replace
from functools import partial

from qizhi.branch_life.rules import Condition, Days, Rule, frequency
from qizhi.core import kept
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Capacity, Ledger
from qizhi.gatherings.queries.known import known_kinds
from qizhi.org.enums import UnitKind
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import QUOTA_PARAMETERS, ParameterError, read_parameters
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import known_during

QUOTA = "quota"
OWED_BY = {
    Subject.BRANCH: UnitKind.BRANCH,
    Subject.DEPARTMENT: UnitKind.DEPARTMENT,
    Subject.COMMITTEE: UnitKind.COMMITTEE,
    Subject.PARTY_GROUP: UnitKind.CENTRE_GROUP,  # the form in which the Party group studies
    Subject.BUREAU: UnitKind.BUREAU,
}
WIDE = frozenset({UnitKind.COMMITTEE, UnitKind.CENTRE_GROUP, UnitKind.BUREAU})
"""Units that are asked for something done anywhere in the bureau, such as a lesson by the leader."""


@dataclass(frozen=True)
class Line:
    """Something asked of units of a kind again and again.

    Attributes:
        key: stable text for addresses and exports.
        unit_kind: who owes it.
        ledger: the ledger that counts for it.
        every: how often it is asked.
        lecturer: only lessons given in this capacity count; empty for all.
        rules: the clauses that ask it, oldest first.
        kinds: code and fitting kinds of unit of each kind of gathering that can be recorded for it.
    """

    key: str
    unit_kind: str
    ledger: str
    every: Every
    lecturer: str = ""
    rules: tuple[Rule, ...] = ()
    kinds: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def label(self) -> str:
        """Chinese name: 支部党员大会, 党课（主要领导讲授）."""
        name = str(Ledger(self.ledger).label) if self.ledger in Ledger else self.ledger
        if self.lecturer:
            who = Capacity(self.lecturer).label if self.lecturer in Capacity else self.lecturer
            return f"{name}（{who}讲授）"
        return name

    @property
    def gap(self) -> str:
        """Why nothing can be recorded for it; empty when it can."""
        if self.ledger not in Ledger:
            return f"条款的计数内容“{self.ledger}”不是活动台账，请政工处更正条款"
        return "" if self.kinds else f"没有计入“{self.label}”的活动类型，请政工处先设置活动类型"

    @property
    def frequency(self) -> str:
        """How often the newest rule asks, in words."""
        newest = self.rules[-1]
        return frequency(self.every, newest.at_least, is_general=newest.is_general)

    def kind_for(self, unit_kind: str) -> str:
        """Code of the first kind of gathering that such a unit can record for it; empty if none."""
        return next((key for key, suited in self.kinds if not suited or unit_kind in suited), "")


def lines_during(bureau_id: uuid.UUID, span: Period) -> list[Line]:
    """Clauses gathered into lines: what is asked stays one line through versions and documents."""
    return kept.keep(partial(_lines_during, bureau_id, span), "branch_life.lines", bureau_id, span)


def _lines_during(bureau_id: uuid.UUID, span: Period) -> list[Line]:
    kinds: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for kind in known_kinds(bureau_id):
        for ledger in kind.ledgers if kind.is_active else ():
            kinds[ledger].append((kind.key, tuple(kind.unit_kinds)))
    found: dict[str, Line] = {}
    rules: dict[str, list[Rule]] = defaultdict(list)
    for clause in known_during(bureau_id, span, kind=QUOTA):
        line, rule = _read_clause(clause)
        if line is not None:
            found.setdefault(line.key, line)
            rules[line.key].append(rule)
    order = {ledger: number for number, ledger in enumerate(Ledger.values)}
    lines = [
        replace(line, rules=tuple(rules[key]), kinds=tuple(kinds[line.ledger])) for key, line in found.items()
    ]
    return sorted(lines, key=lambda line: (order.get(line.ledger, len(order)), line.key))


def _read_clause(clause: Clause) -> tuple[Line | None, Rule]:
    """The line a clause belongs to and the rule it is; no line when it asks nothing of a unit."""
    problem, values = "", dict(clause.parameters)
    try:
        values = read_parameters(QUOTA_PARAMETERS, clause.parameters)
    except ParameterError as error:
        problem = f"条款{clause.key}的参数有误：{error}"
    every = values.get("every")
    at_least = values.get("at_least")
    condition = values.get("only_if") or ""
    rule = Rule(
        clause_id=clause.pk,
        at_least=at_least if isinstance(at_least, int) else 1,
        condition=Condition(condition) if condition in set(Condition) else Condition.NONE,
        in_force=Days(clause.version.effective_from, clause.version.effective_to),
        source=clause.source,
        is_general=clause.is_general,
        problem=problem,
        asked_by=clause.asked_by,
    )
    if clause.subject not in OWED_BY or every not in set(Every):
        return None, rule
    ledger, lecturer = str(values.get("counts") or ""), str(values.get("lecturer") or "")
    parts = [clause.subject, ledger, every, lecturer]
    key = ".".join(filter(None, parts))
    return Line(key, OWED_BY[Subject(clause.subject)], ledger, Every(every), lecturer), rule
