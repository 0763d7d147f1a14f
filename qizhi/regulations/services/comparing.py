"""What the clauses find in some months against what stands: read as a stream, nothing is written here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, split
from qizhi.regulations.enums import Change, FindingStatus, Verdict
from qizhi.regulations.kinds import (
    AskedExcuses,
    Judgement,
    Kind,
    ParameterError,
    Place,
    cleared_slots,
    kind_by_key,
    say_differing,
    sentence_of,
    weigh_excuses,
)
from qizhi.regulations.models import Clause, Finding, PeriodClose
from qizhi.regulations.queries import clauses_during, exemptions_of
from qizhi.regulations.rules import Exemptions
from qizhi.regulations.rules.runs import asked_by, may_move, reconcile, slot_of

MOST_MONTHS = 36
EXCUSED = "excused"
"""Name of the number of facts that make no finding because the branch is excused."""
SPARED = "spared"
"""Name of the number of findings that cost nothing because something excuses the person."""
STREAM = 5000
"""Rows read from the database at a time."""
COMPARED = ("verdict", "points", "required", "actual", "evidence")
NOBODY = Exemptions()
# Made once: a million facts are written with it.
_JSON = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False)


class Standing(NamedTuple):
    """A finding that stands: its key and fingerprint, and the last day of its period."""

    pk: uuid.UUID
    fingerprint: str
    end: dt.date


@dataclass(slots=True)
class Found:
    """A fact that a clause does not bear, or that cannot be known; said in words only when it is written.

    `excuse` says why the branch need not bear it: such a fact is counted and makes no finding.
    """

    clause: Clause
    kind: Kind[Any]
    fact: Any
    place: Place
    judgement: Judgement
    slot: str
    points: Decimal
    facts: str
    fingerprint: str
    excuse: str = ""

    @property
    def sentence(self) -> str:
        """The sentence that explains it."""
        return sentence_of(self.kind, self.clause, self.fact, self.judgement)


class Step(NamedTuple):
    """What a run does in a slot: add, replace or end. `is_settled`: it may only propose it.

    `because` says why what stood ends, where it is another reason than that the facts have changed.
    """

    change: Change
    slot: str
    found: Found | None
    standing: Standing | None
    is_settled: bool
    because: str = ""


@dataclass
class Outcome:
    """What a run would do, slot by slot; what could not be judged, and why.

    `changes` leaves out what stays as it is: `counts` has its number.
    """

    changes: list[Step] = field(default_factory=list)
    proposals: list[Step] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @cached_property
    def digest(self) -> str:
        """Of all that would change."""
        return digest_of((*self.changes, *self.proposals))


def digest_of(steps: Iterable[Step]) -> str:
    """Of steps in any order: equal digests, equal changes."""
    lines = [f"{step.change}|{step.slot}|{step.found.fingerprint if step.found else ''}" for step in steps]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


@dataclass
class Comparison:
    """The months of a span, one after the other; `counts` and `problems` fill up as `steps` is read.

    `judged` tells of a slot whether its clause could be judged; `excused` has by slot why a branch need not
    bear what would have been found.
    """

    bureau_id: uuid.UUID
    span: Period
    as_of: dt.date
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    failed: set[tuple[str, Period]] = field(default_factory=set)
    excused: dict[str, str] = field(default_factory=dict)
    _left: dict[str, Step] = field(default_factory=dict)
    """What is no longer found in the open month in which it stands, of rows that can move."""
    _taken: set[uuid.UUID] = field(default_factory=set)
    """Findings that are replaced by one of another month."""

    @cached_property
    def months(self) -> list[Period]:
        """The months; Refused when there are too many."""
        months = split(self.span, Every.MONTH)
        if len(months) > MOST_MONTHS:
            raise Refused(f"一次最多核算{MOST_MONTHS}个月，这里有{len(months)}个月。请分几次进行。", "end")
        return months

    @cached_property
    def exemptions(self) -> Exemptions:
        """Which branches are excused from what."""
        return exemptions_of(self.bureau_id)

    def steps(self) -> Iterator[Step]:
        """Everything that changes, clause by clause; each clause is asked once a month.

        A fact that is a row can have moved from one month to another. Where both are open, what stands is
        replaced. What stands in a settled month stands until a person ends it, and the row is not found a
        second time meanwhile; in a settled month it is proposed anew.
        """
        for month in self.months:
            for step in self._month(month):
                if step.change is Change.GONE and may_move(step.slot) and not step.is_settled:
                    self._left[step.slot] = step  # perhaps it is found in a later month
                else:
                    yield self._counted(step)
        yield from map(self._counted, self._left.values())

    def _counted(self, step: Step) -> Step:
        self.counts[step.change] += not step.is_settled  # there it is only proposed
        return step

    def _month(self, month: Period) -> Iterator[Step]:
        live, withdrawn = self._standing(month)
        asked: dict[str, list[Clause]] = defaultdict(list)
        for clause in clauses_during(self.bureau_id, month.start, month.end).exclude(kind=""):
            asked[clause.asked_by].append(clause)
        for key in [*asked, *(key for key in live if key not in asked)]:
            found, is_judged = self._found(asked.get(key, []), month)
            if not is_judged:
                self.failed.add((key, month))
            own, is_settled = live.pop(key, {}), self._is_settled(month.end)
            there = own | self._moved_here(found, own, withdrawn, is_settled=is_settled)
            prints = {slot: one.fingerprint for slot, one in found.items()}
            # What stands in another month is never the same: its days are others.
            standing = {slot: one.fingerprint if slot in own else "" for slot, one in there.items()}
            for slot, word in reconcile(prints, standing, withdrawn, own.keys() if is_judged else set()):
                change = Change(word)
                if change in {Change.UNTOUCHED, Change.LEFT}:
                    self.counts[word] += 1
                    continue
                because = self.excused.get(slot, "")
                yield Step(change, slot, found.get(slot), there.get(slot), is_settled, because)

    def _is_settled(self, day: dt.date) -> bool:
        return any(start <= day <= end for start, end in self._settled)

    @cached_property
    def _settled(self) -> list[tuple[dt.date, dt.date]]:
        """Days that are settled, by whole months."""
        return list(PeriodClose.objects.filter(bureau_id=self.bureau_id).values_list("start", "end"))

    def _moved_here(
        self, found: dict[str, Found], own: Mapping[str, Standing], withdrawn: set[str], *, is_settled: bool
    ) -> dict[str, Standing]:
        """What stands in another month of the rows that are found in this one, and is replaced.

        Takes those out of `found` that stand in a settled month, and adds to `withdrawn` what a person has
        closed for ever. No query unless a row is found that does not stand here, else two for `STREAM`.
        """
        here: dict[str, Standing] = {}
        asked = sorted(slot for slot in found.keys() - own.keys() if may_move(slot))
        for first in range(0, len(asked), STREAM):
            rows = Finding.objects.filter(bureau_id=self.bureau_id, slot__in=asked[first : first + STREAM])
            withdrawn |= set(rows.filter(status=FindingStatus.WITHDRAWN).values_list("slot", flat=True))
            for slot, pk, fingerprint, end in rows.live().values_list("slot", "pk", "fingerprint", "end"):
                one = Standing(pk, fingerprint, end)
                if self._is_settled(one.end):
                    del found[slot]
                elif not is_settled:
                    here[slot] = one
                    self._taken.add(one.pk)
                    self._left.pop(slot, None)
        return here

    def _standing(self, month: Period) -> tuple[dict[str, dict[str, Standing]], set[str]]:
        """What stands, by clause and slot, and the slots that a person has closed for ever; two queries."""
        rows = Finding.objects.filter(
            bureau_id=self.bureau_id, end__range=(month.start, month.end)
        ).order_by()
        live: dict[str, dict[str, Standing]] = defaultdict(dict)
        standing = rows.live().values_list("slot", "pk", "fingerprint", "end")
        for slot, pk, fingerprint, end in standing.iterator(chunk_size=STREAM):
            one = Standing(pk, fingerprint, end)
            if one.pk not in self._taken:  # it stands in an earlier month by now
                live[asked_by(slot)][slot] = one
        ended = rows.filter(status=FindingStatus.WITHDRAWN).values_list("slot", flat=True)
        return live, self._cleared.union(ended)

    @cached_property
    def _cleared(self) -> set[str]:
        """Of what somebody was cleared, whatever became of the finding; one query for all months."""
        return cleared_slots(self.bureau_id)

    def _found(self, clauses: list[Clause], month: Period) -> tuple[dict[str, Found], bool]:
        """What the versions of a clause find in a month; False where one of them cannot be judged by."""
        found: dict[str, Found] = {}
        is_judged = True
        for clause in clauses:
            try:
                # A fact belongs to the month in which its period ends; a run of that month finds it.
                for one in find(clause, Ask(self.bureau_id, month, self.as_of), self.exemptions):
                    if not month.start <= one.place.period.end <= month.end:
                        continue
                    if one.excuse:
                        self.excused[one.slot] = one.excuse
                        self.counts[EXCUSED] += 1
                    else:
                        found[one.slot] = one
                        if one.judgement.verdict is Verdict.EXCUSED:
                            self.counts[SPARED] += 1
            except ParameterError as error:
                is_judged = False
                self.problems.append(f"{clause.source}（{clause.key}）没有判定：{error}")
        return found, is_judged

    def is_judged(self, slot: str, day: dt.date) -> bool:
        """Whether the slot's clause could be judged in the month of the day."""
        key = asked_by(slot)
        return all(key != failed or day not in month for failed, month in self.failed)


