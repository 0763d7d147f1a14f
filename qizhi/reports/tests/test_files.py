"""The overview as docx, PDF and JSON: the same words and numbers in each, and every row in the JSON."""

import datetime as dt
import io
import json

import docx
import pypdf
import pytest

from qizhi.core import clock
from qizhi.core.documents.files import docx_of, pdf_of
from qizhi.reports.queries import TemplateText
from qizhi.reports.services.files import (
    Letterhead,
    as_json,
    document_of,
)
from qizhi.reports.services.overview import Passage, Title, generate

AS_OF = dt.date(2018, 1, 15)
HEAD = Letterhead("甲示例局党组文件", "示检党〔2018〕3号", "甲示例局", AS_OF)


@pytest.fixture
def made(cast, planted):
    return generate(cast.bureau, AS_OF)


def paragraphs(content):
    return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]


def pdf_text(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_the_docx_holds_every_paragraph_and_marks_every_number(made):
    content = docx_of(document_of(made, HEAD), clock.now(), "甲示例局")
    written = paragraphs(content)
    for piece in made.pieces:
        if isinstance(piece, Passage | Title):
            assert piece.text in written
    runs = [run for one in docx.Document(io.BytesIO(content)).paragraphs for run in one.runs]
    marked = [run.text for run in runs if run.style is not None and run.style.style_id == "QzFigure"]
    assert marked == [number.text for number in made.numbers]
    assert {"甲示例局党组文件", "示检党〔2018〕3号", "甲示例局党建工作综述"} <= set(written)


def test_the_pdf_holds_the_same_words(made):
    text = pdf_text(pdf_of(document_of(made, HEAD), clock.now(), "甲示例局"))
    for piece in made.pieces:
        if isinstance(piece, Title):
            assert "".join(piece.text.split()) in text
    # Sentences without a page number in between.
    assert "各党支部召开党员大会5次、支部委员会会议3次，讲授党课2次。" in text
    assert "示检党〔2018〕3号" in text


def test_both_hold_both_charts(made):
    document = docx.Document(io.BytesIO(docx_of(document_of(made), clock.now(), "甲示例局")))
    assert len(document.inline_shapes) == len(made.charts) == 2
    assert "党组理论学习中心组集中学习逐月次数" in pdf_text(
        pdf_of(document_of(made), clock.now(), "甲示例局")
    )


def test_a_draft_says_that_it_is_one(made):
    draft = document_of(made)
    assert (draft.doc_no, draft.signer, draft.signed_on) == (None, None, None)
    assert draft.note == "草稿，尚未出文；数据截至2018年1月15日"
    assert "草稿" not in "".join(paragraphs(docx_of(document_of(made, HEAD), clock.now(), "甲示例局")))


def test_equal_input_gives_equal_bytes(made):
    for write in (docx_of, pdf_of):
        first, second = (write(document_of(made, HEAD), clock.now(), "甲示例局") for _ in range(2))
        assert first == second


def test_the_json_holds_each_number_with_rows_that_make_it_up(made):
    content = json.loads(as_json(made))
    assert content["title"] == made.title
    assert [one["text"] for one in content["numbers"]] == [number.text for number in made.all_numbers]
    for one in content["numbers"]:
        counts = sum(row["counts"] for row in one["rows"]) if one["sums"] else len(one["rows"])
        assert counts == one["counted"] > 0
        assert all(row["id"] and row["label"] for row in one["rows"])
        assert one["from"] <= one["to"]
        assert one["definition"]


def test_a_row_says_its_day_and_unit(made):
    numbers = json.loads(as_json(made))["numbers"]
    congress = next(one for one in numbers if one["key"] == "gatherings.congress")
    assert {row["unit"] for row in congress["rows"]} == {"第一党支部", "第二党支部"}
    assert congress["rows"][0]["date"] == "2017-01-30"
    assert congress["rows"][0]["cells"]["日期"] == "2017-01-30"
    planned = next(one for one in numbers if one["key"] == "tasks.inspections_planned")
    assert {row["unit"] for row in planned["rows"]} == {"甲示例局"}


def test_amounts_are_exact_and_days_are_days(made):
    numbers = {one["key"]: one for one in json.loads(as_json(made))["numbers"]}
    assert numbers["gatherings.flag_ceremony_day"]["amount"] == "2018-01-02"
    average = numbers["gatherings.centre_study_average"]
    assert (average["amount"], average["counted"], average["out_of"], average["fraction"]) == (3, 9, 3, "3")


def test_a_typed_number_and_an_omission_are_told_in_the_json(cast):
    made = generate(
        cast.bureau, AS_OF, template=TemplateText("综述", "共15次。开会[[gatherings.congress]]次。")
    )
    content = json.loads(as_json(made))
    assert content["typed_numbers"] == [{"where": "第 1 行第 2 字", "text": "15"}]
    assert content["omitted"][0]["text"] == "开会—次。"
    assert content["numbers"] == []


def test_the_draft_marks_each_typed_number_and_counts_them(cast, planted):
    text = "撰写二十余篇，3000册。会员[[org.members]]名。"
    made = generate(cast.bureau, AS_OF, template=TemplateText("综述", text))
    document = document_of(made)
    words = paragraphs(docx_of(document, clock.now(), "甲示例局"))
    assert "撰写二十余篇［手工数字］，3000［手工数字］册。" in "".join(words)
    printed = pdf_text(pdf_of(document, clock.now(), "甲示例局"))
    assert "二十余篇［手工数字］" in printed
    assert "草稿，尚未出文；有2处手工写的数字" in printed
    assert "3000册" in json.loads(as_json(made))["text"][0]
    assert "［手工数字］" not in json.loads(as_json(made))["text"][0]


def test_a_typed_number_in_a_heading_or_the_title_is_marked_like_one_in_a_paragraph(cast, planted):
    text = "# 抓好十二件实事\n## 走访3000户\n会员[[org.members]]名。"
    document = document_of(generate(cast.bureau, AS_OF, template=TemplateText("二十余篇综述", text)))
    for words in (
        "".join(paragraphs(docx_of(document, clock.now(), "甲示例局"))),
        pdf_text(pdf_of(document, clock.now(), "甲示例局")),
    ):
        assert "一、抓好十二件［手工数字］实事" in words
        assert "（一）走访3000［手工数字］户" in words
        assert "二十余篇［手工数字］综述" in words
        assert "有3处手工写的数字" in words.replace(" ", "")


def test_a_draft_without_typed_numbers_says_nothing_of_them(made):
    assert "手工" not in pdf_text(pdf_of(document_of(made), clock.now(), "甲示例局"))
