"""What a finding is about: a row on whatever day, or a period; and how slots of before were put right."""

from __future__ import annotations

import datetime as dt
import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState

from qizhi.core.db.operations import Lift, Sealed
from qizhi.regulations.models import Finding, Proposal, Run
from qizhi.regulations.rules.runs import asked_by, is_key, may_move, slot_of

DAY, ROW, WHO = dt.date(2018, 2, 8), "0192d3c0-7b1e-7c3a-9f00-0000000000aa", uuid.UUID(int=7)
put_right = import_module("qizhi.regulations.migrations.0017_rows_on_any_day")


def test_a_row_is_the_same_fact_on_any_day():
    assert slot_of("doc|C-1", WHO, DAY, ROW) == slot_of("doc|C-1", WHO, DAY + dt.timedelta(30), ROW)
    assert slot_of("doc|C-1", WHO, DAY, ROW) == f"doc|C-1|{WHO}||{ROW}"
    assert may_move(slot_of("doc|C-1", WHO, DAY, ROW))


@pytest.mark.parametrize("occurrence", ["", "2018-02-08", "a", "x" * 100])
def test_anything_else_is_told_apart_by_its_period(occurrence):
    slot = slot_of("doc|C-1", "", DAY, occurrence)
    assert slot == f"doc|C-1||2018-02-08|{occurrence[:80]}"
    assert not may_move(slot)
    assert asked_by(slot) == "doc|C-1"
    assert not is_key(occurrence)


def test_slots_of_before_lose_the_day_of_a_row_and_only_that():
    assert put_right.moved(f"doc|C-1|{WHO}|2018-02-08|{ROW}") == slot_of("doc|C-1", WHO, DAY, ROW)
    for slot in (slot_of("doc|C-1", WHO, DAY, ROW), slot_of("doc|C-1", WHO, DAY, ""), "planted|1", "x"):
        assert put_right.moved(slot) == slot


@pytest.mark.django_db
def test_of_two_that_stood_of_one_row_the_newer_stays(cast, clause, unsealed):
    run = Run.objects.create(bureau=cast.bureau, start=DAY, end=DAY, as_of=DAY, by_label="x")
    same = {"bureau": cast.bureau, "run": run, "clause": clause, "verdict": "violated", "fingerprint": "f"}
    days = {day: f"own|C-1|{WHO}|{day.isoformat()}|{ROW}" for day in (DAY, DAY + dt.timedelta(21))}
    for day, slot in days.items():
        Finding.objects.create(**same, slot=slot, start=day, end=day, occurrence=ROW)
    plain = Finding.objects.create(**same, slot="own|C-1||2018-02-01|", start=DAY, end=DAY)
    for slot in days.values():
        Proposal.objects.create(bureau=cast.bureau, run=run, change="added", slot=slot, values={"slot": slot})

    unsealed(put_right.forwards)

    older, newer = Finding.objects.filter(occurrence=ROW).order_by("found_at", "pk")
    assert older.slot == newer.slot == slot_of("own|C-1", WHO, DAY, ROW)
    assert (older.status, newer.status) == ("superseded", "live")
    assert older.closed_because
    plain.refresh_from_db()
    assert (plain.slot, plain.status) == ("own|C-1||2018-02-01|", "live")
    waiting = Proposal.objects.get(decided_at=None)
    assert waiting.slot == waiting.values["slot"] == newer.slot


@pytest.fixture
def unsealed():
    """Calls something with the rule of findings lifted, as the migration does, and says the rule again."""
    state = ProjectState.from_apps(apps)

    def call(change):
        operations = [one for one in put_right.Migration.operations if isinstance(one, Lift | Sealed)]
        editor = connection.schema_editor()
        editor.deferred_sql = []  # not entered: inside a test's transaction SQLite refuses that
        operations[0].database_forwards("regulations", editor, state, state)
        change(apps, editor)
        operations[1].database_forwards("regulations", editor, state, state)

    return call
