"""Tables of reports handed in, of risk points and of liaison officers, in and out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.conduct.enums import ReportKind, RiskLevel
from qizhi.conduct.models import Liaison, MatterReport, RiskPoint
from qizhi.conduct.permissions.registers import MANAGE_LIAISONS, MANAGE_RISKS, RECORD_MATTERS, SEE_RISKS
from qizhi.conduct.queries.matters import Line, Round, round_of
from qizhi.conduct.services.matters import check_day, hand_in_reports, not_owing
from qizhi.conduct.services.risks import RiskFacts, end_liaison, name_liaison, save_risk
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor, Permission
from qizhi.core.tables import BadCell, Column, RecordRow, TableReading, TableSchema
from qizhi.core.tables.values import Choices, integer, parse_day, text
from qizhi.org.enums import UnitKind
from qizhi.org.importers.cells import check_order, find_person, staff_no
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Person, Unit
from qizhi.org.queries import PeopleIndex

_NAME_HELP = "重名时写成 姓名(工号)，或加一列“工号”"
_NUMBER = Column(
    key="staff_no", label="工号", parse=staff_no, aliases=("编号", "人员编号", "职工号"), is_offered=False
)
MATTERS = TableSchema(
    "matters",
    "个人有关事项报告登记",
    (
        Column(
            key="name",
            label="姓名",
            parse=text(60),
            required=True,
            aliases=("报告人", "干部姓名"),
            help=_NAME_HELP,
            width=16,
        ),
        _NUMBER,
        Column(
            key="year",
            label="年度",
            parse=integer(2000, 2100),
            aliases=("报告年度", "集中报告年度"),
            help="截止日所在的年份；留空按报告日期的年份",
            example="2018",
        ),
        Column(
            key="handed_in_on",
            label="报告日期",
            parse=parse_day,
            required=True,
            aliases=("报告时间", "提交日期", "收到日期", "交表日期"),
            example="2018-01-15",
            width=14,
        ),
        Column(key="received_by_label", label="收件人", parse=text(100), aliases=("经办人",)),
    ),
)
RISKS = TableSchema(
    "risks",
    "廉政风险点",
    (
        Column(
            key="unit",
            label="处室",
            parse=text(80),
            is_from_above=True,
            aliases=("部门", "所在处室", "责任处室", "责任部门", "单位"),
            help="一张表只有一个处室的，写在标题或工作表名里也行",
            width=18,
        ),
        Column(
            key="name",
            label="风险点",
            parse=text(100),
            required=True,
            aliases=("风险点名称", "廉政风险点", "风险内容"),
            example="示例风险点",
            width=24,
        ),
        Column(
            key="level",
            label="等级",
            parse=Choices(
                RiskLevel.choices, {"高级": "high", "中级": "middle", "低级": "low", "一般": "low"}
            ),
            required=True,
            aliases=("风险等级", "风险级别"),
        ),
        Column(
            key="measures",
            label="防控措施",
            parse=text(2000, is_multiline=True),
            required=True,
            aliases=("措施", "防范措施"),
            example="示例措施",
            width=40,
        ),
        Column(
            key="review_on",
            label="下次复核日期",
            parse=parse_day,
            required=True,
            aliases=("复核日期", "下次复核", "下次复核时间"),
            example="2018-06-30",
            width=14,
        ),
    ),
)
LIAISONS = TableSchema(
    "liaisons",
    "廉政风险防控联络员",
    (
        Column(
            key="unit",
            label="处室",
            parse=text(80),
            is_from_above=True,
            aliases=("部门", "所在处室", "单位"),
            width=18,
        ),
        Column(
            key="name",
            label="联络员",
            parse=text(60),
            required=True,
            aliases=("姓名", "联络员姓名"),
            help=_NAME_HELP,
            width=16,
        ),
        _NUMBER,
        Column(
            key="from_on",
            label="起始日期",
            parse=parse_day,
            required=True,
            aliases=("任职日期",),
            example="2018-01-02",
            width=14,
        ),
        Column(key="to_on", label="截止日期", parse=parse_day, width=14),
    ),
)


def department_of(
    row: RecordRow, units: UnitWords, by: Actor, wanted: Permission, *, keeper: str = "纪检干部"
) -> Unit:
    """The department that a row names, whose rows the person may bring; `keeper`: who may bring all of them.

    Raises:
        BadCell: there is none, or it is not theirs.
    """
    word = row.values["unit"]
    try:
        unit = units.find(word, UnitKind.DEPARTMENT, row=row.number) if word else units.around(row)
    except Refused as problem:
        raise BadCell.of("unit", problem) from None
    if unit is None or unit.kind != UnitKind.DEPARTMENT:
        raise BadCell("unit", "没有写明是哪个处室", "加一列“处室”，或写在标题或工作表名里")
    if not by.may(wanted, unit.pk, unit.path):
        raise BadCell("unit", f"“{unit}”不由您登记", f"核对名称，或请{keeper}导入")
    return unit


def run_matters(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Note yearly reports; who is noted for a year already stays as noted."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    people, rounds = PeopleIndex(by.bureau_id), dict[int, Round]()
    seen: set[tuple[object, int]] = set()
    for row in reading.all_rows:
        check = outcome.check(row)
        year = check.take(_year, row)
        found = check.take(_round, rounds, year, by)
        person, day = check.take(find_person, row.values, people), check["handed_in_on"]
        check.take(check_day, found, day, on="handed_in_on")
        line = check.take(_owed, person, found)
        told = check.last(_matter_step, row, found, line, seen, by=by, write=write)
        if check.is_sound:
            what, beside = told
            said = f"{row.values['name']} {year}年 {day}{beside}"
            outcome.lines.append(LineResult(row.sheet, row.number, what, said))
    return outcome


def _year(row: RecordRow) -> int:
    year: int = row.values["year"] or row.values["handed_in_on"].year
    return year


def _round(rounds: dict[int, Round], year: int, by: Actor) -> Round:
    if year not in rounds:
        rounds[year] = round_of(by.bureau_id, year, clock.today())
    return rounds[year]


def _owed(person: Person, found: Round) -> Line:
    """What the person has to hand in."""
    line = next((one for one in found.lines if one.person.pk == person.pk), None)
    if line is None:
        raise Refused(not_owing(person, found), "name")
    return line


def _matter_step(
    row: RecordRow, found: Round, line: Line, seen: set[tuple[object, int]], *, by: Actor, write: bool
) -> tuple[What, str]:
    """What a row does; in words, where another day stays that was noted before."""
    person, day = line.person, row.values["handed_in_on"]
    if line.report is not None and line.report.handed_in_on != day:
        return (
            What.SAME,
            f"；系统里已登记{line.report.handed_in_on}，表里的日期没有采用，要改的请在名单里更正",
        )
    if line.report is not None or (person.pk, found.year) in seen:
        return What.SAME, ""
    seen.add((person.pk, found.year))
    if write:
        hand_in_reports(
            year=found.year,
            people=[person],
            handed_in_on=day,
            received_by_label=row.values["received_by_label"] or "",
            by=by,
        )
    return What.NEW, ""


def run_risks(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Make risk points, and bring open ones of the same department and name up to date."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    units = UnitWords(by.bureau_id, (UnitKind.DEPARTMENT,))
    rows = RiskPoint.objects.filter(bureau_id=by.bureau_id, closed_on__isnull=True)
    known: _KnownRisks = {(one.unit_id, one.name): one for one in rows}
    for row in reading.all_rows:
        check = outcome.check(row)
        unit = check.take(department_of, row, units, by, MANAGE_RISKS)
        facts = check.take(_facts, row, unit)
        check.take(_only_once, facts, known)
        what = check.last(_risk_step, facts, known, by, write=write)
        if check.is_sound:
            outcome.lines.append(LineResult(row.sheet, row.number, what, f"{unit}：{facts.name}"))
    outcome.notes += units.say_guesses()
    return outcome


def _facts(row: RecordRow, unit: Unit) -> RiskFacts:
    return RiskFacts(unit, **{key: row.values[key] for key in ("name", "level", "measures", "review_on")})


_KnownRisks = dict[tuple[object, str], RiskPoint | None]
"""Open ones by department and name; None once a row of the table has named them."""


def _only_once(facts: RiskFacts, known: _KnownRisks) -> None:
    key = (facts.unit.pk, facts.name)
    if key in known and known[key] is None:
        raise BadCell("name", "这张表里同一处室有两个同名的风险点", "删去一行，或改名称")


def _risk_step(facts: RiskFacts, known: _KnownRisks, by: Actor, *, write: bool) -> What:
    key = (facts.unit.pk, facts.name)
    risk = known.get(key)
    what = What.NEW
    if risk is not None:
        kept = (risk.level, risk.measures, risk.review_on)
        what = What.SAME if kept == (facts.level, facts.measures, facts.review_on) else What.CHANGED
    if write and what is not What.SAME:
        save_risk(risk, facts=facts, by=by)
    known[key] = None
    return what


_Held = dict[tuple[uuid.UUID, uuid.UUID], list[Liaison]]
"""Terms by person and department."""


def run_liaisons(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Name liaison officers and end their terms; person, department and first day say which."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    people, units = PeopleIndex(by.bureau_id), UnitWords(by.bureau_id, (UnitKind.DEPARTMENT,))
    held: _Held = defaultdict(list)
    for one in Liaison.objects.filter(bureau_id=by.bureau_id):
        held[one.person_id, one.unit_id].append(one)
    for row in reading.all_rows:
        check = outcome.check(row)
        unit = check.take(department_of, row, units, by, MANAGE_LIAISONS)
        person = check.take(find_person, row.values, people)
        check.take(check_order, check["from_on"], check["to_on"])
        own = check.take(_terms, person, unit, held)
        wanted = check.take(_term, row, person, unit)
        check.take(_is_free, wanted, own)
        what = check.last(_liaison_step, wanted, own, by, write=write)
        if check.is_sound:
            outcome.lines.append(LineResult(row.sheet, row.number, what, f"{unit}：{person.name}"))
    outcome.notes += units.say_guesses()
    return outcome


def _terms(person: Person, unit: Unit, held: _Held) -> list[Liaison]:
    return held[person.pk, unit.pk]


def _term(row: RecordRow, person: Person, unit: Unit) -> Liaison:
    days = {key: row.values[key] for key in ("from_on", "to_on")}
    return Liaison(bureau_id=unit.bureau_id, person=person, unit=unit, **days)


def _is_free(wanted: Liaison, own: list[Liaison]) -> None:
    """No other term holds on these days, unless it began on the same day."""
    clash = next((one for one in own if one.from_on != wanted.from_on and one.overlaps(wanted)), None)
    if clash is not None:
        reason = f"已是“{wanted.unit}”的联络员（{clash.from_on} 至 {clash.to_on or '今'}）"
        raise BadCell("from_on", reason, "核对起止日期")


def _liaison_step(wanted: Liaison, own: list[Liaison], by: Actor, *, write: bool) -> What:
    found = next((one for one in own if one.from_on == wanted.from_on), None)
    if found is not None and wanted.to_on in {None, found.to_on}:
        return What.SAME
    row = found or wanted
    if found is None:
        if write:
            row = name_liaison(person=wanted.person, unit=wanted.unit, from_on=wanted.from_on, by=by)
        own.append(row)
    if write and wanted.to_on:
        end_liaison(row, to_on=wanted.to_on, by=by)
    row.to_on = wanted.to_on
    return What.CHANGED if found else What.NEW


def _named(person: Person) -> str:
    return f"{person.name}({person.staff_no})"


def _all_matters(by: Actor) -> Iterable[Mapping[str, Any]]:
    if not by.reach(RECORD_MATTERS).is_all:
        return []
    rows = MatterReport.objects.filter(bureau_id=by.bureau_id, kind=ReportKind.ANNUAL)
    rows = rows.select_related("person").order_by("year", "handed_in_on", "person__staff_no")
    return [
        {
            "name": _named(row.person),
            "year": row.year,
            "handed_in_on": row.handed_in_on,
            "received_by_label": row.received_by_label,
        }
        for row in rows
    ]


def risk_rows(rows: Iterable[RiskPoint]) -> Iterable[Mapping[str, Any]]:
    """Risk points as the importer reads them."""
    for row in rows:
        yield {
            "unit": row.unit.name,
            "name": row.name,
            "level": row.level,
            "measures": row.measures,
            "review_on": row.review_on,
        }


def liaison_rows(rows: Iterable[Liaison]) -> Iterable[Mapping[str, Any]]:
    """Liaison officers as the importer reads them."""
    for row in rows:
        yield {
            "unit": row.unit.name,
            "name": _named(row.person),
            "from_on": row.from_on,
            "to_on": row.to_on,
        }


def _all_risks(by: Actor) -> Iterable[Mapping[str, Any]]:
    rows = RiskPoint.objects.filter(by.reach(SEE_RISKS).units(), closed_on__isnull=True)
    return risk_rows(rows.select_related("unit"))


def _all_liaisons(by: Actor) -> Iterable[Mapping[str, Any]]:
    rows = Liaison.objects.filter(by.reach(SEE_RISKS).units()).select_related("unit", "person")
    return liaison_rows(rows)


register(
    Importer(
        key="conduct.matters",
        label="个人有关事项报告登记",
        wanted=RECORD_MATTERS,
        schema=lambda _bureau: MATTERS,
        run=run_matters,
        export=_all_matters,
        note="一行一人一个年度，只有日期；报告内容不进系统，表里有这样的列也不读取。",
    )
)
register(
    Importer(
        key="conduct.risks",
        label="廉政风险点",
        wanted=MANAGE_RISKS,
        schema=lambda _bureau: RISKS,
        run=run_risks,
        export=_all_risks,
        note="一行一个风险点；同一处室同名的未销号风险点视为同一个。",
    )
)
register(
    Importer(
        key="conduct.liaisons",
        label="廉政风险防控联络员",
        wanted=MANAGE_LIAISONS,
        schema=lambda _bureau: LIAISONS,
        run=run_liaisons,
        export=_all_liaisons,
        note="一行一任；同一人、处室和起始日期视为同一任。",
    )
)
