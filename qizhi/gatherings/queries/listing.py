"""The list of gatherings: filters, and lines with their rolls in a constant number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import Any

from django.core.paginator import Page
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from qizhi.core import kept, paging
from qizhi.core.db.words import every_word
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor, Reach
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering, GatheringKind, GatheringQuerySet, Kind, LedgerEntry, Series
from qizhi.gatherings.permissions import Sight, visible_to
from qizhi.gatherings.queries.roster import Roster, exceptions_of, roll_counts, span_of
from qizhi.gatherings.rules import RollCount
from qizhi.org.models import Unit

_LISTED = (
    "bureau_id",
    "title",
    "held_on",
    "precision",
    "due_total",
    "present_total",
    "is_recorded_late",
    "withdrawn_at",
    "unit__name",
    "unit__short_name",
    "unit__kind",
    "unit__path",
    "unit__parent__name",
    "unit__parent__short_name",
)


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; None and empty texts narrow nothing."""

    unit: uuid.UUID | None = None
    kind: str = ""
    ledger: str = ""
    series: str = ""
    period: Period | None = None
    text: str = ""
    is_late_only: bool = False
    is_withdrawn: bool = False


def find(actor: Actor, wanted: Wanted, sight: Sight | None = None) -> GatheringQuerySet:
    """Gatherings that the actor may know and that fit, newest first."""
    rows = visible_to(actor, sight).filter(withdrawn_at__isnull=not wanted.is_withdrawn)
    if wanted.unit:
        rows = rows.filter(Q(unit_id=wanted.unit) | Q(unit__parent_id=wanted.unit, unit__kind="group"))
    if wanted.kind:
        links = GatheringKind.objects.filter(bureau_id=actor.bureau_id, kind__key=wanted.kind)
        rows = rows.filter(pk__in=links.values("gathering_id"))
    if wanted.ledger:
        entries = LedgerEntry.objects.filter(bureau_id=actor.bureau_id, ledger=wanted.ledger)
        rows = rows.filter(pk__in=entries.values("gathering_id"))
    if wanted.series:
        rows = rows.filter(series__key=wanted.series)
    if wanted.period:
        rows = rows.between(wanted.period)
    if wanted.is_late_only:
        rows = rows.filter(is_recorded_late=True)
    rows = rows.filter(every_word(wanted.text, "title", "topics", "place", "chair__name"))
    return rows.order_by("-held_on", "-id")


