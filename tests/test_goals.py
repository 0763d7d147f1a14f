"""G2 and G3: one meeting, entered once, is counted by each ledger; moved by a quarter, each follows."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import audit, clock, periods
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services.facts import GatheringFacts, LecturerFact, VisitorFact, facts_of
from qizhi.gatherings.services.records import correct_gathering, record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.org.enums import Role
from qizhi.org.models import Post
from qizhi.reports.queries import reckoning_for
from qizhi.reports.services.secretary import secretary_report
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.services.duties import DutyValues, create_list, issue_list
from qizhi.web.queries.ledgers import LEDGERS, ledger_by_key, sheet_of

TODAY = dt.date(2018, 6, 20)
FIRST = periods.quarter_of(dt.date(2018, 2, 1))
SECOND = periods.quarter_of(dt.date(2018, 5, 1))

# Key of each ledger of docs/ledgers.md → the figures of it that one branch meeting moves.
MOVED = {
    "meetings": tuple(f"gatherings.{one}" for one in ("congress", "committee", "group", "lesson")),
    "theme-day": ("gatherings.theme_day",),
    "lessons": ("gatherings.lessons_by_secretary",),
    "hours": ("gatherings.training",),
    "centre-plan": ("study.plan_done_share",),
    "campaign": ("gatherings.campaign",),
    "dual-life": ("branch_life.dual_life_share",),
    "contact": ("gatherings.audit_visits",),
    "integrity": ("gatherings.integrity",),
    "responsibility": ("tasks.list_done_share",),
    "secretary-report": ("gatherings.held",),
    "assessment": ("gatherings.lesson",),
    "overview": ("gatherings.held",),
}


def ledgers(cast, period):
    """What each ledger shows for the branch in the period: its line, and its total, which is its rows."""
    actor = cast.actor("secretary")
    reckoning = reckoning_for(actor, year=2018, as_of=TODAY, unit=cast.first)
    found = {}
    for key, keys in MOVED.items():
        sheet = sheet_of(ledger_by_key(key), reckoning, actor, period)
        line = next(line for line in sheet.lines if line.unit == cast.first)
        total = 0
        for number, spot in zip(sheet.numbers, line.spots, strict=True):
            if number.figure.key in keys:
                assert number.figure.counted_from_rows(number.ask) == number.value.counted
                assert number.figure.by_unit is None or spot.counted == number.value.counted
                total += number.value.counted
        found[key] = total
    return found


def report(cast):
    """The numbers that the secretary reports on."""
    made = secretary_report(cast.first, 2018, TODAY, (cast.first.pk, cast.group.pk))
    return {number.figure.key: number.value.counted for _, group in made.groups for number in group}


@pytest.fixture
def meeting(cast):
    """A plan for February, and what a secretary records: one form."""
    with clock.at(TODAY):
        officer = cast.actor("officer")
        load_standard_kinds(cast.bureau, by=officer)
        # A member of the Party group belongs to the branch as an ordinary member.
        Post.objects.create(
            bureau=cast.bureau,
            person=cast.person("member"),
            unit=cast.party_group,
            role=Role.PARTY_GROUP_MEMBER,
            from_on=dt.date(2015, 1, 1),
        )
        plan = Plan.objects.create(
            bureau=cast.bureau, unit=cast.first, year=2018, purpose="branch_study", name="学习计划"
        )
        PlanItem.objects.create(bureau=cast.bureau, plan=plan, month=2, topic="廉政党课", ledger="lesson")
        # The branch has a duty that a number can tell.
        duty = DutyValues(
            text="开展廉政教育", due_on=dt.date(2018, 3, 30), figure="gatherings.integrity", target=1
        )
        duties = create_list(
            issuer=cast.root,
            year=2018,
            kind="responsibility",
            name="责任清单",
            units=[cast.first],
            items=[duty],
            by=officer,
        )
        issue_list(duties, issued_on=dt.date(2018, 1, 2), by=officer)
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


def test_g2_one_meeting_moves_all_thirteen_ledgers_by_one_each(cast, meeting, tell):
    before, told = ledgers(cast, FIRST), report(cast)
    record_gathering(facts=meeting, by=cast.actor("secretary"))
    after = ledgers(cast, FIRST)
    moved = [key for key in MOVED if after[key] - before[key] == 1]
    assert moved == list(MOVED)
    assert moved == [ledger.key for ledger in LEDGERS]
    steps = {key: counted - told[key] for key, counted in report(cast).items()}
    assert steps["gatherings.held"] == steps["gatherings.lesson"] == steps["gatherings.audit_visits"] == 1
    tell("G2", f"{len(moved)} of {len(LEDGERS)} ledgers moved by one, 0 further inputs: {', '.join(moved)}")


def test_g3_moved_by_a_quarter_every_ledger_follows_and_the_log_keeps_both(cast, meeting, tell):
    secretary = cast.actor("secretary")
    gathering = record_gathering(facts=meeting, by=secretary)
    held = ledgers(cast, FIRST)
    facts = facts_of([gathering])[gathering.pk]
    moved = facts.__class__(**{**facts.__dict__, "held_on": dt.date(2018, 5, 11)})
    correct_gathering(gathering, facts=moved, by=secretary)
    # What was planned for February is not carried out in May; the duty of March then is, late, in its quarter.
    assert ledgers(cast, FIRST) == dict.fromkeys(MOVED, 0) | {"responsibility": 1}
    assert ledgers(cast, SECOND) == held | {"centre-plan": 0, "responsibility": 0}
    event = audit.history(gathering).first()
    assert (event.before["held_on"], event.after["held_on"]) == ("2018-02-09", "2018-05-11")
    correct_gathering(gathering, facts=facts, by=secretary)
    assert ledgers(cast, FIRST) == held
    tell("G3", f"{len(MOVED)} ledgers follow a date moved by a quarter and back")
