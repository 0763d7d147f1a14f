"""Before somebody is said to be missing something: were there records then, and was the person there at all."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.branch_life.models import Talk
from qizhi.branch_life.queries import outlook, talk_coverage
from qizhi.branch_life.rules import State
from qizhi.core import clock, figures, periods
from qizhi.core.figures import NOTHING, Ask
from qizhi.core.periods import Period, month_of, quarter_of
from qizhi.gatherings.models import Kind
from qizhi.gatherings.queries.grounds import away_through, gap_before
from qizhi.gatherings.services import GatheringFacts, load_standard_kinds, record_gathering
from qizhi.org.models import Leave
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import Standing, kind_by_key
from qizhi.regulations.services import load_national_calendar

D = dt.date
YEAR = periods.year(2018)
AFTER = D(2019, 1, 10)


@pytest.fixture(autouse=True)
def later(_clock):
    with clock.at(AFTER):
        yield


@pytest.fixture
def record(cast):
    """A congress on a day: with it the records of the bureau begin."""
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))

    def make(day, key="congress", **more):
        kinds = (Kind.objects.get(bureau=cast.bureau, key=key),)
        facts = GatheringFacts(unit=cast.first, held_on=day, kinds=kinds, title="活动", **more)
        return record_gathering(facts=facts, by=cast.actor("officer"))

    return make


def away(cast, name, first, last, kind="secondment"):
    Leave.objects.create(bureau=cast.bureau, person=cast.person(name), kind=kind, from_on=first, to_on=last)


def found(cast, clause):
    kind = kind_by_key(clause.kind)
    parameters = kind.read(clause.parameters)
    facts = list(kind.scan(clause, Ask(cast.bureau.pk, YEAR, AFTER)))
    judged = {getattr(one, "person", "") or one.unit: kind.judge(parameters, one) for one in facts}
    return {name: (one.verdict, one.actual) for name, one in judged.items()}


@pytest.mark.parametrize(
    ("since", "period", "gap"),
    [
        (None, YEAR, "还没有登记过活动"),
        (D(2018, 1, 1), YEAR, ""),
        (D(2018, 1, 31), YEAR, ""),
        (D(2018, 2, 1), YEAR, "记录从2018年2月1日开始"),
        (D(2018, 4, 30), quarter_of(D(2018, 4, 1)), ""),
        (D(2018, 5, 1), quarter_of(D(2018, 4, 1)), "记录从2018年5月1日开始"),
        (D(2018, 4, 2), month_of(D(2018, 4, 1)), "记录从2018年4月2日开始"),
        (D(2018, 4, 2), Period(D(2018, 4, 2), D(2018, 4, 2)), ""),
    ],
)
def test_how_far_records_must_reach_back(since, period, gap):
    assert gap_before(since, period) == gap


def test_leaves_without_a_day_between_are_one(cast):
    away(cast, "member", D(2017, 12, 1), D(2018, 5, 31), "sick")
    away(cast, "member", D(2018, 6, 1), D(2018, 12, 31))
    away(cast, "secretary", D(2018, 1, 1), D(2018, 5, 31))
    away(cast, "secretary", D(2018, 6, 2), D(2019, 5, 31))
    assert away_through(cast.bureau.pk, YEAR) == {cast.person("member").pk: "整个期间病假、外派借调"}


def test_talks_before_the_first_record_are_unknown_and_who_is_away_is_excused(cast, talks_asked, record):
    record(D(2018, 6, 1))
    away(cast, "member", D(2018, 1, 1), D(2018, 12, 31))
    said = found(cast, talks_asked)
    assert set(said) == {"书记甲", "委员乙", "委员丙", "预备戊", "书记己", "党员庚", "党员辛"}
    assert set(said.values()) == {(Verdict.UNKNOWN, "已知谈0次，记录从2018年6月1日开始")}
    lines = talk_coverage(cast.bureau.pk, [cast.first.pk], YEAR, AFTER)[cast.first.pk]
    assert len(lines.in_state(State.EXCUSED)) == 1
    figure, ask = figures.get("branch_life.talk_coverage"), Ask(cast.bureau.pk, YEAR, AFTER)
    assert figure.value(ask) == NOTHING
    assert not figure.rows(ask)
    record(D(2018, 1, 8))
    assert {verdict for verdict, _ in found(cast, talks_asked).values()} == {Verdict.VIOLATED}


def test_a_talk_is_a_record_too(cast, talks_asked):
    assert found(cast, talks_asked)["党员丁"] == (Verdict.UNKNOWN, "已知谈0次，还没有登记过活动")
    Talk.objects.create(
        bureau=cast.bureau,
        unit=cast.first,
        one=cast.person("secretary"),
        other=cast.person("member"),
        held_on=D(2018, 1, 4),
        recorded_at=clock.now(),
    )
    assert found(cast, talks_asked)["书记己"] == (Verdict.VIOLATED, "已谈0次")


def test_lessons_of_those_in_a_post(cast, ask_for, record):
    clause = ask_for(
        "lesson", subject=Subject.PERSON, kind="lecturers", role="secretary", every="year", at_least=1
    )
    record(D(2018, 6, 1))
    assert found(cast, clause)["书记甲"] == (Verdict.UNKNOWN, "已知讲0次，记录从2018年6月1日开始")
    record(D(2018, 1, 8))
    away(cast, "secretary", D(2018, 1, 1), None)
    assert found(cast, clause) == {"书记己": (Verdict.VIOLATED, "已讲0次")}


def test_a_fixed_day_before_the_first_record_and_with_the_leader_away(cast, ask_for, record):
    load_national_calendar(cast.bureau, by=cast.actor("officer"))
    clause = ask_for(
        "first",
        subject=Subject.BUREAU,
        kind="fixed_day",
        counts="lesson",
        day_rule="first_working_day_of_year",
        lecturer="principal",
    )
    record(D(2018, 1, 8))
    assert found(cast, clause) == {"全局": (Verdict.UNKNOWN, "记录从2018年1月8日开始")}
    record(D(2017, 12, 8))
    assert found(cast, clause) == {"全局": (Verdict.VIOLATED, "2018年1月2日没有开展")}
    away(cast, "leader", D(2018, 1, 2), D(2018, 1, 2), "duty")
    assert found(cast, clause) == {}


def test_the_screen_and_the_finding_of_a_fixed_day_have_one_bound(cast, ask_for, record):
    clause = ask_for(
        "theme", kind="fixed_day", counts="theme_day", day_rule="fixed_day_of_month:15", within=5
    )
    record(D(2018, 1, 17))
    told = outlook(cast.bureau.pk, [cast.first], month_of(D(2018, 1, 1)), D(2018, 2, 20))
    (cell,) = told.of(cast.first.pk)[0][1]
    assert (cell.state, cell.reason) == (Standing.UNKNOWN, "系统自2018年1月17日起才有记录")
    kind = kind_by_key(clause.kind)
    facts = kind.scan(clause, Ask(cast.bureau.pk, month_of(D(2018, 1, 1)), D(2018, 2, 20)))
    said = {fact.unit: kind.judge(kind.read(clause.parameters), fact).actual for fact in facts}
    assert said[str(cast.first)] == "记录从2018年1月17日开始"
