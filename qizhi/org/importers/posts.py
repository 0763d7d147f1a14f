"""The table of posts, in and out: who holds what where; permissions come from posts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables.cells import say_rows
from qizhi.core.tables.checks import MISSING, RowCheck
from qizhi.core.tables.problems import BadCell
from qizhi.core.tables.reading import RecordRow, TableReading
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values import Choices, parse_day_or_month, text
from qizhi.core.tables.values.plain import compact, shorten
from qizhi.org.enums import ADMINISTRATORS, Role, UnitKind
from qizhi.org.importers.cells import Days, check_order, find_person, person_name, staff_no
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Person, Post, Unit
from qizhi.org.permissions import MANAGE_PEOPLE
from qizhi.org.queries import PeopleIndex
from qizhi.org.services import people as services
from qizhi.org.services.rows import end_row

POSTS = TableSchema(
    "posts",
    "职务",
    (
        Column(
            key="name",
            label="姓名",
            parse=person_name,
            required=True,
            aliases=("人员姓名", "党员姓名", "名字"),
            help="重名时写成 姓名(工号)",
            example="示例甲(0123)",
        ),
        Column(
            key="staff_no",
            label="工号",
            parse=staff_no,
            aliases=("编号", "人员编号", "职工号"),
            is_offered=False,
        ),
        Column(
            key="unit",
            is_from_above=True,
            label="组织",
            parse=text(80),
            aliases=("任职组织", "所在组织", "党支部", "支部", "党组织", "组织名称", "支部名称", "所在支部"),
            last_resorts=("处室", "部门", "单位"),
            help="名称或代码；党小组写成 第一党支部第一党小组；一张表只有一个支部的，写在标题里也行",
            example="第一党支部",
            width=22,
        ),
        Column(
            key="title",
            label="职务",
            parse=text(40),
            aliases=("职务名称", "党内职务", "任职", "现任职务", "支部职务"),
            help="如 书记、组织委员、党小组组长；看不出职务类别的，另填职务类别",
            example="组织委员",
        ),
        Column(
            key="role",
            label="职务类别",
            parse=Choices(Role.choices, {}),
            help="决定登录后能办哪些事；留空则从职务看",
        ),
        Column(
            key="from_on",
            label="起始日期",
            parse=parse_day_or_month,
            aliases=("任职时间", "任职日期", "任现职时间", "当选时间"),
            help="只知道月份的按当月1日；留空则自导入之日起",
            example="2017-03-01",
            width=14,
        ),
        Column(
            key="to_on",
            label="截止日期",
            parse=parse_day_or_month,
            aliases=("免职时间", "免职日期", "卸任时间"),
            help="仍在任的留空",
            width=14,
        ),
    ),
    one_of=(("title", "role"),),
)
_SECRETARIES = {
    UnitKind.BRANCH: Role.SECRETARY,
    UnitKind.COMMITTEE: Role.COMMITTEE_SECRETARY,
    UnitKind.PARTY_GROUP: Role.PARTY_GROUP_SECRETARY,
}
_MEMBERS = {
    UnitKind.BRANCH: Role.BRANCH_COMMITTEE_MEMBER,
    UnitKind.COMMITTEE: Role.COMMITTEE_MEMBER,
    UnitKind.PARTY_GROUP: Role.PARTY_GROUP_MEMBER,
    UnitKind.CENTRE_GROUP: Role.CENTRE_GROUP_MEMBER,
}
_HEADS = ("处长", "科长", "主任", "队长", "主要负责人", "负责人", "部长", "站长", "馆长", "所长")
_BY_LABEL = {str(role.label): role for role in Role}


def role_of(title: str, kind: str) -> Role | None:
    """The kind of post that a title tells in a unit of a kind; None where it tells none.

    A deputy of a department gets none: whether deputies see its people is for the office to say.
    """
    word = compact(title)
    if word in _BY_LABEL:
        return _BY_LABEL[word]
    unit = UnitKind(kind)
    if word.endswith("副书记"):
        return Role.DEPUTY_SECRETARY if unit == UnitKind.BRANCH else None
    if word.endswith("书记"):
        return _SECRETARIES.get(unit)
    if word.endswith(("委员", "成员")):
        return _MEMBERS.get(unit)
    if word.endswith("组长") and not word.endswith("副组长"):
        return Role.GROUP_LEADER if unit == UnitKind.GROUP else None
    is_head = unit == UnitKind.DEPARTMENT and word.endswith(_HEADS) and "副" not in word
    return Role.DEPARTMENT_HEAD if is_head else None


@dataclass
class _Books:
    """What the rows are held against, read once; `held` is kept up to date so that later rows see it."""

    by: Actor
    today: dt.date
    index: PeopleIndex
    units: UnitWords
    days: Days = field(default_factory=Days)
    held: defaultdict[tuple[uuid.UUID, uuid.UUID, str], list[Post]] = field(
        default_factory=lambda: defaultdict(list)
    )
    from_today: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, by: Actor) -> _Books:
        books = cls(by, clock.today(), PeopleIndex(by.bureau_id), UnitWords(by.bureau_id))
        for post in Post.objects.filter(bureau_id=by.bureau_id).select_related("unit").order_by("from_on"):
            books.held[post.person_id, post.unit_id, post.role].append(post)
        return books

    def notes(self) -> list[str]:
        notes = [*self.units.say_guesses(), *self.days.notes()]
        if self.from_today:
            notes.append(
                f"没有写起始日期的（{say_rows(self.from_today)}），职务自今天（{self.today}）起登记。"
            )
        return notes


def run_posts(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Add posts and end known ones; person, unit, kind and first day say which is which."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    books = _Books.load(by)
    for row in reading.all_rows:
        check = outcome.check(row)
        wanted = _wanted(check, books)
        what = check.last(_step, wanted, row, books, write=write)
        if check.is_sound:
            until = f"至{wanted.to_on}" if wanted.to_on else "起"
            days = f"{wanted.get_role_display()}，{wanted.from_on}{until}"
            words = f"{row.values['name']}：{wanted.full_label}（{days}）"
            outcome.lines.append(LineResult(row.sheet, row.number, what, words))
    outcome.notes += books.notes()
    return outcome


def _wanted(check: RowCheck, books: _Books) -> Post:
    """What a row asks for, if nothing is wrong with it."""
    row = check.row
    person, unit = check.take(find_person, row.values, books.index), check.take(_unit, row, books)
    role = check.take(_role, row, unit)
    current = check.take(_current, person, unit, role, books)
    start = check.take(_start, row, [] if check["from_on"] and current is MISSING else current, books)
    end = check.take(books.days.day, row, "to_on", "截止日期")
    check.take(check_order, start, end, fix="请核对")
    check.take(_exists, unit, start)
    names: dict[str, Any] = {"person": person, "unit": unit, "role": role, "from_on": start, "to_on": end}
    wanted = check.take(Post, bureau_id=books.by.bureau_id, **names)
    check.take(_is_free, wanted, books)
    check.take(_check_offices, wanted, books)
    title = check.take(_own_title, row, role)
    if check.is_sound:
        wanted.title = title
    return wanted


def _role(row: RecordRow, unit: Unit) -> str:
    values = row.values
    role = values["role"] or role_of(values["title"] or "", unit.kind)
    if role is None:
        said = f"从“{shorten(values['title'] or '')}”" if values["title"] else "没有写职务，"
        fix = f"请填职务类别：{'、'.join(_BY_LABEL)}"
        raise BadCell("title", f"{said}看不出是{unit.get_kind_display()}的哪一类职务", fix)
    return role


def _own_title(row: RecordRow, role: str) -> str:
    """The title, where it says more than the kind of post."""
    title, label = row.values["title"] or "", str(Role(role).label)
    is_plain = title in {label, label.removeprefix("支部").removeprefix("党小组")}
    return "" if is_plain else title


def _current(person: Person, unit: Unit, role: str, books: _Books) -> list[Post]:
    return [post for post in books.held[person.pk, unit.pk, role] if post.to_on is None]


def _start(row: RecordRow, current: list[Post], books: _Books) -> dt.date:
    """The day written; without one that of the post as it is held, else today."""
    start = books.days.day(row, "from_on", "起始日期")
    if start is not None:
        return start
    if current:
        return current[-1].from_on
    books.from_today.append(row.number)
    return books.today


def _exists(unit: Unit, start: dt.date) -> None:
    if start < unit.from_on or (unit.to_on and start > unit.to_on):
        raise BadCell("from_on", f"“{unit}”在 {start} 不存在", "核对日期，或在组织页更正成立日期")


def _unit(row: RecordRow, books: _Books) -> Unit:
    if not row.values["unit"]:
        around = books.units.around(row)
        if around is None:
            fix = "加一列“组织”；一张表只有一个支部的，写在标题里也行"
            raise BadCell("unit", "没有写明是哪个组织的职务", fix)
        return around
    try:
        return books.units.find(row.values["unit"], row=row.number)
    except Refused as problem:
        raise BadCell.of("unit", problem) from None


def _known(held: Iterable[Post], start: dt.date) -> Post | None:
    return next((post for post in held if post.from_on == start), None)


def _is_free(wanted: Post, books: _Books) -> None:
    """The post is not held already on these days, unless since the same day."""
    held = books.held[wanted.person_id, wanted.unit_id, wanted.role]
    clash = next((post for post in held if post.overlaps(wanted)), None)
    if clash is not None and _known(held, wanted.from_on) is None:
        reason = f"已任此职（{clash.from_on} 至 {clash.to_on or '今'}）"
        raise BadCell("from_on", reason, "要改日期的，请在人员页更正那条任职")


def _check_offices(wanted: Post, books: _Books) -> None:
    """The same as the service's check, also against the rows before in the table."""
    known = _known(books.held[wanted.person_id, wanted.unit_id, wanted.role], wanted.from_on)
    if wanted.role not in ADMINISTRATORS or (known is not None and wanted.to_on in {None, known.to_on}):
        return
    for (person_id, _, role), posts in books.held.items():
        if person_id != wanted.person_id or role == wanted.role or role not in ADMINISTRATORS:
            continue
        if clash := next((post for post in posts if post.overlaps(wanted)), None):
            span = f"{clash.from_on} 至 {clash.to_on or '今'}"
            reason = f"已任{Role(role).label}（{span}），不能同时任{wanted.get_role_display()}"
            raise BadCell("name", reason, "政工处、人事干部、纪检干部须由不同的人担任，请核对姓名和日期")


