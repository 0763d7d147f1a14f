"""No last word without its people and its days, no line of the ledger that does not fit: held by the database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from qizhi.conduct.enums import Decision, PointsKind, ReviewOutcome, StepKind
from qizhi.conduct.models import Case, CaseStep, PointsEntry
from qizhi.conduct.services.appeals import admit_appeal, appeal_case, finalize_case, review_case
from qizhi.conduct.services.hearing import decide_case
from qizhi.core import clock
from qizhi.regulations.tests.ending import end_finding

D = dt.date


def by_sql(case, **values):
    """What somebody with a console of the database would type."""
    is_sqlite = connection.vendor == "sqlite"
    plain = [value.hex if is_sqlite and hasattr(value, "hex") else value for value in values.values()]
    names = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE conduct_case SET {names} WHERE id = %s",  # noqa: S608 - names of our own columns
            [*plain, case.pk.hex if is_sqlite else case.pk],
        )


def by_orm(case, **values):
    """What a slip in our own code would do."""
    Case.objects.filter(pk=case.pk).update(**values)


WAYS = pytest.mark.parametrize("way", [by_orm, by_sql])


def refused(attempt, *args, **values):
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt(*args, **values)


@pytest.fixture
def appealed(story, cast):
    """Decided on 23 January, appealed against in time on the 25th."""
    case = story.decided()
    with clock.at(D(2018, 1, 25)):
        return appeal_case(case, text="不服", appealed_on=D(2018, 1, 25), by=cast.actor("member"))


@pytest.fixture
def final(story):
    """Final on 7 February, without an appeal."""
    case = story.decided()
    with clock.at(D(2018, 2, 7)):
        return finalize_case(case, by=story.recorder)


@WAYS
def test_nobody_records_what_concerns_them(story, way):
    case = story.drafted()
    refused(way, case, person_id=case.recorded_by_id)
    refused(way, case, recorded_by_id=case.person_id)


@WAYS
@pytest.mark.parametrize("values", [{"evidence": ""}, {"fact": ""}, {"rule": "{}"}, {"points": 0}])
def test_no_case_stands_without_its_rule_its_fact_and_what_shows_it(story, way, values):
    if way is by_orm and "rule" in values:
        values = {"rule": {}}
    refused(way, story.drafted(), **values)


@WAYS
def test_the_window_has_its_days(story, way):
    """Five working days after Monday the 15th never end before Saturday the 20th, however days are moved."""
    case = story.drafted()
    told = {"status": "notified", "notified_on": D(2018, 1, 15), "statement_days": 5}
    refused(way, case, **told, statement_until=D(2018, 1, 16))
    refused(way, case, **told, statement_until=D(2018, 1, 19))
    refused(way, case, **told)
    refused(way, case, **told | {"notified_on": D(2018, 1, 14)}, statement_until=D(2018, 1, 22))
    with transaction.atomic():
        way(case, **told, statement_until=D(2018, 1, 20))


@WAYS
def test_no_state_without_its_person_and_its_day(story, way):
    case = story.notified()
    who = {"decided_by_id": story.desk.person_id, "decided_on": D(2018, 1, 23), "decision_reason": "属实"}
    for values in (
        {"status": "decided"},
        {"status": "cleared"},
        {"status": "cleared", "decision": "withdrawn"},
        {
            "status": "cleared",
            "decision": "withdrawn",
            "decision_reason": "不实",
            "decided_on": D(2018, 1, 23),
        },
        {"status": "decided", "decision": "confirmed", **who},
        {"status": "notified", "decision": "confirmed", "appeal_until": D(2018, 2, 6), **who},
        {"status": "cleared", "decision": "confirmed", "appeal_until": D(2018, 2, 6), **who},
    ):
        refused(way, case, **values)
    with transaction.atomic():
        way(case, status="decided", decision="confirmed", appeal_until=D(2018, 2, 6), **who)


@WAYS
def test_what_was_said_and_decided_stays_said(story, way):
    case = story.decided()
    for values in (
        {"decision_reason": "另一个理由"},
        {"statement": "没有说过的话"},
        {"decided_on": D(2018, 1, 24)},
        {"notified_on": D(2018, 1, 16)},
        {"appeal_until": D(2018, 1, 24)},
    ):
        refused(way, case, **values)


@WAYS
def test_an_appeal_ends_by_a_review_alone(story, appealed, way):
    last = {"status": "final", "final_on": D(2018, 2, 7), "final_points": Decimal(-1)}
    third = {"reviewed_by_id": story.third.person_id, "reviewed_on": D(2018, 2, 7), "review_reason": "理由"}
    closed = {"is_appeal_open": False}
    for values in (
        last,
        last | closed,
        last | closed | third | {"outcome": "cancelled"},
        last | closed | {"outcome": "upheld"},
        last | closed | third | {"outcome": "upheld", "reviewed_by_id": story.desk.person_id},
        last | closed | third | {"outcome": "changed", "final_points": Decimal(-2)},
        last | third | {"outcome": "upheld"},
        {"status": "cleared", **closed},
        {"status": "cleared", **closed, "outcome": "cancelled"},
    ):
        refused(way, appealed, **values)
    with transaction.atomic():
        way(appealed, **last, **closed, **third, outcome="upheld")


@WAYS
def test_nothing_is_final_before_the_time_for_an_appeal_is_over(story, way):
    case = story.decided()
    last = {"status": "final", "final_on": D(2018, 2, 7), "final_points": Decimal(-1)}
    for values in (
        last | {"final_on": D(2018, 2, 6)},
        last | {"final_on": None},
        last | {"final_points": Decimal("-0.5")},
        last | {"final_points": None},
    ):
        refused(way, case, **values)
    with transaction.atomic():
        way(case, **last)


@WAYS
def test_the_last_word_changes_through_a_review_alone(story, final, cast, way):
    third = {"reviewed_by_id": story.third.person_id, "reviewed_on": D(2018, 3, 20), "review_reason": "理由"}
    for values in (
        {"final_points": Decimal("-0.5")},
        {"final_points": Decimal(-3)},
        {"final_on": D(2018, 1, 1)},
        {"final_points": Decimal("-0.5"), "outcome": "changed", **third},
        {"status": "cleared", "final_points": None, "final_on": None},
        {"status": "cleared", "final_points": None, "final_on": None, "outcome": "cancelled", **third},
    ):
        refused(way, final, **values)
    with clock.at(D(2018, 3, 20)):
        appeal_case(final, text="住院", appealed_on=D(2018, 3, 20), by=cast.actor("member"))
        admit_appeal(final, is_admitted=True, reason="有正当理由", by=story.third)
    with transaction.atomic():
        way(final, final_points=Decimal("-0.5"), outcome="changed", is_appeal_open=False, **third)


@WAYS
def test_a_late_appeal_is_admitted_by_somebody_else(story, final, cast, way):
    with clock.at(D(2018, 3, 20)):
        case = appeal_case(final, text="住院", appealed_on=D(2018, 3, 20), by=cast.actor("member"))
    refused(way, case, review_until=D(2018, 6, 20))
    for person_id in (case.recorded_by_id, case.decided_by_id, case.person_id):
        refused(way, case, review_until=D(2018, 6, 20), admitted_by_id=person_id)
    with transaction.atomic():
        way(case, review_until=D(2018, 6, 20), admitted_by_id=story.third.person_id)


def test_no_step_is_written_down_for_who_may_not_take_it(story, appealed):
    def step(kind, person_id):
        values = {"bureau_id": appealed.bureau_id, "case": appealed, "on": D(2018, 2, 7), "by_label": "某"}
        CaseStep.objects.create(**values, kind=kind, by_id=person_id)

    same = (appealed.recorded_by_id, appealed.decided_by_id, appealed.person_id, None)
    for kind in (StepKind.ADMITTED, StepKind.NOT_ADMITTED, StepKind.REVIEWED):
        for person_id in same:
            refused(step, kind, person_id)
        step(kind, story.third.person_id)
    for person_id in (appealed.recorded_by_id, appealed.person_id):
        refused(step, StepKind.DECIDED, person_id)


def _line(case, **values):
    known = {"bureau_id": case.bureau_id, "case": case, "person_id": case.person_id, "by_label": "某"}
    known |= {
        "kind": PointsKind.DEDUCTED,
        "points": case.points,
        "counted_on": case.final_on or D(2018, 2, 7),
    }
    return PointsEntry.objects.create(**known | values)


def test_a_line_of_the_ledger_fits_its_case(story, cast, appealed):
    refused(_line, story.drafted())
    refused(_line, appealed)
    day = D(2018, 2, 8)
    with clock.at(day):
        review = {"reason": "理由", "reviewed_on": day, "by": story.third}
        case = review_case(appealed, outcome=ReviewOutcome.CHANGED, points=Decimal("-0.5"), **review)
    entry = PointsEntry.objects.get()
    counter = {"kind": PointsKind.REVERSED, "reverses": entry}
    for values in (
        {"points": Decimal("-0.5")},  # a second time
        {"points": Decimal(-1)},
        counter | {"points": Decimal("0.5")},  # nobody has changed or cleared it
    ):
        refused(_line, case, **values)
    with clock.at(D(2018, 3, 20)):
        appeal_case(case, text="住院", appealed_on=D(2018, 3, 20), by=cast.actor("member"))
        admit_appeal(case, is_admitted=True, reason="有正当理由", by=story.third)
        Case.objects.filter(pk=case.pk).update(
            final_points=Decimal("-0.25"), is_appeal_open=False, outcome="changed"
        )
        case.refresh_from_db()
    for values in (
        {"points": Decimal(1)},
        {"points": Decimal("0.5"), "counted_on": D(2018, 2, 9)},
        {"points": Decimal("0.5"), "person_id": cast.person("neighbour").pk},
    ):
        refused(_line, case, **counter | values)
    _line(case, **counter | {"points": Decimal("0.5")})
    for values in (
        counter | {"points": Decimal("0.5")},  # a second reversal of a line
        {"points": Decimal(-1)},
        {"points": Decimal("-0.25"), "person_id": cast.person("neighbour").pk},
        {"points": Decimal("-0.25"), "counted_on": D(2018, 2, 9)},
        {"points": Decimal("0.25")},
    ):
        refused(_line, case, **values)
    _line(case, points=Decimal("-0.25"))


def test_a_review_without_an_appeal_needs_a_fact_that_has_changed(story, finding):
    case = story.decided(finding=finding)
    third = {"reviewed_by_id": story.third.person_id, "reviewed_on": D(2018, 2, 1), "review_reason": "理由"}
    cleared = {"status": "cleared", "outcome": "cancelled", **third}
    refused(by_orm, case, **cleared)
    end_finding(finding)
    by_orm(case, **cleared)


def test_a_case_withdrawn_at_once_has_its_person_too(story, desk):
    case = story.notified()
    with clock.at(D(2018, 1, 16)):
        case = decide_case(
            case, decision=Decision.WITHDRAWN, reason="不实", decided_on=D(2018, 1, 16), by=desk
        )
    assert (case.status, case.decided_by_id) == ("cleared", desk.person_id)
