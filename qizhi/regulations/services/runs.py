"""Runs of the clauses over months: change only what differs from what stands, all or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from qizhi.core import audit, kept
from qizhi.core.db.pour import pour
from qizhi.core.db.turns import take_turn
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.periods import Every, Period, split
from qizhi.core.permissions import Actor
from qizhi.regulations.enums import Change, FindingStatus, RunStatus, Verdict
from qizhi.regulations.models import CalendarPaper, Finding, Proposal, Run
from qizhi.regulations.queries import clauses_during
from qizhi.regulations.services.comparing import (
    EXCUSED,
    SPARED,
    Comparison,
    Found,
    Step,
    digest_of,
    rule_of,
    say_end,
)

BATCH = 2000
TURN = "regulations.findings"
BY_RUN = "核算"
BESIDE = {EXCUSED: "已免除", SPARED: str(Verdict.EXCUSED.label)}
"""What is counted beside the changes, by its name: found and yet held against nobody."""
ENDS = {Change.REPLACED: FindingStatus.SUPERSEDED, Change.GONE: FindingStatus.GONE}
_COLUMNS = tuple(column.attname for column in Finding._meta.concrete_fields)


@transaction.atomic
def run_clauses(
    *,
    bureau_id: uuid.UUID,
    span: Period,
    as_of: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the word of the form
    seen: str = "",
) -> Run:
    """Judge every clause over the months of the span and write what has changed; all or nothing.

    In settled months it only proposes. Run again without a change in between, it writes no finding. A run
    waits for another that is under way in one of its months; a killed one leaves nothing.

    Args:
        bureau_id: whose.
        span: whole months, or the months that the days touch.
        as_of: later rows do not count.
        by: who asks.
        id: of the run, from the form: a second click finds it and makes no other.
        seen: digest of the difference that was shown; empty where nobody was shown one.

    Raises:
        Refused: the difference is no longer what was shown, the span is longer than three years, or another
            run was left open.
    """
    comparison = Comparison(bureau_id, span, as_of)
    hold_months(bureau_id, *comparison.months)
    if (made := made_before(Run, id, bureau_id)) is not None:
        return made
    run = _begin(bureau_id, span, as_of, by, id)
    with kept.sharing():  # what two clauses ask is asked once
        proposals = _write(run, _as_seen(comparison.steps(), seen))
    proposed = _propose(run, proposals, comparison)
    counts = {word: number for word, number in comparison.counts.items() if number}
    run.counts = {**counts, "proposed": proposed, "problems": comparison.problems}
    run.status = RunStatus.DONE
    run.save(update_fields=["counts", "status"])
    audit.record("regulations.run", run, by=by)
    return run


def hold_months(bureau_id: uuid.UUID, *spans: Period) -> None:
    """Wait until nobody else runs, decides or settles in a month that the days touch, and keep others out."""
    months = (month for span in spans for month in split(span, Every.MONTH))
    take_turn(TURN, bureau_id, (f"{month.start:%Y-%m}" for month in months))


def _as_seen(steps: Iterable[Step], seen: str) -> Iterable[Step]:
    """The steps, once it is sure that they are those that somebody was shown; Refused when they are not."""
    if not seen:
        return steps
    known = list(steps)
    if digest_of(known) != seen:
        raise Refused("核对差异之后，记录又有变化，没有核算。下面是新的差异，请核对后再核算。")
    return known


def _begin(bureau_id: uuid.UUID, span: Period, as_of: dt.date, by: Actor, key: uuid.UUID | None) -> Run:
    """The row that says that a run is under way; nobody sees it before it is done."""
    run = Run(
        pk=key or new_id(),
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


def _write(run: Run, steps: Iterable[Step]) -> list[Step]:
    """Close what is replaced or gone, add what is new, batch by batch; what is only proposed comes back."""
    batch: list[Step] = []
    proposed: list[Step] = []
    for step in steps:
        if step.is_settled:
            proposed.append(step)
            continue
        batch.append(step)
        if len(batch) == BATCH:
            _write_batch(run, batch)
            batch = []
    _write_batch(run, batch)
    return proposed


def _write_batch(run: Run, steps: list[Step]) -> None:
    ended: dict[tuple[FindingStatus, str], list[uuid.UUID]] = defaultdict(list)
    for step in steps:
        if step.standing and step.change in ENDS:
            ended[ENDS[step.change], say_end(step.because)[:200] or str(run)].append(step.standing.pk)
    for (status, because), keys in ended.items():
        Finding.objects.live().filter(bureau_id=run.bureau_id, pk__in=keys).update(
            status=status, closed_at=run.at, closed_by_label=BY_RUN, closed_because=because
        )
    rules: dict[uuid.UUID, str] = {}
    rows = []
    for step in steps:
        if step.found is not None:
            clause = step.found.clause
            rule = rules.get(clause.pk) or rules.setdefault(clause.pk, rule_of(clause))
            values = {**values_of(step.found, rule), "supersedes_id": step.standing and step.standing.pk}
            values |= {"run_id": run.pk, "bureau_id": run.bureau_id, **_standing_now(run)}
            rows.append([values[name] for name in _COLUMNS])
    if rows:
        pour(Finding, _COLUMNS, rows)


def _standing_now(run: Run) -> dict[str, Any]:
    """The columns in which all new findings of a run are alike."""
    return {
        "status": FindingStatus.LIVE.value,
        "found_at": run.at,
        "closed_at": None,
        "closed_by_label": "",
        "closed_because": "",
    }


def values_of(found: Found, rule: str) -> dict[str, Any]:
    """The columns of the finding that it becomes; the words of the rule (JSON) are copied with the facts."""
    place, judgement = found.place, found.judgement
    complying = json.dumps(judgement.complying, ensure_ascii=False)
    return {
        "id": new_id(),
        "clause_id": found.clause.pk,
        "slot": found.slot,
        "unit_id": place.unit_id,
        "person_id": place.person_id,
        "start": place.period.start,
        "end": place.period.end,
        "occurrence": place.occurrence[:120],
        "address": place.address[:200],
        "verdict": str(judgement.verdict.value),
        "points": str(found.points),
        "required": judgement.required,
        "actual": judgement.actual,
        "sentence": found.sentence,
        "evidence": f'{{"rule": {rule}, "facts": {found.facts}, "complying": {complying}}}',
        "fingerprint": found.fingerprint,
    }


def _propose(run: Run, steps: list[Step], comparison: Comparison) -> int:
    """How much waits for a person; what no longer differs, or differs otherwise now, waits no longer.

    What a person has set aside is not proposed again: another fact, or another finding, is another proposal.
    """
    steps = _not_set_aside(run.bureau_id, steps)
    same: set[tuple[str, str, str]] = set()
    stale: list[uuid.UUID] = []
    wanted = {
        (step.slot, step.change.value, step.found.fingerprint if step.found else ""): step for step in steps
    }
    proposed = {step.slot for step in steps}
    waiting = Proposal.objects.filter(bureau_id=run.bureau_id, decided_at__isnull=True)
    for row in waiting.select_related("finding"):
        key = (row.slot, row.change, row.fingerprint)
        day = row.finding.end if row.finding else dt.date.fromisoformat(row.values["end"])
        if key in wanted:
            same.add(key)
        elif row.slot in proposed or (
            any(day in month for month in comparison.months) and comparison.is_judged(row.slot, day)
        ):
            stale.append(row.pk)
    for start in range(0, len(stale), BATCH):
        Proposal.objects.filter(bureau_id=run.bureau_id, pk__in=stale[start : start + BATCH]).update(
            decided_at=run.at, decided_by_label=BY_RUN, is_accepted=False
        )
    sentences = _sentences(run.bureau_id, [step for step in steps if step.found is None])
    new = [_proposal(run, step, sentences) for key, step in wanted.items() if key not in same]
    Proposal.objects.bulk_create(new, batch_size=BATCH)
    return len(wanted)


def _not_set_aside(bureau_id: uuid.UUID, steps: list[Step]) -> list[Step]:
    """The steps to which nobody has said no before; one query, none where there are no steps."""
    if not steps:
        return steps
    rows = Proposal.objects.filter(bureau_id=bureau_id, is_accepted=False).exclude(decided_by_label=BY_RUN)
    said = set(rows.values_list("slot", "change", "finding_id", "fingerprint"))
    return [
        step
        for step in steps
        if (
            step.slot,
            step.change.value,
            step.standing and step.standing.pk,
            step.found.fingerprint if step.found else "",
        )
        not in said
    ]


def _proposal(run: Run, step: Step, sentences: Mapping[uuid.UUID, str]) -> Proposal:
    found, standing = step.found, step.standing
    values = {**values_of(found, rule_of(found.clause))} if found else {}
    if found:
        values["evidence"] = json.loads(values["evidence"])
    return Proposal(
        bureau_id=run.bureau_id,
        run=run,
        change=step.change,
        slot=step.slot,
        finding_id=standing.pk if standing else None,
        values=json.loads(json.dumps(values, cls=DjangoJSONEncoder)),
        sentence=found.sentence if found else _ending(sentences[standing.pk], step) if standing else "",
        fingerprint=found.fingerprint if found else "",
    )


def _ending(sentence: str, step: Step) -> str:
    """What a finding says that would end, and what excuses the branch, if that is why."""
    return f"{sentence}{say_end(step.because)}"


def _sentences(bureau_id: uuid.UUID, steps: list[Step]) -> dict[uuid.UUID, str]:
    """What the findings say that these steps would end."""
    keys = [step.standing.pk for step in steps if step.standing]
    found: dict[uuid.UUID, str] = {}
    for start in range(0, len(keys), BATCH):
        rows = Finding.objects.filter(bureau_id=bureau_id, pk__in=keys[start : start + BATCH])
        found.update(rows.values_list("pk", "sentence"))
    return found


def numbers_of(counts: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The counts of a run by their names; exemptions and what costs nothing where there are any."""
    numbers = [(str(change.label), counts.get(change.value, 0)) for change in Change]
    return [*numbers, *((word, counts[key]) for key, word in BESIDE.items() if counts.get(key))]


def say_counts(counts: Mapping[str, Any]) -> str:
    """The counts of a run in words, nothing said of what did not happen."""
    words = [f"{Change(key).label}{counts[key]}条" for key in Change.values if counts.get(key)]
    words += [f"{word}{counts[key]}条" for key, word in BESIDE.items() if counts.get(key)]
    if counts.get("proposed"):
        words.append(f"结账期内建议{counts['proposed']}条")
    return "，".join(words) or "没有发现"
