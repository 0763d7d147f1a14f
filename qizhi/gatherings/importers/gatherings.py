"""The table of gatherings, in and out: one row a gathering, checked and written by one path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qizhi.core import clock
from qizhi.core.imports import LineResult, Outcome, What, say_change
from qizhi.core.permissions import Actor
from qizhi.core.tables import TableReading
from qizhi.core.tables.values import DayOrMonth
from qizhi.core.tables.values.plain import shorten
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import RollState, VisitorRole
from qizhi.gatherings.importers.columns import LABELS
from qizhi.gatherings.importers.matching import Match, Stored, stored_facts
from qizhi.gatherings.importers.people import People
from qizhi.gatherings.importers.rows import Reader, Shelves, Ties, place_row, say_day, say_people
from qizhi.gatherings.importers.visitors import word_visitors
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import RECORD
from qizhi.gatherings.services import GatheringFacts, correct_many, facts_of, record_many

_CHUNK = 1_000
_LONG = ("topics", "minutes")
_SHORT = ("starts_at", "chair", "lecturers", "place", "hours", "due_total", "present_total", "series")


@dataclass(frozen=True)
class _Step:
    """What a row does: `before` and `stored` are None for a new gathering, `after` where nothing is done."""

    match: Match
    what: What
    before: GatheringFacts | None = None
    after: GatheringFacts | None = None

    @property
    def line(self) -> LineResult:
        """For the preview."""
        row = self.match.line.row
        return LineResult(row.sheet, row.number, self.what, _say(self))


def run_gatherings(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Record gatherings and bring known ones up to date.

    Unit, day (or month), the set of kinds and the name say which is which. Empty cells leave what is stored
    as it is, and so does everything that has no column: votes, comments of auditors, files.
    """
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    shelves = Shelves.load(by)
    placed = [(check, place_row(check, shelves)) for check in map(outcome.check, reading.all_rows)]
    lines = [line for _, line in placed if line is not None]
    matches = Stored(by.bureau_id, lines).match(lines)
    before = stored_facts(matches)
    reader = Reader(by, shelves, Ties.load(by.bureau_id, lines), clock.today())
    for check in (check for check, line in placed if line is None):
        reader.names_alone(check)
    steps = []
    for match in matches:
        known = before.get(match.stored.pk) if match.stored else None
        step = _step(match, known, reader)
        if match.line.check.is_sound:
            steps.append(step)
    outcome.lines = [
        replace(step.line, text=step.line.text + _say_namesakes(step, shelves.people)) for step in steps
    ]
    outcome.arrange(reading)
    if write and not outcome.errors:
        _write(steps, by)
    return outcome


def _step(match: Match, before: GatheringFacts | None, reader: Reader) -> _Step:
    if match.twin or (match.stored is not None and match.stored.withdrawn_at is not None):
        return _Step(match, What.SAME, before)
    after = reader.facts(match.line, before)
    if before is None:
        return _Step(match, What.NEW, None, after)
    return _Step(match, What.SAME if after == before else What.CHANGED, before, after)


def _write(steps: Sequence[_Step], by: Actor) -> None:
    new = [step.after for step in steps if step.what is What.NEW and step.after is not None]
    record_many(new, by=by)
    changed = [
        (step.match.stored, step.after)
        for step in steps
        if step.what is What.CHANGED and step.match.stored is not None and step.after is not None
    ]
    for start in range(0, len(changed), _CHUNK):
        correct_many(changed[start : start + _CHUNK], by=by)


def _say(step: _Step) -> str:
    """What a row does, in words for the preview."""
    match = step.match
    facts = step.after or step.before or match.line.bare
    kinds = "、".join(kind.name for kind in facts.kinds)
    said = f"{facts.unit} {say_day(facts)}：{facts.title}（{kinds}）"
    if match.twin:
        return f"{said}；与第{match.twin}行完全相同，只登记一次"
    if match.stored is not None and match.stored.withdrawn_at is not None:
        return f"{said}；登记后已撤销（{match.stored.withdrawn_because}），不再导入，需要时请在活动页恢复"
    if step.what is What.CHANGED and step.before is not None and step.after is not None:
        return f"{said}；改动：{'；'.join(_differences(step.before, step.after))}"
    if step.what is What.NEW and match.others:
        return f"{said}；注意：当天已登记同类活动“{shorten(match.others[0])}”，确是另一次再导入"
    return said


def _say_namesakes(step: _Step, people: People) -> str:
    """Who was taken where several have one name: the person of the nearest circle, with the number."""
    if step.what not in {What.NEW, What.CHANGED} or step.after is None:
        return ""
    facts = step.after
    named = [facts.chair, *(one.person for one in facts.lecturers), *(one.person for one in facts.roll)]
    words = (people.word(one) for one in named if one is not None and people.word(one) != one.name)
    told = "、".join(dict.fromkeys(words))
    return f"；有同名的人，认作{told}，不对的请在表里写工号" if told else ""


def _differences(before: GatheringFacts, after: GatheringFacts) -> list[str]:
    """The columns that change, with old and new values where they are short."""
    found = [
        say_change(LABELS[name], getattr(before, name), getattr(after, name))
        for name in _SHORT
        if getattr(before, name) != getattr(after, name)
    ]
    found += [LABELS[name] for name in _LONG if getattr(before, name) != getattr(after, name)]
    if before.roll != after.roll:
        found.append(f"请假、缺席、补课 {say_people(before.roll)}→{say_people(after.roll)}")
    if before.visitors != after.visitors:
        found.append(f"列席、旁听 {say_people(before.visitors)}→{say_people(after.visitors)}")
    return found


def export_gatherings(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Every gathering that the person may record, as the table takes it back."""
    rows = Gathering.objects.held().filter(by.reach(RECORD).units()).order_by("unit__path", "held_on", "id")
    shelves = Shelves.load(by)
    known = list(rows.only("id"))
    for start in range(0, len(known), _CHUNK):
        chunk = known[start : start + _CHUNK]
        facts = facts_of(chunk)
        for row in chunk:
            yield _cells(facts[row.pk], shelves)


def _cells(facts: GatheringFacts, shelves: Shelves) -> dict[str, Any]:
    people = shelves.people
    taught = [
        people.word(fact.person) if fact.person else f"外请:{fact.guest_name}" for fact in facts.lecturers
    ]
    away = {
        state: "、".join(people.word_away(fact) for fact in facts.roll if fact.state == state) or None
        for state in RollState
    }
    return {
        "unit": shelves.units.word(facts.unit, facts.days),
        "held_on": DayOrMonth(facts.held_on, "day" if facts.days.start == facts.days.end else "month"),
        "starts_at": facts.starts_at,
        "kinds": shelves.kinds.words(facts.kinds, facts.unit),
        "title": facts.title,
        "chair": people.word(facts.chair) if facts.chair else None,
        "lecturers": "、".join(taught) or None,
        "place": facts.place or None,
        "topics": facts.topics or None,
        "hours": facts.hours,
        "excused": away[RollState.EXCUSED],
        "absent": away[RollState.ABSENT],
        "made_up": away[RollState.MADE_UP],
        "guests": word_visitors(people, facts.visitors, VisitorRole.GUEST),
        "auditors": word_visitors(people, facts.visitors, VisitorRole.AUDITOR),
        "due_total": facts.due_total,
        "present_total": facts.present_total,
        "minutes": facts.minutes or None,
        "series": shelves.series.word(facts.series) if facts.series else None,
    }
