"""The pages and papers of bulletins: from the archive to what is issued, and who gets to see what."""

from __future__ import annotations

import pytest

from qizhi.conduct.models import Bulletin
from qizhi.conduct.tests.bulletin_story import (
    MARCH,
    PHONE,
    Early,
    approve,
    docx_text,
    draft,
    final,
    pdf_text,
    somebody,
    url,
)
from qizhi.core import clock
from qizhi.core.documents.tests.pdf_checks import breaches
from qizhi.core.ids import new_id


@pytest.fixture
def story(story):
    return Early(story)


@pytest.fixture
def march():
    """The first two months of 2018 are over."""
    with clock.at(MARCH):
        yield


def test_the_paper_meets_the_standard_and_a_draft_has_no_red_head(cast, story, march, tell):
    for n in range(3):
        final(story, somebody(cast, n))
    row, client = draft(cast, closing="各单位要举一反三。\n加强教育。"), cast.client("inspector")
    word = client.get(url("bulletin_file", row.pk, "docx")).content
    assert docx_text(word).startswith("草稿关于2018年1至2月")
    assert "甲示例局党组文件" not in docx_text(word)
    assert "草稿" in pdf_text(client.get(url("bulletin_file", row.pk, "pdf")).content)
    approve(cast, row)
    word = client.get(url("bulletin_file", row.pk, "docx")).content
    checked, failed = breaches(word, client.get(url("bulletin_file", row.pk, "pdf")).content)
    assert failed == []
    tell("G12", f"{checked} parameters of a bulletin as docx and PDF")
    text = docx_text(word)
    assert text.startswith("甲示例局党组文件示检党通〔2018〕1号关于2018年1至2月")
    assert "一、总体情况" in text
    assert "草稿" not in text + pdf_text(client.get(url("bulletin_file", row.pk, "pdf")).content)
    assert client.get(url("bulletin_file", row.pk, "odt")).status_code == 404


def test_what_is_issued_keeps_its_head_when_the_bureau_is_renamed(cast, story, march):
    row, client = draft(cast), cast.client("inspector")
    approve(cast, row)
    values = {"name": "新示例局", "short_name": "新局", "mark": "新示例局文件", "doc_prefix": ""}
    done = cast.client("officer").post("/org/bureau/", {**values, "from_on": "2015-01-01"})
    assert done.status_code == 302
    text = docx_text(client.get(url("bulletin_file", row.pk, "docx")).content)
    assert text.startswith("甲示例局党组文件示检党通〔2018〕1号")
    assert "新示例局" not in text


def test_from_the_archive_to_the_issued_paper_in_the_browser(cast, story, march):
    client = cast.client("inspector")
    page = client.get(url("bulletins")).content.decode()
    assert "1 期已到时间、还没有起草" in page
    form = {"id": str(new_id()), "period": "2018-1", "opening": "", "closing": ""}
    assert client.post(url("bulletin_new"), {**form, "opening": PHONE}).status_code == 422
    assert client.post(url("bulletin_new"), form).status_code == 302
    assert client.post(url("bulletin_new"), form).status_code == 302
    row = Bulletin.objects.get()
    assert client.get(url("bulletin_approve", row.pk)).status_code == 403
    assert client.post(url("bulletin_edit", row.pk), {"opening": "", "closing": "改进。"}).status_code == 302
    leader = cast.client("leader")
    page = leader.get(url("bulletin_approve", row.pk))
    form = {**page.context["form"].initial, "issued_on": "2018-03-05"}
    stale = leader.post(url("bulletin_approve", row.pk), {**form, "seen": "x"})
    assert stale.status_code == 422
    assert leader.post(url("bulletin_approve", row.pk), form).status_code == 302
    assert leader.get(url("bulletin_approve", row.pk)).status_code == 302
    assert "示检党通〔2018〕1号" in cast.client("member").get(url("bulletins")).content.decode()


def test_drafts_are_for_those_who_work_on_them(cast, story, march):
    row = draft(cast)
    for name, status in (("inspector", 200), ("leader", 200), ("member", 404), ("outsider", 404)):
        assert cast.client(name).get(row.get_absolute_url()).status_code == status
        assert cast.client(name).get(url("bulletin_file", row.pk, "pdf")).status_code == status
    assert "待签发" not in cast.client("member").get(url("bulletins")).content.decode()
    assert cast.client("inspector").post(url("bulletin_remove", row.pk)).status_code == 302
    assert not Bulletin.objects.exists()


def test_the_cases_behind_the_numbers_open_for_those_who_see_cases(cast, story, march):
    case = final(story, somebody(cast, 1))
    row = draft(cast)
    approve(cast, row)
    assert str(case) in cast.client("inspector").get(row.get_absolute_url()).content.decode()
    assert str(case) not in cast.client("member").get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, story, march, number, django_assert_num_queries):
    for n in range(number):
        final(story, somebody(cast, n))
    row, client = draft(cast), cast.client("inspector")
    client.get(row.get_absolute_url())
    with django_assert_num_queries(11):
        client.get(row.get_absolute_url())
    with django_assert_num_queries(5):
        client.get(url("bulletins"))
