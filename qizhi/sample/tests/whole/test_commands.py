"""The two commands where there is a sample, and copies of the bureau."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from qizhi.gatherings.models import Template
from qizhi.org.models import Account, Bureau, BureauRow, Person
from qizhi.org.queries import actor_of
from qizhi.sample.accounts import add_accounts, wanted
from qizhi.sample.copying import copy_bureau
from qizhi.sample.tests.whole.conftest import UNTIL

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_bureau_that_is_there_is_left_alone(sample):
    before = Account.objects.count()
    assert "已存在，没有改动" in run("sample")
    assert (Bureau.objects.count(), Account.objects.count()) == (1, before)


def test_accounts_hold_the_posts_they_are_meant_for(sample, client):
    add_accounts(sample, 1, UNTIL)
    with_role = [one for one in wanted() if one.role]
    accounts = {account.username: account for account in Account.objects.all()}
    assert set(accounts) == {one.username for one in wanted()}
    for one in with_role:
        grants = actor_of(accounts[one.username]).grants
        assert one.role in {grant.role for grant in grants}
    assert actor_of(accounts["member"]).grants == ()
    assert client.login(username="secretary", password="qizhi-demo")
    table = run("sample_accounts")
    assert all(one.username in table for one in wanted())


def test_the_three_administrators_are_three_people(sample):
    add_accounts(sample, 1, UNTIL)
    people = Account.objects.filter(username__in=["officer", "personnel", "discipline"])
    assert len({account.person_id for account in people}) == 3
    roles = [{grant.role for grant in actor_of(account).grants} for account in people]
    assert not roles[0] & roles[1]
    assert not roles[1] & roles[2]
    assert not roles[0] & roles[2]


def test_a_server_in_use_gets_no_accounts_with_a_known_password(sample, settings):
    settings.MODE = "serve"
    assert "没有建立示例账号" in run("sample")
    assert "没有示例账号" in run("sample_accounts")
    assert not Account.objects.exists()


def test_a_copy_is_whole_and_apart(sample):
    copy = copy_bureau(sample, 2)
    assert copy.code == "sample-002"
    for model in apps.get_models():
        if not issubclass(model, BureauRow):
            continue
        rows = model._meta.default_manager
        mine, theirs = rows.filter(bureau=sample), rows.filter(bureau=copy)
        assert mine.count() == theirs.count(), model
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, BureauRow):
                strays = theirs.filter(**{f"{field.name}__isnull": False}).exclude(
                    **{f"{field.name}__bureau": copy}
                )
                assert not strays.exists(), f"{model} {field.name}"
    templates = Template.objects.filter(bureau=copy)
    assert [t.kinds.count() for t in templates] == [
        t.kinds.count() for t in Template.objects.filter(bureau=sample)
    ]


def test_a_copied_bureau_has_an_officer_of_its_own(sample):
    copy = copy_bureau(sample, 2)
    add_accounts(copy, 2, dt.date(2018, 3, 31))
    officer = Account.objects.get(username="officer-002")
    assert Person.objects.filter(bureau=copy, accounts=officer).exists()
    assert officer.bureau == copy
