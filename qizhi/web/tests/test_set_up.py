"""From an empty copy to a bureau at work: units, people, members, accounts; each step is skipped or found again."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qizhi.core.models import ImportDraft
from qizhi.org.models import Account, Person, Unit
from qizhi.web.tests.test_front import FIRST

SET_UP = reverse("web:set_up")
UNITS = "名称\t上级\t成立日期\n办公室\t\t\n第一党支部\t\t2017年3月\n第一党小组\t第一党支部\t2017年4月\n"
PEOPLE = "工号\t姓名\t处室\n0001\t示例甲\t办公室\n0002\t示例乙\t办公室\n"
MEMBERS = "姓名\t党支部\t党小组\t党员类别\t起始日期\n示例乙\t第一党支部\t第一党小组\t正式党员\t2017-05-01\n"


def _upload(key):
    return f"{reverse('web:upload', args=[key])}?then=set-up"


def _bring(client, key, pasted):
    """Paste, look at the preview, say yes; where it leads."""
    assert _upload(key) in client.get(SET_UP).content.decode()
    answer = client.post(_upload(key), {"pasted": pasted})
    assert answer["Location"].endswith("?then=set-up")
    page = client.get(answer["Location"]).content.decode()
    assert "可以导入" in page
    return client.post(answer["Location"])["Location"]


@pytest.fixture
def first(db):
    client = Client()
    answer = client.post(reverse("web:first_start"), FIRST)
    assert answer["Location"] == f"{SET_UP}?step=units"
    return client


def test_the_first_page_leads_from_step_to_step(first):
    page = first.get(f"{SET_UP}?step=units").content.decode()
    assert "已有 0 个处室、0 个党支部" in page
    assert f"{SET_UP}?step=people" in page, "skipped with one click"
    assert "接着做“开始使用”的步骤" in first.get("/").content.decode()
    assert _bring(first, "org.units", UNITS) == f"{SET_UP}?step=people"
    assert Unit.objects.get(name="第一党小组").path == "bureau/committee/z01/z01-1/"
    assert _bring(first, "org.people", PEOPLE) == f"{SET_UP}?step=members"
    assert _bring(first, "org.memberships", MEMBERS) == f"{SET_UP}?step=accounts"
    person = Person.objects.get(name="示例乙")
    first.post(
        reverse("org:person_change", args=[person.pk, "post"]),
        {"unit": Unit.objects.get(code="z01").pk, "role": "secretary", "title": "", "from_on": "2017-05-01"},
    )
    page = first.get(SET_UP).content.decode()
    assert "另有 1 个任职的人还没有账号" in page
    open_account = reverse("org:account_new", args=[person.pk])
    assert open_account in page
    first.post(open_account, {"username": "second", "password": "a-long-Phrase-8"})
    assert Account.objects.count() == 2
    page = first.get(SET_UP).content.decode()
    assert page.count("state-done") == 5
    assert "完成，去首页" in page
    assert "开始使用" not in first.get("/").content.decode()
    assert SET_UP in first.get(reverse("web:tables")).content.decode(), "found again later"


def test_steps_may_be_skipped_and_taken_in_any_order(first):
    for step, following in (("bureau", "units"), ("units", "people"), ("people", "members")):
        page = first.get(SET_UP, {"step": step}).content.decode()
        assert f'href="{SET_UP}?step={following}"' in page
    assert "完成，去首页" in first.get(SET_UP, {"step": "accounts"}).content.decode()
    assert first.get(SET_UP, {"step": "nonsense"}).status_code == 200


def test_steps_are_for_those_who_keep_the_organisation(cast):
    assert cast.client("secretary").get(SET_UP).status_code == 403
    page = cast.client("personnel").get(SET_UP).content.decode()
    assert "组织关系" not in page, "memberships are kept by the office"
    assert "org.people" in cast.client("personnel").get(SET_UP, {"step": "people"}).content.decode()
    assert SET_UP not in cast.client("secretary").get(reverse("web:tables")).content.decode()


def test_a_table_may_be_pasted_wherever_one_may_be_sent(cast):
    client = cast.client("officer")
    address = reverse("web:upload", args=["org.people"])
    answer = client.post(address, {"pasted": "工号\t姓名\n8001\t张三\n"})
    draft = ImportDraft.objects.get()
    assert (answer["Location"], draft.filename) == (reverse("web:draft", args=[draft.pk]), "粘贴的表格.csv")
    again = client.post(address, {"pasted": "工号\t姓名\n8001\t张三\n"})
    assert again["Location"] == answer["Location"]
    assert client.post(answer["Location"])["Location"] == answer["Location"]
    assert Person.objects.filter(staff_no="8001").exists()


@pytest.mark.parametrize(
    ("pasted", "content", "words"),
    [
        ("  \n\t", b"", "还没有选择文件，也没有粘贴内容"),
        ("", b"", "还没有选择文件，也没有粘贴内容"),
        ("工号\t姓名", "工号,姓名".encode(), "请只留一样"),
    ],
)
def test_what_cannot_be_read_is_told_and_what_was_pasted_stays(cast, pasted, content, words):
    values = {"pasted": pasted} | ({"file": SimpleUploadedFile("表.csv", content)} if content else {})
    page = cast.client("officer").post(reverse("web:upload", args=["org.people"]), values)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert pasted.strip() in page.content.decode()
    assert not ImportDraft.objects.exists()


def test_rows_pasted_without_headings_are_told(cast):
    client = cast.client("officer")
    answer = client.post(
        reverse("web:upload", args=["org.units"]), {"pasted": "办公室\t处室\n法制科\t处室\n"}
    )
    page = client.get(answer["Location"]).content.decode()
    assert "还不能导入" in page
    assert "“处室”是类别，不是名称" in page


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_posts(cast, django_assert_num_queries, number):
    Account.objects.filter(pk__in=[cast.neighbour.pk, cast.secretary.pk][: number - 1]).delete()
    client = cast.client("officer")
    # session, account, posts; bureau, units, people, members, accounts, posts
    with django_assert_num_queries(9):
        client.get(SET_UP, {"step": "accounts"})
