"""A person has one account to log in with: two would make two people of one where a rule asks for two."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.org.models import Account
from qizhi.org.services.accounts import reset_password, switch_account

PASSWORD = "quite-another-Phrase-8"


def open_page(cast, name):
    return reverse("org:account_new", args=[cast.person(name).pk])


def test_a_second_account_is_refused_and_the_first_is_shown(cast):
    office, page = cast.client("personnel"), cast.person("officer").get_absolute_url()
    led = office.get(open_page(cast, "officer"), follow=True)
    assert led.redirect_chain[-1][0] == page
    assert "已有启用的账号“officer”" in led.content.decode()
    values = {"username": "officer2", "password": PASSWORD}
    tried = office.post(open_page(cast, "officer"), values)
    words = tried.content.decode()
    assert tried.status_code == 422
    assert "已有启用的账号“officer”，一个人只能有一个" in words
    assert page in words
    assert not Account.objects.filter(username="officer2").exists()
    shown = office.get(page).content.decode()
    assert "officer" in shown
    assert "开通" not in shown


def test_every_account_of_a_person_is_shown_and_can_be_switched(cast):
    person, office = cast.person("neighbour"), cast.client("personnel")
    first = Account.objects.get(person=person)
    switch_account(first, is_active=False, by=cast.actor("personnel"))
    assert "开通新账号" in office.get(person.get_absolute_url()).content.decode()
    values = {"username": "nb.new", "password": PASSWORD}
    for _ in range(2):
        assert office.post(open_page(cast, "neighbour"), values).status_code == 302, "a second click as well"
    second = Account.objects.get(username="nb.new")
    page = office.get(person.get_absolute_url()).content.decode()
    for account in (first, second):
        assert account.username in page
        assert f"?account={account.pk}" in page
    with pytest.raises(Refused, match=r"已有启用的账号“nb\.new”") as refused:
        switch_account(first, is_active=True, by=cast.actor("personnel"))
    assert refused.value.see == person
    step = reverse("org:account_disable", args=[person.pk])
    assert "nb.new" in office.get(f"{step}?account={second.pk}").content.decode()
    assert office.post(f"{step}?account={second.pk}").status_code == 302
    step = reverse("org:account_enable", args=[person.pk])
    assert office.post(f"{step}?account={first.pk}").status_code == 302
    assert [one.is_active for one in Account.objects.filter(person=person).order_by("pk")] == [True, False]
    strange = Account.objects.get(username="officer")
    assert office.get(f"{step}?account={strange.pk}").status_code == 404


def test_nobody_touches_another_account_of_their_own(cast):
    person, actor = cast.person("officer"), cast.actor("officer")
    other = Account.objects.create_user("old", PASSWORD, bureau=cast.bureau, person=person, is_active=False)
    with pytest.raises(Refused, match="自己的账号"):
        switch_account(other, is_active=True, by=actor)
    with pytest.raises(Refused, match="自己的账号"):
        reset_password(other, password=PASSWORD, by=actor)


def test_the_database_holds_it_too(cast):
    person = cast.person("officer")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create_user("officer2", PASSWORD, bureau=cast.bureau, person=person)
    for name in ("a", "b"):  # who belongs to no person is nobody's second
        Account.objects.create_user(name, PASSWORD, bureau=cast.bureau)
