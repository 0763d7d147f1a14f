"""Issuing: what was sent can be found again, byte for byte, with the rows of every number."""

import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from qizhi.core import audit
from qizhi.core.documents.tests.pdf_checks import breaches
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import LedgerEntry
from qizhi.reports.models import IssuedOverview
from qizhi.reports.services.issuing import next_doc_no
from qizhi.reports.services.templates import save_template

ISSUE = "/reports/issued/new/?as_of=2018-01-15"
TODAY = dt.date(2018, 1, 15)


@pytest.fixture
def officer(cast, planted):
    return cast.client("officer")


def form(client, **more):
    page = client.get(ISSUE)
    initial = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    return {**initial, "id": str(uuid.uuid4()), **more}


def issue(client, **more):
    return client.post(ISSUE, form(client, **more))


def test_the_form_is_filled_in(cast, officer):
    values = form(officer)
    assert (values["mark"], values["signer"]) == ("甲示例局党组文件", "甲示例局党组")
    assert (values["doc_no"], values["issued_on"]) == ("示检党〔2018〕1号", TODAY)


def test_the_form_takes_what_the_bureau_keeps(cast, officer):
    assert "取自单位信息" in officer.get(ISSUE).content.decode()
    officer.post(
        reverse("org:bureau"),
        {"name": "新示例局", "short_name": "新局", "mark": "", "doc_prefix": "", "from_on": "2015-01-01"},
    )
    values = form(officer)
    assert (values["mark"], values["signer"], values["doc_no"]) == ("新示例局", "新示例局", "")
    assert "在单位信息里登记一次" in officer.get(ISSUE).content.decode()


def test_what_was_issued_is_kept_byte_for_byte(cast, officer):
    response = issue(officer)
    issued = IssuedOverview.objects.get()
    assert response["Location"] == issued.get_absolute_url()
    assert (issued.doc_no, issued.year, issued.as_of, issued.issued_by) == (
        "示检党〔2018〕1号",
        2017,
        TODAY,
        "干事壬",
    )
    assert issued.template.version == 1
    first = {
        kind: officer.get(f"{issued.get_absolute_url()}{kind}/").content for kind in ("docx", "pdf", "json")
    }
    assert hashlib.sha256(first["docx"]).hexdigest() == issued.docx_sha256
    assert hashlib.sha256(first["pdf"]).hexdigest() == issued.pdf_sha256
    assert "示检党〔2018〕1号" in json.dumps(
        [event.object_label for event in audit.history(issued)], ensure_ascii=False
    )
    LedgerEntry.objects.all().delete()  # whatever happens to the records afterwards
    again = {kind: officer.get(f"{issued.get_absolute_url()}{kind}/").content for kind in first}
    assert again == first


def test_docx_and_pdf_meet_the_standard(cast, officer):
    issue(officer)
    issued = IssuedOverview.objects.get()
    checked, failed = breaches(bytes(issued.docx), bytes(issued.pdf))
    assert checked > 70
    assert failed == []


def test_each_number_keeps_its_rows(cast, officer):
    issue(officer)
    issued = IssuedOverview.objects.get()
    LedgerEntry.objects.all().delete()
    page = officer.get(issued.get_absolute_url())
    assert page.status_code == 200
    numbers = issued.content["numbers"]
    index = next(i for i, one in enumerate(numbers) if one["key"] == "gatherings.congress")
    address = reverse("reports:issued_rows", args=[issued.pk, index])
    assert address in page.content.decode()
    drawer = officer.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in drawer
    assert "明细 5 行" in drawer
    assert drawer.count("<tr>") == 1 + 5
    assert officer.get(address).status_code == 200
    assert officer.get(reverse("reports:issued_rows", args=[issued.pk, 999])).status_code == 404


def test_a_double_click_issues_once(cast, officer):
    values = form(officer)
    assert officer.post(ISSUE, values).status_code == 302
    assert officer.post(ISSUE, values).status_code == 302
    assert IssuedOverview.objects.count() == 1


def test_numbers_count_on_and_are_given_once(cast, officer):
    issue(officer, doc_no="示检党〔2018〕9号")
    assert next_doc_no(cast.bureau, TODAY) == "示检党〔2018〕10号"
    assert next_doc_no(cast.bureau, dt.date(2019, 1, 1)) == "示检党〔2019〕1号"
    refused = issue(officer, doc_no="示检党〔2018〕9号")
    assert refused.status_code == 422
    assert "已经用过" in refused.content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"doc_no": "示检党[2018]3号"}, "写法不对"),
        ({"doc_no": "示检党〔2018〕03号"}, "写法不对"),
        ({"doc_no": "示检党〔2017〕3号"}, "年份不一致"),
        ({"doc_no": ""}, "必填"),
        ({"issued_on": "2018-01-16"}, "不能晚于今天"),
        ({"issued_on": "x"}, "没有读懂这个日期"),
        ({"seen": "0" * 64}, "您查看之后"),
        ({"signer": ""}, "必填"),
    ],
)
def test_what_is_wrong_is_told_and_kept(cast, officer, more, words):
    response = issue(officer, **more)
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text.replace("年份与成文日期的年份不一致", "年份不一致")
    assert not IssuedOverview.objects.exists()
    assert str(response.context["form"]["mark"].value()) == "甲示例局党组文件"


def test_numbers_that_moved_meanwhile_must_be_looked_at_again(cast, officer, planted):
    values = form(officer)
    planted.many(1, 2017, Ledger.CONGRESS, unit=cast.second)
    refused = officer.post(ISSUE, values)
    assert refused.status_code == 422
    assert "数字已经不同" in refused.content.decode()
    # The page that told it shows the new numbers; sent once more, they are issued.
    again = {**values, "seen": refused.context["form"]["seen"].value()}
    assert officer.post(ISSUE, again).status_code == 302


def test_a_typed_number_cannot_be_issued(cast, officer):
    save_template(
        bureau_id=cast.bureau.pk,
        title="综述",
        body="大会[[gatherings.congress]]次，共15次。",
        base_version=0,
        by=cast.actor("officer"),
    )
    refused = issue(officer)
    assert refused.status_code == 422
    assert "1 处手工写的数字（第 1 行第 29 字“15”）" in refused.content.decode()


def test_an_overview_without_numbers_cannot_be_issued(cast):
    client = cast.client("outsider")
    page = client.get(ISSUE)
    values = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    refused = client.post(ISSUE, values)
    assert refused.status_code == 422
    assert "没有可以列入的数字" in refused.content.decode()


def test_the_database_refuses_to_change_what_was_issued(cast, officer):
    issue(officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedOverview.objects.update(title="另一个")
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedOverview.objects.all().delete()
    assert IssuedOverview.objects.get().title == "甲示例局党建工作综述"


def test_the_list_names_them(cast, officer):
    assert "还没有出过文" in officer.get("/reports/issued/").content.decode()
    issue(officer)
    assert "示检党〔2018〕1号" in officer.get("/reports/issued/").content.decode()


def test_another_bureau_finds_nothing(cast, officer):
    issue(officer)
    issued = IssuedOverview.objects.get()
    stranger = cast.client("outsider")
    for address in (
        issued.get_absolute_url(),
        f"{issued.get_absolute_url()}pdf/",
        f"{issued.get_absolute_url()}numbers/0/",
    ):
        assert stranger.get(address).status_code == 404
    assert "示检党" not in stranger.get("/reports/issued/").content.decode()


def test_bad_days_are_answered_with_words(cast, officer):
    response = officer.get("/reports/issued/new/?as_of=2018-02-30")
    assert response.status_code == 422
    assert "需要修改" in response.content.decode()
