"""What the rows of the table of units are held against: the units there are, and those the table brings."""

from __future__ import annotations

import copy
import datetime as dt
import difflib
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from qizhi.core.tables.cells import say_rows
from qizhi.core.tables.problems import BadCell, UnreadCell
from qizhi.core.tables.reading import RecordRow
from qizhi.core.tables.values import DayOrMonth
from qizhi.core.tables.values.plain import compact, shorten
from qizhi.org.enums import UnitKind
from qizhi.org.importers.cells import Days
from qizhi.org.importers.tree_words import guess_kind
from qizhi.org.importers.units import know_usual, unit_key, unit_words
from qizhi.org.models import Unit
from qizhi.org.rules import free_code

_MOST_NAMED = 12
_OFTEN_NAMED = (UnitKind.DEPARTMENT, UnitKind.GROUP)
_OURSELVES = ("本局", "局", "本单位", "全局", "局机关", "本级", "机关")
"""How a table calls the bureau itself."""
_DEPTH: dict[str | None, int] = {UnitKind.GROUP: 3, UnitKind.BRANCH: 2}


class Books:
    """The units of a bureau; one query. What a row brings is taken in, so that later rows see it.

    Attributes:
        root: the bureau as a unit.
        guessed, placed, undated, early: numbers of rows whose kind, superior or day was not written, or whose
            day lies before the bureau's own.
    """

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read them; the first start has made the root."""
        units = list(Unit.objects.filter(bureau_id=bureau_id).order_by("from_on", "code"))
        self.root: Unit = next(
            unit for unit in units if unit.kind == UnitKind.BUREAU and unit.parent_id is None
        )
        self.days = Days()
        self.guessed: list[int] = []
        self.placed: list[int] = []
        self.undated: list[int] = []
        self.early: list[int] = []
        self._doubted: set[str] = set()
        self._by_pk: dict[uuid.UUID, Unit] = {unit.pk: unit for unit in units}
        for unit in units:
            unit.parent = self._by_pk.get(unit.parent_id) if unit.parent_id else None
        self._stored = [unit for unit in units if unit.pk != self.root.pk]
        self._codes: dict[str, Unit] = {unit.code.lower(): unit for unit in units}
        self._known: dict[str, list[Unit]] = defaultdict(list)
        self._root_words = unit_words(self.root, ())
        for unit in units:
            self._index(unit)
        know_usual(self._known, units, [self.root])
        for word in _OURSELVES:
            self._known.setdefault(word, [self.root])

    def _index(self, unit: Unit) -> None:
        above = [unit.parent, self.root] if unit.parent else [self.root]
        for word in unit_words(unit, [one for one in above if one.pk != unit.pk]):
            self._known[word].append(unit)
            if word.startswith("局") and len(word) > 1:
                self._known[word[1:]].append(unit)  # 局党组 is called 党组 inside the house

    def all(self) -> list[Unit]:
        """Every unit that is stored, without the root."""
        return self._stored

    def take(self, unit: Unit, known: Unit | None) -> None:
        """Let later rows see what a row brings."""
        self._by_pk[unit.pk] = unit
        if known is None:
            self._codes[unit.code.lower()] = unit
        self._index(unit)

    def now(self, key: uuid.UUID | None) -> Unit | None:
        """A unit as the table leaves it."""
        return self._by_pk.get(key) if key else None

    def changed(self, known: Unit, fields: Mapping[str, Any]) -> Unit:
        """The unit with other values, beside the one that is stored."""
        unit = copy.copy(known)
        for name, value in fields.items():
            setattr(unit, name, value)
        return unit

    def is_root(self, name: str, kind: str | None) -> bool:
        """Whether a row is about the bureau itself."""
        return kind in {None, UnitKind.BUREAU} and unit_key(name) in self._root_words

    def keys_of(self, row: RecordRow) -> set[str]:
        """The words by which other rows may name this one as what they stand below."""
        words = (row.values.get(key) for key in ("name", "short_name", "code"))
        return {unit_key(word) for word in words if word}

    def parent_key(self, row: RecordRow) -> str:
        """How a row names what it stands below, where that is no unit which is there already."""
        word = row.values.get("parent")
        return "" if not word or self.find(word) is not None else unit_key(word)

    def depth(self, row: RecordRow) -> int:
        """Committees before branches, these before groups: one may be understood without being named."""
        return _DEPTH.get(row.values.get("kind") or guess_kind(row.values.get("name") or ""), 1)

    def doubt(self, row: RecordRow) -> None:
        """Remember the words of a row with wrong cells: that what it brings is not known is no news."""
        self._doubted |= self.keys_of(row)

    def check_doubt(self, word: str) -> None:
        """Say nothing of a unit that a row with wrong cells brings.

        Raises:
            UnreadCell: it is one.
        """
        if unit_key(word) in self._doubted:
            raise UnreadCell(word)

    def check_doubt_before(self, name: str) -> None:
        """The same for a name that begins with that of such a unit: 第一党支部第一党小组."""
        if any(unit_key(name).startswith(word) for word in self._doubted):
            raise UnreadCell(name)

    def find(self, word: str) -> Unit | None:
        """The unit that a cell names: by code, else by name; of several that which exists, the youngest."""
        by_code = self._codes.get(compact(word).lower())
        if by_code is not None:
            return self._by_pk[by_code.pk]
        found = self._found(word) or self._found(unit_key(word).removeprefix("本").removeprefix("局"))
        return self._by_pk[_best(found).pk] if found else None

    def _found(self, word: str) -> list[Unit]:
        return list({unit.pk: unit for unit in self._known.get(unit_key(word), [])}.values())

    def known(
        self, name: str, code: str | None, kind: str | None, parent: Unit | None, day: DayOrMonth | None
    ) -> Unit | None:
        """The stored unit that a row means; None for a new one.

        Raises:
            BadCell: code and name mean two different ones, or a name means several.
        """
        stored = {unit.pk for unit in self._stored}
        if code and (by_code := self._codes.get(code.lower())) is not None and by_code.pk in stored:
            return by_code
        found = [unit for unit in self._found(name) if unit.pk in stored]
        found = [unit for unit in found if kind is None or unit.kind == kind]
        found = [unit for unit in found if _may_be(unit, parent)]
        if day is not None:
            found = [unit for unit in found if day.first_day <= unit.from_on <= day.last_day] or [
                unit for unit in found if unit.to_on is None
            ]
        if not found:
            return None
        if parent is None and sum(unit.to_on is None for unit in found) > 1:
            reason = f"有 {len(found)} 个“{shorten(name)}”，没有写上级分不清是哪一个"
            raise BadCell("parent", reason, "请写明上级")
        best = _best(found)
        if code and best.to_on is None:
            reason = f"“{best}”已登记，代码是 {best.code}"
            raise BadCell("code", reason, "代码确定后不再改：请改成这个代码，或留空")
        return None if code else best

    def branch_before(self, name: str) -> tuple[Unit | None, str]:
        """The branch whose name stands before that of a group: 第一党支部第一党小组."""
        for end in range(len(name) - 2, 1, -1):
            found = [unit for unit in self._found(name[:end]) if unit.kind == UnitKind.BRANCH]
            if found:
                return self._by_pk[_best(found).pk], name[end:]
        return None, name

    def default_parent(self, kind: str) -> Unit:
        """The committee for branches, where there is exactly one; else the bureau."""
        committees = [
            unit for unit in self._by_pk.values() if unit.kind == UnitKind.COMMITTEE and unit.to_on is None
        ]
        is_branch = kind == UnitKind.BRANCH and len(committees) == 1
        return committees[0] if is_branch else self.root

    def new_code(self, given: str | None, prefix: str, parent: Unit, kind: str) -> str:
        """The code of a new unit: the one given, else the next free one.

        Raises:
            BadCell: another unit has it.
        """
        if given:
            other = self._codes.get(given.lower())
            if other is not None:
                raise BadCell("code", f"代码“{given}”已被“{other}”使用", "请换一个，或留空由系统编")
            return given
        return free_code(prefix, self._codes, below=parent.code if kind == UnitKind.GROUP else "")

    def day(self, row: RecordRow, known: dt.date | None) -> dt.date:
        """The founding day of a row; none lies before the bureau's own."""
        first = self.root.from_on
        day = self.days.day(row, "from_on", "成立日期", known)
        if day is None:
            if known is None:
                self.undated.append(row.number)
            return known or first
        if day < first:
            self.early.append(row.number)
        return max(day, first)

    def part_before(self, unit: Unit) -> Unit | None:
        """A part of the unit that is older than it."""
        parts = (one for one in self._by_pk.values() if one.parent_id == unit.pk)
        return next((one for one in parts if one.from_on < unit.from_on), None)

    def word(self, key: uuid.UUID | None) -> str | None:
        """How a unit is written so that no other is meant."""
        unit = self._by_pk.get(key) if key else None
        if unit is None:
            return None
        found = self.find(unit.name)
        return unit.name if found is not None and found.pk == unit.pk else unit.code

    def advice(self, word: str) -> str:
        """The nearest name, and how to go on."""
        names = list(dict.fromkeys(unit.name for unit in self._by_pk.values() if unit.to_on is None))
        near = difflib.get_close_matches(compact(word)[:50], names, n=1, cutoff=0.5)
        shown = "、".join(names[:_MOST_NAMED]) + (f"等{len(names)}个" if len(names) > _MOST_NAMED else "")
        return (f"是不是“{near[0]}”？" if near else "") + f"在表里加上它，或填已有的：{shown}"

    def notes(self) -> list[str]:
        """What was understood rather than read."""
        first = self.root.from_on
        told = (
            (self.guessed, "没有写类别的（{}），按名称认，见逐行结果。"),
            (self.placed, f"没有写上级的（{{}}）：党支部归机关党委，其他归“{self.root}”，见逐行结果。"),
            (self.undated, f"没有写成立日期的（{{}}），自本单位开始记录之日（{first}）起登记。"),
            (
                self.early,
                (
                    f"成立早于本单位开始记录之日（{first}）的（{{}}），自这一天起登记；"
                    "要登记更早的活动，请先在“组织—单位信息”里把这一天提前。"
                ),
            ),
        )
        return [
            sentence.format(say_rows(sorted(rows))) for rows, sentence in told if rows
        ] + self.days.notes()


def _may_be(unit: Unit, parent: Unit | None) -> bool:
    """Whether a name may mean the unit: sections and groups of one name stand in several places."""
    return parent is None or unit.parent_id == parent.pk or unit.kind not in _OFTEN_NAMED


def _best(units: Sequence[Unit]) -> Unit:
    """The youngest of those that exist, else the youngest."""
    return max(units, key=lambda unit: (unit.to_on is None, unit.from_on))
