"""A row of the table as facts: the unit, day and kinds that tell gatherings apart, then all the rest."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from qizhi.core import periods
from qizhi.core.errors import Refused
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import MISSING, BadCell, RecordRow, RowCheck
from qizhi.core.tables.problems import UnreadCell
from qizhi.core.tables.values.text import parse_lines, parse_text
from qizhi.core.values import dataclass
from qizhi.gatherings import rules
from qizhi.gatherings.enums import Capacity, DatePrecision, RollState
from qizhi.gatherings.importers.columns import Held
from qizhi.gatherings.importers.people import Away, Near, People, merge_lecturers, merge_roll
from qizhi.gatherings.importers.visitors import VisitorCells
from qizhi.gatherings.importers.words import AllSeries, Kinds, Namesakes, Units
from qizhi.gatherings.models import Kind, Series
from qizhi.gatherings.queries.names import Named, Several, ours
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.services import GatheringFacts, LecturerFact, RollFact, VisitorFact
from qizhi.gatherings.services.checks import check, check_visitors_kept, due_people, refusals
from qizhi.org.enums import UnitKind
from qizhi.org.models import Leave, Post, Unit

_ROLL = {"excused": "excused", "absent": "absent", "made_up": "made_up"}
_AWAY = ("excused", "absent", "away")
_PLAIN = ("starts_at", "hours", "due_total", "present_total")
_TEXTS = {"place": parse_text, "topics": parse_lines, "minutes": parse_lines}


@dataclass(frozen=True)
class Shelves:
    """What the words of the table may mean; four queries."""

    units: Units
    kinds: Kinds
    series: AllSeries
    people: People

    @classmethod
    def load(cls, by: Actor) -> Shelves:
        """Read all that the bureau has."""
        return cls(Units(by), Kinds(by.bureau_id), AllSeries(by.bureau_id), People(by.bureau_id))


@dataclass(frozen=True)
class Line:
    """A row whose unit, day and kinds are known."""

    check: RowCheck
    unit: Unit
    day: Held
    kinds: tuple[Kind, ...]

    @property
    def row(self) -> RecordRow:
        """As it was read."""
        return self.check.row

    @property
    def days(self) -> Period:
        """The days on which it can have happened."""
        return Period(self.day.first_day, self.day.last_day)

    @property
    def is_titled(self) -> bool:
        """Whether the row gives a name of its own."""
        return bool(self.row.values["title"])

    @cached_property
    def bare(self) -> GatheringFacts:
        """Facts with nothing but what tells gatherings apart."""
        return GatheringFacts(
            unit=self.unit,
            held_on=self.day.first_day,
            precision=self.day.precision,
            kinds=self.kinds,
            title=self.row.values["title"] or "",
        ).settled()


def place_row(check: RowCheck, shelves: Shelves) -> Line | None:
    """Find unit and kinds of a row; None where it is open which gathering it tells of."""
    row, day = check.row, check["held_on"]
    days = None if day is MISSING else Period(day.first_day, day.last_day)
    unit = check.take(_unit, row, shelves.units, days)
    kinds = check.take(_kinds, row, None if unit is MISSING else unit, shelves.kinds)
    unit = check.take(_own_unit, row, shelves.units, unit, kinds, day)
    if any(one is MISSING for one in (unit, kinds, day, check["title"])):
        return None
    return Line(check, unit, day, kinds)


def _unit(row: RecordRow, units: Units, days: Period | None) -> Unit:
    try:
        return units.find(row.values["unit"], days, (row.sheet, row.above))
    except Namesakes:
        _raise_unless_known(row, days)
        raise


def _kinds(row: RecordRow, unit: Unit | None, kinds: Kinds) -> tuple[Kind, ...]:
    """The kinds that a row gives, or that its name tells."""
    try:
        if row.values["kinds"]:
            return kinds.find(row.values["kinds"], unit)
        if row.values["title"]:
            return kinds.in_title(row.values["title"], unit)
    except Namesakes:
        _raise_unless_known(row, unit)
        raise
    raise BadCell("kinds", "没有填写，也没有名称可以看出是哪一种活动", "请写明活动类型")


def _raise_unless_known(row: RecordRow, what: object) -> None:
    """Nothing is said of a word that another cell would explain if it could be read."""
    if what is None:
        raise UnreadCell(row.number)


def _own_unit(row: RecordRow, units: Units, unit: Unit, kinds: Sequence[Kind], day: Held) -> Unit:
    """The group, where the ledger of a branch tells of the meeting of one."""
    if not _is_of_group(kinds, unit):
        return unit
    return units.group_in(unit, row.values["title"] or "", Period(day.first_day, day.last_day)) or unit


def _is_of_group(kinds: Sequence[Kind], unit: Unit) -> bool:
    """Whether only groups hold such a gathering, and a branch is said to have held it."""
    bound = [kind.unit_kinds for kind in kinds if kind.unit_kinds]
    is_branch = unit.kind == UnitKind.BRANCH and any(unit.kind not in fit for fit in bound)
    return is_branch and all(UnitKind.GROUP in fit for fit in bound)


@dataclass(frozen=True)
class Ties:
    """Who belonged where during the days of the table, who held which post or was away; three queries."""

    roster: Roster
    posts: dict[uuid.UUID, list[tuple[str, dt.date, dt.date]]]
    leaves: dict[uuid.UUID, list[Leave]]

    @classmethod
    def load(cls, bureau_id: uuid.UUID, lines: Sequence[Line]) -> Ties:
        """Read the ties of the units of these rows, from the first of their days to the last."""
        if not lines:
            return cls(Roster(()), {}, {})
        span = Period(min(line.days.start for line in lines), max(line.days.end for line in lines))
        roster = Roster.load(bureau_id, {line.unit.pk: line.unit for line in lines}.values(), span)
        posts: dict[uuid.UUID, list[tuple[str, dt.date, dt.date]]] = defaultdict(list)
        held: Any = Post.objects.within(span.start, span.end).filter(bureau_id=bureau_id)
        for person, role, start, end in held.values_list("person_id", "role", "from_on", "to_on"):
            posts[person].append((role, start, end or dt.date.max))
        leaves: dict[uuid.UUID, list[Leave]] = defaultdict(list)
        for leave in Leave.objects.within(span.start, span.end).filter(bureau_id=bureau_id):
            leaves[leave.person_id].append(leave)
        return cls(roster, posts, leaves)

    def excused(self, fact: RollFact, facts: GatheringFacts) -> RollFact:
        """Who is written as missing on a day of approved leave is excused by it."""
        if fact.state != RollState.ABSENT or facts.precision != DatePrecision.DAY:
            return fact
        leave = next((one for one in self.leaves.get(fact.person.pk, ()) if one.holds(facts.held_on)), None)
        return fact if leave is None else RollFact(fact.person, RollState.EXCUSED, str(leave))

    def near(self, facts: GatheringFacts) -> Near:
        """Who is meant first by a name: those due on the day, then those of the unit."""
        return due_people(facts, self.roster), self.roster.people(facts.unit, facts.days)

    def lecturer(self, named: Named, day: dt.date) -> LecturerFact:
        """A lecturer in the capacity that the posts of the day say."""
        if named.person is None:
            return LecturerFact(None, named.guest_name, Capacity.EXPERT)
        held = self.posts.get(named.person.pk, ())
        roles = {role for role, start, end in held if start <= day <= end}
        return LecturerFact(named.person, "", rules.capacity_of(roles))


@dataclass(frozen=True)
class Reader:
    """Reads the other cells of rows; no query.

    `today` is the last day on which a gathering can have been held.
    """

    by: Actor
    shelves: Shelves
    ties: Ties
    today: dt.date

    def facts(self, line: Line, before: GatheringFacts | None) -> GatheringFacts | None:
        """The facts after a row: an empty cell leaves what is stored as it is; None if anything is wrong.

        Args:
            line: the row.
            before: what is stored, if the gathering is known.
        """
        check, bare = line.check, line.bare
        base, near = before or bare, self.ties.near(bare)
        given = self._numbers(line) | self._texts(line, base)
        given |= self._looked_up(check, near)
        if "lecturers" in given:
            given["lecturers"] = check.take(self._lecturers, given["lecturers"], base)
        away = self._away_cells(check, near)
        if any(people is not None for people in away.values()):
            given["roll"] = check.take(self._roll, *away.values(), bare, base)
        given |= self._visitors(line, base, given, near)
        totals = check.take(self._totals, check.row, given, given.get("roll", ()))
        given |= {} if totals is MISSING else totals
        return self._settled(check, base, before, given)

    def names_alone(self, check: RowCheck) -> None:
        """Tell of names that nobody has, in a row that is open for other reasons."""
        self._looked_up(check, None)
        self._away_cells(check, None)
        self._tell_visitors(check, VisitorCells(self.shelves.people, check.row.values, ()), None)

    def _settled(
        self, check: RowCheck, base: GatheringFacts, before: GatheringFacts | None, given: dict[str, Any]
    ) -> GatheringFacts | None:
        """The facts as they will be stored, checked as far as they are known."""
        if check.is_sound:
            facts = replace(base, **given).settled()
        elif before is None:
            facts = base  # what tells gatherings apart can be wrong, too
        else:
            return None
        context: dict[str, Any] = {
            "by": self.by,
            "roster": self.ties.roster,
            "today": self.today,
            "before": before,
        }
        for refused in refusals(facts, **context):
            check.tell(BadCell.of(_given_in(check.row, self._column(facts, refused)), refused))
        if check.is_sound and before is not None:
            check.take(check_visitors_kept, before.title, before, facts)
        return facts if check.is_sound else None

    def _numbers(self, line: Line) -> dict[str, Any]:
        values = line.row.values
        found = {key: values[key] for key in _PLAIN if values.get(key) is not None}
        if "starts_at" not in found and line.day.starts_at is not None:
            found["starts_at"] = line.day.starts_at
        if values.get("attendance") is not None:
            found = dict(zip(("due_total", "present_total"), values["attendance"], strict=True)) | found
        return found

    def _totals(self, row: RecordRow, given: dict[str, Any], roll: Sequence[RollFact]) -> dict[str, int]:
        """Those present, from a row that says how many were away but not who."""
        counts = {key: self._counted(row.values[key]) for key in _AWAY}
        said = [key for key, count in counts.items() if count is not None]
        if not said:
            return {}
        for key in ("due_total", "present_total", "attendance"):
            row.values[key]  # what cannot be read is not missing
        away = sum(count or 0 for count in counts.values()) + len(roll)
        due, present = given.get("due_total"), given.get("present_total")
        if due is None:
            fix = "请写明是谁；不知道的写明应到人数、实到人数，这一格空着"
            raise BadCell(said[0], "只写了人数，没有写姓名，也没有写应到人数", fix)
        if present is not None and due - present != away:
            reason = f"写了未到 {away} 人，应到 {due} 人减实到 {present} 人却是 {due - present} 人"
            raise BadCell(said[0], reason, "请核对人数")
        if away > due:
            raise BadCell(said[0], f"未到 {away} 人多于应到 {due} 人", "请核对人数")
        return {"present_total": due - away}

    def _counted(self, text: str | None) -> int | None:
        return None if text is None else self.shelves.people.counted(text)

    def _texts(self, line: Line, base: GatheringFacts) -> dict[str, str]:
        """Texts that differ by more than the blanks that a table does not keep."""
        found = {}
        for key, parse in _TEXTS.items():
            text = line.row.values.get(key)
            if text is not None and text != parse(getattr(base, key)):
                found[key] = text
        return found

    def _looked_up(self, check: RowCheck, near: Near | None) -> dict[str, Any]:
        """Series, chair and those named as lecturers; `near` is None where the unit is not known."""
        readers: dict[str, Callable[[str, Near], Any]] = {
            "series": self._series,
            "chair": self._chair,
            "lecturers": self.shelves.people.named,
        }
        given = {key: check[key] for key in readers if check[key] is not None}
        return {key: check.take(_look, readers[key], text, near, on=key) for key, text in given.items()}

    def _visitors(
        self, line: Line, base: GatheringFacts, given: dict[str, Any], near: Near
    ) -> dict[str, Any]:
        """Guests and auditors; what a ledger keeps of a comment goes to the minutes."""
        cells = VisitorCells(self.shelves.people, line.row.values, near)
        self._tell_visitors(line.check, cells, near)
        return cells.facts(given.get("minutes", base.minutes), base.visitors)

    def _tell_visitors(self, check: RowCheck, cells: VisitorCells, near: Near | None) -> None:
        for key, problem in cells.problems:
            if isinstance(problem, BadCell):
                check.tell(problem)
            elif near is not None or not isinstance(problem, Several):
                check.tell(BadCell.of(key, problem))

    def _series(self, text: str, _near: Near) -> Series | None:
        return None if text == "无" else self.shelves.series.find(text)

    def _chair(self, text: str, near: Near) -> Any:
        people = ours(lambda: self.shelves.people.named(text, near))
        if len(people) > 1:
            raise Refused("主持人只填一位。其他主持人可写在记录里。")
        return people[0] if people else None

    def _lecturers(self, named: Sequence[Named], base: GatheringFacts) -> tuple[LecturerFact, ...]:
        return merge_lecturers([self.ties.lecturer(one, base.held_on) for one in named], base.lecturers)

    def _away_cells(self, check: RowCheck, near: Near | None) -> dict[str, list[Away] | None]:
        """Those away by their column, together with those of a column for both, where the ledger has one."""
        found: dict[str, Any] = {}
        for key, state in _ROLL.items():
            text = check[key]
            is_named = text is not None and (text is MISSING or self._counted(text) is None)
            found[key] = (
                check.take(_look, partial(self._away, state), text, near, on=key) if is_named else None
            )
        text = check["away"]
        if text is None or (text is not MISSING and self._counted(text) is not None):
            return found
        both = check.take(_look, self.shelves.people.away_with_reasons, text, near, on="away")
        for key in ("excused", "absent"):
            found[key] = check.take(_joined, found[key] or [], both, key)
        return found

    def _away(self, state: str, text: str, near: Near) -> list[Away]:
        return self.shelves.people.away(text, near, state)

    def _roll(
        self,
        excused: list[Away] | None,
        absent: list[Away] | None,
        made_up: list[Away] | None,
        bare: GatheringFacts,
        base: GatheringFacts,
    ) -> tuple[RollFact, ...]:
        away = {"excused": excused, "absent": absent, "made_up": made_up}
        return tuple(self.ties.excused(one, bare) for one in merge_roll(away, base.roll))

    def _column(self, facts: GatheringFacts, refused: Refused) -> str:
        """The column that a refusal belongs to; of the three of the roll the one that is refused alone."""
        if refused.field != "roll":
            return refused.field
        for state, key in _ROLL.items():
            part = tuple(entry for entry in facts.roll if entry.state == state)
            alone = replace(facts, roll=part, due_total=None, present_total=None)
            try:
                check(alone, by=self.by, roster=self.ties.roster, today=self.today, before=facts)
            except Refused:
                return key
        return "absent"


def _given_in(row: RecordRow, key: str) -> str:
    """The column of the ledger that says what `key` says in ours."""
    both = {"excused": "away", "absent": "away", "due_total": "attendance", "present_total": "attendance"}
    other = both.get(key, key)
    return other if row.values.get(key) is None and row.values.get(other) is not None else key


def _look(read: Callable[[str, Near], Any], text: str, near: Near | None) -> Any:
    """What a cell of names means; where the unit is not known nothing is said of people of one name."""
    try:
        return read(text, near or ())
    except Several:
        if near is None:
            raise UnreadCell(text) from None
        raise


def _joined(own: list[Away], both: dict[str, list[Away]], key: str) -> list[Away]:
    return own + both[key]


def say_people(entries: Iterable[RollFact | VisitorFact]) -> str:
    """The roll, or the visitors, as the preview says it."""
    return "、".join(str(entry) for entry in entries) or "无"


def say_day(facts: GatheringFacts) -> str:
    """2017年3月5日, or 2017年3月."""
    if facts.days.start == facts.days.end:
        return periods.say_day(facts.held_on)
    return f"{facts.held_on.year}年{facts.held_on.month}月"
