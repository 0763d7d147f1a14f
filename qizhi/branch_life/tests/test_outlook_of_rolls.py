"""What `missing_item` and `ratio` ask, on the one screen: state, until when, why not, and the step that mends it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import outlook, todos
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, quarter_of, year
from qizhi.gatherings.models import Gathering, RollEntry
from qizhi.org.models import Leave, Membership, Person
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Standing, kind_by_key
from qizhi.regulations.models import Clause

D = dt.date
TODAY = D(2018, 4, 20)
YEAR = year(2018)


def line_of(cast, label, *units, as_of=TODAY, span=YEAR):
    found = outlook(cast.bureau.pk, units or (cast.first,), span, as_of)
    return found, next(line for line in found.lines if line.label == label)


def away(cast, gathering, *names, state="absent"):
    for name in names:
        RollEntry.objects.create(
            bureau=cast.bureau, gathering=gathering, person=cast.person(name), state=state
        )


def people(prospect):
    return {one.name: (one.state, one.words or one.reason) for one in prospect.people}


@pytest.fixture
def integrity_asked(ask_for):
    return ask_for(
        "one", kind="missing_item", subject=Subject.PERSON, item="integrity", every="quarter", at_least=1
    )


def test_who_missed_the_item_stands_by_name_with_the_form_that_mends_it(cast, integrity_asked, hold):
    first = hold(cast.first, D(2018, 2, 9), "integrity")
    away(cast, first, "member")
    away(cast, first, "secretary", state="excused")
    running = hold(cast.first, D(2018, 4, 9), "integrity")
    away(cast, running, "member")
    found, line = line_of(cast, "党风廉政教育（逐人参加）")
    assert line.asks == "全体党员每季度至少参加1次，缺席的补课"
    over, now, *later = found.at(line, cast.first.pk)
    told = people(over)
    assert told["党员丁"] == (Standing.MISSING, "应到1次，参加0次（2018年2月9日缺席）")
    assert told["书记甲"] == (Standing.EXCUSED, "应到的都经批准请假")
    assert (over.said, over.counted, over.required, over.until) == ("还差1人", 3, 4, D(2018, 3, 31))
    assert (now.state, now.until) == (Standing.DUE, D(2018, 6, 30))
    assert [one.state for one in later] == [Standing.DUE, Standing.DUE]
    (missed, waiting) = todos(cast.first, found.of(cast.first.pk), TODAY, cast.actor("secretary"))
    assert [step.label for step in missed.steps] == ["登记补课", "看这次活动"]
    assert str(first.pk) in missed.steps[0].address
    assert str(running.pk) in waiting.steps[0].address
    assert cast.client("secretary").get(missed.steps[0].address).status_code == 200
    page = (
        cast.client("secretary")
        .get(reverse("branch_life:unit", args=[cast.first.pk]) + "?year=2018")
        .content.decode()
    )
    assert "党风廉政教育（逐人参加）" in page
    assert "应到1次，参加0次（2018年2月9日缺席）" in page


def test_newcomers_probationers_and_those_away_are_told_why(cast, ask_for, hold):
    ask_for(
        "all",
        kind="missing_item",
        subject=Subject.PERSON,
        item="training",
        every="quarter",
        at_least=1,
        whom="full_members",
        even_if_none=True,
    )
    hold(cast.second, D(2017, 3, 1), "congress")
    member, other = cast.person("member"), Person.objects.get(name="委员乙")
    Membership.objects.filter(person=member).update(from_on=D(2018, 2, 1))
    Leave.objects.create(
        bureau=cast.bureau, person=other, kind="secondment", from_on=D(2018, 1, 1), to_on=D(2018, 3, 31)
    )
    found, line = line_of(cast, "党员教育培训学时（逐人参加）")
    over, *_ = found.at(line, cast.first.pk)
    told = people(over)
    assert told[member.name] == (Standing.NA, "期间内加入或离开，本期不要求")
    assert told[other.name][0] is Standing.EXCUSED
    assert told["预备戊"] == (Standing.NA, "本期不是一直是正式党员，不要求")
    assert told["书记甲"] == (Standing.MISSING, "参加0次，没有应到的活动")
    assert [step.label for step in over.steps] == ["补录党员教育培训学时"]
    Gathering.objects.filter(unit=cast.second).update(held_on=D(2018, 3, 1))
    found, line = line_of(cast, "党员教育培训学时（逐人参加）", span=Period(D(2018, 1, 1), D(2018, 3, 30)))
    (over,) = found.at(line, cast.first.pk)
    assert people(over)["书记甲"][0] is Standing.UNKNOWN, "records begin inside the quarter"


def test_shares_of_people_and_of_the_branch_say_how_they_stand(cast, ask_for, hold):
    ask_for("who", kind="ratio", subject=Subject.PERSON, item="lesson", every="quarter", share="2/3")
    ask_for("unit", kind="ratio", every="month", share="4/5")
    one = hold(cast.first, D(2018, 2, 9), "lesson")
    away(cast, one, "member", "secretary")
    march = hold(cast.first, D(2018, 3, 9), "lesson")
    Gathering.objects.filter(pk=march.pk).update(precision="month")
    hold(cast.first, D(2018, 4, 9), "lesson")
    found, line = line_of(cast, "党课到会（逐人）", cast.first, cast.second)
    over, *_ = found.at(line, cast.first.pk)
    assert people(over)["党员丁"][0] is Standing.MISSING
    assert people(over)["委员乙"][0] is Standing.DONE
    assert found.at(line, cast.second.pk)[0].state is Standing.NA
    _, line = line_of(cast, "各项活动到会比例")
    january, february, month, april, *later = found.at(line, cast.first.pk)
    assert (january.state, january.reason) == (Standing.NA, "没有登记活动")
    assert (february.said, february.reason) == ("到会不足", "1次活动应到5人次，到会3人次")
    assert february.steps[0].label == "登记补课"
    assert (month.state, month.steps[0].label) == (Standing.UNKNOWN, "补记到会")
    assert april.state is Standing.DONE
    assert {one.state for one in later} == {Standing.DUE}


def test_the_screen_says_of_what_is_over_what_a_run_finds(cast, integrity_asked, hold):
    one = hold(cast.first, D(2018, 2, 9), "integrity")
    away(cast, one, "member")
    two = hold(cast.second, D(2018, 3, 9), "integrity")
    Gathering.objects.filter(pk=two.pk).update(present_total=1, due_total=3)
    clause = Clause.objects.select_related("version__regulation").get(pk=integrity_asked.pk)
    kind = kind_by_key(clause.kind)
    ask = Ask(cast.bureau.pk, quarter_of(D(2018, 1, 1)), TODAY)
    facts = {fact.person: kind.judge(kind.read(clause.parameters), fact) for fact in kind.scan(clause, ask)}
    found, line = line_of(cast, "党风廉政教育（逐人参加）", cast.first, cast.second)
    told = {
        who.name: who.state
        for unit in (cast.first, cast.second)
        for who in found.at(line, unit.pk)[0].people
        if who.state in {Standing.MISSING, Standing.UNKNOWN}
    }
    words = {"violated": Standing.MISSING, "unknown": Standing.UNKNOWN}
    assert told == {name: words[one.verdict.value] for name, one in facts.items()}
    assert set(told.values()) == {Standing.MISSING, Standing.UNKNOWN}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_statements_do_not_grow_with_rows_or_months(cast, ask_for, hold, rows, django_assert_num_queries):
    ask_for("month", kind="missing_item", subject=Subject.PERSON, item="lesson", every="month", at_least=1)
    for number in range(rows):
        away(cast, hold(cast.first, D(2018, 1 + number, 9), "lesson"), "member")
    with django_assert_num_queries(11):
        line_of(cast, "党课（逐人参加）")
