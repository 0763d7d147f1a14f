"""The thirteen ledgers: figures and the rows behind them, for a period, unit by unit. Nothing is typed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any

from django.urls import NoReverseMatch, reverse

from qizhi.branch_life.queries import Cell, states
from qizhi.core import figures
from qizhi.core.figures import Ask, Column, Figure, Measure, Value, cell_words, plain_cell
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.reports.permissions import SEE_FIGURES
from qizhi.reports.queries import Number, Numbers, Reckoning
from qizhi.web.queries.ledger_columns import MORE, Cells

LINE_KINDS = (UnitKind.BRANCH, UnitKind.CENTRE_GROUP, UnitKind.PARTY_GROUP)
"""Units that have a line of their own; what others held stands in the line 其他组织."""
MEETINGS = ("congress", "committee", "group", "lesson")


def _lecturers(row: Gathering) -> str:
    return "、".join(f"{one}（{one.get_capacity_display()}）" for one in row.lecturers.all())


@dataclass(frozen=True)
class Ledger:
    """One of the thirteen.

    Attributes:
        key: part of its address.
        label: its name.
        lead: one sentence: what it counts and where that comes from.
        figures: keys of its numbers; one that no app publishes (yet) is left out.
        listed: keys of those whose rows are listed; the others only count the same rows in another way.
        duties: what a clause asks for, of which done, due and missing stand beside the numbers.
        columns: of a listed row, beside the figure's own.
        prefetch: what those columns read.
        page: view of the page with more, if some app has one.
        page_label: its name.
        is_whole: it holds every number that is known by unit.
    """

    key: str
    label: str
    lead: str
    figures: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    prefetch: tuple[str, ...] = ()
    page: str = ""
    page_label: str = ""
    is_whole: bool = False

    @property
    def published(self) -> list[Figure]:
        """Its figures."""
        if self.is_whole:
            return [figure for figure in figures.all_figures() if figure.by_unit]
        return [figure for figure in map(figures.get, self.figures) if figure]

    @property
    def page_address(self) -> str:
        """The address of the page with more; empty while there is none."""
        try:
            return reverse(self.page) if self.page else ""
        except NoReverseMatch:
            return ""

    def get_absolute_url(self) -> str:
        """Its own page."""
        return reverse("web:ledger", args=[self.key])


def _of(*names: str) -> tuple[str, ...]:
    return tuple(f"gatherings.{name}" for name in names)


LEDGERS = (
    Ledger(
        "meetings",
        "三会一课",
        "支部党员大会、支部委员会会议、党小组会和党课，按活动登记计次，按条款看该做的做了没有。",
        _of(*MEETINGS),
        _of(*MEETINGS),
        MEETINGS,
        page="branch_life:bureau",
        page_label="组织生活",
    ),
    Ledger(
        "theme-day",
        "主题党日",
        "计入主题党日的活动；缺哪个月、为什么不适用，都按条款算出。",
        _of("theme_day"),
        _of("theme_day"),
        ("theme_day",),
        page="branch_life:bureau",
        page_label="组织生活",
    ),
    Ledger(
        "lessons",
        "党课",
        "每一堂党课由谁、以什么身份讲授。",
        _of(
            "lesson",
            *(
                f"lessons_by_{one}"
                for one in ("principal", "party_group_member", "secretary", "member", "expert")
            ),
        ),
        _of("lesson"),
        columns=(Column("授课人", _lecturers),),
        prefetch=("lecturers__person",),
    ),
    Ledger(
        "hours",
        "学时",
        "计入党员教育培训的活动和它们的学时；到会的人各得一份，每个人的学时由到会情况得出。",
        (*_of("training", "training_hours"), "study.hours_met"),
        _of("training"),
        columns=(Column("学时", lambda row: row.hours),),
        page="study:hours",
        page_label="个人学时",
    ),
    Ledger(
        "centre-plan",
        "学习计划",
        "中心组和支部的学习计划，与实际开展的对照；没有开展和还没到期的也逐项列出。",
        (*_of("centre_study", "centre_discussion"), "study.plan_items", "study.plan_done_share"),
        (*_of("centre_study", "centre_discussion"), "study.plan_items"),
        page="study:bureau",
        page_label="计划与实际对照",
    ),
    Ledger(
        "campaign",
        "专题教育覆盖",
        "计入专题教育的活动；每个专题覆盖到哪些组织。",
        (*_of("campaign"), "study.campaign_coverage"),
        (*_of("campaign"), "study.campaign_coverage"),
        page="study:campaigns",
        page_label="专题覆盖",
    ),
    Ledger(
        "dual-life",
        "双重组织生活",
        "领导干部参加所在支部组织生活的情况，由到会登记得出。",
        ("branch_life.dual_life_share",),
        ("branch_life.dual_life_share",),
        page="branch_life:dual_life",
        page_label="双重组织生活",
    ),
    Ledger(
        "contact",
        "联系旁听",
        "机关党委委员、领导到支部旁听的人次，登记在被旁听的活动里。",
        (*_of("audit_visits"), "branch_life.contact_coverage", "branch_life.guidance_coverage"),
        _of("audit_visits"),
        page="branch_life:contacts",
        page_label="联系安排",
    ),
    Ledger(
        "integrity",
        "党风廉政教育",
        "计入党风廉政教育的活动；处级以上人员参加警示教育的情况，一人一次地列在另一页。",
        _of("integrity"),
        _of("integrity"),
        page="branch_life:ranked",
        page_label="警示教育参加情况",
    ),
    Ledger(
        "responsibility",
        "责任清单",
        "责任清单的事项和办结情况，没有办结和过期的也逐项列出；有数可查的自动判断。",
        ("tasks.list_done_share", "tasks.list_open", "tasks.cascade_done_share", "tasks.cascade_open"),
        ("tasks.list_open", "tasks.cascade_open", "tasks.list_done_share", "tasks.cascade_done_share"),
        page="tasks:lists",
        page_label="三张清单",
    ),
    Ledger(
        "secretary-report",
        "书记述职",
        "一个支部一年的全部数字和该做的事，述职时直接引用，不再另填；全部数字在述职底稿里。",
        (
            *_of("held"),
            "branch_life.missing",
            "branch_life.done_share",
            "branch_life.talk_coverage",
            "study.hours_met",
            "study.plan_done_share",
            "tasks.list_done_share",
        ),
        page="reports:secretary_report",
        page_label="述职底稿",
    ),
    Ledger(
        "assessment",
        "年度考核",
        "所有能按组织分开的指标，支部按固定顺序，不排先后。",
        page="reports:figures",
        page_label="指标",
        is_whole=True,
    ),
    Ledger(
        "overview",
        "综述和通报",
        "综述、通报里的数字都是指标，点开就是原始记录。",
        _of("held", "recorded_late"),
        _of("held"),
        page="reports:overview",
        page_label="综述",
    ),
)
"""In the order of docs/ledgers.md."""


def ledger_by_key(key: str) -> Ledger | None:
    """The ledger of that key, or None."""
    return next((ledger for ledger in LEDGERS if ledger.key == key), None)


@dataclass(frozen=True)
class Spot:
    """A number of a unit: its words, what a table holds of it, and the address of its rows (or empty)."""

    text: str
    plain: int | Decimal | dt.date | None
    counted: int
    address: str
    label: str


@dataclass(frozen=True)
class UnitLine:
    """A unit's line; `unit` is None for what other units did."""

    unit: Unit | None
    spots: tuple[Spot, ...]
    duties: tuple[Cell, ...] = ()

    @property
    def label(self) -> str:
        """Its name."""
        return str(self.unit) if self.unit else "其他组织"


