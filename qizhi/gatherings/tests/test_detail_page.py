"""The page of a gathering, what is done from it, and who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qizhi.gatherings import services
from qizhi.gatherings.models import Attachment, Visitor
from qizhi.gatherings.permissions import visible_to
from qizhi.gatherings.services import LecturerFact, ResolutionFact, RollFact, VisitorFact
from qizhi.org.enums import Role
from qizhi.org.models import Membership, Post


def page(cast, name, row):
    return cast.client(name).get(reverse("gatherings:detail", args=[row.pk]))


def text(cast, name, row):
    return page(cast, name, row).content.decode()


def test_it_says_what_it_counts_for_and_who_was_there(cast, held):
    row = held(
        "congress",
        "lesson",
        roll=(RollFact(cast.person("member"), "excused", "出差"),),
        lecturers=(LecturerFact(cast.person("secretary"), "", "secretary"),),
        resolutions=(ResolutionFact("通过<计划>", 4, 4, 2, 2),),
    )
    said = text(cast, "secretary", row)
    for words in (
        "计入 <strong>3</strong> 本台账：支部党员大会、党课、党员教育培训学时",
        "应到 <strong>5</strong> 人，实到 <strong>4</strong> 人",
        "出差",
        "书记甲（支部书记）",
        "通过&lt;计划&gt;",
        "没有超过应到有表决权人数的半数（至少 3 票），未通过",
    ):
        assert words in said


def test_a_lesson_without_a_lecturer_says_so(cast, held):
    row = held("lesson")
    address = reverse("gatherings:correct", args=[row.pk])
    assert "没有填写，授课身份也就没有计入" in text(cast, "member", row)
    assert address not in text(cast, "member", row)
    assert f'href="{address}">补上' in text(cast, "secretary", row)
    assert "授课身份" not in text(cast, "secretary", held("congress"))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("secretary", 200),
        ("member", 200),
        ("officer", 200),
        ("inspector", 200),
        ("leader", 200),
        ("neighbour", 404),
        ("personnel", 404),
        ("outsider", 404),
    ],
)
def test_only_the_branch_and_those_in_charge_see_a_branch_meeting(cast, held, name, status):
    row = held("congress")
    assert page(cast, name, row).status_code == status
    assert visible_to(cast.actor(name)).filter(pk=row.pk).exists() == (status == 200)
    listed = cast.client(name).get(reverse("gatherings:gatherings")).content.decode()
    assert (str(row.pk) in listed) == (status == 200)


def test_what_all_did_together_is_known_to_all_in_its_basic_facts(cast, held):
    roll = (RollFact(cast.person("member"), "absent", "原因不公开"),)
    row = held("flag-ceremony", unit=cast.root, day="2018-01-02", roll=roll, minutes="内部记录")
    said = text(cast, "neighbour", row)
    assert "1月升旗仪式" in said
    assert "原因不公开" not in said
    assert "内部记录" not in said
    assert "原因不公开" in text(cast, "officer", row)
    address = reverse("gatherings:roll_sheet", args=[row.pk])
    assert cast.client("neighbour").get(address).status_code == 404
    assert page(cast, "outsider", row).status_code == 404
    file = cast.client("neighbour").get(reverse("gatherings:gatherings"), {"format": "csv"}).content.decode()
    assert "1月升旗仪式" in file
    assert "党员丁" not in file


def test_who_took_part_sees_it_wherever_it_was(cast, held):
    auditor = VisitorFact(cast.person("neighbour"), "", "auditor")
    row = held("congress", visitors=(auditor,))
    assert page(cast, "neighbour", row).status_code == 200
    assert not visible_to(cast.actor("neighbour")).exclude(pk=row.pk).exists()


def test_a_transferred_member_sees_the_new_branch_only(cast, held):
    row = held("congress")
    Membership.objects.filter(person=cast.person("member")).update(unit=cast.second, group=None)
    assert page(cast, "member", row).status_code == 404


def test_a_group_leader_records_for_the_group_alone(cast, held, facts):
    Post.objects.create(
        bureau=cast.bureau,
        person=cast.person("member"),
        unit=cast.group,
        role=Role.GROUP_LEADER,
        from_on=dt.date(2015, 1, 1),
    )
    made = services.record_gathering(facts=facts("group-meeting", unit=cast.group), by=cast.actor("member"))
    assert cast.client("member").get(reverse("gatherings:correct", args=[made.pk])).status_code == 200
    other = held("congress")
    assert cast.client("member").get(reverse("gatherings:correct", args=[other.pk])).status_code == 404


@pytest.mark.parametrize("name", ["correct", "withdraw", "restore", "attach"])
def test_members_and_neighbours_change_nothing(cast, held, name):
    row = held("congress")
    address = reverse(f"gatherings:{name}", args=[row.pk])
    assert cast.client("member").post(address).status_code == 403
    assert cast.client("neighbour").post(address).status_code == 404
    assert cast.client("outsider").post(address).status_code == 404


def test_an_auditor_leaves_a_comment_on_the_page(cast, held):
    row = held("congress")
    address = reverse("gatherings:comment", args=[row.pk])
    assert cast.client("member").get(address).status_code == 404
    client = cast.client("leader")
    assert client.get(address).status_code == 200
    assert client.post(address, {"comment": "<b>好</b>"}).status_code == 302
    assert "&lt;b&gt;好&lt;/b&gt;" in text(cast, "secretary", row)
    assert client.post(address, {"comment": "长" * 2001}).status_code == 422
    assert Visitor.objects.get(gathering=row).comment == "<b>好</b>"


def test_files_are_added_downloaded_and_removed(cast, held):
    row = held("congress")
    client, address = cast.client("secretary"), reverse("gatherings:attach", args=[row.pk])
    assert client.post(address).status_code == 422
    file = SimpleUploadedFile("<页面>.html", b"<script>alert(1)</script>")
    assert client.post(address, {"attachments": [file]}).status_code == 302
    kept = Attachment.objects.get(gathering=row)
    get = reverse("gatherings:attachment", args=[row.pk, kept.pk])
    answer = client.get(get)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert cast.client("neighbour").get(get).status_code == 404
    remove = reverse("gatherings:detach", args=[row.pk, kept.pk])
    assert cast.client("member").post(remove).status_code == 403
    assert client.get(remove).status_code == 302
    assert client.post(remove).status_code == 302
    assert not Attachment.objects.exists()


def test_a_withdrawal_needs_a_reason_and_can_be_undone(cast, held):
    row = held("congress")
    client, address = cast.client("secretary"), reverse("gatherings:withdraw", args=[row.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "重复登记"}).status_code == 302
    said = text(cast, "secretary", row)
    assert "重复登记" in said
    assert "不计入任何台账" in said
    listing = reverse("gatherings:gatherings")
    assert str(row.pk) not in client.get(listing).content.decode()
    assert str(row.pk) in client.get(listing, {"withdrawn": "1"}).content.decode()
    assert client.get(reverse("gatherings:restore", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    client.post(reverse("gatherings:restore", args=[row.pk]))
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_old_and_new_values_stand_in_the_history(cast, held, facts):
    row = held("congress")
    services.correct_gathering(row, facts=facts("congress", place="三楼"), by=cast.actor("secretary"))
    said = text(cast, "secretary", row)
    assert "地点：— → 三楼" in said
    assert "变更记录" not in text(cast, "member", row)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_people_or_rows(cast, held, django_assert_num_queries, number):
    people = [cast.person(name) for name in ("member", "secretary")]
    rows = [
        held(
            "congress",
            day=f"2018-01-0{day + 1}",
            roll=tuple(RollFact(person, "absent") for person in people[: number - 1]),
            visitors=tuple(VisitorFact(None, f"来宾{word}") for word in "甲乙丙"[:number]),
            resolutions=tuple(ResolutionFact(f"第{word}项", 4, 4, 4) for word in "一二三"[:number]),
        )
        for day in range(number)
    ]
    secretary, member, listing = (
        cast.client("secretary"),
        cast.client("member"),
        reverse("gatherings:gatherings"),
    )
    with django_assert_num_queries(18):
        assert secretary.get(reverse("gatherings:detail", args=[rows[0].pk])).status_code == 200
    with django_assert_num_queries(10):
        assert secretary.get(listing).status_code == 200
    with django_assert_num_queries(11):  # one more than for a secretary: no post says which bureau it is
        assert member.get(listing).status_code == 200
