import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from qizhi.core.documents import pdf
from qizhi.core.documents.model import Attachment, Document, Heading, Kind, Paragraph, Picture, Run, Table
from qizhi.core.documents.pdf import write_pdf
from qizhi.core.documents.tests import samples
from qizhi.core.documents.tests.pdf_checks import check_full_page, check_pdf, read_pages
from qizhi.core.documents.typesetting import typeset_pdf
from qizhi.core.errors import Refused

HANZI = "检验检疫事业改革创新进程中现代化强局建设大路上始终有一面神圣的旗帜高高飘扬"


def write(document, fonts=None):
    fonts = settings.PDF_FONT_DIRS if fonts is None else fonts
    return write_pdf(document, font_dirs=fonts, made_at=samples.MADE_AT, creator=samples.CREATOR)


def all_text(data):
    return "".join(line.text for page in read_pages(data) for line in page.lines)


@pytest.mark.parametrize("make", [samples.overview, samples.notice, samples.minutes])
def test_meets_the_standard(make):
    failed = [check for check in check_pdf(write(make())) if not check.ok]
    assert failed == []


def test_a_full_page_holds_22_lines_of_28_characters():
    document = replace(samples.notice(), blocks=(Paragraph.of(HANZI * 60),), attachments=())
    pages = read_pages(write(document))
    assert len(pages[0].body) > 10
    assert [check for check in check_full_page(pages[1]) if not check.ok] == []


@pytest.mark.parametrize(
    ("sound", "planted", "element"),
    [
        ("width: 210mm", "width: 215mm", "page width"),
        ("top: 37mm", "top: 30mm", "mark top edge"),
        ("fill: red, tracking", "fill: black, tracking", "mark colour"),
        (
            "calc.odd(number) { right } else { left }",
            "calc.odd(number) { left } else { right }",
            "page number side",
        ),
        ('"— " + str(number) + " —"', "str(number)", "page number"),
        ("g.dash * 1mm", "g.dash * 0mm", "page number 7 mm below"),
        ('hand("title", g.title,', 'hand("title", 20,', "title size"),
        ("left: 28mm", "left: 20mm", "inside the type area"),
        ("  v(2 * pitch)\n  for words", "  for words", "title below number"),
    ],
)
def test_a_planted_breach_is_found(monkeypatch, sound, planted, element):

    def breached(template, *rest):
        assert template.count(sound.encode()) >= 1
        return typeset_pdf(template.replace(sound.encode(), planted.encode()), *rest)

    monkeypatch.setattr(pdf, "typeset_pdf", breached)
    assert element in {check.element for check in check_pdf(write(samples.overview())) if not check.ok}


@pytest.mark.parametrize(
    ("sound", "planted", "element"),
    [
        ("(g.pitch - size) / 2 * 1pt + 0.88", "(g.pitch - size) / 2 * 1.1pt + 0.88", "line pitch"),
        ("tracking: squeeze", "tracking: 0pt", "characters a line"),
        ("bottom: 35mm", "bottom: 55mm", "lines a page"),
        ("size: half", "size: 15pt", "body size"),
    ],
)
def test_a_breached_grid_is_found(monkeypatch, sound, planted, element):
    monkeypatch.setattr(
        pdf,
        "typeset_pdf",
        lambda template, *rest: typeset_pdf(template.replace(sound.encode(), planted.encode()), *rest),
    )
    document = replace(samples.notice(), blocks=(Paragraph.of(HANZI * 60),), attachments=())
    page = read_pages(write(document))[1]
    assert element in {check.element for check in check_full_page(page) if not check.ok}


def test_equal_input_gives_equal_bytes_without_the_machine():
    first, second = write(samples.overview()), write(samples.overview())
    assert first == second
    assert str(Path(__file__).parents[4]).encode() not in first


def test_no_heading_stands_at_the_foot_of_a_page():
    for rounds in range(1, 6):
        for page in read_pages(write(samples.overview(rounds)))[:-2]:
            last = page.body[-1].text
            assert not last.startswith(("一、", "二、", "三、", "四、", "（一）", "（二）", "1.", "（1）")), (
                last
            )


