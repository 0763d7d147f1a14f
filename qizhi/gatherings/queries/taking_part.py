"""Who was due at what in a period, and who came: added up by the database, for a million people as for ten.

One statement for a clause, and a small one before it. Whom a kind of gathering asks for is said by
`rules.ties_asked`, as everywhere; here it becomes a join for each tie that occurs. By hand, as in `roster`,
and a test holds both against each other.
"""

# ruff: noqa: S608 - every value goes in by a mark, only words of this file stand in the text
from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection

from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.rules.attendance import (
    ABSENT,
    COMMITTEE_ROLES,
    EXCUSED,
    MADE_UP,
    MEMBER,
    PLACEMENT,
    POST,
    ties_asked,
)

PRESENT, UNCLEAR = "present", "unclear"
BATCH = 5000
_WIDE = ("bureau", "committee")
_TABLES = {MEMBER: "org_membership", POST: "org_post", PLACEMENT: "org_placement"}


@dataclass(frozen=True)
class Wanted:
    """What is looked at.

    Attributes:
        bureau_id: whose.
        ledger: what counts; empty for every gathering.
        period: the days of the gatherings.
        as_of: what was made up for later is not made up for yet.
    """

    bureau_id: uuid.UUID
    ledger: str
    period: Period
    as_of: dt.date


class Sql:
    """Values of a statement by name, as the engine wants them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.values: dict[str, Any] = {}

    def put(self, value: Any) -> str:
        """The mark of a value."""
        if connection.vendor == "sqlite":
            if isinstance(value, uuid.UUID):
                value = value.hex
            elif isinstance(value, dt.date):
                value = value.isoformat()
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def put_all(self, values: Collection[Any]) -> str:
        """The marks of several values; of none, a list that holds nothing."""
        return ", ".join(self.put(value) for value in values) or "NULL"

    def rows(self, text: str) -> Iterator[tuple[Any, ...]]:
        """What the statement finds, a batch at a time."""
        with connection.cursor() as cursor:
            cursor.execute(text, self.values)
            while batch := cursor.fetchmany(BATCH):
                yield from batch


def key_of(value: Any) -> uuid.UUID:
    """A key that a statement has found."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def held(sql: Sql, wanted: Wanted) -> str:
    """The gatherings that count, as `g`, with their units as `u`."""
    days = f"BETWEEN {sql.put(wanted.period.start)} AND {sql.put(wanted.period.end)}"
    bureau = sql.put(wanted.bureau_id)
    if not wanted.ledger:
        return (
            "gatherings_gathering g JOIN org_unit u ON u.id = g.unit_id "
            f"AND g.bureau_id = {bureau} AND g.withdrawn_at IS NULL AND g.held_on {days}"
        )
    return (
        "gatherings_ledgerentry e JOIN gatherings_gathering g ON g.id = e.gathering_id "
        f"AND e.bureau_id = {bureau} AND e.ledger = {sql.put(wanted.ledger)} AND e.held_on {days} "
        "AND g.withdrawn_at IS NULL JOIN org_unit u ON u.id = g.unit_id"
    )


@dataclass(frozen=True)
class Shape:
    """Which ties the gatherings ask about, and whether every roll says who came.

    `arms`: tie, way of belonging (own, group or wide) and whether only the committee is asked → pairs of a
    kind of unit and an audience.
    """

    arms: dict[tuple[str, str, bool], list[tuple[str, str]]]
    is_clear: bool


def shape_of(wanted: Wanted) -> Shape:
    """The kinds of unit and the audiences that occur; one small statement."""
    sql = Sql()
    text = (
        "SELECT u.kind, k.audience, "
        "MAX(CASE WHEN g.precision <> 'day' OR g.present_total IS NOT NULL THEN 1 ELSE 0 END) "
        f"FROM {held(sql, wanted)} JOIN gatherings_gatheringkind gk ON gk.gathering_id = g.id "
        "JOIN gatherings_kind k ON k.id = gk.kind_id GROUP BY u.kind, k.audience"
    )
    arms: dict[tuple[str, str, bool], list[tuple[str, str]]] = defaultdict(list)
    is_clear = True
    for kind, audience, unclear in sql.rows(text):
        is_clear = is_clear and not unclear
        tie = ties_asked(audience, kind)
        if tie:
            way = "own" if tie == POST else "wide" if kind in _WIDE else "group" if kind == "group" else "own"
            is_committee = audience == "committee" and tie == POST and kind in {"branch", "committee"}
            arms[tie, way, is_committee].append((kind, audience))
    return Shape(dict(arms), is_clear)


def part_of(sql: Sql, wanted: Wanted, shape: Shape, *, is_absent_only: bool = False) -> str:
    """A query of `person_id, gathering_id, held_on, state`: everybody due at everything, each once.

    States are those of the roll, `present` for everybody else, and `unclear` where only numbers or a month
    are known.

    Args:
        sql: takes the values.
        wanted: what counts.
        shape: of the same.
        is_absent_only: only people who were absent at least once; where every roll is clear nobody else can
            have missed anything.
    """
    texts = [
        _arm(sql, wanted, arm, pairs, is_absent_only=is_absent_only) for arm, pairs in shape.arms.items()
    ]
    if not texts:
        nothing = "SELECT id AS person_id, id AS gathering_id, from_on AS held_on, '' AS state"
        return f"{nothing} FROM org_unit WHERE 1 = 0"
    # Two ties, or two posts, may make somebody due twice: UNION keeps each once.
    is_single = len(texts) == 1 and next(iter(shape.arms))[0] != POST
    return texts[0] if is_single else " UNION ".join(texts)


