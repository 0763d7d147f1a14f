import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core.documents import wording
from qizhi.core.documents.geometry import column_shares, is_number_column, mark_size_pt, signer_right_chars
from qizhi.core.documents.model import Attachment, Heading, Paragraph, Table
from qizhi.core.documents.tests import samples
from qizhi.core.text import width_em


@pytest.mark.parametrize("number", ["苏检党〔2018〕3号", "示检机党〔2026〕12号", "局〔2018〕120号"])
def test_document_numbers(number):
    assert wording.is_document_number(number)


@pytest.mark.parametrize(
    "number",
    ["苏检党[2018]3号", "苏检党〔2018〕03号", "苏检党〔2018〕第3号", "〔2018〕3号", "苏检党〔18〕3号", "苏检党〔2018〕3", "苏检党〔２０１８〕3号", "苏检党〔2018〕3号\n", "SJD〔2018〕3号", ""],
)  # fmt: skip
def test_not_document_numbers(number):
    assert not wording.is_document_number(number)


def test_dates_have_no_leading_zeros():
    assert wording.chinese_date(dt.date(2018, 1, 2)) == "2018年1月2日"
    assert wording.chinese_date(dt.date(2018, 12, 31)) == "2018年12月31日"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (90, "九十"),
        (99, "九十九"),
    ],
)
def test_chinese_numbers(number, written):
    assert wording.chinese_number(number) == written


@pytest.mark.parametrize("number", [0, 100, -1])
def test_chinese_numbers_end_at_99(number):
    with pytest.raises(ValueError, match="heading number"):
        wording.chinese_number(number)


def test_headings_are_numbered_and_start_anew():
    one, two, three, four = Heading(1, "题"), Heading(2, "题"), Heading(3, "题"), Heading(4, "题")
    blocks = (one, two, Paragraph.of("文"), two, three, four, four, three, one, two, three)
    texts = [
        block.text for block in wording.number_headings(blocks) if isinstance(block, Heading | Paragraph)
    ]
    assert texts == [
        "一、题",
        "（一）题",
        "文",
        "（二）题",
        "1.题",
        "（1）题",
        "（2）题",
        "2.题",
        "二、题",
        "（一）题",
        "1.题",
    ]


def test_length_is_warned_of_above_the_limit():
    document = replace(samples.notice(), title="题", salutation=None, blocks=(Paragraph.of("字 " * 3999),))
    assert wording.count_characters(document) == 4000
    assert wording.length_warning(document, wording.Scope.SPECIAL) is None
    longer = replace(document, title="题目")
    message = wording.length_warning(longer, wording.Scope.SPECIAL)
    assert message is not None
    assert "4001" in message
    assert "超出 1 字" in message
    assert wording.length_warning(longer, wording.Scope.COMPREHENSIVE) is None


def test_attachment_notes_end_without_a_stop():
    assert wording.attachment_lines([Attachment("办法。")]) == (("附件：", "办法"),)
    two = wording.attachment_lines([Attachment("甲；"), Attachment("乙")])
    assert two == (("附件：1.", "甲"), ("2.", "乙"))
    assert wording.attachment_lines([]) == ()


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于开展检查的通知", ("关于开展检查的通知",)),
        ("示例检验检疫局关于2026年度党建工作情况的综述", ("示例检验检疫局关于", "2026年度党建工作情况的综述")),
        ("关于印发《党支部书记履行党建工作责任考核办法（试行）》的通知", ("关于印发《党支部书记履行党建工作责任", "考核办法（试行）》的通知")),
        ("第一行\n第二行", ("第一行", "第二行")),
        ("", ("",)),
    ],
)  # fmt: skip
def test_titles_break_between_words(title, lines):
    assert wording.title_lines(title) == lines


@given(st.text(alphabet="关于开展2026年度（试行）《办法》的工作，a", max_size=120))
def test_title_lines_fit_and_lose_nothing(title):
    lines = wording.title_lines(title)
    assert all(width_em(line) <= 20 for line in lines)
    assert "".join(lines) == title.replace("\n", "")


def test_a_very_long_title_is_broken_quickly():
    assert len(wording.title_lines("检验检疫工作情况" * 1000)) >= 400


def test_the_mark_is_as_large_as_its_line_allows():
    assert mark_size_pt("示例检验检疫局文件") == 47
    assert mark_size_pt("示例局文件") == 48
    assert mark_size_pt("中共示例检验检疫局机关委员会文件") == 26
    assert mark_size_pt("长" * 60) == 22
    assert mark_size_pt("") == 48


def test_the_signer_is_centred_on_the_date():
    document = replace(samples.notice(), signer="示例检验检疫局", signed_on=dt.date(2026, 3, 5))
    # The date is 3 + 6 × 0.5 = 6 characters wide, the name 7: it ends half a character further right.
    assert signer_right_chars(document) == 3.5
    assert signer_right_chars(replace(document, signer="名" * 30)) == 0


def test_columns_share_the_width_by_their_content():
    table = Table(("支部", "次数"), (("综合技术中心党支部", "24"), ("一", "3")))
    shares = column_shares(table)
    assert sum(shares) == pytest.approx(1)
    assert shares[0] > shares[1]
    wide = column_shares(Table(("甲", "乙"), (("字" * 400, "24"),)))
    assert wide[1] * 442 > 12 * 2
    assert is_number_column(table, 1)
    assert not is_number_column(table, 0)
    assert not is_number_column(Table(("甲",), ()), 0)
