"""The table of the three lists, in and out: one row an item."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables import BadCell, Column, RecordRow, RowCheck, TableReading, TableSchema
from qizhi.core.tables.values import Choices, integer, parse_day, text
from qizhi.core.tables.values.plain import compact, narrow, shorten
from qizhi.org.enums import UnitKind
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Unit
from qizhi.org.queries import PeopleIndex
from qizhi.regulations.models import Regulation
from qizhi.tasks.enums import ListKind
from qizhi.tasks.forms.duties import MOST_WORDS, OWNER_ROLES
from qizhi.tasks.models import Duty, DutyList
from qizhi.tasks.permissions import MANAGE_DUTIES
from qizhi.tasks.queries import duties as queries
from qizhi.tasks.services.duties import (
    DutyValues,
    add_item,
    change_duty,
    check_duty,
    create_list,
    values_of,
)

ListKey = tuple[uuid.UUID, int, str]
"""Who issues it, of which year, of which kind."""
MOST_PROVISION = 40
_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*年")
_SOURCE = re.compile(r"《(?P<title>.+)》(?P<provision>.*)")


_COLUMNS = (
    Column(
        key="kind",
        label="类别",
        parse=Choices(ListKind.choices),
        aliases=("清单", "清单类别"),
        is_from_above=True,
        help="责任清单、激励清单、负面清单；写在标题里也行",
        width=12,
    ),
    Column(
        key="year",
        label="年度",
        parse=integer(2000, 2100),
        aliases=("年份",),
        is_from_above=True,
        help="也可以只写在标题里，如“2018年责任清单”",
        example="2018",
    ),
    Column(
        key="issuer",
        label="发布组织",
        parse=text(80),
        is_from_above=True,
        help="留空按机关党委",
        width=16,
    ),
    Column(
        key="text",
        label="内容",
        parse=text(MOST_WORDS),
        required=True,
        aliases=("清单内容", "责任内容", "工作内容", "事项", "具体内容"),
        last_resorts=("主要内容", "任务"),
        width=50,
    ),
    Column(
        key="source",
        label="依据",
        parse=text(240),
        aliases=("制度依据", "依据条款"),
        help="写成 《制度名称》第三条",
        width=30,
    ),
    Column(
        key="owner",
        label="责任人",
        parse=text(60),
        aliases=("责任职务", "负责人", "牵头人"),
        help="姓名，重名时写成 姓名(工号)；或职务，如 支部书记",
        width=14,
    ),
    Column(
        key="due_on",
        label="期限",
        parse=parse_day,
        aliases=("完成期限", "完成时限", "时限", "截止日期"),
        width=14,
    ),
)


def _schema(_bureau: uuid.UUID) -> TableSchema:
    """The columns; figures are known once every app is loaded."""
    figures = [(one.key, one.label) for one in queries.figure_choices()]
    counted = (
        Column(
            key="figure",
            label="对应指标",
            parse=Choices(figures),
            help="数字达到后自动记为完成",
            width=24,
        ),
        Column(key="target", label="全年至少", parse=integer(1, 99999), aliases=("目标数",), width=10),
    )
    return TableSchema("items", "清单项", _COLUMNS + counted)


@dataclass
class _Wanted:
    """The lines of one list in the table."""

    issuer: Unit
    known: DutyList | None
    fresh: list[DutyValues] = field(default_factory=list)
    changed: list[tuple[Duty, DutyValues]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


class _Words:
    """Everything by which the cells of a table are understood; five queries."""

    def __init__(self, by: Actor) -> None:
        """Read it."""
        today = clock.today()
        self.people = PeopleIndex(by.bureau_id)
        self.units = UnitWords(by.bureau_id, (UnitKind.COMMITTEE, UnitKind.PARTY_GROUP, UnitKind.BUREAU))
        self.issuers = {one.pk: one for one in queries.issuers(by.bureau_id, today)}
        self.papers: dict[str, Regulation] = {
            compact(one.title).lower(): one for one in queries.papers(by.bureau_id)
        }
        self.roles = {str(role.label): role.value for role in OWNER_ROLES}
        lists = DutyList.objects.filter(bureau_id=by.bureau_id)
        self.lists = {(one.issuer_id, one.year, one.kind): one for one in lists}
        items = Duty.objects.filter(bureau_id=by.bureau_id, duty_list__isnull=False, withdrawn_on=None)
        self.items = {
            (one.duty_list_id, one.text): one for one in items.select_related("regulation", "owner")
        }


def run_items(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Write lists, add items and bring them up to date; empty cells and items not in the table stay.

    Issuer, year and kind say which list, the words of an item which item. A new list is for all branches and
    is issued by a person afterwards.
    """
    outcome, words = Outcome(errors=list(reading.errors), notes=list(reading.notes)), _Words(by)
    wanted: dict[ListKey, _Wanted] = {}
    for row in reading.all_rows:
        check = outcome.check(row)
        kind, year = check.take(_kind, row), check.take(_year, row)
        issuer = check.take(_issuer, check["issuer"], row, words)
        one = check.take(_list, issuer, year, kind, wanted, words)
        known = check.take(_known, row, one, words)
        check.take(_only_once, row, one)
        values = _values(check, kind, known, words)
        what = check.last(_take, known, values, one)
        if check.is_sound:
            said = f"{issuer} {year}年{ListKind(kind).label}：{row.values['text']}"
            outcome.lines.append(LineResult(row.sheet, row.number, what, said))
    branches = list(queries.branches_on(by.bureau_id, clock.today()))
    for (_, year, kind), one in wanted.items():
        if one.known is None and one.fresh:
            label = f"{year}年{ListKind(kind).label}"
            outcome.notes.append(f"{label}是新的清单，适用全部{len(branches)}个党支部；核对后在清单页印发。")
        if write:
            _write(one, year, kind, branches, by)
    outcome.notes += words.units.say_guesses()
    return outcome


