"""My page: everything about oneself, one's side of a case, a correction; with an account or a code on paper."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Correction, PrintedCode
from qizhi.conduct.rules.codes import OPEN_FOR
from qizhi.conduct.services import rights as services
from qizhi.conduct.tests.conftest import desk, rules, story  # noqa: F401 - fixtures
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.core.tries import Tries
from qizhi.org.models import Person
from qizhi.study.services.hours import record_completion, save_course
from qizhi.web.queries.own import SHOWN
from qizhi.web.queries.own_rows import OF_OFFICE, OWN
from qizhi.web.views.own import TRIES

D = dt.date
TODAY = D(2018, 1, 15)
CODE = "ABCDEFGHJKLMNPQR"


@pytest.fixture(autouse=True)
def _tries():
    TRIES.forget()


@pytest.fixture
def printed(cast):
    """A code for 党员丁, made by the personnel officer."""
    person = cast.person("member")
    return services.make_code(person=person, code=CODE, days=14, by=cast.actor("personnel"))


def come_in(code=CODE):
    client = Client()
    return client, client.post("/own/", {"code": code})


def test_a_code_opens_the_own_page_once_and_nothing_else(cast, printed):
    client, reply = come_in("abcd-efgh jklm-npqr")
    assert (reply.status_code, reply.url) == (302, "/own/page/")
    page = client.get("/own/page/")
    assert "党员丁" in page.content.decode()
    assert not re.search(r">\d{4}-\d\d-\d\d", page.content.decode()), "days are written as people write them"
    assert page["Cache-Control"] == "no-store, private"
    for path in ("/", "/mine/", "/org/people/", f"/org/people/{printed.person_id}/", "/search/?q=甲"):
        assert client.get(path).status_code == 302  # to the log-in
    _, again = come_in()
    assert again.status_code == 422
    assert "打不开" in again.content.decode()
    client.post("/own/close/")
    assert client.get("/own/page/").status_code == 302


def test_the_hours_of_the_year_open_to_their_rows_by_either_door(cast, printed):
    course = save_course(name="网上党校", provider="", hours=Decimal(7), by=cast.actor("officer"))
    record_completion(
        person=printed.person,
        course=course,
        hours=Decimal("7.5"),
        completed_on=D(2018, 1, 9),
        by=cast.actor("member"),
    )
    client = cast.client("member")
    (link,) = re.findall(r'href="([^"]+)" aria-label="本年学时：7.5', client.get("/mine/").content.decode())
    assert "网上党校" in client.get(link, follow=True).content.decode()
    page = come_in()[0].get("/own/page/").content.decode()
    assert '<a class="figure" href="#hours-rows" aria-label="本年学时：7.5' in page
    rows = page.split('id="hours-rows"')[1].split("</table>")[0]
    assert "2018年1月9日" in rows
    assert "网上党校" in rows


def test_what_was_opened_closes_by_itself_and_with_the_code(cast, printed):
    client, _ = come_in()
    with clock.at(clock.now() + OPEN_FOR):
        assert client.get("/own/page/").status_code == 302
    assert client.get("/own/page/").status_code == 200
    services.revoke_code(PrintedCode.objects.get(), by=cast.actor("personnel"))
    assert client.get("/own/page/").status_code == 302
    assert client.get("/own/download/").status_code == 302


def test_only_a_fingerprint_is_kept_and_the_log_holds_neither(cast, printed):
    come_in()
    assert len(printed.hash) == 64
    kept = json.dumps(
        [[event.before, event.after, event.object_label] for event in AuditEvent.objects.all()],
        ensure_ascii=False,
    )
    assert CODE not in kept
    assert printed.hash not in kept
    used = AuditEvent.objects.get(verb="conduct.use_code")
    assert (used.by_id, used.by_label) == (None, "党员丁（一次性查询码）")


@pytest.mark.parametrize(
    "typed", ["", " ", "A" * 16, "A" * 5000, "ABCDEFGHJKLMNPQ", "'; --", "你好", CODE.replace("A", "O")]
)
def test_hostile_codes_open_nothing(cast, printed, typed):
    client, reply = come_in(typed)
    assert reply.status_code == 422
    assert client.get("/own/page/").status_code == 302
    client.cookies["sessionid"] = "forged"
    assert client.get("/own/page/").status_code == 302
    assert PrintedCode.objects.get().used_at is None


def test_codes_expire_and_cannot_be_made_for_oneself_or_for_ever(cast, printed):
    with clock.at(D(2018, 1, 30)):
        assert come_in()[1].status_code == 422
    personnel = cast.actor("personnel")
    for person, days, code, said in (
        (cast.person("personnel"), 14, CODE[::-1], "您有账号"),
        (cast.person("member"), 91, CODE[::-1], "有效期"),
        (cast.person("member"), 14, "short", "不完整"),
    ):
        with pytest.raises(Refused, match=said):
            services.make_code(person=person, code=code, days=days, by=personnel)


def test_guessing_is_slowed_down(cast, printed):
    for _ in range(10):
        assert come_in("B" * 16)[1].status_code == 422
    _client, reply = come_in()
    assert "先停 10 分钟" in reply.content.decode()
    with clock.at(clock.now() + dt.timedelta(minutes=11)):
        assert come_in()[1].status_code == 302


def test_tries_of_one_do_not_count_for_another():
    tries = Tries(most=1, within=dt.timedelta(minutes=1))
    tries.count("甲")
    assert (tries.may_try("甲"), tries.may_try("乙")) == (False, True)


def test_an_account_closes_what_a_code_opened(cast, printed):
    client, _ = come_in()
    client.force_login(cast.neighbour)
    assert client.get("/own/page/").status_code == 302
    _, reply = come_in()
    assert reply.status_code == 422


def test_the_office_prints_a_code_and_a_double_click_prints_the_same(cast):
    client = cast.client("personnel")
    form = client.get("/conduct/codes/new/?person=0004").context["form"]
    sent = {name: str(form[name].value()) for name in ("id", "code", "days")} | {"person": "党员丁"}
    pages = [client.post("/conduct/codes/new/", sent).content.decode() for _ in range(2)]
    codes = [re.search(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", page).group() for page in pages]
    assert codes[0] == codes[1]
    assert "http://testserver/own/" in pages[0]
    assert PrintedCode.objects.count() == 1
    assert codes[0] not in client.get("/conduct/codes/").content.decode()
    assert come_in(codes[0])[1].status_code == 302
    assert "党员丁" not in cast.client("outsider").get("/conduct/codes/").content.decode()
    for name in ("member", "secretary", "inspector", "leader"):
        assert cast.client(name).get("/conduct/codes/").status_code == 403


def test_one_states_and_appeals_with_a_code(cast, story, printed):  # noqa: F811
    case = story.notified()
    client, _ = come_in()
    page = client.get("/own/page/").content.decode()
    assert f"{case}等您陈述" in page
    there = f"/own/cases/{case.pk}/"
    told = client.get(there).content.decode()
    for words in ("着装不规范的，每次扣1分。", "未着制服", "陈述期 5 个工作日，到2018年1月22日"):
        assert words in told
    assert client.post(there, {"statement": " "}).status_code == 422
    assert client.post(there, {"statement": "当日外勤"}).status_code == 302
    case.refresh_from_db()
    assert (case.statement, case.stated_on) == ("当日外勤", TODAY)
    step = case.steps.get(kind="stated")
    assert (step.by, step.by_label) == (cast.person("member"), "党员丁（一次性查询码）")


def test_the_own_page_says_that_one_has_spoken_and_leads_to_the_own_documents(cast, story):  # noqa: F811
    story.stated()
    page = cast.client("member").get(reverse("web:mine")).content.decode()
    assert "<td>已陈述，待决定</td>" in page
    assert "?whose=mine&amp;show=all" in page


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        (D(2018, 2, 6), CaseStatus.APPEALED, "由没有参加记录和决定的第三人复核，2018年5月6日前答复"),
        (D(2018, 2, 7), CaseStatus.DECIDED, "已过申诉期，先由第三人决定是否受理"),
    ],
)
def test_appeals_are_taken_in_time_and_late(cast, story, day, status, said):  # noqa: F811
    case = story.decided()
    with clock.at(day):
        services.make_code(person=cast.person("member"), code=CODE, days=5, by=cast.actor("personnel"))
        client, _ = come_in()
        page = client.post(f"/own/cases/{case.pk}/", {"appeal": "不服"}, follow=True)
        assert said in page.content.decode()
        paper = client.get(f"/own/cases/{case.pk}/decision.pdf")
        assert (paper.status_code, paper.content[:4]) == (200, b"%PDF")
        assert client.get(f"/own/cases/{case.pk}/review.pdf").status_code == 404
    case.refresh_from_db()
    assert (case.status, case.is_appeal_late) == (status, status == CaseStatus.DECIDED)


def test_nobody_opens_the_case_of_another_and_no_draft_at_all(cast, story, printed):  # noqa: F811
    case = story.notified()
    draft = story.drafted(happened_on=D(2018, 1, 9))
    for name in ("neighbour", "officer", "outsider"):
        assert cast.client(name).get(case.get_absolute_url()).status_code in {403, 404}
    page = cast.client("member").get("/mine/").content.decode()
    assert str(case) in page
    assert '组织关系</h2><span class="fold-number">1 条</span>' in page
    assert str(draft) not in cast.client("member").get("/mine/").content.decode()
    other = story.notified(person=cast.person("neighbour"), happened_on=D(2018, 1, 9))
    client, _ = come_in()
    assert client.get(f"/own/cases/{other.pk}/").status_code == 404
    assert client.get(f"/own/cases/{draft.pk}/").status_code == 404
    assert str(draft) not in client.get("/own/page/").content.decode()


def test_a_correction_is_asked_answered_and_never_by_oneself(cast, story, printed):  # noqa: F811
    client, _ = come_in()
    form = client.get("/own/corrections/new/").context["form"]
    sent = {"id": str(form["id"].value()), "about": "到岗日期", "text": "应是2015年"}
    for _ in range(2):
        assert client.post("/own/corrections/new/", sent).status_code == 302
    row = Correction.objects.get()
    assert row.due_on == D(2018, 2, 5)  # 15 working days after Monday 15 January
    assert "更正申请已提交，2018年2月5日前答复。" in client.get("/own/page/").content.decode()
    assert "待本局确认" in cast.client("personnel").get("/conduct/corrections/").content.decode()
    answer = f"/conduct/corrections/{row.pk}/answer/"
    assert cast.client("member").get(answer).status_code == 403
    assert cast.client("outsider").get(answer).status_code == 404
    reply = cast.client("officer").post(answer, {"status": "corrected", "answer": "已改为2015年"})
    assert reply.status_code == 302
    assert "已改为2015年" in client.get("/own/page/").content.decode()
    own = services.ask_correction(
        person=cast.person("officer"), about="甲", text="乙", by=cast.actor("officer")
    )
    assert cast.client("officer").get(f"/conduct/corrections/{own.pk}/answer/").status_code == 404
    with pytest.raises(Refused, match="不能答复本人"):
        services.answer_correction(own, status="declined", answer="不", by=cast.actor("officer"))
    with pytest.raises(Refused, match="只能就本人"):
        services.ask_correction(person=cast.person("member"), about="甲", text="乙", by=cast.actor("officer"))


def test_the_first_screen_says_what_waits(cast, story, printed):  # noqa: F811
    case = story.notified()
    services.ask_correction(person=cast.person("member"), about="甲", text="乙", by=cast.actor("member"))
    assert f"{case}等您陈述" in cast.client("member").get("/").content.decode()
    assert "等您陈述" not in cast.client("neighbour").get("/").content.decode()
    for path in ("/", "/conduct/registers/"):
        assert "条等待答复" in cast.client("personnel").get(path).content.decode()
    assert cast.client("member").get("/conduct/registers/").status_code == 403


def test_everything_can_be_taken_away(cast, story, printed):  # noqa: F811
    case = story.notified()
    draft = story.drafted(happened_on=D(2018, 1, 9))
    services.ask_correction(person=cast.person("member"), about="甲", text="乙", by=cast.actor("member"))
    for path, client in (("/mine/", cast.client("member")), ("/own/", come_in()[0])):
        reply = client.get(f"{path}download/")
        with zipfile.ZipFile(io.BytesIO(reply.content)) as file:
            told = json.loads(file.read("全部记录.json"))
            names = file.namelist()
        assert told["姓名"] == "党员丁"
        assert [row["事实"] for row in told["微违规事项"]] == ["未着制服"]
        assert {"组织关系", "更正申请", "事项步骤", "账号"} <= set(told)
        assert all("密码" not in row and "password" not in str(row) for row in told["账号"])
        text = json.dumps(told, ensure_ascii=False)
        assert printed.hash not in text
        assert str(draft.pk) not in text
        assert any(name.endswith("微违规事项.xlsx") for name in names)
    assert case.pk != draft.pk


def test_every_table_that_names_people_is_theirs_or_the_offices():
    named = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Person:
                named.add(f"{model._meta.label}.{field.name}")
    said = {f"{key}.{way}" for key, ways in OWN.items() for way in ways} | OF_OFFICE
    assert named - said == set()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, story, printed, django_assert_num_queries, number):  # noqa: F811
    for count in range(number):
        story.notified(happened_on=D(2018, 1, 8 + count))
        services.ask_correction(
            person=cast.person("member"), about=f"甲{count}", text="乙", by=cast.actor("member")
        )
    client = cast.client("member")
    with django_assert_num_queries(39):
        assert client.get("/mine/").status_code == 200
    visitor, _ = come_in()
    with django_assert_num_queries(25 + len(OWN) - len(SHOWN)):  # one a table
        assert visitor.get("/own/page/").status_code == 200
