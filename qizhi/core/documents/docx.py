"""Official documents as docx, in named styles alone, so that an office can go on editing them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from qizhi.core.documents import docx_markup as markup
from qizhi.core.documents import geometry as g
from qizhi.core.documents import wording
from qizhi.core.documents.docx_package import fill_package, packed
from qizhi.core.documents.fonts import plan_fonts
from qizhi.core.documents.model import Block, Document, Heading, PageBreak, Paragraph, Picture, Run, Table
from qizhi.core.documents.pdf import in_order
from qizhi.core.documents.pictures import draw_pngs, pictures_of, size_mm
from qizhi.core.text import clean, one_line


def write_docx(document: Document, *, font_dirs: Sequence[Path], made_at: dt.datetime, creator: str) -> bytes:
    """Write a document as docx.

    Args:
        document: what to print.
        font_dirs: folders with fonts, used for the words in charts; the text itself names the fonts of the
            standard, which the reader's machine has to hold.
        made_at: instant told in the properties, with its time zone; equal input gives equal bytes.
        creator: name of the body told in the properties.

    Returns:
        The file.

    Raises:
        Refused: there are charts, and no Chinese font is in the folders.
        ValueError: a picture is no SVG with a viewBox.
    """
    pngs: dict[Picture, bytes] = {}
    if wanted := pictures_of(document):
        plan = plan_fonts(font_dirs)
        document, pngs = in_order(document, plan), draw_pngs(wanted, plan)
    file = docx.Document()
    fill_package(file, document, made_at, creator)
    _write_head(file, document)
    _write_blocks(file, document.blocks, pngs, ends_with_signature=_is_signed_below_body(document))
    _write_foot(file, document)
    _write_annexes(file, document, pngs)
    if document.has_imprint:
        # A table that floats hangs on the paragraph behind it; the one before keeps it off the text where a
        # word processor lets it stand in the text instead.
        _put(file, markup.paragraph("QzGap"), markup.imprint(document), markup.paragraph("QzGap"))
    return packed(file, made_at)


def _put(file: Docx, *elements: str) -> None:
    end = file.element.body.get_or_add_sectPr()
    for element in elements:
        end.addprevious(parse_xml(element))


def _is_signed_below_body(document: Document) -> bool:
    is_signed = document.signer is not None or document.signed_on is not None
    return is_signed and not document.attendance


def _write_head(file: Docx, document: Document) -> None:
    title = "\n".join(wording.title_lines(document.title))
    if document.is_draft:
        _put(file, markup.paragraph("QzDraft", (wording.DRAFT, None)))
    else:
        _put(
            file,
            markup.paragraph("QzMark", (one_line(document.issuer_mark), None)),
            markup.paragraph("QzNumber", (one_line(document.doc_no), None)),
        )
    _put(file, markup.paragraph("QzTitle", (title, None)))
    if document.salutation:
        _put(file, markup.paragraph("QzSalutation", (wording.salutation_line(document.salutation), None)))


def _write_blocks(
    file: Docx, blocks: Sequence[Block], pngs: Mapping[Picture, bytes], *, ends_with_signature: bool = False
) -> None:
    tail = g.tail_start(blocks) if ends_with_signature else len(blocks)
    for index, block in enumerate(blocks):
        is_last = index >= tail
        match block:
            case Heading(level, text):
                _put(file, markup.paragraph(f"Heading{level}", (one_line(text), None)))
            case Paragraph(runs):
                written = [(clean(run.text), _run_style(run)) for run in runs]
                _put(file, markup.paragraph("QzBodyLast" if is_last else "QzBody", *written))
            case Table():
                _write_table(file, block)
            case Picture():
                _write_picture(file, block, pngs[block])
            case PageBreak():
                _put(file, markup.page_break())


def _run_style(run: Run) -> str | None:
    if run.bold:
        return "QzStress"
    return "QzFigure" if run.figure_key else None


def _write_table(file: Docx, table: Table) -> None:
    if table.caption:
        _put(file, markup.paragraph("QzTableCaption", (one_line(table.caption), None)))
    else:
        _put(file, markup.paragraph("QzGap"))
    _put(file, markup.table(table), markup.paragraph("QzGap"))


def _write_picture(file: Docx, picture: Picture, png: bytes) -> None:
    caption = one_line(picture.caption)
    shape = file.add_picture(io.BytesIO(png), width=Mm(size_mm(picture)[0]))
    shape.height = Mm(size_mm(picture)[1])
    styles = {style.style_id: style for style in file.styles}
    file.paragraphs[-1].style = styles["QzPicture" if caption else "QzPictureAlone"]
    *_, frame = file.element.body.iter(qn("wp:inline"))
    # Where nothing is said LibreOffice leaves 3 mm, and a picture as wide as the text hangs over the margin.
    for side in ("distT", "distB", "distL", "distR"):
        frame.set(side, "0")
    *_, told = frame.iter(qn("wp:docPr"))
    told.set("descr", caption)
    if caption:
        _put(file, markup.paragraph("QzPictureCaption", (caption, None)))


def _write_foot(file: Docx, document: Document) -> None:
    lines = wording.attachment_lines(document.attachments)
    styles = ["QzAnnex"] if len(lines) == 1 else ["QzAnnexFirst"] + ["QzAnnexNext"] * len(lines)
    for (lead, name), style in zip(lines, styles, strict=False):
        # Behind a number the tab leads to the hanging indent; 附件： alone is as wide as the indent.
        _put(
            file,
            markup.paragraph(style, (lead, None), *([("\t", None)] if len(lines) > 1 else []), (name, None)),
        )
    for index, item in enumerate(document.attendance):
        style = "QzAttendance" if index else "QzAttendanceFirst"
        lead = wording.salutation_line(item.label)
        _put(file, markup.paragraph(style, (lead, "QzStress"), (one_line(item.names), None)))
    if document.signer:
        _put(file, markup.paragraph("QzSigner", (one_line(document.signer), None)))
    if document.signed_on:
        _put(file, markup.paragraph("QzDate", (wording.chinese_date(document.signed_on), None)))
    if document.note:
        _put(file, markup.paragraph("QzNote", (f"（{one_line(document.note)}）", None)))


def _write_annexes(file: Docx, document: Document, pngs: Mapping[Picture, bytes]) -> None:
    is_alone = len(document.attachments) == 1
    for index, attachment in enumerate(document.attachments, start=1):
        if attachment.blocks:
            label = "附件" if is_alone else f"附件{index}"
            title = "\n".join(wording.title_lines(attachment.name))
            _put(file, markup.paragraph("QzAnnexLabel", (label, None)))
            _put(file, markup.paragraph("QzAnnexTitle", (title, None)))
            _write_blocks(file, attachment.blocks, pngs)
