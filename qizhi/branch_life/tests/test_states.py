"""From rows to states: the golden branches, and a constant number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from qizhi.branch_life.queries import accountable_units, missing_for, states, steps_for
from qizhi.branch_life.rules import State
from qizhi.core import clock, periods
from qizhi.gatherings.enums import Capacity
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import correct_gathering, facts_of, withdraw_gathering
from qizhi.org.enums import UnitKind
from qizhi.org.models import Post, Unit
from qizhi.org.services.closing import close_unit
from qizhi.org.services.units import create_unit
from qizhi.regulations.enums import Subject

D = dt.date
DONE, DUE, MISSING, NA, LATE, UNKNOWN = (
    State.DONE,
    State.DUE,
    State.MISSING,
    State.NA,
    State.LATE,
    State.UNKNOWN,
)


def look(cast, ledger, unit=None, year=2018, as_of=None):
    found = states(cast.bureau.pk, [unit or cast.first], periods.year(year), as_of or clock.today())
    return [cell for cell in found.cells if cell.line.ledger == ledger]


def said(cells):
    return [cell.state for cell in cells]


def test_congresses_of_a_year_lack_the_second_quarter(cast, rules, hold):
    for day in (D(2018, 1, 15), D(2018, 3, 31), D(2018, 7, 1), D(2018, 12, 1)):
        hold(cast.first, day, "congress")
    found = look(cast, "congress", as_of=D(2019, 1, 10))
    assert said(found) == [DONE, MISSING, DONE, DONE]
    assert (found[1].judged.required, found[1].judged.counted, found[1].short_by) == (1, 0, 1)
    assert found[1].judged.rule.source == "《congress制度》第一条"
    assert found[1].line.frequency == "一般每季度1次"
    assert said(look(cast, "congress", as_of=D(2018, 6, 30))) == [DONE, DUE, DUE, DUE]


def test_a_branch_without_a_committee_owes_no_committee_meeting(cast, rules, hold):
    hold(cast.first, D(2018, 1, 5), "congress")
    second = look(cast, "committee", cast.second, as_of=D(2018, 3, 15))
    assert {(cell.state, cell.judged.reason) for cell in second} == {
        (NA, "无支部委员会（《committee制度》第一条只要求设支部委员会的党支部）")
    }
    assert said(look(cast, "committee", as_of=D(2018, 3, 15)))[:4] == [MISSING, MISSING, DUE, DUE]
    Post.objects.filter(unit=cast.first).exclude(role="secretary").update(to_on=D(2018, 2, 10))
    found = look(cast, "committee", as_of=D(2018, 3, 15))
    assert said(found)[:3] == [MISSING, NA, NA]
    assert [cell.judged.reason for cell in found[1:3]] == [
        "本期内支部委员会缺额，不足3人（《committee制度》第一条只要求设支部委员会的党支部）",
        "无支部委员会（《committee制度》第一条只要求设支部委员会的党支部）",
    ]


def test_a_branch_founded_inside_a_quarter_owes_from_the_next(cast, rules, hold):
    fresh = create_unit(
        bureau_id=cast.bureau.pk,
        kind=UnitKind.BRANCH,
        code="z03",
        name="第三党支部",
        from_on=D(2018, 2, 10),
        parent=cast.committee,
        by=cast.actor("officer"),
    )
    hold(cast.first, D(2018, 1, 5), "congress")
    found = look(cast, "congress", fresh, as_of=D(2018, 7, 2))
    assert said(found) == [NA, MISSING, DUE, DUE]
    assert found[0].judged.reason == "本期内成立（成立于2018年2月10日）"
    assert look(cast, "congress", fresh, year=2017)[0].judged.reason == "尚未成立（2018年2月10日成立）"
    hold(fresh, D(2018, 3, 1), "congress")
    done = look(cast, "congress", fresh, as_of=D(2018, 7, 2))[0]
    assert (done.state, done.judged.is_owed) == (DONE, False)


def test_a_merged_branch_owes_until_the_quarter_before(cast, rules, hold):
    hold(cast.first, D(2018, 1, 5), "congress")
    close_unit(cast.second, last_day=D(2018, 5, 20), successor=cast.first, by=cast.actor("officer"))
    cast.second.refresh_from_db()
    both = [cast.first, cast.second]
    found = states(cast.bureau.pk, both, periods.year(2018), D(2018, 10, 1)).of(cast.second)
    assert [(c.state, c.judged.reason) for c in found if c.line.ledger == "congress"] == [
        (MISSING, ""),
        (NA, "本期内并入第一党支部（2018年5月20日止）"),
        (NA, "已并入第一党支部（2018年5月20日止）"),
        (NA, "已并入第一党支部（2018年5月20日止）"),
    ]


def test_group_meetings_are_held_in_the_groups(cast, rules, hold):
    other = create_unit(
        bureau_id=cast.bureau.pk,
        kind=UnitKind.GROUP,
        code="z01-2",
        name="第二党小组",
        from_on=D(2018, 1, 1),
        parent=cast.first,
        by=cast.actor("officer"),
    )
    hold(cast.group, D(2018, 3, 5), "group-meeting")
    march = look(cast, "group")[2]
    assert (march.state, march.judged.reason) == (MISSING, "第二党小组未开")
    step = steps_for(march, clock.today())[0]
    assert (step.label, f"unit={other.pk}" in step.address) == ("补录第二党小组", True)
    hold(other, D(2018, 3, 8), "group-meeting")
    assert look(cast, "group")[2].state is DONE
    assert {cell.judged.reason for cell in look(cast, "group", cast.second)} == {
        "未设党小组（《group制度》第一条只要求设党小组的党支部）"
    }


def test_what_is_recorded_long_after_is_said_to_be(cast, rules, hold):
    hold(cast.first, D(2017, 11, 6), "congress")
    assert said(look(cast, "congress", year=2017))[3] is LATE


def test_a_moved_gathering_moves_the_state_and_back(cast, rules, hold):
    hold(cast.second, D(2018, 1, 3), "congress")
    held = hold(cast.first, D(2018, 3, 31), "congress")
    by = cast.actor("secretary")

    def move(day):
        held.refresh_from_db()
        correct_gathering(held, facts=replace(facts_of([held])[held.pk], held_on=day), by=by)
        return said(look(cast, "congress"))

    before = said(look(cast, "congress"))
    assert before == [DONE, DUE, DUE, DUE]
    assert move(D(2018, 4, 2)) == [MISSING, DONE, DUE, DUE]
    assert move(D(2018, 3, 31)) == before
    withdraw_gathering(held, reason="重复登记", by=by)
    assert said(look(cast, "congress")) == [MISSING, DUE, DUE, DUE]


def test_the_version_of_the_day_binds_and_the_line_stays_one(cast, ask_for, hold):
    ask_for("local", to_on=D(2018, 10, 27), counts="congress", every="quarter", at_least=2)
    ask_for("national", from_on=D(2018, 10, 28), counts="congress", every="quarter", at_least=1)
    for day in (D(2018, 8, 1), D(2018, 11, 1)):
        hold(cast.first, day, "congress")
    found = look(cast, "congress", as_of=D(2019, 1, 1))
    assert [(cell.state, cell.judged.required) for cell in found] == [
        (UNKNOWN, 2),
        (UNKNOWN, 2),
        (MISSING, 2),
        (DONE, 1),
    ]
    assert len({cell.line.key for cell in found}) == 1
    assert found[0].judged.reason == "系统自2018年8月1日起才有记录"


def test_what_no_kind_of_gathering_can_record_is_unknown(cast, rules, hold):
    hold(cast.first, D(2018, 4, 2), "congress")
    Kind.objects.filter(key="org-life").update(is_active=False)
    cell = look(cast, "org_life")[0]
    assert cell.state is UNKNOWN
    assert cell.judged.reason == "没有计入“组织生活会”的活动类型，请政工处先设置活动类型"


def test_a_clause_that_cannot_be_read_is_unknown_and_named(cast, ask_for, hold):
    ask_for("congress", counts="congress", every="quarter", at_least="many")
    cell = look(cast, "congress")[0]
    assert cell.state is UNKNOWN
    assert "条款congress的参数有误" in cell.judged.reason


def test_the_centre_group_answers_for_the_party_group(cast, ask_for, hold):
    group = Subject.PARTY_GROUP
    ask_for("discuss", subject=group, counts="centre_discussion", every="quarter", at_least=1)
    ask_for("lecture", subject=group, counts="lesson", every="year", at_least=1, lecturer=Capacity.PRINCIPAL)
    hold(cast.centre_group, D(2018, 2, 1), "centre-discussion")
    hold(cast.first, D(2018, 2, 5), "lesson", lecturer=Capacity.SECRETARY)
    found = states(cast.bureau.pk, [cast.centre_group, cast.first], periods.year(2018), D(2018, 4, 20))
    assert {cell.unit for cell in found.cells} == {cast.centre_group}
    assert [(cell.line.label, cell.state) for cell in found.cells] == [
        ("党课（主要领导讲授）", DUE),
        ("中心组交流研讨", DONE),
        ("中心组交流研讨", DUE),
        ("中心组交流研讨", DUE),
        ("中心组交流研讨", DUE),
    ]
    lesson = steps_for(found.cells[0], clock.today())[0]
    assert "unit=&kind=lesson" in lesson.address
    hold(cast.root, D(2018, 1, 2), "lesson", lecturer=Capacity.PRINCIPAL)
    assert look(cast, "lesson", cast.centre_group)[0].state is DONE


def test_what_to_do_comes_by_urgency_with_one_step(cast, rules, hold):
    hold(cast.first, D(2018, 1, 8), "congress", "committee")
    hold(cast.group, D(2018, 1, 9), "group-meeting")
    found = missing_for(cast.first, D(2018, 4, 20))
    assert [(cell.state, cell.line.ledger, cell.period.label) for cell in found] == [
        (DUE, "committee", "2018年4月"),
        (DUE, "group", "2018年4月"),
        (DUE, "congress", "2018年第2季度"),
        (DUE, "org_life", "2018年"),
        (MISSING, "committee", "2018年3月"),
        (MISSING, "group", "2018年3月"),
        (MISSING, "committee", "2018年2月"),
        (MISSING, "group", "2018年2月"),
    ]
    due, missing = steps_for(found[0], D(2018, 4, 20))[0], steps_for(found[4], D(2018, 4, 20))[0]
    assert due.label == "登记"
    assert due.address == f"/gatherings/record/?unit={cast.first.pk}&kind=committee&held_on=2018-04-20"
    assert missing.label == "补录"
    assert missing.address == f"/gatherings/record/?unit={cast.first.pk}&kind=committee&held_on="


def test_until_march_the_year_before_is_still_looked_at(cast, rules, hold):
    hold(cast.first, D(2017, 11, 6), "congress")
    with clock.at(D(2018, 3, 31)):
        assert periods.year(2017) in {cell.period for cell in missing_for(cast.first, clock.today())}
    with clock.at(D(2018, 4, 1)):
        assert periods.year(2017) not in {cell.period for cell in missing_for(cast.first, clock.today())}


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, rules, hold, number, django_assert_num_queries):
    by = cast.actor("officer")
    units = [cast.first]
    for place in range(number):
        code, name = f"y{place}", f"新{place}支部"
        values = {"bureau_id": cast.bureau.pk, "from_on": D(2015, 1, 1), "by": by}
        units.append(create_unit(kind=UnitKind.BRANCH, code=code, name=name, parent=cast.committee, **values))
        hold(units[-1], D(2018, 2, place + 1), "congress", "lesson")
    span = periods.years(2018 - number + 1, 2018)
    with django_assert_num_queries(7):
        states(cast.bureau.pk, units, span, D(2018, 4, 20))
    with django_assert_num_queries(1):
        assert len(list(accountable_units(cast.bureau.pk, span))) == number + 2
    assert Unit.objects.filter(kind=UnitKind.BRANCH).count() == number + 2
