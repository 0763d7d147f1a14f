"""The cells that name people: chair, lecturers, and those who were away with reason or day."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from qizhi.core.errors import Refused
from qizhi.core.patterns import late
from qizhi.core.tables import BadCell, BadValue
from qizhi.core.tables.values import parse_day
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import RollState
from qizhi.gatherings.importers.away import counted, inherited, is_excuse, spelt_out
from qizhi.gatherings.queries.names import OUTSIDE, Named, PeopleBook, ours
from qizhi.gatherings.services import LecturerFact, RollFact
from qizhi.org.enums import Role
from qizhi.org.models import Person

Near = Sequence[Collection[uuid.UUID]]
"""Keys of the people who are meant first where several have one name; the nearest circle first."""
_PIECE = late(r"(?:[^、，,;；/|\n()]|\([^()]*\)?|\))+")
_AFTER_MARK = late(r"(?<=\))\s*(?=[^\s(])")
_MARK = late(r"\(([^()]*)\)?")
_IN_MARK = late(r"[、，,;；]")
_GUEST = late(r"(?:外请|外聘|外单位|特邀)(?:专家|教授|讲师|教师|老师|人员)?\s*:\s*(?P<name>.+)")
_NUMBER = late(r"(?=.*[0-9])[A-Za-z0-9._-]+")
_NOBODY = late(r"无(?:人|请假|缺席)?(?:人员)?|没有|全勤|全部到[齐会]|全员到[齐会]|[0零]人?")
_MADE_UP_WORD = late(r"已?(?:补课|补学|补)$")
_POSTS = {str(role.label) for role in Role} | {"书记", "副书记", "委员", "组长", "党小组长", "处长", "局长"}
_GIVEN = {RollState.EXCUSED: "excused", RollState.ABSENT: "absent", RollState.MADE_UP: "made_up"}


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who was away, with what stood in brackets behind the name."""

    person: Person
    reason: str = ""
    made_up_on: dt.date | None = None


class People:
    """Everybody of the bureau, by name and number; one query."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read them once for the whole table."""
        people = list(Person.objects.filter(bureau_id=bureau_id).order_by("staff_no"))
        self._book = PeopleBook(people)
        self._numbers = {person.staff_no for person in people}
        self._names = {person.name for person in people}
        self._words: dict[uuid.UUID, str] = {}

    def named(self, text: str, near: Near) -> list[Named]:
        """Everybody whom a cell names, guests among them.

        Raises:
            Refused: somebody is unknown, or two have one name.
        """
        found: list[Named] = []
        for piece in _pieces(text):
            guest = _GUEST.fullmatch(piece)
            if guest:
                found.append(Named(None, guest["name"].strip()))
            else:
                found += self._find(_without_posts(piece), near)
        return list(dict.fromkeys(found))

    def away(self, text: str, near: Near, state: str) -> list[Away]:
        """Everybody whom a cell of the roll names.

        Raises:
            Refused: as `named`; or it cannot be told whom a reason is about; or a day is none.
        """
        pieces = spelt_out(_pieces(text), self._names.__contains__)
        return [one for piece in pieces for one in self._away(piece, near, state)]

    def away_with_reasons(self, text: str, near: Near) -> dict[str, list[Away]]:
        """Those excused and those absent, from one column for both: who has a reason is excused.

        Raises:
            Refused: as `away`.
        """
        people = self.away(text, near, RollState.EXCUSED)
        reasons = inherited([one.reason for one in people])
        found: dict[str, list[Away]] = {"excused": [], "absent": []}
        for one, reason in zip(people, reasons, strict=True):
            found["excused" if is_excuse(reason) else "absent"].append(replace(one, reason=reason))
        return found

    def counted(self, text: str) -> int | None:
        """How many were away, in a cell that says no names."""
        return None if _NOBODY.fullmatch(text) else counted(text, self._numbers.__contains__)

    def _away(self, piece: str, near: Near, state: str) -> list[Away]:
        name = _MARK.sub("", piece).strip()
        marks = [word.strip() for mark in _MARK.findall(piece) for word in _IN_MARK.split(mark)]
        numbers = [word for word in marks if word in self._numbers]
        days = [word for word in marks if word not in numbers and state == RollState.MADE_UP]
        days = [word for word in days if re.search(r"[0-9]", word)]
        # Anything else that looks like a number is meant as one: the book says that nobody has it.
        numbers += [word for word in marks if word not in [*numbers, *days] and _NUMBER.fullmatch(word)]
        reasons = [word for word in marks if word and word not in [*numbers, *days]]
        word = f"{name}({numbers[0]})" if numbers else name
        people = ours(lambda: self._find(word, near))
        if (reasons or days) and len(people) != 1:
            raise Refused(f"分不清“{piece}”括号里说的是谁。请用“、”把姓名隔开，每人各写各的原因。")
        day = _day(days[0]) if days else None
        return [Away(person, "，".join(reasons), day) for person in people]

    def _find(self, text: str, near: Near) -> list[Named]:
        if not text:
            raise Refused("有一对括号前面没有姓名。请写成 姓名(说明)。")
        for circle in near:
            try:
                return self._book.find_all(text, circle)
            except Refused:
                continue  # perhaps the next circle knows; what the last says is told below
        return self._book.find_all(text, ())

    def word(self, person: Person) -> str:
        """How a person is written so that nobody else is meant: the name, with the number if needed."""
        if person.pk not in self._words:
            numbered = f"{person.name}({person.staff_no})"
            options = (person.name, numbered, person.staff_no)
            self._words[person.pk] = next((word for word in options if self._means(word, person)), numbered)
        return self._words[person.pk]

    def _means(self, word: str, person: Person) -> bool:
        try:
            return self.named(word, ()) == [Named(person)] and self.away(word, (), "") == [Away(person)]
        except Refused:
            return False

    def word_away(self, fact: RollFact) -> str:
        """How an exception from the roll is written; what would not be read back as it is, is left out."""
        name, reason = self.word(fact.person), fact.reason
        day = fact.made_up_on.isoformat() if fact.made_up_on else ""
        for marks in ((reason, day), (day,), (reason,)):
            word = name + "".join(f"({mark})" for mark in marks if mark)
            wanted = Away(fact.person, reason, fact.made_up_on)
            if reason not in marks:
                wanted = replace(wanted, reason="")
            try:
                if self.away(word, (), fact.state) == [wanted]:
                    return word
            except Refused:
                continue
        return name


