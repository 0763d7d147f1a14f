"""The table of completed courses, as learning platforms give it: person, course, hours, day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qizhi.core import audit, clock
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column, RecordRow, TableReading, TableSchema
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadCell, BadValue
from qizhi.core.tables.values import Choices, parse_day, parse_hours, text
from qizhi.core.tables.values.plain import as_text, compact
from qizhi.org.importers.cells import find_person
from qizhi.org.models import Person
from qizhi.org.queries import PeopleIndex
from qizhi.study.enums import Origin
from qizhi.study.models import Completion, Course
from qizhi.study.permissions.hours import MANAGE_COURSES

MOST = Decimal(200)


def _hours(raw: CellValue) -> Decimal:
    hours = parse_hours(raw)
    if not 0 < hours <= MOST or hours * 10 % 1:
        reason = "学时应大于0、不超过200，最多一位小数"
        raise BadValue(reason, "填平台认定的学时")
    return hours


def _number(raw: CellValue) -> str:
    return text(20)(compact(as_text(raw)))


COURSES = TableSchema(
    "completions",
    "课程完成记录",
    (
        Column(
            key="name",
            label="姓名",
            parse=text(60),
            required=True,
            aliases=("学员", "学员姓名", "党员姓名"),
            help="重名时写成 姓名(工号)",
            example="示例甲(0123)",
        ),
        Column(
            key="staff_no",
            label="工号",
            parse=_number,
            aliases=("编号", "人员编号"),
            help="有这一列时，姓名后面不必再写",
            is_offered=False,
        ),
        Column(
            key="course",
            label="课程",
            parse=text(120),
            required=True,
            aliases=("课程名称", "课程名", "培训班", "培训名称", "学习内容"),
            help="课程库里没有的，导入时自动建立",
            example="党章党规学习",
            width=30,
        ),
        Column(
            key="provider",
            label="学习平台",
            parse=text(60),
            aliases=("平台", "来源平台", "培训平台"),
            example="廉石之光",
        ),
        Column(
            key="hours",
            label="学时",
            parse=_hours,
            required=True,
            aliases=("获得学时", "认定学时", "课程学时"),
            help="平台认定的学时",
            example="2",
        ),
        Column(
            key="completed_on",
            label="完成日期",
            parse=parse_day,
            required=True,
            aliases=("完成时间", "结业日期", "结业时间"),
            example="2018-03-15",
            width=14,
        ),
        Column(
            key="origin",
            label="来源",
            parse=Choices(Origin.choices),
            aliases=("登记来源",),
            help="平台给的名单不用写；从本系统导出的表带着它，本人登记的导回来仍是本人登记",
            example="导入",
        ),
    ),
)


@dataclass
class _Books:
    """What the rows are held against, read once; kept up to date so that later rows see earlier ones."""

    by: Actor
    people: PeopleIndex
    courses: dict[str, dict[str, Course]]
    """By name, then by platform: a course is known by both."""
    held: dict[tuple[uuid.UUID, uuid.UUID], list[Completion]]
    made_courses: list[Course] = field(default_factory=list)
    made: list[Completion] = field(default_factory=list)
    changed: list[tuple[Completion, dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def load(cls, by: Actor) -> _Books:
        courses: dict[str, dict[str, Course]] = {}
        for one in Course.objects.filter(bureau_id=by.bureau_id):
            courses.setdefault(one.name, {})[one.provider] = one
        held: dict[tuple[uuid.UUID, uuid.UUID], list[Completion]] = {}
        for row in Completion.objects.filter(bureau_id=by.bureau_id):
            held.setdefault((row.person_id, row.course_id), []).append(row)
        return cls(by, PeopleIndex(by.bureau_id), courses, held)

    def check_course(self, name: str, provider: str) -> None:
        """Whether it can be told which course is meant.

        Raises:
            BadCell: no platform is named and several have such a course.
        """
        known = self.courses.get(name, {})
        if not provider and provider not in known and len(known) > 1:
            reason = f"课程库里有 {len(known)} 门“{name}”，分属{'、'.join(sorted(known))}"
            raise BadCell("provider", reason, "写明学习平台")

    def course(self, name: str, provider: str) -> tuple[Course, str]:
        """The course of that name and platform, made if there is none, and what is to be told of it.

        Where either side names no platform, the same name is the same course: one completion counts once.
        """
        known = self.courses.setdefault(name, {})
        if provider in known:
            return known[provider], ""
        if provider and "" in known:
            return known[""], f"课程库里这门课程没有写学习平台，不另建“{provider}”的"
        if not provider and known:
            (course,) = known.values()
            return course, f"表里没有写学习平台，按课程库里“{course.provider}”的"
        made = known[provider] = Course(bureau_id=self.by.bureau_id, name=name, provider=provider)
        self.made_courses.append(made)
        return made, "课程是新建的"


def run_courses(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Take over completed courses; the platform's word replaces what the person said of the same year."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    books = _Books.load(by)
    for row in reading.all_rows:
        check = outcome.check(row)
        person = check.take(find_person, row.values, books.people)
        check.take(_is_over, check["completed_on"])
        check.take(books.check_course, check["course"], check["provider"] or "")
        told = check.last(_step, row, person, books)
        if check.is_sound:
            outcome.lines.append(LineResult(row.sheet, row.number, *told))
    if books.made_courses:
        names = "、".join(one.label for one in books.made_courses[:10])
        outcome.notes.append(f"课程库里没有的 {len(books.made_courses)} 门课程将自动建立：{names}。")
    if write:
        _write(books)
    return outcome


def _said(hours: Decimal, day: dt.date) -> str:
    return f"{hours.normalize():f} 学时，{day}"


def _is_over(day: dt.date) -> None:
    if day > clock.today():
        raise BadCell("completed_on", "完成日期还没有到")


def _step(row: RecordRow, person: Person, books: _Books) -> tuple[What, str]:
    values, day = row.values, row.values["completed_on"]
    course, note = books.course(values["course"], values["provider"] or "")
    words = f"{person.name}：{course.label}，{_said(values['hours'], day)}{f'；{note}' if note else ''}"
    held = books.held.setdefault((person.pk, course.pk), [])
    known = next((one for one in held if one.completed_on == day), None)
    known = known or next(
        (one for one in held if one.origin == Origin.SELF and one.completed_on.year == day.year), None
    )
    facts = {"hours": values["hours"], "completed_on": day}
    is_told = known is not None and all(getattr(known, key) == value for key, value in facts.items())
    # What somebody said stays theirs while a table says the same: only other facts are the platform's word.
    wanted = facts | {
        "origin": values["origin"] or (known.origin if known and is_told else Origin.IMPORTED.value)
    }
    if known is None:
        made = Completion(bureau_id=books.by.bureau_id, person=person, course=course, **wanted)
        held.append(made)
        books.made.append(made)
        return What.NEW, words
    if all(getattr(known, key) == value for key, value in wanted.items()):
        return What.SAME, words
    words += f"；原为{_said(known.hours, known.completed_on)}（{Origin(known.origin).label}）"
    if known not in books.made:
        books.changed.append((known, audit.snapshot(known)))
    for key, value in wanted.items():
        setattr(known, key, value)
    return What.CHANGED, words


def _write(books: _Books) -> None:
    Course.objects.bulk_create(books.made_courses, batch_size=500)
    audit.record_many("study.save_course", books.made_courses, by=books.by)
    Completion.objects.bulk_create(books.made, batch_size=500)
    audit.record_many("study.import_completion", books.made, by=books.by)
    rows = [row for row, _ in books.changed]
    before = {row.pk: values for row, values in books.changed}
    Completion.objects.bulk_update(rows, ["hours", "completed_on", "origin"], batch_size=500)
    audit.record_many("study.import_completion", rows, by=books.by, before=lambda row: dict(before[row.pk]))


def export_courses(by: Actor) -> Iterable[Mapping[str, Any]]:
    """Every completed course there is."""
    rows = Completion.objects.filter(bureau_id=by.bureau_id).select_related("person", "course")
    for row in rows.order_by("completed_on", "person__staff_no"):
        yield {
            "name": f"{row.person.name}({row.person.staff_no})",
            "course": row.course.name,
            "provider": row.course.provider,
            "hours": row.hours,
            "completed_on": row.completed_on,
            "origin": row.origin,
        }


register(
    Importer(
        key="study.completions",
        label="课程完成记录",
        wanted=MANAGE_COURSES,
        schema=lambda _bureau: COURSES,
        run=run_courses,
        export=export_courses,
        note="廉石之光、网上党性培训等平台的完成名单：人员、课程、学时、日期。",
    )
)
