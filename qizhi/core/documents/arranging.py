"""Where a chart stands: at its place if it fits, else behind the text that fills its page.

A chart cannot break, and smaller its words could not be read; where it does not fit, it would leave the rest
of the page empty. So what is written behind it comes first, up to the first block of the next page. The order
of the author stands where hardly anything of the page is lost, and a chart passes neither another one nor a
page break nor what goes with the signature. Both files are written from the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from qizhi.core.documents import geometry as g
from qizhi.core.documents.model import Block, Document, Heading, PageBreak, Picture
from qizhi.core.values import dataclass

MOST_EMPTY = 0.15
"""Share of the type area that may stay empty before a chart that does not fit."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a block of the body begins.

    Attributes:
        page: number of the page.
        top: millimetres from the upper edge of the sheet.
        height: millimetres that a chart asks for with its caption; 0 for other blocks.
    """

    page: int
    top: float
    height: float = 0.0


Ask = Callable[[Document, int], Mapping[int, Mark]]
"""Where the blocks stand while the chart at an index takes no room; tables and the end have no mark."""


def arranged(document: Document, ask: Ask) -> Document:
    """The document with each chart of its body where it leaves no page empty; the same if there is none."""
    for number in range(len(_pictures(document.blocks))):
        at = _pictures(document.blocks)[number]  # none passes another, so the number stays
        to = place(document.blocks, at, ask(document, at))
        if to != at:
            blocks = document.blocks
            passed = (*blocks[:at], *blocks[at + 1 : to + 1], blocks[at], *blocks[to + 1 :])
            document = replace(document, blocks=passed)
    return document


def _pictures(blocks: tuple[Block, ...]) -> list[int]:
    return [index for index, block in enumerate(blocks) if isinstance(block, Picture)]


def place(blocks: tuple[Block, ...], at: int, marks: Mapping[int, Mark]) -> int:
    """The index at which the chart at an index should stand; marks are those of `Ask`."""
    here, end = marks.get(at), _first_fixed(blocks, at)
    if here is None or end == at + 1:
        return at
    first = at
    while first and isinstance(blocks[first - 1], Heading) and first - 1 in marks:
        first -= 1  # a heading goes along with what it stands above
    bottom = g.TOP_MM + g.TYPE_HEIGHT_MM
    lost = bottom - marks[first].top if marks[first].page == here.page else 0.0
    if here.top + here.height <= bottom or lost <= MOST_EMPTY * g.TYPE_HEIGHT_MM:
        return at
    later = (index for index in range(at + 1, end) if index in marks and marks[index].page > here.page)
    return next(later, end) - 1


def _first_fixed(blocks: tuple[Block, ...], at: int) -> int:
    """Index of the first block that a chart does not pass."""
    end = max(g.tail_start(blocks), at + 1)
    fixed = (i for i in range(at + 1, end) if isinstance(blocks[i], Picture | PageBreak))
    return next(fixed, end)
