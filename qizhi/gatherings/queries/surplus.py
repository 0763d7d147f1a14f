"""How many more candidates than seats an election must have, by the clause in force on its day."""

from __future__ import annotations

from collections.abc import Iterable

from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering, Resolution
from qizhi.gatherings.rules import SurplusJudged, judge_surplus
from qizhi.regulations.kinds import Parameter, ParameterError, ParameterType, read_parameters
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import known_during

SURPLUS = "candidate_surplus"
PARAMETERS = (
    Parameter(
        "share", "候选人的差额至少占应选人数的", ParameterType.FRACTION, hint="写成分数，例如 1/5（即20%）"
    ),
)


@dataclass(frozen=True, slots=True)
class Surplus:
    """What the page of an election says of its candidates: the verdict and the clause; None before any."""

    judged: SurplusJudged
    clause: Clause


def surplus_of(gathering: Gathering, rows: Iterable[Resolution]) -> dict[int, Surplus]:
    """By position of each election with candidates or seats; one statement, none without such."""
    told = [row for row in rows if row.candidates is not None or row.seats is not None]
    if not told:
        return {}
    day = gathering.held_on
    clause = next(iter(known_during(gathering.bureau_id, Period(day, day), kind=SURPLUS)), None)
    if clause is None:
        return {}
    try:
        share = read_parameters(PARAMETERS, clause.parameters)["share"]
    except ParameterError:
        return {}  # what cannot be read is told where the clause is judged
    return {row.position: Surplus(judge_surplus(row.candidates, row.seats, share), clause) for row in told}
