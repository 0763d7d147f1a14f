"""Runs: what is found, compared with what stands, and what a person has said stays said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.core import clock, periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import system
from qizhi.core.tests.planted import assert_stays
from qizhi.regulations.enums import Change, FindingStatus
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause, ClauseCase, Finding, Proposal, Run, Version
from qizhi.regulations.rules.runs import ADDED, GONE, LEFT, REPLACED, UNTOUCHED, reconcile
from qizhi.regulations.services import (
    add_regulation,
    add_version,
    close_period,
    compare,
    decide_proposal,
    publish_version,
    reopen_period,
    run_clauses,
    withdraw_finding,
)
from qizhi.regulations.tests.planted import LATE

D = dt.date
JANUARY, FEBRUARY = periods.month_of(D(2018, 1, 1)), periods.month_of(D(2018, 2, 1))
TODAY = D(2018, 3, 1)


@pytest.fixture(autouse=True)
def today(_clock):
    with clock.at(TODAY):
        yield


@pytest.fixture
def by(cast):
    return cast.actor("officer")


def run(cast, by, span=JANUARY):
    return run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)


def live(cast):
    return {one.occurrence: one for one in Finding.objects.live().filter(bureau=cast.bureau)}


def test_a_run_finds_explains_and_does_nothing_the_second_time(cast, by, clause):
    LATE.update({"a": (D(2018, 1, 5), 3), "b": (D(2018, 1, 6), 2), "c": (D(2018, 1, 7), -1)})
    first = run(cast, by)
    assert first.counts == {"added": 2, "proposed": 0, "problems": []}
    found = live(cast)
    assert (found["a"].points, found["a"].verdict, found["a"].sentence) == (-1, "violated", "a：晚3天")
    assert found["a"].evidence["rule"]["text"] == "逾期2天以上，每件扣1分。"
    assert (found["c"].points, found["c"].verdict) == (0, "unknown")
    second = run(cast, by)
    assert second.counts == {"untouched": 2, "proposed": 0, "problems": []}
    assert Finding.objects.count() == 2
    assert (first.rules_hash, first.calendar_hash) == (second.rules_hash, second.calendar_hash)


def test_a_corrected_fact_is_superseded_or_gone_and_nothing_is_lost(cast, by, clause):
    LATE.update({"a": (D(2018, 1, 5), 3), "b": (D(2018, 1, 6), 5)})
    run(cast, by)
    LATE.update({"a": (D(2018, 1, 5), 4), "b": (D(2018, 1, 6), 1)})
    outcome = compare(cast.bureau.pk, JANUARY, TODAY)
    assert {step.change for step in outcome.changes} == {Change.REPLACED, Change.GONE}
    assert Finding.objects.count() == 2, "a comparison writes nothing"
    run(cast, by)
    run(cast, by)
    now = live(cast)
    assert list(now) == ["a"]
    assert now["a"].supersedes.status == FindingStatus.SUPERSEDED
    assert {one.status for one in Finding.objects.filter(occurrence="b")} == {FindingStatus.GONE}
    LATE["b"] = (D(2018, 1, 6), 5)
    run(cast, by)
    assert set(live(cast)) == {"a", "b"}, "what a run has ended, a run may find again"


def test_what_a_person_has_withdrawn_is_never_found_again(cast, by, clause):
    LATE["a"] = (D(2018, 1, 5), 3)
    run(cast, by)
    withdraw_finding(finding=live(cast)["a"], because="申诉成立", by=by)
    for late in (3, 9):
        LATE["a"] = (D(2018, 1, 5), late)
        assert run(cast, by).counts["left"] == 1
        assert live(cast) == {}
    with pytest.raises(Refused, match="没有再次撤销"):
        withdraw_finding(finding=Finding.objects.get(), because="再次", by=by)


def test_in_settled_months_a_run_only_proposes_and_a_person_decides(cast, by, clause):
    LATE.update({"a": (D(2018, 1, 5), 3), "b": (D(2018, 2, 6), 5)})
    run(cast, by)
    closed = close_period(bureau_id=cast.bureau.pk, span=JANUARY, by=by)
    LATE.update({"a": (D(2018, 1, 5), 1), "n": (D(2018, 1, 9), 8)})
    both = periods.Period(JANUARY.start, FEBRUARY.end)
    for _ in range(2):
        assert run(cast, by, both).counts["proposed"] == 2
    assert set(live(cast)) == {"a", "b"}, "February is open, January is not"
    waiting = {one.change: one for one in Proposal.objects.filter(decided_at=None)}
    assert set(waiting) == {Change.ADDED, Change.GONE}, "proposed once"
    decide_proposal(proposal=waiting[Change.ADDED], is_accepted=True, by=by)
    decide_proposal(proposal=waiting[Change.GONE], is_accepted=False, by=by)
    assert set(live(cast)) == {"a", "b", "n"}
    with pytest.raises(Refused, match="已经处理过"):
        decide_proposal(proposal=Proposal.objects.all()[0], is_accepted=True, by=by)
    reopen_period(period=closed, because="原始记录更正", by=by)
    run(cast, by)
    assert set(live(cast)) == {"b", "n"}


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (periods.Period(D(2018, 1, 2), D(2018, 1, 31)), "须是整月"),
        (periods.month_of(TODAY), "还没有过完"),
    ],
)
def test_only_whole_months_that_are_over_are_settled(cast, by, span, said):
    with pytest.raises(Refused, match=said):
        close_period(bureau_id=cast.bureau.pk, span=span, by=by)


def test_a_run_waits_for_none_and_is_refused_beside_another(cast, by, clause):
    Run.objects.create(bureau=cast.bureau, start=JANUARY.start, end=JANUARY.end, as_of=TODAY)
    with pytest.raises(Refused, match="正在进行"):
        run(cast, by)


def test_a_clause_that_cannot_be_judged_leaves_what_stands(cast, by, clause, monkeypatch):
    LATE["a"] = (D(2018, 1, 5), 3)
    run(cast, by)
    monkeypatch.setattr(type(kind_by_key("planted_late")), "parameters", ())
    problem = run(cast, by)
    assert set(live(cast)) == {"a"}
    assert "L-1" in problem.counts["problems"][0]


def refused(statement, *values):
    with pytest.raises(Error, match=r"sealed|ends with"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_refuses_to_touch_what_counts(cast, by, clause):
    """By the ORM and by SQL: a published clause, its version, its cases, a finding, a run."""
    LATE["a"] = (D(2018, 1, 5), 3)
    run(cast, by)
    key = clause.pk.hex
    for sql in (
        "UPDATE regulations_clause SET points = 0 WHERE id = %s",
        "DELETE FROM regulations_clause WHERE id = %s",
    ):
        refused(sql, key)
    refused("UPDATE regulations_version SET label = 'x' WHERE status = 'published'")
    refused("DELETE FROM regulations_version WHERE status = 'published'")
    refused("UPDATE regulations_finding SET points = 0")
    refused("DELETE FROM regulations_finding")
    refused("UPDATE regulations_run SET counts = '{}'")
    refused("DELETE FROM regulations_run")
    for attempt in (
        lambda: Clause.objects.filter(pk=clause.pk).update(points=0),
        lambda: Clause.objects.create(bureau=cast.bureau, version=clause.version, key="L-2", text="补一条"),
        lambda: ClauseCase.objects.create(bureau=cast.bureau, clause=clause, name="补", expected="符合"),
        lambda: Finding.objects.all().delete(),
        lambda: Version.objects.filter(pk=clause.version_id).update(status="draft"),
    ):
        with pytest.raises(Error, match="sealed"), transaction.atomic():
            attempt()
    for model in (Finding, Version, Clause, Run):
        assert_stays(model, "sealed|begins as")
    withdraw_finding(finding=Finding.objects.get(), because="撤", by=by)
    refused("UPDATE regulations_finding SET status = 'live'")


def test_the_same_person_does_not_put_a_draft_into_force(cast, by):
    regulation = add_regulation(
        values={"code": "two", "title": "两人办法", "doc_no": "", "issuer": "局", "level": "bureau"}, by=by
    )
    version = add_version(regulation=regulation, values={"label": "一", "effective_from": TODAY}, by=by)
    with pytest.raises(Refused, match="另一位"):
        publish_version(version=version, by=by)
    with pytest.raises(Error, match=r"two_people|two people|its checks"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(published_by_id=by.account_id)
    for values in ({}, {"loaded_from": "例"}):  # nor does it come into force by nobody's word
        with pytest.raises(Error, match=r"publisher|two people|its checks"), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(status="published", **values)
        with pytest.raises(Refused, match="不能由命令发布"):
            publish_version(version=version, by=system(cast.bureau.pk))
    publish_version(version=version, by=cast.actor("leader"))


FINGERPRINTS = st.dictionaries(st.sampled_from("abcde"), st.sampled_from("123"))


@given(FINGERPRINTS, FINGERPRINTS, st.sets(st.sampled_from("abcde")))
def test_reconciling_is_complete_and_settles_at_once(found, before, withdrawn):
    standing = {slot: print_ for slot, print_ in before.items() if slot not in withdrawn}
    steps = dict(reconcile(found, standing, withdrawn, set(standing)))
    assert set(steps) == set(found) | set(standing)
    after = {
        **{slot: standing[slot] for slot, step in steps.items() if step == UNTOUCHED},
        **{slot: found[slot] for slot, step in steps.items() if step in {ADDED, REPLACED}},
    }
    assert after == {slot: print_ for slot, print_ in found.items() if slot not in withdrawn}
    again = dict(reconcile(found, after, withdrawn, set(after)))
    assert set(again.values()) <= {UNTOUCHED, LEFT}
    assert GONE not in again.values()


STEPS = st.lists(
    st.tuples(st.sampled_from(["fact", "run", "withdraw"]), st.sampled_from("abc"), st.integers(-1, 5)),
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_invariants_hold(cast, clause, by, steps):
    with transaction.atomic():
        LATE.clear()
        for step, key, late in steps:
            if step == "fact":
                LATE[key] = (D(2018, 1, 5), late)
            elif step == "run":
                run(cast, by)
            elif key in live(cast):
                withdraw_finding(finding=live(cast)[key], because="撤", by=by)
            rows = list(Finding.objects.all())
            standing = [one.slot for one in rows if one.status == FindingStatus.LIVE]
            assert len(standing) == len(set(standing)), "one of a slot stands"
            gone = {one.slot for one in rows if one.status == FindingStatus.WITHDRAWN}
            assert not gone & set(standing), "none revives"
        run(cast, by)
        ended = {one.slot: one.fingerprint for one in live(cast).values()}
        mixed = sorted(LATE.items(), reverse=True)
        LATE.clear()
        LATE.update(mixed)
        assert "added" not in run(cast, by).counts, "the order of the facts does not matter"
        assert {one.slot: one.fingerprint for one in live(cast).values()} == ended
        transaction.set_rollback(True)