def _arm(
    sql: Sql,
    wanted: Wanted,
    arm: tuple[str, str, bool],
    pairs: list[tuple[str, str]],
    *,
    is_absent_only: bool,
) -> str:
    tie, way, is_committee = arm
    end = sql.put(wanted.period.end)
    # Where only the month is known, whoever belonged on any day may have been due.
    first = f"CASE WHEN g.precision = 'day' THEN g.held_on ELSE {end} END"
    own = {
        "own": "t.unit_id = g.unit_id",
        "group": "t.group_id = g.unit_id",
        "wide": "EXISTS (SELECT 1 FROM org_unit b WHERE b.id = t.unit_id AND b.path LIKE u.path || '%%')",
    }[way]
    tests = [_asked(sql, pairs)]
    if is_committee:
        tests.append(f"t.role IN ({sql.put_all(sorted(COMMITTEE_ROLES))})")
    ties = f"{_TABLES[tie]} t ON t.bureau_id = g.bureau_id AND {own}"
    source = f"{held(sql, wanted)} JOIN {ties}"
    if is_absent_only:
        source, test = _from_absent(sql, wanted, _TABLES[tie], own)
        tests.append(test)
    return (
        f"SELECT t.person_id, g.id AS gathering_id, g.held_on, {_state(sql, wanted)} AS state FROM {source} "
        f"AND t.from_on <= {first} AND (t.to_on IS NULL OR t.to_on >= g.held_on) "
        "LEFT JOIN gatherings_rollentry r ON r.gathering_id = g.id AND r.person_id = t.person_id "
        f"AND r.bureau_id = g.bureau_id WHERE {' AND '.join(tests)}"
    )


def _asked(sql: Sql, pairs: list[tuple[str, str]]) -> str:
    """Whether the gathering is of a kind that asks for people by this tie."""
    tests = (f"(u.kind = {sql.put(kind)} AND k.audience = {sql.put(audience)})" for kind, audience in pairs)
    return (
        "EXISTS (SELECT 1 FROM gatherings_gatheringkind gk JOIN gatherings_kind k ON k.id = gk.kind_id "
        f"WHERE gk.gathering_id = g.id AND ({' OR '.join(tests)}))"
    )


def _from_absent(sql: Sql, wanted: Wanted, table: str, own: str) -> tuple[str, str]:
    """The same rows and a test, beginning with the few who were absent: their ties, what was held there."""
    absent = (
        f"SELECT DISTINCT a.person_id FROM {held(sql, wanted)} "
        "JOIN gatherings_rollentry a ON a.gathering_id = g.id "
        f"WHERE a.state = '{ABSENT}' OR a.made_up_on > {sql.put(wanted.as_of)}"
    )
    then = in_order()
    days = f"BETWEEN {sql.put(wanted.period.start)} AND {sql.put(wanted.period.end)}"
    source = (
        f"({absent}) c {then} {table} t ON t.person_id = c.person_id "
        f"AND t.bureau_id = {sql.put(wanted.bureau_id)} "
        f"{then} gatherings_gathering g ON g.bureau_id = t.bureau_id AND g.held_on {days} "
        f"AND g.withdrawn_at IS NULL JOIN org_unit u ON u.id = g.unit_id AND {own}"
    )
    entry = f"e.gathering_id = g.id AND e.bureau_id = g.bureau_id AND e.ledger = {sql.put(wanted.ledger)}"
    test = f"EXISTS (SELECT 1 FROM gatherings_ledgerentry e WHERE {entry})" if wanted.ledger else "1 = 1"
    return source, test


def in_order() -> str:
    """A join that begins on the left: SQLite has no counts of its tables to find that out by."""
    return "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"


def _state(sql: Sql, wanted: Wanted) -> str:
    end = sql.put(wanted.period.end)
    return (
        f"CASE WHEN r.state = '{MADE_UP}' AND r.made_up_on > {sql.put(wanted.as_of)} THEN '{ABSENT}' "
        "WHEN r.state IS NOT NULL THEN r.state "
        "WHEN g.precision <> 'day' AND (t.from_on > g.held_on OR t.to_on < "
        f"{end}) THEN '{UNCLEAR}' "
        "WHEN g.present_total IS NOT NULL AND (g.due_total IS NULL OR g.present_total < g.due_total) "
        f"THEN '{UNCLEAR}' ELSE '{PRESENT}' END"
    )


def counted(state: str, *others: str) -> str:
    """How many rows of a part are in one of the states."""
    names = ", ".join(f"'{one}'" for one in (state, *others))
    return f"SUM(CASE WHEN state IN ({names}) THEN 1 ELSE 0 END)"


SUMS = (
    f"COUNT(*) AS due, {counted(PRESENT, MADE_UP)} AS present, {counted(EXCUSED)} AS excused, "
    f"{counted(UNCLEAR)} AS unclear"
)
"""Numbers of a part: due, present (or made up for), excused, unclear."""


def missed() -> str:
    """Day and state of each gathering that somebody missed, as one text; see `read_missed`."""
    entry = "CAST(held_on AS varchar(10)) || state"
    entry = f"CASE WHEN state NOT IN ('{PRESENT}', '{MADE_UP}') THEN {entry} END"
    return f"{'string_agg' if connection.vendor == 'postgresql' else 'group_concat'}({entry}, ',')"


def read_missed(text: str | None) -> tuple[tuple[dt.date, str], ...]:
    """What `missed` has found, in order of time."""
    parts = sorted((text or "").split(","))
    return tuple((dt.date.fromisoformat(part[:10]), part[10:]) for part in parts if part)
