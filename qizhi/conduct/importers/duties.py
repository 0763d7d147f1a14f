"""The table of duties of posts, in and out: one row what a post has to do from a day on."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qizhi.conduct.importers.registers import department_of
from qizhi.conduct.models import PostDuty
from qizhi.conduct.permissions.duties import MANAGE_POST_DUTIES
from qizhi.conduct.services.duties import ONE_DAY, DutyFacts, add_duties, end_duties
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.tables import BadCell, Column, RecordRow, TableReading, TableSchema
from qizhi.core.tables.values import parse_day, text
from qizhi.core.tables.values.plain import compact, shorten
from qizhi.org.enums import UnitKind
from qizhi.org.importers.cells import check_order
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Unit
from qizhi.regulations.models import Regulation

_QUOTES = re.compile(r"[《》〈〉“”\"]")
_LINES = text(4000, is_multiline=True)
DUTIES = TableSchema(
    "post_duties",
    "岗位职责清单",
    (
        Column(
            key="unit",
            label="处室",
            parse=text(80),
            is_from_above=True,
            aliases=("部门", "所在处室", "所属处室", "科室", "单位"),
            help="合并的单元格也行",
            width=18,
        ),
        Column(
            key="name",
            label="岗位",
            parse=text(60),
            required=True,
            aliases=("岗位名称", "岗位（职务）", "职位", "岗位设置"),
            example="窗口受理",
            width=18,
        ),
        Column(
            key="duties",
            label="岗位职责",
            parse=_LINES,
            required=True,
            aliases=("职责", "工作职责", "主要职责", "岗位职责内容", "职责内容"),
            help="一行一项",
            example="受理申请",
            width=40,
        ),
        Column(
            key="demands",
            label="工作要求和日常行为规范",
            parse=_LINES,
            aliases=("工作要求", "行为规范", "日常行为规范", "要求", "工作标准", "工作要求和行为规范"),
            help="一行一项；已登记的一份里，留空不算改动",
            width=40,
        ),
        Column(
            key="regulation",
            label="依据",
            parse=text(160),
            aliases=("依据文件", "制度依据", "文件依据"),
            help="制度的名称、别名或文号；已登记的一份里，留空不算改动",
            width=24,
        ),
        Column(
            key="from_on",
            label="起始日期",
            parse=parse_day,
            aliases=("自哪一天起", "生效日期", "施行日期", "实施日期"),
            help="留空：新岗位自导入当日起；已有的岗位内容有变化的，自导入当日起另立新清单",
            example="2018-01-02",
            width=14,
        ),
        Column(
            key="to_on",
            label="截止日期",
            parse=parse_day,
            aliases=("撤销日期", "终止日期"),
            help="岗位已撤销的填最后一天",
            width=14,
        ),
    ),
)


class _Stand:
    """What is laid down for a post from one day to another, as the rows of the file leave it."""

    def __init__(self, from_on: dt.date, to_on: dt.date | None, facts: Mapping[str, Any]) -> None:
        self.from_on, self.to_on, self.facts = from_on, to_on, facts
        self.row: PostDuty | None = None

    def holds(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def differs(self, told: Mapping[str, Any]) -> str:
        """The first column in which a row says something else; what it leaves empty it does not say."""
        return next((key for key, value in told.items() if value and value != self.facts[key]), "")


_Key = tuple[uuid.UUID, str]


class _Books:
    """Everything that is laid down, and the documents by their words; three queries."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        self.today = clock.today()
        self.stands: dict[_Key, list[_Stand]] = defaultdict(list)
        rows = PostDuty.objects.filter(bureau_id=bureau_id).select_related("regulation")
        for row in rows.order_by("from_on"):
            facts = {
                "duties": _plain(row.duties),
                "demands": _plain(row.demands),
                "regulation": row.regulation,
            }
            stand = _Stand(row.from_on, row.to_on, facts)
            stand.row = row
            self.stands[row.unit_id, row.name].append(stand)
        self._papers: dict[str, Regulation] = {}
        for paper in Regulation.objects.filter(bureau_id=bureau_id).prefetch_related("aliases"):
            for word in (paper.title, paper.doc_no, paper.code, *(one.name for one in paper.aliases.all())):
                self._papers.setdefault(_paper_key(word), paper)

    def own(self, row: RecordRow, unit: Unit) -> list[_Stand]:
        """What is laid down for the post of a row."""
        return self.stands[unit.pk, row.values["name"]]

    def paper(self, word: str | None) -> Regulation | None:
        """The document that a cell names."""
        if not word:
            return None
        found = self._papers.get(_paper_key(word))
        if found is None:
            reason = f"制度库里没有“{shorten(word)}”"
            raise BadCell("regulation", reason, "请核对名称或文号；没有登记的先登记制度，或把这一格清空")
        return found


def _plain(words: str | None) -> str:
    """The lines without what nobody sees."""
    return "\n".join(filter(None, (line.strip() for line in (words or "").splitlines())))


def _paper_key(word: str) -> str:
    return _QUOTES.sub("", compact(word)).lower()