@dataclass(frozen=True)
class Sheet:
    """A ledger for a period, as one person may see it."""

    ledger: Ledger
    numbers: list[Number]
    lines: list[UnitLine]
    rows: Rows

    @property
    def told(self) -> list[Number]:
        """Those of the sentence: without what none of the units can have, which is a dash in lines."""
        return [one for one in self.numbers if one.value.counted or one.reckoning.has(one.figure)]

    @property
    def by_figure(self) -> list[tuple[Figure, list[Spot]]]:
        """The table turned: a line for each figure, for ledgers with many."""
        return [
            (number.figure, [line.spots[place] for line in self.lines])
            for place, number in enumerate(self.numbers)
        ]


def sheet_of(ledger: Ledger, reckoning: Reckoning, actor: Actor, period: Period) -> Sheet:
    """Read a ledger: a query or two for each figure, however many units and rows."""
    published = ledger.published
    numbers = Numbers(reckoning)
    numbers.ask((figure, period) for figure in published)
    totals = [numbers.of_days(figure, period) for figure in published]
    ask = reckoning.ask_days(period)
    units = line_units(actor, period, reckoning.unit)
    listed = [figure for figure in map(figures.get, ledger.listed) if figure]
    return Sheet(ledger, totals, _lines(ledger, published, ask, units, reckoning), Rows(ledger, listed, ask))


