"""Votes of temporary branches: what the page of a gathering says of them, and what the clause looks at."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence

from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering, Resolution
from qizhi.gatherings.rules.temporary import BARRED_LABELS, act_of
from qizhi.org.models import TemporaryBranch
from qizhi.org.queries.belonging import Spell, belonging_of
from qizhi.regulations.kinds import Parameter, ParameterError, ParameterType, read_parameters
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import known_during

TEMPORARY = "temporary_branch"
PARAMETERS = tuple(
    Parameter(act, f"一般不{label}", ParameterType.FLAG, is_required=False, default=True)
    for act, label in BARRED_LABELS.items()
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """That a temporary branch generally does not decide this: the sentence, and the clause that says so."""

    sentence: str
    clause: Clause


def doubts_of(gathering: Gathering, rows: Sequence[Resolution]) -> dict[int, Doubt]:
    """By position of each vote that a temporary branch generally does not take.

    No statement for votes that nobody bars, one to ask whether the branch is temporary, one more if it is.
    """
    told = {row.position: act for row in rows if (act := act_of(row.threshold, row.title))}
    if not told:
        return {}
    first, last = gathering.held_on, gathering.last_day
    own = TemporaryBranch.objects.filter(bureau_id=gathering.bureau_id, unit_id=gathering.unit_id)
    if not own.within(first, last).exists():
        return {}
    clause = next(iter(known_during(gathering.bureau_id, Period(first, first), kind=TEMPORARY)), None)
    if clause is None:
        return {}
    try:
        bars = read_parameters(PARAMETERS, clause.parameters)
    except ParameterError:
        return {}  # what cannot be read is told where the clause is judged
    return {
        position: Doubt(f"{gathering.unit}当时是临时党支部，一般不{BARRED_LABELS[act]}，请核对。", clause)
        for position, act in told.items()
        if bars[act]
    }


def votes_of_temporaries(
    bureau_id: uuid.UUID, days: Period, unit_ids: Collection[uuid.UUID] | None
) -> Iterator[tuple[Resolution, list[Spell]]]:
    """Votes of branches that are temporary on one of the days, with when they are; one query, or none."""
    spells = {
        unit_id: own
        for unit_id, own in belonging_of(bureau_id).temporary.items()
        if (unit_ids is None or unit_id in unit_ids) and any(spell.touches(days) for spell in own)
    }
    if not spells:
        return
    rows = Resolution.objects.filter(
        bureau_id=bureau_id,
        gathering__unit_id__in=list(spells),
        gathering__held_on__range=(days.start, days.end),
        gathering__withdrawn_at__isnull=True,
    )
    for row in rows.select_related("gathering__unit").order_by("gathering__held_on", "position", "pk"):
        yield row, spells[row.gathering.unit_id]