def run_duties(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Lay down what posts have to do, and end posts; department, post and first day say which.

    What stands there in other words on the same day is corrected on its page, with a reason.
    """
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    units, books = UnitWords(by.bureau_id, (UnitKind.DEPARTMENT,)), _Books(by.bureau_id)
    # Older words first, whatever their place in the file: the later ones end them.
    for row in sorted(reading.all_rows, key=lambda row: row.values.get("from_on") or books.today):
        check = outcome.check(row)
        unit = check.take(department_of, row, units, by, MANAGE_POST_DUTIES, keeper="人事部门")
        paper = check.take(books.paper, check["regulation"])
        told = check.take(_told, row, paper)
        own = check.take(books.own, row, unit)
        day = check["from_on"] or check.take(_day_of, own, told, books.today)
        check.take(check_order, day, check["to_on"], fix="请核对")
        check.take(_has_room, own, day)
        check.take(_agrees, own, day, told)
        check.take(_ends_in_time, own, day, check["to_on"])
        what = check.last(_step, own, row, unit=unit, told=told, day=day, by=by, write=write)
        if check.is_sound:
            said = f"{unit}：{row.values['name']}（自{say_day(day)}）"
            outcome.lines.append(LineResult(row.sheet, row.number, what, said))
    outcome.arrange(reading)
    outcome.notes += units.say_guesses()
    return outcome


def _told(row: RecordRow, paper: Regulation | None) -> dict[str, Any]:
    return {
        "duties": _plain(row.values["duties"]),
        "demands": _plain(row.values["demands"]),
        "regulation": paper,
    }


def _since(own: Iterable[_Stand], day: dt.date) -> _Stand | None:
    return next((one for one in own if one.from_on == day), None)


def _has_room(own: Sequence[_Stand], day: dt.date) -> None:
    later = next((one for one in own if one.from_on > day), None)
    if later is not None and _since(own, day) is None:
        reason = f"这个岗位已有{say_day(later.from_on)}起的清单"
        raise BadCell("from_on", reason, "更早的不能补在它前面：请核对日期，或在它的页面更正")


def _agrees(own: Sequence[_Stand], day: dt.date, told: Mapping[str, Any]) -> None:
    """What a row says of words that are there already is the same."""
    stand = _since(own, day)
    if stand is not None and (other := stand.differs(told)):
        reason = f"{say_day(stand.from_on)}起的清单已登记，内容不同"
        raise BadCell(other, reason, "写错了的在它的页面更正（写明理由）；有变化的请填变化的日期")


def _ends_in_time(own: Sequence[_Stand], day: dt.date, to_on: dt.date | None) -> None:
    stand = _since(own, day)
    if stand is not None and stand.to_on is not None and to_on is not None and to_on > stand.to_on:
        raise BadCell("to_on", f"这份清单到{say_day(stand.to_on)}为止，不能再延后", "请核对截止日期")


def _step(
    own: list[_Stand],
    row: RecordRow,
    *,
    unit: Unit,
    told: dict[str, Any],
    day: dt.date,
    by: Actor,
    write: bool,
) -> What:
    to_on = row.values["to_on"]
    stand = _since(own, day)
    if stand is not None:
        if to_on in {None, stand.to_on}:
            return What.SAME
        _end(stand, to_on, by, write=write)
        return What.CHANGED
    made = _Stand(day, None, told)
    for one in own:
        if one.holds(day):
            one.to_on = day - ONE_DAY
    own.append(made)
    if write:
        try:
            facts = DutyFacts(
                unit, row.values["name"], day, told["duties"], told["demands"], told["regulation"]
            )
            made.row = add_duties(facts, by=by)
        except Refused as problem:
            raise BadCell.of(problem.field or "from_on", problem) from None
    _end(made, to_on, by, write=write)
    return What.NEW


def _day_of(own: Iterable[_Stand], told: Mapping[str, Any], today: dt.date) -> dt.date:
    """The first day of a row that names none: that of the words that stand today, if they are the same."""
    now = next((one for one in own if one.holds(today)), None)
    return now.from_on if now is not None and not now.differs(told) else today


def _end(stand: _Stand, to_on: dt.date | None, by: Actor, *, write: bool) -> None:
    if to_on is None:
        return
    stand.to_on = to_on
    if write and stand.row is not None:
        stand.row.refresh_from_db()
        end_duties(stand.row, to_on=to_on, by=by)


def all_duties(by: Actor) -> Iterable[Mapping[str, Any]]:
    """What the posts of one's departments have had to do at all times, as the importer reads it."""
    rows = PostDuty.objects.filter(by.reach(MANAGE_POST_DUTIES).units())
    rows = rows.select_related("unit", "regulation").order_by(
        "unit__position", "unit__code", "name", "from_on"
    )
    for row in rows:
        yield {
            "unit": row.unit.name,
            "name": row.name,
            "duties": row.duties,
            "demands": row.demands or None,
            "regulation": row.regulation.title if row.regulation else None,
            "from_on": row.from_on,
            "to_on": row.to_on,
        }


register(
    Importer(
        key="conduct.post_duties",
        label="岗位职责清单",
        wanted=MANAGE_POST_DUTIES,
        schema=lambda _bureau: DUTIES,
        run=run_duties,
        export=all_duties,
        note="一行一个岗位自某一天起的职责；只有职责和要求，不记人做得怎样。同一处室、岗位和起始日期视为同一份。",
        listing="conduct:post_duties",
    )
)
