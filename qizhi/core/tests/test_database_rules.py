"""Rules that the database holds by itself, on whichever engine the suite runs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import Error, connection, transaction

from qizhi.core import audit
from qizhi.core.kept import reading
from qizhi.core.models import AuditEvent
from qizhi.core.tests.planted import assert_stays
from qizhi.org.models import Bureau, Membership


def test_the_log_only_grows(cast):
    event = audit.record("test.verb", cast.first, by=cast.actor("officer"))
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(verb="other")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).delete()
    assert AuditEvent.objects.get(pk=event.pk).verb == "test.verb"


def test_no_event_is_replaced_and_the_log_is_not_emptied(cast):
    audit.record("test.verb", cast.first, by=cast.actor("officer"))
    assert_stays(AuditEvent, "append-only")


def test_a_person_belongs_to_one_branch_a_day(cast):
    member = cast.person("member")
    Membership.objects.filter(person=member).update(to_on=dt.date(2017, 6, 30))
    with pytest.raises(Error, match="overlaps"), transaction.atomic():
        Membership.objects.create(
            bureau=cast.bureau, person=member, unit=cast.second, from_on=dt.date(2017, 6, 30)
        )
    Membership.objects.create(
        bureau=cast.bureau, person=member, unit=cast.second, from_on=dt.date(2017, 7, 1)
    )
    assert Membership.objects.filter(person=member).count() == 2


def test_a_reading_view_cannot_write(cast):
    with pytest.raises(Error), transaction.atomic(), reading():
        Bureau.objects.filter(pk=cast.bureau.pk).update(name="改了")
    cast.bureau.refresh_from_db()
    assert cast.bureau.name == "甲示例局"
    if connection.vendor == "sqlite":
        Bureau.objects.filter(pk=cast.bureau.pk).update(name="读后可写")
        cast.bureau.refresh_from_db()
        assert cast.bureau.name == "读后可写"
