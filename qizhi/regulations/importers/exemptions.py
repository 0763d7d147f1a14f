"""The table of exemptions, in and out: one row a branch and a clause, from one day to another."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import MISSING, BadCell, Column, RecordRow, RowCheck, TableReading, TableSchema
from qizhi.core.tables.values import Choices, parse_day, text
from qizhi.core.tables.values.plain import compact, shorten
from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Unit
from qizhi.regulations.kinds import excusable_kinds, kind_by_key
from qizhi.regulations.models import Clause, Exemption
from qizhi.regulations.permissions import EXCUSE_BRANCHES
from qizhi.regulations.queries import clauses_alike, excusable_clauses, exemptions_of
from qizhi.regulations.services import (
    ExemptionValues,
    check_approved,
    check_exemption,
    check_reach,
    check_span,
    correct_exemption,
    excuse_branch,
)

ALL, ONE = "all", "one"
_MOST_TOLD = 8
_TEXTS = (
    ("unit", "党支部", 80, 20, ("支部", "支部名称", "党支部名称", "组织")),
    ("clause", "条款", 200, 40, ("免除条款", "免除哪一条", "免除的要求", "要求")),
    ("reason", "免除理由", 120, 30, ("理由", "原因", "事由")),
    ("approver", "批准", 60, 20, ("批准的组织或负责人", "批准人", "批准单位", "批准组织")),
)
_DAYS = (
    ("from_on", "起始日期", ()),
    ("to_on", "截止日期", ()),
    ("approved_on", "批准日期", ("批准时间",)),
)
_HELP = {
    "clause": "条款编号，例如 BR-01；几份制度有同一编号的，后面写上制度名称",
    "to_on": "要盖住整个月、季度或年才免除那一期",
}
_TEXT_COLUMNS = tuple(
    Column(
        key=key,
        label=label,
        parse=text(most),
        required=key != "unit",
        is_from_above=key == "unit",
        aliases=aliases,
        help=_HELP.get(key, ""),
        width=width,
    )
    for key, label, most, width, aliases in _TEXTS
)
_DAY_COLUMNS = tuple(
    Column(
        key=key,
        label=label,
        parse=parse_day,
        required=True,
        aliases=aliases,
        help=_HELP.get(key, ""),
        width=14,
    )
    for key, label, aliases in _DAYS
)
EXEMPTIONS = TableSchema(
    "exemptions",
    "免除",
    (
        *_TEXT_COLUMNS[:2],
        *_DAY_COLUMNS[:2],
        *_TEXT_COLUMNS[2:],
        _DAY_COLUMNS[2],
        Column(
            key="alike",
            label="要求相同的条款",
            parse=Choices(
                [(ALL, "一并免除"), (ONE, "只免除这一条")],
                {"一并": ALL, "是": ALL, "全部": ALL, "否": ONE, "只此一条": ONE},
            ),
            aliases=("一并免除", "相同条款"),
            help="另有条款在这些日子要求同样的，写“一并免除”就同时免除；空着只免除这一行写的",
            width=16,
        ),
        Column(
            key="withdrawn_on",
            label="撤销日期",
            parse=parse_day,
            help="已经撤销的行不导入",
            width=14,
        ),
    ),
)


class ClauseWords:
    """The clauses from which a branch can be excused, by their key and the words behind it; one query."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read them."""
        self._by_key: dict[str, list[Clause]] = defaultdict(list)
        self.by_asked: dict[str, Clause] = {}
        for clause in excusable_clauses(bureau_id, excusable_kinds()):
            self._by_key[compact(clause.key).lower()].append(clause)
            self.by_asked[clause.asked_by] = clause

    def find(self, word: str) -> Clause:
        """The clause meant: its key alone, or the key with its document behind it.

        Raises:
            BadCell: none, or several.
        """
        plain = compact(word).lower()
        keys = [key for key in self._by_key if plain.startswith(key)]
        found = self._by_key[max(keys, key=len)] if keys else []
        if len(found) > 1:
            named = [one for one in found if compact(one.version.regulation.title).lower() in plain]
            found = named or found
        if not found:
            fix = "请写条款编号，例如 BR-01；表决的规则和不由系统判定的条款不能免除"
            raise BadCell("clause", f"没有编号为“{shorten(word)}”、可以免除的条款", fix)
        if len(found) > 1:
            titles = "、".join(f"《{one.version.regulation.title}》" for one in found)
            raise BadCell("clause", f"{titles}都有这个编号", "请在编号后面写上制度名称")
        return found[0]


