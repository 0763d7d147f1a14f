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
from qizhi.core.tables.checks import MISSING, RowCheck
from qizhi.core.tables.problems import BadCell, UnreadCell
from qizhi.core.tables.reading import RecordRow, TableReading
from qizhi.core.tables.values.plain import shorten
from qizhi.org.enums import PREFIXES, UnitKind
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
    """What a row asks for: a unit as it will be, and the one that is there already.

    Of a row with wrong cells `unit` may be MISSING: nothing is written of it, but all of it is told.
    """

    check: RowCheck
    unit: Unit
    known: Unit | None
    changes: list[str] = field(default_factory=list)
    covers: Wanted = field(default_factory=list)

    @property
    def row(self) -> RecordRow:
        return self.check.row

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
    for row in _in_order(reading, books, outcome):
        check = outcome.check(row)
        if check.take(_is_root, row, books) is True:
            said = f"{row.values['name']}：本单位"
            outcome.lines.append(LineResult(row.sheet, row.number, What.SAME, said))
            continue
        plan = _plan(check, books, plans)
        plans.append(plan)
        if check.is_sound:
            books.take(plan.unit, plan.known)
        else:
            books.doubt(row)
    for plan in plans:
        plan.check.take(_check_days, plan.unit, plan.what, books)
    _read_covers(plans, books, by)
    outcome.lines += [plan.line for plan in plans if plan.check.is_sound]
    outcome.arrange(reading)
    outcome.notes += books.notes()
    if write and not outcome.errors:
        _write(plans, books, by)
    return outcome


def _read_covers(plans: list[_Plan], books: Books, by: Actor) -> None:
    """What branches cover, when every unit of the table is known: it may stand in any order."""
    covers = Covers(by.bureau_id)
    for plan in plans:
        covered = plan.check.take(covers.departments, plan.row, books)
        plan.covers = plan.check.take(covers.wanted, plan.unit, covered)


def _in_order(reading: TableReading, books: Books, outcome: Outcome) -> Iterator[RecordRow]:
    """Rows: what others stand below comes before them; twins are told and left out."""
    waiting: list[RecordRow] = []
    for row in reading.all_rows:
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
                reason = f"“{shorten(row.values.get('name') or '')}”和它的上级互为上级"
                outcome.errors.append(row.error("parent", reason, "请核对上级"))
            return
        ready.sort(key=books.depth)
        waiting = [row for row in waiting if not any(row is one for one in ready)]
        yield from ready


def _is_root(row: RecordRow, books: Books) -> bool:
    return books.is_root(row.values["name"], row.values["kind"])


def _plan(check: RowCheck, books: Books, plans: list[_Plan]) -> _Plan:
    """What a row asks for."""
    row = check.row
    name = check.take(_name, row)
    check.take(_in_days, row)
    above = check.take(_parent, row, name, books)
    check.take(_check_bureau, row, books)
    known: Any = check.take(_known, row, above, books)
    check.take(_check_twins, row, above, known, plans)
    if known is MISSING:
        return _Plan(check, MISSING, None)
    if known is not None:
        return _known_plan(check, above, known, books)
    return _Plan(check, _new_unit(check, above, books), None)


def _name(row: RecordRow) -> str:
    name: str = row.values["name"]
    if unit_key(name) in KIND_WORDS:
        raise BadCell("name", f"“{name}”是类别，不是名称", "请核对列名那一行：名称的列名写“名称”")
    return name


def _check_bureau(row: RecordRow, books: Books) -> None:
    if row.values["kind"] == UnitKind.BUREAU:
        fix = "本单位的名称在“组织—单位信息”里改；下属的填处室"
        raise BadCell("kind", f"本单位是“{books.root}”，不能再有一个局", fix)


def _in_days(row: RecordRow) -> None:
    """Nothing ends before it began; a month may hold either day."""
    start, end = row.values["from_on"], row.values["to_on"]
    if start and end and end.last_day < start.first_day:
        raise BadCell("to_on", "撤销日期早于成立日期", "请核对")


