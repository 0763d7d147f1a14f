"""Official documents as PDF, set by typst without network, system fonts or the machine's clock.

The text goes to the static template `official.typ` as JSON, never as markup.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from qizhi.core.documents import geometry as g
from qizhi.core.documents import wording
from qizhi.core.documents.arranging import Mark, arranged
from qizhi.core.documents.fonts import FontPlan, Hand, plan_fonts
from qizhi.core.documents.model import Block, Document, Heading, Paragraph, Picture, Run, Table
from qizhi.core.documents.pictures import pictures_of, size_mm
from qizhi.core.documents.typesetting import typeset_pdf, typeset_values
from qizhi.core.text import clean, one_line, width_em

TEMPLATE = "official.typ"
RED_LINE_PT = 1.5
ROLES = {"title": Hand.TITLE, "body": Hand.BODY, "kai": Hand.KAI, "black": Hand.BLACK, "song": Hand.SONG}

Data = dict[str, object]


def write_pdf(document: Document, *, font_dirs: Sequence[Path], made_at: dt.datetime, creator: str) -> bytes:
    """Write a document as PDF.

    Args:
        document: what to print.
        font_dirs: folders with fonts, see `fonts.plan_fonts`.
        made_at: instant told in the properties, with its time zone; equal input gives equal bytes.
        creator: name of the body told in the properties.

    Returns:
        A tagged PDF with its fonts embedded.

    Raises:
        Refused: no Chinese font is in the folders.
        ValueError: a picture is no SVG with a viewBox.
    """
    plan = plan_fonts(font_dirs)
    document = in_order(document, plan)
    data, files = _said(document, plan)
    data |= _properties(made_at, creator, document)
    return typeset_pdf(_template(), data, files, plan.fonts, made_at)


def in_order(document: Document, plan: FontPlan) -> Document:
    """The document with its charts where they leave no page empty, see `arranging`: one layout a chart."""

    def ask(document: Document, at: int) -> dict[int, Mark]:
        data, files = _said(document, plan)
        about = _properties(dt.datetime(2000, 1, 1, tzinfo=dt.UTC), "", document)
        found = typeset_values(_template(), {**data, **about, "sought": at}, files, plan.fonts, "<mark>")
        return {one.pop("block"): Mark(**one) for one in found}

    return arranged(document, ask)


def _template() -> bytes:
    return resources.files("qizhi.core.documents").joinpath(TEMPLATE).read_bytes()


def _said(document: Document, plan: FontPlan) -> tuple[Data, dict[str, bytes]]:
    """What the template reads of a document, and its pictures by name."""
    names = {picture: f"{index}.svg" for index, picture in enumerate(pictures_of(document))}
    data: Data = {
        "geometry": _geometry(),
        "fonts": _fonts(plan),
        **_head(document),
        **_foot(document),
        "blocks": _blocks(document.blocks, names),
        "tail": g.tail_start(document.blocks),
        "bound": _bound(document, names),
        "sought": None,
    }
    return data, {name: picture.svg.encode() for picture, name in names.items()}


def _properties(made_at: dt.datetime, creator: str, document: Document) -> Data:
    made = {"year": made_at.year, "month": made_at.month, "day": made_at.day}
    made |= {"hour": made_at.hour, "minute": made_at.minute, "second": made_at.second}
    return {"title": one_line(document.title), "author": one_line(creator), "made": made}


def _geometry() -> Data:
    return {
        "pitch": g.LINE_PITCH_PT,
        "width": g.TYPE_WIDTH_PT,
        "char": g.CHAR_PITCH_PT,
        "body": g.BODY_PT,
        "small": g.SMALL_PT,
        "title": g.TITLE_PT,
        "table": g.TABLE_PT,
        "mark_top": g.MARK_TOP_MM,
        "red_gap": g.RED_LINE_GAP_MM,
        "red_line": RED_LINE_PT,
        "dash": g.DASH_GAP_MM,
        "date_right": g.DATE_RIGHT_CHARS,
    }


def _fonts(plan: FontPlan) -> Data:
    return {
        role: {"families": list(plan.families[hand]), "weight": plan.weights[hand]}
        for role, hand in ROLES.items()
    }


def _head(document: Document) -> Data:
    mark = one_line(document.issuer_mark)
    return {
        "mark": {"text": mark, "size": g.mark_size_pt(mark)},
        "draft": wording.DRAFT if document.is_draft else "",
        "number": one_line(document.doc_no),
        "title_lines": list(wording.title_lines(document.title)),
        "salutation": wording.salutation_line(document.salutation) if document.salutation else "",
    }


def _foot(document: Document) -> Data:
    copies = "，".join(one_line(name) for name in document.copies_to)
    printed_on = f"{wording.chinese_date(document.printed_on)}印发" if document.printed_on else ""
    return {
        "attachments": [
            {"lead": lead, "room": width_em(lead), "name": name}
            for lead, name in wording.attachment_lines(document.attachments)
        ],
        "attendance": [
            {"lead": lead, "room": width_em(lead), "names": one_line(item.names)}
            for item in document.attendance
            for lead in [wording.salutation_line(item.label)]
        ],
        "signer": one_line(document.signer),
        "signer_right": g.signer_right_chars(document),
        "date": wording.chinese_date(document.signed_on) if document.signed_on else "",
        "note": one_line(document.note),
        "has_imprint": document.has_imprint,
        "copies_lead": "抄送：",
        "copies": f"{copies}。" if copies else "",
        "printed_by": one_line(document.printed_by),
        "printed_on": printed_on,
    }


def _bound(document: Document, names: dict[Picture, str]) -> list[Data]:
    alone = len(document.attachments) == 1
    return [
        {
            "label": "附件" if alone else f"附件{index}",
            "title_lines": list(wording.title_lines(item.name)),
            "blocks": _blocks(item.blocks, names),
        }
        for index, item in enumerate(document.attachments, start=1)
        if item.blocks
    ]


def _blocks(blocks: Sequence[Block], names: dict[Picture, str]) -> list[Data]:
    return [_block(block, names) for block in blocks]


def _block(block: Block, names: dict[Picture, str]) -> Data:
    match block:
        case Heading(level, text):
            return {"type": "heading", "level": level, "text": one_line(text)}
        case Paragraph(runs):
            return {"type": "paragraph", "runs": [_run(run) for run in runs]}
        case Table():
            return _table(block)
        case Picture():
            width = size_mm(block)[0]
            caption = one_line(block.caption)
            return {"type": "picture", "file": names[block], "width": width, "caption": caption}
        case _:
            return {"type": "break"}


def _run(run: Run) -> Data:
    return {"text": clean(run.text), "bold": run.bold}


def _table(table: Table) -> Data:
    header, *rows = [[one_line(cell) for cell in row] for row in table.squared()]
    return {
        "type": "table",
        "caption": one_line(table.caption),
        "shares": list(g.column_shares(table)),
        "numbers": [g.is_number_column(table, index) for index in range(table.columns)],
        "header": header,
        "rows": rows,
    }
