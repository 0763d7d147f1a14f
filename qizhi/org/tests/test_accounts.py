"""Passwords changed and given anew, accounts disabled and enabled; the administrators' offices exclude each other."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.org.enums import ADMINISTRATORS, Role
from qizhi.org.models import Account, Post
from qizhi.org.services.people import appoint
from qizhi.org.services.rows import correct_row, end_row

D = dt.date
NEW = "quite-another-Phrase-8"


def of(cast, name, step):
    return reverse(f"org:account_{step}", args=[cast.person(name).pk])


def log_in(name, password):
    return Client().post("/login/", {"username": name, "password": password}).status_code


def test_the_own_password_is_changed_and_other_sessions_end(cast):
    here, there = cast.client("member"), cast.client("member")
    where = reverse("web:password_change")
    assert where in here.get(reverse("web:mine")).content.decode()
    for values, words in (
        ({"old": "wrong", "new": NEW, "again": NEW}, "现在的密码不对"),
        ({"old": "password", "new": NEW, "again": "x"}, "不一样"),
        ({"old": "password", "new": "12345", "again": "12345"}, "密码太短"),
        ({"old": "password", "new": "member-1", "again": "member-1"}, "用户名"),
        ({"old": "password", "new": "password", "again": "password"}, "请换一个"),
    ):
        page = here.post(where, values)
        assert page.status_code == 422
        assert words in page.content.decode(), values
    assert here.post(where, {"old": "password", "new": NEW, "again": NEW}).status_code == 302
    assert here.get(reverse("web:mine")).status_code == 200
    assert there.get(reverse("web:mine")).status_code == 302
    assert (log_in("member", "password"), log_in("member", NEW)) == (422, 302)
    event = AuditEvent.objects.get(verb="org.change_password")
    assert event.object_id == cast.person("member").pk
    assert NEW not in str((event.before, event.after))
    assert "pbkdf2" not in str((event.before, event.after))


def test_the_office_gives_a_password_that_is_shown_once(cast):
    member, office = cast.client("member"), cast.client("personnel")
    page = office.get(of(cast, "member", "reset")).content.decode()
    password = re.findall(r'name="password" value="([^"]+)"', page)[0]
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", password)
    for _ in range(2):
        shown = office.post(of(cast, "member", "reset"), {"password": password})
        assert password in shown.content.decode()
    assert member.get(reverse("web:mine")).status_code == 302, "who was logged in is out"
    assert (log_in("member", "password"), log_in("member", password)) == (422, 302)
    event = AuditEvent.objects.get(verb="org.reset_password")
    assert password not in str((event.before, event.after))
    person = office.get(cast.person("member").get_absolute_url()).content.decode()
    assert "重设密码" in person
    assert password not in person
    assert office.post(of(cast, "member", "reset"), {"password": "1"}).status_code == 422


def test_an_account_without_a_password_is_opened_again(cast):
    account = cast.member
    account.set_unusable_password()
    account.save()
    assert "没有密码" in cast.client("personnel").get(account.person.get_absolute_url()).content.decode()
    cast.client("personnel").post(of(cast, "member", "reset"), {"password": NEW})
    assert log_in("member", NEW) == 302


def test_a_disabled_account_is_out_at_once_and_can_come_back(cast):
    member, office = cast.client("member"), cast.client("officer")
    assert office.get(of(cast, "member", "disable")).status_code == 200
    for _ in range(2):
        assert office.post(of(cast, "member", "disable")).status_code == 302
    assert member.get(reverse("web:mine")).status_code == 302
    assert log_in("member", "password") == 422
    assert "已停用" in office.get(cast.person("member").get_absolute_url()).content.decode()
    assert office.post(of(cast, "member", "enable")).status_code == 302
    assert log_in("member", "password") == 302
    verbs = AuditEvent.objects.filter(verb__endswith="able_account").order_by("id")
    assert [(one.verb, one.before, one.after["状态"]) for one in verbs] == [
        ("org.disable_account", {"状态": "启用"}, "停用"),
        ("org.enable_account", {"状态": "停用"}, "启用"),
    ]


@pytest.mark.parametrize("step", ["reset", "disable"])
def test_nobody_does_that_to_the_own_account(cast, step):
    page = cast.client("officer").post(of(cast, "officer", step), {"password": NEW})
    assert page.status_code == 409
    assert Account.objects.get(username="officer").is_active
    assert log_in("officer", "password") == 302


@pytest.mark.parametrize("who", ["secretary", "member", "inspector", "leader", "outsider"])
def test_only_the_offices_touch_accounts_of_others(cast, who):
    for step in ("reset", "disable", "enable"):
        page = cast.client(who).post(of(cast, "neighbour", step), {"password": NEW})
        assert page.status_code in {403, 404}
    assert log_in("neighbour", "password") == 302


@pytest.mark.parametrize(("held", "wanted"), [*itertools.permutations(ADMINISTRATORS, 2)])
def test_nobody_holds_two_of_the_administrators_offices(cast, held, wanted):
    person, by = cast.person("member"), cast.actor("officer")
    given = {"person": person, "unit": cast.root, "title": "", "by": by}
    post = appoint(role=held, from_on=D(2017, 1, 1), **given)
    with pytest.raises(Refused, match="须由不同的人担任"):
        appoint(role=wanted, from_on=D(2018, 1, 1), **given)
    end_row(post, last_day=D(2017, 12, 31), by=by)
    later = appoint(role=wanted, from_on=D(2018, 1, 1), **given)
    with pytest.raises(Refused, match="须由不同的人担任"):
        end_row(post, last_day=D(2018, 1, 5), by=by)
    post.refresh_from_db()
    with pytest.raises(Refused, match="须由不同的人担任"):
        correct_row(later, values={"from_on": D(2017, 12, 1)}, by=by)
    other = appoint(role=Role.LEADER, from_on=D(2017, 1, 1), **given)
    with pytest.raises(Refused, match="须由不同的人担任"):
        correct_row(other, values={"role": held}, by=by)


@pytest.mark.parametrize(("held", "wanted"), [*itertools.permutations(ADMINISTRATORS, 2)])
def test_the_database_keeps_the_offices_apart_whoever_writes(cast, held, wanted):
    make = {"bureau": cast.bureau, "person": cast.person("member"), "unit": cast.root}
    Post.objects.create(**make, role=held, from_on=D(2017, 1, 1), to_on=D(2017, 12, 31))
    with pytest.raises(IntegrityError, match="overlaps"), transaction.atomic():
        Post.objects.create(**make, role=wanted, from_on=D(2017, 12, 31))
    later = Post.objects.create(**make, role=wanted, from_on=D(2018, 1, 1))
    Post.objects.create(**make, role=Role.LEADER, from_on=D(2017, 1, 1))
    for change in (
        lambda: Post.objects.filter(pk=later.pk).update(from_on=D(2017, 6, 1)),
        lambda: Post.objects.filter(role=Role.LEADER, person=later.person).update(role=held),
    ):
        with pytest.raises(IntegrityError, match="overlaps"), transaction.atomic():
            change()


def test_a_page_with_nothing_to_type_says_whose_account_it_is(cast):
    client = cast.client("personnel")
    for step in ("reset", "disable", "enable"):
        shown = client.get(of(cast, "neighbour", step)).content.decode()
        assert "<dt" in shown
        assert "书记己" in shown
        assert "neighbour" in shown
