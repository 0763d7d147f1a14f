"""The ledger of documents to be finished in time: its columns, and a document as a row of it."""

from __future__ import annotations

from typing import Any

from qizhi.core import clock
from qizhi.core.tables import Column, TableSchema
from qizhi.core.tables.values import Choices, integer, parse_day, text
from qizhi.org.models import Person
from qizhi.tasks.enums import DocumentKind
from qizhi.tasks.importers.cells import (
    parse_due,
    parse_end,
    parse_hand_overs,
    parse_person,
    show_due,
    show_hand_overs,
)
from qizhi.tasks.models import Document
from qizhi.tasks.queries.documents import approved_extension

_NAME_HELP = "重名时写成 姓名(工号)"
DOCUMENTS = TableSchema(
    "documents",
    "限时办结公文",
    (
        Column(
            key="number",
            label="文号",
            parse=text(60),
            aliases=("来文字号", "来文文号", "发文字号", "公文文号", "文件编号", "公文编号"),
            last_resorts=("收文编号", "收文号", "编号"),
            width=22,
        ),
        Column(
            key="title",
            label="标题",
            parse=text(200),
            required=True,
            aliases=("公文标题", "文件标题", "来文标题", "文件名称", "公文名称", "文件题目", "事由"),
            last_resorts=("事项", "内容", "督办事项"),
            width=44,
        ),
        Column(
            key="sender",
            label="来文单位",
            parse=text(80),
            aliases=("来文机关", "发文单位", "发文机关", "来文处室", "交办单位", "来源"),
            width=18,
        ),
        Column(
            key="kind",
            label="类别",
            parse=Choices(
                DocumentKind.choices, {"公文": "incoming", "来文": "incoming", "督办": "supervised"}
            ),
            aliases=("公文类别", "文种", "公文种类"),
            help="留空按收文",
            width=12,
        ),
        Column(
            key="received_on",
            label="收文日期",
            parse=parse_day,
            required=True,
            aliases=("收到日期", "收文时间", "接收日期", "接收时间", "来文日期", "收到时间", "交办日期"),
            last_resorts=("登记日期", "日期"),
            example="2018-02-01",
            width=14,
        ),
        Column(
            key="handler",
            label="承办人",
            parse=parse_person,
            required=True,
            aliases=("经办人", "办理人", "承办人员", "办理人员", "责任人", "主办人", "首办人"),
            help=f"最初的承办人；{_NAME_HELP}",
            width=16,
        ),
        Column(
            key="due",
            label="办结期限",
            parse=parse_due,
            required=True,
            aliases=(
                *("限办日期", "办理期限", "办结时限", "办理时限", "完成期限", "限办时间", "时限要求"),
                *("要求办结日期", "要求办结时间", "要求完成时间", "要求完成日期", "截止日期", "截止时间"),
                *("完成时限", "限办期限", "限办时限", "期限", "时限"),
            ),
            help="写日期，或写“5个工作日”（从收文次日数起）",
            example="5个工作日",
            show=show_due,
            width=14,
        ),
        Column(
            key="handovers",
            label="转办",
            parse=parse_hand_overs,
            aliases=("转办情况", "转办记录"),
            help="姓名和从哪天起，几次的用“；”隔开，例如 李四 2018-02-07",
            show=show_hand_overs,
            width=24,
        ),
        Column(
            key="extended_to",
            label="延期至",
            parse=parse_day,
            aliases=("批准延期至", "延期日期", "延期期限", "延长至"),
            help="只填已批准的，同时填批准日期和批准人",
            width=14,
        ),
        Column(
            key="extension_asked_on", label="延期申请日期", parse=parse_day, help="留空按批准日期", width=14
        ),
        Column(key="extension_decided_on", label="延期批准日期", parse=parse_day, width=14),
        Column(
            key="extension_decided_by",
            label="延期批准人",
            parse=parse_person,
            aliases=("批准人",),
            help=_NAME_HELP,
            width=16,
        ),
        Column(key="extension_because", label="延期原因", parse=text(200), width=24),
        Column(
            key="done_on",
            label="办结日期",
            parse=parse_end,
            aliases=(
                *("实际办结日期", "实际办结时间", "实际办结", "办结时间", "办毕日期", "办毕时间"),
                *("完成日期", "完成时间", "实际完成日期", "实际完成时间", "反馈日期", "反馈时间"),
            ),
            last_resorts=("办理情况",),
            help="没有办结的空着",
            width=14,
        ),
        Column(key="result", label="办理结果", parse=text(200), aliases=("办结情况", "落实情况"), width=24),
        Column(key="remind_days", label="提前提醒", parse=integer(0, 60), help="提前几个工作日", width=10),
        Column(key="note", label="备注", parse=text(200), aliases=("说明",), width=20),
    ),
)


def document_row(document: Document) -> dict[str, Any]:
    """A document (fetched with its history) as the importer reads it."""
    first, *later = document.handlings.all()
    extension = approved_extension(document, clock.today())
    return {
        "number": document.number or None,
        "title": document.title,
        "sender": document.sender or None,
        "kind": document.kind,
        "received_on": document.received_on,
        "handler": _named(first.person),
        "due": document.due_on or document.working_days,
        "handovers": tuple((_named(one.person), one.from_on) for one in later) or None,
        "extended_to": extension.approved_until if extension else None,
        "extension_asked_on": extension.asked_on if extension else None,
        "extension_decided_on": extension.decided_on if extension else None,
        "extension_decided_by": _named(extension.decided_by) if extension and extension.decided_by else None,
        "extension_because": extension.because if extension else None,
        "done_on": document.done_on,
        "result": document.result or None,
        "remind_days": document.remind_days,
        "note": document.note or None,
    }


def _named(person: Person) -> str:
    return f"{person.name}({person.staff_no})"
