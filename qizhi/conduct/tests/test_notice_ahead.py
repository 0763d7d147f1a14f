"""The notice is read before it is registered that it was handed over: the same words, and nothing written."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from django.urls import reverse

from qizhi.conduct.models import CaseStep
from qizhi.regulations.models import CalendarPaper

DAYS = {"notified_on": "2018-01-15", "statement_days": "6"}


def text_of(response):
    return response.content.decode().split("<main")[1]


def page_of(case):
    return reverse("conduct:case_notify", args=[case.pk])


@pytest.fixture
def draft(story):
    return story.drafted()


def test_the_notice_stands_on_the_page_for_the_days_that_are_typed(cast, draft):
    office, page = cast.client("inspector"), page_of(draft)
    shown = text_of(office.get(page))
    assert "微违规事项告知书" in shown
    assert "未着制服" in shown
    assert "计5个工作日" in shown
    looked = office.post(page, {**DAYS, "look": "1"})
    assert looked.status_code == 200
    assert "计6个工作日" in text_of(looked)
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not CaseStep.objects.filter(case=draft, kind="notified").exists()
    assert office.post(page, DAYS).headers["Location"] == draft.get_absolute_url()
    after = office.get(page)
    assert after.headers["Location"] == draft.get_absolute_url(), "it was handed over once"


def test_the_file_before_and_the_file_after_say_the_same(cast, draft):
    office = cast.client("inspector")
    ahead = reverse("conduct:case_notice", args=[draft.pk, "docx"])
    before = office.get(ahead, DAYS)
    assert before.status_code == 200
    assert office.get(reverse("conduct:case_notice", args=[draft.pk, "pdf"]), DAYS).status_code == 200
    office.post(page_of(draft), DAYS)
    after = office.get(reverse("conduct:case_paper", args=[draft.pk, "notice", "docx"]))
    assert words_of(before) == words_of(after)
    assert office.get(ahead, DAYS).status_code == 409, "it was handed over"


def words_of(response):
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(response.content)).paragraphs]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"statement_days": "4"}, "陈述期不能少于5个工作日"),
        ({"notified_on": "2018-01-16"}, "在今天之后"),
        ({"notified_on": ""}, "必填"),
    ],
)
def test_what_cannot_be_told_is_said_instead_of_the_notice(cast, draft, values, words):
    office = cast.client("inspector")
    looked = office.post(page_of(draft), {**DAYS, **values, "look": "1"})
    assert words in text_of(looked)
    assert "document-title" not in text_of(looked)
    assert office.post(page_of(draft), {**DAYS, **values}).status_code == 422


def test_without_a_calendar_the_page_says_what_is_missing(cast, draft):
    CalendarPaper.objects.filter(year=2018).delete()
    shown = text_of(cast.client("inspector").get(page_of(draft)))
    assert "缺少2018年的放假安排通知" in shown


@pytest.mark.parametrize("name", ["second", "leader", "member", "officer", "outsider"])
def test_others_read_no_notice_of_a_draft(cast, draft, desk, client, name):
    if name == "second":
        client.login(username="second", password="password")
        assert client.get(page_of(draft)).status_code == 200, "another officer may hand it over"
        return
    for address in (
        page_of(draft),
        f"{reverse('conduct:case_notice', args=[draft.pk, 'pdf'])}?notified_on=x",
    ):
        assert cast.client(name).get(address).status_code in {403, 404}


def test_who_decides_reads_fact_rule_and_statement_beside_the_form(cast, story, client):
    case = story.stated()
    client.login(username="second", password="password")
    with_case = text_of(client.get(reverse("conduct:case_decide", args=[case.pk])))
    assert all(word in with_case for word in ("未着制服", "现场", "着装不规范的，每次扣1分", "当日外勤"))
    assert dt.date(2018, 1, 22) == case.statement_until
