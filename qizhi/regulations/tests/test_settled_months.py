"""Settled months: whatever is corrected, run, withdrawn, settled, opened and decided, the invariants hold."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.periods import month_of
from qizhi.regulations.enums import Change, FindingStatus
from qizhi.regulations.models import Finding, PeriodClose, Proposal
from qizhi.regulations.services import (
    close_period,
    decide_proposal,
    reopen_period,
    run_clauses,
    withdraw_finding,
)
from qizhi.regulations.tests.planted import LATE, OF

D = dt.date
JANUARY, TODAY = month_of(D(2018, 1, 1)), D(2018, 3, 1)


@pytest.fixture(autouse=True)
def today(_clock):
    with clock.at(TODAY):
        yield


@pytest.fixture
def by(cast):
    return cast.actor("officer")


def run(cast, by):
    return run_clauses(bureau_id=cast.bureau.pk, span=JANUARY, as_of=TODAY, by=by)


def close(cast, by):
    return close_period(bureau_id=cast.bureau.pk, span=JANUARY, by=by)


def live(cast):
    return {one.occurrence: one for one in Finding.objects.live().filter(bureau=cast.bureau)}


def waiting():
    return {one.slot.rsplit("|", 1)[1]: one for one in Proposal.objects.filter(decided_at=None)}


def test_what_no_longer_differs_waits_no_longer(cast, clause, by):
    LATE["a"] = (D(2018, 1, 5), 3)
    run(cast, by)
    close(cast, by)
    LATE["a"] = (D(2018, 1, 5), 1)
    run(cast, by)
    assert waiting()["a"].change == Change.GONE
    LATE["a"] = (D(2018, 1, 5), 3)
    run(cast, by)
    assert waiting() == {}, "the fact is what it was"
    assert Proposal.objects.get().decided_by_label == "核算"


def test_a_proposal_that_stands_for_another_fact_is_replaced(cast, clause, by):
    close(cast, by)
    for late in (3, 4):
        LATE["a"] = (D(2018, 1, 5), late)
        run(cast, by)
    assert [one.values["actual"] for one in waiting().values()] == ["晚4天"]
    assert Proposal.objects.count() == 2


def test_what_was_withdrawn_is_not_taken_over_from_an_older_proposal(cast, clause, by):
    closed = close(cast, by)
    LATE["a"] = (D(2018, 1, 5), 3)
    run(cast, by)
    old = waiting()["a"]
    reopen_period(period=closed, because="更正", by=by)
    run(cast, by)
    withdraw_finding(finding=live(cast)["a"], because="申诉成立", by=by)
    with pytest.raises(Refused, match="已经处理过"):
        decide_proposal(proposal=old, is_accepted=True, by=by)
    Proposal.objects.update(decided_at=None)
    old.refresh_from_db()
    with pytest.raises(Refused, match="不再新增"):
        decide_proposal(proposal=old, is_accepted=True, by=by)


def test_nobody_decides_a_proposal_about_themselves(cast, clause, by):
    close(cast, by)
    LATE["a"] = (D(2018, 1, 5), 3)
    OF["a"] = {"person_id": cast.person("officer").pk}
    run(cast, by)
    for is_accepted in (True, False):
        with pytest.raises(Refused, match="涉及您本人"):
            decide_proposal(proposal=waiting()["a"], is_accepted=is_accepted, by=by)
    decide_proposal(proposal=waiting()["a"], is_accepted=True, by=cast.actor("inspector"))
    assert set(live(cast)) == {"a"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["fact", "fact", "run", "run", "withdraw", "close", "reopen", "accept", "aside"]),
        st.sampled_from("abc"),
        st.integers(-1, 5),
    ),
    max_size=20,
)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_invariants_hold(cast, clause, by, steps):
    with transaction.atomic():
        LATE.clear()
        for step, key, late in steps:
            before = {one.pk for one in live(cast).values()}
            was_settled = PeriodClose.objects.exists()
            act(cast, by, step, key, late)
            if was_settled and step == "run":
                assert {one.pk for one in live(cast).values()} == before, "a run changes nothing there"
            check()
        for closed in PeriodClose.objects.all():
            reopen_period(period=closed, because="更正", by=by)
        run(cast, by)
        check()
        withdrawn = set(
            Finding.objects.filter(status=FindingStatus.WITHDRAWN).values_list("occurrence", flat=True)
        )
        expected = {key: f"晚{late}天" for key, (_, late) in LATE.items() if late > 2 or late < 0}
        standing = {key: one.actual for key, one in live(cast).items()}
        assert standing == {key: words for key, words in expected.items() if key not in withdrawn}
        assert waiting() == {}, "in open months nothing waits"
        transaction.set_rollback(True)


def act(cast, by, step, key, late):
    """One step; where it has no object, nothing happens."""
    closed = PeriodClose.objects.first()
    if step == "fact":
        LATE[key] = (D(2018, 1, 5), late)
    elif step == "run":
        run(cast, by)
    elif step == "withdraw" and key in live(cast):
        withdraw_finding(finding=live(cast)[key], because="撤", by=by)
    elif step == "close" and closed is None:
        close(cast, by)
    elif step == "reopen" and closed is not None:
        reopen_period(period=closed, because="更正", by=by)
    elif step in {"accept", "aside"} and key in waiting():
        with suppress(Refused):  # it has changed since, or was withdrawn for ever
            decide_proposal(proposal=waiting()[key], is_accepted=step == "accept", by=by)


def check():
    """One of a slot stands, one waits, and none that was withdrawn stands up again."""
    rows = list(Finding.objects.all())
    standing = [one.slot for one in rows if one.status == FindingStatus.LIVE]
    assert len(standing) == len(set(standing))
    assert not {one.slot for one in rows if one.status == FindingStatus.WITHDRAWN} & set(standing)
    slots = list(Proposal.objects.filter(decided_at=None).values_list("slot", flat=True))
    assert len(slots) == len(set(slots))
    for one in rows:
        if one.supersedes is not None:
            assert one.supersedes.slot == one.slot
            assert one.supersedes.status == FindingStatus.SUPERSEDED