Asked = tuple[uuid.UUID, str]
"""The branch, and what the clause asks through all its versions."""


class _Known:
    """Exemptions that are there, and those of the rows already read."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read them; one query."""
        rows = Exemption.objects.standing().filter(bureau_id=bureau_id)
        rows = rows.select_related("unit", "clause__version__regulation").defer("clause__version__text")
        self._rows = {(row.unit_id, row.clause.asked_by, row.from_on): row for row in rows}
        self._exempt = exemptions_of(bureau_id)
        self._taken: dict[Asked, list[Period]] = defaultdict(list)

    def is_excused(self, asked: Asked, days: Period, *, but_for: bool) -> bool:
        """Whether the branch is excused on all the days; `but_for`: by a row that begins on another day."""
        if but_for and self.find(asked, days.start) is not None:
            return False
        return bool(self._exempt.why(*asked, days))

    def find(self, asked: Asked, from_on: dt.date) -> Exemption | None:
        """That of the branch and clause that begins on the day."""
        return self._rows.get((*asked, from_on))

    def take(self, asked: Asked, days: Period) -> None:
        """Keep the days of a row; BadCell where another row of the file has one of them."""
        if any(one.start <= days.end and days.start <= one.end for one in self._taken[asked]):
            raise BadCell("from_on", "与表里另一行的日子重叠", "同一支部、同一条款的各行日子要错开")
        self._taken[asked].append(days)


@dataclass(frozen=True)
class _Wish:
    """A row of the file, or what it takes along: a branch, a clause and the days.

    Attributes:
        check: the row of the file.
        unit: the branch.
        clause: the clause.
        is_taken_along: whether the row names another clause, which asks for the same.
    """

    check: RowCheck
    unit: Unit
    clause: Clause
    is_taken_along: bool = False

    @property
    def row(self) -> RecordRow:
        """As it was read."""
        return self.check.row

    @property
    def asked(self) -> Asked:
        """Branch and clause."""
        return (self.unit.pk, self.clause.asked_by)

    @property
    def days(self) -> Period:
        """From one day to another; the first alone where they stand the wrong way round."""
        first, last = self.row.values["from_on"], self.row.values["to_on"]
        return Period(first, max(first, last))


