"""Files for the tests, made in code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from qizhi.core.tables import BadValue, Column, TableSchema
from qizhi.core.tables.values import (
    Choices,
    integer,
    parse_day_or_month,
    parse_hours,
    parse_name,
    parse_names,
    parse_yes_no,
    text,
)

KINDS = Choices([("full", "正式党员"), ("probationary", "预备党员")], {"党员": "full"})
PEOPLE = TableSchema(
    name="people",
    label="人员名册",
    columns=(
        Column(key="name", label="姓名", parse=parse_name, required=True, aliases=("名字",), example="张三"),
        Column(key="kind", label="政治面貌", parse=KINDS, required=True, width=14),
        Column(key="joined", label="入党时间", parse=parse_day_or_month, help="写到日，不知道日的写到月"),
        Column(key="hours", label="学时", parse=parse_hours, aliases=("学习-时长",)),
        Column(key="count", label="次数", parse=integer(0, 1000)),
        Column(key="listed", label="是否在册", parse=parse_yes_no),
        Column(key="teachers", label="联系人", parse=parse_names),
        Column(key="note", label="备注", parse=text(500), width=30),
    ),
)
HEADINGS = [column.label for column in PEOPLE.columns]


def workbook(rows: Sequence[Sequence[object]], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """An XLSX file of one sheet named 名册, changed as asked before it is saved."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名册"
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of the file."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_file(rows: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """A CSV file without quotes."""
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def outcome(parse: Callable[[Any], object], raw: object) -> object:
    """The value, or the reason why there is none; anything else that is raised fails the test."""
    try:
        return parse(raw)
    except BadValue as problem:
        return problem


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes] | None) -> bytes:
    """The file with one part changed, or taken out with None."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for info in source.infolist():
            content = source.read(info)
            if info.filename != part:
                out.writestr(info.filename, content)
            elif change:
                out.writestr(info.filename, change(content))
    return target.getvalue()


def by_hand(sheet_xml: str, *, styles: str = "", strings: str = "", workbook_pr: str = "") -> bytes:
    """An XLSX file with the given XML inside `<worksheet>`, as programs write it that know only the standard."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rels = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships {rels}><Relationship Id="a" Type="{kinds}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{kinds}">{workbook_pr}<sheets><sheet name="甲" sheetId="1" r:id="s1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships {rels}><Relationship Id="s1" Type="{kinds}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="s2" Type="{kinds}/styles" Target="styles.xml"/>'
            f'<Relationship Id="s3" Type="{kinds}/sharedStrings" Target="SharedStrings.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {main}>{sheet_xml}</worksheet>",
        "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{strings}</sst>",
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return target.getvalue()
