"""Liaison officers, risk points with their reviews, and what conduct supervisors say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from qizhi.conduct.models import Liaison, Opinion, RiskPoint
from qizhi.conduct.services import risks as services
from qizhi.conduct.services.risks import RiskFacts
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.org.models import Post
from qizhi.tasks.enums import Settlement
from qizhi.tasks.models import Duty
from qizhi.tasks.services.parts import settle_part

D = dt.date
TODAY = D(2018, 1, 15)
RISKS = "/conduct/risks/"
OPINIONS = "/conduct/opinions/"


EARLY = D(2018, 1, 10)


def save(cast, name="示例风险点", review_on=EARLY, risk=None, unit=None):
    facts = RiskFacts(unit or cast.department, name, "high", "示例措施", review_on)
    return services.save_risk(risk, facts=facts, by=cast.actor("inspector"))


@pytest.fixture
def meeting(cast):
    """A conduct supervisors' meeting of the bureau."""
    officer = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=officer)
    kind = Kind.objects.get(bureau=cast.bureau, key="supervisors")
    facts = GatheringFacts(unit=cast.root, held_on=D(2018, 1, 12), kinds=(kind,), title="行风监督员座谈")
    return record_gathering(facts=facts, by=officer)


def test_a_point_is_reviewed_closed_and_then_left_alone(cast):
    risk, by = save(cast), cast.actor("inspector")
    page = cast.client("inspector").get(RISKS).content.decode()
    assert "有 <strong>1</strong> 个风险点过了复核日期" in page
    with pytest.raises(Refused, match="已有名为"):
        save(cast)
    with pytest.raises(Refused, match="之后"):
        services.review_risk(risk, reviewed_on=TODAY, review_on=TODAY, by=by)
    services.review_risk(risk, reviewed_on=TODAY, review_on=D(2018, 7, 15), by=by)
    assert "没有过期" in cast.client("leader").get(RISKS).content.decode()
    services.close_risk(risk, closed_on=TODAY, by=by)
    for change in (
        lambda: save(cast, risk=risk),
        lambda: services.review_risk(risk, reviewed_on=TODAY, review_on=D(2018, 7, 15), by=by),
    ):
        with pytest.raises(Refused, match="已于2018年1月15日销号"):
            change()
    assert save(cast).pk != risk.pk  # a new one of the name may come up


def test_a_head_keeps_the_own_department_and_strangers_find_nothing(cast):
    risk = save(cast)
    assert cast.client("member").get(RISKS).status_code == 403
    Post.objects.create(
        bureau=cast.bureau,
        person=cast.person("member"),
        unit=cast.department,
        role="department_head",
        from_on=D(2015, 1, 1),
    )
    Post.objects.create(
        bureau=cast.bureau,
        person=cast.person("neighbour"),
        unit=cast.root,
        role="department_head",
        from_on=D(2015, 1, 1),
    )
    page = f"{RISKS}{risk.pk}/"
    assert cast.client("member").get(f"{page}review/").status_code == 200
    assert cast.client("neighbour").get(page).status_code == 404
    assert cast.client("outsider").get(page).status_code in {403, 404}
    assert cast.client("leader").get(page).status_code == 200
    assert cast.client("leader").get(f"{page}edit/").status_code == 403


def test_the_form_makes_one_point_however_often_it_is_sent(cast):
    client = cast.client("inspector")
    form = client.get(f"{RISKS}new/").context["form"]
    sent = {
        "id": str(form["id"].value()),
        "unit": str(cast.department.pk),
        "name": "示例",
        "level": "low",
        "measures": "示例",
        "review_on": "2018-06-30",
    }
    for _ in range(2):
        assert client.post(f"{RISKS}new/", sent).status_code == 302
    assert RiskPoint.objects.count() == 1
    bad = client.post(f"{RISKS}new/", {**sent, "level": "火"})
    assert bad.status_code == 422