def test_the_signature_never_stands_alone():
    for words in ("走访。", "服务企业，办结2026件，" * 22):
        for filler in range(1, 24):
            blocks = (*(Paragraph.of("填充") for _ in range(filler)), Paragraph.of(words))
            pages = read_pages(write(replace(samples.notice(), blocks=blocks, attachments=())))
            assert any("走访" in line.text or "办结" in line.text for line in pages[-1].body), filler
            assert all(len(page.body) >= 9 for page in pages[:-1]), filler


def test_attachments_and_note_stay_with_the_body():
    attachments = tuple(Attachment(f"第{index}项清单") for index in range(1, 4))
    for filler in range(1, 24):
        blocks = (*(Paragraph.of("填充") for _ in range(filler)), Paragraph.of("走访。"))
        document = replace(samples.notice(), blocks=blocks, attachments=attachments, note="此件公开")
        last = [line.text for line in read_pages(write(document))[-1].body]
        assert "走访。" in last, filler
        assert "（此件公开）" in last, filler


def test_more_attachments_than_a_page_holds():
    attachments = tuple(Attachment(f"第{index}项清单") for index in range(1, 61))
    pages = read_pages(write(replace(samples.notice(), attachments=attachments)))
    assert len(pages) in {4, 5}
    assert [
        check
        for check in check_pdf(write(replace(samples.notice(), attachments=attachments)))
        if not check.ok
    ] == []


def test_the_last_paragraph_loses_nothing_where_it_is_cut():
    words = "服务企业，办结2026件；走访村镇，解决5269个问题。" * 12
    for blocks in ((Paragraph.of(words),), (Paragraph((Run(words[:150]), Run(words[150:], bold=True))),)):
        document = replace(samples.notice(), blocks=blocks, attachments=())
        pages = read_pages(write(document))
        assert words in "".join(line.text for page in pages for line in page.body)
        lines = [line.text for page in pages for line in page.body]
        assert not [line for line in lines if line.startswith(("，", "；", "。"))]


def test_a_twelve_page_overview_with_four_charts_takes_less_than_three_seconds():
    document = replace(
        samples.overview(5), blocks=samples.overview_blocks(5) + samples.overview_blocks(2)[:12]
    )
    started = time.perf_counter()
    data = write(document)
    assert time.perf_counter() - started < 3
    assert len(read_pages(data)) >= 12


def test_without_fonts_it_says_what_to_do(tmp_path):
    with pytest.raises(Refused, match="字体"):
        write(samples.notice(), fonts=[tmp_path, tmp_path / "missing"])


def test_a_picture_without_size_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="viewBox"):
        write(replace(samples.notice(), blocks=(Picture("<svg/>"),)))


def test_a_tall_picture_is_shrunk_to_its_page():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 900"><rect width="100" height="900"/></svg>'
    )
    pages = read_pages(write(replace(samples.notice(), blocks=(Picture(svg, "长图"),))))
    captions = [page.number for page in pages for line in page.body if line.text == "长图"]
    assert captions == [2]


hostile = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["#panic()", "$x^2$", "\\", "]]>", "<b>&amp;", "`r`", "@key <label>", "// c", "/* c", "#{", "😀" * 9, "x" * 900, "\x00\x01\ud800", "\u202e", '"; #1']),
)  # fmt: skip


@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=hostile, other=hostile)
def test_hostile_text_never_breaks_out(one, other):
    document = Document(
        kind=Kind.NOTICE, issuer_mark=one, doc_no=other, title=one, salutation=other, signer=one, note=other,
        blocks=(Heading(1, one), Paragraph((Run(one), Run(other, bold=True))), Table((one, other), ((other,), (one, one, one)), one)),
        attachments=(Attachment(other), Attachment(one, (Paragraph.of(one),))),
        signed_on=None, copies_to=(one, other), printed_by=other,
    )  # fmt: skip
    assert write(document).startswith(b"%PDF")


@hypothesis_settings(max_examples=15, deadline=None)
@given(text=st.text(alphabet="旗帜党员a9#$\\[]{}<>*_`@~=/\"'-+", min_size=1, max_size=40))
def test_text_is_retained(text):
    document = replace(samples.notice(), blocks=(Paragraph.of(f"始{text}终"),), attachments=())
    assert f"始{text}终".replace(" ", "") in all_text(write(document)).replace(" ", "").replace("\n", "")
