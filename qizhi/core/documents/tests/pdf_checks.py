"""Reads a PDF back: where its lines stand, how many characters they hold, how large and how red they are."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise

from pypdf import PageObject, PdfReader

from qizhi.core.documents.checker import Check, check_docx

MM = 72 / 25.4
HEIGHT, LEFT, RIGHT = 297 * MM, 28 * MM, (210 - 26) * MM
TOP, BOTTOM = 37 * MM, (297 - 35) * MM


@dataclass(frozen=True)
class Line:
    """A line of text: its baseline from the upper edge of the page, its start, its size, font and colour."""

    text: str
    x: float
    y: float
    size: float
    font: str
    colour: tuple[float, ...]


@dataclass(frozen=True)
class Page:
    number: int
    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def body(self) -> list[Line]:
        return [line for line in self.lines if TOP <= line.y <= BOTTOM]

    @property
    def footer(self) -> Line | None:
        below = [line for line in self.lines if line.y > BOTTOM and "—" in line.text]
        return below[0] if below else None


def read_pages(data: bytes) -> list[Page]:
    pages = PdfReader(io.BytesIO(data)).pages
    return [_page(number, page) for number, page in enumerate(pages, start=1)]


def _page(number: int, page: PageObject) -> Page:
    lines: list[Line] = []
    colours: dict[int, tuple[float, ...]] = {}
    colour: tuple[float, ...] = ()

    def see_operator(operator, operands, matrix, _text_matrix):
        nonlocal colour
        if operator == b"scn":
            colour = tuple(float(operand) for operand in operands)
        elif operator in {b"TJ", b"Tj"}:
            colours[round(matrix[5])] = colour

    def see_text(text, matrix, _text_matrix, font, size):
        if text.strip():
            name = str((font or {}).get("/BaseFont", ""))
            y = HEIGHT - matrix[5]
            lines.append(Line(text.strip("\n"), matrix[4], y, size, name, colours.get(round(matrix[5]), ())))

    page.extract_text(visitor_operand_before=see_operator, visitor_text=see_text)
    return Page(number, float(page.mediabox.width), float(page.mediabox.height), tuple(_joined(lines)))


def _joined(lines: list[Line]) -> list[Line]:
    """Pieces on one baseline in one size and font are one line."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda piece: (round(piece.y, 1), piece.x)):
        before = joined[-1] if joined else None
        if before and abs(before.y - line.y) < 0.2 and before.size == line.size:
            joined[-1] = Line(
                before.text + line.text, before.x, before.y, before.size, before.font, before.colour
            )
        else:
            joined.append(line)
    return joined


def _near(element: str, expected: float, found: float, tolerance: float = 0.5) -> Check:
    return Check(element, f"{expected:.1f}", f"{found:.1f}", abs(expected - found) <= tolerance)


def check_pdf(data: bytes, *, is_draft: bool = False) -> list[Check]:
    """Check the parameters of the standard that any document must show, page by page; a draft has no head."""
    pages = read_pages(data)
    head = [] if is_draft else _check_head(pages[0])
    return [*_check_sizes(pages), *head, *_check_area(pages), *_check_numbers(pages)]


def breaches(docx: bytes, pdf: bytes) -> tuple[int, list[Check]]:
    """How many parameters of an issued document are checked in its two forms, and those that are not met."""
    checks = [*check_docx(docx), *check_pdf(pdf)]
    return len(checks), [check for check in checks if not check.ok]


def check_full_page(page: Page) -> list[Check]:
    """Check a page of nothing but body text: 22 lines of 28 characters on the type area."""
    lines = page.body
    gaps = [after.y - before.y for before, after in pairwise(lines)]
    return [
        Check("lines a page", "22", str(len(lines)), len(lines) == 22),
        Check(
            "characters a line",
            "28",
            str(max(len(line.text) for line in lines)),
            {len(line.text) for line in lines} <= {28},
        ),
        Check("body size", "16", str({line.size for line in lines}), {line.size for line in lines} == {16.0}),
        _near("first line", TOP + 28.95 / 2 + 0.38 * 16, lines[0].y),
        _near("last line", TOP + 21.5 * 28.95 + 0.38 * 16, lines[-1].y),
        _near("line pitch", 28.95, max(gaps), 0.05),
        _near("line pitch", 28.95, min(gaps), 0.05),
        _near("left edge", LEFT, min(line.x for line in lines), 0.1),
    ]


def _check_sizes(pages: list[Page]) -> list[Check]:
    return [
        check
        for page in pages
        for check in (_near("page width", 595.28, page.width), _near("page height", 841.89, page.height))
    ]


def _check_head(page: Page) -> list[Check]:
    mark, number, title = page.lines[0], page.lines[1], page.lines[2]
    return [
        Check("mark colour", "(1, 0, 0)", str(mark.colour), mark.colour == (1.0, 0.0, 0.0)),
        # The baseline lies 0.85 of the size below the upper edge of the characters, a little more or less.
        _near("mark top edge", TOP + 35 * MM, mark.y - 0.85 * mark.size, 0.06 * mark.size),
        _near("mark centred", LEFT + 78 * MM, mark.x + mark.size * len(mark.text) / 2, mark.size / 2),
        _near("number below mark", mark.y + 0.1 * mark.size + 2 * 28.95, number.y - 20.6, 8),
        Check("title size", "22", str(title.size), title.size == 22.0),
        _near(
            "title below number", number.y - 0.38 * 16 + 8 + 4 * MM + 2 * 28.95, title.y - 0.88 * 22 - 3.5, 6
        ),
    ]


def _check_area(pages: list[Page]) -> list[Check]:
    outside = [
        f"{page.number}: {line.text[:10]}"
        for page in pages
        for line in page.lines
        if line is not page.footer and not (LEFT - 1 <= line.x < RIGHT and TOP <= line.y <= BOTTOM)
    ]
    return [Check("inside the type area", "all lines", "；".join(outside), not outside)]


def _check_numbers(pages: list[Page]) -> list[Check]:
    checks = []
    for page in pages:
        footer = page.footer or Line("", 0, 0, 0, "", ())
        expected = f"— {page.number} —"
        checks.append(Check("page number", expected, footer.text, footer.text == expected))
        checks.append(Check("page number size", "14", str(footer.size), footer.size == 14.0))
        checks.append(_near("page number 7 mm below", BOTTOM + 7 * MM, footer.y - 0.38 * 14, 1))
        is_right = footer.x > 105 * MM
        side = "right" if is_right else "left"
        wanted = "right" if page.number % 2 else "left"
        checks.append(Check("page number side", wanted, side, side == wanted))
    return checks
