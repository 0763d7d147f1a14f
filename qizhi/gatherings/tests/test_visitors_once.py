"""A person is a visitor of a gathering once."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from qizhi.gatherings.models import Visitor

merge = importlib.import_module("qizhi.gatherings.migrations.0007_visitors_merged").merge


def visit(cast, row, who, *, role="auditor", comment="", guest=""):
    person = cast.person(who) if who else None
    return Visitor.objects.create(
        bureau=cast.bureau, gathering=row, person=person, guest_name=guest, role=role, comment=comment
    )


def test_the_database_refuses_a_person_twice_and_takes_guests_of_one_name(cast, held):
    row, other = held("congress"), held("lesson")
    visit(cast, row, "leader")
    visit(cast, other, "leader")
    visit(cast, row, "inspector")
    with pytest.raises(IntegrityError), transaction.atomic():
        visit(cast, row, "leader", role="guest")
    for _ in range(2):
        visit(cast, row, "", role="guest", guest="王教授")
    assert Visitor.objects.filter(gathering=row).count() == 4


def test_what_stood_there_twice_is_merged_with_every_comment(cast, held):
    row, other = held("congress"), held("lesson")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX gatherings_visitor_once")  # comes back with the end of the test
    visit(cast, row, "leader", role="guest", comment="甲")
    auditor = visit(cast, row, "leader", comment="乙")
    visit(cast, row, "leader", comment="乙")
    visit(cast, row, "inspector")
    silent = visit(cast, other, "inspector")
    visit(cast, other, "inspector")
    for _ in range(2):
        visit(cast, row, "", role="guest", guest="王教授")
    merge(apps, None)
    kept = Visitor.objects.get(gathering=row, person=cast.person("leader"))
    assert (kept.pk, kept.role, kept.comment) == (auditor.pk, "auditor", "乙\n甲")
    assert Visitor.objects.get(gathering=other) == silent
    assert Visitor.objects.filter(gathering=row).count() == 4
