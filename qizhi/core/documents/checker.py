"""Reads a docx back and says, parameter by parameter, whether it meets GB/T 9704-2012.

The expected measures stand here a second time and on purpose: the checker must not learn them from the
writer that it checks. Twips are 1/20 point; `w:sz` counts half points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from qizhi.core.documents.docx_reading import Reading
from qizhi.core.text import width_em
from qizhi.core.values import dataclass

MM = 1440 / 25.4
LINE = 579
NUMBER = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕[1-9]\d*号", re.ASCII)
DATE = re.compile(r"[1-9]\d{3}年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日", re.ASCII)
CHINESE = "[一二三四五六七八九十]+"
LEVELS = {
    1: ("黑体", re.compile(f"{CHINESE}、")),
    2: ("楷体_GB2312", re.compile(f"（{CHINESE}）")),
    3: ("仿宋_GB2312", re.compile(r"[1-9]\d*\.", re.ASCII)),
    4: ("仿宋_GB2312", re.compile(r"（[1-9]\d*）", re.ASCII)),
}
TITLE_CHARS = 20  # 442.2 points hold twenty characters of 22
NOT_FIRST = tuple("的，。、》）”")
NOTE_STYLES = ("QzAnnex", "QzAnnexFirst", "QzAnnexNext")
FONTS, SPACING, INDENT = "w:rPr/w:rFonts", "w:pPr/w:spacing", "w:pPr/w:ind"
RUN_MAY_HOLD = {qn("w:rStyle")}
PARAGRAPH_MAY_HOLD = {qn("w:pStyle"), qn("w:sectPr")}
TABLE_MAY_HOLD = {
    qn(f"w:{name}") for name in ("tblStyle", "tblpPr", "tblOverlap", "tblW", "tblLayout", "tblLook")
}
CELL_MAY_HOLD = {qn(f"w:{name}") for name in ("tcW", "gridSpan", "vMerge")}


@dataclass(frozen=True, slots=True)
class Check:
    """A parameter of the standard: its name, what it asks for, what was found, and whether that meets it."""

    element: str
    expected: str
    found: str
    ok: bool


def check_docx(data: bytes) -> list[Check]:
    """Check a docx against every parameter of the standard.

    Args:
        data: the file.

    Returns:
        A result for each parameter, met or not, in the order of the page.

    Raises:
        zipfile.BadZipFile: the data is no docx.
        KeyError: a part that every docx has is missing.
    """
    reading = Reading(data)
    return [check for group in GROUPS for check in group(reading)]


def _equal(element: str, expected: object, found: object) -> Check:
    return Check(element, str(expected), str(found) or "—", str(expected) == str(found))


def _near(element: str, expected: float, found: float, tolerance: float, unit: str = "mm") -> Check:
    is_met = abs(found - expected) <= tolerance
    return Check(element, f"{expected:g} ± {tolerance:g} {unit}", f"{found:.1f} {unit}", is_met)


def _none(element: str, expected: str, offenders: list[str]) -> Check:
    return Check(element, expected, "；".join(offenders[:8]) or expected, not offenders)


def _page(reading: Reading) -> Iterator[Check]:
    yield _equal("paper width", 11906, reading.page("w:pgSz", "w:w"))
    yield _equal("paper height", 16838, reading.page("w:pgSz", "w:h"))
    for side, expected in (("top", 2098), ("left", 1588), ("right", 1474), ("bottom", 1984)):
        yield _equal(f"margin {side}", expected, reading.page("w:pgMar", f"w:{side}"))
    yield _equal("grid type", "linesAndChars", reading.page("w:docGrid", "w:type"))
    yield _equal("grid line pitch", LINE, reading.page("w:docGrid", "w:linePitch"))
    yield _equal("grid character space", -848, reading.page("w:docGrid", "w:charSpace"))


def _body(reading: Reading) -> Iterator[Check]:
    body = "QzBody"
    found = len(reading.of_style(body, "QzBodyLast"))
    yield Check("body present", "1 or more paragraphs", str(found), found > 0)
    for style in ("QzBody", "QzBodyLast", "QzSalutation"):
        yield _equal(f"{style} size", 32, reading.style(style, "w:rPr/w:sz", "w:val"))
        yield _equal(f"{style} font", "仿宋_GB2312", reading.style(style, FONTS, "w:eastAsia"))
    yield _equal("body indent", 200, reading.style(body, INDENT, "w:firstLineChars"))
    yield _equal("body line rule", "exact", reading.style(body, SPACING, "w:lineRule"))
    height = 16838 - 2098 - 1984
    yield _equal("lines a page", 22, height // max(1, reading.number(body, SPACING, "w:line")))
    pitch = reading.number(body, "w:rPr/w:sz", "w:val") * 10 + reading.number(
        body, "w:rPr/w:spacing", "w:val"
    )
    yield _equal("characters a line", 28, (11906 - 1588 - 1474) // max(1, pitch))


def _mark(reading: Reading) -> Iterator[Check]:
    marks = [mark.text for mark in reading.of_style("QzMark")]
    yield Check("mark present", "1", str(len(marks)), len(marks) == 1 and bool(marks[0].strip()))
    first = reading.paragraphs[0].style if reading.paragraphs else ""
    yield _equal("mark first", "QzMark", first)
    yield _equal("mark font", "方正小标宋简体", reading.style("QzMark", FONTS, "w:eastAsia"))
    yield _equal("mark colour", "FF0000", reading.style("QzMark", "w:rPr/w:color", "w:val"))
    yield _equal("mark centred", "center", reading.style("QzMark", "w:pPr/w:jc", "w:val"))
    # Characters begin a tenth of their size below the upper edge of an exact line of 1.2 times their size.
    size = reading.number("QzMark", "w:rPr/w:sz", "w:val") * 10
    top = (reading.number("QzMark", SPACING, "w:before") + size / 10) / MM
    yield _near("mark top edge", 35, top, 1)


def _number(reading: Reading) -> Iterator[Check]:
    texts = [number.text for number in reading.of_style("QzNumber")]
    is_right = len(texts) == 1 and (not texts[0] or NUMBER.fullmatch(texts[0]) is not None)
    yield Check("document number", "机关代字〔年份〕序号号", "；".join(texts) or "—", is_right)
    yield _equal("number size", 32, reading.style("QzNumber", "w:rPr/w:sz", "w:val"))
    yield _equal("number centred", "center", reading.style("QzNumber", "w:pPr/w:jc", "w:val"))
    above = reading.number("QzNumber", SPACING, "w:before") / LINE
    yield _near("blank lines above number", 2, above, 0.1, "lines")
    rule = "w:pPr/w:pBdr/w:bottom"
    yield _equal("red line colour", "FF0000", reading.style("QzNumber", rule, "w:color"))
    width = reading.number("QzNumber", rule, "w:sz") / 8
    yield Check("red line drawn", "1 pt or more", f"{width:g} pt", width >= 1)
    line, size = (
        reading.number("QzNumber", SPACING, "w:line"),
        reading.number("QzNumber", "w:rPr/w:sz", "w:val"),
    )
    below = reading.number("QzNumber", rule, "w:space") * 20 + (line - size * 10) / 2
    yield _near("red line below number", 4, below / MM, 0.5)
    indents = [reading.number("QzNumber", INDENT, f"w:{side}") for side in ("left", "right")]
    yield _equal("red line as wide as the type area", [0, 0], indents)


def _title(reading: Reading) -> Iterator[Check]:
    titles = [title.text for title in reading.of_style("QzTitle")]
    yield Check("title present", "1", str(len(titles)), len(titles) == 1 and bool(titles[0].strip()))
    yield _equal("title size", 44, reading.style("QzTitle", "w:rPr/w:sz", "w:val"))
    yield _equal("title font", "方正小标宋简体", reading.style("QzTitle", FONTS, "w:eastAsia"))
    yield _equal("title centred", "center", reading.style("QzTitle", "w:pPr/w:jc", "w:val"))
    above = reading.number("QzTitle", SPACING, "w:before") / LINE
    yield _near("blank lines above title", 2, above, 0.1, "lines")
    lines = [line for title in titles for line in title.split("\n")]
    wrong = [line for line in lines if width_em(line) > TITLE_CHARS or line.startswith(NOT_FIRST)]
    yield _none("title lines", "at most 20 characters, none begins with 的 or a closing sign", wrong)


def _levels(reading: Reading) -> Iterator[Check]:
    for level, (font, lead) in LEVELS.items():
        style = f"Heading{level}"
        yield _equal(f"level {level} font", font, reading.style(style, FONTS, "w:eastAsia"))
        yield _equal(f"level {level} size", 32, reading.style(style, "w:rPr/w:sz", "w:val"))
        wrong = [heading.text for heading in reading.of_style(style) if not lead.match(heading.text)]
        yield _none(f"level {level} number", lead.pattern, wrong)


def _attachments(reading: Reading) -> Iterator[Check]:
    for style in ("QzAnnex", "QzAnnexFirst"):
        yield _equal(f"blank line above {style}", LINE, reading.number(style, SPACING, "w:before"))
    for style, expected in zip(NOTE_STYLES, (200, 200, 500), strict=True):
        chars = reading.number(style, INDENT, "w:leftChars") - reading.number(style, INDENT, "w:hangingChars")
        yield _equal(f"indent of {style}", expected, chars)
    notes = reading.of_style(*NOTE_STYLES)
    wrong = [note.text for note in notes if note.text.rstrip().endswith(("。", ".", "；"))]
    wrong += [note.text for note in notes[:1] if not note.text.startswith("附件：")]
    yield _none("attachment note", "附件：, no stop at the end", wrong)


def _date(reading: Reading) -> Iterator[Check]:
    wrong = [date.text for date in reading.of_style("QzDate") if not DATE.fullmatch(date.text)]
    yield _none("date", "2018年1月2日", wrong)
    yield _equal("date right", "right", reading.style("QzDate", "w:pPr/w:jc", "w:val"))
    yield _equal("date four characters in", 400, reading.style("QzDate", INDENT, "w:rightChars"))


def _footers(reading: Reading) -> Iterator[Check]:
    odd_even = reading.settings.find(qn("w:evenAndOddHeaders"))
    is_on = odd_even is not None and odd_even.get(qn("w:val"), "1") not in {"0", "false", "off"}
    yield _equal("odd and even footers", True, is_on)
    for kind, side in (("default", "right"), ("even", "left")):
        footer = reading.footers.get(kind)
        style, text, field = _footer_line(footer)
        yield _equal(f"{kind} page number", "— PAGE —", text.replace("1", field) if field else text)
        yield _equal(f"{kind} page number side", side, reading.style(style, "w:pPr/w:jc", "w:val"))
        yield _equal(f"{kind} page number size", 28, reading.style(style, "w:rPr/w:sz", "w:val"))
        fonts = {reading.style(style, FONTS, f"w:{part}") for part in ("eastAsia", "ascii")}
        yield _equal(f"{kind} page number font", "宋体", "、".join(sorted(fonts)))
    distance = int(reading.page("w:pgMar", "w:bottom") or 0) - int(reading.page("w:pgMar", "w:footer") or 0)
    # The dash lies in the middle of a line of 280 twips whose lower edge is the footer's distance.
    yield _near("page number below type area", 7, (distance - 280 + 0.48 * 280) / MM, 0.5)


def _footer_line(footer: BaseOxmlElement | None) -> tuple[str, str, str]:
    """Style, text and field of a footer's only paragraph."""
    if footer is None:
        return "", "", ""
    style = "".join(found.get(qn("w:val"), "") for found in footer.iter(qn("w:pStyle")))
    text = "".join(found.text or "" for found in footer.iter(qn("w:t")))
    fields = [found.get(qn("w:instr"), "").strip() for found in footer.iter(qn("w:fldSimple"))]
    return style, text, "".join(fields)