def run_exemptions(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Excuse branches, and correct exemptions that begin on the same day; rows that say withdrawn are left.

    Branch, clause and first day say which exemption. A row that says so excuses from the clauses that ask for
    the same as well, except where another row of the file names them; one that does not is told of them.
    """
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    units, clauses = UnitWords(by.bureau_id, (UnitKind.BRANCH,)), ClauseWords(by.bureau_id)
    known = _Known(by.bureau_id)
    wishes: list[_Wish] = []
    for row in reading.all_rows:
        check = outcome.check(row)
        unit = check.take(_branch, row, units)
        clause = check.take(clauses.find, check["clause"])
        if check["withdrawn_on"] is None:
            check.take(check_reach, unit, by, on="unit")
            check.take(check_approved, check["approved_on"])
            check.take(check_span, check["from_on"], check["to_on"])
        is_dated = {"from_on", "to_on", "withdrawn_on"} <= row.values.keys()
        if is_dated and unit is not MISSING and clause is not MISSING:
            wishes.append(_Wish(check, unit, clause))
    more, left_out = _alike(wishes, clauses, known)
    for wish in (*wishes, *more):
        what = wish.check.take(_step, wish, known, by, write=write, on="unit")
        if wish.check.is_sound:
            outcome.lines.append(LineResult(wish.row.sheet, wish.row.number, what, _words(wish)))
    outcome.notes += [*units.say_guesses(), *_say_left_out(left_out)]
    return outcome


def _words(wish: _Wish) -> str:
    words = f"{wish.unit}免除{wish.clause.key}"
    if wish.row.values["withdrawn_on"]:
        return f"{words}（已经撤销，不导入）"
    return f"{words}（要求相同，一并免除）" if wish.is_taken_along else words


def _alike(wishes: Sequence[_Wish], clauses: ClauseWords, known: _Known) -> tuple[list[_Wish], list[_Wish]]:
    """What the rows take along that no row names, and what asks for the same and is not taken along."""
    named: dict[Asked, list[Period]] = defaultdict(list)
    for wish in wishes:
        named[wish.asked].append(wish.days)
    more: list[_Wish] = []
    left_out: list[_Wish] = []
    same = cache(_asked_alike)
    for wish in wishes:
        if wish.row.values["withdrawn_on"]:
            continue
        for asked_by in sorted(same(wish.clause, wish.days) & clauses.by_asked.keys()):
            other = _Wish(wish.check, wish.unit, clauses.by_asked[asked_by], is_taken_along=True)
            says_all = wish.row.values.get("alike") == ALL
            if any(one.start <= wish.days.end and wish.days.start <= one.end for one in named[other.asked]):
                continue
            if known.is_excused(other.asked, other.days, but_for=says_all):
                continue
            (more if says_all else left_out).append(other)
            named[other.asked].append(other.days)
    return more, left_out


def _asked_alike(clause: Clause, days: Period) -> set[str]:
    kind = kind_by_key(clause.kind)
    return clauses_alike(clause, days, kind.same_by) if kind else set()


def _say_left_out(left_out: Sequence[_Wish]) -> list[str]:
    if not left_out:
        return []
    told = "；".join(f"第{one.row.number}行还有{one.clause.key}" for one in left_out[:_MOST_TOLD])
    more = "等" if len(left_out) > _MOST_TOLD else ""
    message = (
        f"有条款在同样的日子要求同样的，表里没有免除，支部这一项仍要完成：{told}{more}。"
        "要一并免除的，在“要求相同的条款”一列写“一并免除”再上传。"
    )
    return [message]


def _branch(row: RecordRow, units: UnitWords) -> Unit:
    word = row.values["unit"]
    try:
        unit = units.find(word, row=row.number) if word else units.around(row)
    except Refused as problem:
        raise BadCell.of("unit", problem) from None
    if unit is None:
        raise BadCell("unit", "没有写明是哪个党支部", "加一列“党支部”，或写在标题或工作表名里")
    return unit


def _step(wish: _Wish, known: _Known, by: Actor, *, write: bool) -> What:
    values = wish.row.values
    if values["withdrawn_on"]:
        return What.SAME
    said = ExemptionValues(**{name: values[name] for name in ExemptionValues.__dataclass_fields__})
    row = known.find(wish.asked, said.from_on)
    if row is not None and all(getattr(row, name) == value for name, value in vars(said).items()):
        known.take(wish.asked, wish.days)
        return What.SAME
    check_exemption(unit=wish.unit, clause=wish.clause, values=said, by=by, exemption=row)
    known.take(wish.asked, wish.days)
    if write and row is None:
        excuse_branch(unit=wish.unit, clause=wish.clause, values=said, by=by)
    elif write and row is not None:
        correct_exemption(row, values=said, by=by)
    return What.NEW if row is None else What.CHANGED


def _all_exemptions(by: Actor) -> Iterator[Mapping[str, Any]]:
    rows = Exemption.objects.standing().filter(by.reach(EXCUSE_BRANCHES).units())
    rows = rows.select_related("unit", "clause__version__regulation").defer("clause__version__text")
    return exemption_rows(rows.order_by("unit__position", "unit__code", "from_on", "pk"))


def exemption_rows(rows: Iterable[Exemption]) -> Iterator[Mapping[str, Any]]:
    """Exemptions as the importer reads them."""
    for row in rows:
        yield {
            "unit": row.unit.name,
            "clause": f"{row.clause.key} {row.clause.source}",
            "from_on": row.from_on,
            "to_on": row.last_day,
            "reason": row.reason,
            "approver": row.approver,
            "approved_on": row.approved_on,
            "withdrawn_on": row.withdrawn_on,
        }


register(
    Importer(
        key="regulations.exemptions",
        label="免除",
        wanted=EXCUSE_BRANCHES,
        schema=lambda _bureau: EXEMPTIONS,
        run=run_exemptions,
        export=_all_exemptions,
        note="一行是一个支部免除一条要求的一段日子；同一支部、条款和起始日期视为同一次免除，已撤销的不导入。",
        listing="regulations:exemptions",
    )
)
