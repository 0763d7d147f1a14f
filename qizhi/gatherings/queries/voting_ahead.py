"""The outlook on votes: which of them stand, branch by branch."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence

from qizhi.gatherings import rules
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.models import Resolution
from qizhi.gatherings.permissions import SEE
from qizhi.gatherings.queries.texts import texts_from
from qizhi.gatherings.queries.voting import vote_of
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.kinds import Look, Mark, OutlookLine, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import binding_on, cited
from qizhi.regulations.models import Clause

RANK = 2200


def votes_ahead(clauses: Sequence[Clause], look: Look) -> Iterator[OutlookLine]:
    """One line for each rule of voting; one query however many."""
    branches = look.of_kind(UnitKind.BRANCH)
    by_rule: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        by_rule[str(clause.parameters.get("threshold", ""))].append(clause)
    found, texts = _votes(look, branches), texts_from(clauses)
    for number, (threshold, mine) in enumerate(by_rule.items()):
        label = Threshold(threshold).label if threshold in Threshold else threshold
        yield OutlookLine(
            key=f"vote.{threshold}",
            label=f"{label}表决",
            asks="到会、赞成人数够，选票不多",
            unit_kind=UnitKind.BRANCH,
            clauses=cited(mine),
            prospects=tuple(
                _prospect(mine, look, unit, (found.get((unit.pk, threshold), []), texts))
                if (unit.pk, threshold) in found
                else Prospect(unit.pk, look.span, Standing.NA, reason=_why_none(unit, threshold, look))
                for unit in branches
            ),
            rank=RANK + number,
        )


def _why_none(unit: Unit, threshold: str, look: Look) -> str:
    """Why there is no such vote: a temporary branch holds no elections."""
    days = look.span.until(look.as_of) or look.span
    if threshold == Threshold.ELECTION and belonging_of(look.bureau_id).is_temporary(unit.pk, days.end):
        return "临时党支部，不选举、不换届"
    return "这段时间没有这类表决"


def _votes(look: Look, branches: Sequence[Unit]) -> dict[tuple[uuid.UUID, str], list[Resolution]]:
    days = look.span.until(look.as_of)
    found: dict[tuple[uuid.UUID, str], list[Resolution]] = defaultdict(list)
    if days is None:
        return found
    rows = Resolution.objects.filter(
        bureau_id=look.bureau_id,
        gathering__unit_id__in=[unit.pk for unit in branches],
        gathering__held_on__range=(days.start, days.end),
        gathering__withdrawn_at__isnull=True,
    )
    for row in rows.select_related("gathering").order_by("gathering__held_on", "position"):
        found[row.gathering.unit_id, row.threshold].append(row)
    return found


def _prospect(
    clauses: Sequence[Clause], look: Look, unit: Unit, told: tuple[Sequence[Resolution], rules.Texts]
) -> Prospect:
    (votes, texts), judged = told, []
    for row in votes:
        bound = binding_on(clauses, row.gathering.held_on)
        if bound:
            day = row.gathering.held_on
            said = rules.judge_within(vote_of(row), day, row.gathering.last_day, texts)
            judged.append((row, bound[-1], said))
    if not judged:
        return Prospect(unit.pk, look.span, Standing.NA, reason="这段时间没有这类表决")
    wrong = [one for one in judged if one[2].is_void]
    unclear = [one for one in judged if not one[2].is_known]
    state, shown = Standing.DONE, judged
    if wrong or unclear:
        state, shown = (Standing.MISSING, wrong) if wrong else (Standing.UNKNOWN, unclear)
    words = {Standing.DONE: f"{len(judged)}次有效", Standing.MISSING: f"{len(wrong)}次无效"}.get(state, "")
    reason = "" if state is Standing.DONE else f"“{shown[0][0].title}”：{shown[0][2].sentence.rstrip('。')}"
    steps: tuple[Step, ...] = ()
    if state is not Standing.DONE:
        key = str(shown[0][0].gathering_id)
        steps = (Step("核对票数", "gatherings:detail", SEE, keys=(key,), unit_id=unit.pk, path=unit.path),)
    return Prospect(
        unit.pk,
        look.span,
        state,
        words=words,
        reason=reason,
        source=shown[0][1].source,
        marks=tuple(Mark(row.gathering.held_on, row.gathering_id) for row, _, _ in shown),
        steps=steps,
    )
