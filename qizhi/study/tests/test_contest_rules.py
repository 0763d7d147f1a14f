from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qizhi.study.rules.contests import Asked, Given, Pace, Standing, Window, counting, scores, window

NINE = dt.datetime(2018, 1, 15, 9, tzinfo=dt.UTC)
TEAMS = [uuid.UUID(int=number) for number in (1, 2)]
ROUND = uuid.UUID(int=9)
QUESTIONS = [uuid.UUID(int=number) for number in (11, 12)]


def at(seconds):
    return NINE + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("start", "end", "seconds", "standing"),
    [
        (None, None, 0, Standing.WAITING),
        (10, None, 9, Standing.WAITING),
        (10, None, 10, Standing.OPEN),
        (10, 20, 19, Standing.OPEN),
        (10, 20, 20, Standing.CLOSED),
        (None, 20, 20, Standing.CLOSED),
    ],
)
def test_the_server_s_clock_opens_and_closes(start, end, seconds, standing):
    made = Window(None if start is None else at(start), None if end is None else at(end))
    assert made.standing(at(seconds)) is standing


@pytest.mark.parametrize(
    ("pace", "seconds", "index", "shown", "start", "end"),
    [
        (Pace.ALL, None, 3, (None, None), 0, 60),
        (Pace.CLOCK, 20, 0, (None, None), 0, 20),
        (Pace.CLOCK, 20, 2, (None, None), 40, 60),
        (Pace.CLOCK, 50, 1, (None, None), 50, 60),
        (Pace.HOST, None, 1, (None, None), None, 60),
        (Pace.HOST, None, 1, (5, None), 5, 60),
        (Pace.HOST, 10, 1, (5, None), 5, 15),
        (Pace.HOST, 10, 1, (5, 8), 5, 8),
    ],
)
def test_each_question_has_its_own_time(pace, seconds, index, shown, start, end):  # noqa: PLR0917
    times = Window(*(None if one is None else at(one) for one in shown))
    found = window(Window(NINE, at(60)), pace=pace, seconds=seconds, index=index, shown=times)
    assert found == Window(None if start is None else at(start), at(end))


def asked(**changes):
    values = {"right": "A", "accepted": (), "points": 10, **changes}
    return [Asked(key, ROUND, "single", **values) for key in QUESTIONS]


def answer(team, question, text, number=1, seconds=0, key=None):  # noqa: PLR0917
    return Given(key or uuid.uuid4(), TEAMS[team], QUESTIONS[question], text, number, at(seconds))


def test_the_last_answer_counts_though_an_earlier_one_arrives_after_it():
    late = answer(0, 0, "B", number=1, seconds=30)
    found = counting([answer(0, 0, "A", number=2, seconds=5), late])
    assert found[TEAMS[0], QUESTIONS[0]].text == "A"


def test_points_are_the_right_answers_that_count():
    given_ = [answer(0, 0, "A"), answer(0, 1, "A"), answer(1, 0, "B"), answer(1, 0, "A", number=2)]
    assert scores(asked(), given_) == {(TEAMS[0], ROUND): 20, (TEAMS[1], ROUND): 10}
    assert scores(asked(right="B"), given_) == {(TEAMS[0], ROUND): 0, (TEAMS[1], ROUND): 0}
    assert scores(asked(is_void=True), given_) == {}


ANSWERS = st.lists(
    st.builds(
        answer,
        st.integers(0, 1),
        st.integers(0, 1),
        st.sampled_from("AB"),
        st.integers(1, 4),
        st.integers(0, 9),
        st.uuids(),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_totals_do_not_depend_on_the_order_of_arrival_nor_on_sending_twice(answers, chance):
    answers = list({one.id: one for one in answers}.values())
    shuffled = [*answers, *answers[:3]]
    chance.shuffle(shuffled)
    assert scores(asked(), shuffled) == scores(asked(), answers)
