"""Golden examples of what is owed, and properties that hold for any records."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.branch_life.rules import (
    Condition,
    Days,
    Facts,
    Held,
    Part,
    Reckoning,
    Rule,
    State,
    bind,
    frequency,
    judge,
    why_not_owed,
)
from qizhi.core import periods
from qizhi.core.periods import Every

D = dt.date
ALWAYS = Days(D(2010, 1, 1))
YEAR_END = Reckoning(D(2018, 12, 31), D(2015, 1, 1))
LATER = Reckoning(D(2019, 1, 10), D(2015, 1, 1))
QUARTERS = periods.split(periods.year(2018), Every.QUARTER)
Q1, Q2, Q3, Q4 = QUARTERS
MARCH = periods.month_of(D(2018, 3, 1))


def judged(period, rules, *others):
    """What `judge` says of the rules that bind in the period."""
    return judge(bind(period, rules), *others)


def rule(at_least=1, condition=Condition.NONE, in_force=ALWAYS, source="《示例规定》第一条", **values):
    return Rule(uuid.uuid4(), at_least, condition, in_force, source, **values)


def held(*days, is_late=False, part=None):
    return [Held(day, uuid.uuid4(), is_late, part) for day in days]


def branch(**values):
    return Facts(**{"exists": Days(D(2015, 1, 1)), **values})


def committee(from_on, to_on=None, size=3):
    return tuple((uuid.uuid4(), Days(from_on, to_on)) for _ in range(size))


def test_one_congress_a_quarter_with_none_in_the_second():
    congresses = held(D(2018, 1, 15), D(2018, 3, 31), D(2018, 7, 1), D(2018, 12, 1))
    found = [judged(quarter, [rule()], branch(), congresses, LATER) for quarter in QUARTERS]
    assert [one.state for one in found] == [State.DONE, State.MISSING, State.DONE, State.DONE]
    assert (found[1].required, found[1].counted) == (1, 0)
    four_a_year = judged(periods.year(2018), [rule(4)], branch(), congresses, LATER)
    assert (four_a_year.state, four_a_year.counted) == (State.DONE, 4)


def test_without_a_committee_nothing_is_owed_but_what_was_done_is_done():
    wanted = rule(condition=Condition.HAS_COMMITTEE)
    two = branch(posts=committee(D(2015, 1, 1), size=2))
    found = judged(MARCH, [wanted], two, [], LATER)
    reason = "无支部委员会（《示例规定》第一条只要求设支部委员会的党支部）"
    assert (found.state, found.reason, found.is_owed) == (State.NA, reason, False)
    done = judged(MARCH, [wanted], two, held(D(2018, 3, 5)), LATER)
    assert (done.state, done.is_owed) == (State.DONE, False)
    three = branch(posts=committee(D(2015, 1, 1)))
    assert judged(MARCH, [wanted], three, [], LATER).state is State.MISSING


def test_one_person_with_two_posts_is_one_person():
    person = uuid.uuid4()
    posts = ((person, ALWAYS), (person, ALWAYS), (uuid.uuid4(), ALWAYS))
    assert not branch(posts=posts).has_committee(D(2018, 3, 1))


@pytest.mark.parametrize(
    ("posts", "reason"),
    [
        (committee(D(2018, 3, 10)), "本期内才设立支部委员会"),
        (committee(D(2015, 1, 1), D(2018, 3, 10)), "本期内支部委员会缺额，不足3人"),
        (committee(D(2015, 1, 1), D(2018, 3, 10)) + committee(D(2018, 3, 15)), ""),
    ],
)
def test_a_committee_that_came_or_went_excuses_a_short_gap_does_not(posts, reason):
    assert why_not_owed(Condition.HAS_COMMITTEE, branch(posts=posts), MARCH) == reason


@pytest.mark.parametrize(
    ("exists", "successor", "quarter", "reason"),
    [
        (Days(D(2018, 2, 10)), "", Q1, "本期内成立（成立于2018年2月10日）"),
        (Days(D(2018, 1, 1)), "", Q1, ""),
        (Days(D(2018, 5, 1)), "", Q1, "尚未成立（2018年5月1日成立）"),
        (
            Days(D(2015, 1, 1), D(2018, 5, 20)),
            "第二党支部",
            Q2,
            "本期内并入第二党支部（2018年5月20日止）",
        ),
        (Days(D(2015, 1, 1), D(2018, 5, 20)), "第二党支部", Q3, "已并入第二党支部（2018年5月20日止）"),
        (Days(D(2015, 1, 1), D(2018, 5, 20)), "", Q4, "已撤销（2018年5月20日止）"),
        (Days(D(2015, 1, 1), D(2018, 6, 30)), "", Q2, ""),
    ],
)
def test_founded_or_merged_inside_the_period_owes_nothing(exists, successor, quarter, reason):
    found = judged(quarter, [rule()], Facts(exists, successor), [], LATER)
    assert found.reason == reason
    assert found.state is (State.NA if reason else State.MISSING)


def test_groups_are_asked_one_by_one_and_a_joint_meeting_counts_for_each():
    one, two = Part(uuid.uuid4(), "第一党小组", ALWAYS), Part(uuid.uuid4(), "第二党小组", ALWAYS)
    three = Part(uuid.uuid4(), "第三党小组", Days(D(2018, 3, 12)))
    wanted, facts = [rule(condition=Condition.HAS_GROUPS)], branch(groups=(one, two, three))
    half = judged(MARCH, wanted, facts, held(D(2018, 3, 5), D(2018, 3, 6), part=one.key), LATER)
    assert (half.state, half.counted, half.reason) == (State.MISSING, 0, "第二党小组未开")
    joint = judged(MARCH, wanted, facts, held(D(2018, 3, 5)), LATER)
    assert (joint.state, joint.counted) == (State.DONE, 1)
    assert judged(MARCH, wanted, branch(), [], LATER).reason == (
        "未设党小组（《示例规定》第一条只要求设党小组的党支部）"
    )
    fresh = judged(MARCH, wanted, branch(groups=(three,)), [], LATER)
    assert fresh.reason.startswith("本期内党小组有设立或撤销（")


def test_what_one_group_does_by_itself_is_not_done_by_the_branch():
    one, two = Part(uuid.uuid4(), "第一党小组", ALWAYS), Part(uuid.uuid4(), "第二党小组", ALWAYS)
    facts = branch(groups=(one, two))
    only_one = held(D(2018, 3, 5), part=one.key)
    found = judged(MARCH, [rule()], facts, only_one, LATER)
    assert (found.state, found.counted, found.reason) == (State.MISSING, 0, "第二党小组未开")
    both = [*only_one, *held(D(2018, 3, 6), part=two.key)]
    assert judged(MARCH, [rule()], facts, both, LATER).state is State.DONE
    assert judged(MARCH, [rule()], facts, [], LATER).reason == ""


def test_due_until_its_last_day_then_missing():
    assert judged(Q1, [rule()], branch(), [], replace(LATER, as_of=D(2018, 3, 31))).state is State.DUE
    assert judged(Q1, [rule()], branch(), [], replace(LATER, as_of=D(2018, 4, 1))).state is State.MISSING
    early = replace(LATER, as_of=D(2018, 2, 1))
    assert judged(Q1, [rule()], branch(), held(D(2018, 2, 2)), early).state is State.DUE


def test_done_with_the_help_of_late_records_is_late():
    mixed = [*held(D(2018, 1, 5)), *held(D(2018, 2, 5), is_late=True)]
    assert judged(Q1, [rule(1)], branch(), mixed, LATER).state is State.DONE
    assert judged(Q1, [rule(2)], branch(), mixed, LATER).state is State.LATE
    assert judged(Q1, [rule(3)], branch(), mixed, LATER).state is State.MISSING


def test_what_ended_before_the_first_record_is_unknown():
    found = judged(Q1, [rule()], branch(), [], Reckoning(D(2018, 12, 31), D(2018, 4, 2)))
    assert (found.state, found.reason) == (State.UNKNOWN, "系统自2018年4月2日起才有记录")
    assert (
        judged(Q2, [rule()], branch(), [], Reckoning(D(2018, 12, 31), D(2018, 4, 2))).state is State.MISSING
    )
    empty = judged(Q1, [rule()], branch(), [], Reckoning(D(2018, 12, 31), None))
    assert (empty.state, empty.reason) == (State.UNKNOWN, "系统中还没有任何活动记录")
    gap = judged(Q4, [rule()], branch(), [], Reckoning(D(2018, 12, 1), None, "没有活动类型"))
    assert (gap.state, gap.reason, gap.is_owed) == (State.UNKNOWN, "没有活动类型", False)


def test_the_rule_in_force_on_the_last_day_of_the_period_binds():
    local = rule(2, in_force=Days(D(2016, 1, 1), D(2018, 10, 27)), source="《本局制度》")
    national = rule(1, in_force=Days(D(2018, 10, 28)), source="《条例》")
    once = held(D(2018, 8, 1), D(2018, 11, 1))
    third, fourth = (judged(q, [national, local], branch(), once, LATER) for q in (Q3, Q4))
    assert (third.state, third.required, third.rule) == (State.MISSING, 2, local)
    assert (fourth.state, fourth.required, fourth.rule) == (State.DONE, 1, national)


def test_a_rule_that_starts_inside_the_period_does_not_bind_it_yet():
    national = rule(in_force=Days(D(2018, 10, 28)))
    before, first = (judged(q, [national], branch(), [], LATER) for q in (Q3, Q4))
    assert before.reason == "规定当时未施行（2018年10月28日起施行）"
    assert (first.state, first.reason) == (
        State.NA,
        "规定自2018年10月28日起施行，2018年第4季度不满一期",
    )
    done = judged(Q4, [national], branch(), held(D(2018, 10, 17)), LATER)
    assert (done.state, done.is_owed) == (State.DONE, False)
    assert done.reason == "规定自2018年10月28日起施行，2018年第4季度不满一期，本期不作要求"
    older = rule(in_force=Days(D(2016, 1, 1), D(2018, 10, 27)))
    assert judged(Q4, [older, national], branch(), held(D(2018, 10, 17)), LATER).reason == ""
    ended = judged(Q4, [rule(in_force=Days(D(2016, 1, 1), D(2018, 5, 1)))], branch(), [], LATER)
    assert (ended.state, ended.reason) == (State.NA, "规定当时已停止施行")


def test_of_two_rules_the_stricter_that_applies_binds():
    strict = rule(2, Condition.HAS_COMMITTEE, source="《甲》")
    plain = rule(1, source="《乙》")
    without = judged(Q1, [strict, plain], branch(), [], LATER)
    assert (without.rule, without.required) == (plain, 1)
    with_one = judged(Q1, [plain, strict], branch(posts=committee(D(2015, 1, 1))), [], LATER)
    assert (with_one.rule, with_one.required) == (strict, 2)


def test_a_clause_nobody_can_read_is_unknown():
    found = judged(Q1, [rule(problem="条款参数有误")], branch(), [], LATER)
    assert (found.state, found.reason) == (State.UNKNOWN, "条款参数有误")


def test_frequency_in_words():
    assert frequency(Every.QUARTER, 1, is_general=True) == "一般每季度1次"
    assert frequency(Every.MONTH, 2, is_general=False) == "每月2次"


days = st.dates(D(2017, 6, 1), D(2019, 6, 30))
records = st.lists(st.builds(Held, days, st.uuids(), st.booleans(), st.none()), max_size=12)
rules_ = st.lists(
    st.builds(
        Rule,
        st.uuids(),
        st.integers(1, 3),
        st.sampled_from([Condition.NONE, Condition.HAS_COMMITTEE]),
        st.builds(
            Days, st.dates(D(2016, 1, 1), D(2018, 6, 30)), st.none() | st.dates(D(2018, 7, 1), D(2020, 1, 1))
        ),
        st.sampled_from(["《甲》", "《乙》", "《丙》"]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.source,
)


@given(records, rules_, st.randoms(), days)
def test_the_order_of_entry_does_not_matter(gatherings, rules, random, as_of):
    reckoning = Reckoning(as_of, D(2015, 1, 1))
    shuffled, turned = list(gatherings), list(rules)
    random.shuffle(shuffled)
    random.shuffle(turned)
    for quarter in QUARTERS:
        assert judged(quarter, rules, branch(), gatherings, reckoning) == judged(
            quarter, turned, branch(), shuffled, reckoning
        )


@given(records.filter(bool), st.integers(0, 11), days)
def test_moving_a_date_changes_two_quarters_at_most_and_moving_it_back_restores(gatherings, which, day):
    place = which % len(gatherings)
    moved = [one._replace(day=day) if number == place else one for number, one in enumerate(gatherings)]
    back = [one._replace(day=gatherings[place].day) if n == place else one for n, one in enumerate(moved)]
    touched = {periods.quarter_of(day), periods.quarter_of(gatherings[place].day)}
    for quarter in QUARTERS:
        before = judged(quarter, [rule_of_two], branch(), gatherings, LATER)
        assert judged(quarter, [rule_of_two], branch(), back, LATER) == before
        if quarter not in touched:
            assert judged(quarter, [rule_of_two], branch(), moved, LATER) == before


rule_of_two = rule(2)


@given(records, days)
def test_more_gatherings_never_make_it_worse(gatherings, day):
    order = [State.MISSING, State.LATE, State.DONE]
    for quarter in QUARTERS:
        before = judged(quarter, [rule_of_two], branch(), gatherings, LATER).state
        after = judged(quarter, [rule_of_two], branch(), [*gatherings, *held(day)], LATER).state
        assert order.index(after) >= order.index(before)
