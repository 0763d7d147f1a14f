"""Measures of the page, shared by the docx and the PDF writer.

Units: points (1/72 inch) and millimetres as named, twips (1/20 point) for docx. Source: GB/T 9704-2012,
chapters 5 to 7.
"""

from __future__ import annotations

from collections.abc import Sequence

from qizhi.core.documents.model import Block, Document, Paragraph, Table
from qizhi.core.documents.wording import chinese_date
from qizhi.core.text import one_line, width_em

PT_PER_MM = 72 / 25.4
TYPE_WIDTH_MM, TYPE_HEIGHT_MM = 156.0, 225.0
TOP_MM = 37.0
TYPE_WIDTH_PT = TYPE_WIDTH_MM * PT_PER_MM
BODY_PT, TITLE_PT, SMALL_PT, TABLE_PT = 16.0, 22.0, 14.0, 12.0
LINE_PITCH_TWIPS = 579
LINE_PITCH_PT = LINE_PITCH_TWIPS / 20
CHARS_PER_LINE = 28
INDENT_CHARS = 2
MOST_OF_TAIL = 4
"""Blocks of the body that may go with the signature."""
CHAR_PITCH_PT = TYPE_WIDTH_PT / CHARS_PER_LINE
MARK_TOP_MM = 35.0
RED_LINE_GAP_MM = 4.0
DASH_GAP_MM = 7.0
DATE_RIGHT_CHARS = 4
MARK_LARGEST_PT, MARK_SMALLEST_PT = 48, 22
MARK_SHARE = 0.97  # of the line, so that a font a little wider than its em does not wrap
CAPTION_ROOM_MM = 25.0
COLUMN_LEAST_EM, CELL_PADDING_EM = 2.0, 1.0


def twips(points: float) -> int:
    """Points as whole twips."""
    return round(points * 20)


def mm_twips(millimetres: float) -> int:
    """Millimetres as whole twips."""
    return twips(millimetres * PT_PER_MM)


def mark_size_pt(mark: str) -> int:
    """Size of the red mark in points: as large as fits on one line, 22 to 48."""
    width = max(width_em(one_line(mark)), 1.0)
    return max(MARK_SMALLEST_PT, min(MARK_LARGEST_PT, int(MARK_SHARE * TYPE_WIDTH_PT / width)))


def tail_start(blocks: Sequence[Block]) -> int:
    """Index of the first block of the body that goes with the signature onto its page.

    The last paragraph does; where it is a line alone, such as who decided or where somebody signs for a copy,
    so do those before it up to one of several lines, or behind the heading that takes them along, so that no
    page holds a signature and single lines. Where nothing but single lines stands there, the last one does.
    """
    last = max(len(blocks) - 1, 0)
    for at in range(last, max(last - MOST_OF_TAIL, -1), -1) if blocks else ():
        is_led = at == 0 or not isinstance(blocks[at - 1], Paragraph)
        if not _is_line(blocks[at]) or is_led:
            return at
    return last


def _is_line(block: Block) -> bool:
    return isinstance(block, Paragraph) and width_em(block.text) <= CHARS_PER_LINE - INDENT_CHARS


def signer_right_chars(document: Document) -> float:
    """Distance of the issuer's name from the right edge in characters, so that it is centred on the date.

    The date stands four characters in. A name that is longer than this allows ends at the edge.
    """
    date_width = width_em(chinese_date(document.signed_on)) if document.signed_on else 0.0
    signer_width = width_em(one_line(document.signer))
    return max(0.0, DATE_RIGHT_CHARS + (date_width - signer_width) / 2)


def column_shares(table: Table) -> tuple[float, ...]:
    """Share of the width for each column; the shares add up to 1.

    A column is as wide as its longest cell asks for, a heading may break once; what is wider than an even
    share gives way first.
    """
    header, *rows = table.squared()
    wanted = [
        CELL_PADDING_EM
        + max(
            [
                COLUMN_LEAST_EM,
                width_em(one_line(header[i])) / 2,
                *(width_em(one_line(row[i])) for row in rows),
            ]
        )
        for i in range(table.columns)
    ]
    room = TYPE_WIDTH_PT / TABLE_PT
    if sum(wanted) > room:
        wanted = _shrunk(wanted, room)
    return tuple(width / sum(wanted) for width in wanted)


def _shrunk(wanted: list[float], room: float) -> list[float]:
    """Cap the widest at one common width so that all fit; narrow ones keep what they asked for."""
    cap, left = room / len(wanted), room
    for place, width in enumerate(sorted(wanted)):
        cap = left / (len(wanted) - place)
        if width > cap:
            break
        left -= width
    return [min(width, cap) for width in wanted]


def is_number_column(table: Table, index: int) -> bool:
    """Whether a column holds numbers alone, which are then set in the middle of the cell."""
    cells = [one_line(row[index]) for row in table.squared()[1:]]
    signs = set("0123456789.,%‰+-−—/ 次人个项日元学时年")
    return bool(cells) and all(set(cell) <= signs for cell in cells)