def listed(rows: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Only the columns that a list shows, with the unit."""
    return rows.select_related("unit__parent").only(*_LISTED)


@dataclass(frozen=True, slots=True)
class Line:
    """A gathering in a list."""

    gathering: Gathering
    kinds: str
    roll: RollCount

    @property
    def due(self) -> str:
        """The number due, or a dash."""
        return "—" if self.roll.due is None else str(self.roll.due)

    @property
    def present(self) -> str:
        """The number present, or a dash."""
        return "—" if self.roll.present is None else str(self.roll.present)

    @property
    def away(self) -> str:
        """Who was away, in words."""
        roll = self.roll
        parts = (("请假", roll.excused), ("缺席", roll.absent), ("补课", roll.made_up))
        return " ".join(f"{word} {number}" for word, number in parts if number)


def lines_of(bureau_id: uuid.UUID, gatherings: Sequence[Gathering]) -> list[Line]:
    """The lines of gatherings with their units loaded; three queries however many there are."""
    if not gatherings:
        return []
    ids = [gathering.pk for gathering in gatherings]
    names: dict[uuid.UUID, list[str]] = defaultdict(list)
    audiences: dict[uuid.UUID, set[str]] = defaultdict(set)
    links = GatheringKind.objects.filter(bureau_id=bureau_id, gathering_id__in=ids).order_by("kind__position")
    for key, name, audience in links.values_list("gathering_id", "kind__name", "kind__audience"):
        names[key].append(name)
        audiences[key].add(audience)
    units = {gathering.unit_id: gathering.unit for gathering in gatherings}
    asked: dict[uuid.UUID, set[str]] = defaultdict(set)
    for one in gatherings:
        asked[one.unit_id] |= audiences[one.pk]
    roster = Roster.load(bureau_id, units.values(), span_of(one.held_on for one in gatherings), asked)
    counts = roll_counts(roster, gatherings, audiences, exceptions_of(bureau_id, ids))
    return [Line(one, "、".join(names[one.pk]), counts[one.pk]) for one in gatherings]


PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A page of the list: which one it is, and its lines."""

    key: tuple[Hashable, ...]
    page: Page[Gathering]
    lines: list[Line]


def page_of(actor: Actor, wanted: Wanted, sight: Sight, number: str) -> Listed:
    """The page of that number (the first or the last for what is none); six queries, none when it is kept."""
    who = None if sight.own is None else actor.person_id
    key = ("gatherings.page", actor.bureau_id, who, sight, wanted, number)
    return kept.keep(partial(_page_of, key, actor, wanted, sight, number), *key)


def _page_of(key: tuple[Hashable, ...], actor: Actor, wanted: Wanted, sight: Sight, number: str) -> Listed:
    page = paging.page_of(listed(find(actor, wanted, sight)), PAGE, number)
    page.object_list = list(page.object_list)
    return Listed(key, page, lines_of(actor.bureau_id, page.object_list))


@dataclass
class Options:
    """What the filters of the list offer: pairs of value and label."""

    units: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[tuple[str, str]] = field(default_factory=list)
    series: list[tuple[str, str]] = field(default_factory=list)
    ledgers: Sequence[tuple[str, Any]] = field(default_factory=lambda: Ledger.choices)


def options_for(reach: Reach) -> Options:
    """The filters' choices in one query: the units within reach, and what the bureau has."""
    return kept.keep(partial(_options, reach), "gatherings.options", reach)


def _options(reach: Reach) -> Options:
    kinds = Kind.objects.filter(bureau_id=reach.bureau_id)
    series = Series.objects.filter(bureau_id=reach.bureau_id)
    parts = [
        _option(Unit.objects.filter(reach.units("")), "unit", _text("id"), F("name"), F("path")),
        _option(kinds, "kind", F("key"), F("name"), _text("position")),
        _option(series, "series", F("key"), F("name"), F("name")),
    ]
    rows: Any = parts[0].union(*parts[1:], all=True)
    options = Options()
    lists: Mapping[str, list[tuple[str, str]]] = {
        "unit": options.units,
        "kind": options.kinds,
        "series": options.series,
    }
    for what, key, name, _order in sorted(rows, key=_order_of):
        lists[what].append((key, name))
    return options


def _order_of(row: tuple[str, str, str, str]) -> tuple[str, int, str]:
    # Positions are numbers: by length first, so that 20 comes before 100.
    return row[0], len(row[3]) if row[0] == "kind" else 0, row[3]


def _text(name: str) -> Any:
    return Cast(F(name), CharField(max_length=200))


def _option(rows: QuerySet[Any], what: str, key: Any, name: Any, order: Any) -> QuerySet[Any]:
    named = rows.order_by().annotate(
        what_of=Value(what, CharField(max_length=10)), key_of=key, name_of=name, order_of=order
    )
    found: QuerySet[Any] = named.values_list("what_of", "key_of", "name_of", "order_of")
    return found


def twins_of(gathering: Gathering, kinds: Sequence[Kind], *, day: dt.date) -> QuerySet[Gathering]:
    """Other gatherings of the unit on the same day that share a kind: perhaps the same one, entered twice."""
    links = GatheringKind.objects.filter(bureau_id=gathering.bureau_id, kind__in=kinds)
    return (
        Gathering.objects.held()
        .filter(
            bureau_id=gathering.bureau_id,
            unit_id=gathering.unit_id,
            held_on=day,
            precision=gathering.precision,
            pk__in=links.values("gathering_id"),
        )
        .exclude(pk=gathering.pk)
    )


def ledger_names(kinds: Iterable[Kind]) -> list[str]:
    """The ledgers that gatherings of these kinds count for, in the order of the ledgers."""
    counted = {ledger for kind in kinds for ledger in kind.ledgers}
    return [str(ledger.label) for ledger in Ledger if ledger.value in counted]
