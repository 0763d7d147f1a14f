"""Units, kinds and series by the words that ledgers use for them."""

from __future__ import annotations

import difflib
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import BadCell
from qizhi.core.tables.values.plain import compact, shorten
from qizhi.gatherings.models import Kind, Series
from qizhi.gatherings.permissions import RECORD
from qizhi.org.enums import UnitKind
from qizhi.org.importers.units import unit_key, unit_words
from qizhi.org.models import Unit

_MOST_NAMED = 30
_SHORTEST_NAME = 3  # characters of a name that is looked for inside a title
_OFFICES = (UnitKind.BUREAU, UnitKind.DEPARTMENT)
_ALL = "三会一课"
_UMBRELLA = re.compile(rf"{_ALL}[:(—–\-·]*(?P<rest>.*?)\)?")
_STRONG = re.compile(r"[、，,;；+＋/&\n]+")
_WEAK = re.compile(r"[暨和与及兼]")
_TAIL = re.compile(r"(?:活动|会议)$")
_LEAD = re.compile(r"^(?:召开|开展)?(?P<branch>本?党?支部)?")
_SAYS_WHAT = re.compile(r"(?:会|会议|课|日|评议|评议党员|学习|研讨)$")
SAME_WORDS: dict[str, tuple[str, ...]] = {
    "congress": ("支部党员大会", "党员大会", "支部大会", "全体党员大会", "支部全体党员大会"),
    "committee": ("支部委员会会议", "支部委员会", "支委会", "支委会议", "支部委员会议", "支委会会议"),
    "group-meeting": ("党小组会", "党小组会议", "小组会"),
    "lesson": ("党课", "上党课", "专题党课", "集中党课", "支部党课"),
    "micro-lesson": ("微党课", "微型党课"),
    "theme-day": ("主题党日", "统一活动日", "党员活动日", "党员统一活动日", "支部活动日", "固定党日"),
    "org-life": ("组织生活会", "专题组织生活会"),
    "appraisal": ("民主评议党员", "民主评议", "党员民主评议", "评议党员"),
    "centre-study": ("中心组集中学习", "中心组学习", "理论中心组学习", "理论学习中心组学习"),
    "centre-discussion": ("中心组交流研讨", "中心组研讨"),
    "integrity": ("党风廉政教育", "廉政教育", "廉洁教育"),
    "campaign": ("专题教育", "专题学习教育"),
    "onsite": ("现场党性教育", "现场教学", "现场教育"),
    "flag-ceremony": ("升旗仪式", "升国旗仪式", "升旗"),
    "volunteer": ("志愿服务", "志愿者服务", "志愿者", "志愿"),
    "field-visit": ("基层调研", "调研"),
    "training": ("集中培训", "培训"),
    "debrief": ("述职评议", "述职"),
}
"""Words of one meaning, by the code of the standard kind; a bureau's own kind of such a name has them too."""


class Namesakes(BadCell):
    """A word stands for several; which is meant the other cells of the row may say."""


