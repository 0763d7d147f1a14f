import datetime as dt
import io
import zipfile
from dataclasses import replace

import docx
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from qizhi.core.documents.checker import check_docx
from qizhi.core.documents.docx import write_docx
from qizhi.core.documents.model import Attachment, Document, Heading, Kind, PageBreak, Paragraph, Run, Table
from qizhi.core.documents.tests import samples
from qizhi.core.documents.tests.test_pdf import hostile
from qizhi.core.text import clean


def write(document, made_at=samples.MADE_AT):
    return write_docx(document, font_dirs=settings.PDF_FONT_DIRS, made_at=made_at, creator=samples.CREATOR)


def opened(document):
    return docx.Document(io.BytesIO(write(document)))


@pytest.mark.parametrize("make", [samples.overview, samples.notice, samples.minutes])
def test_meets_the_standard(make):
    assert [check for check in check_docx(write(make())) if not check.ok] == []


def test_opens_again_with_everything_in_it():
    file = opened(samples.overview())
    texts = [paragraph.text for paragraph in file.paragraphs]
    assert texts[:3] == [
        "示例检验检疫局文件",
        "示检党〔2026〕3号",
        "示例检验检疫局关于\n2026年度党建工作情况的综述",
    ]
    assert "一、领导率先垂范，夯实党建根基" in texts
    assert "附件：1.\t2026年度各党支部组织生活完成情况一览表" in texts
    assert "2027年1月8日" in texts
    assert len(file.inline_shapes) == 4
    table = file.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == [
        "党支部",
        "应开展（次）",
        "已开展（次）",
        "完成率",
        "说明",
    ]
    assert table.rows[4].cells[4].text == "按季度补开"
    assert file.tables[-1].rows[0].cells[0].text.startswith("抄送：示例海关，")


def test_figures_can_be_found_by_their_style():
    paragraph = next(p for p in opened(samples.overview()).paragraphs if p.text.startswith("全年共开展"))
    assert [run.text for run in paragraph.runs if run.style.name == "数据"] == ["15次", "6次"]
    assert [run.text for run in paragraph.runs if run.style.name == "着重"] == ["问题办结率为80%。"]


def test_pictures_are_sharp_and_told():
    file = opened(replace(samples.notice(), blocks=(samples.chart_share(), samples.chart_lines())))
    first = file.inline_shapes[0]
    assert round(first.width.mm) == 140
    parts = [part for part in file.part.package.iter_parts() if part.partname.startswith("/word/media")]
    assert [part.image.px_width for part in parts] == pytest.approx(
        [140 / 25.4 * 300, 156 / 25.4 * 300], abs=2
    )
    described = [
        element.get("descr") for element in file.element.body.iter() if element.tag.endswith("docPr")
    ]
    assert described == ["图2 走访问题办结率", "图3 人均学习学时"]
    frames = [one for one in file.element.body.iter() if one.tag.endswith("}inline")]
    assert {one.get(f"dist{side}") for one in frames for side in "TBLR"} == {
        "0"
    }  # none hangs over the margin


def test_properties_name_the_body_and_nothing_of_the_machine():
    data = write(samples.overview())
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert properties.author == properties.last_modified_by == "示例检验检疫局"
    assert properties.title == "示例检验检疫局关于2026年度党建工作情况的综述"
    assert properties.created == dt.datetime(2026, 12, 31, 9, 30, tzinfo=dt.UTC)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
    assert b"Macintosh" not in everything
    assert b"python-docx" not in everything
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]


def test_equal_input_gives_equal_bytes():
    assert write(samples.overview()) == write(samples.overview())
    assert write(samples.overview()) != write(samples.overview(), samples.MADE_AT + dt.timedelta(days=1))


def test_the_last_paragraph_stays_with_the_signature():
    document = replace(samples.notice(), attachments=())
    styles = [paragraph.style.style_id for paragraph in opened(document).paragraphs]
    assert styles[-3:] == ["QzBodyLast", "QzSigner", "QzDate"]


def test_a_page_break_and_an_empty_table():
    blocks = (Paragraph.of("一"), PageBreak(), Table((), ()), Table(("甲",), (("乙", "丙"),)))
    file = opened(replace(samples.notice(), blocks=blocks))
    assert [len(table.columns) for table in file.tables] == [1, 2]
    assert file.tables[1].rows[0].cells[1].text == ""


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=hostile, other=hostile)
def test_hostile_text_is_kept(one, other):
    document = Document(
        kind=Kind.NOTICE, issuer_mark=one, doc_no=other, title=one, salutation=other, signer=one, note=other,
        blocks=(Heading(1, one), Paragraph((Run(one), Run(other, bold=True))), Table((one, other), ((other,), (one, one, one)), one)),
        attachments=(Attachment(other), Attachment(one, (Paragraph.of(one),))), copies_to=(one, other), printed_by=other,
    )  # fmt: skip
    paragraph = next(p for p in opened(document).paragraphs if p.style.style_id == "QzBody")
    assert paragraph.text == clean(one) + clean(other)


@hypothesis_settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_cleaned_text_is_valid_xml(text):
    file = opened(Document(Kind.NOTICE, "局文件", "题", (Paragraph.of(text),)))
    assert [p.text for p in file.paragraphs if p.style.style_id == "QzBody"] == [clean(text)]