def test_liaisons_are_named_ended_and_missed(cast):
    by, person = cast.actor("inspector"), cast.person("member")
    assert "没有联络员" in cast.client("inspector").get("/conduct/liaisons/").content.decode()
    row = services.name_liaison(person=person, unit=cast.department, from_on=D(2017, 1, 1), by=by)
    with pytest.raises(Refused, match="已是"):
        services.name_liaison(person=person, unit=cast.department, from_on=TODAY, by=by)
    assert "每个处室都有联络员" in cast.client("officer").get("/conduct/liaisons/").content.decode()
    with pytest.raises(Refused, match="早于起始"):
        services.end_liaison(row, to_on=D(2016, 12, 31), by=by)
    services.end_liaison(row, to_on=D(2018, 1, 14), by=by)
    assert "没有联络员" in cast.client("inspector").get("/conduct/liaisons/").content.decode()


def test_a_term_that_was_entered_wrongly_is_corrected_or_removed(cast):
    by, client = cast.actor("inspector"), cast.client("inspector")
    row = services.name_liaison(
        person=cast.person("member"), unit=cast.department, from_on=D(2017, 1, 1), by=by
    )
    page = f"/conduct/liaisons/{row.pk}/edit/"
    assert f'value="{row.person.name}({row.person.staff_no})"' in client.get(page).content.decode()
    sent = {
        "unit": str(cast.department.pk),
        "person": "书记甲",
        "from_on": "2017-02-01",
        "to_on": "2017-01-01",
    }
    assert "早于起始" in client.post(page, sent).content.decode()
    assert client.post(page, {**sent, "to_on": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.person, row.from_on, row.to_on) == (cast.person("secretary"), D(2017, 2, 1), None)
    assert "更正" in client.get(page).content.decode(), "what happened to it is told there"
    other = services.name_liaison(
        person=cast.person("member"), unit=cast.department, from_on=D(2017, 1, 1), by=by
    )
    twice = client.post(f"/conduct/liaisons/{other.pk}/edit/", {**sent, "to_on": ""})
    assert "已是" in twice.content.decode()
    gone = f"/conduct/liaisons/{other.pk}/remove/"
    assert client.post(gone, {"because": " "}).status_code == 422
    assert client.post(gone, {"because": "登记错了人"}).status_code == 302
    assert list(Liaison.objects.all()) == [row]
    event = AuditEvent.objects.get(verb="conduct.remove_liaison")
    assert event.after == {"删除原因": "登记错了人"}


def test_an_opinion_becomes_a_task_once(cast, meeting):
    officer = cast.client("officer")
    page = officer.get(meeting.get_absolute_url()).content.decode()
    assert f"{OPINIONS}{meeting.pk}/new/" in page
    officer.post(f"{OPINIONS}{meeting.pk}/new/", {"supervisor": "监督员甲", "text": "窗口指引不清楚"})
    opinion = Opinion.objects.get()
    assert "窗口指引不清楚（没有转督办）" in officer.get(meeting.get_absolute_url()).content.decode()
    form = officer.get(f"{OPINIONS}{opinion.pk}/task/").context["form"]
    sent = {
        "id": str(form["id"].value()),
        "text": form.initial["text"],
        "due_on": "2018-02-28",
        "issuer": str(cast.committee.pk),
        "issued_on": "2018-01-15",
        "units": [str(cast.first.pk)],
    }
    for _ in range(2):
        assert officer.post(f"{OPINIONS}{opinion.pk}/task/", sent).status_code == 302
    duty = Duty.objects.get()
    assert (duty.text, duty.parts.get().unit) == ("行风监督意见：窗口指引不清楚", cast.first)
    shown = officer.get(OPINIONS).content.decode()
    assert duty.get_absolute_url() in shown
    assert "意见都已答复或转为任务" in shown


def test_an_opinion_can_be_a_task_of_a_department_whose_head_sees_and_ends_it(cast, meeting):
    head = cast.person("member")
    make = {"bureau": cast.bureau, "from_on": D(2015, 1, 1), "role": "department_head"}
    Post.objects.create(**make, person=head, unit=cast.department)
    said = services.record_opinion(
        gathering=meeting, supervisor="", text="指引不清", by=cast.actor("officer")
    )
    officer, client = cast.client("officer"), cast.client("member")
    sent = {
        "id": str(new_id()),
        "text": "行风监督意见：指引不清",
        "due_on": "2018-02-28",
        "issuer": str(cast.committee.pk),
        "issued_on": "2018-01-15",
        "units": [str(cast.department.pk)],
    }
    assert officer.post(f"{OPINIONS}{said.pk}/task/", sent).status_code == 302
    part = Duty.objects.get().parts.get()
    assert part.unit == cast.department
    assert "办理中" in officer.get(OPINIONS).content.decode()
    assert "行风监督意见：指引不清" in client.get("/").content.decode()
    assert "行风监督意见：指引不清" in client.get("/tasks/duties/").content.decode()
    assert client.get(part.get_absolute_url()).status_code == 200
    assert cast.client("neighbour").get(part.get_absolute_url()).status_code == 404
    settle_part(part, how=Settlement.DONE, on=TODAY, by=cast.actor("member"))
    assert "已办结" in officer.get(OPINIONS).content.decode()
    assert "行风监督意见：指引不清" not in client.get("/").content.decode()


def test_opinions_are_only_of_such_meetings_and_only_for_those_who_keep_them(cast, meeting):
    load = Kind.objects.get(bureau=cast.bureau, key="lesson")
    facts = GatheringFacts(unit=cast.first, held_on=D(2018, 1, 12), kinds=(load,), title="党课")
    lesson = record_gathering(facts=facts, by=cast.actor("secretary"))
    assert cast.client("officer").get(f"{OPINIONS}{lesson.pk}/new/").status_code == 404
    assert cast.client("member").get(OPINIONS).status_code == 403
    opinion = services.record_opinion(gathering=meeting, supervisor="", text="好", by=cast.actor("inspector"))
    assert cast.client("outsider").get(f"{OPINIONS}{opinion.pk}/edit/").status_code == 404
    assert cast.client("inspector").get(f"{OPINIONS}{opinion.pk}/task/").status_code == 403
    with pytest.raises(Refused, match="还没有写意见"):
        services.record_opinion(gathering=meeting, supervisor="", text=" ", by=cast.actor("inspector"))


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, meeting, django_assert_num_queries, number):
    by = cast.actor("inspector")
    for count in range(number):
        save(cast, name=f"示例{count}")
        services.record_opinion(gathering=meeting, supervisor="", text=f"意见{count}", by=by)
        person = cast.person(("member", "secretary", "leader")[count])
        services.name_liaison(person=person, unit=cast.department, from_on=TODAY, by=by)
    client = cast.client("inspector")
    for path, queries in ((RISKS, 7), ("/conduct/liaisons/", 5), (OPINIONS, 7)):
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


