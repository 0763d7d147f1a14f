"""Three people, none of them the one concerned: planted attempts are refused by the database itself (G7)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from qizhi.conduct.enums import Decision, ReviewOutcome
from qizhi.conduct.models import Case, CaseStep, PointsEntry
from qizhi.conduct.services.appeals import appeal_case, finalize_case, review_case
from qizhi.conduct.services.hearing import decide_case
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.tests.planted import assert_stays

D = dt.date
ROW = "UPDATE conduct_case SET {} = %s WHERE id = %s"


def by_sql(case, column, value):
    """What somebody with a console of the database would type."""
    key = case.pk.hex if connection.vendor == "sqlite" else case.pk
    value = value.hex if connection.vendor == "sqlite" and hasattr(value, "hex") else value
    with connection.cursor() as cursor:
        cursor.execute(ROW.format(column), [value, key])


def by_orm(case, column, value):
    """What a slip in our own code would do."""
    Case.objects.filter(pk=case.pk).update(**{column: value})


WAYS = pytest.mark.parametrize("way", [by_orm, by_sql])


def refused(way, case, column, value):
    with pytest.raises(DatabaseError), transaction.atomic():
        way(case, column, value)


@WAYS
def test_the_three_people_are_three_and_none_is_concerned(cast, story, way, tell):
    case = story.decided()
    for person_id in (case.recorded_by_id, case.person_id):
        refused(way, case, "decided_by_id", person_id)
    for person_id in (case.recorded_by_id, case.decided_by_id, case.person_id):
        refused(way, case, "reviewed_by_id", person_id)
    tell(
        "G7",
        f"5 planted attempts {way.__name__.replace('_', ' ')} to be two of three people are refused by the database",
    )


@WAYS
def test_what_was_told_never_changes(cast, story, way):
    case = story.notified()
    for column, value in (
        ("fact", "另一件事"),
        ("points", Decimal(-9)),
        ("person_id", cast.person("secretary").pk),
        ("recorded_by_id", cast.person("leader").pk),
        ("happened_on", D(2018, 1, 2)),
    ):
        refused(way, case, column, value)


@WAYS
def test_nothing_is_confirmed_before_the_whole_window(cast, story, way):
    case = story.decided()
    for column, value in (
        ("decided_on", D(2018, 1, 22)),
        ("statement_days", 3),
        ("statement_until", D(2018, 1, 30)),
        ("decided_by_id", None),
    ):
        refused(way, case, column, value)


@WAYS
def test_nothing_is_final_without_a_decision(cast, story, way):
    refused(way, story.notified(), "status", "final")


@WAYS
def test_no_way_leads_back_to_a_draft_or_out_of_being_cleared(cast, story, desk, way):
    case = story.notified()
    refused(way, case, "status", "draft")
    with clock.at(D(2018, 1, 17)):
        decide_case(
            case, decision=Decision.WITHDRAWN, reason="情况不属实", decided_on=D(2018, 1, 17), by=desk
        )
    for column, value in (
        *(("status", "notified"), ("status", "decided"), ("status", "draft")),
        *(("decision_reason", "另一个理由"), ("statement", "没有说过的话")),
    ):
        refused(way, case, column, value)
    case.refresh_from_db()
    assert (case.status, case.decision_reason) == ("cleared", "情况不属实")


def test_steps_and_points_only_grow_and_cases_stay(cast, story):
    case = story.decided()
    with clock.at(D(2018, 2, 7)):
        case = finalize_case(case, by=story.recorder)
    for rows in (CaseStep.objects.all(), PointsEntry.objects.all()):
        assert rows.exists()
        for change in (
            lambda rows=rows: rows.update(by_label="别人"),
            lambda rows=rows: rows._raw_delete(rows.db),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    for table in ("conduct_pointsentry", "conduct_casestep", "conduct_case"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables


def test_nothing_takes_the_place_of_what_was_told_and_counted(cast, story):
    case, draft = story.decided(), story.drafted()
    with clock.at(D(2018, 2, 7)):
        finalize_case(case, by=story.recorder)
    assert_stays(CaseStep, "append-only")
    assert_stays(PointsEntry, "append-only|does not fit")
    assert_stays(Case, "sealed|append-only|begins as", key="serial = 1")
    if connection.vendor == "sqlite":  # nor does a draft that is changed into it
        for column in ("id", "serial", "rowid"):
            told = f"(SELECT {column} FROM conduct_case WHERE status = 'final')"  # noqa: S608 - ours
            statement = f"UPDATE OR REPLACE conduct_case SET {column} = {told} WHERE id = %s"  # noqa: S608
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [draft.pk.hex])
    assert set(Case.objects.values_list("status", flat=True)) == {"final", "draft"}


def test_the_services_say_it_in_words_before_the_database_has_to(cast, story, desk):
    case = story.notified()
    with clock.at(D(2018, 1, 23)):
        for who, words in ((story.recorder, "必须是两个人"), (cast.actor("member"), "应当回避")):
            with pytest.raises(Refused, match=words):
                decide_case(case, decision=Decision.CONFIRMED, reason="？", decided_on=D(2018, 1, 23), by=who)
        case = decide_case(
            case, decision=Decision.CONFIRMED, reason="属实", decided_on=D(2018, 1, 23), by=desk
        )
        case = appeal_case(case, text="不服", appealed_on=D(2018, 1, 23), by=cast.actor("member"))
        for who, words in (
            (story.recorder, "第三个人"),
            (desk, "第三个人"),
            (cast.actor("member"), "应当回避"),
        ):
            with pytest.raises(Refused, match=words):
                review_case(
                    case, outcome=ReviewOutcome.UPHELD, reason="？", reviewed_on=D(2018, 1, 23), by=who
                )


def test_the_head_of_the_unit_concerned_steps_back(cast, story, desk, of_branches):
    case = story.notified(person=None, unit=cast.first, clause=of_branches)
    with clock.at(D(2018, 1, 23)), pytest.raises(Refused, match="本人负责的组织"):
        decide_case(
            case,
            decision=Decision.CONFIRMED,
            reason="？",
            decided_on=D(2018, 1, 23),
            by=cast.actor("secretary"),
        )
