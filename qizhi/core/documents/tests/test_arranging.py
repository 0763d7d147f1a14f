"""A chart that does not fit stands behind the text that fills its page, in both files alike."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest
from django.conf import settings

from qizhi.core.documents import geometry as g
from qizhi.core.documents.arranging import Mark, arranged, place
from qizhi.core.documents.docx import write_docx
from qizhi.core.documents.model import Block, Heading, PageBreak, Paragraph, Picture, Table
from qizhi.core.documents.pdf import write_pdf
from qizhi.core.documents.tests import samples
from qizhi.core.documents.tests.pdf_checks import check_pdf, read_pages

MM_PT = 72 / 25.4
BOTTOM = g.TOP_MM + g.TYPE_HEIGHT_MM
CHART = samples.chart_bars()
LONG = "检验检疫" * 20
TEXT = tuple(Paragraph.of(f"第{number}段。{LONG}") for number in range(9))


def marks(at, *, top, height=80.0, later=()):
    """The chart begins at a height of page 1; the blocks named begin on page 2."""
    found = {index: Mark(1, 100.0) for index in range(12)}
    return found | {index: Mark(2, g.TOP_MM) for index in later} | {at: Mark(1, top, height)}


@pytest.mark.parametrize(
    ("top", "later", "expected"),
    [
        (BOTTOM - 80.0, (4,), 1),  # it fits to the hair
        (BOTTOM - 79.9, (4,), 3),  # it does not: behind what fills the page
        (BOTTOM - 0.15 * g.TYPE_HEIGHT_MM, (4,), 1),  # so little is lost that the order stands
        (BOTTOM - 79.9, (2,), 1),  # what follows begins on the next page anyway
        (BOTTOM - 79.9, (), 7),  # the text is over before the page: never behind what goes with the signature
    ],
)
def test_where_a_chart_stands(top, later, expected):
    blocks: tuple[Block, ...] = (TEXT[0], CHART, *TEXT[1:8])
    assert place(blocks, 1, marks(1, top=top, later=later)) == expected


@pytest.mark.parametrize("fixed", [samples.chart_lines(), PageBreak()])
def test_a_chart_passes_neither_another_nor_a_page_break(fixed):
    blocks: tuple[Block, ...] = (TEXT[0], CHART, TEXT[1], fixed, *TEXT[2:])
    assert place(blocks, 1, marks(1, top=200.0, later=(5,))) == 2


def test_a_table_is_passed_and_a_heading_counts_as_lost_with_its_chart():
    blocks: tuple[Block, ...] = (TEXT[0], CHART, Table(("列",), (("1",),)), *TEXT[1:])
    found = marks(1, top=200.0, later=(3,))
    del found[2]
    assert place(blocks, 1, found) == 2
    headed: tuple[Block, ...] = (TEXT[0], Heading(1, "一、图"), CHART, *TEXT[1:])
    found = marks(2, top=BOTTOM - 30.0, later=(5,)) | {1: Mark(1, BOTTOM - 40.0)}
    assert place(headed, 2, found) == 4
    assert place(headed, 2, found | {1: Mark(1, BOTTOM - 33.0)}) == 2


def test_the_last_block_stays():
    assert place((TEXT[0], CHART), 1, marks(1, top=200.0)) == 1


def test_the_same_chart_twice_keeps_both_places():
    blocks = (TEXT[0], CHART, TEXT[1], CHART, TEXT[2], TEXT[3], TEXT[4])
    asked = []

    def ask(_document, at):
        asked.append(at)
        return marks(at, top=200.0, later=(at + 2,))

    moved = arranged(replace(samples.overview(), blocks=blocks), ask).blocks
    assert asked == [1, 3]
    assert [index for index, block in enumerate(moved) if isinstance(block, Picture)] == [2, 4]


def written(document):
    fonts, at, who = settings.PDF_FONT_DIRS, samples.MADE_AT, samples.CREATOR
    pdf = write_pdf(document, font_dirs=fonts, made_at=at, creator=who)
    return pdf, write_docx(document, font_dirs=fonts, made_at=at, creator=who)


@pytest.mark.parametrize("filler", range(1, 12))
def test_no_page_but_the_last_is_left_empty_by_a_chart(filler):
    blocks = (*TEXT[:1] * filler, CHART, *(Paragraph.of(f"后{number}。{LONG}") for number in range(12)))
    pdf, word = written(replace(samples.notice(), blocks=blocks, attachments=()))
    assert [check for check in check_pdf(pdf) if not check.ok] == []
    pages = read_pages(pdf)
    stands = next(index for index, page in enumerate(pages) if CHART.caption in str(page.body))
    for page in pages[:stands]:
        lost = BOTTOM - max(line.y for line in page.body) / MM_PT
        assert lost <= 0.15 * g.TYPE_HEIGHT_MM + 10, (filler, page.number)
    printed = "".join(line.text for page in pages for line in page.body)
    behind = [number for number in range(12) if f"后{number}。" in printed.split(CHART.caption)[0]]
    paragraphs = [one.text for one in docx.Document(io.BytesIO(word)).paragraphs]
    before = paragraphs[: paragraphs.index(CHART.caption)]
    assert [number for number in range(12) if any(f"后{number}。" in one for one in before)] == behind
