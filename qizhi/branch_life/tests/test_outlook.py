"""What every clause asks of a branch: state, until when, why, and the step that mends it, for all kinds alike."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import accountable_units, outlook, todos
from qizhi.core import clock, periods
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import Membership, Person, Post, Unit
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Standing

D = dt.date
TODAY = D(2018, 4, 20)
YEAR = periods.year(2018)


def told(cast, *units, span=YEAR, as_of=TODAY):
    return outlook(cast.bureau.pk, units or (cast.first,), span, as_of)


def cells(cast, label, unit=None, **more):
    """The prospects of the line of that name."""
    found = told(cast, unit or cast.first, **more)
    return [cell for line, here in found.of((unit or cast.first).pk) if line.label == label for cell in here]


def filled(step):
    """What a step fills in."""
    return {name: values[0] for name, values in parse_qs(urlsplit(step.address).query).items()}


@pytest.fixture
def theme_days(ask_for):
    """Once a month, and on the last Friday, give or take three days."""
    ask_for("theme", counts="theme_day", every="month", at_least=1)
    return ask_for(
        "friday", kind="fixed_day", counts="theme_day", day_rule="last_weekday_of_month:friday", within=3
    )


def test_a_fixed_day_is_done_due_missed_or_held_on_another_day(cast, theme_days, hold):
    hold(cast.first, D(2018, 1, 25), "theme-day")
    hold(cast.first, D(2018, 2, 2), "theme-day")
    january, february, march, april, *later = cells(cast, "主题党日（定日）")
    assert (january.state, january.marks[0].day) == (Standing.DONE, D(2018, 1, 25))
    assert (february.state, february.said, february.steps) == (Standing.MISSING, "未按时", ())
    assert "当期在别的日子开展" in february.reason
    assert (march.state, march.said, march.until) == (Standing.MISSING, "缺1次", D(2018, 4, 2))
    assert "held_on" not in filled(march.steps[0]), "on which day it was, a person must say"
    assert (april.state, april.until) == (Standing.DUE, D(2018, 4, 30))
    assert "应在4月27日前后3天内" in april.reason
    assert filled(april.steps[0]) == {"unit": str(cast.first.pk), "ledger": "theme_day"}
    assert [one.state for one in later] == [Standing.DUE] * 8
    assert not any(one.steps for one in later)


def test_what_two_clauses_ask_is_one_thing_to_do(cast, theme_days, hold):
    hold(cast.first, D(2018, 1, 8), "congress")
    hold(cast.first, D(2018, 2, 2), "theme-day")
    hold(cast.first, D(2018, 3, 29), "theme-day")
    found = told(cast)
    said = [(one.wait.prospect.period.label, one.wait.is_missing) for one in _todos(cast, found)]
    assert said == [("2018年1月", True), ("2018年4月", False)], "what is overdue comes first"


def _todos(cast, found, who="secretary", unit=None):
    here = unit or cast.first
    return todos(here, found.of(here.pk), TODAY, cast.actor(who))


def test_a_day_without_branch_does_not_apply_and_one_before_all_records_is_unknown(cast, theme_days, hold):
    hold(cast.first, D(2018, 3, 29), "theme-day")
    Unit.objects.filter(pk=cast.second.pk).update(from_on=D(2018, 2, 1))
    cast.second.refresh_from_db()
    january, february, march, *_ = cells(cast, "主题党日（定日）", cast.second)
    assert (january.state, january.reason) == (Standing.NA, "当时尚未成立（2018年2月1日成立）")
    assert (february.state, february.reason) == (Standing.UNKNOWN, "系统自2018年3月29日起才有记录")
    assert march.state is Standing.MISSING


def test_a_lesson_of_everybody_in_a_post_is_due_until_the_end_of_the_running_year(
    cast, ask_for, hold, recorded
):
    ask_for(
        "lessons", kind="lecturers", subject=Subject.PERSON, role=Role.SECRETARY, every="year", at_least=1
    )
    hold(cast.second, D(2018, 4, 3), "lesson")
    (cell,) = cells(cast, "支部书记讲党课")
    assert (cell.state, cell.said, cell.until) == (Standing.DUE, "还差1人", D(2018, 12, 31))
    step = cell.people[0].steps[0]
    who = cast.person("secretary")
    assert filled(step)["lecturers"] == f"{who.name}({who.staff_no})"
    form = cast.client("secretary").get(step.address).context["form"]
    assert form["lecturers"].value() == f"{who.name}({who.staff_no})"
    assert [kind.name for kind in form.desk.chosen.kinds] == ["党课"]
    with clock.at(D(2019, 1, 10)):
        (over,) = cells(cast, "支部书记讲党课", as_of=D(2019, 1, 10))
    assert over.state is Standing.MISSING


def test_who_came_to_the_post_this_year_owes_no_lesson_and_a_leader_stands_with_the_own_branch(
    cast, ask_for, hold
):
    hold(cast.first, D(2018, 4, 3), "congress")
    for role in (Role.SECRETARY, Role.PARTY_GROUP_SECRETARY):
        ask_for(role, kind="lecturers", subject=Subject.PERSON, role=role, every="year", at_least=1)
    Post.objects.filter(unit=cast.first, role=Role.SECRETARY).update(from_on=D(2018, 3, 1))
    Membership.objects.create(
        bureau=cast.bureau, person=cast.person("leader"), unit=cast.first, from_on=D(2016, 1, 1)
    )
    (own,) = cells(cast, "支部书记讲党课")
    assert (own.state, own.people[0].reason) == (Standing.NA, "本年度内任职或离任，不要求")
    (leader,) = cells(cast, "党组书记讲党课")
    assert [one.name for one in leader.people] == [cast.person("leader").name]
    assert cells(cast, "党组书记讲党课", cast.second) == []


def test_talks_stand_person_by_person_with_a_form_for_each(cast, talks_asked, april):
    (cell,) = cells(cast, "谈心谈话")
    assert (cell.state, cell.said, cell.required, cell.counted) == (Standing.DUE, "还差5人", 5, 0)
    step = cell.people[0].steps[0]
    assert filled(step) == {"unit": str(cast.first.pk), "with": str(cell.people[0].person_id)}
    waiting = _todos(cast, told(cast))[0]
    assert [step.label for step in waiting.steps] == ["逐人办理"]
    assert waiting.steps[0].address.endswith("#line-coverage")
    (before,) = cells(cast, "谈心谈话", span=periods.years(2017, 2018))[:1]
    assert (before.state, before.reason) == (Standing.NA, "规定当时未施行（2018年1月1日起施行）")


def test_the_months_of_a_yearly_meeting_ask_nothing_until_it_is_held(cast, ask_for, hold):
    ask_for("season", kind="season", counts="org_life", first_month=10, last_month=12)
    (cell,) = cells(cast, "组织生活会（月份）")
    assert (cell.state, cell.reason) == (Standing.NA, "还没有召开，由次数的要求判定")
    hold(cast.first, D(2018, 2, 9), "org-life")
    (cell,) = cells(cast, "组织生活会（月份）")
    assert (cell.state, cell.until) == (Standing.DUE, D(2018, 12, 31))
    (cell,) = cells(cast, "组织生活会（月份）", as_of=D(2019, 1, 5))
    assert (cell.state, cell.said) == (Standing.MISSING, "不在月份内")


def test_numbers_and_terms_hold_on_any_day(cast, ask_for, april):
    ask_for("size", kind="size", of="full_members", at_least=5)
    ask_for("term", kind="term", years=3, remind_months=6)
    (size,) = cells(cast, "正式党员人数")
    assert (size.state, size.said, size.reason) == (Standing.MISSING, "4人", "正式党员至少5人")
    assert size.steps[0].address == reverse("org:unit", args=[cast.first.pk])
    (term,) = cells(cast, "支部委员会换届")
    assert (term.state, term.reason) == (Standing.UNKNOWN, "2015年1月1日成立，系统中没有选举记录")
    (near,) = cells(cast, "支部委员会换届", span=periods.year(2017), as_of=D(2017, 8, 1))
    assert (near.state, near.said, near.until) == (Standing.DUE, "该换届", D(2017, 12, 31))


def test_clauses_for_the_bureau_stand_with_the_bureau(cast, ask_for, hold):
    ask_for(
        "july",
        kind="fixed_day",
        subject=Subject.BUREAU,
        counts="lesson",
        day_rule="fixed_day_of_month:15",
        lecturer="principal",
    )
    hold(cast.second, D(2018, 2, 15), "lesson", lecturer="principal")
    found = told(cast, cast.root, cast.first)
    (here,) = found.of(cast.root.pk)
    assert [cell.state for cell in here[1]][:4] == [
        Standing.UNKNOWN,
        Standing.DONE,
        Standing.MISSING,
        Standing.MISSING,
    ]
    assert found.of(cast.first.pk) == []


def test_clauses_with_wrong_parameters_are_unknown_and_those_without_kind_are_named(cast, ask_for, april):
    ask_for("size", kind="size", of="nobody")
    ask_for("free", kind="")
    found = told(cast)
    ((line, (cell,)),) = found.of(cast.first.pk)
    assert (line.label, cell.state) == ("人数", Standing.UNKNOWN)
    assert "条款size的参数有误" in cell.reason
    assert [one.key for one in found.unjudged] == ["free"]
    assert "另有 1 条系统不判定" in _page(cast)


def _page(cast, who="secretary", **query):
    answer = cast.client(who).get(reverse("branch_life:unit", args=[cast.first.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


@pytest.fixture
def everything(ask_for, rules, theme_days, talks_asked):
    """A clause of each kind."""
    person = {"subject": Subject.PERSON}
    ask_for("lessons", kind="lecturers", role=Role.SECRETARY, every="year", at_least=1, **person)
    ask_for("hours", kind="hours", hours=32, of="member", **person)
    ask_for("season", kind="season", counts="org_life", first_month=10, last_month=12)
    ask_for("size", kind="size", of="members", at_least=3)
    ask_for("term", kind="term", years=5)
    ask_for("vote", kind="vote", threshold="ordinary")


def test_one_screen_says_it_all_and_home_says_the_same(cast, everything, hold):
    hold(cast.first, D(2018, 1, 8), "congress")
    text = _page(cast)
    for words in (
        "学时（党员）",
        "还差5人",
        "2018年12月31日前，还有255天",
        "登记谈话",
        "看学时明细",
        "这段时间没有这类表决",
    ):
        assert words in text, words
    home = cast.client("secretary").get("/").content.decode()
    for words in ("<b>谈心谈话</b> 还差5人", "<b>学时（党员）</b> 还差5人", "<b>支部书记讲党课</b> 还差1人"):
        assert words in home, words
    quarter = _page(cast, year="2018", part="q1")
    assert "第1季度逐项情况" in quarter
    assert '<th scope="col" data-nosort>3月</th></tr>' in quarter


def test_whoever_only_reads_is_offered_no_step(cast, everything, hold):
    hold(cast.first, D(2018, 1, 8), "congress")
    text = _page(cast, "leader")
    assert "record/?" not in text
    assert "talks/new/?unit=" not in text
    assert "还差5人" in text


def test_all_branches_stand_in_their_order_and_a_cell_opens_to_its_line(cast, everything, hold):
    hold(cast.first, D(2018, 1, 8), "congress")
    text = cast.client("officer").get("/branch-life/", {"year": "2018", "part": "y"}).content.decode()
    there = reverse("branch_life:unit", args=[cast.second.pk])
    assert f'href="{there}?year=2018&amp;part=y#line-coverage"' in text
    assert text.index(f"{cast.first}</a></th>") < text.index(f"{cast.second}</a></th>")
    assert "第二党支部" in text.split("不适用、已免除和未知的原因")[1]
    rows = cast.client("officer").get("/branch-life/", {"year": "2018", "part": "y", "format": "csv"})
    lines = rows.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "组织,要求,频次,期间,应有,已有,情况,期限,说明,还差的人,开展日期,依据"
    talks = next(line for line in lines if line.startswith("第二党支部,谈心谈话"))
    assert "2018年,3,0,还差3人,2018-12-31,,书记己、党员庚、党员辛," in talks


@pytest.mark.parametrize("number", [1, 3])
def test_statements_grow_neither_with_branches_nor_with_people(
    cast, everything, hold, number, django_assert_num_queries
):
    for count in range(number):
        branch = Unit.objects.create(
            bureau=cast.bureau,
            kind=UnitKind.BRANCH,
            code=f"z1{count}",
            name=f"第{count}示例支部",
            parent=cast.committee,
            from_on=D(2016, 1, 1),
            position=10 + count,
        )
        person = Person.objects.create(bureau=cast.bureau, staff_no=f"9{count}", name=f"示例{count}")
        Membership.objects.create(bureau=cast.bureau, person=person, unit=branch, from_on=D(2016, 1, 1))
        hold(branch, D(2018, 2, 3 + count), "theme-day")
    units = list(accountable_units(cast.bureau.pk, YEAR))
    with django_assert_num_queries(22):
        told(cast, *units)
    with django_assert_num_queries(22):
        told(cast)
