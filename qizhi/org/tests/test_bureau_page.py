"""The bureau's own page: names, red head and prefix are kept once, and papers take them from there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.models import AuditEvent
from qizhi.org.models import Bureau, Unit

PAGE = reverse("org:bureau")
VALUES = {
    "name": "甲示例海关",
    "short_name": "甲关",
    "mark": "甲示例海关党委文件",
    "doc_prefix": "示关党",
    "from_on": "2014-01-01",
}


def test_the_office_finds_the_page_and_keeps_everything_there(cast):
    client = cast.client("officer")
    assert PAGE in client.get(reverse("org:units")).content.decode()
    page = client.get(PAGE)
    assert page.context["form"]["mark"].value() == "甲示例局党组文件"
    assert client.post(PAGE, VALUES)["Location"] == PAGE
    kept = Bureau.objects.get(pk=cast.bureau.pk)
    assert (kept.name, kept.short_name, kept.mark, kept.doc_prefix) == (
        "甲示例海关",
        "甲关",
        "甲示例海关党委文件",
        "示关党",
    )
    root = Unit.objects.get(pk=cast.root.pk)
    assert (root.name, root.from_on) == ("甲示例海关", dt.date(2014, 1, 1)), "the root bears the name"
    assert Unit.objects.get(pk=cast.first.pk).from_on == dt.date(2014, 1, 1), "began with the record"
    event = AuditEvent.objects.get(verb="org.change_bureau")
    assert (event.before["doc_prefix"], event.after["doc_prefix"]) == ("示检党", "示关党")
    assert "示检党" in client.get(PAGE).content.decode(), "the history says what it was"
    client.post(PAGE, VALUES)
    assert AuditEvent.objects.filter(verb="org.change_bureau").count() == 1


def test_an_archive_that_was_made_stands_in_the_history(cast):
    client = cast.client("officer")
    b"".join(client.post(reverse("web:archive")).streaming_content)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "全库导出" in page.content.decode()


def test_the_root_unit_is_corrected_on_the_same_page(cast):
    answer = cast.client("officer").get(reverse("org:unit_edit", args=[cast.root.pk]))
    assert answer["Location"] == PAGE


@pytest.mark.parametrize(("who", "code"), [("personnel", 200), ("secretary", 403), ("leader", 403)])
def test_only_those_who_keep_the_organisation_open_it(cast, who, code):
    assert cast.client(who).get(PAGE).status_code == code


def test_an_officer_of_another_bureau_changes_only_their_own(cast):
    answer = cast.client("outsider").get(PAGE)
    assert answer.status_code == 200
    assert "甲示例局" not in answer.content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"doc_prefix": "ABC"}, "代字只能用汉字"),
        ({"name": ""}, "必填"),
        ({"name": "局" * 81}, "80"),
        ({"from_on": "2016-01-01"}, "已经成立，早于这一天"),
        ({"from_on": "昨天"}, "没有读懂这个日期"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(cast, more, words):
    page = cast.client("officer").post(PAGE, {**VALUES, **more})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Bureau.objects.get(pk=cast.bureau.pk).name == "甲示例局"
    assert Unit.objects.get(pk=cast.root.pk).name == "甲示例局"


def test_a_red_head_with_the_old_name_is_pointed_out(cast):
    client = cast.client("officer")
    page = client.post(PAGE, {**VALUES, "mark": "甲示例局党组文件"}, follow=True)
    assert "发文机关标志里还是原来的名称" in page.content.decode()


def test_a_unit_is_not_founded_before_what_is_above_it_nor_after_its_parts(cast):
    client = cast.client("officer")
    edit = reverse("org:unit_edit", args=[cast.first.pk])
    values = {"name": "第一党支部", "short_name": "", "from_on": "2014-12-31"}
    assert "才成立" in client.post(edit, values).content.decode()
    assert "已经成立" in client.post(edit, {**values, "from_on": "2015-02-01"}).content.decode()
    assert Unit.objects.get(pk=cast.first.pk).from_on == dt.date(2015, 1, 1)
