"""Charts in documents: their size on the page, and as PNG for the docx, which cannot hold SVG."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qizhi.core.documents import geometry as g
from qizhi.core.documents.fonts import FontPlan
from qizhi.core.documents.model import Block, Document, Picture
from qizhi.core.documents.typesetting import typeset_pngs

VIEW_BOX = re.compile(r"<svg\b[^>]*\bviewBox=[\"']\s*0\s+0\s+(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*[\"']")
PRINT_PPI = 300.0
DRAWING = """#let d = json("data.json")
#set text(lang: "zh", region: "cn", font: d.families)
#for (i, item) in d.pictures.enumerate() {
  page(width: auto, height: auto, margin: 0pt, image(item.file, format: "svg", width: item.width * 1mm))
}
"""


def size_mm(picture: Picture) -> tuple[float, float]:
    """Width and height on the page in millimetres: as wide as asked for, smaller where it would not fit.

    Raises:
        ValueError: the SVG has no viewBox that starts at 0 0, or an empty one.
    """
    found = VIEW_BOX.search(picture.svg)
    if not found or not float(found[1]) or not float(found[2]):
        msg = "the SVG of a picture needs a viewBox of the form '0 0 width height'"
        raise ValueError(msg)
    ratio = float(found[2]) / float(found[1])
    width = min(max(picture.width, 10.0), g.TYPE_WIDTH_MM)
    width = min(width, (g.TYPE_HEIGHT_MM - g.CAPTION_ROOM_MM) / ratio)
    return round(width, 3), round(width * ratio, 3)


def pictures_of(document: Document) -> tuple[Picture, ...]:
    """All pictures of a document and its attachments, each once, in order."""
    blocks: list[Block] = list(document.blocks)
    for attachment in document.attachments:
        blocks += attachment.blocks
    return tuple(dict.fromkeys(block for block in blocks if isinstance(block, Picture)))


def draw_pngs(pictures: Sequence[Picture], plan: FontPlan) -> dict[Picture, bytes]:
    """Draw the pictures at their size on the page, 300 pixels an inch, all in one run."""
    if not pictures:
        return {}
    items = [{"file": f"{index}.svg", "width": size_mm(picture)[0]} for index, picture in enumerate(pictures)]
    files = {f"{index}.svg": picture.svg.encode() for index, picture in enumerate(pictures)}
    data = {"pictures": items, "families": list(plan.chart_families)}
    pages = typeset_pngs(DRAWING.encode(), data, files, plan.fonts, PRINT_PPI)
    return dict(zip(pictures, pages, strict=True))
