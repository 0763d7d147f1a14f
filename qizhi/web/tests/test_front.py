"""Log-in, first start, restore, search, own records, gallery and the pages for errors."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qizhi.branch_life.models import Talk
from qizhi.core import clock
from qizhi.core.permissions import system
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import (
    GatheringFacts,
    RollFact,
    VisitorFact,
    load_standard_kinds,
    record_gathering,
)
from qizhi.org.models import Account, Bureau, Membership, Person
from qizhi.org.services.transfer import export_bureau
from qizhi.regulations.models import CalendarPaper

FIRST = {
    "name": "某某示例局",
    "short_name": "某局",
    "doc_prefix": "某检党",
    "founded_on": "2017-01-01",
    "officer_name": "示例甲",
    "staff_no": "0001",
    "username": "first",
    "password": "a-long-Phrase-7",
}


def test_log_in_goes_where_one_wanted_to_go(cast):
    client = Client()
    answer = client.get(reverse("org:people"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")
    answer = client.post(
        answer["Location"], {"username": "officer", "password": "password", "next": "/org/people/"}
    )
    assert answer["Location"] == "/org/people/"


def test_a_wrong_password_is_said_and_a_strange_target_is_dropped(cast):
    client = Client()
    page = client.post(reverse("web:log_in"), {"username": "officer", "password": "wrong"})
    assert page.status_code == 422
    assert "用户名或密码不对" in page.content.decode()
    values = {"username": "officer", "password": "password", "next": "https://example.com/"}
    assert client.post(reverse("web:log_in"), values)["Location"] == "/"


def test_log_out_needs_a_post(cast):
    client = cast.client("officer")
    assert client.get(reverse("web:log_out")).status_code == 200
    assert client.get(reverse("org:people")).status_code == 200
    assert client.post(reverse("web:log_out")).status_code == 302
    assert client.get(reverse("org:people")).status_code == 302


def test_an_empty_copy_asks_for_the_bureau_and_then_works(db):
    client = Client()
    assert client.get("/login/")["Location"] == reverse("web:first_start")
    assert client.post(reverse("web:first_start"), {**FIRST, "password": "123"}).status_code == 422
    assert not Bureau.objects.exists()
    answer = client.post(reverse("web:first_start"), FIRST, follow=True)
    assert answer.status_code == 200
    assert "已经可以用了" in answer.content.decode()
    assert CalendarPaper.objects.filter(year=2018).exists()
    assert client.get(reverse("web:first_start")).status_code == 404
    assert client.post(reverse("web:first_start"), FIRST).status_code == 404


def test_a_bureau_moves_to_an_empty_copy(cast):
    before = {
        "people": Person.objects.filter(bureau=cast.bureau).count(),
        "members": Membership.objects.count(),
    }
    with export_bureau(cast.bureau, by=system(cast.bureau.pk)) as file:
        content = file.read()
    _empty_the_house()
    archive = SimpleUploadedFile("归档.zip", content)
    client = Client()
    values = {"archive": archive, "username": "nobody", "password": "a-long-Phrase-7"}
    page = client.post(reverse("web:restore"), values)
    assert page.status_code == 422
    assert not Bureau.objects.exists()
    archive.seek(0)
    page = client.post(reverse("web:restore"), {**values, "username": "member"})
    assert "其他人会都登录不了" in page.content.decode()
    assert not Bureau.objects.exists()
    archive.seek(0)
    answer = client.post(reverse("web:restore"), {**values, "username": "officer"})
    assert answer.status_code == 302
    after = {"people": Person.objects.count(), "members": Membership.objects.count()}
    assert after == before
    assert Account.objects.get(username="officer").check_password("a-long-Phrase-7")
    assert not Account.objects.get(username="secretary").has_usable_password()


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x05\x06" + b"\0" * 18])
def test_a_broken_archive_is_refused_with_a_word(db, content):
    file = SimpleUploadedFile("坏.zip", content)
    values = {"archive": file, "username": "officer", "password": "a-long-Phrase-7"}
    page = Client().post(reverse("web:restore"), values)
    assert page.status_code == 422
    assert not Bureau.objects.exists()


def test_only_the_office_exports_everything(cast):
    assert cast.client("secretary").get(reverse("web:archive")).status_code == 403
    client = cast.client("officer")
    assert client.get(reverse("web:archive")).status_code == 200
    answer = client.post(reverse("web:archive"))
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_search_finds_only_what_one_may_see(cast):
    page = cast.client("officer").get(reverse("web:search"), {"q": "党员"}).content.decode()
    assert "党员丁" in page
    assert "党员庚" in page
    own = cast.client("secretary").get(reverse("web:search"), {"q": "党员"}).content.decode()
    assert "党员丁" in own
    assert "党员庚" not in own
    own = cast.client("secretary").get(reverse("web:search"), {"q": "党员丁"})
    assert own.status_code == 302
    assert own["Location"] == cast.person("member").get_absolute_url()
    both = cast.client("officer").get(reverse("web:search"), {"q": "党支部 第一"})
    assert both.url == cast.first.get_absolute_url(), "the only one that is found opens at once"
    assert cast.client("officer").get(reverse("web:search"), {"q": "%_'\"<b>"}).status_code == 200


def test_everybody_sees_their_own_records(cast):
    one, other = sorted((cast.person("secretary"), cast.person("member")), key=lambda person: person.pk)
    Talk.objects.create(
        bureau=cast.bureau,
        unit=cast.first,
        one=one,
        other=other,
        held_on=dt.date(2018, 1, 10),
        recorded_at=clock.now(),
    )
    assert "2018年1月10日" not in cast.client("neighbour").get(reverse("web:mine")).content.decode()
    page = cast.client("member").get(reverse("web:mine")).content.decode()
    assert "第一党支部" in page
    assert "到会例外" in page
    assert "2018年1月10日" in page
    assert cast.client("outsider").get(reverse("web:mine")).status_code == 200


def test_ones_volunteer_service_is_told_by_rolls_and_by_who_is_named(cast):
    by = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=by)
    kinds = {kind.key: kind for kind in Kind.objects.filter(bureau=cast.bureau)}
    member = cast.person("member")
    away, named = RollFact(person=member, state="absent"), VisitorFact(member)
    for day, keys, more in (
        (8, ("volunteer", "theme-day"), {"hours": Decimal(2)}),
        (9, ("volunteer", "theme-day"), {"hours": Decimal(4), "roll": (away,)}),
        (10, ("volunteer",), {"hours": Decimal("1.5"), "visitors": (named,)}),
    ):
        facts = GatheringFacts(
            unit=cast.first,
            held_on=dt.date(2018, 1, day),
            kinds=tuple(kinds[key] for key in keys),
            title=f"服务{day}",
            **more,
        )
        record_gathering(facts=facts, by=by)
    pages = {
        who: cast.client(who).get(reverse("web:mine")).content.decode()
        for who in ("member", "secretary", "neighbour")
    }
    assert "2018年 2 次，3.5 小时" in pages["member"]
    assert "服务9" not in pages["member"].partition("志愿服务</h2>")[2].partition("</section>")[0]
    assert "2018年 2 次，6 小时" in pages["secretary"]
    assert "由活动的名册" not in pages["neighbour"]


def test_the_gallery_shows_every_component(db):
    assert Client().get(reverse("web:components")).status_code == 200


def test_error_pages_say_what_to_do(cast):
    client = cast.client("member")
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "没有找到" in page.content.decode()
    page = client.get(reverse("web:archive"))
    assert page.status_code == 403
    assert "全库导出" in page.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.officer)
    page = strict.post(reverse("org:person_new"), {"name": "x"})
    assert page.status_code == 403
    assert "页面已过期" in page.content.decode()


def _empty_the_house():
    from django.apps import apps  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from qizhi.core.models import AuditEvent  # noqa: PLC0415

    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        for config in apps.get_app_configs():
            if config.name.startswith("qizhi."):
                for model in config.get_models():
                    if model is not AuditEvent:
                        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608


@pytest.mark.parametrize(("who", "sees"), [("officer", True), ("secretary", True), ("member", False)])
def test_tables_stand_in_the_navigation_of_those_who_have_some(cast, who, sees):
    text = cast.client(who).get("/").content.decode()
    assert ("导入导出" in text.partition("mainnav")[2].partition("</nav>")[0]) is sees


def test_a_page_with_another_address_belongs_to_its_entry(cast):
    text = cast.client("officer").get(reverse("study:bureau")).content.decode()
    here = text.partition('aria-current="page"')[2]
    assert here.startswith(">计划<")


def test_every_page_says_where_complaints_go_also_to_those_who_are_not_known(cast):
    known = cast.client("member").get("/").content.decode()
    assert f"{reverse('publishing:complaint_new')}?page=/" in known.partition('class="foot"')[2]
    for address in (reverse("web:log_in"), reverse("web:own_open")):
        text = Client().get(address).content.decode().partition('class="foot"')[2]
        assert reverse("publishing:complaint_open") in text, address
        assert "向本单位政工处当面" in text
        assert "不需要账号" in text
