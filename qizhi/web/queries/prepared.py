"""On which coming days the prepared gatherings of units fall: by templates, or by their own fixed days."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from typing import NamedTuple

from qizhi.branch_life.queries import OWED_BY, states
from qizhi.branch_life.queries.theme_days import OwnRules, own_rules
from qizhi.branch_life.rules import State
from qizhi.core.periods import Every, Period, split
from qizhi.gatherings.enums import Audience, Ledger
from qizhi.gatherings.models import Template
from qizhi.org.models import Unit
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar, occurrences
from qizhi.regulations.rules.working_days import UnknownCalendarError

Days = Callable[[str], Sequence[dt.date]]


class Coming(NamedTuple):
    """A day of a template; `units` is empty where it is the day of all that may hold it."""

    template: Template
    day: dt.date
    units: tuple[Unit, ...]


def coming(
    bureau_id: uuid.UUID,
    units: Sequence[Unit],
    span: Period,
    as_of: dt.date,
    seats: AbstractSet[uuid.UUID] | None = None,
) -> Iterator[Coming]:
    """The coming days of prepared gatherings, as far as the papers say which days are worked.

    A branch that has fixed its own theme day has it on that day; a unit that does not owe what a template is
    for (no committee, no groups, ended by then) has no such day. As many queries for one unit as for all.

    Args:
        bureau_id: whose.
        units: who may hold them.
        span: which days.
        as_of: the day on which one looks.
        seats: units in whose committees the reader sits, who then has their meetings; None for every reader.
    """
    own, owed = own_rules(bureau_id, span), _Owed(bureau_id, units, span, as_of)
    days: Days = cache(partial(_days, span=span, calendar=calendar_for(bureau_id)))
    rows = Template.objects.filter(bureau_id=bureau_id, is_active=True).exclude(day_rule="")
    for row in rows.prefetch_related("kinds"):
        kinds = list(row.kinds.all())
        is_closed = bool(kinds) and all(kind.audience == Audience.COMMITTEE for kind in kinds)
        ledgers = {ledger for kind in kinds for ledger in kind.ledgers}
        fixed = own if Ledger.THEME_DAY in ledgers else {}
        of_day: dict[dt.date, list[Unit]] = defaultdict(list)
        for unit in units:
            is_open = not is_closed or seats is None or unit.pk in seats
            if row.unit_kind in ("", unit.kind) and is_open:
                for day in _days_of(unit, row.day_rule, fixed, days, span):
                    if owed.may_hold(unit, day, ledgers):
                        of_day[day].append(unit)
        able = {unit.pk for held in of_day.values() for unit in held}
        for day, held in sorted(of_day.items()):
            yield Coming(row, day, () if len(held) == len(able) else tuple(held))


def _days_of(unit: Unit, rule: str, fixed: OwnRules, days: Days, span: Period) -> Iterator[dt.date]:
    """The days of a template for a unit: those of its rule, in months with an own day that day instead."""
    own = fixed.get(unit.pk, ())
    if not own:
        yield from days(rule)
        return
    for month in split(span, Every.MONTH):
        named = next((own_rule for held, own_rule in own if month.end in held), rule)
        yield from (day for day in days(named) if day in month)


class _Owed:
    """What branches and other units owe in the periods of a span."""

    def __init__(self, bureau_id: uuid.UUID, units: Sequence[Unit], span: Period, as_of: dt.date) -> None:
        owing = [unit for unit in units if unit.kind in OWED_BY.values()]
        self._cells: dict[tuple[uuid.UUID, str], list[tuple[Period, bool]]] = defaultdict(list)
        for cell in states(bureau_id, owing, span, as_of).cells if owing else ():
            key = cell.unit.pk, cell.line.ledger
            self._cells[key].append((cell.period, cell.state is State.NA))

    def may_hold(self, unit: Unit, day: dt.date, ledgers: AbstractSet[str]) -> bool:
        """Whether the unit is there on the day and owes one of the ledgers, or nobody asks for them."""
        if not unit.holds(day):
            return False
        asked = [is_na for ledger in ledgers for span, is_na in self._cells[unit.pk, ledger] if day in span]
        return not asked or not all(asked)


def _days(rule: str, span: Period, calendar: WorkingCalendar) -> list[dt.date]:
    """The days of a rule; of a year without a paper none."""
    ends = [span.end, *(dt.date(year, 12, 31) for year in range(span.end.year - 1, span.start.year - 1, -1))]
    for end in ends:
        try:
            return occurrences(rule, span.start, end, calendar)
        except UnknownCalendarError:
            continue
    return []