def _pieces(text: str) -> list[str]:
    """A cell cut at its separators, but not inside brackets; 无 and 全勤 are nobody."""
    found = [part.strip() for piece in _PIECE.findall(text) for part in _AFTER_MARK.split(piece.strip())]
    return [piece for piece in found if piece and not _NOBODY.fullmatch(piece)]


def _without_posts(piece: str) -> str:
    """张三(支部书记) is 张三; any other word in brackets stays, for it may mean somebody else."""
    bare = _MARK.sub(lambda match: "" if match[1].strip() in _POSTS - OUTSIDE else match[0], piece)
    return bare.removesuffix("同志")


def _day(word: str) -> dt.date:
    try:
        return parse_day(_MADE_UP_WORD.sub("", word))
    except BadValue as problem:
        raise Refused(f"补课日期{problem.reason}。{problem.fix}。") from problem


def merge_roll(given: dict[str, list[Away] | None], before: Sequence[RollFact]) -> tuple[RollFact, ...]:
    """The roll after a row: who is named stands as named, an empty cell leaves its people as they are.

    A person who was away and made up for it is written in two cells by those who keep ledgers.

    Args:
        given: by column (`excused`, `absent`, `made_up`), None where the cell is empty.
        before: the roll that is stored.

    Raises:
        BadCell: somebody is excused and absent.
    """
    known = {fact.person: fact for fact in before}
    named: dict[Person, RollFact] = {}
    for state, key in _GIVEN.items():
        for one in given[key] or ():
            earlier = named.get(one.person)
            if earlier and {earlier.state, state} == {RollState.EXCUSED, RollState.ABSENT}:
                reason = f"{one.person}同时写在请假人员和缺席人员里"
                raise BadCell("absent", reason, "请只留一处")
            reason = one.reason or (earlier.reason if earlier else "")
            named[one.person] = RollFact(one.person, state, reason, one.made_up_on)
    for person, fact in named.items():
        named[person] = _enriched(fact, known.get(person), is_silent=given["made_up"] is None)
    kept = [
        fact for fact in before if fact.person not in named and given[_GIVEN[RollState(fact.state)]] is None
    ]
    return (*kept, *named.values())


def _enriched(fact: RollFact, before: RollFact | None, *, is_silent: bool) -> RollFact:
    """A fact with the reason and the day that are known already; having made up for it is not unlearnt."""
    if before is None:
        return fact
    if before.state == RollState.MADE_UP and is_silent:
        return replace(before, reason=fact.reason or before.reason)
    if fact.state not in {before.state, RollState.MADE_UP}:
        return fact
    day = fact.made_up_on or (before.made_up_on if before.state == fact.state else None)
    return replace(fact, reason=fact.reason or before.reason, made_up_on=day)


def merge_lecturers(
    named: Sequence[LecturerFact], before: Sequence[LecturerFact]
) -> tuple[LecturerFact, ...]:
    """The lecturers after a row; who taught already keeps the capacity that is stored."""
    known = {(fact.person, fact.guest_name): fact for fact in before}
    merged = tuple(known.get((fact.person, fact.guest_name), fact) for fact in named)
    is_same = len(merged) == len(before) and all(fact in merged for fact in before)
    return tuple(before) if is_same else merged