class Units:
    """Units by name, short name, code, and name after that of the superior; one query."""

    def __init__(self, by: Actor) -> None:
        """Read the bureau's units and keep those for which the actor may record."""
        rows = list(Unit.objects.filter(bureau_id=by.bureau_id).order_by("path", "from_on"))
        reach = by.reach(RECORD)
        self._mine: dict[uuid.UUID, Unit] = {
            unit.pk: unit for unit in rows if reach.covers(unit.pk, unit.path)
        }
        self._home: Unit | None = None if reach.is_all else self._mine.get(_only_post(by))
        self._parents = {unit.pk: unit for unit in rows}
        bureaus = [unit for unit in rows if unit.kind == UnitKind.BUREAU]
        self._known: dict[str, list[Unit]] = defaultdict(list)
        for unit in rows:
            above = [self._parents[unit.parent_id]] if unit.parent_id in self._parents else []
            for word in unit_words(unit, [*above, *bureaus]):
                self._known[word].append(unit)

    def find(self, word: str | None, days: Period | None, around: Sequence[str] = ()) -> Unit:
        """The unit meant, of several the one that existed on the day.

        Args:
            word: as typed, or nothing.
            days: when it was, if that is known.
            around: what says whose table it is where the row does not: name of the sheet, title.

        Raises:
            BadCell: unknown, not the actor's to record for, or two of one name.
        """
        if not word:
            word = next(filter(None, map(self._named_in, around)), None)
        if not word:
            home = self._home
            if home is None:
                reason = "没有填写组织，您为不止一个组织登记"
                raise BadCell("unit", reason, "每行都写明组织；合并的单元格存成 CSV 后只剩第一行有字")
            return home
        found = self._known.get(unit_key(word), [])
        mine = [unit for unit in found if unit.pk in self._mine]
        if not mine:
            raise self._unknown(word, is_known=bool(found))
        meant = [unit for unit in mine if days is None or _exists(unit, days)] or mine
        meant = [unit for unit in meant if word in {unit.name, unit.short_name, unit.code}] or meant
        if len(meant) > 1:
            named = "、".join(f"{unit}({unit.code})" for unit in meant[:_MOST_NAMED])
            reason = f"有 {len(meant)} 个组织都叫“{shorten(word)}”"
            raise Namesakes("unit", reason, f"请写代码，或在前面加上级名称：{named}")
        return meant[0]

    def group_in(self, branch: Unit, said: str, days: Period) -> Unit | None:
        """The group whose meeting a branch's own ledger tells: named in the text, or the only one there was.

        Raises:
            BadCell: there were several groups, and the text names not one of them.
        """
        mine = self._mine.values()
        groups = [unit for unit in mine if unit.parent_id == branch.pk and unit.kind == UnitKind.GROUP]
        groups = [unit for unit in groups if _exists(unit, days)]
        text = unit_key(said)
        meant = [unit for unit in groups if unit_key(unit.name) in text] if len(groups) > 1 else groups
        if len(meant) == 1 or not groups:
            return meant[0] if meant else None
        named = "、".join(self.word(unit, days) for unit in groups[:_MOST_NAMED])
        reason = f"看不出是“{branch}”哪个党小组的会"
        raise BadCell("kinds", reason, f"请在“组织”一列写明 {named}，或在名称里写明是哪个党小组")

    def _named_in(self, text: str) -> str:
        """The name of the one branch, group or committee in a title: 某局第一党支部2017年度记录."""
        title = unit_key(text)
        inside = [key for key in self._known if len(key) >= _SHORTEST_NAME and key in title]
        party = [key for key in inside if any(unit.kind not in _OFFICES for unit in self._known[key])]
        longest = [key for key in party if not any(key != other and key in other for other in party)]
        if len(longest) != 1:
            return ""
        units = self._known[longest[0]]
        return units[0].name if len(units) == 1 else longest[0]

    def _unknown(self, word: str, *, is_known: bool) -> BadCell:
        names = list(dict.fromkeys(unit.name for unit in self._mine.values()))
        if is_known:
            reason = f"“{shorten(word)}”的活动不由您登记"
            return BadCell("unit", reason, f"您可以导入：{_listed(names) or '无'}；其他组织请由政工处导入")
        return BadCell("unit", f"没有名为“{shorten(word)}”的组织", _advice(word, names))

    def word(self, unit: Unit, days: Period) -> str:
        """How the unit is written so that nothing else is meant."""
        parent = self._parents.get(unit.parent_id) if unit.parent_id else None
        for word in filter(None, (unit.name, f"{parent.name}{unit.name}" if parent else "")):
            try:
                if self.find(word, days).pk == unit.pk:
                    return word
            except BadCell:
                continue
        return unit.code


def _only_post(by: Actor) -> uuid.UUID:
    """The one unit in which a post allows to record; a key that no unit has when there are several."""
    roles = {role for role, _ in RECORD.held_by}
    units = {grant.unit_id for grant in by.grants if grant.role in roles}
    return units.pop() if len(units) == 1 else uuid.UUID(int=0)


def _exists(unit: Unit, days: Period) -> bool:
    return unit.from_on <= days.end and (unit.to_on is None or unit.to_on >= days.start)


