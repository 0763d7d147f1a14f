"""The papers of the working calendar as a table: one row a span of days, rows of one paper together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables import MISSING, BadCell, Column, RecordRow, RowCheck, TableReading, TableSchema
from qizhi.core.tables.values import Choices, integer, parse_day, text
from qizhi.core.values import dataclass
from qizhi.regulations.enums import CalendarScope, Confirmation
from qizhi.regulations.models import CalendarDay, CalendarPaper
from qizhi.regulations.permissions import MANAGE_CALENDAR
from qizhi.regulations.rules import PaperDay, read_notice, write_notice
from qizhi.regulations.services import put_calendar_paper

ONE_DAY = dt.timedelta(days=1)
LONGEST = 60
"""Days of one span; the longest rest of any national paper was ten."""
REST, WORK = "rest", "work"
_OF_PAPER = ("doc_no", "published_on", "confirmed_until")
PAPERS = TableSchema(
    "papers",
    "放假安排",
    (
        Column(
            key="year", label="年份", parse=integer(1999, 2199), required=True, aliases=("年度",), width=8
        ),
        Column(
            key="scope",
            label="层级",
            parse=Choices(
                CalendarScope.choices,
                {"国家": "national", "国务院": "national", "省": "region", "市": "region", "本局": "unit"},
            ),
            aliases=("范围", "发文层级"),
            help="全国、地区、本单位；留空按全国",
            width=10,
        ),
        Column(
            key="title",
            label="标题",
            parse=text(200),
            required=True,
            aliases=("通知", "文件", "文件名称", "通知标题"),
            help="同一层级、年份和标题的各行是同一份通知",
            width=40,
        ),
        Column(key="doc_no", label="文号", parse=text(60), aliases=("发文字号",), width=24),
        Column(key="published_on", label="印发日期", parse=parse_day, aliases=("发文日期",), width=14),
        Column(key="confirmed_until", label="确认至", parse=parse_day, help="留空按当年12月31日", width=14),
        Column(
            key="first",
            label="日期",
            parse=parse_day,
            required=True,
            aliases=("开始日期", "起", "起始日期"),
            example="2018-02-15",
            width=14,
        ),
        Column(
            key="last",
            label="至",
            parse=parse_day,
            aliases=("结束日期", "止", "截止日期"),
            help="只有一天的不填",
            example="2018-02-21",
            width=14,
        ),
        Column(
            key="kind",
            label="安排",
            parse=Choices(
                [(REST, "放假"), (WORK, "上班")],
                {"休": REST, "休息": REST, "班": WORK, "补班": WORK, "调休上班": WORK},
            ),
            required=True,
            aliases=("放假或上班", "休班"),
            width=10,
        ),
        Column(key="name", label="节日", parse=text(30), aliases=("名称", "节日名称"), width=16),
    ),
)
Key = tuple[str, int, str]


_Line = tuple[RowCheck, list[dt.date]]
"""A row with its days, which are MISSING where they cannot be known."""


@dataclass(frozen=True)
class _Paper:
    """A paper as the table tells of it, and as it stands already."""

    key: Key
    rows: list[RecordRow]
    days: dict[dt.date, PaperDay]
    held: CalendarPaper | None

    def values(self) -> dict[str, Any]:
        """What is to be kept; an empty cell leaves what is there."""
        scope, year, title = self.key
        first = self.rows[0].values
        given = {name: first[name] or getattr(self.held, name, None) for name in _OF_PAPER}
        return {
            "scope": scope,
            "year": year,
            "title": title,
            "doc_no": given["doc_no"] or "待核",
            "published_on": given["published_on"],
            "confirmed_until": given["confirmed_until"] or dt.date(year, 12, 31),
            "notice": write_notice(self.days.values(), year),
            "confirmation": self.held.confirmation if self.held else Confirmation.RECALLED,
        }


def run_papers(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Put the papers of a table into the calendar, each with all its rows; the same table changes nothing."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    papers: dict[Key, list[_Line]] = {}
    for row in reading.all_rows:
        check = outcome.check(row)
        span, key = check.take(_span_of, row), check.take(_key, row)
        check.take(_is_of_year, span, check["year"])
        if key is not MISSING:
            papers.setdefault(key, []).append((check, span))
    known = _known(by)
    for key, lines in papers.items():
        days = _days(lines)
        _against_first([check for check, _ in lines])
        if reading.errors or not all(check.is_sound for check, _ in lines):
            continue
        rows = [check.row for check, _ in lines]
        what = lines[0][0].take(_take, _Paper(key, rows, days, known.get(key)), by, write=write, on="first")
        said = f"{key[1]}年 {key[2]}：{len(days)} 天"
        if what is not MISSING:
            outcome.lines += [LineResult(row.sheet, row.number, what, said) for row in rows]
    return outcome


def _key(row: RecordRow) -> Key:
    return (row.values["scope"] or CalendarScope.NATIONAL.value, row.values["year"], row.values["title"])


def _take(paper: _Paper, by: Actor, *, write: bool) -> What:
    """Put one paper into the calendar; Refused where its words cannot be kept."""
    values = paper.values()
    if set(read_notice(values["notice"], values["year"]).days) != set(paper.days.values()):
        message = "节日名称里有读不懂的符号。请只写节日的名称。"
        raise Refused(message, "name")
    what = _what(values, paper)
    if write and what is not What.SAME:
        put_calendar_paper(values=values, by=by, paper=paper.held)
    return what


def _what(values: Mapping[str, Any], paper: _Paper) -> What:
    held = paper.held
    if held is None:
        return What.NEW
    there = {PaperDay(day.on, day.is_working, day.name) for day in held.days.all()}
    is_same = there == set(paper.days.values()) and all(
        getattr(held, name) == values[name] for name in _OF_PAPER
    )
    return What.SAME if is_same else What.CHANGED


def _span_of(row: RecordRow) -> list[dt.date]:
    """The days of a row, one after the other."""
    first, last = row.values["first"], row.values["last"] or row.values["first"]
    if last < first:
        raise BadCell("last", "截止日期早于开始日期", "请核对两个日期")
    if (last - first).days >= LONGEST:
        raise BadCell("last", f"一段超过{LONGEST}天", "请核对两个日期")
    return list(_span(first, last))


def _is_of_year(span: list[dt.date], year: int) -> None:
    if not (dt.date(year - 1, 12, 20) <= span[0] and span[-1] <= dt.date(year, 12, 31)):
        raise BadCell("first", f"不在{year}年的安排之内", "请核对年份和日期")


def _days(lines: list[_Line]) -> dict[dt.date, PaperDay]:
    found: dict[dt.date, PaperDay] = {}
    for check, span in lines:
        check.take(_note_days, check.row, span, found)
    return found


def _note_days(row: RecordRow, span: list[dt.date], found: dict[dt.date, PaperDay]) -> None:
    is_working, name = row.values["kind"] == WORK, "".join((row.values.get("name") or "").split())
    for day in span:
        earlier = found.setdefault(day, PaperDay(day, is_working, name))
        if earlier.is_working != is_working:
            raise BadCell("first", f"{day}在同一份通知里既写放假又写上班", "请核对这一天")


def _against_first(checks: list[RowCheck]) -> None:
    """A paper has one number, one day of issue and one last day."""
    for check in checks[1:]:
        for name in _OF_PAPER:
            own, other = check.row.values.get(name), checks[0][name]
            if own is not None and other is not MISSING and own != other:
                reason = "与同一份通知的第一行不同"
                check.tell(BadCell(name, reason, "同一份通知的各行应当一致，或只填第一行"))


def _span(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _known(by: Actor) -> dict[Key, CalendarPaper]:
    rows = CalendarPaper.objects.filter(bureau_id=by.bureau_id).prefetch_related("days")
    return {(row.scope, row.year, row.title): row for row in rows}


def _all_papers(by: Actor) -> Iterable[Mapping[str, Any]]:
    rows = CalendarPaper.objects.filter(bureau_id=by.bureau_id).prefetch_related("days")
    for paper in rows.order_by("year", "published_on", "title"):
        for span in _spans(paper.days.all()):
            yield {
                "year": paper.year,
                "scope": paper.scope,
                "title": paper.title,
                "doc_no": paper.doc_no,
                "published_on": paper.published_on,
                "confirmed_until": paper.confirmed_until,
                "first": span[0].on,
                "last": span[-1].on if len(span) > 1 else None,
                "kind": WORK if span[0].is_working else REST,
                "name": span[0].name,
            }


def _spans(days: Iterable[CalendarDay]) -> list[list[CalendarDay]]:
    spans: list[list[CalendarDay]] = []
    for day in sorted(days, key=lambda one: one.on):
        last = spans[-1][-1] if spans else None
        joins = last and (last.on + ONE_DAY, last.is_working, last.name) == (day.on, day.is_working, day.name)
        if joins:
            spans[-1].append(day)
        else:
            spans.append([day])
    return spans


register(
    Importer(
        key="regulations.papers",
        label="放假安排",
        wanted=MANAGE_CALENDAR,
        schema=lambda _bureau: PAPERS,
        run=run_papers,
        export=_all_papers,
        note="一行一段连续的日子；同一层级、年份和标题的各行合成一份通知，表里没有的日子从这份通知里去掉。",
    )
)
