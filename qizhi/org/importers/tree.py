"""The table of units, in and out: departments, branches and groups, each below what stands above it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables.reading import RecordRow, TableReading
from qizhi.core.tables.values.plain import shorten
from qizhi.org.enums import PREFIXES, UnitKind
from qizhi.org.importers.cells import BadCell, refused
from qizhi.org.importers.tree_books import Books
from qizhi.org.importers.tree_covers import Covers, Wanted, write_covers
from qizhi.org.importers.tree_words import ABOVE, KIND_WORDS, UNITS, guess_kind
from qizhi.org.importers.units import unit_key
from qizhi.org.models import Unit
from qizhi.org.permissions import MANAGE_UNITS
from qizhi.org.services import units as services
from qizhi.org.services.closing import close_unit

LONGEST_PATH = 200


@dataclass
class _Plan:
    """What a row asks for: a unit as it will be, and the one that is there already."""

    row: RecordRow
    unit: Unit
    known: Unit | None
    changes: list[str]
    covers: Wanted = field(default_factory=list)

    @property
    def what(self) -> What:
        if self.known is None:
            return What.NEW
        return What.CHANGED if self.changes or self.covers else What.SAME

    @property
    def line(self) -> LineResult:
        unit = self.unit
        more = f"，{unit.to_on}撤销" if unit.to_on else ""
        where = f"{unit.get_kind_display()}，上级 {unit.parent}，代码 {unit.code}"
        said = f"{unit.name}（{where}，自{unit.from_on}{more}）"
        changed = f"；改动：{'；'.join(self.changes)}" if self.changes and self.known else ""
        covered = "、".join(f"{one}（自{day}）" for one, day in self.covers)
        covers = f"；覆盖{covered}" if covered else ""
        return LineResult(self.row.sheet, self.row.number, self.what, said + changed + covers)


def run_units(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Found units, and correct names and founding days of known ones.

    The code says which is which, else the name.

    A unit may stand below another one of the same table, in any order. Units are closed and merged on their
    pages, where people are moved; a table can only tell of a unit that had ended before it came in.
    """
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    books = Books(by.bureau_id)
    plans: list[_Plan] = []
    for row, said in _in_order(reading, books, outcome):
        try:
            plan = _plan(row, said, books, plans)
        except BadCell as problem:
            outcome.errors.append(row.error(problem.key, problem.reason, problem.fix))
            continue
        if plan is None:
            outcome.lines.append(LineResult(row.sheet, row.number, What.SAME, f"{said}：本单位"))
            continue
        plans.append(plan)
        books.take(plan.unit, plan.known)
    _check_days(plans, books, outcome)
    _read_covers(plans, books, by, outcome)
    told = [*outcome.lines, *(plan.line for plan in plans)]
    sheets = list(dict.fromkeys(row.sheet for row in reading.rows))
    outcome.lines = sorted(told, key=lambda line: (sheets.index(line.sheet), line.row))
    outcome.notes += books.notes()
    if write and not outcome.errors:
        _write(plans, books, by)
    return outcome


def _read_covers(plans: list[_Plan], books: Books, by: Actor, outcome: Outcome) -> None:
    """What branches cover, when every unit of the table is known: it may stand in any order."""
    covers = Covers(by.bureau_id)
    for plan in plans:
        try:
            plan.covers = covers.wanted(plan.row, plan.unit, books)
        except BadCell as problem:
            outcome.errors.append(plan.row.error(problem.key, problem.reason, problem.fix))


def _in_order(reading: TableReading, books: Books, outcome: Outcome) -> Iterator[tuple[RecordRow, str]]:
    """Rows with their names: what others stand below comes before them; twins are told and left out."""
    waiting: list[RecordRow] = []
    for row in reading.rows:
        if row.same_as is None:
            waiting.append(row)
        else:
            said = f"{row.values['name']}：与第{row.same_as[1]}行完全相同，只登记一次"
            outcome.lines.append(LineResult(row.sheet, row.number, What.SAME, said))
    while waiting:
        # A row may go when what it stands below is there, or will never come.
        names = [books.keys_of(row) for row in waiting]
        above = [books.parent_key(row) for row in waiting]
        ready = [
            row
            for place, row in enumerate(waiting)
            if not any(above[place] in keys for other, keys in enumerate(names) if other != place)
        ]
        if not ready:
            for row in waiting:
                reason = f"“{shorten(row.values['name'])}”和它的上级互为上级"
                outcome.errors.append(row.error("parent", reason, "请核对上级"))
            return
        ready.sort(key=books.depth)
        waiting = [row for row in waiting if not any(row is one for one in ready)]
        for row in ready:
            yield row, row.values["name"]