def _step(wanted: Post, row: RecordRow, books: _Books, *, write: bool) -> What:
    held = books.held[wanted.person_id, wanted.unit_id, wanted.role]
    known = _known(held, wanted.from_on)
    if known is not None:
        return _meet(known, wanted, row, books, write=write)
    held.append(wanted)
    if write:
        names = ("person", "unit", "role", "title", "from_on", "to_on")
        services.appoint(**{name: getattr(wanted, name) for name in names}, by=books.by)
    return What.NEW


def _meet(known: Post, wanted: Post, row: RecordRow, books: _Books, *, write: bool) -> What:
    if row.values["title"] and str(wanted) != str(known):
        reason = f"同一天起已登记为“{known}”"
        raise BadCell("title", reason, "要改职务名称的，请在人员页更正那条任职")
    if wanted.to_on in {None, known.to_on}:
        return What.SAME
    if write:
        end_row(known, last_day=wanted.to_on, by=books.by)
    known.to_on = wanted.to_on
    return What.CHANGED


def export_posts(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Every post there ever was."""
    words = UnitWords(by.bureau_id)
    rows = Post.objects.filter(bureau_id=by.bureau_id).select_related("person", "unit__parent")
    for post in rows.order_by("unit__path", "from_on", "person__staff_no"):
        yield {
            "name": f"{post.person.name}({post.person.staff_no})",
            "unit": _word(post.unit, words),
            "title": post.title or None,
            "role": post.role,
            "from_on": post.from_on,
            "to_on": post.to_on,
        }


def _word(unit: Unit, words: UnitWords) -> str:
    """How a unit is written so that no other is meant."""
    parent = unit.parent.name if unit.kind == UnitKind.GROUP and unit.parent else ""
    word = f"{parent}{unit.name}"
    return word if words.find(word).pk == unit.pk else unit.code


register(
    Importer(
        key="org.posts",
        label="职务",
        wanted=MANAGE_PEOPLE,
        schema=lambda _bureau: POSTS,
        run=run_posts,
        export=export_posts,
        note="谁在哪个组织任什么职；登录后能办哪些事由职务决定。已有的不重复登记。",
    )
)
