"""Runs of the clauses over months: find, compare with what stands, change only what differs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.ids import new_id
from qizhi.core.periods import Every, Period, split
from qizhi.core.permissions import Actor
from qizhi.regulations.enums import Change, FindingStatus, RunStatus, Verdict
from qizhi.regulations.kinds import Judgement, Kind, ParameterError, Place, kind_by_key
from qizhi.regulations.models import CalendarPaper, Clause, Finding, PeriodClose, Proposal, Run
from qizhi.regulations.queries import clauses_during
from qizhi.regulations.rules.runs import Slot, reconcile

BATCH = 2000
MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that a clause does not bear, or that cannot be known, with all that a finding keeps of it."""

    clause: Clause
    slot: str
    place: Place
    judgement: Judgement
    sentence: str
    points: Decimal
    fingerprint: str


@dataclass
class Outcome:
    """What a run does, slot by slot; what could not be judged, and why.

    `changes` leaves out what stays as it is: `counts` has its number.
    """

    changes: list[tuple[Change, Found | None, Finding | None]] = field(default_factory=list)
    proposals: list[tuple[Change, Found | None, Finding | None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def compare(bureau_id: uuid.UUID, span: Period, as_of: dt.date) -> Outcome:
    """What a run over the span would change; writes nothing.

    Args:
        bureau_id: whose facts.
        span: judged by whole months, each by the versions in force on its days.
        as_of: later rows do not count.

    Raises:
        Refused: the span is longer than three years.
    """
    months = split(span, Every.MONTH)
    if len(months) > MOST_MONTHS:
        raise Refused(f"一次最多核算{MOST_MONTHS}个月，这里有{len(months)}个月。请分几次进行。", "end")
    closed = list(PeriodClose.objects.filter(bureau_id=bureau_id).values_list("start", "end"))
    outcome = Outcome()
    for month in months:
        is_closed = any(start <= month.end and month.start <= end for start, end in closed)
        _compare_month(bureau_id, month, as_of, outcome, outcome.proposals if is_closed else outcome.changes)
    return outcome


def _compare_month(
    bureau_id: uuid.UUID,
    month: Period,
    as_of: dt.date,
    outcome: Outcome,
    into: list[tuple[Change, Found | None, Finding | None]],
) -> None:
    ask = Ask(bureau_id, month, as_of)
    found: dict[str, Found] = {}
    failed: set[str] = set()
    for clause in clauses_during(bureau_id, month.start, month.end).exclude(kind=""):
        asked_by = f"{clause.version.regulation.code}|{clause.key}"
        try:
            # A fact belongs to the month in which its period ends; a run of that month finds it.
            found.update((one.slot, one) for one in find(clause, ask) if one.place.period.end in month)
        except ParameterError as error:
            failed.add(asked_by)
            outcome.problems.append(f"{clause.source}（{clause.key}）没有判定：{error}")
    standing = Finding.objects.filter(bureau_id=bureau_id, end__range=(month.start, month.end))
    live = dict(standing.live().values_list("slot", "fingerprint"))
    withdrawn = set(standing.filter(status=FindingStatus.WITHDRAWN).values_list("slot", flat=True))
    judged = {slot for slot in live if Slot.asked_by(slot) not in failed}
    prints = {slot: one.fingerprint for slot, one in found.items()}
    steps = [(slot, Change(change)) for slot, change in reconcile(prints, live, withdrawn, judged)]
    outcome.counts.update(change.value for _, change in steps)
    wanted = [slot for slot, change in steps if change in {Change.REPLACED, Change.GONE}]
    rows = _live_by_slot(bureau_id, wanted)
    into.extend(
        (change, found.get(slot), rows.get(slot))
        for slot, change in steps
        if change not in {Change.UNTOUCHED, Change.LEFT}
    )


def _live_by_slot(bureau_id: uuid.UUID, slots: list[str]) -> dict[str, Finding]:
    rows: dict[str, Finding] = {}
    for start in range(0, len(slots), BATCH):
        part = slots[start : start + BATCH]
        found = Finding.objects.live().filter(bureau_id=bureau_id, slot__in=part).select_related("clause")
        rows.update((row.slot, row) for row in found)
    return rows


def find(clause: Clause, ask: Ask) -> Iterator[Found]:
    """What a clause finds, each fact judged by its own version.

    Raises:
        ParameterError: its kind is unknown or cannot use its parameters.
    """
    kind = kind_by_key(clause.kind)
    if kind is None:
        raise ParameterError({"kind": f"系统里没有判定类型“{clause.kind}”。"})
    parameters = kind.read(clause.parameters)
    for fact in kind.scan(clause, ask):
        yield _found(clause, kind, fact, kind.judge(parameters, fact), ask)


def _found(clause: Clause, kind: Kind[Any], fact: object, judgement: Judgement, ask: Ask) -> Found:
    place = kind.place(fact, ask)
    subject = place.person_id or place.unit_id or ""
    slot = Slot(
        clause.version.regulation.code,
        clause.key,
        str(subject),
        place.period.start.isoformat(),
        place.occurrence[:80],
    )
    points = clause.points * judgement.times if judgement.verdict == Verdict.VIOLATED else Decimal(0)
    kept_facts = [
        *(str(clause.pk), judgement.verdict, str(points), judgement.required),
        judgement.evidence,
    ]
    text = json.dumps(kept_facts, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return Found(
        clause,
        str(slot),
        place,
        judgement,
        kind.sentence(clause, fact, judgement),
        points,
        hashlib.sha256(text.encode()).hexdigest(),
    )


@transaction.atomic
def run_clauses(*, bureau_id: uuid.UUID, span: Period, as_of: dt.date, by: Actor) -> Run:
    """Judge every clause over the months of the span and write what has changed; all or nothing.

    In settled months it only proposes. Run again without a change in between, it writes no finding.

    Raises:
        Refused: another run of the bureau is under way, or the span is longer than three years.
    """
    run = _begin(bureau_id, span, as_of, by)
    outcome = compare(bureau_id, span, as_of)
    write(run, outcome.changes)
    _propose(run, outcome.proposals)
    run.counts = {**outcome.counts, "proposed": len(outcome.proposals), "problems": outcome.problems}
    run.status = RunStatus.DONE
    run.save(update_fields=["counts", "status"])
    audit.record("regulations.run", run, by=by)
    return run


def _begin(bureau_id: uuid.UUID, span: Period, as_of: dt.date, by: Actor) -> Run:
    """The row that keeps others out until the transaction ends; a killed run leaves nothing of it."""
    run = Run(
        bureau_id=bureau_id,
        start=span.start,
        end=span.end,
        as_of=as_of,
        rules_hash=rules_hash(bureau_id, span),
        calendar_hash=calendar_hash(bureau_id),
        by_id=by.account_id,
        by_label=by.label[:100],
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("另一次核算正在进行，这次没有开始。请稍后再试。") from error
    return run


def rules_hash(bureau_id: uuid.UUID, span: Period) -> str:
    """Of every clause that binds in the span: equal hashes, equal rules."""
    values = clauses_during(bureau_id, span.start, span.end).exclude(kind="").order_by("pk")
    return _hash(values.values_list("pk", "kind", "parameters", "points", "version__effective_to"))


def calendar_hash(bureau_id: uuid.UUID) -> str:
    """Of every paper in its revision."""
    papers = CalendarPaper.objects.filter(bureau_id=bureau_id).order_by("pk")
    return _hash(papers.values_list("pk", "revision"))


def _hash(rows: Iterable[object]) -> str:
    text = json.dumps(list(rows), sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def write(run: Run, changes: Iterable[tuple[Change, Found | None, Finding | None]]) -> None:
    """Close what is replaced or gone, then add what is new."""
    added: list[Finding] = []
    ended: dict[FindingStatus, list[uuid.UUID]] = {FindingStatus.SUPERSEDED: [], FindingStatus.GONE: []}
    for _, found, standing in changes:
        if standing is not None:
            ended[FindingStatus.SUPERSEDED if found else FindingStatus.GONE].append(standing.pk)
        if found is not None:
            added.append(Finding(**values_of(found), run=run, bureau_id=run.bureau_id, supersedes=standing))
    for status, keys in ended.items():
        for start in range(0, len(keys), BATCH):
            Finding.objects.filter(bureau_id=run.bureau_id, pk__in=keys[start : start + BATCH]).update(
                status=status, closed_at=run.at, closed_by_label="核算", closed_because=str(run)
            )
    Finding.objects.bulk_create(added, batch_size=BATCH)


def values_of(found: Found) -> dict[str, Any]:
    """The columns of the finding that it becomes; the words of the rule are copied with the facts."""
    clause, place, judgement = found.clause, found.place, found.judgement
    version = clause.version
    rule = {
        "document": version.regulation.title,
        "doc_no": version.regulation.doc_no,
        "version": version.label,
        "number": clause.number,
        "text": clause.text,
        "is_quoted": clause.is_quoted,
        "parameters": clause.parameters,
    }
    return {
        "pk": new_id(),
        "clause_id": clause.pk,
        "slot": found.slot,
        "unit_id": place.unit_id,
        "person_id": place.person_id,
        "start": place.period.start,
        "end": place.period.end,
        "occurrence": place.occurrence[:120],
        "address": place.address[:200],
        "verdict": Verdict(judgement.verdict),
        "points": found.points,
        "required": judgement.required,
        "actual": judgement.actual,
        "sentence": found.sentence,
        "evidence": {"rule": rule, "facts": _plain(judgement.evidence)},
        "fingerprint": found.fingerprint,
    }


def _plain(value: object) -> Any:
    """The value as JSON gives it back."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _propose(run: Run, proposals: Iterable[tuple[Change, Found | None, Finding | None]]) -> None:
    """What waits for a person; a newer proposal for a slot takes the place of the one that waits."""
    rows = []
    for change, found, standing in proposals:
        slot = found.slot if found else str(standing.slot if standing else "")
        values = values_of(found) if found else {}
        rows.append(
            Proposal(
                bureau_id=run.bureau_id,
                run=run,
                change=change,
                slot=slot,
                finding=standing,
                values=_plain(values),
                sentence=found.sentence if found else str(standing),
                fingerprint=found.fingerprint if found else "",
            )
        )
    waiting = Proposal.objects.filter(bureau_id=run.bureau_id, decided_at__isnull=True)
    same = {(row.slot, row.change, row.fingerprint) for row in waiting}
    new = [row for row in rows if (row.slot, row.change, row.fingerprint) not in same]
    waiting.filter(slot__in=[row.slot for row in new]).update(
        decided_at=run.at, decided_by_label="核算", is_accepted=False
    )
    Proposal.objects.bulk_create(new, batch_size=BATCH)


@transaction.atomic
def decide_proposal(*, proposal: Proposal, is_accepted: bool, by: Actor) -> Proposal:
    """Take a proposed change over into settled days, or set it aside.

    Raises:
        Refused: it was decided already, or what it would change has changed since.
    """
    if proposal.decided_at is not None:
        raise Refused("这条建议已经处理过，没有再次处理。")
    before = audit.snapshot(proposal)
    if is_accepted:
        _accept(proposal, by)
    proposal.is_accepted = is_accepted
    proposal.decided_at, proposal.decided_by_label = clock.now(), by.label[:100]
    proposal.save(update_fields=["is_accepted", "decided_at", "decided_by_label"])
    audit.record("regulations.decide_proposal", proposal, by=by, before=before)
    return proposal


def _accept(proposal: Proposal, by: Actor) -> None:
    standing = Finding.objects.live().filter(bureau_id=proposal.bureau_id, slot=proposal.slot).first()
    if (standing.pk if standing else None) != proposal.finding_id:
        raise Refused("这条发现在建议之后又有变化，没有采纳。请重新核算后再处理。")
    if standing is not None:
        status = FindingStatus.SUPERSEDED if proposal.values else FindingStatus.GONE
        _close(standing, status, by.label, "结账期内变更，经决定采纳")
    if proposal.values:
        row = Finding(bureau_id=proposal.bureau_id, run=proposal.run, supersedes=standing)
        columns = {column.attname: column for column in Finding._meta.concrete_fields}
        for name, value in proposal.values.items():
            if name in columns:
                column = columns[name]
                target = column.target_field if column.is_relation else column  # type: ignore[attr-defined]
                setattr(row, name, target.to_python(value))
        row.save(force_insert=True)


def _close(finding: Finding, status: FindingStatus, label: str, because: str) -> None:
    finding.status = status
    finding.closed_at = clock.now()
    finding.closed_by_label, finding.closed_because = label[:100], because[:200]
    finding.save(update_fields=["status", "closed_at", "closed_by_label", "closed_because"])


@transaction.atomic
def withdraw_finding(*, finding: Finding, because: str, by: Actor) -> Finding:
    """Withdraw a finding by decision: no run ever finds it again.

    Raises:
        Refused: it stands no longer.
    """
    if finding.status != FindingStatus.LIVE:
        raise Refused(f"这条发现已是“{finding.get_status_display()}”，没有再次撤销。")
    before = audit.snapshot(finding)
    _close(finding, FindingStatus.WITHDRAWN, by.label, because)
    audit.record("regulations.withdraw_finding", finding, by=by, before=before)
    return finding


@transaction.atomic
def close_period(*, bureau_id: uuid.UUID, span: Period, by: Actor) -> PeriodClose:
    """Settle whole months: from now on runs only propose there.

    Raises:
        Refused: not whole months, not over yet, or some of them are settled already.
    """
    months = split(span, Every.MONTH)
    if (months[0].start, months[-1].end) != (span.start, span.end):
        raise Refused("结账须是整月，没有结账。请从某月1日选到某月末日。", "start")
    if span.end >= clock.today():
        raise Refused("期间还没有过完，没有结账。", "end")
    touching = PeriodClose.objects.filter(bureau_id=bureau_id, start__lte=span.end, end__gte=span.start)
    if (known := touching.first()) is not None:
        raise Refused(f"其中有月份已经结账（{known}），没有再次结账。", "start")
    row = PeriodClose(
        bureau_id=bureau_id, start=span.start, end=span.end, by_id=by.account_id, by_label=by.label[:100]
    )
    row.save(force_insert=True)
    audit.record("regulations.close_period", row, by=by)
    return row


@transaction.atomic
def reopen_period(*, period: PeriodClose, because: str, by: Actor) -> None:
    """Open settled months again; the log keeps that they were settled, and why they are no longer."""
    audit.record(
        "regulations.reopen_period", period, by=by, before=audit.snapshot(period), after={"because": because}
    )
    period.delete()


def say_counts(counts: Mapping[str, Any]) -> str:
    """The counts of a run in words, nothing said of what did not happen."""
    words = [f"{Change(key).label}{counts[key]}条" for key in Change.values if counts.get(key)]
    if counts.get("proposed"):
        words.append(f"结账期内建议{counts['proposed']}条")
    return "，".join(words) or "没有发现"