def test_points_and_liaisons_come_from_a_spreadsheet_twice_the_same(cast):
    client = cast.client("inspector")
    files = {
        "conduct.risks": "处室,风险点,等级,防控措施,下次复核日期\n示例处,示例点,高,示例措施,2018-06-30\n",
        "conduct.liaisons": "处室,联络员,起始日期\n示例处,党员丁,2018-01-02\n",
    }
    for key, text in files.items():
        for _ in range(2):
            upload = ContentFile(text.encode(), name="表.csv")
            draft = client.post(f"/tables/{key}/upload/", {"file": upload})
            assert draft.status_code == 302, draft.content.decode()
            client.post(draft.url, {"yes": "1"})
    with clock.at(TODAY):
        assert (RiskPoint.objects.count(), Liaison.objects.count()) == (1, 1)


def test_what_was_answered_at_the_meeting_waits_for_no_task(cast, meeting):
    inspector, new = cast.client("inspector"), f"{OPINIONS}{meeting.pk}/new/"
    said = {"id": new_id(), "supervisor": "监督员甲", "text": "希望电子屏及时更新", "answer": ""}
    assert inspector.post(new, said).status_code == 302
    opinion = Opinion.objects.get()
    assert "<strong>1</strong> 条意见还没有答复" in inspector.get(OPINIONS).content.decode()
    edit = f"{OPINIONS}{opinion.pk}/edit/"
    assert inspector.post(edit, {**said, "answer": "会上答复：每周一更新"}).status_code == 302
    page = inspector.get(OPINIONS).content.decode()
    assert "已答复" in page
    assert "会上答复：每周一更新" in page
    assert "意见都已答复或转为任务" in page
    assert "条还没有答复" not in cast.client("leader").get("/").content.decode()
    assert inspector.get(edit).context["form"].initial["answer"] == "会上答复：每周一更新"
    assert "会上答复：每周一更新" in inspector.get(f"{OPINIONS}?format=csv").content.decode()
