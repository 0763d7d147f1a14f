"""The outlook on a year's sessions for everybody of a rank: due until its last day, missing after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qizhi.branch_life.queries.ranked import Asked, sessions_of
from qizhi.branch_life.queries.ranked_year import YearOf, year_of
from qizhi.core.periods import Period
from qizhi.gatherings.queries.steps import record_step
from qizhi.org.enums import Rank, UnitKind
from qizhi.regulations.kinds import Look, Mark, OutlookLine, Prospect, Standing
from qizhi.regulations.kinds.outlook import binding_on, cited, why_not_bound
from qizhi.regulations.models import Clause

YEAR_RANK = 1290
NAMED = 10


def years_ahead(
    key: str, versions: Sequence[Clause], look: Look, read: Any, name: str
) -> Iterator[OutlookLine]:
    """One line of the bureau, who arranges the sessions; the queries of its sessions for each year."""
    if not look.of_kind(UnitKind.BUREAU):
        return
    newest = read(versions[-1].parameters)
    yield OutlookLine(
        key=f"{key}.year",
        label=f"{name or newest['gathering']}（全年安排）",
        asks=f"{Rank(newest['from_rank']).label}以上人员每人每年至少安排{newest['at_least']}次",
        unit_kind=UnitKind.BUREAU,
        clauses=cited(versions),
        prospects=tuple(_of_year(versions, year, look, read) for year in look.years),
        rank=YEAR_RANK,
    )


def _of_year(versions: Sequence[Clause], year: Period, look: Look, read: Any) -> Prospect:
    """A version that came into force inside the year asks nothing of it."""
    root, bound = look.of_kind(UnitKind.BUREAU)[0], binding_on(versions, year.end)
    if not bound or not binding_on(versions, year.start):
        why = why_not_bound(versions, year.end if not bound else year.start)
        return Prospect(root.pk, year, Standing.NA, reason=why)
    clause, values = bound[-1], read(bound[-1].parameters)
    if not values["at_least"]:
        return Prospect(root.pk, year, Standing.NA, reason="没有规定每年几次", source=clause.source)
    asked = Asked(values["gathering"], values["from_rank"], values["make_up_days"])
    days = year.until(look.as_of)
    held = sessions_of(look.bureau_id, asked, days, look.as_of, None) if days else []
    found = year_of(look.bureau_id, asked, year, held, values["at_least"])
    state = _state(found, year, look)
    is_open = state in {Standing.DUE, Standing.MISSING}
    label = "登记" if state is Standing.DUE else "补录"
    step = record_step(label, root, kind=asked.kind)
    return Prospect(
        root.pk,
        year,
        state,
        year.end if is_open else None,
        f"{len(found.without)}人没有安排" if is_open else "",
        _why(found, state),
        clause.source,
        clause.is_general,
        tuple(Mark(one.gathering.held_on, one.gathering.pk) for one in held),
        (step,) if is_open and days else (),
        required=found.people,
        counted=found.people - len(found.without),
    )


def _state(found: YearOf, year: Period, look: Look) -> Standing:
    if not found.people:
        return Standing.NA
    if not found.without:
        return Standing.DONE
    if look.as_of <= year.end:
        return Standing.DUE
    return Standing.UNKNOWN if found.gap else Standing.MISSING


def _why(found: YearOf, state: Standing) -> str:
    if state is Standing.NA:
        return "没有整年在这个职级以上的人"
    if state is Standing.UNKNOWN:
        return found.gap
    names = "、".join(found.without[:NAMED]) + ("等" if len(found.without) > NAMED else "")
    return names if found.sessions else "还没有举办" if names else ""