def compare(bureau_id: uuid.UUID, span: Period, as_of: dt.date) -> Outcome:
    """What a run over the span would change; writes nothing.

    Args:
        bureau_id: whose facts.
        span: judged by whole months, each by the versions in force on its days.
        as_of: later rows do not count.

    Raises:
        Refused: the span is longer than three years.
    """
    comparison, outcome = Comparison(bureau_id, span, as_of), Outcome()
    for step in comparison.steps():
        (outcome.proposals if step.is_settled else outcome.changes).append(step)
    outcome.problems, outcome.counts = comparison.problems, comparison.counts
    return outcome


def find(clause: Clause, ask: Ask, exemptions: Exemptions = NOBODY) -> Iterator[Found]:
    """What a clause finds, each fact judged by its own version, with what excuses the branch from it.

    Raises:
        ParameterError: its kind is unknown or cannot use its parameters.
    """
    kind = kind_by_key(clause.kind)
    if kind is None:
        raise ParameterError({"kind": f"系统里没有判定类型“{clause.kind}”。"})
    parameters = kind.read(clause.parameters)
    head, key = clause.asked_by, str(clause.pk)
    excuses = AskedExcuses(ask.bureau_id, ask.period)
    for fact in kind.scan(clause, ask):
        place = kind.place(fact, ask)
        judgement = weigh_excuses(kind.judge(parameters, fact), clause, place, excuses)
        subject = place.person_id or place.unit_id or ""
        slot = slot_of(head, subject, place.period.start, place.occurrence)
        points = clause.points * judgement.times if judgement.verdict == Verdict.VIOLATED else Decimal(0)
        facts = _JSON.encode(judgement.evidence)
        kept = f"{key}|{judgement.verdict}|{points}|{judgement.required}|{facts}"
        print_ = hashlib.sha256(kept.encode()).hexdigest()
        days = place.asked_on or place.period
        excuse = exemptions.why(place.unit_id, head, days) if kind.is_excusable else ""
        yield Found(clause, kind, fact, place, judgement, slot, points, facts, print_, excuse)


