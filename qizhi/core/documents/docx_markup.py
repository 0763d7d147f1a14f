"""Paragraphs and tables as WordprocessingML: text, and the names of styles, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

from qizhi.core.documents import geometry as g
from qizhi.core.documents.model import Document, Table
from qizhi.core.documents.wording import chinese_date
from qizhi.core.text import one_line

NAMESPACE = nsdecls("w")
WIDTH = g.twips(g.TYPE_WIDTH_PT)
StyledText = tuple[str, str | None]


def paragraph(style: str, *runs: StyledText) -> str:
    """A paragraph in a style; each run is its text and the id of its character style, or None."""
    return f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(map(_run, runs))}</w:p>'


def _run(run: StyledText) -> str:
    text, style = run
    named = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    lines = [_tabbed(line) for line in text.split("\n")]
    return f"<w:r>{named}{'<w:br/>'.join(lines)}</w:r>"


def _tabbed(line: str) -> str:
    parts = [f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in line.split("\t")]
    return "<w:tab/>".join(parts)


def page_break() -> str:
    """A paragraph that ends the page."""
    style = '<w:pPr><w:pStyle w:val="QzGap"/></w:pPr>'
    return f'<w:p {NAMESPACE}>{style}<w:r><w:br w:type="page"/></w:r></w:p>'


def footer(style: str) -> str:
    """The line of a page number, a dash on each side."""
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    inside = dash.format("— ") + number + dash.format(" —")
    return f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inside}</w:p>'


def table(block: Table) -> str:
    """A table as wide as the type area; its first row is repeated on each page."""
    widths = [round(share * WIDTH) for share in g.column_shares(block)]
    styles = [
        "QzCellNumber" if g.is_number_column(block, index) else "QzCell" for index in range(block.columns)
    ]
    header, *rows = block.squared()
    written = [_row(header, ["QzCellHead"] * block.columns, widths, is_header=True)]
    written += [_row(row, styles, widths) for row in rows]
    return _table("QzTable", widths, "".join(written))


def _table(style: str, widths: Sequence[int], rows: str, place: str = "") -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblStyle w:val="{style}"/>{place}'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(
    cells: Sequence[str], styles: Sequence[str], widths: Sequence[int], *, is_header: bool = False
) -> str:
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_cell(cell, style)}</w:tc>'
        for cell, style, width in zip(cells, styles, widths, strict=True)
    )
    repeated = "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inside}</w:tr>"


def _cell(text: str, style: str) -> str:
    return paragraph(style, (one_line(text), None))


def imprint(document: Document) -> str:
    """The 版记: copies, who printed it and when, as a table at the foot of the type area."""
    left = WIDTH * 3 // 5
    widths = [left, WIDTH - left]
    rows = []
    if document.copies_to:
        copies = "，".join(one_line(name) for name in document.copies_to)
        cell = paragraph("QzImprintCopies", (f"抄送：{copies}。", None))
        width = f'<w:tcPr><w:tcW w:w="{WIDTH}" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr>'
        rows.append(f"<w:tr><w:tc>{width}{cell}</w:tc></w:tr>")
    if document.printed_by or document.printed_on:
        printed_on = f"{chinese_date(document.printed_on)}印发" if document.printed_on else ""
        cells = (one_line(document.printed_by), printed_on)
        rows.append(_row(cells, ("QzImprint", "QzImprintDate"), widths))
    place = (
        '<w:tblpPr w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="left" w:tblpYSpec="bottom"/>'
        '<w:tblOverlap w:val="never"/>'
    )
    return _table("QzImprintTable", widths, "".join(rows), place)