class Kinds:
    """Kinds by name, code and the other words that people use; one query."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read the bureau's kinds; those switched off are found too, for what they were used for."""
        self._all = list(Kind.objects.filter(bureau_id=bureau_id))
        self._known: dict[str, list[Kind]] = defaultdict(list)
        for kind in self._all:
            for word in {_key(kind.name), _key(kind.key)}:
                self._known[word].append(kind)
        self._words = {_key(kind.name) for kind in self._all}
        for code, words in SAME_WORDS.items():
            self._add_words([_key(word) for word in (code, *words)])
            self._words |= {word for word in map(_key, words) if word in self._known}

    def _add_words(self, words: list[str]) -> None:
        meant = next((self._known[word] for word in words if word in self._known), None)
        if meant is not None:
            for word in words:
                self._known.setdefault(word, meant)

    def find(self, text: str, unit: Unit | None) -> tuple[Kind, ...]:
        """All kinds in a text, each once.

        Args:
            text: as typed.
            unit: of several kinds with one name, that which suits it is meant; None if it is not known.

        Raises:
            BadCell: a word is no kind, or says less than a kind.
        """
        pieces = self._pieces(text)
        words = [piece for piece in pieces if piece != _ALL]
        if not words:
            reason = f"“{shorten(_ALL if pieces else text)}”没有说明是哪一种活动"
            raise BadCell("kinds", reason, f"请写具体的类型：{_listed(self._names(unit))}")
        return tuple(dict.fromkeys(self._one(word, unit) for word in words))

    def in_title(self, title: str, unit: Unit | None) -> tuple[Kind, ...]:
        """The kinds that a name tells: 3月支委会, 党员大会暨专题党课.

        Meetings, lessons and days say what it was; 调研 or 培训 beside them are what it was about.

        Raises:
            BadCell: none is named.
        """
        text, found = _key(title), []
        for word in sorted(self._words, key=len, reverse=True):
            if word in text:
                found.append(word)
                text = text.replace(word, "\n")
        words = [word for word in found if _SAYS_WHAT.search(word)] or found
        if not words:
            reason = f"从“{shorten(title)}”看不出是哪一种活动"
            fix = f"请加一列“活动类型”，或在名称里写明：{_listed(self._names(unit))}"
            raise BadCell("title", reason, fix)
        return tuple(dict.fromkeys(self._one(word, unit) for word in words))

    def _pieces(self, text: str) -> list[str]:
        if self._match(_key(text)):
            return [_key(text)]
        found: list[str] = []
        for piece in _STRONG.split(text):
            word = _key(piece)
            umbrella = _UMBRELLA.fullmatch(word)
            if umbrella:
                found.append(_ALL)
                word = umbrella["rest"]
            parts = [] if self._match(word) else _WEAK.split(word)
            found += parts if parts and all(self._match(part) for part in parts) else [word] if word else []
        return found

    def _match(self, word: str) -> list[Kind]:
        branch, bare = _LEAD.sub("支部", word), _LEAD.sub("", word)
        for option in (word, branch, bare):
            for short in (option, _TAIL.sub("", option)):
                if short in self._known:
                    return self._known[short]
        return []

    def _one(self, word: str, unit: Unit | None) -> Kind:
        kinds = self._match(word)
        if not kinds:
            reason = f"没有名为“{shorten(word)}”的活动类型"
            raise BadCell("kinds", reason, _advice(word, self._names(unit)))
        meant = [kind for kind in kinds if _suits(kind, unit)] or kinds
        meant = [kind for kind in meant if kind.is_active] or meant
        if len(meant) > 1:
            codes = "、".join(kind.key for kind in meant)
            raise Namesakes("kinds", f"有 {len(meant)} 种活动都叫“{shorten(word)}”", f"请写代码：{codes}")
        return meant[0]

    def _names(self, unit: Unit | None) -> list[str]:
        return list(dict.fromkeys(kind.name for kind in self._all if kind.is_active and _suits(kind, unit)))

    def words(self, kinds: Iterable[Kind], unit: Unit) -> str:
        """How kinds are written so that nothing else is meant."""
        return "、".join(self._word(kind, unit) for kind in kinds)

    def _word(self, kind: Kind, unit: Unit) -> str:
        try:
            is_plain = self.find(f"{kind.name}、{kind.name}", unit) == (kind,)
        except BadCell:
            is_plain = False
        return kind.name if is_plain else kind.key


def _key(word: str) -> str:
    return re.sub(r"[“”\"'《》]", "", compact(word).lower())


def _suits(kind: Kind, unit: Unit | None) -> bool:
    return unit is None or not kind.unit_kinds or unit.kind in kind.unit_kinds


class AllSeries:
    """Series by name and code; one query."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read the bureau's series; of two with one name the running one is meant."""
        rows = list(Series.objects.filter(bureau_id=bureau_id).order_by("is_active", "key"))
        self._names = [one.name for one in rows]
        self._known = {_key(one.name): one for one in rows} | {_key(one.key): one for one in rows}

    def find(self, word: str) -> Series:
        """The series meant.

        Raises:
            BadCell: there is none of that name.
        """
        found = self._known.get(_key(word))
        if found is None:
            reason = f"没有名为“{shorten(word)}”的系列"
            raise BadCell("series", reason, _advice(word, self._names) or "请留空，或请政工处先建立系列")
        return found

    def word(self, series: Series) -> str:
        """How the series is written."""
        return series.name if self._known.get(_key(series.name)) == series else series.key


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:_MOST_NAMED])
    return f"{shown}等 {len(names)} 个" if len(names) > _MOST_NAMED else shown


def _advice(word: str, names: Sequence[str]) -> str:
    """The nearest name, and all there are."""
    near = difflib.get_close_matches(compact(word)[:50], names, n=1, cutoff=0.5)
    listed = f"可以填：{_listed(names)}" if names else ""
    return "？".join(part for part in (f"是不是“{near[0]}”" if near else "", listed) if part)