def say_end(excuse: str) -> str:
    """Why a finding ends, where the branch is excused; empty where it is not."""
    return f"已免除：{excuse}" if excuse else ""


class ChangeLine(NamedTuple):
    """A step for people to read: what stood, and what would stand."""

    change: str
    period: str
    old: str
    new: str
    is_settled: bool
    differs: list[audit.Change]
    """In what they differ, where something stands on both sides: the sentences may read the same."""


def lines_of(bureau_id: uuid.UUID, steps: Sequence[Step]) -> list[ChangeLine]:
    """Steps with the sentences on both sides, and in what these differ; one query however many."""
    keys = [step.standing.pk for step in steps if step.standing]
    rows = Finding.objects.filter(bureau_id=bureau_id, pk__in=keys).only(
        "sentence", "start", "end", *COMPARED
    )
    old = {row.pk: row for row in rows} if keys else {}
    lines = []
    for step in steps:
        before = old.get(step.standing.pk) if step.standing else None
        period = step.found.place.period.label if step.found else before.period_label if before else ""
        lines.append(
            ChangeLine(
                str(step.change.label),
                period,
                before.sentence if before else "",
                step.found.sentence if step.found else say_end(step.because),
                step.is_settled,
                say_differing(compared_of(before), _compared(step.found)) if before and step.found else [],
            )
        )
    return lines


def compared_of(finding: Finding) -> dict[str, Any]:
    """What of a finding is compared with another."""
    return {name: getattr(finding, name) for name in COMPARED}


def _compared(found: Found) -> dict[str, Any]:
    judgement = found.judgement
    evidence = {"rule": json.loads(rule_of(found.clause)), "facts": json.loads(found.facts)}
    values = (judgement.verdict.value, found.points, judgement.required, judgement.actual, evidence)
    return dict(zip(COMPARED, values, strict=True))


def rule_of(clause: Clause) -> str:
    """The words of the rule as a finding keeps them, as JSON."""
    version = clause.version
    return _JSON.encode(
        {
            "document": version.regulation.title,
            "doc_no": version.regulation.doc_no,
            "version": version.label,
            "effective_from": version.effective_from,
            "number": clause.number,
            "text": clause.text,
            "is_quoted": clause.is_quoted,
            "kind": clause.kind,
            "parameters": clause.parameters,
        }
    )
