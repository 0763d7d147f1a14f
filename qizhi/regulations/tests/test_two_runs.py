"""Two at once on PostgreSQL; on SQLite whoever writes has the file to themselves (see `tests/test_killed_runs`)."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from qizhi.core import clock
from qizhi.core.periods import Period, month_of
from qizhi.regulations.models import Finding, Run
from qizhi.regulations.services import close_period, run_clauses, withdraw_finding
from qizhi.regulations.services.runs import hold_months
from qizhi.regulations.tests.planted import LATE

D = dt.date
TODAY = D(2018, 3, 1)


JANUARY, FEBRUARY = month_of(D(2018, 1, 1)), month_of(D(2018, 2, 1))
BOTH = Period(JANUARY.start, FEBRUARY.end)


def run(cast, span=JANUARY):
    by = cast.actor("officer")
    return run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)


def in_thread(work):
    """Start it in a thread with a connection of its own; what it gives, once it has ended."""
    found = []

    def act():
        try:
            with clock.at(TODAY):
                found.append(work())
        except Exception as error:  # noqa: BLE001 - told to the test
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=act)
    thread.start()
    return thread, found


@pytest.fixture
def server(transactional_db):
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory is one connection")


def test_a_second_run_waits_for_the_first_and_finds_no_change(server, cast, clause):
    LATE["a"] = (D(2018, 1, 5), 3)
    with clock.at(TODAY):
        with transaction.atomic():
            first = run(cast)
            thread, found = in_thread(lambda: run(cast))
            thread.join(0.5)
            assert thread.is_alive(), "it waits"
        thread.join(20)
    assert first.counts["added"] == 1
    assert found[0].counts == {"untouched": 1, "proposed": 0, "problems": []}
    assert (Finding.objects.count(), Run.objects.count()) == (1, 2)


def test_who_withdraws_waits_for_the_run_and_neither_undoes_the_other(server, cast, clause):
    LATE["a"] = (D(2018, 1, 5), 3)
    with clock.at(TODAY):
        run(cast)
        LATE["a"] = (D(2018, 1, 5), 6)
        old = Finding.objects.get()
        by = cast.actor("officer")
        with transaction.atomic():
            run(cast)
            thread, found = in_thread(lambda: withdraw_finding(finding=old, because="撤", by=by))
            thread.join(0.5)
            assert thread.is_alive()
        thread.join(20)
    assert "已是“被新的发现替代”" in str(found[0])
    assert Finding.objects.live().get().actual == "晚6天"


def test_a_run_that_is_rolled_back_gives_its_turn_back(server, cast, clause):
    LATE["a"] = (D(2018, 1, 5), 3)
    with clock.at(TODAY):
        with transaction.atomic():
            run(cast)
            transaction.set_rollback(True)
        assert (Finding.objects.count(), Run.objects.count()) == (0, 0)
        assert run(cast).counts["added"] == 1


def test_bureaus_do_not_wait_for_each_other(server, cast, clause):
    with transaction.atomic():
        hold_months(cast.bureau.pk, BOTH)
        thread, found = in_thread(
            lambda: run_clauses(
                bureau_id=cast.outsider.bureau.pk,
                span=month_of(D(2018, 1, 1)),
                as_of=TODAY,
                by=cast.actor("outsider"),
            )
        )
        thread.join(20)
        assert not thread.is_alive()
    assert found[0].counts["problems"] == []


def settle(cast, month):
    return close_period(bureau_id=cast.bureau.pk, span=month, by=cast.actor("officer"))


def withdraw(cast, key):
    finding = Finding.objects.live().get(occurrence=key)
    return withdraw_finding(finding=finding, because="撤", by=cast.actor("officer"))


WORKS = {
    "a run of January": (run, True),
    "a run of both months": (lambda cast: run(cast, BOTH), True),
    "settling January": (lambda cast: settle(cast, JANUARY), True),
    "a decision about January": (lambda cast: withdraw(cast, "a"), True),
    "a run of February": (lambda cast: run(cast, FEBRUARY), False),
    "settling February": (lambda cast: settle(cast, FEBRUARY), False),
    "a decision about February": (lambda cast: withdraw(cast, "b"), False),
}


@pytest.mark.parametrize("work", WORKS)
def test_who_works_in_another_month_does_not_wait(server, cast, clause, work):
    act, does_wait = WORKS[work]
    LATE["a"], LATE["b"] = (D(2018, 1, 5), 3), (D(2018, 2, 6), 3)
    with clock.at(TODAY):
        run(cast, BOTH)
        LATE["b"] = (D(2018, 2, 6), 4)
        with transaction.atomic():
            run(cast)
            thread, found = in_thread(lambda: act(cast))
            thread.join(1 if does_wait else 20)
            assert thread.is_alive() is does_wait
        thread.join(20)
    assert not isinstance(found[0], Exception), found[0]


def test_spans_that_overlap_end_both_whichever_month_comes_first(server, cast, clause):
    """Each takes its months in their order: none waits for the other for ever."""
    LATE["a"], LATE["b"] = (D(2018, 1, 5), 3), (D(2018, 2, 6), 3)
    with clock.at(TODAY):
        begun = [in_thread(lambda span=span: run(cast, span)) for span in (BOTH, FEBRUARY, BOTH, JANUARY) * 2]
        for thread, _ in begun:
            thread.join(30)
    counts = [found[0].counts for _, found in begun]
    assert sum(one.get("added", 0) for one in counts) == 2
    assert Finding.objects.count() == 2
