"""The study file of a year on paper: its parts, the plan, and each session with its attendance."""

from __future__ import annotations

from qizhi.core.documents.model import Block, Document, Heading, Kind, Paragraph, Table
from qizhi.core.documents.wording import number_headings
from qizhi.core.periods import say_day
from qizhi.org.models import Bureau
from qizhi.study.queries.plans import PROGRESS_WORDS
from qizhi.study.queries.year_files import FileOfYear, Session
from qizhi.study.rules.year_files import PartState

STATE_WORDS = {
    PartState.DONE: "齐备",
    PartState.DUE: "未到期",
    PartState.MISSING: "缺",
    PartState.UNKNOWN: "未知",
}


def document_of(file: FileOfYear, bureau: Bureau) -> Document:
    """The file as a document for the folder."""
    blocks: list[Block] = []
    if file.clause is not None:
        blocks.append(
            Paragraph.of(f"依据{file.clause.source}，{file.unit.name}{file.year.label}学习情况如下。")
        )
    blocks.append(Heading(1, "档案各项"))
    parts = tuple((one.label, STATE_WORDS[one.state], one.words) for one in file.parts)
    blocks += [Table(("内容", "情况", "说明"), parts), Heading(1, "学习计划")]
    if file.plan is None or not file.plan.lines:
        blocks.append(Paragraph.of("没有编制年度学习计划。" if file.plan is None else "学习计划里没有内容。"))
    else:
        rows = tuple(
            (
                f"{line.item.month}月",
                line.item.topic,
                str(line.item.lead or ""),
                PROGRESS_WORDS[line.progress],
            )
            for line in file.plan.lines
        )
        blocks.append(Table(("月份", "内容", "牵头人", "情况"), rows))
    blocks.append(Heading(1, "学习考勤"))
    if file.sessions:
        heads = ("日期", "学习", "应到", "实到", "缺勤", "旁听、列席")
        blocks.append(Table(heads, tuple(_row(one) for one in file.sessions)))
    else:
        blocks.append(Paragraph.of("没有登记学习活动。"))
    return Document(
        kind=Kind.OVERVIEW,
        issuer_mark=bureau.mark or bureau.name,
        title=file.title,
        blocks=number_headings(blocks),
        note=f"数据截至{say_day(min(file.as_of, file.year.end))}",
    )


def _row(one: Session) -> tuple[str, ...]:
    numbers = ("—" if number is None else str(number) for number in (one.roll.due, one.roll.present))
    return (one.gathering.day_label, one.gathering.title, *numbers, one.say_away, one.say_visitors)
