"""Units by the words that tables use for them: full and short names, codes, abbreviations, a title."""

from __future__ import annotations

import difflib
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from qizhi.core.errors import Refused
from qizhi.core.tables.cells import say_rows
from qizhi.core.tables.reading import RecordRow
from qizhi.core.tables.values.plain import compact, shorten
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit

_MARKS = re.compile(r"中国共产党|中共|[\s/\\>|·—–-]")
_BRACKETS = re.compile(r"\(.*?\)")
_MOST_NAMED = 12
_SHORTEST_ABBREVIATION = 2
_SHORTEST_IN_TITLE = 3
_USUAL: dict[str, tuple[str, ...]] = {
    UnitKind.PARTY_GROUP: ("党组",),
    UnitKind.CENTRE_GROUP: (
        *("中心组", "学习中心组", "理论中心组", "理论学习中心组", "中心组学习"),
        *("党组中心组", "党组学习中心组", "党组理论中心组", "党组理论学习中心组"),
    ),
    UnitKind.COMMITTEE: ("党委", "机关党委", "机关委员会", "直属机关党委", "直属机关委员会"),
}
"""What people call a unit of which a bureau has one, whatever its full name."""
_OFFICES = (UnitKind.BUREAU, UnitKind.DEPARTMENT)


def unit_key(word: str) -> str:
    """The word as it is compared: 中共某局第一 党支部 → 某局第一支部."""
    plain = _MARKS.sub("", compact(word).lower())
    return plain.replace("党支部", "支部").replace("党小组", "小组")


class UnitWords:
    """The units of a bureau, or some of them; one query.

    Attributes:
        guesses: words that were understood though no unit has them as a name → unit and rows.
    """

    def __init__(self, bureau_id: uuid.UUID, kinds: Sequence[str] = ()) -> None:
        """Read them."""
        self.guesses: dict[str, tuple[Unit, list[int]]] = {}
        units = list(Unit.objects.filter(bureau_id=bureau_id).order_by("from_on"))
        parents = {unit.pk: unit for unit in units}
        bureaus = [unit for unit in units if unit.kind == UnitKind.BUREAU]
        self._units = [unit for unit in units if not kinds or unit.kind in kinds]
        self._known: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._units:
            above = [parents[unit.parent_id]] if unit.parent_id in parents else []
            for word in unit_words(unit, [*above, *bureaus]):
                self._known[word].append(unit)
        know_usual(self._known, self._units, bureaus)

    def find(self, word: str, *kinds: str, row: int = 0) -> Unit:
        """The unit meant; of several of one name the youngest.

        Args:
            word: as typed.
            kinds: kinds of unit that may be meant; all if none is given.
            row: number of the row, kept if the word is an abbreviation that only one unit fits.

        Raises:
            Refused: there is none; the message names the nearest and what there is.
        """
        for key in dict.fromkeys((unit_key(word), _BRACKETS.sub("", unit_key(word)))):
            found: list[Unit] = [unit for unit in self._known.get(key, ()) if not kinds or unit.kind in kinds]
            if found:
                return found[-1]
        able: list[Unit] = [unit for unit in self._units if not kinds or unit.kind in kinds]
        meant = [unit for unit in able if unit.to_on is None and _abbreviates(unit_key(word), unit)]
        if len({unit.name for unit in meant}) == 1:
            self.guesses.setdefault(word, (meant[-1], []))[1].append(row)
            return meant[-1]
        labels = "或".join(str(UnitKind(kind).label) for kind in kinds) or "组织"
        raise Refused(f"没有名为“{shorten(word)}”的{labels}。{_advice(word, able)}")

    def around(self, row: RecordRow) -> Unit | None:
        """The one Party unit that the name of the sheet or the title above the headings names."""
        return self._in_title(row.sheet) or self._in_title(row.above)

    def _in_title(self, text: str) -> Unit | None:
        title = unit_key(text)
        keys = [key for key in self._known if len(key) >= _SHORTEST_IN_TITLE and key in title]
        keys = [key for key in keys if any(unit.kind not in _OFFICES for unit in self._known[key])]
        longest = [key for key in keys if not any(key != other and key in other for other in keys)]
        units: dict[uuid.UUID, Unit] = {unit.pk: unit for key in longest for unit in self._known[key]}
        return units.popitem()[1] if len(units) == 1 else None

    def say_guesses(self) -> list[str]:
        """What was understood as what, for the preview."""
        return [
            f"“{word}”认作“{unit.name}”（{say_rows(rows)}）；不对的话，请在表里写全称。"
            for word, (unit, rows) in self.guesses.items()
        ]


def unit_words(unit: Unit, above: Iterable[Unit]) -> set[str]:
    """Every word by which a table may mean the unit, as `unit_key` compares them."""
    own = {unit.name, unit.short_name, unit.code} - {""}
    leads = {word for one in above for word in (one.name, one.short_name) if word and one.pk != unit.pk}
    names = {unit.name, unit.short_name} - {""}
    keys = {unit_key(word) for word in own} | {unit_key(lead + word) for lead in leads for word in names}
    # People leave out the ordinal mark with which the name begins.
    return keys | {key[1:] for key in keys if key.startswith("第") and len(key) > len("第一")}


def know_usual(known: dict[str, list[Unit]], units: Iterable[Unit], bureaus: Sequence[Unit]) -> None:
    """Add the usual words for units of which there is one, where no unit bears the word as its own name."""
    more: dict[str, list[Unit]] = defaultdict(list)
    leads = ["", "局", *(word for one in bureaus for word in (one.name, one.short_name) if word)]
    for unit in units:
        if unit.to_on is None:
            for word in {unit_key(lead + usual) for lead in leads for usual in _USUAL.get(unit.kind, ())}:
                more[word].append(unit)
    known.update({word: found for word, found in more.items() if not known.get(word)})


def _abbreviates(word: str, unit: Unit) -> bool:
    """人教处 for 人事教育处: its characters in order, the first and the last among them; or without 处."""
    name = unit_key(unit.name)
    if (
        len(word) < _SHORTEST_ABBREVIATION
        or word[0] != name[0]
        or (word[-1] != name[-1] and name[:-1] != word)
    ):
        return False
    rest = iter(name)
    return all(char in rest for char in word)


def _advice(word: str, units: Sequence[Unit]) -> str:
    names = list(dict.fromkeys(unit.name for unit in units if unit.to_on is None))
    if not names:
        return "请先建立组织，再导入。"
    near = difflib.get_close_matches(compact(word)[:50], names, n=1, cutoff=0.5)
    shown = "、".join(names[:_MOST_NAMED]) + (f"等{len(names)}个" if len(names) > _MOST_NAMED else "")
    return (f"是不是“{near[0]}”？" if near else "") + f"可以填：{shown}。"