_Above = tuple[Unit | None, str]
"""What a unit stands below as far as the row says it, and its name without that of the branch before it."""


def _parent(row: RecordRow, name: str, books: Books) -> _Above:
    word = row.values["parent"]
    if word:
        found = books.find(word)
        if found is None:
            books.check_doubt(word)
            raise BadCell("parent", f"没有名为“{shorten(word)}”的组织", books.advice(word))
        return found, name
    kind = row.values["kind"] or guess_kind(name)
    return books.branch_before(name) if kind == UnitKind.GROUP else (None, name)


def _known(row: RecordRow, above: _Above, books: Books) -> Unit | None:
    parent, name = above
    values = row.values
    return books.known(name, values["code"], values["kind"], parent, values["from_on"])


def _check_twins(row: RecordRow, above: _Above, known: Unit | None, plans: list[_Plan]) -> None:
    earlier = next((plan for plan in plans if _same(plan, row, above, known)), None)
    if earlier is not None:
        raise BadCell("name", f"与第{earlier.row.number}行是同一个组织", "一个组织只留一行")


def _same(plan: _Plan, row: RecordRow, above: _Above, known: Unit | None) -> bool:
    """Whether an earlier row asks for the same unit; one that has ended may have the name of a later one."""
    if not plan.check.is_sound:
        return False  # a wrong code or name may mean another one
    if known is not None or plan.known is not None:
        return known is not None and plan.known is not None and known.pk == plan.known.pk
    parent, name = above
    below = parent.pk if parent else plan.unit.parent_id
    is_same = unit_key(plan.unit.name) == unit_key(name) and plan.unit.parent_id == below
    return is_same and plan.unit.to_on is None and row.values["to_on"] is None


def _known_plan(check: RowCheck, above: _Above, known: Unit, books: Books) -> _Plan:
    row = check.row
    for step in (_check_kind, _check_code, _check_parent):
        check.take(step, row, above, known)
    check.take(_check_end, row, known, books)
    from_on = check.take(books.day, row, known.from_on)
    fields = check.take(_fields, row, above, known, from_on)
    if not check.is_sound:
        return _Plan(check, known, known)
    labels = {"name": "名称", "short_name": "简称", "from_on": "成立日期"}
    changes = [
        f"{labels[key]} {getattr(known, key) or '空白'}→{value}"
        for key, value in fields.items()
        if getattr(known, key) != value
    ]
    return _Plan(check, books.changed(known, fields), known, changes)


def _fields(row: RecordRow, above: _Above, known: Unit, from_on: dt.date) -> dict[str, Any]:
    short_name = row.values["short_name"] or known.short_name
    new_name = above[1] if row.values["code"] else known.name
    return {"name": new_name, "short_name": short_name, "from_on": from_on}


def _check_kind(row: RecordRow, _above: _Above, known: Unit) -> None:
    if row.values["kind"] and row.values["kind"] != known.kind:
        reason = f"“{known}”已登记为{known.get_kind_display()}"
        raise BadCell("kind", reason, "类别不能用表格改；确是另一个组织的，请用不同的名称")


def _check_code(row: RecordRow, above: _Above, known: Unit) -> None:
    if row.values["code"] and not row.values["kind"] and guess_kind(above[1]) not in {None, known.kind}:
        reason = f"代码“{known.code}”是{known.get_kind_display()}“{known}”的"
        raise BadCell("code", reason, "请换一个代码，或留空由系统编；确是改名的，请写明类别")


def _check_parent(_row: RecordRow, above: _Above, known: Unit) -> None:
    parent = above[0]
    if parent is not None and parent.pk != known.parent_id:
        raise BadCell("parent", f"“{known}”的上级是“{known.parent}”，不能用表格改", "请核对，或把上级留空")


def _check_end(row: RecordRow, known: Unit, books: Books) -> None:
    to_on = books.days.day(row, "to_on", "撤销日期", known.to_on)
    if to_on is not None and to_on != known.to_on:
        raise BadCell("to_on", f"“{known}”已登记", "已登记的组织请在它的页面上撤销或并入，人员会一起转过去")


