"""What a branch has settled and what somebody does alone: its fixed activity day, a self-test each year."""

from __future__ import annotations

import datetime as dt

from qizhi.branch_life.models import ThemeDay
from qizhi.core.clock import ZONE
from qizhi.org.enums import Role
from qizhi.sample.diary import Diary
from qizhi.sample.organisation import FIRST_BRANCH
from qizhi.sample.rows import chance
from qizhi.study.models import BankQuestion, SelfAnswer, SelfTest

SETTLED_BY, SETTLED_ON = "z09", dt.date(2019, 1, 1)
DAY_RULE = "last_weekday_of_month:friday"
"""The day on which the branches of the sample hold it anyhow."""
TESTED_SINCE, TESTED_ON = 2019, (3, 12)
QUESTIONS, RIGHT_SHARE = 10, 0.8


def tell(diary: Diary, number: int) -> None:
    """Everything up to the last day."""
    if diary.until >= SETTLED_ON:
        unit = diary.units[SETTLED_BY]
        diary.rows.add(ThemeDay, SETTLED_ON, unit=unit, day_rule=DAY_RULE, from_on=SETTLED_ON)
    for year in range(TESTED_SINCE, diary.until.year + 1):
        day = dt.date(year, *TESTED_ON)
        if day <= diary.until:
            _self_test(diary, number, day)


def _self_test(diary: Diary, number: int, day: dt.date) -> None:
    """The secretary of the first branch tests themselves before the members do; nobody else sees it."""
    person = diary.holder(FIRST_BRANCH, Role.SECRETARY, day)
    questions = diary.rows.of(BankQuestion)
    if person is None or not questions:
        return
    draw, begun_at = chance(number, "self-test", day), dt.datetime.combine(day, dt.time(12, 30), ZONE)
    drawn = draw.sample(questions, min(QUESTIONS, len(questions)))
    last = begun_at + dt.timedelta(minutes=len(drawn))
    bank = drawn[0].bank
    test = diary.rows.add(
        SelfTest, day, person=person, bank=bank, topic="", begun_at=begun_at, finished_at=last
    )
    for position, question in enumerate(drawn, start=1):
        diary.rows.add(
            SelfAnswer,
            day,
            test=test,
            question=question,
            position=position,
            given=_given(question, is_right=draw.random() < RIGHT_SHARE),
            answered_at=begun_at + dt.timedelta(minutes=position),
        )


def _given(question: BankQuestion, *, is_right: bool) -> str:
    if question.is_short:
        return str(question.accepted[0]) if is_right else "不记得"
    right: str = question.right
    return right if is_right else next(sign for sign, _ in question.lettered if sign not in right)
