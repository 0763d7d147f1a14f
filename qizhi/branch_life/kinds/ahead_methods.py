"""The outlook on working methods: which was reviewed in the year, which still is to be."""

from __future__ import annotations

from collections.abc import Iterator

from qizhi.branch_life.models import WorkingMethod
from qizhi.branch_life.permissions import MANAGE_METHODS
from qizhi.branch_life.queries.methods import methods_within, review_of
from qizhi.core.periods import Period
from qizhi.org.enums import UnitKind
from qizhi.regulations.kinds import Look, OutlookLine, Prospect, Standing, Step, register_outlook

RANK = 1320


@register_outlook
def methods_ahead(look: Look) -> Iterator[OutlookLine]:
    """One line: each method of a branch in each year of its days; two queries."""
    branches = look.of_kind(UnitKind.BRANCH)
    if not branches:
        return
    years = look.years
    whole = Period(years[0].start, years[-1].end)
    found = list(methods_within(look.bureau_id, whole, [unit.pk for unit in branches]))
    told = [
        _prospect(method, year, look)
        for unit in branches
        for year in years
        for method in found
        if method.unit_id == unit.pk and method.is_active_in(year)
    ]
    yield OutlookLine(
        key="branch_life.methods",
        label="支部工作法评议",
        asks="每个工作法每年评议一次",
        unit_kind=UnitKind.BRANCH,
        prospects=tuple(told),
        rank=RANK,
    )


def _prospect(method: WorkingMethod, year: Period, look: Look) -> Prospect:
    state, why = review_of(method, year, look.as_of)
    is_open = state in {Standing.DUE, Standing.MISSING}
    return Prospect(
        method.unit_id,
        year,
        state,
        year.end if is_open else None,
        reason="：".join(filter(None, (method.name, why))),
        steps=(_step(method, year, look),) if is_open and year.start <= look.as_of else (),
    )


def _step(method: WorkingMethod, year: Period, look: Look) -> Step:
    """The form of the review; of a year that is over only a person knows the day."""
    is_over = look.as_of > year.end
    return Step(
        *("补录评议" if is_over else "登记评议", "branch_life:method_review", MANAGE_METHODS),
        (("year", str(year.start.year)),) if is_over else (),
        (str(method.pk),),
        method.unit_id,
        method.unit.path,
    )
