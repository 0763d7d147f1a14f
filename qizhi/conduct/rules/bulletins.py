"""What a bulletin may tell: which months it covers, how cases are counted, what must not stand in it.

Nobody may be known by a bulletin that does not name people: a cell of unit and clause that stands for fewer
than `LEAST` people is merged with others, and what is merged stands for `LEAST` people again or has neither
unit nor clause.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal

from qizhi.core import periods
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass

A_YEAR = 6
"""Bulletins a year: one every two months (LB-04)."""
LEAST = 3
"""People a cell must stand for, so that none of them can be told from it."""
OTHER_UNITS, OTHER_CLAUSES = "其他组织", "其他条款"
RULE = (
    f"同一组织、同一条款涉及不满{LEAST}人的，并入“{OTHER_UNITS}”或“{OTHER_CLAUSES}”，"
    "以免从汇总中认出个人；由组织承担责任的不合并。"
)
"""How small cells are merged, as the bulletin itself says."""
WHOLE_RULE = f"本期各组织、各条款涉及的都不满{LEAST}人，不分列组织和条款，以免从汇总中认出个人。"
"""What it says where all of them went into one: a table of that one would tell nothing."""

_ID = re.compile(r"(?<![0-9])[0-9]{15}(?:[0-9]{2}[0-9Xx])?(?![0-9Xx])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_FIXED = re.compile(r"(?<![0-9])0[0-9]{2,3}[-—－ ]?[0-9]{7,8}(?![0-9])")
_GAPS = re.compile(r"(?<=[0-9Xx])[\s\-—－]+(?=[0-9Xx])")


def days_of(year: int, number: int) -> Period:
    """The two months of bulletin `number` (1 to 6) of a year.

    Raises:
        ValueError: there is no such number.
    """
    if not 1 <= number <= A_YEAR:
        message = f"no bulletin {number} in a year"
        raise ValueError(message)
    last = periods.month_of(dt.date(year, number * 2, 1))
    return Period(dt.date(year, number * 2 - 1, 1), last.end)


def numbers_over(year: int, day: dt.date) -> list[int]:
    """The bulletins of a year whose two months are over on the day."""
    return [number for number in range(1, A_YEAR + 1) if days_of(year, number).end < day]


@dataclass(frozen=True)
class Told:
    """A final case, as a bulletin counts it.

    Attributes:
        key: the case.
        unit: Chinese name of the unit concerned; empty when nothing is known of it.
        clause: how the clause is quoted.
        points: as they became final.
        final_on: on which day.
        person: key of the person concerned; empty for a case of a unit.
        name: of the person.
    """

    key: str
    unit: str
    clause: str
    points: Decimal
    final_on: dt.date
    person: str = ""
    name: str = ""


@dataclass(frozen=True)
class Cell:
    """Cases that are told together: how many of how many people, and their points."""

    unit: str
    clause: str
    cases: int
    people: int
    points: Decimal


@dataclass
class _Heap:
    """Cases that stand in one cell so far."""

    unit: str
    clause: str
    cases: list[Told] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len({one.person for one in self.cases})

    @property
    def is_large(self) -> bool:
        return self.people >= LEAST

    def cell(self) -> Cell:
        return Cell(
            self.unit,
            self.clause,
            len(self.cases),
            self.people,
            sum((one.points for one in self.cases), Decimal(0)),
        )


def cells_of(cases: Iterable[Told]) -> list[Cell]:
    """Cases by unit and clause, small cells of people merged; in the order in which they come, 其他 last.

    First a small cell goes to the others of its clause (其他组织), then those left to the others of their
    unit (其他条款), then to one cell of both. Where that one would stand for too few people, the smallest of
    the other cells goes in as well: nothing can be had by subtraction.
    """
    told = list(cases)
    own = _heaps([one for one in told if not one.person], lambda one: (one.unit, one.clause))
    heaps = _heaps([one for one in told if one.person], lambda one: (one.unit, one.clause))
    large, small = _split(heaps)
    by_clause, small = _split(_heaps(_cases(small), lambda one: (OTHER_UNITS, one.clause)))
    by_unit, small = _split(_heaps(_cases(small), lambda one: (one.unit, OTHER_CLAUSES)))
    large += by_clause + by_unit
    rest = _Heap(OTHER_UNITS, OTHER_CLAUSES, _cases(small))
    while rest.cases and not rest.is_large and large:
        nearest = min(large, key=lambda heap: (heap.people, heap.unit, heap.clause))
        large.remove(nearest)
        rest.cases += nearest.cases
    found = [heap.cell() for heap in own + large + ([rest] if rest.cases else [])]
    places = {name: place for place, name in enumerate(dict.fromkeys(one.unit for one in told))}
    return sorted(found, key=lambda cell: _place(cell, places))


def is_whole(cells: Sequence[Cell]) -> bool:
    """Whether everything went into one cell of no unit and no clause."""
    return [(cell.unit, cell.clause) for cell in cells] == [(OTHER_UNITS, OTHER_CLAUSES)]


def _heaps(cases: Iterable[Told], key: Callable[[Told], tuple[str, str]]) -> list[_Heap]:
    heaps: dict[tuple[str, str], _Heap] = {}
    for one in cases:
        unit, clause = key(one)
        heaps.setdefault((unit, clause), _Heap(unit, clause)).cases.append(one)
    return list(heaps.values())


def _split(heaps: Sequence[_Heap]) -> tuple[list[_Heap], list[_Heap]]:
    return [heap for heap in heaps if heap.is_large], [heap for heap in heaps if not heap.is_large]


def _cases(heaps: Iterable[_Heap]) -> list[Told]:
    return [one for heap in heaps for one in heap.cases]


def _place(cell: Cell, places: Mapping[str, int]) -> tuple[int, bool, str]:
    """By unit and clause; never by how many cases there are."""
    return places.get(cell.unit, len(places)), cell.clause == OTHER_CLAUSES, cell.clause


@dataclass(frozen=True)
class Month:
    """A month of a bulletin: how many cases became final."""

    first: dt.date
    cases: int
    points: Decimal

    @property
    def sentence(self) -> str:
        """Chinese; a month without a case says so."""
        if not self.cases:
            return f"{self.first.month}月没有生效的事项。"
        return f"{self.first.month}月生效{self.cases}件，扣{say_points(self.points)}分。"


def months_of(days: Period, cases: Sequence[Told]) -> list[Month]:
    """The months of a period with their cases."""
    return [
        Month(
            part.start,
            sum(1 for one in cases if one.final_on in part),
            sum((one.points for one in cases if one.final_on in part), Decimal(0)),
        )
        for part in periods.split(days, Every.MONTH)
    ]


def say_points(points: Decimal) -> str:
    """Points taken off, without needless zeros: 2 for -2, 1.5 for -1.50."""
    return f"{abs(points).normalize():f}" if points else "0"


def private_in(text: str) -> list[str]:
    """Numbers in a text that look like those of identity cards or telephones, whole or spaced."""
    found = []
    for words in (text, _GAPS.sub("", text)):
        plain = words.translate(_FULL_WIDTH)
        for pattern in (_ID, _MOBILE, _FIXED):
            found += pattern.findall(plain)
    return list(dict.fromkeys(found))


_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Names that stand in a text, also with blanks between their characters."""
    packed = re.sub(r"\s+", "", text)
    return sorted({name for name in names if name and re.sub(r"\s+", "", name) in packed})
