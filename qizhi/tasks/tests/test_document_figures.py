"""Documents due, in time and late, counted by hand; F14 and F15 of the source."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import clock, figures
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of
from qizhi.tasks.services.documents import finish_document, withdraw_document
from qizhi.tasks.services.handlings import hand_over
from qizhi.tasks.tests.documents import day, extend, make_department, make_document
from qizhi.tasks.tests.test_deadline import make_clause

FEBRUARY = Period(dt.date(2018, 2, 1), dt.date(2018, 2, 28))
AS_OF = day("2018-03-12")
KEYS = ("documents_due", "documents_in_time", "documents_in_time_share", "documents_late")


def values(cast, period=FEBRUARY, as_of=AS_OF, unit_ids=None):
    """The four figures; each with as many rows as it counts."""
    ask = Ask(cast.bureau.pk, period, as_of, unit_ids)
    found = []
    for key in KEYS:
        figure = figures.get(f"tasks.{key}")
        value = figure.value(ask)
        assert figure.counted_from_rows(ask) == value.counted, key
        found.append(value.amount)
    return found


@pytest.fixture
def ledger(cast, calendar):
    """Due in February: one in time, the worked example twice, one open, one extended, one withdrawn."""
    unit, person = make_department(cast)
    officer = cast.actor("officer")
    with clock.at(AS_OF):

        def add(title, due, done=None, handler=None):
            made = make_document(cast, title, handler, received_on=day("2018-02-01"), due_on=day(due))
            if done:
                finish_document(made, on=day(done), by=officer)
            return made

        add("按期", "2018-02-08", "2018-02-08")
        add("宽限内", "2018-02-08", "2018-02-11")  # Sunday, worked: two working days late
        add("超过", "2018-02-08", "2018-02-12", person)  # three
        opened = add("没有办结", "2018-02-27")
        hand_over(opened, handler=person, on=day("2018-02-26"), by=officer)
        moved = add("延期到三月", "2018-02-08")
        extend(cast, moved, day("2018-03-05"), day("2018-02-07"), day("2018-02-08"))
        withdraw_document(add("撤销的", "2018-02-08"), because="重复", by=officer)
        saturday = add("星期六到期", "2018-02-03", "2018-02-04")  # Sunday: no working day between
        yield unit, saturday


def test_the_ledger_counted_by_hand(cast, ledger):
    make_clause(cast)
    # Due: 按期, 宽限内, 超过, 没有办结, 星期六到期. In time: 按期, 星期六到期. Too late: 超过, 没有办结
    # (28 February, 1, 2, 5, 6, 7, 8, 9, 12 March have gone by).
    assert values(cast) == [5, 2, Fraction(2, 5), 2]
    assert values(cast, month_of(day("2018-03-01"))) == [1, 0, Fraction(0), 1]


def test_each_department_answers_for_what_it_had_on_the_last_day(cast, ledger):
    make_clause(cast)
    unit, _ = ledger
    assert values(cast, unit_ids=(unit.pk,)) == [2, 0, Fraction(0), 2]
    assert values(cast, unit_ids=(cast.department.pk,)) == [3, 2, Fraction(2, 3), 0]
    ask = Ask(cast.bureau.pk, FEBRUARY, AS_OF)
    by_unit = figures.get("tasks.documents_late").by_unit(ask)  # type: ignore[misc]
    assert {key: value.amount for key, value in by_unit.items()} == {unit.pk: 2, cast.department.pk: 0}


def test_on_an_earlier_day_less_was_due_and_less_was_done(cast, ledger):
    make_clause(cast)
    # On Sunday the 11th: 超过 is open and two working days late, within the grace; 没有办结 is not due;
    # the extension was approved on the 8th and counts.
    assert values(cast, as_of=day("2018-02-11")) == [4, 2, Fraction(1, 2), 0]
    # On Friday the 9th, of what was due on the 8th only one is finished.
    assert values(cast, as_of=day("2018-02-09"))[:2] == [4, 2]


def test_nothing_due_is_not_nought_and_no_clause_is_no_number(cast, ledger):
    assert values(cast)[3] is None
    assert values(cast, month_of(day("2017-06-01"))) == [0, None, None, None]


def test_a_figure_asks_the_same_number_of_questions(cast, ledger):
    make_clause(cast)
    numbers = []
    for extra in range(2):
        for number in range(extra * 2):
            make_document(cast, f"又{number}", received_on=day("2018-02-01"), due_on=day("2018-02-08"))
        with CaptureQueriesContext(connection) as captured:
            figures.get("tasks.documents_late").value(Ask(cast.bureau.pk, FEBRUARY, AS_OF))
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]