def _plan(row: RecordRow, name: str, books: Books, plans: list[_Plan]) -> _Plan | None:
    """What a row asks for; None for the bureau itself."""
    values = row.values
    if books.is_root(name, values["kind"]):
        return None
    if unit_key(name) in KIND_WORDS:
        raise BadCell("name", f"“{name}”是类别，不是名称", "请核对列名那一行：名称的列名写“名称”")
    if values["kind"] == UnitKind.BUREAU:
        fix = "本单位的名称在“组织—单位信息”里改；下属的填处室"
        raise BadCell("kind", f"本单位是“{books.root}”，不能再有一个局", fix)
    parent, name = _parent(row, name, books)
    known = books.known(name, values["code"], values["kind"], parent, values["from_on"])
    earlier = next((plan for plan in plans if _same(plan, row, name, known, parent)), None)
    if earlier is not None:
        raise BadCell("name", f"与第{earlier.row.number}行是同一个组织", "一个组织只留一行")
    if known is not None:
        return _known_plan(row, name, known, parent, books)
    return _new_plan(row, name, parent, books)


def _same(plan: _Plan, row: RecordRow, name: str, known: Unit | None, parent: Unit | None) -> bool:
    """Whether an earlier row asks for the same unit; one that has ended may have the name of a later one."""
    if known is not None or plan.known is not None:
        return known is not None and plan.known is not None and known.pk == plan.known.pk
    above = parent.pk if parent else plan.unit.parent_id
    is_same = unit_key(plan.unit.name) == unit_key(name) and plan.unit.parent_id == above
    return is_same and plan.unit.to_on is None and row.values["to_on"] is None


def _parent(row: RecordRow, name: str, books: Books) -> tuple[Unit | None, str]:
    """What the row says it stands below, and the name without that of a branch before it."""
    word = row.values["parent"]
    if word:
        found = books.find(word)
        if found is None:
            raise BadCell("parent", f"没有名为“{shorten(word)}”的组织", books.advice(word))
        return found, name
    kind = row.values["kind"] or guess_kind(name)
    return books.branch_before(name) if kind == UnitKind.GROUP else (None, name)


def _known_plan(row: RecordRow, name: str, known: Unit, parent: Unit | None, books: Books) -> _Plan:
    values = row.values
    if values["kind"] and values["kind"] != known.kind:
        reason = f"“{known}”已登记为{known.get_kind_display()}"
        raise BadCell("kind", reason, "类别不能用表格改；确是另一个组织的，请用不同的名称")
    if values["code"] and not values["kind"] and guess_kind(name) not in {None, known.kind}:
        reason = f"代码“{known.code}”是{known.get_kind_display()}“{known}”的"
        raise BadCell("code", reason, "请换一个代码，或留空由系统编；确是改名的，请写明类别")
    if parent is not None and parent.pk != known.parent_id:
        raise BadCell("parent", f"“{known}”的上级是“{known.parent}”，不能用表格改", "请核对，或把上级留空")
    to_on = books.days.day(row, "to_on", "撤销日期", known.to_on)
    if to_on is not None and to_on != known.to_on:
        raise BadCell("to_on", f"“{known}”已登记", "已登记的组织请在它的页面上撤销或并入，人员会一起转过去")
    from_on = books.day(row, known.from_on)
    short_name = values["short_name"] or known.short_name
    new_name = name if values["code"] else known.name
    fields = {"name": new_name, "short_name": short_name, "from_on": from_on}
    labels = {"name": "名称", "short_name": "简称", "from_on": "成立日期"}
    changes = [
        f"{labels[key]} {getattr(known, key) or '空白'}→{value}"
        for key, value in fields.items()
        if getattr(known, key) != value
    ]
    return _Plan(row, books.changed(known, fields), known, changes)


def _new_plan(row: RecordRow, name: str, parent: Unit | None, books: Books) -> _Plan:
    values = row.values
    kind = values["kind"] or guess_kind(name)
    if kind is None:
        kinds = "、".join(str(one.label) for one in UnitKind if one != UnitKind.BUREAU)
        raise BadCell("kind", f"看不出“{shorten(name)}”是哪一类组织", f"请写明类别：{kinds}")
    if not values["kind"]:
        books.guessed.append(row.number)
    if parent is None:
        if kind == UnitKind.GROUP:
            raise BadCell("parent", f"没有写明“{shorten(name)}”属于哪个党支部", "在“上级”里写党支部的名称")
        parent = books.default_parent(kind)
        books.placed.append(row.number)
    if parent.kind not in ABOVE[kind]:
        label, above = UnitKind(kind).label, parent.get_kind_display()
        fit = "、".join(str(UnitKind(one).label) for one in ABOVE[kind])
        raise BadCell("parent", f"{label}的上级不能是{above}“{parent}”", f"应是：{fit}")
    code = books.new_code(values["code"], PREFIXES[kind], parent, kind)
    from_on, to_on = books.day(row, None), books.days.day(row, "to_on", "撤销日期")
    if to_on is not None and to_on < from_on:
        raise BadCell("to_on", "撤销日期早于成立日期", "请核对")
    path = f"{parent.path}{code}/"
    if len(path) > LONGEST_PATH:
        raise BadCell("parent", "层级太深", "请核对上级")
    unit = Unit(
        bureau_id=parent.bureau_id,
        kind=kind,
        code=code,
        name=name,
        short_name=values["short_name"] or "",
        parent=parent,
        path=path,
        from_on=from_on,
        to_on=to_on,
    )
    return _Plan(row, unit, None, [])


