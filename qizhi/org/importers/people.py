"""The table of people, in and out."""

from __future__ import annotations

import copy
import datetime as dt
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register, say_change
from qizhi.core.permissions import Actor
from qizhi.core.tables.cells import say_rows
from qizhi.core.tables.checks import RowCheck
from qizhi.core.tables.problems import BadCell
from qizhi.core.tables.reading import RecordRow, TableReading
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values import Choices, DayOrMonth, parse_day_or_month, text
from qizhi.org.enums import Gender, Rank, UnitKind
from qizhi.org.importers.cells import Days, birth_year, person_name, staff_no
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Person, Placement, RankTenure, Unit
from qizhi.org.permissions import MANAGE_PEOPLE
from qizhi.org.queries import PeopleIndex
from qizhi.org.services import people as services

_OTHER_RANKS = {
    **dict.fromkeys(("科员", "办事员", "一级科员", "二级科员", "科员级", "试用期"), Rank.CLERK.value),
    **dict.fromkeys(
        ("副科", "副科长", "副主任科员", "三级主任科员", "四级主任科员"), Rank.DEPUTY_SECTION.value
    ),
    **dict.fromkeys(("正科", "科级", "主任科员", "一级主任科员", "二级主任科员"), Rank.SECTION.value),
    **dict.fromkeys(("副处", "副调研员", "三级调研员", "四级调研员"), Rank.DEPUTY_DIVISION.value),
    **dict.fromkeys(("正处", "处级", "调研员", "一级调研员", "二级调研员"), Rank.DIVISION.value),
    **dict.fromkeys(("副厅", "副局级", "副厅局级", "副巡视员", "二级巡视员"), Rank.DEPUTY_BUREAU.value),
    **dict.fromkeys(("正厅", "厅级", "正局级", "正厅局级", "巡视员", "一级巡视员"), Rank.BUREAU.value),
}
"""Ranks since 2019 stand for the levels that the regulation on ranks gives them."""
PEOPLE = TableSchema(
    "people",
    "人员",
    (
        Column(
            key="staff_no",
            label="工号",
            parse=staff_no,
            aliases=("编号", "人员编号", "员工编号", "职工号", "人员工号"),
            help="留空则按姓名认人，库里没有的人自动编号；同名的人必须写",
            example="0123",
        ),
        Column(
            key="name",
            label="姓名",
            parse=person_name,
            required=True,
            aliases=("人员姓名", "职工姓名", "名字"),
            help="没有工号列的，同名的人写成 姓名(工号)",
            example="示例甲",
        ),
        Column(key="gender", label="性别", parse=Choices(Gender.choices)),
        Column(
            key="birth_year",
            label="出生年份",
            parse=birth_year,
            aliases=("出生年月", "出生日期", "出生时间", "出生年月日", "出生", "出生年"),
            help="写到月、日的只留年份",
            example="1985",
        ),
        Column(
            key="began_work_on",
            label="参加工作日期",
            parse=parse_day_or_month,
            aliases=("参加工作时间", "工作时间", "参加工作年月", "工龄起算日期"),
            help="工作年限自这一天起算；没有到岗日期的，到岗也按这一天",
            example="2008-07-01",
        ),
        Column(
            key="entered_on",
            label="到岗日期",
            parse=parse_day_or_month,
            aliases=("入职日期", "到岗时间", "入职时间"),
            last_resorts=(
                *("到局时间", "来局时间", "入局时间", "进局时间", "进入本单位时间", "任现单位时间"),
                *("调入时间", "调入日期"),
            ),
            help="只知道月份的写成 2015年3月，按当月1日登记",
            example="2015-03-01",
        ),
        Column(
            key="left_on",
            label="离岗日期",
            parse=parse_day_or_month,
            aliases=("离职日期", "离岗时间", "离职时间"),
            last_resorts=("调出时间", "调出日期", "退休时间", "退休日期"),
        ),
        Column(
            key="department",
            label="处室",
            parse=text(80),
            aliases=("部门", "所在处室", "所在部门", "工作部门", "处室名称", "部门名称", "科室"),
            last_resorts=("单位", "所在单位", "工作单位"),
            example="示例处",
        ),
        Column(
            key="department_from",
            label="处室起始日期",
            parse=parse_day_or_month,
            help="换了处室时必填；新登记的人默认自到岗日期起",
        ),
        Column(
            key="rank",
            label="职级",
            parse=Choices(Rank.choices, _OTHER_RANKS),
            aliases=("职务级别", "行政级别", "级别"),
        ),
        Column(
            key="rank_from",
            label="职级起始日期",
            parse=parse_day_or_month,
            aliases=("任现职级时间", "任职级时间"),
            help="职级变动时必填；新登记的人默认自到岗日期起",
        ),
    ),
)
OWN_FIELDS = ("name", "gender", "birth_year", "began_work_on", "entered_on", "left_on")
_DAYS = {"began_work_on": "参加工作日期", "entered_on": "到岗日期", "left_on": "离岗日期"}
_ORDER = (
    ("began_work_on", "entered_on", "began_work_on", "参加工作日期晚于到岗日期"),
    ("entered_on", "left_on", "left_on", "离岗日期早于到岗日期"),
)
"""Nobody comes before beginning to work, nor leaves before coming: two days, and of which what is told."""
_NUMBERED = re.compile(r"(?P<name>[^(]+)\((?P<number>[A-Za-z._-]*[0-9][A-Za-z0-9._-]*)\)")
_PREFIX = "L"  # of the numbers given to people who come without one