def line_units(actor: Actor, period: Period, chosen: Unit | None = None) -> list[Unit]:
    """Units that have a line, in the fixed order of the bureau: those there in the period and in sight."""
    units = Unit.objects.within(period.start, period.end).filter(
        actor.reach(SEE_FIGURES).units(""), kind__in=LINE_KINDS
    )
    if chosen is not None:
        units = units.filter(path__startswith=chosen.path)
    order = {kind: place for place, kind in enumerate(LINE_KINDS)}
    return sorted(units, key=lambda unit: (order[UnitKind(unit.kind)], unit.position, unit.code))


def _lines(
    ledger: Ledger, published: Sequence[Figure], ask: Ask, units: Sequence[Unit], reckoning: Reckoning
) -> list[UnitLine]:
    owner = _owners(ask.bureau_id, units)
    parts = [_by_line(figure, ask, owner) for figure in published]
    duties = _duties(ledger, units, ask)
    lines = [
        UnitLine(
            unit,
            tuple(
                _spot(figure, _value_of(unit, figure, part), ask.period, _own(reckoning, unit))
                for figure, part in zip(published, parts, strict=True)
            ),
            tuple(duties.get(unit.pk, ())),
        )
        for unit in units
    ]
    if any(None in part for part in parts):
        rest = zip(published, parts, strict=True)
        lines.append(
            UnitLine(None, tuple(_spot(one, part.get(None), ask.period, None) for one, part in rest))
        )
    return lines


