"""Names as people type them: 张三、李四(0012)、王教授(外单位)."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.db.models import Q

from qizhi.core.errors import Refused
from qizhi.core.tables import BadValue
from qizhi.core.tables.values import parse_names
from qizhi.core.values import dataclass
from qizhi.org.models import Person

OUTSIDE = frozenset({"外单位", "外请", "外聘", "外", "特邀"})
LONGEST = 4_000
"""Characters that any input for names takes; more would take long to read and to look up."""
LONGEST_RUN = 200
"""Characters without a separator between them."""
_SEPARATORS = re.compile(r"[、，,;；/|\n]+")
_MARKED = re.compile(r"(?P<name>[^()]+?)\s*\(\s*(?P<mark>[^()]+?)\s*\)")
_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9._-]+")
_WIDE_MARKS = str.maketrans("（）［］【】", "()()()")
_NOBODY = frozenset({"", "无", "没有", "-", "—", "——"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One name as typed: with a staff number, from outside, or alone."""

    name: str
    number: str = ""
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Who was meant: a person of ours, or a guest by name."""

    person: Person | None
    guest_name: str = ""


def split_names(text: str) -> list[Typed]:
    """The names in a text, in their order; 无 and dashes are nobody.

    Raises:
        Refused: one cannot tell where a name ends, others are left out with 等, or it is far too long.
    """
    if len(text) > LONGEST:
        raise Refused(f"人名共 {len(text)} 个字，最多 {LONGEST} 个字。请只写姓名，几个人用“、”隔开。")
    found: list[Typed] = []
    for piece in _SEPARATORS.split(text.translate(_WIDE_MARKS)):
        word = piece.strip()
        if len(word) > LONGEST_RUN:
            raise Refused(f"“{word[:20]}…”有 {len(word)} 个字，看不出是哪几位。请写姓名，几个人用“、”隔开。")
        if word not in _NOBODY:
            found += _typed(word)
    return found


def _typed(word: str) -> list[Typed]:
    marked = _MARKED.fullmatch(word)
    if marked:
        name, mark = "".join(marked["name"].split()), marked["mark"]
        return [Typed(name, is_outside=True) if mark in OUTSIDE else Typed(name, number=mark)]
    if _NUMBER.fullmatch(word):
        return [Typed("", number=word)]
    if _MARKED.search(word):
        # 张三(0012) 李四: only spaces stand between them.
        return [one for part in re.split(r"(?<=\))\s*", word) if part for one in _typed(part)]
    try:
        return [Typed(name) for name in parse_names(word)]
    except BadValue as problem:
        raise Refused(f"{problem.reason}。{problem.fix or '请写姓名，几个人用“、”隔开'}。") from problem


class Unknown(Refused):
    """Nobody of ours is meant by a name; perhaps somebody from outside is, where such a person can stand."""

    def __init__(self, what: str, advice: str, name: str) -> None:
        """Keep what to say where only our own people can stand."""
        super().__init__(f"{what}。{advice}；外单位人员请写成“{name}(外单位)”。")
        self.among_ours = f"{what}。{advice}。"


class Several(Refused):
    """A name stands for several people, and it is not known who is meant first."""


class PeopleBook:
    """Finds the people that a form or a table names."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Sort people by name and number."""
        self._by_number: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            self.add(person)

    @classmethod
    def load(cls, bureau_id: uuid.UUID, texts: Iterable[str]) -> PeopleBook:
        """Read everybody whom the texts may mean; one query, none when nobody is named."""
        typed = []
        for text in texts:
            try:
                typed += split_names(text)
            except Refused:
                continue  # whoever reads that text is told then
        names = {one.name for one in typed if one.name}
        numbers = {one.number for one in typed if one.number}
        if not names and not numbers:
            return cls(())
        people = Person.objects.filter(bureau_id=bureau_id)
        return cls(people.filter(Q(name__in=names) | Q(staff_no__in=numbers)).order_by("staff_no"))

    def add(self, person: Person) -> None:
        """Make somebody findable, who may be there already."""
        if person.staff_no not in self._by_number:
            self._by_number[person.staff_no] = person
            self._by_name[person.name].append(person)

    def keys(self) -> list[uuid.UUID]:
        """The keys of everybody in the book."""
        return [person.pk for person in self._by_number.values()]

    def find_all(self, text: str, near: Collection[uuid.UUID]) -> list[Named]:
        """Everybody whom a text names.

        Args:
            text: names as typed.
            near: keys of the people who are meant first where several have one name.

        Raises:
            Refused: a name is unknown or stands for several people; the message says what to write.
        """
        return [self.find(typed, near) for typed in split_names(text)]

    def find(self, typed: Typed, near: Collection[uuid.UUID]) -> Named:
        """Whom one name means; as `find_all`."""
        if typed.is_outside:
            return Named(None, typed.name)
        if typed.number:
            return Named(self._numbered(typed))
        people = self._by_name.get(typed.name, [])
        here = [person for person in people if person.pk in near]
        meant = here or people
        if len(meant) == 1:
            return Named(meant[0])
        if meant:
            options = "、".join(f"{person.name}({person.staff_no})" for person in meant)
            raise Several(f"有 {len(meant)} 位“{typed.name}”，请写明工号：{options}。")
        raise Unknown(f"人员库里没有“{typed.name}”", "请核对姓名或写工号", typed.name)

    def _numbered(self, typed: Typed) -> Person:
        person = self._by_number.get(typed.number)
        if person is not None and typed.name in {"", person.name}:
            return person
        if not typed.name:
            raise Unknown(f"人员库里没有工号 {typed.number} 的人员", "请核对工号", "姓名")
        if person is None and not any(char.isdigit() for char in typed.number):
            what = f"“{typed.name}”后面括号里的“{typed.number}”不是工号"
            raise Unknown(what, "本单位人员请只写姓名，同名的写成 姓名(工号)", typed.name)
        what = f"人员库里没有姓名“{typed.name}”、工号 {typed.number} 的人员"
        raise Unknown(what, "请核对姓名和工号", typed.name)


def ours(find: Callable[[], Iterable[Named]]) -> list[Person]:
    """The people of ours, where only our own people can stand.

    Raises:
        Refused: somebody is unknown or comes from outside; the advice leads to no second refusal.
    """
    try:
        named = list(find())
    except Unknown as error:
        raise Refused(error.among_ours) from error
    for one in named:
        if one.person is None:
            raise Refused(
                f"这里只能填本单位人员，“{one.guest_name}”是外单位人员。"
                "请换成本单位人员；确实是外单位人员的，这里不填，写在列席人员或会议记录里。"
            )
    return [one.person for one in named if one.person]
