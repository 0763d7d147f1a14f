"""What an official document is made of, free of any layout.

Callers fill a `Document` and hand it to `documents.docx.write_docx` and `documents.pdf.write_pdf`; both
write every text as it stands here. Source: GB/T 9704-2012, chapter 7.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from qizhi.core.values import dataclass

FULL_WIDTH_MM = 156.0


class Kind(StrEnum):
    """Kinds of document that differ in their parts; the value is a stable key."""

    NOTICE = "notice"
    BULLETIN = "bulletin"
    OVERVIEW = "overview"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in a paragraph.

    Attributes:
        text: the characters; a line feed breaks the line.
        bold: set in 黑体, which is how an official document stresses a word.
        figure_key: key of the figure that the text prints; None for plain words. Both writers show the
            text alone; the docx marks it with a character style, so that figures can be found in it.
    """

    text: str
    bold: bool = False
    figure_key: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、), 2 (（一）), 3 (1.) or 4 (（1）); the text holds its number."""

    level: Literal[1, 2, 3, 4]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of body text, indented by two characters."""

    runs: tuple[Run, ...]

    @classmethod
    def of(cls, text: str) -> Paragraph:
        """Make a paragraph of one plain run."""
        return cls((Run(text),))

    @property
    def text(self) -> str:
        """All runs as one text."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its caption; a short row is filled up with empty cells, a long one widens the table."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    @property
    def columns(self) -> int:
        """Number of columns: that of the longest row, at least one."""
        return (
            max(1, len(self.header), *(len(row) for row in self.rows))
            if self.rows
            else max(1, len(self.header))
        )

    def squared(self) -> tuple[tuple[str, ...], ...]:
        """Header and rows, each with `columns` cells."""
        return tuple(row + ("",) * (self.columns - len(row)) for row in (self.header, *self.rows))


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart above its caption.

    Attributes:
        svg: an SVG document as `qizhi.core.charts` makes it: no scripts, no outside references.
        caption: printed below; also the words read aloud for the picture.
        width: millimetres, at most the 156 of the type area; a tall picture is shrunk to fit its page.
    """

    svg: str
    caption: str = ""
    width: float = FULL_WIDTH_MM


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Heading | Paragraph | Table | Picture | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment: its name for the note below the body and, if bound in, its content."""

    name: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """A line of the attendance list of minutes: 出席, 请假 or 列席, and who."""

    label: str
    names: str


@dataclass(frozen=True, slots=True)
class Document:
    """An official document.

    Attributes:
        kind: decides which parts belong to it; minutes have no signature and no seal.
        issuer_mark: 发文机关标志, printed in red: the issuer's name, mostly with 文件; `×××纪要` for
            minutes. Empty for a draft: 草稿 stands in its place, in black, with no number and no red line.
        title: a line feed breaks the line; otherwise the writers choose the breaks.
        blocks: the body, in order.
        doc_no: `苏检党〔2018〕3号`; None where the document has none. Not checked here, see
            `wording.is_document_number` and `checker`.
        salutation: 主送机关, without the colon.
        attachments: in order.
        signer: 发文机关署名; None for minutes.
        signed_on: 成文日期.
        note: 附注, printed in round brackets below the date.
        attendance: minutes only.
        copies_to: 抄送机关.
        printed_by: 印发机关.
        printed_on: 印发日期.
    """

    kind: Kind
    issuer_mark: str
    title: str
    blocks: tuple[Block, ...]
    doc_no: str | None = None
    salutation: str | None = None
    attachments: tuple[Attachment, ...] = ()
    signer: str | None = None
    signed_on: dt.date | None = None
    note: str | None = None
    attendance: tuple[Attendance, ...] = ()
    copies_to: tuple[str, ...] = ()
    printed_by: str | None = None
    printed_on: dt.date | None = None

    @property
    def is_draft(self) -> bool:
        """Whether it has no head of an official document yet."""
        return not self.issuer_mark.strip()

    @property
    def has_imprint(self) -> bool:
        """Whether there is a 版记 at the foot of the last page."""
        return bool(self.copies_to or self.printed_by or self.printed_on)