def _new_unit(check: RowCheck, above: _Above, books: Books) -> Unit:
    """The unit that a row founds; MISSING where too little of it is known."""
    row = check.row
    kind = check.take(_kind, row, above, books)
    parent = check.take(_place, row, above, kind, books)
    code = check.take(_code, row, parent, kind, books)
    path = check.take(_path, parent, code)
    from_on = check.take(books.day, row, None)
    to_on = check.take(_end, row, from_on, books)
    given: dict[str, Any] = {"kind": kind, "parent": parent, "from_on": from_on, "to_on": to_on}
    # A code that does not do, or a short name: the unit can still be held against the others.
    given |= {key: value for key, value in (("code", code), ("path", path)) if value is not MISSING}
    return check.take(
        Unit,
        bureau_id=books.root.bureau_id,
        name=above[1],
        short_name="" if check["short_name"] is MISSING else check["short_name"] or "",
        **given,
    )


def _kind(row: RecordRow, above: _Above, books: Books) -> str:
    kind = row.values["kind"] or guess_kind(above[1])
    if kind is None:
        kinds = "、".join(str(one.label) for one in UnitKind if one != UnitKind.BUREAU)
        raise BadCell("kind", f"看不出“{shorten(above[1])}”是哪一类组织", f"请写明类别：{kinds}")
    if kind not in ABOVE:
        raise UnreadCell(kind)  # a second bureau: it is told what is wrong with that
    if not row.values["kind"]:
        books.guessed.append(row.number)
    return kind


def _place(row: RecordRow, above: _Above, kind: str, books: Books) -> Unit:
    """What the new unit stands below."""
    parent, name = above
    if parent is None:
        if kind == UnitKind.GROUP:
            books.check_doubt_before(name)
            raise BadCell("parent", f"没有写明“{shorten(name)}”属于哪个党支部", "在“上级”里写党支部的名称")
        parent = books.default_parent(kind)
        books.placed.append(row.number)
    if parent.kind not in ABOVE[kind]:
        label, said = UnitKind(kind).label, parent.get_kind_display()
        fit = "、".join(str(UnitKind(one).label) for one in ABOVE[kind])
        raise BadCell("parent", f"{label}的上级不能是{said}“{parent}”", f"应是：{fit}")
    return parent


def _code(row: RecordRow, parent: Unit, kind: str, books: Books) -> str:
    return books.new_code(row.values["code"], PREFIXES[kind], parent, kind)


def _path(parent: Unit, code: str) -> str:
    path = f"{parent.path}{code}/"
    if len(path) > LONGEST_PATH:
        raise BadCell("parent", "层级太深", "请核对上级")
    return path


def _end(row: RecordRow, from_on: dt.date, books: Books) -> dt.date | None:
    to_on = books.days.day(row, "to_on", "撤销日期")
    if to_on is not None and to_on < from_on:
        raise BadCell("to_on", "撤销日期早于成立日期", "请核对")
    return to_on


def _check_days(unit: Unit, what: What, books: Books) -> None:
    """No unit is older than what it stands below, nor founded after that has ended."""
    if what is What.SAME:
        return
    above = books.now(unit.parent_id)
    if above is not None and unit.from_on < above.from_on:
        reason = f"上级“{above}”{above.from_on}才成立，“{unit}”不能更早"
        raise BadCell("from_on", reason, "请核对成立日期或上级")
    if above is not None and above.to_on and (unit.to_on is None or unit.to_on > above.to_on):
        reason = f"上级“{above}”{above.to_on}已撤销"
        raise BadCell("parent", reason, "请改填现在的上级，或写明撤销日期")
    if (part := books.part_before(unit)) is not None:
        reason = f"下级“{part}”{part.from_on}已经成立，“{unit}”不能更晚"
        raise BadCell("from_on", reason, "请核对成立日期")


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
            told = BadCell.of("from_on", problem)
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
