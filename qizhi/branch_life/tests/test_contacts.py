"""Contacts: who keeps contact with which branch, against visits recorded with gatherings."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

import pytest
from django.urls import reverse

from qizhi.branch_life import queries, services
from qizhi.branch_life.models import Contact
from qizhi.branch_life.rules import State, judge_contact
from qizhi.core import audit, figures, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import NOTHING, Ask, Value
from qizhi.core.models import AuditEvent
from qizhi.gatherings.models import Visitor
from qizhi.gatherings.services import comment_as_auditor

D = dt.date
YEAR = periods.year(2018)
NEW_YEAR = D(2018, 1, 1)
MATRIX = "/branch-life/contacts/"


def figure_of(key):
    found = figures.get(f"branch_life.{key}")
    assert found is not None
    return found


def body(response):
    return response.content.decode().split("<main")[1]


@pytest.fixture
def contact(cast, april):
    """Make the leader the contact of a branch."""

    def make(unit=None, kind="contact", from_on=NEW_YEAR, visits=None, person="leader"):
        found = services.add_contacts(
            person=cast.person(person),
            units=[unit or cast.first],
            kind=kind,
            from_on=from_on,
            visits_a_year=visits,
            by=cast.actor("officer"),
        )
        return found[0]

    return make


@pytest.fixture
def visit(cast, hold):
    """The leader ticks a gathering of a unit on a day as attended."""

    def come(unit, day, comment=""):
        gathering = hold(unit, day, "theme-day")
        comment_as_auditor(gathering, comment=comment, by=cast.actor("leader"))
        return gathering

    return come


def matrix(cast, kind="contact", span=YEAR):
    return queries.contact_matrix(cast.bureau.pk, [cast.first, cast.second], kind, span, D(2018, 4, 20))


def test_once_is_enough_unless_the_plan_says_a_number():
    first_half = periods.Period(D(2018, 1, 1), D(2018, 6, 30))
    assert judge_contact(1, None, YEAR, D(2018, 4, 20)) is State.DONE
    assert judge_contact(1, 2, YEAR, D(2018, 4, 20)) is State.DUE
    assert judge_contact(1, 2, YEAR, D(2018, 12, 31)) is State.DUE
    assert judge_contact(1, 2, YEAR, D(2019, 1, 1)) is State.MISSING
    assert judge_contact(0, None, first_half, D(2018, 7, 1)) is State.MISSING


def test_the_matrix_counts_visits_to_the_branch_and_its_groups(cast, contact, visit):
    contact(visits=2)
    visit(cast.first, D(2018, 1, 8))
    gathering = visit(cast.second, D(2018, 2, 8))
    group = visit(cast.first, D(2018, 3, 8))
    group.unit = cast.group
    group.save()
    ((person, (first, second)),) = matrix(cast, "contact").rows
    assert (person, first.visits, first.counted, first.state) == (cast.person("leader"), 2, 2, State.DONE)
    assert (second.visits, second.contacts, second.state) == (1, (), None)
    gathering.withdrawn_at = gathering.recorded_at
    gathering.save()
    assert matrix(cast).rows[0][1][1].visits == 0
    assert matrix(cast).without == [cast.second]
    assert matrix(cast).rows[0][1][0].short_by == 0
    assert matrix(cast).covered == [cast.first]


def test_a_visit_before_the_contact_began_is_shown_and_not_counted(cast, contact, visit):
    visit(cast.first, D(2018, 1, 8))
    contact(from_on=D(2018, 2, 1))
    cell = matrix(cast).rows[0][1][0]
    assert (cell.visits, cell.counted, cell.short_by, cell.state) == (1, 0, 1, State.DUE)


def test_coverage_by_hand(cast, contact, visit):
    """Two branches have a contact person, one was visited: 1/2; a branch without one is not counted."""
    figure = figure_of("contact_coverage")
    ask = Ask(cast.bureau.pk, YEAR, D(2018, 4, 20))
    assert figure.value(ask) == NOTHING
    contact(cast.first)
    contact(cast.second)
    visit(cast.first, D(2018, 1, 8))
    assert figure.value(ask) == Value(Fraction(1, 2), 1, 2)
    assert list(figure.rows(ask)) == [cast.first]
    assert figure.by_unit(ask) == {
        cast.first.pk: Value(Fraction(1), 1, 1),
        cast.second.pk: Value(Fraction(0), 0, 1),
    }
    assert figure.link(cast.first) == f"{MATRIX}?kind=contact#z01"
    guidance = figure_of("guidance_coverage")
    assert guidance.value(ask) == NOTHING
    contact(cast.second, "guidance")
    assert guidance.value(ask) == Value(Fraction(0), 0, 1)


def test_contacts_do_not_overlap_and_stand_in_branches_that_exist(cast, contact):
    made = contact()
    assert contact() == made
    with pytest.raises(Refused, match="已经是“第一党支部”的联系人"):
        contact(from_on=D(2018, 3, 1))
    with pytest.raises(Refused, match="不存在"):
        contact(from_on=D(2014, 3, 1))
    with pytest.raises(Refused, match="不是党支部"):
        contact(cast.department)
    by = cast.actor("officer")
    with pytest.raises(Refused, match="截止日期早于起始日期"):
        services.change_contact(made, from_on=D(2018, 1, 1), to_on=D(2017, 1, 1), visits_a_year=1, by=by)
    made.refresh_from_db()
    services.change_contact(made, from_on=D(2018, 1, 1), to_on=D(2018, 2, 28), visits_a_year=3, by=by)
    contact(from_on=D(2018, 3, 1))
    event = audit.history(made).first()
    assert (event.before, event.after) == (
        {"to_on": None, "visits_a_year": None},
        {"to_on": "2018-02-28", "visits_a_year": 3},
    )
    key = made.pk
    services.remove_contact(made, by=by)
    event = AuditEvent.objects.get(object_id=key, verb="branch_life.remove_contact")
    assert event.before["person_id"] == str(cast.person("leader").pk)
    assert Contact.objects.count() == 1


def test_the_page_says_gaps_in_words_and_opens_to_the_gatherings(cast, contact, visit):
    contact(visits=2)
    gathering = visit(cast.first, D(2018, 1, 8), "主题鲜明")
    client = cast.client("officer")
    text = body(client.get(MATRIX))
    assert "<strong>1</strong> 个党支部有联系人，其中 <strong>1</strong> 个党支部已有联系人到会旁听" in text
    assert "还没有去够、年内仍可去的：第一党支部（局长丑）" in text
    assert "没有联系人的：第二党支部" in text
    address = f"{MATRIX}visits/?year=2018&person={cast.person('leader').pk}&unit={cast.first.pk}"
    assert address.replace("&", "&amp;") in text
    rows = body(client.get(address))
    assert gathering.get_absolute_url() in rows
    assert "主题鲜明" in rows
    table = client.get(f"{address}&format=csv").content.decode("utf-8-sig").splitlines()
    assert table[0] == "日期,组织,活动,旁听人,点评"
    assert table[1].endswith(",局长丑,主题鲜明")
    assert "<main" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
    file = client.get(MATRIX, {"format": "csv"}).content.decode("utf-8-sig")
    assert file.splitlines() == ["联系人,第一党支部,第二党支部", "局长丑,1次，未到期，计划 2 次,"]
    past = body(client.get(MATRIX, {"year": "2017"}))
    assert "还没有安排联系人" in past


def test_who_keeps_contact_finds_on_the_first_screen_where_still_to_go(cast, contact, visit):
    contact(visits=2)
    client = cast.client("leader")
    page = re.sub(r"<[^>]+>|\s+", "", body(client.get("/")))
    assert "第一党支部（联系旁听）还差2次2018年内" in page
    visit(cast.first, D(2018, 3, 9))
    page = re.sub(r"<[^>]+>|\s+", "", body(client.get("/")))
    assert "第一党支部（联系旁听）去过1次，还差1次2018年内" in page
    visit(cast.first, D(2018, 4, 9))
    assert "还差" not in body(client.get("/"))
    assert "（联系旁听）" not in body(cast.client("secretary").get("/"))


def test_a_secretary_sees_the_own_column_only_and_arranges_nothing(cast, contact, visit):
    contact(cast.first)
    contact(cast.second)
    visit(cast.first, D(2018, 1, 8))
    text = body(cast.client("neighbour").get(MATRIX))
    assert "第二党支部" in text
    assert "第一党支部" not in text
    address = f"{MATRIX}visits/?unit={cast.first.pk}"
    assert "2018年1月8日" not in body(cast.client("neighbour").get(address))
    for name in ("contact_list", "contact_new"):
        assert cast.client("secretary").get(reverse(f"branch_life:{name}")).status_code == 403
    branch = body(cast.client("secretary").get(reverse("branch_life:unit", args=[cast.first.pk])))
    assert "局长丑（联系旁听）" in branch
    assert "旁听 1 次" in branch


def test_contacts_are_arranged_changed_and_removed_on_pages(cast, april):
    client = cast.client("officer")
    new = reverse("branch_life:contact_new")
    values = {"kind": "contact", "person": cast.person("leader").pk, "from_on": "2018-01-01"}
    assert client.get(new).status_code == 200
    assert client.post(new, values).status_code == 422
    values["units"] = [cast.first.pk, cast.second.pk]
    assert client.post(new, {**values, "from_on": "2014-01-01"}).status_code == 422
    assert client.post(new, values)["Location"] == f"{MATRIX}?kind=contact"
    assert Contact.objects.count() == 2
    made = Contact.objects.get(unit=cast.first)
    edit = reverse("branch_life:contact_edit", args=[made.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {"from_on": "2018-01-01", "to_on": "2017-01-01"}).status_code == 422
    assert client.post(edit, {"from_on": "2018-01-01", "visits_a_year": "2"}).status_code == 302
    listed = reverse("branch_life:contact_list")
    assert "局长丑" in body(client.get(listed, {"current": "0"}))
    file = client.get(listed, {"format": "csv"}).content.decode("utf-8-sig")
    assert "局长丑(0012),第一党支部,联系旁听,2,2018-01-01," in file
    remove = reverse("branch_life:contact_remove", args=[made.pk])
    assert client.get(remove).status_code == 302
    assert client.post(remove).status_code == 302
    assert [one.unit for one in Contact.objects.select_related("unit")] == [cast.second]


def test_an_auditor_ticks_in_one_step_and_takes_it_back(cast, hold):
    gathering = hold(cast.first, D(2018, 1, 8), "theme-day")
    client, page = cast.client("leader"), gathering.get_absolute_url()
    assert "我旁听了这次活动" in body(client.get(page))
    assert "我旁听了这次活动" not in body(cast.client("secretary").get(page))
    assert client.post(reverse("gatherings:comment", args=[gathering.pk])).status_code == 302
    visitor = Visitor.objects.get()
    assert (visitor.role, visitor.comment) == ("auditor", "")
    assert "局长丑（联系旁听）" in body(cast.client("secretary").get(page))
    text = body(client.get(page))
    assert "我旁听了这次活动" not in text
    assert "取消我的旁听记录" in text
    leave = reverse("gatherings:leave_audit", args=[gathering.pk])
    assert cast.client("secretary").post(leave).status_code == 302
    assert Visitor.objects.exists()
    assert client.post(leave).status_code == 302
    assert not Visitor.objects.exists()
    client.post(reverse("gatherings:comment", args=[gathering.pk]), {"comment": "讨论充分"})
    assert client.post(leave).status_code == 409
    assert Visitor.objects.get().comment == "讨论充分"


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, contact, visit, number, django_assert_num_queries):
    for day in range(1, number + 1):
        visit(cast.first, D(2018, 2, day))
    for person in ("leader", "inspector", "officer")[:number]:
        contact(person=person)
    client = cast.client("officer")
    with django_assert_num_queries(9):
        client.get(MATRIX)
    with django_assert_num_queries(5):
        client.get(f"{MATRIX}visits/")
    with django_assert_num_queries(4):
        client.get(f"{MATRIX}list/")
