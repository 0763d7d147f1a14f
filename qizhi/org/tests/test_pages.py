"""Units and people in the browser: who sees what, and every change from form to page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.models import AuditEvent
from qizhi.org.enums import MemberStatus, Role, UnitKind
from qizhi.org.models import Account, Bureau, Leave, Membership, Person, Post, Unit
from qizhi.org.queries import branch_states, posts_on


def test_the_tree_shows_each_branch_with_its_state_on_the_day(cast):
    page = cast.client("member").get(reverse("org:units"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "当日共有 <strong>2</strong> 个党支部" in text
    state = branch_states(cast.bureau.pk, [cast.first.pk, cast.second.pk], dt.date(2018, 1, 15))
    assert (state[cast.first.pk].members, state[cast.first.pk].full_members, state[cast.first.pk].voters) == (
        5,
        4,
        4,
    )
    assert state[cast.first.pk].has_committee
    assert state[cast.first.pk].groups == 1
    assert not state[cast.second.pk].has_committee


def test_before_the_founding_nothing_is_there(cast):
    page = cast.client("officer").get(reverse("org:units"), {"on": "2014-12-31"})
    assert "当日共有 <strong>0</strong> 个党支部" in page.content.decode()
    assert cast.client("officer").get(reverse("org:units"), {"on": "昨天"}).status_code == 200


@pytest.mark.parametrize(("who", "sees"), [("secretary", True), ("neighbour", False), ("officer", True)])
def test_members_of_a_branch_are_seen_by_their_own(cast, who, sees):
    page = cast.client(who).get(cast.first.get_absolute_url())
    assert ("预备戊" in page.content.decode()) is sees


@pytest.mark.parametrize(
    ("who", "code"),
    [("secretary", 200), ("neighbour", 404), ("outsider", 404), ("member", 200), ("officer", 200)],
)
def test_a_person_is_open_to_themselves_their_branch_and_the_offices(cast, who, code):
    assert cast.client(who).get(cast.person("member").get_absolute_url()).status_code == code


@pytest.mark.parametrize("extra", [1, 3])
def test_queries_do_not_grow_with_people(cast, django_assert_num_queries, extra):
    for number in range(extra):
        person = Person.objects.create(bureau=cast.bureau, staff_no=f"9{number}", name=f"人{number}")
        Membership.objects.create(
            bureau=cast.bureau, person=person, unit=cast.first, from_on=dt.date(2016, 1, 1)
        )
    client = cast.client("officer")
    # session, account, posts; count, page, 3 of lines, units
    with django_assert_num_queries(9):
        client.get(reverse("org:people"))
    with django_assert_num_queries(13):
        client.get(cast.first.get_absolute_url())


def test_a_double_click_founds_one_unit(cast):
    client = cast.client("officer")
    values = {
        "id": "01940000-0000-7000-8000-000000000001",
        "kind": "branch",
        "name": "第三党支部",
        "code": "z03",
        "parent": str(cast.committee.pk),
        "from_on": "2018-01-10",
    }
    for _ in range(2):
        assert client.post(reverse("org:unit_new"), values).status_code == 302
    unit = Unit.objects.get(bureau=cast.bureau, code="z03")
    assert unit.path == "b/oc/z03/"
    assert AuditEvent.objects.filter(object_id=unit.pk).count() == 1


def test_a_taken_code_is_said_at_its_field_and_nothing_is_lost(cast):
    values = {
        "id": "01940000-0000-7000-8000-000000000002",
        "kind": "branch",
        "name": "第三党支部",
        "code": "z01",
        "parent": str(cast.committee.pk),
        "from_on": "2018-01-10",
    }
    page = cast.client("officer").post(reverse("org:unit_new"), values)
    assert page.status_code == 422
    assert "已被另一个组织使用" in page.content.decode()
    assert 'value="第三党支部"' in page.content.decode()
    assert cast.client("officer").post(reverse("org:unit_new"), values | {"code": ""}).status_code == 302
    assert Unit.objects.get(name="第三党支部").code == "z03"


def test_merging_moves_people_and_keeps_the_past(cast):
    answer = cast.client("officer").post(
        reverse("org:unit_close", args=[cast.second.pk]),
        {"last_day": "2018-01-31", "successor": str(cast.first.pk)},
    )
    assert answer.status_code == 302
    before = branch_states(cast.bureau.pk, [cast.first.pk, cast.second.pk], dt.date(2018, 1, 31))
    after = branch_states(cast.bureau.pk, [cast.first.pk, cast.second.pk], dt.date(2018, 2, 1))
    assert (before[cast.first.pk].members, before[cast.second.pk].members) == (5, 3)
    assert (after[cast.first.pk].members, after[cast.second.pk].members) == (8, 0)
    assert not Post.objects.filter(unit=cast.second, to_on__isnull=True).exists()


def test_a_unit_with_people_is_not_closed_into_nothing(cast):
    page = cast.client("officer").post(
        reverse("org:unit_close", args=[cast.second.pk]), {"last_day": "2018-01-31", "successor": ""}
    )
    assert page.status_code == 422
    assert "请选择并入的组织" in page.content.decode()
    cast.second.refresh_from_db()
    assert cast.second.to_on is None


def test_a_new_branch_stands_behind_the_others_and_says_what_comes_next(cast):
    Unit.objects.filter(pk=cast.second.pk).update(position=7)
    client = cast.client("officer")
    form = client.get(reverse("org:unit_new")).context["form"]
    assert cast.group not in form.fields["parent"].queryset
    typed = {"kind": "branch", "name": "第三党支部", "parent": cast.committee.pk, "from_on": "2018-01-01"}
    typed["id"] = form["id"].value()
    page = client.post(reverse("org:unit_new"), typed, follow=True)
    made = page.context["unit"]
    assert made.position == 8
    assert "还没有党员" in page.content.decode()
    lines = client.get(reverse("org:units")).context["lines"]
    names = [line["unit"].name for line in lines]
    held = Membership.objects.filter(group=cast.group, to_on=None).count()
    assert [line["members"] for line in lines if line["unit"] == cast.group] == [held]
    assert names[1:3] == ["局党组", "党组理论学习中心组"]
    assert names.index("第一党小组") == names.index("第一党支部") + 1
    assert names.index("第二党支部") < names.index("第三党支部") < names.index(cast.department.name)


def test_the_page_of_a_unit_leads_on_to_what_one_may_see_of_it(cast):
    address = reverse("org:unit", args=[cast.first.pk])
    words = [word for word, _ in cast.client("secretary").get(address).context["ways"]]
    assert words == ["活动", "计划", "清单任务", "组织生活"]
    for _, way in cast.client("secretary").get(address).context["ways"]:
        assert cast.client("secretary").get(way).status_code == 200
    assert cast.client("member").get(reverse("org:unit", args=[cast.second.pk])).context["ways"] == []


def test_a_transfer_keeps_history(cast):
    member = cast.person("member")
    answer = cast.client("officer").post(
        reverse("org:person_change", args=[member.pk, "membership"]),
        {"unit": str(cast.second.pk), "group": "", "status": MemberStatus.FULL, "from_on": "2018-01-10"},
    )
    assert answer.status_code == 302
    rows = list(
        Membership.objects.filter(person=member)
        .order_by("from_on")
        .values_list("unit_id", "from_on", "to_on")
    )
    assert rows == [
        (cast.first.pk, dt.date(2015, 1, 1), dt.date(2018, 1, 9)),
        (cast.second.pk, dt.date(2018, 1, 10), None),
    ]


def test_who_becomes_a_full_member_keeps_branch_and_group(cast):
    probationer = Person.objects.get(bureau=cast.bureau, name="预备戊")
    Membership.objects.filter(person=probationer).update(group=cast.group)
    address = reverse("org:person_change", args=[probationer.pk, "membership"])
    client = cast.client("officer")
    form = client.get(address).context["form"]
    typed = {name: form.initial[name] for name in ("unit", "group", "status", "from_on")}
    assert typed["group"] == cast.group.pk
    same = client.post(address, typed)
    assert same.status_code == 422
    assert "没有变动" in same.content.decode()
    assert client.post(address, typed | {"status": MemberStatus.FULL}).status_code == 302
    row = Membership.objects.get(person=probationer, to_on=None)
    assert (row.unit, row.group, row.status) == (cast.first, cast.group, MemberStatus.FULL)


def test_who_goes_to_another_branch_leaves_the_group(cast):
    member = cast.person("member")
    Membership.objects.filter(person=member).update(group=cast.group)
    address = reverse("org:person_change", args=[member.pk, "membership"])
    client = cast.client("officer")
    form = client.get(address).context["form"]
    typed = {name: form.initial[name] for name in ("group", "status", "from_on")}
    assert client.post(address, typed | {"unit": cast.second.pk}).status_code == 302
    row = Membership.objects.get(person=member, to_on=None)
    assert (row.unit, row.group) == (cast.second, None)


def test_a_change_before_a_later_one_is_refused_with_the_reason(cast):
    member = cast.person("member")
    page = cast.client("officer").post(
        reverse("org:person_change", args=[member.pk, "membership"]),
        {"unit": str(cast.second.pk), "group": "", "status": MemberStatus.FULL, "from_on": "2014-06-01"},
    )
    assert page.status_code == 422
    assert "不存在" in page.content.decode()


def test_a_secretary_cannot_change_posts(cast):
    member = cast.person("member")
    address = reverse("org:person_change", args=[member.pk, "post"])
    assert cast.client("secretary").get(address).status_code == 404
    assert cast.client("officer").get(address).status_code == 200


def test_leave_and_its_end(cast):
    member = cast.person("member")
    client = cast.client("personnel")
    answer = client.post(
        reverse("org:person_change", args=[member.pk, "leave"]),
        {"kind": "annual", "from_on": "2018-01-10", "to_on": "", "note": ""},
    )
    assert answer.status_code == 302
    leave = Leave.objects.get(person=member)
    address = reverse("org:row_end", args=[member.pk, "leave", leave.pk])
    assert client.post(address, {"last_day": "2018-01-01"}).status_code == 422
    assert client.post(address, {"last_day": "2018-01-12"}).status_code == 302
    leave.refresh_from_db()
    assert leave.to_on == dt.date(2018, 1, 12)


def test_a_new_person_gets_an_account(cast):
    client = cast.client("personnel")
    client.post(
        reverse("org:person_new"),
        {
            "id": "01940000-0000-7000-8000-000000000003",
            "staff_no": "7001",
            "name": "<b>新人</b>",
            "gender": "",
        },
    )
    person = Person.objects.get(staff_no="7001")
    page = client.get(person.get_absolute_url()).content.decode()
    assert "<b>新人</b>" not in page
    assert "&lt;b&gt;新人&lt;/b&gt;" in page
    address = reverse("org:account_new", args=[person.pk])
    assert client.post(address, {"username": "xinren", "password": "12345"}).status_code == 422
    assert client.post(address, {"username": "xinren", "password": "a-long-Phrase-7"}).status_code == 302
    assert Account.objects.get(username="xinren").bureau_id == cast.bureau.pk


def test_units_of_one_bureau_are_hidden_from_another(cast):
    assert cast.client("outsider").get(cast.first.get_absolute_url()).status_code == 404
    assert "第一党支部" not in cast.client("outsider").get(reverse("org:units")).content.decode()
    assert Unit.objects.filter(kind=UnitKind.BUREAU).count() == Bureau.objects.count() == 2


def test_posts_stand_in_the_order_of_their_weight(cast):
    held = {"bureau": cast.bureau, "unit": cast.root, "role": Role.LEADER}
    Post.objects.create(person=cast.person("member"), title="副局长", from_on=dt.date(2015, 1, 1), **held)
    leads = Post.objects.filter(unit=cast.root, role=Role.LEADER).exclude(title="副局长")
    leads.update(title="局长", from_on=dt.date(2017, 1, 1))
    branch = [Role(post.role) for post in posts_on(cast.first, dt.date(2018, 1, 15))]
    assert branch[0] == Role.SECRETARY
    assert branch == sorted(branch, key=lambda role: list(Role).index(role))
    titles = [post.title for post in posts_on(cast.root, dt.date(2018, 1, 15)) if post.role == Role.LEADER]
    assert titles == ["局长", "副局长"]


@pytest.mark.parametrize(
    ("asked", "sees", "says"),
    [
        ({}, False, False),
        ({"left": "1"}, True, True),
        ({"q": "党员丁"}, True, True),
        ({"on": "2017-12-31"}, True, False),
    ],
)
def test_who_has_left_is_listed_only_when_asked_for(cast, asked, sees, says):
    person = cast.person("member")
    Person.objects.filter(pk=person.pk).update(left_on=dt.date(2017, 12, 31))
    text = cast.client("officer").get(reverse("org:people"), asked).content.decode()
    assert (person.name in text.partition("<tbody>")[2]) is sees
    assert ("已离岗" in text) is says


def test_a_group_is_named_with_its_branch(cast):
    assert cast.group.full_label == "第一党支部第一党小组"
    assert cast.first.full_label == "第一党支部"
