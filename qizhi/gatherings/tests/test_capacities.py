"""Each lecturer has a capacity of their own: chosen, or what the posts of the day say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.gatherings.models import Gathering
from qizhi.gatherings.services import LecturerFact

RECORD = reverse("gatherings:record")


def told(row):
    return {str(one): one.capacity for one in row.lecturers.all()}


def test_each_lecturer_is_of_their_own_capacity_and_a_guest_is_an_expert(cast, typed):
    values = typed("lesson", lecturers="局长丑、书记甲、党员丁、王教授(外单位)")
    page = cast.client("secretary").post(RECORD, values | {"capacity-0004": "secretary"})
    assert page.status_code == 302
    row = Gathering.objects.get()
    assert told(row) == {
        "局长丑": "principal",
        "书记甲": "secretary",
        "党员丁": "secretary",
        "王教授": "expert",
    }


def test_the_form_lists_them_once_they_are_typed_and_says_what_their_posts_come_to(cast, typed):
    values = typed("lesson", lecturers="书记甲、王教授(外单位)", reload="1") | {"capacity-0001": "member"}
    page = cast.client("secretary").post(RECORD, values, headers={"HX-Request": "true"})
    lines = page.context["form"].lecturer_lines
    assert [(line.label, line.usual, line.said) for line in lines] == [
        ("书记甲", "secretary", "member"),
        ("王教授", "expert", ""),
    ]
    text = page.content.decode()
    assert '<div id="capacities" hx-swap-oob="true">' in text
    assert "按当时的职务判断：支部书记" in text
    assert '<option value="member" selected>普通党员</option>' in text


@pytest.mark.parametrize(
    ("chosen", "stands"), [({}, "principal"), ({"capacity-0001": ""}, "secretary")], ids=["silent", "by post"]
)
def test_a_correction_by_the_posts_of_the_day_works_it_out_anew(cast, held, typed, chosen, stands):
    lecturers = (LecturerFact(cast.person("secretary"), "", "principal"), LecturerFact(None, "王", "expert"))
    row = held("lesson", lecturers=lecturers)
    address = reverse("gatherings:correct", args=[row.pk])
    client = cast.client("secretary")
    page = client.get(address)
    assert [line.said for line in page.context["form"].lecturer_lines] == ["principal", ""]
    seen = page.context["form"].initial["seen"]
    values = typed("lesson", lecturers="书记甲(0001)、王(外单位)", held_on=f"{row.held_on}", seen=seen)
    assert client.post(address, values | chosen).status_code == 302
    assert told(row) == {"书记甲": stands, "王": "expert"}


def test_what_is_no_capacity_is_refused(cast, typed):
    values = typed("lesson", lecturers="书记甲", held_on=f"{dt.date(2018, 1, 12)}")
    page = cast.client("secretary").post(RECORD, values | {"capacity-0001": "king"})
    assert page.status_code == 422
    assert "书记甲的授课身份填写有误" in page.content.decode()