def _kind(reading: Reading) -> Iterator[Check]:
    texts = [paragraph.text for paragraph in reading.paragraphs if paragraph.text.startswith("主题词")]
    yield _none("subject words", "no 主题词", texts)
    is_minutes = any(mark.text.endswith("纪要") for mark in reading.of_style("QzMark"))
    attendance = reading.of_style("QzAttendanceFirst", "QzAttendance")
    yield _equal("attendance list in minutes alone", is_minutes, bool(attendance))
    if is_minutes:
        signed = [signer.text for signer in reading.of_style("QzSigner")]
        seals = ["seal"] * len(list(reading.document.iter(qn("wp:anchor"))))
        yield _none("minutes without seal", "no seal, no signature", signed + seals)


def _styles(reading: Reading) -> Iterator[Check]:
    footers = [element for footer in reading.footers.values() for element in footer.iter(qn("w:pStyle"))]
    used = {paragraph.style for paragraph in reading.paragraphs}
    used |= {element.get(qn("w:val"), "") for element in footers}
    yield _none("styles defined", "all", sorted(used - set(reading.by_id)))
    bare = [style for style in sorted(used) if not reading.style(style, FONTS, "w:eastAsia")]
    themed = [
        style.get(qn("w:styleId"), "")
        for style in reading.styles.iter(qn("w:style"), qn("w:docDefaults"))
        for fonts in style.iter(qn("w:rFonts"))
        if fonts.get(qn("w:eastAsiaTheme")) is not None
    ]
    yield _none("eastAsia font on every style", "all", bare + themed)
    bodies = [reading.document, *reading.footers.values()]
    yield _none("no direct formatting", "none", [words for body in bodies for words in _direct(body)])


def _direct(body: BaseOxmlElement) -> Iterator[str]:
    allowed = {
        qn("w:rPr"): RUN_MAY_HOLD,
        qn("w:pPr"): PARAGRAPH_MAY_HOLD,
        qn("w:tblPr"): TABLE_MAY_HOLD,
        qn("w:tcPr"): CELL_MAY_HOLD,
    }
    for properties in body.iter(*allowed):
        for child in properties:
            if child.tag not in allowed[properties.tag]:
                yield f"{properties.tag.rpartition('}')[2]}/{child.tag.rpartition('}')[2]}"


GROUPS: tuple[Callable[[Reading], Iterator[Check]], ...] = (
    _page,
    _body,
    _mark,
    _number,
    _title,
    _levels,
    _attachments,
    _date,
    _footers,
    _kind,
    _styles,
)
