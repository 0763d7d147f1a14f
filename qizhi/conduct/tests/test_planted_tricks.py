"""What somebody with a console tries around the rules: before its case, as a copy, without who and why (G7)."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
from django.db import Error, connection, transaction

from qizhi.conduct.models import Case, Inspection, Observation, PointsEntry
from qizhi.conduct.services.appeals import finalize_case
from qizhi.conduct.services.observations import Seen, save_observation
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.permissions import system
from qizhi.core.tests.standing import left_standing
from qizhi.org.models import Account, Arrival
from qizhi.regulations.models import Clause, Finding, Regulation, Version
from qizhi.regulations.services import clone_version, edit_regulation, publish_version, withdraw_finding
from qizhi.regulations.tests.ending import end_finding

D = dt.date


def counts(attempt):
    """Do it up to the moment at which it would count."""
    with transaction.atomic():
        attempt()
        connection.check_constraints()


def refused(attempt, match):
    """The database does not let it count."""
    with pytest.raises(Error, match=match):
        counts(attempt)


def sql(statement, *values):
    """Typed into the console; keys as the engine keeps them."""
    is_sqlite = connection.vendor == "sqlite"
    plain = [value.hex if is_sqlite and hasattr(value, "hex") else value for value in values]
    return lambda: connection.cursor().execute(statement, plain)


@left_standing
def final(story, finding):
    """A case of a finding, final on 7 February, with its line."""
    case = story.decided(finding=finding)
    with clock.at(D(2018, 2, 7)):
        return finalize_case(case, by=story.recorder)


@left_standing
def seen(cast, rules):
    """What an inspection has seen."""
    inspector = cast.person("inspector")
    held = Inspection.objects.create(bureau=cast.bureau, month=D(2018, 1, 1), title="检查", led_by=inspector)
    words = Seen(D(2018, 1, 3), "未着制服", "大厅", person=cast.person("member"), clause=rules["MV-9"])
    return save_observation(held, words, by=cast.actor("inspector"))


def line(case, key):
    """Its line once more, for another case."""
    made = PointsEntry.objects.get(case=case)
    made.pk, made.case_id, made._state.adding = new_id(), key, True
    return made


def test_no_line_comes_before_its_case(final, story):
    draft = story.drafted()

    def plant():
        key = new_id()
        PointsEntry.objects.bulk_create([line(final, key)])
        draft.pk, draft.serial = key, 777
        Case.objects.bulk_create([draft])

    refused(plant, "does not fit its case")
    if connection.vendor == "sqlite":
        refused(lambda: PointsEntry.objects.bulk_create([line(final, new_id())]), "does not fit its case")


def test_no_case_is_born_but_as_a_draft(final):
    def plant():
        made = copy.copy(final)
        made.pk, made.serial, made.finding = new_id(), 778, None
        Case.objects.bulk_create([made])
        PointsEntry.objects.bulk_create([line(final, made.pk)])

    refused(plant, "begins as a draft")
    for status in ("notified", "decided", "cleared", "dropped"):
        made = copy.copy(final)
        made.pk, made.serial, made.finding, made.status = new_id(), 778, None, status
        refused(lambda made=made: Case.objects.bulk_create([made]), "begins as a draft|its checks")


def test_a_bureau_that_is_here_does_not_arrive(cast):
    refused(lambda: Arrival.objects.create(bureau=cast.bureau), "is there already")
    other = Arrival.objects.create(bureau_id=new_id())
    refused(lambda: Arrival.objects.filter(pk=other.pk).update(bureau=cast.bureau), "is there already")


@pytest.mark.parametrize("status", ["withdrawn", "gone", "superseded"])
def test_no_finding_ends_without_who_and_why(finding, status):
    rows = Finding.objects.filter(pk=finding.pk)
    now, who = clock.now(), {"closed_by_label": "子", "closed_because": "不实"}
    for values in ({}, {"closed_at": now}, who, {"closed_at": now, "closed_by_label": "子"}):
        refused(lambda values=values: rows.update(status=status, **values), "ends (with|by)")
    if status == "withdrawn":
        rows.update(status=status, closed_at=now, **who)
    else:
        refused(lambda: rows.update(status=status, closed_at=now, **who), "ends by a run")
        end_finding(finding, status)
    assert rows.get().status == status


def test_no_finding_is_withdrawn_under_a_final_case(cast, final, finding):
    values = {"closed_at": clock.now(), "closed_by_label": "子", "closed_because": "不实"}
    refused(
        lambda: Finding.objects.filter(pk=finding.pk).update(status="withdrawn", **values), "bears a case"
    )
    with pytest.raises(Refused, match="已经生效，这条发现不能单独撤销") as said:
        withdraw_finding(finding=finding, because="不实", by=cast.actor("officer"))
    assert said.value.see == final
    end_finding(finding)  # the fact has changed: then a third person says the last word


def test_what_was_seen_never_goes_and_changes_only_with_who_and_why(cast, seen):
    row = Observation.objects.filter(pk=seen.pk)
    refused(row.delete, "sealed")
    refused(sql("DELETE FROM conduct_observation WHERE id = %s", seen.pk), "sealed")
    refused(sql("UPDATE conduct_observation SET fact = 'x' WHERE id = %s", seen.pk), "kept as it was seen")
    refused(lambda: row.update(person=cast.person("neighbour")), "kept as it was seen")
    refused(lambda: row.update(withdrawn_at=clock.now()), "kept as it was seen")
    words = Seen(D(2018, 1, 4), "未着制服", "大厅", person=cast.person("member"))
    for because in ("看错日期", "看错条款"):
        save_observation(
            seen.inspection, words, by=cast.actor("inspector"), observation=seen, because=because
        )
        words = Seen(D(2018, 1, 5), "未着制服", "大厅", person=cast.person("member"))
    got = row.get()
    assert (got.happened_on, got.corrected_because) == (D(2018, 1, 5), "看错条款")
    refused(lambda: row.update(fact="x"), "kept as it was seen")


def test_what_a_case_rests_on_stays_as_it_is(story, seen):
    story.drafted(observation=seen)
    corrected = {"corrected_at": clock.now(), "corrected_by_label": "子", "corrected_because": "看错"}
    row = Observation.objects.filter(pk=seen.pk)
    refused(lambda: row.update(fact="x", **corrected), "kept as it was seen")
    refused(lambda: row.update(withdrawn_at=clock.now(), withdrawn_because="错"), "kept as it was seen")


def test_who_recorded_a_draft_and_its_number_stay(cast, story, finding):
    draft = story.drafted()
    row = Case.objects.filter(pk=draft.pk)
    for values in (
        {"recorded_by": cast.person("secretary")},
        {"recorded_on": D(2018, 1, 1)},
        {"serial": 99},
        {"finding": finding},
        {"decision_reason": "x"},
    ):
        refused(lambda values=values: row.update(**values), "has no such way")
    refused(lambda: row._raw_delete(row.db), "stays|FOREIGN|foreign")
    row.update(fact="另一句话")


def test_a_published_version_ends_only_by_a_signed_successor(cast, rules):
    old = rules["MV-9"].version
    draft = clone_version(version=old, label="修订", effective_from=D(2018, 1, 8), by=cast.actor("officer"))
    row = Version.objects.filter(pk=old.pk)
    for day in (D(2016, 1, 2), D(2018, 1, 7), D(2030, 1, 1)):
        refused(lambda day=day: row.update(effective_to=day), "ends by its successor")
    own, other = (Account.objects.get(username=name).pk for name in ("officer", "leader"))
    mine = Version.objects.filter(pk=draft.pk)
    publish = {"status": "published", "loaded_from": "x", "changed_by_id": None}
    for values in (publish, {"changed_by_id": None}, {"loaded_from": "x"}, {"published_by_id": own}):
        refused(lambda values=values: mine.update(**values), "by two people|its checks|two_people")
    mine.update(published_by_id=other)
    refused(lambda: mine.update(label="另一版"), "by two people")
    refused(lambda: mine._raw_delete(mine.db), "is signed|FOREIGN|foreign")
    refused(lambda: row.update(effective_to=D(2018, 1, 6)), "ends by its successor")
    row.update(effective_to=D(2018, 1, 7))
    refused(lambda: row.update(effective_to=None), "ends by its successor")


def test_another_account_signs_nothing_of_the_same_person(cast, rules):
    version = rules["MV-9"].version
    draft = clone_version(
        version=version, label="修订", effective_from=D(2018, 3, 1), by=cast.actor("officer")
    )
    person = cast.person("officer")
    Account.objects.filter(person=person).update(is_active=False)
    second = Account.objects.create_user("officer2", "x", bureau=cast.bureau, person=person)
    refused(lambda: Version.objects.filter(pk=draft.pk).update(published_by_id=second.pk), "by two people")


def test_a_copy_that_says_it_was_loaded_ends_nothing(cast, rules):
    old = rules["MV-9"].version
    made = copy.copy(old)
    made.pk, made.status, made.effective_from = new_id(), "draft", D(2018, 1, 8)
    made.published_by_id, made.changed_by_id, made.loaded_from = None, None, "x"
    Version.objects.bulk_create([made])
    refused(
        lambda: Version.objects.filter(pk=old.pk).update(effective_to=D(2018, 1, 7)), "ends by its successor"
    )
    refused(lambda: Version.objects.filter(pk=made.pk).update(status="published"), "overlaps")
    other = copy.copy(made)
    other.pk, other.status = new_id(), "published"
    refused(lambda: Version.objects.bulk_create([other]), "begins as a draft|overlaps")


def test_what_binds_keeps_its_name(cast, rules):
    by, row = cast.actor("officer"), Regulation.objects.filter(code="micro")
    for values in ({"title": "x"}, {"doc_no": "x"}, {"issuer": "x"}, {"code": "x"}):
        refused(lambda values=values: row.update(**values), "keeps its name|is sealed")
        with pytest.raises(Refused, match="已有发布的版本"):
            edit_regulation(regulation=row.get(), values=values, by=by)
    refused(lambda: row._raw_delete(row.db), "is sealed")
    # What waits for its check is corrected with it, once.
    edit_regulation(regulation=row.get(), values={"doc_no": "示检党〔2016〕2号", "confirmation": "V"}, by=by)
    for values in ({"doc_no": "x"}, {"confirmation": "R"}):
        refused(lambda values=values: row.update(**values), "keeps its name")
        with pytest.raises(Refused, match="已有发布的版本"):
            edit_regulation(regulation=row.get(), values=values, by=by)


def test_a_command_ends_nothing_that_people_have_published(cast, rules):
    version = rules["MV-9"].version
    day = D(2018, 3, 1)
    draft = clone_version(version=version, label="修订", effective_from=day, by=system(cast.bureau.pk))
    with pytest.raises(Refused, match="不能由命令终止"):
        publish_version(version=draft, by=system(cast.bureau.pk))
    publish_version(version=draft, by=cast.actor("leader"))
    assert Clause.objects.filter(version=draft).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere no connection can switch checks off")
@pytest.mark.parametrize("switched", ["foreign_keys = 0", "ignore_check_constraints = 1"])
@pytest.mark.parametrize(
    "who", ["person_id", "upper(person_id)", "CAST(person_id AS BLOB)", "recorded_by_id"]
)
def test_checks_hold_though_a_connection_switches_them_off(story, switched, who):
    told = story.notified()
    decided = (
        "UPDATE conduct_case SET status = 'decided', decision = 'confirmed', decision_reason = 'x', "  # noqa: S608 - our own columns
        f"decided_on = '2018-01-23', appeal_until = '2018-02-06', decided_by_id = {who} WHERE id = %s"
    )
    early = "UPDATE conduct_case SET statement_until = notified_on WHERE id = %s"
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA {switched}")
    try:
        for statement in (decided, early):
            with (
                pytest.raises(Error, match=r"its checks|no such way|is sealed|who recorded it"),
                transaction.atomic(),
            ):
                cursor.execute(statement, [told.pk.hex])
    finally:
        cursor.execute("PRAGMA ignore_check_constraints = 0")
    assert Case.objects.get(pk=told.pk).status == "notified"
