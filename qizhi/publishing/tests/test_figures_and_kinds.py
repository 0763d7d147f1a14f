from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from qizhi.core import clock, figures, periods
from qizhi.core.figures import Ask
from qizhi.publishing.kinds import AnswerTerm
from qizhi.publishing.queries import working_days_on
from qizhi.publishing.services import answer_complaint, send_complaint
from qizhi.regulations.enums import Verdict
from qizhi.regulations.models import Clause, Regulation, Version

Y2018 = periods.year(2018)


@pytest.fixture
def three(cast, calendar):
    """Answered on the last day of the term, one day late, and not at all."""
    made = [send_complaint(kind="complaint", text=f"{n}", page="", by=cast.actor("member")) for n in range(3)]
    for complaint, day in zip(made, (29, 30), strict=False):
        with clock.at(dt.date(2018, 1, day)):
            answer_complaint(complaint, text="好", by=cast.actor("officer"))
    return made


@pytest.fixture
def clause(cast):
    """A local rule: eleven working days."""
    document = Regulation.objects.create(
        bureau=cast.bureau, code="complaints", title="投诉建议办理办法", level="bureau"
    )
    version = Version.objects.create(
        bureau=cast.bureau,
        regulation=document,
        label="2018",
        effective_from=dt.date(2018, 1, 1),
    )
    found = Clause.objects.create(
        bureau=cast.bureau,
        version=version,
        key="CP-01",
        number="第一条",
        text="投诉建议应当在11个工作日内答复。",
        kind="answer_term",
        parameters={"working_days": 11},
        subject="bureau",
    )
    version.published_by_id = cast.leader.pk  # clauses first, then the signature, then it is in force
    version.save()
    version.status = "published"
    version.save()
    return found


def ask(cast, as_of, unit=None):
    return Ask(cast.bureau.pk, Y2018, as_of, None if unit is None else (unit.pk,))


@pytest.mark.parametrize(("day", "in_time", "settled"), [(28, 0, 0), (29, 1, 1), (30, 1, 3), (31, 1, 3)])
def test_the_numbers_by_hand(cast, three, day, in_time, settled):
    as_of = dt.date(2018, 1, day)
    count, share = figures.get("publishing.complaints"), figures.get("publishing.answered_in_time")
    assert count.value(ask(cast, as_of)).counted == count.counted_from_rows(ask(cast, as_of)) == 3
    value = share.value(ask(cast, as_of))
    assert (value.counted, value.out_of) == (in_time, settled or None)
    assert value.amount == (Fraction(in_time, settled) if settled else None)
    assert share.counted_from_rows(ask(cast, as_of)) == in_time


def test_they_belong_to_the_bureau_and_to_no_unit(cast, three):
    for key in ("publishing.complaints", "publishing.answered_in_time"):
        asked = ask(cast, dt.date(2018, 1, 31), cast.first)
        assert figures.get(key).value(asked).amount is None
        assert figures.get(key).counted_from_rows(asked) == 0


def test_a_clause_in_force_sets_the_term(cast, clause):
    assert working_days_on(cast.bureau.pk, dt.date(2018, 1, 15)) == 11
    assert working_days_on(cast.bureau.pk, dt.date(2017, 12, 31)) == 10
    assert send_complaint(kind="complaint", text="甲", page="", by=cast.actor("member")).working_days == 11


def test_the_clause_is_judged(cast, three, clause):
    kind = AnswerTerm()
    facts = list(kind.scan(clause, ask(cast, dt.date(2018, 2, 1))))
    assert [fact.key for fact in facts] == [str(three[2].pk)]
    judged = kind.judge(kind.read(clause.parameters), facts[0])
    assert (judged.verdict, judged.actual) == (Verdict.VIOLATED, "尚未答复，截止2018年1月30日")
    sentence = kind.sentence(clause, facts[0], judged)
    assert sentence.startswith("2018年1月15日收到的投诉应11个工作日内答复，尚未答复")
    assert list(kind.scan(clause, ask(cast, dt.date(2018, 1, 30)))) == []


def test_without_a_calendar_nothing_is_judged(cast, clause):
    send_complaint(kind="complaint", text="甲", page="", by=cast.actor("member"))
    kind = AnswerTerm()
    fact = next(iter(kind.scan(clause, ask(cast, dt.date(2018, 12, 31)))))
    assert kind.judge(kind.read(clause.parameters), fact).verdict is Verdict.UNKNOWN
    assert figures.get("publishing.answered_in_time").value(ask(cast, dt.date(2018, 12, 31))).amount is None