@dataclass
class _Books:
    """What the rows are held against, read once."""

    bureau_id: uuid.UUID
    today: dt.date
    index: PeopleIndex
    units: UnitWords
    days: Days = field(default_factory=Days)
    placed: dict[uuid.UUID, Placement] = field(default_factory=dict)
    ranked: dict[uuid.UUID, RankTenure] = field(default_factory=dict)
    from_today: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, by: Actor) -> _Books:
        today = clock.today()
        books = cls(by.bureau_id, today, PeopleIndex(by.bureau_id), UnitWords(by.bureau_id))
        placed = Placement.objects.on(today).filter(bureau_id=by.bureau_id).select_related("unit")
        ranked = RankTenure.objects.on(today).filter(bureau_id=by.bureau_id)
        books.placed = {row.person_id: row for row in placed}
        books.ranked = {row.person_id: row for row in ranked}
        return books

    def notes(self) -> list[str]:
        """What was understood rather than read."""
        notes = [*self.units.say_guesses(), *self.days.notes()]
        if self.from_today:
            rows = say_rows(self.from_today)
            notes.append(f"没有写到岗日期的（{rows}），处室、职级自今天（{self.today}）起登记。")
        return notes


def run_people(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Add people and bring known ones up to date; the staff number says who is who, without one the name."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    books = _Books.load(by)
    rows = [_with_number(row) for row in reading.all_rows]
    checks = [outcome.check(row) for row in rows]
    names = Counter(check["name"] for check in checks if check.row.same_as is None)
    seen: set[str] = set()
    for row, check in zip(rows, checks, strict=True):
        if row.same_as is not None:
            said = f"{row.values['name']}：与第{row.same_as[1]}行完全相同，只登记一次"
            outcome.lines.append(LineResult(row.sheet, row.number, What.SAME, said))
            continue
        who = check.take(_who, row, names, seen, books)
        steps = _steps(check, who, books)
        if not check.is_sound:
            continue
        number, known = who
        what = What.NEW if known is None else What.CHANGED if steps else What.SAME
        new = "新编工号 " if known is None and not row.values["staff_no"] else ""
        said = f"{row.values['name']}（{new}{number}）"
        if known is not None and what is What.CHANGED:
            said += f"；改动：{'；'.join(_differences(known, steps, books))}"
        outcome.lines.append(LineResult(row.sheet, row.number, what, said))
        if write and steps:
            _write(number, known, steps, by)
    outcome.notes += books.notes()
    return outcome


def _with_number(row: RecordRow) -> RecordRow:
    """A row whose name carries the number, 张三(0123), as if the number stood in its own column."""
    if not {"name", "staff_no"} <= row.values.keys():
        return row
    said = _NUMBERED.fullmatch(row.values["name"])
    if said is None or row.values["staff_no"] not in {None, said["number"]}:
        return row
    values = copy.copy(row.values)
    values |= {"name": said["name"], "staff_no": said["number"]}
    return replace(row, values=values)


_Who = tuple[str, Person | None]
"""The staff number of a row, which no row before has, and the person who has it, if there is one."""


def _who(row: RecordRow, names: Mapping[str, int], seen: set[str], books: _Books) -> _Who:
    number, known = _numbered(row.values, names, books)
    if number in seen:
        raise BadCell("staff_no", "这个工号在表中出现了两次", "一人只留一行")
    seen.add(number)
    return number, known


def _numbered(values: Mapping[str, Any], names: Mapping[str, int], books: _Books) -> _Who:
    if values["staff_no"]:
        return values["staff_no"], books.index.by_number(values["staff_no"])
    name = values["name"]
    if names[name] > 1:
        raise BadCell("name", f"表里有 {names[name]} 位“{name}”，没有工号分不清是谁", "给同名的人各写上工号")
    people = books.index.named(name)
    if len(people) > 1:
        listed = "、".join(f"{person.name}({person.staff_no})" for person in people)
        raise BadCell("name", f"有 {len(people)} 位“{name}”，没有工号分不清是谁", f"写上工号：{listed}")
    return (people[0].staff_no, people[0]) if people else (books.index.free_number(_PREFIX), None)


def _check_name(row: RecordRow, known: Person | None) -> None:
    name, number = row.values["name"], row.values["staff_no"]
    if _NUMBERED.fullmatch(name):
        raise BadCell("name", f"“{name}”里的工号和“工号”列的 {number} 不一样", "核对后只留一个")
    if known is not None and known.name != name:
        fix = "核对工号；确需改名请在人员页更正"
        raise BadCell("name", f"工号 {known.staff_no} 已登记为“{known.name}”", fix)


def _steps(check: RowCheck, who: _Who, books: _Books) -> dict[str, Any]:
    """What has to be written for a row: own fields, department, rank; empty when nothing changes."""
    row = check.row
    known: Person | None = check.take(itemgetter(1), who)
    check.take(_check_name, row, known)
    for earlier, later, told, reason in _ORDER:
        check.take(_in_order, check[earlier], check[later], told, reason)
    days = {
        key: check.take(_own_day, row, key, known, books)
        for key in ("began_work_on", "entered_on", "left_on")
    }
    given = check.take(_given, row, days, known)
    entered = check.take(_entered, days["began_work_on"], days["entered_on"], known)
    unit = check.take(_department, row, books)
    department = check.take(_department_step, row, unit, known, entered, books)
    rank = check.take(_rank_step, row, known, entered, books)
    if not check.is_sound:
        return {}
    is_other = known is None or any(getattr(known, name) != value for name, value in given.items())
    return ({"fields": given} if is_other else {}) | department | rank


def _in_order(earlier: DayOrMonth | None, later: DayOrMonth | None, told: str, reason: str) -> None:
    """A month may hold either day."""
    if earlier and later and later.last_day < earlier.first_day:
        raise BadCell(told, reason, "请核对")


def _own_day(row: RecordRow, key: str, known: Person | None, books: _Books) -> dt.date | None:
    return books.days.day(row, key, _DAYS[key], getattr(known, key, None))


def _given(row: RecordRow, days: Mapping[str, dt.date | None], known: Person | None) -> dict[str, Any]:
    """The own fields of which the row says something."""
    given = {name: row.values[name] for name in OWN_FIELDS if row.values[name] is not None}
    given |= {key: day for key, day in days.items() if key in given}
    if "began_work_on" in given and "entered_on" not in given and getattr(known, "entered_on", None) is None:
        # A roster that knows but one of the two days means whoever has always worked here.
        given["entered_on"] = given["began_work_on"]
    return given


def _entered(began: dt.date | None, entered: dt.date | None, known: Person | None) -> dt.date | None:
    """The day of entry with the row taken over."""
    stored: dt.date | None = getattr(known, "entered_on", None)
    return entered or stored or began


def _department(row: RecordRow, books: _Books) -> Unit | None:
    word = row.values["department"]
    if not word:
        return None
    try:
        return books.units.find(word, UnitKind.DEPARTMENT, UnitKind.BUREAU, row=row.number)
    except Refused as problem:
        raise BadCell.of("department", problem) from None


def _department_step(
    row: RecordRow, unit: Unit | None, known: Person | None, entered: dt.date | None, books: _Books
) -> dict[str, Any]:
    current = books.placed.get(known.pk) if known else None
    if unit is None or (current is not None and current.unit_id == unit.pk):
        return {}
    start = _start(row, "department_from", entered, books, current)
    if start < unit.from_on and row.values["department_from"]:
        fix = "核对日期，或在组织页更正成立日期"
        raise BadCell("department_from", f"“{unit}”在 {start} 还没有成立（{unit.from_on} 成立）", fix)
    # Who came before the department was founded has been in it since then.
    return {"department": (unit, max(start, unit.from_on))}


def _rank_step(
    row: RecordRow, known: Person | None, entered: dt.date | None, books: _Books
) -> dict[str, Any]:
    current, rank = books.ranked.get(known.pk) if known else None, row.values["rank"]
    if not rank or (current is not None and current.rank == rank):
        return {}
    return {"rank": (rank, _start(row, "rank_from", entered, books, current))}


def _start(
    row: RecordRow, key: str, entered: dt.date | None, books: _Books, current: Placement | RankTenure | None
) -> dt.date:
    """Since when: the day written; for who had none so far the day of entry, else today."""
    label = "处室" if key == "department_from" else "职级"
    start = books.days.day(row, key, f"{label}起始日期")
    if start is None and current is not None:
        raise BadCell(key, f"{label}有变动，但没有写起始日期", f"加一列“{label}起始日期”，写明自哪天起")
    if start is not None and current is not None and start <= current.from_on:
        reason = f"现在的{label}自 {current.from_on} 起，变动不能更早"
        raise BadCell(key, reason, "核对日期；原来登记错了的，请在人员页更正")
    if start is None and entered is None and row.number not in books.from_today:
        books.from_today.append(row.number)
    return start or entered or books.today


def _differences(known: Person, steps: Mapping[str, Any], books: _Books) -> list[str]:
    """What the steps change of somebody known, with old and new values."""
    labels = {column.key: column.label for column in PEOPLE.columns}
    words = dict(Gender.choices)
    found = [
        say_change(labels[name], *(words.get(one, one) for one in (getattr(known, name), value)))
        for name, value in steps.get("fields", {}).items()
        if getattr(known, name) != value
    ]
    if "department" in steps:
        placed = books.placed.get(known.pk)
        found.append(say_change(labels["department"], placed and placed.unit, steps["department"][0]))
    if "rank" in steps:
        ranked = books.ranked.get(known.pk)
        found.append(
            say_change(labels["rank"], ranked and ranked.get_rank_display(), Rank(steps["rank"][0]).label)
        )
    return found


def _write(number: str, known: Person | None, steps: Mapping[str, Any], by: Actor) -> None:
    if known is None:
        person = services.add_person(values={"staff_no": number, **steps["fields"]}, by=by)
    else:
        person = known
        if "fields" in steps:
            kept = {name: getattr(known, name) for name in OWN_FIELDS}
            services.correct_person(
                known, values={"staff_no": known.staff_no, **kept, **steps["fields"]}, by=by
            )
    if "department" in steps:
        unit, start = steps["department"]
        services.place(person=person, unit=unit, from_on=start, by=by)
    if "rank" in steps:
        rank, start = steps["rank"]
        services.set_rank(person=person, rank=rank, from_on=start, by=by)


def export_people(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Everybody, with the department and rank of today."""
    today = clock.today()
    placed = {
        r.person_id: r
        for r in Placement.objects.on(today).filter(bureau_id=by.bureau_id).select_related("unit")
    }
    ranked = {r.person_id: r for r in RankTenure.objects.on(today).filter(bureau_id=by.bureau_id)}
    for person in Person.objects.filter(bureau_id=by.bureau_id).order_by("staff_no"):
        place, rank = placed.get(person.pk), ranked.get(person.pk)
        yield {
            "staff_no": person.staff_no,
            "gender": person.gender or None,
            **{name: getattr(person, name) for name in OWN_FIELDS if name != "gender"},
            "department": place.unit.name if place else None,
            "department_from": place.from_on if place else None,
            "rank": rank.rank if rank else None,
            "rank_from": rank.from_on if rank else None,
        }


register(
    Importer(
        key="org.people",
        label="人员",
        wanted=MANAGE_PEOPLE,
        schema=lambda _bureau: PEOPLE,
        run=run_people,
        export=export_people,
        note="按工号识别，没有工号的按姓名；已有的人更新，没有的人新增。",
    )
)
