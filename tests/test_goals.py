"""G2 and G3: one meeting, entered once, is counted by each ledger; moved by a quarter, each follows."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import audit, clock, figures, periods
from qizhi.core.figures import Ask
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services.facts import GatheringFacts, LecturerFact, VisitorFact, facts_of
from qizhi.gatherings.services.records import correct_gathering, record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.tasks.models import Plan, PlanItem

TODAY = dt.date(2018, 6, 20)
FIRST = periods.quarter_of(dt.date(2018, 2, 1))
SECOND = periods.quarter_of(dt.date(2018, 5, 1))

# Ledger of docs/ledgers.md → the figures that feed it.
LEDGERS = {
    "1 three meetings and one lesson": ("congress", "committee", "group", "lesson"),
    "2 theme day": ("theme_day",),
    "3 lessons by capacity": ("lessons_by_secretary",),
    "4 study hours": ("training",),
    "6 campaign coverage": ("campaign",),
    "8 contact visits": ("audit_visits",),
    "9 integrity education": ("integrity",),
    "13 overview": ("held",),
}


def ledgers(cast, period):
    """What each ledger counts for the branch in the period, and each number is its rows."""
    ask = Ask(cast.bureau.pk, period, TODAY, (cast.first.pk,))
    found = {}
    for name, keys in LEDGERS.items():
        total = 0
        for key in keys:
            figure = figures.get(f"gatherings.{key}")
            value = figure.value(ask)
            assert figure.counted_from_rows(ask) == value.counted
            total += value.counted
        found[name] = total
    return found


def plan_done(cast):
    ask = Ask(cast.bureau.pk, periods.year(2018), TODAY, (cast.first.pk,))
    return figures.get("study.plan_done_share").value(ask).counted


@pytest.fixture
def meeting(cast):
    """A plan for February, and what a secretary records: one form."""
    with clock.at(TODAY):
        officer = cast.actor("officer")
        load_standard_kinds(cast.bureau, by=officer)
        plan = Plan.objects.create(
            bureau=cast.bureau, unit=cast.first, year=2018, purpose="branch_study", name="学习计划"
        )
        PlanItem.objects.create(bureau=cast.bureau, plan=plan, month=2, topic="廉政党课", ledger="lesson")
        kinds = Kind.objects.filter(
            bureau=cast.bureau, key__in=["theme-day", "lesson", "integrity", "campaign"]
        )
        facts = GatheringFacts(
            unit=cast.first,
            held_on=dt.date(2018, 2, 9),
            kinds=tuple(kinds),
            lecturers=(LecturerFact(cast.person("secretary"), capacity="secretary"),),
            visitors=(VisitorFact(cast.person("leader"), role="auditor"),),
        )
        yield facts


def test_g2_one_meeting_moves_nine_ledgers_by_one_each(cast, meeting):
    before, planned = ledgers(cast, FIRST), plan_done(cast)
    record_gathering(facts=meeting, by=cast.actor("secretary"))
    after = ledgers(cast, FIRST)
    moved = [name for name in LEDGERS if after[name] - before[name] == 1]
    assert moved == list(LEDGERS)
    assert plan_done(cast) - planned == 1
    print(f"G2: {len(moved) + 1} of 13 ledgers moved by one, 0 further inputs")


def test_g3_moved_by_a_quarter_every_ledger_follows_and_the_log_keeps_both(cast, meeting):
    secretary = cast.actor("secretary")
    gathering = record_gathering(facts=meeting, by=secretary)
    held = ledgers(cast, FIRST)
    facts = facts_of([gathering])[gathering.pk]
    moved = facts.__class__(**{**facts.__dict__, "held_on": dt.date(2018, 5, 11)})
    correct_gathering(gathering, facts=moved, by=secretary)
    assert set(ledgers(cast, FIRST).values()) == {0}
    assert ledgers(cast, SECOND) == held
    assert plan_done(cast) == 0
    event = audit.history(gathering).first()
    assert (event.before["held_on"], event.after["held_on"]) == ("2018-02-09", "2018-05-11")
    correct_gathering(gathering, facts=facts, by=secretary)
    assert ledgers(cast, FIRST) == held
    assert plan_done(cast) == 1
    print(f"G3: {len(LEDGERS) + 1} ledgers follow a date moved by a quarter and back")