def _around(row: RecordRow) -> str:
    return narrow(f"{row.sheet}\n{row.above}")


def _kind(row: RecordRow) -> str:
    """Which list a row is of: what the row leaves open, the sheet and the title say."""
    kind: str | None = row.values["kind"]
    if kind is None:
        kinds = [one.value for one in ListKind if str(one.label) in _around(row)]
        if len(kinds) != 1:
            raise BadCell("kind", "没有写明是哪一张清单", "加一列“类别”，或写在标题里，如“2018年责任清单”")
        kind = str(kinds[0])
    return kind


def _year(row: RecordRow) -> int:
    year: int | None = row.values["year"]
    if year is None:
        years = set(_YEAR.findall(_around(row)))
        if len(years) != 1:
            raise BadCell("year", "没有写明是哪一年的清单", "加一列“年度”，或写在标题里，如“2018年责任清单”")
        year = int(years.pop())
    return year


def _list(issuer: Unit, year: int, kind: str, wanted: dict[ListKey, _Wanted], words: _Words) -> _Wanted:
    key = (issuer.pk, year, kind)
    return wanted.setdefault(key, _Wanted(issuer, words.lists.get(key)))


def _issuer(word: str | None, row: RecordRow, words: _Words) -> Unit:
    if word is None:
        found = [one for one in words.issuers.values() if one.kind == UnitKind.COMMITTEE]
        if not found:
            raise BadCell("issuer", "没有机关党委，不知道由谁发布", "加一列“发布组织”")
        return found[0]
    try:
        unit = words.units.find(word, row=row.number)
    except Refused as problem:
        raise BadCell.of("issuer", problem) from None
    if unit.pk not in words.issuers:
        raise BadCell("issuer", f"“{unit}”今天不能发布清单", "核对名称")
    return unit


def _known(row: RecordRow, wanted: _Wanted, words: _Words) -> Duty | None:
    """The item that is there already."""
    return words.items.get((wanted.known.pk, row.values["text"])) if wanted.known else None


def _only_once(row: RecordRow, wanted: _Wanted) -> None:
    if row.values["text"] in wanted.seen:
        raise BadCell("text", "表里另一行是同样的内容", "同一张清单里每项内容只写一次")
    wanted.seen.add(row.values["text"])


def _take(known: Duty | None, values: DutyValues, wanted: _Wanted) -> What:
    """What a row does to its list."""
    if known is None:
        wanted.fresh.append(values)
        return What.NEW
    if values == values_of(known):
        return What.SAME
    wanted.changed.append((known, values))
    return What.CHANGED