def _owners(bureau_id: uuid.UUID, units: Sequence[Unit]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Each unit of the bureau and the line it belongs to: its own, or that of a unit above it."""
    paths = {unit.path: unit.pk for unit in units}
    rows = Unit.objects.filter(bureau_id=bureau_id).values_list("pk", "path")
    return {pk: next((paths[head] for head in _heads(path) if head in paths), None) for pk, path in rows}


def _heads(path: str) -> Iterable[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1))


def _by_line(
    figure: Figure, ask: Ask, owner: Mapping[uuid.UUID, uuid.UUID | None]
) -> dict[uuid.UUID | None, Value]:
    """The figure's value for each line; groups count with their branch, so that rows and number agree."""
    if figure.by_unit is None:
        return {}
    found: dict[uuid.UUID | None, list[Value]] = {}
    for unit_id, value in figure.by_unit(ask).items():
        line = owner.get(unit_id)
        if line is not None or value.counted or value.out_of:
            found.setdefault(line, []).append(value)
    return {line: _sum(figure, values) for line, values in found.items()}


def _sum(figure: Figure, values: Sequence[Value]) -> Value:
    if len(values) == 1 or figure.measure is not Measure.SHARE:
        return values[0] if len(values) == 1 else figures.total(values)
    counted, whole = sum(one.counted for one in values), sum(one.out_of or 0 for one in values)
    return Value(Fraction(counted, whole) if whole else None, counted, whole or None)


def _own(reckoning: Reckoning, unit: Unit) -> Reckoning | None:
    """The reckoning of a unit alone, for the address of its rows; none for one that has ended by then."""
    if unit.to_on is not None and unit.to_on < reckoning.as_of:
        return None
    return Reckoning(reckoning.bureau_id, reckoning.year, reckoning.as_of, unit)


def _value_of(unit: Unit, figure: Figure, part: Mapping[uuid.UUID | None, Value]) -> Value | None:
    """What a unit has of it; nothing, which is not 0, where units of its kind cannot have it."""
    found = part.get(unit.pk)
    if figure.kinds and unit.kind not in figure.kinds and not (found and found.counted):
        return Value(None, 0)
    return found


def _spot(figure: Figure, value: Value | None, period: Period, reckoning: Reckoning | None) -> Spot:
    if figure.by_unit is None or value is None:
        value = (
            Value(None, 0)
            if figure.by_unit is None or figure.measure is Measure.SHARE
            else Value(Fraction(0), 0)
        )
    text = figures.say(value, figure.measure)
    address = Number(figure, reckoning, None, period, value).address if reckoning and value.counted else ""
    return Spot(text, figures.plain(value, figure.measure), value.counted, address, figure.label)


def _duties(ledger: Ledger, units: Sequence[Unit], ask: Ask) -> dict[uuid.UUID, list[Cell]]:
    if not ledger.duties:
        return {}
    found = states(ask.bureau_id, units, ask.period, ask.as_of)
    return {unit.pk: [cell for cell in found.of(unit) if cell.line.ledger in ledger.duties] for unit in units}


@dataclass(frozen=True)
class Row:
    """A record in a ledger: of which number it is a row, its cells by heading, and its own page."""

    item: str
    cells: tuple[Any, ...]
    address: str | None

    @property
    def words(self) -> list[str]:
        """The cells as a page shows them."""
        return [cell_words(cell) for cell in self.cells]


class Rows(Sequence[Row]):
    """The records of a ledger, figure after figure; only those of a page are read."""

    def __init__(self, ledger: Ledger, listed: Sequence[Figure], ask: Ask) -> None:
        """Take the figures whose rows are listed."""
        self._ledger, self._figures, self._ask = ledger, listed, ask
        self._queries = [figure.rows(ask).prefetch_related(*ledger.prefetch) for figure in listed]
        self._counts = figures.count_rows(self._queries)

    @cached_property
    def headings(self) -> list[str]:
        """Headings of the cells: those of figures that have records, each once, and what stands beside."""
        there = [one for one in zip(self._figures, self._queries, self._counts, strict=True) if one[2]]
        columns = chain.from_iterable(figure.columns for figure, _, _ in there)
        labels = [column.label for column in (*columns, *self._ledger.columns)]
        labels += chain.from_iterable(MORE[rows.model].labels for _, rows, _ in there if rows.model in MORE)
        return list(dict.fromkeys(labels))

    def __len__(self) -> int:
        """How many there are."""
        return sum(self._counts)

    def __getitem__(self, wanted: Any) -> Any:
        """One, or those of a slice."""
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        start, stop, _ = wanted.indices(len(self))
        found: list[Row] = []
        for figure, rows, count in zip(self._figures, self._queries, self._counts, strict=True):
            if start < count and stop > 0:
                part = list(rows[max(start, 0) : min(stop, count)])
                more = MORE[rows.model].of(part, self._ask) if rows.model in MORE else {}
                found += [self._row(figure, row, more) for row in part]
            start, stop = start - count, stop - count
        return found

    def _row(self, figure: Figure, row: Any, more: Cells) -> Row:
        known = {column.label: column for column in (*figure.columns, *self._ledger.columns)}
        beside = more.get(row.pk, {})
        cells = tuple(
            plain_cell(known[name].get(row) if name in known else beside.get(name)) for name in self.headings
        )
        return Row(figure.label, cells, figure.link(row))
