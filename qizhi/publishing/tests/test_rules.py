from __future__ import annotations

import datetime as dt

import pytest

from qizhi.publishing.rules import CODE_LENGTH, answer_due_on, code_digest, plain_code, spaced_code
from qizhi.publishing.services import new_code
from qizhi.regulations.rules import Layer, Paper, WorkingCalendar

PAPER = Paper("国办发明电〔2017〕12号", 2018, Layer.NATIONAL, (), dt.date(2017, 11, 30))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ABCD-EFGH-2345", "ABCDEFGH2345"),
        (" abcd efgh 2345 ", "ABCDEFGH2345"),
        ("ABCDEFGH234", ""),
        ("ABCDEFGH23450", ""),
        ("ABCDEFGH2340", ""),  # no code holds a nought
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert plain_code(typed) == code


def test_codes_are_long_differ_and_come_back_from_their_groups():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code) == CODE_LENGTH
        assert plain_code(spaced_code(code)) == code
        assert code not in code_digest(code)


def test_the_term_is_counted_in_working_days_from_the_next_day():
    calendar = WorkingCalendar([PAPER])
    assert answer_due_on(dt.date(2018, 1, 15), 10, calendar) == dt.date(2018, 1, 29)
    assert answer_due_on(dt.date(2018, 1, 12), 1, calendar) == dt.date(2018, 1, 15)


def test_a_term_that_runs_into_a_year_without_a_paper_is_unknown():
    calendar = WorkingCalendar([PAPER])
    assert answer_due_on(dt.date(2018, 12, 25), 10, calendar) is None
    assert answer_due_on(dt.date(2019, 3, 1), 10, calendar) is None
