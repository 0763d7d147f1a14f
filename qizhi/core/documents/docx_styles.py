"""The named styles of a docx: every measure of the layout stands here, none at a paragraph.

Measures in twips (1/20 point) unless named; source: GB/T 9704-2012. A style gives its font for Chinese
(`w:eastAsia`) as for Western characters, or Word would fall back on the theme's font for Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from qizhi.core.documents import geometry as g
from qizhi.core.documents.fonts import Hand
from qizhi.core.documents.model import Document
from qizhi.core.values import dataclass

RED, BLACK = "FF0000", "000000"
PITCH = g.LINE_PITCH_TWIPS
CHAR = g.twips(g.CHAR_PITCH_PT)
NUMBER_LINE = 360
# The section carries the grid of 22 lines and 28 characters, yet the paragraphs do not lean on it: some word
# processors give a 16-point character two cells of 15.8 points each. Exact lines and characters closer by a
# quarter of a point make the same 22 and 28 everywhere: 28 × 315 = 8820 of 8844 twips.
SQUEEZE = -5
# For every paragraph: 22 lines even where one is left alone, signs inside the type area, no blank between
# Chinese and digits.
TYPOGRAPHY = "".join(
    f'<w:{name} w:val="0"/>'
    for name in ("widowControl", "overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid")
)
RED_RULE = '<w:bottom w:val="single" w:sz="12" w:space="10" w:color="FF0000"/>'
FRAME_RULES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
IMPRINT_RULES = (
    '<w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
    '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
    '<w:insideH w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
)


@dataclass(frozen=True, slots=True)
class Look:
    """A paragraph style.

    Attributes:
        name: shown in the word processor.
        hand: font.
        size: points.
        align: left, right, center or both.
        line: exact height of a line; None lets the content decide.
        before: space above.
        after: space below.
        indents: `left`, `right`, `firstLine` and `hanging` in characters.
        keep_next: stays on the page of what follows.
        level: outline level 1 to 4 of a heading.
        color: of the characters.
        rules: borders as WordprocessingML.
        starts_page: begins a page.
    """

    name: str
    hand: Hand = Hand.BODY
    size: float = g.BODY_PT
    align: Literal["left", "right", "center", "both"] = "left"
    line: int | None = PITCH
    before: int = 0
    after: int = 0
    indents: Mapping[str, float] = field(default_factory=dict)
    keep_next: bool = False
    level: int = 0
    color: str = BLACK
    rules: str = ""
    starts_page: bool = False


def looks(document: Document) -> dict[str, Look]:
    """All paragraph styles by their id; mark, signature and date are measured for the document."""
    return _head_looks(document) | _body_looks() | _foot_looks(document) | _small_looks()


def _head_looks(document: Document) -> dict[str, Look]:
    size = g.mark_size_pt(document.issuer_mark)
    line = g.twips(size * 1.2)
    # In an exact line the characters begin a tenth of their size below its upper edge.
    before = g.mm_twips(g.MARK_TOP_MM) - g.twips(size * 0.1)
    title = Look("公文标题", Hand.TITLE, g.TITLE_PT, "center", before=2 * PITCH, after=PITCH, keep_next=True)
    return {
        "QzMark": Look("发文机关标志", Hand.TITLE, size, "center", line, before, color=RED, keep_next=True),
        "QzNumber": Look(
            "发文字号", align="center", line=NUMBER_LINE, before=2 * PITCH, rules=RED_RULE, keep_next=True
        ),
        "QzTitle": title,
        "QzAnnexTitle": Look(
            "附件标题", Hand.TITLE, g.TITLE_PT, "center", before=PITCH, after=PITCH, keep_next=True
        ),
        "QzDraft": Look("草稿标识", Hand.BLACK, keep_next=True),
        "QzAnnexLabel": Look("附件标识", Hand.BLACK, starts_page=True, keep_next=True),
        "QzSalutation": Look("主送机关", align="both", keep_next=True),
    }


def _body_looks() -> dict[str, Look]:
    two = {"firstLine": 2.0}
    hands = (Hand.BLACK, Hand.KAI, Hand.BODY, Hand.BODY)
    headings = {
        f"Heading{level}": Look(
            f"heading {level}", hand, align="both", indents=two, keep_next=True, level=level
        )
        for level, hand in enumerate(hands, start=1)
    }
    return headings | {
        "QzBody": Look("公文正文", align="both", indents=two),
        # The last paragraph goes with the signature, so that no page holds a signature alone.
        "QzBodyLast": Look("公文正文末段", align="both", indents=two, keep_next=True),
    }


def _foot_looks(document: Document) -> dict[str, Look]:
    signer, date = {"right": g.signer_right_chars(document)}, {"right": float(g.DATE_RIGHT_CHARS)}
    return {
        "QzAnnex": Look("附件说明", before=PITCH, indents={"left": 5, "hanging": 3}, keep_next=True),
        "QzAnnexFirst": Look("附件说明首项", before=PITCH, indents={"left": 6, "hanging": 4}, keep_next=True),
        "QzAnnexNext": Look("附件说明后项", indents={"left": 6, "hanging": 1}, keep_next=True),
        "QzAttendanceFirst": Look("出席人员首项", before=PITCH, indents={"left": 5, "hanging": 3}),
        "QzAttendance": Look("出席人员", indents={"left": 5, "hanging": 3}),
        "QzSigner": Look("发文机关署名", align="right", before=PITCH, indents=signer, keep_next=True),
        "QzDate": Look(
            "成文日期",
            align="right",
            before=0 if document.signer else PITCH,
            indents=date,
            keep_next=bool(document.note),
        ),
        "QzNote": Look("附注", indents={"firstLine": 2.0}),
    }


def _small_looks() -> dict[str, Look]:
    small, table = g.SMALL_PT, g.TABLE_PT
    return {
        "QzTableCaption": Look("表题", Hand.BLACK, small, "center", 400, 200, 100, keep_next=True),
        "QzPicture": Look("图片", align="center", line=None, before=200, after=100, keep_next=True),
        "QzPictureAlone": Look("无题图片", align="center", line=None, before=200, after=200),
        "QzPictureCaption": Look("图题", Hand.BLACK, small, "center", 400, after=200),
        "QzCellHead": Look("表头", Hand.BLACK, table, "center", 320, 80, 80),
        "QzCell": Look("表格文字", size=table, line=320, before=60, after=60),
        "QzCellNumber": Look("表格数字", size=table, align="center", line=320, before=60, after=60),
        "QzGap": Look("间隔", size=table, line=240),
        "QzImprint": Look("版记", size=small, line=PITCH),
        "QzImprintCopies": Look("版记抄送", size=small, line=PITCH, indents={"left": 3, "hanging": 3}),
        "QzImprintDate": Look("版记印发日期", size=small, align="right", line=PITCH),
        "QzFooterOdd": Look("单页页码", Hand.SONG, small, "right", 280, indents={"right": 1}),
        "QzFooterEven": Look("双页页码", Hand.SONG, small, "left", 280, indents={"left": 1}),
    }


def default_elements() -> list[BaseOxmlElement]:
    """The elements of a styles part that every document needs before its own styles."""
    fonts = _fonts(Hand.BODY)
    size = f'<w:sz w:val="{_half(g.BODY_PT)}"/><w:szCs w:val="{_half(g.BODY_PT)}"/>'
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return [
        _parse(f"<w:docDefaults {_NS}><w:rPrDefault><w:rPr>{fonts}{size}{language}</w:rPr></w:rPrDefault>"
               "<w:pPrDefault/></w:docDefaults>"),
        _parse(f'<w:style {_NS} w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
               f"<w:qFormat/><w:pPr>{TYPOGRAPHY}{_spacing(Look('Normal'))}</w:pPr>"
               f"<w:rPr>{fonts}{size}</w:rPr></w:style>"),
        _parse(f'<w:style {_NS} w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
               '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'),
        _parse(f'<w:style {_NS} w:type="table" w:default="1" w:styleId="TableNormal">'
               '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
               f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{_cell_margins(108, 0)}</w:tblPr></w:style>'),
    ]  # fmt: skip


def style_elements(document: Document) -> list[BaseOxmlElement]:
    """All styles of a document: paragraphs, stressed words, figures, tables and the imprint."""
    paragraphs = [_paragraph(style_id, look) for style_id, look in looks(document).items()]
    return [
        *paragraphs,
        _character("QzStress", "着重", _fonts(Hand.BLACK)),
        _character("QzFigure", "数据", ""),
        _table("QzTable", "公文表格", FRAME_RULES, _cell_margins(80, 0)),
        _table("QzImprintTable", "版记表格", IMPRINT_RULES, _cell_margins(g.twips(g.SMALL_PT), 0)),
    ]


_NS = nsdecls("w")


def _parse(xml: str) -> BaseOxmlElement:
    parsed: BaseOxmlElement = parse_xml(xml)
    return parsed


def _half(points: float) -> int:
    return round(points * 2)


def _fonts(hand: Hand) -> str:
    return (
        "<w:rFonts " + " ".join(f'w:{part}="{hand}"' for part in ("ascii", "hAnsi", "eastAsia", "cs")) + "/>"
    )


def _cell_margins(sides: int, ends: int) -> str:
    margins = {"top": ends, "left": sides, "bottom": ends, "right": sides}
    inside = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in margins.items())
    return f"<w:tblCellMar>{inside}</w:tblCellMar>"


def _spacing(look: Look) -> str:
    line = f' w:line="{look.line}" w:lineRule="exact"' if look.line else ' w:line="240" w:lineRule="auto"'
    # A picture as wide as the type area, made to fit the grid of characters, would hang over the margin.
    grid = "" if look.line else '<w:snapToGrid w:val="0"/>'
    return f'{grid}<w:spacing w:before="{look.before}" w:after="{look.after}"{line}/>'


def _indents(look: Look) -> str:
    # Both measures: in characters for word processors that know the grid, in twips for the others.
    char = CHAR if look.size == g.BODY_PT else g.twips(look.size)
    written = "".join(
        f' w:{side}Chars="{round(chars * 100)}" w:{side}="{round(chars * char)}"'
        for side, chars in look.indents.items()
    )
    return f"<w:ind{written}/>" if written else ""


def _paragraph(style_id: str, look: Look) -> BaseOxmlElement:
    is_body = look.size == g.BODY_PT
    properties = "".join((
        "<w:keepNext/>" if look.keep_next else "",
        "<w:pageBreakBefore/>" if look.starts_page else "",
        f"<w:pBdr>{look.rules}</w:pBdr>" if look.rules else "",
        _spacing(look),
        _indents(look),
        f'<w:jc w:val="{look.align}"/>',
        f'<w:outlineLvl w:val="{look.level - 1}"/>' if look.level else "",
    ))  # fmt: skip
    color = f'<w:color w:val="{look.color}"/>' if look.color != BLACK else ""
    spacing = f'<w:spacing w:val="{SQUEEZE}"/>' if is_body else ""
    size = f'<w:sz w:val="{_half(look.size)}"/><w:szCs w:val="{_half(look.size)}"/>'
    custom = "" if look.level else ' w:customStyle="1"'
    return _parse(
        f'<w:style {_NS} w:type="paragraph"{custom} w:styleId="{style_id}"><w:name w:val="{look.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{properties}</w:pPr>'
        f"<w:rPr>{_fonts(look.hand)}{color}{spacing}{size}</w:rPr></w:style>"
    )


def _character(style_id: str, name: str, properties: str) -> BaseOxmlElement:
    return _parse(
        f'<w:style {_NS} w:type="character" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{properties}</w:rPr></w:style>'
    )


def _table(style_id: str, name: str, rules: str, margins: str) -> BaseOxmlElement:
    return _parse(
        f'<w:style {_NS} w:type="table" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:jc w:val="center"/>'
        f"<w:tblBorders>{rules}</w:tblBorders>{margins}</w:tblPr>"
        '<w:tcPr><w:vAlign w:val="center"/></w:tcPr></w:style>'
    )