def _values(check: RowCheck, kind: str, known: Duty | None, words: _Words) -> DutyValues:
    """What the row asks for; an empty cell leaves what is there."""
    labels = {"due_on": "期限", "figure": "对应指标", "target": "全年至少"}
    due_on, figure, target = (
        check.take(_only_of_duties, check[name], name, label, kind) for name, label in labels.items()
    )
    before = check.take(_before, check.row, known)
    counted, due = check.take(_counted, figure, target), check.take(_due, due_on)
    source = check.take(_source, check["source"], words)
    owner = check.take(_owner, check["owner"], words)
    values = check.take(_together, before, counted, due, source, owner)
    check.take(check_duty, values, on="text")
    return values


def _only_of_duties(value: Any, key: str, label: str, kind: str) -> Any:
    if kind != ListKind.RESPONSIBILITY and value is not None:
        raise BadCell(key, f"{ListKind(kind).label}没有{label}", "只有责任清单的各项要按期完成")
    return value


def _before(row: RecordRow, known: Duty | None) -> DutyValues:
    return values_of(known) if known else DutyValues(row.values["text"])


def _together(before: DutyValues, *told: dict[str, Any]) -> DutyValues:
    more: dict[str, Any] = {}
    for one in told:
        more |= one
    return replace(before, **more)


def _counted(figure: str | None, target: int | None) -> dict[str, Any]:
    return {name: value for name, value in (("figure", figure), ("target", target)) if value is not None}


def _due(due_on: dt.date | None) -> dict[str, Any]:
    return {} if due_on is None else {"due_on": due_on, "start_on": None, "working_days": None}


def _source(word: str | None, words: _Words) -> dict[str, Any]:
    if word is None:
        return {}
    match = _SOURCE.fullmatch(word.strip())
    paper = words.papers.get(compact(match["title"]).lower()) if match else None
    if match is None or paper is None:
        raise BadCell(
            "source", f"没有名为“{shorten(word)}”的制度", "写成 《制度名称》第三条，名称与制度库一致"
        )
    provision = match["provision"].strip()
    if len(provision) > MOST_PROVISION:
        raise BadCell("source", "书名号后面的条款太长", "只写条款，例如 第三条")
    return {"regulation": paper, "provision": provision}


def _owner(word: str | None, words: _Words) -> dict[str, Any]:
    if word is None:
        return {}
    role = words.roles.get(compact(word))
    if role is not None:
        return {"owner_role": role, "owner": None}
    try:
        return {"owner": words.people.find(word)}
    except Refused as problem:
        raise BadCell.of("owner", problem) from None


def _write(wanted: _Wanted, year: int, kind: str, branches: list[Unit], by: Actor) -> None:
    if wanted.known is None:
        if wanted.fresh:
            create_list(
                issuer=wanted.issuer, year=year, kind=kind, name="", units=branches, items=wanted.fresh, by=by
            )
        return
    for values in wanted.fresh:
        add_item(wanted.known, values=values, by=by)
    for duty, values in wanted.changed:
        change_duty(duty, values=values, by=by)


def item_rows(duties: Iterable[Duty]) -> Iterator[Mapping[str, Any]]:
    """Items as the importer reads them."""
    for duty in duties:
        if duty.duty_list is None:
            continue
        owner = f"{duty.owner.name}({duty.owner.staff_no})" if duty.owner else duty.get_owner_role_display()
        yield {
            "kind": duty.duty_list.kind,
            "year": duty.duty_list.year,
            "issuer": duty.issuer.name,
            "text": duty.text,
            "source": f"{duty.regulation}{duty.provision}" if duty.regulation else None,
            "owner": owner or None,
            "due_on": duty.due_on,
            "figure": duty.figure or None,
            "target": duty.target,
        }


def _all_items(by: Actor) -> Iterator[Mapping[str, Any]]:
    rows = Duty.objects.filter(bureau_id=by.bureau_id, duty_list__isnull=False, withdrawn_on=None)
    rows = rows.select_related("duty_list", "issuer", "regulation", "owner")
    return item_rows(rows.order_by("-year", "duty_list__kind", "duty_list_id", "position", "pk"))


register(
    Importer(
        key="tasks.items",
        label="清单项",
        wanted=MANAGE_DUTIES,
        schema=_schema,
        run=run_items,
        export=_all_items,
        note="一行一项；同一发布组织、年度、类别的各行是一张清单，内容相同的视为同一项，空格不改动已有的。",
        listing="tasks:lists",
    )
)