def _check_days(plans: list[_Plan], books: Books, outcome: Outcome) -> None:
    """No unit is older than what it stands below, nor founded after that has ended."""
    for plan in plans:
        if plan.what is What.SAME:
            continue
        unit, above = plan.unit, books.now(plan.unit.parent_id)
        if above is not None and unit.from_on < above.from_on:
            reason = f"上级“{above}”{above.from_on}才成立，“{unit}”不能更早"
            outcome.errors.append(plan.row.error("from_on", reason, "请核对成立日期或上级"))
        elif above is not None and above.to_on and (unit.to_on is None or unit.to_on > above.to_on):
            reason = f"上级“{above}”{above.to_on}已撤销"
            outcome.errors.append(plan.row.error("parent", reason, "请改填现在的上级，或写明撤销日期"))
        elif (part := books.part_before(unit)) is not None:
            reason = f"下级“{part}”{part.from_on}已经成立，“{unit}”不能更晚"
            outcome.errors.append(plan.row.error("from_on", reason, "请核对成立日期"))


def _write(plans: list[_Plan], books: Books, by: Actor) -> None:
    made: dict[uuid.UUID, Unit] = {}
    changed = [plan for plan in plans if plan.known and plan.changes]
    # Down the tree where days move back, up the tree where they move on: no step is refused on the way.
    earlier = [plan for plan in changed if plan.known and plan.unit.from_on <= plan.known.from_on]
    later = [plan for plan in changed if plan not in earlier]
    _correct(sorted(earlier, key=lambda plan: plan.unit.path.count("/")), by)
    for plan in (one for one in plans if one.what is What.NEW):
        unit = plan.unit
        above: uuid.UUID = unit.parent_id or books.root.pk
        founded = services.create_unit(
            bureau_id=by.bureau_id,
            kind=unit.kind,
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            parent=made.get(above) or Unit.objects.get(bureau_id=by.bureau_id, pk=above),
            from_on=unit.from_on,
            by=by,
            id=unit.pk,
        )
        made[unit.pk] = founded
    _correct(sorted(later, key=lambda plan: -plan.unit.path.count("/")), by)
    # Ended only when all parts are there: a part may have ended earlier than what it stood below.
    for plan in sorted(plans, key=lambda plan: -plan.unit.path.count("/")):
        last_day: dt.date | None = plan.unit.to_on
        if plan.what is not What.NEW or last_day is None:
            continue
        close_unit(made[plan.unit.pk], last_day=last_day, successor=None, by=by)
    for plan in plans:
        write_covers(plan.unit.pk, plan.covers, by)


def _correct(plans: list[_Plan], by: Actor) -> None:
    for plan in plans:
        unit = plan.unit
        row = Unit.objects.get(bureau_id=by.bureau_id, pk=unit.pk)
        try:
            services.rename_unit(row, name=unit.name, short_name=unit.short_name, from_on=unit.from_on, by=by)
        except Refused as problem:
            told = refused("from_on", problem)
            raise Refused(f"第{plan.row.number}行：{told.reason}。没有导入。") from problem


def export_units(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Every unit below the bureau, those that have ended too, down the tree."""
    books, covers = Books(by.bureau_id), Covers(by.bureau_id)
    for unit in sorted(books.all(), key=lambda unit: unit.path):
        yield {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name or None,
            "kind": unit.kind,
            "parent": books.word(unit.parent_id),
            "from_on": unit.from_on,
            "to_on": unit.to_on,
            "covers": covers.names(unit, books),
        }


TREE = register(
    Importer(
        key="org.units",
        label="组织",
        wanted=MANAGE_UNITS,
        schema=lambda _bureau: UNITS,
        run=run_units,
        export=export_units,
        note="处室、党支部、党小组的名单；按代码识别，没有代码的按名称；人员表之前先导入。",
    )
)
