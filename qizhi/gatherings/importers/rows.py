"""A row of the table as facts: the unit, day and kinds that tell gatherings apart, then all the rest."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from qizhi.core import periods
from qizhi.core.errors import Refused
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import CellError, RecordRow
from qizhi.core.tables.values.text import parse_lines, parse_text
from qizhi.core.values import dataclass
from qizhi.gatherings import rules
from qizhi.gatherings.enums import Capacity, DatePrecision, RollState
from qizhi.gatherings.importers.columns import Held
from qizhi.gatherings.importers.people import Away, Near, People, merge_lecturers, merge_roll
from qizhi.gatherings.importers.visitors import VisitorCells
from qizhi.gatherings.importers.words import AllSeries, BadCell, Kinds, Units, sentence
from qizhi.gatherings.models import Kind, Series
from qizhi.gatherings.queries.names import Named, ours
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.services import GatheringFacts, LecturerFact, RollFact, VisitorFact
from qizhi.gatherings.services.checks import check, check_visitors_kept, due_people
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

    row: RecordRow
    unit: Unit
    day: Held
    kinds: tuple[Kind, ...]

    @property
    def days(self) -> Period:
        """The days on which it can have happened."""
        return Period(self.day.first_day, self.day.last_day)

    @property
    def is_titled(self) -> bool:
        """Whether the row gives a name of its own."""
        return bool(self.row.values["title"])

    def bare(self) -> GatheringFacts:
        """Facts with nothing but what tells gatherings apart."""
        return GatheringFacts(
            unit=self.unit,
            held_on=self.day.first_day,
            precision=self.day.precision,
            kinds=self.kinds,
            title=self.row.values["title"] or "",
        ).settled()


def place_row(row: RecordRow, shelves: Shelves, errors: list[CellError]) -> Line | None:
    """Find unit and kinds of a row; what is wrong goes into `errors`."""
    day: Held = row.values["held_on"]
    days = Period(day.first_day, day.last_day)
    unit: Unit | None = None
    kinds: tuple[Kind, ...] = ()
    try:
        unit = shelves.units.find(row.values["unit"], days, (row.sheet, row.above))
    except BadCell as problem:
        errors.append(row.error(problem.key, problem.reason, problem.fix))
    try:
        kinds = _kinds(row, unit, shelves.kinds)
        if unit and _is_of_group(kinds, unit):
            unit = shelves.units.group_in(unit, row.values["title"] or "", days) or unit
    except BadCell as problem:
        kinds = ()
        errors.append(row.error(problem.key, problem.reason, problem.fix))
    return Line(row, unit, day, kinds) if unit and kinds else None


def _kinds(row: RecordRow, unit: Unit | None, kinds: Kinds) -> tuple[Kind, ...]:
    """The kinds that a row gives, or that its name tells."""
    if row.values["kinds"]:
        return kinds.find(row.values["kinds"], unit)
    if row.values["title"]:
        return kinds.in_title(row.values["title"], unit)
    raise BadCell("kinds", "没有填写，也没有名称可以看出是哪一种活动", "请写明活动类型")


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
        around = self.roster.people(facts.unit, facts.days)
        due = due_people(facts, self.roster)
        return frozenset(key for key in around if key in due), around

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

    def facts(
        self, line: Line, before: GatheringFacts | None, errors: list[CellError]
    ) -> GatheringFacts | None:
        """The facts after a row: an empty cell leaves what is stored as it is.

        Args:
            line: the row.
            before: what is stored, if the gathering is known.
            errors: gets everything that is wrong.
        """
        start = len(errors)
        base = before or line.bare()
        given = self._numbers(line)
        given |= self._texts(line, base)
        given |= self._words(line, base, errors)
        given |= self._visitors(line, base, given, errors)
        given |= self._totals(line, given, errors)
        if len(errors) > start:
            return None
        facts = replace(base, **given).settled()
        try:
            check(facts, by=self.by, roster=self.ties.roster, today=self.today, before=before)
            if before is not None:
                check_visitors_kept(before.title, before, facts)
        except Refused as refused:
            key = _given_in(line.row, self._column(facts, refused))
            problem = sentence(key, refused.message)
            errors.append(line.row.error(problem.key, problem.reason, problem.fix))
            return None
        return facts

    def _numbers(self, line: Line) -> dict[str, Any]:
        values = line.row.values
        found = {key: values[key] for key in _PLAIN if values[key] is not None}
        if values["starts_at"] is None and line.day.starts_at is not None:
            found["starts_at"] = line.day.starts_at
        if values["attendance"] is not None:
            found = dict(zip(("due_total", "present_total"), values["attendance"], strict=True)) | found
        return found

    def _totals(self, line: Line, given: dict[str, Any], errors: list[CellError]) -> dict[str, int]:
        """Those present, from a row that says how many were away but not who."""
        counts = {key: self._counted(line.row.values[key]) for key in _AWAY}
        said = [key for key, count in counts.items() if count is not None]
        if not said:
            return {}
        away = sum(count or 0 for count in counts.values()) + len(given.get("roll", ()))
        due, present = given.get("due_total"), given.get("present_total")
        if due is None:
            fix = "请写明是谁；不知道的写明应到人数、实到人数，这一格空着"
            errors.append(line.row.error(said[0], "只写了人数，没有写姓名，也没有写应到人数", fix))
        elif present is not None and due - present != away:
            reason = f"写了未到 {away} 人，应到 {due} 人减实到 {present} 人却是 {due - present} 人"
            errors.append(line.row.error(said[0], reason, "请核对人数"))
        elif away <= due:
            return {"present_total": due - away}
        else:
            errors.append(line.row.error(said[0], f"未到 {away} 人多于应到 {due} 人", "请核对人数"))
        return {}

    def _counted(self, text: str | None) -> int | None:
        return None if text is None else self.shelves.people.counted(text)

    def _texts(self, line: Line, base: GatheringFacts) -> dict[str, str]:
        """Texts that differ by more than the blanks that a table does not keep."""
        found = {}
        for key, parse in _TEXTS.items():
            text = line.row.values[key]
            if text is not None and text != parse(getattr(base, key)):
                found[key] = text
        return found

    def _words(self, line: Line, base: GatheringFacts, errors: list[CellError]) -> dict[str, Any]:
        """Everything that is looked up: series, chair, lecturers, roll."""
        near = self.ties.near(line.bare())
        readers = {"series": self._series, "chair": self._chair, "lecturers": self._lecturers}
        found: dict[str, Any] = {}
        for key, read in readers.items():
            text = line.row.values[key]
            if text is not None:
                try:
                    found[key] = read(text, base, near)
                except (BadCell, Refused) as problem:
                    errors.append(_error(line.row, key, problem))
        start = len(errors)
        away = {key: self._away(line.row, key, state, near, errors) for key, state in _ROLL.items()}
        away = self._with_reasons(line.row, away, near, errors)
        if len(errors) == start and any(people is not None for people in away.values()):
            try:
                bare = line.bare()
                found["roll"] = tuple(self.ties.excused(one, bare) for one in merge_roll(away, base.roll))
            except BadCell as problem:
                errors.append(_error(line.row, problem.key, problem))
        return found

    def _visitors(
        self, line: Line, base: GatheringFacts, given: dict[str, Any], errors: list[CellError]
    ) -> dict[str, Any]:
        """Guests and auditors; what a ledger keeps of a comment goes to the minutes."""
        near, minutes = self.ties.near(line.bare()), given.get("minutes", base.minutes)
        cells = VisitorCells(self.shelves.people, line.row.values, near)
        errors += [_error(line.row, key, problem) for key, problem in cells.problems]
        return cells.facts(minutes, base.visitors)

    def _series(self, text: str, _base: GatheringFacts, _near: Near) -> Series | None:
        return None if text == "无" else self.shelves.series.find(text)

    def _chair(self, text: str, _base: GatheringFacts, near: Near) -> Any:
        people = ours(lambda: self.shelves.people.named(text, near))
        if len(people) > 1:
            raise Refused("主持人只填一位。其他主持人可写在记录里。")
        return people[0] if people else None

    def _lecturers(self, text: str, base: GatheringFacts, near: Near) -> tuple[LecturerFact, ...]:
        named = self.shelves.people.named(text, near)
        return merge_lecturers([self.ties.lecturer(one, base.held_on) for one in named], base.lecturers)

    def _away(
        self, row: RecordRow, key: str, state: str, near: Near, errors: list[CellError]
    ) -> list[Away] | None:
        text = row.values[key]
        if text is None or self._counted(text) is not None:
            return None
        try:
            return self.shelves.people.away(text, near, state)
        except Refused as problem:
            errors.append(_error(row, key, problem))
            return None

    def _with_reasons(
        self, row: RecordRow, away: dict[str, list[Away] | None], near: Near, errors: list[CellError]
    ) -> dict[str, list[Away] | None]:
        """Those away together with those of a column for both, where the ledger has one."""
        text = row.values["away"]
        if text is None or self._counted(text) is not None:
            return away
        try:
            both = self.shelves.people.away_with_reasons(text, near)
        except Refused as problem:
            errors.append(_error(row, "away", problem))
            return away
        return away | {key: (away[key] or []) + people for key, people in both.items()}

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


def _error(row: RecordRow, key: str, problem: BadCell | Refused) -> CellError:
    told = problem if isinstance(problem, BadCell) else sentence(key, problem.message)
    return row.error(told.key, told.reason, told.fix)


def say_people(entries: Iterable[RollFact | VisitorFact]) -> str:
    """The roll, or the visitors, as the preview says it."""
    return "、".join(str(entry) for entry in entries) or "无"


def say_day(facts: GatheringFacts) -> str:
    """2017年3月5日, or 2017年3月."""
    if facts.days.start == facts.days.end:
        return periods.say_day(facts.held_on)
    return f"{facts.held_on.year}年{facts.held_on.month}月"
