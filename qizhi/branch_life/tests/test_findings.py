"""Clause by clause: what talks, numbers, fixed days, lessons and attendance leave open, and who sees it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from qizhi.branch_life.queries import accountable_units, states
from qizhi.branch_life.queries.findings import check_clauses
from qizhi.branch_life.rules import State
from qizhi.core import clock, periods
from qizhi.core.figures import Ask
from qizhi.gatherings.enums import Capacity, RollState, Threshold
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import (
    GatheringFacts,
    LecturerFact,
    ResolutionFact,
    RollFact,
    load_standard_kinds,
    record_gathering,
)
from qizhi.org.models import RankTenure
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.services import load_national_calendar

D = dt.date
YEAR = periods.year(2018)
AFTER = D(2019, 1, 10)


@pytest.fixture
def later(_clock):
    with clock.at(AFTER):
        yield AFTER


@pytest.fixture
def hold(cast, later):
    """Record a gathering of a kind."""
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))

    def record(key, unit, day, **more):
        facts = GatheringFacts(
            unit=unit,
            held_on=day,
            kinds=(Kind.objects.get(bureau=cast.bureau, key=key),),
            title=f"{key}一次",
            **more,
        )
        return record_gathering(facts=facts, by=cast.actor("officer"))

    return record


def sentences(clause, cast, *, unit_ids=None, as_of=AFTER):
    kind = kind_by_key(clause.kind)
    ask = Ask(cast.bureau.pk, YEAR, as_of, unit_ids)
    return [
        kind.sentence(clause, fact, kind.judge(kind.read(clause.parameters), fact))
        for fact in kind.scan(clause, ask)
    ]


def test_a_lesson_on_the_first_working_day(cast, hold, ask_for, recorded):
    load_national_calendar(cast.bureau, by=cast.actor("officer"))
    clause = ask_for(
        "first",
        subject=Subject.BUREAU,
        kind="fixed_day",
        counts="lesson",
        day_rule="first_working_day_of_year",
        lecturer="principal",
    )
    expected = (
        "全局应每年第一个工作日开展党课（主要领导讲授），2018年1月2日没有开展。依据《first制度》第一条。"
    )
    assert sentences(clause, cast) == [expected]
    hold("lesson", cast.first, D(2018, 1, 2))  # a lesson, but not by the leader
    assert sentences(clause, cast) == [expected]
    leader = LecturerFact(cast.person("leader"), "", Capacity.PRINCIPAL)
    hold("lesson", cast.first, D(2018, 1, 2), lecturers=(leader,))
    assert sentences(clause, cast) == []


def test_without_the_paper_a_fixed_day_is_unknown(cast, later, ask_for):
    clause = ask_for(
        "first",
        subject=Subject.BUREAU,
        kind="fixed_day",
        counts="lesson",
        day_rule="first_working_day_of_year",
    )
    kind = kind_by_key("fixed_day")
    (fact,) = kind.scan(clause, Ask(cast.bureau.pk, YEAR, AFTER))
    found = kind.judge(kind.read(clause.parameters), fact)
    assert (found.verdict, found.actual[:11]) == (Verdict.UNKNOWN, "缺少2018年的放假安")


def test_each_branch_has_its_day_and_three_days_off_will_do(cast, hold, ask_for):
    clause = ask_for(
        "day",
        from_on=D(2018, 11, 1),
        kind="fixed_day",
        counts="theme_day",
        day_rule="last_weekday_of_month:friday",
        within=3,
    )
    hold("theme-day", cast.first, D(2018, 11, 30))
    hold("theme-day", cast.first, D(2018, 12, 25))
    hold("theme-day", cast.second, D(2018, 11, 26))
    assert sentences(clause, cast, unit_ids=(cast.first.pk,)) == []
    assert [one[:6] for one in sentences(clause, cast)] == ["第二党支部应"] * 2


def test_every_secretary_gives_a_lesson(cast, hold, ask_for, recorded):
    clause = ask_for(
        "lesson",
        subject=Subject.PERSON,
        kind="lecturers",
        role="secretary",
        every="year",
        at_least=1,
    )
    hold(
        "lesson",
        cast.first,
        D(2018, 5, 4),
        lecturers=(LecturerFact(cast.person("secretary"), "", "secretary"),),
    )
    assert sentences(clause, cast) == [
        "第二党支部书记己2018年应每年至少讲党课1次，已讲0次。依据《lesson制度》第一条。"
    ]
    assert sentences(clause, cast, as_of=D(2018, 12, 31)) == []


def test_everybody_of_a_rank_comes_or_makes_up_for_it(cast, hold, ask_for):
    clause = ask_for(
        "warning",
        subject=Subject.PERSON,
        kind="attendance",
        gathering="warning",
        from_rank="deputy_section",
    )
    names = ("secretary", "neighbour", "officer", "personnel")
    for name in names:
        RankTenure.objects.create(
            bureau=cast.bureau, person=cast.person(name), rank="section", from_on=D(2015, 1, 1)
        )
    RankTenure.objects.create(
        bureau=cast.bureau, person=cast.person("member"), rank="clerk", from_on=D(2015, 1, 1)
    )
    states = (RollState.ABSENT, RollState.EXCUSED, RollState.MADE_UP)
    away = [
        RollFact(cast.person(name), state, made_up_on=D(2018, 12, 20) if state == RollState.MADE_UP else None)
        for name, state in zip(names, states, strict=False)
    ]
    away.append(RollFact(cast.person("member"), RollState.ABSENT))
    hold("warning", cast.root, D(2018, 12, 7), roll=tuple(away))
    (sentence,) = sentences(clause, cast)
    assert sentence == (
        "书记甲2018年12月7日“warning一次”：应副科级以上人员全员参加，没有参加，也没有补课。"
        "依据《warning制度》第一条。"
    )
    assert sentences(clause, cast, unit_ids=(cast.second.pk,)) == []


@pytest.fixture
def clauses(ask_for):
    ask_for("least", kind="size", of="full_members", at_least=4)
    ask_for(
        "talks",
        subject=Subject.PERSON,
        kind="coverage",
        every="year",
        at_least=1,
        coverage="person",
        is_general=True,
    )
    ask_for("quota", counts="congress", every="quarter", at_least=1)
    ask_for("broken", kind="size", of="cats")
    ask_for("strange", kind="no_such_kind")


def test_the_page_lists_each_clause_with_what_it_finds(cast, later, clauses):
    page = cast.client("officer").get(reverse("branch_life:findings"), {"year": "2018"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "第二党支部2018年12月31日：正式党员至少4人，现有3人" in text
    assert "《talks制度》第一条，制度写的是“一般”" in text
    assert "参数有误" in text
    assert "系统里没有判定类型“no_such_kind”" in text
    assert "quota制度" not in text
    table = cast.client("officer").get(reverse("branch_life:findings"), {"year": "2018", "format": "csv"})
    assert "第二党支部2018年12月31日" in table.content.decode("utf-8-sig")


def test_a_secretary_sees_the_own_branch_alone(cast, later, clauses):
    client = cast.client("secretary")
    text = client.get(reverse("branch_life:findings"), {"year": "2018"}).content.decode()
    assert "党员丁2018年应" in text
    assert "第二党支部" not in text
    other = {"year": "2018", "unit": str(cast.second.pk)}
    assert client.get(reverse("branch_life:findings"), other).status_code == 404
    assert cast.client("member").get(reverse("branch_life:findings")).status_code == 403
    part = client.get(
        reverse("branch_life:findings"), {"unit": str(cast.first.pk), "year": "2018", "part": "1"}
    )
    assert "<main" not in part.content.decode()
    assert "党员丁2018年应" in part.content.decode()


def test_what_usually_comes_in_the_fourth_quarter_warns_elsewhere(cast, hold, ask_for):
    clause = ask_for("season", kind="season", counts="org_life", first_month=10, last_month=12)
    hold("org-life", cast.first, D(2018, 2, 20))
    said = sentences(clause, cast)
    assert len(said) == 1, "the second branch held none: another clause asks for that"
    assert said[0].startswith("第一党支部2018年：组织生活会一般在10月至12月，2018年2月20日召开")
    hold("org-life", cast.first, D(2018, 12, 20))
    assert sentences(clause, cast) == []


def test_a_term_is_over_when_no_election_follows(cast, hold, ask_for):
    """The first branch elected in February 2015, the second has no election on record."""
    clause = ask_for("term", kind="term", years=3)
    election = ResolutionFact("选举支部委员会", 4, 4, 4, threshold=Threshold.ELECTION)
    hold("congress", cast.first, D(2015, 2, 1), resolutions=(election,))
    first, second = sentences(clause, cast, as_of=D(2018, 3, 1))
    assert "上次选举为2015年2月1日，2018年1月31日届满" in first
    assert "系统中没有选举记录" in second
    hold("congress", cast.first, D(2018, 1, 20), resolutions=(election,))
    assert len(sentences(clause, cast, as_of=D(2018, 3, 1))) == 1


def test_a_by_election_does_not_begin_a_new_term(cast, hold, ask_for):
    clause = ask_for("term", kind="term", years=3)
    titles = {
        D(2015, 2, 1): "支部委员会换届选举",
        D(2017, 6, 1): "补选支部委员",
        D(2017, 9, 1): "选举党代表大会代表",
    }
    for day, title in titles.items():
        vote = ResolutionFact(title, 4, 4, 4, threshold=Threshold.ELECTION)
        hold("congress", cast.first, day, resolutions=(vote,))
    said = sentences(clause, cast, unit_ids=(cast.first.pk,), as_of=D(2018, 3, 1))
    assert len(said) == 1
    assert "上次选举为2015年2月1日，2018年1月31日届满" in said[0]


@pytest.fixture
def every_kind(cast, clauses, ask_for):
    load_national_calendar(cast.bureau, by=cast.actor("officer"))
    ask_for("day", kind="fixed_day", counts="theme_day", day_rule="fixed_day_of_month:15")
    ask_for("lesson", subject=Subject.PERSON, kind="lecturers", role="secretary", every="year", at_least=1)
    ask_for("warning", subject=Subject.PERSON, kind="attendance", gathering="warning", from_rank="clerk")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, every_kind, hold, number, django_assert_num_queries):
    for day in range(number):
        hold("warning", cast.root, D(2018, 12, 7 + day))
        RankTenure.objects.create(
            bureau=cast.bureau,
            person=cast.person(("secretary", "member", "officer")[day]),
            rank="section",
            from_on=D(2015, 1, 1),
        )
    assert Clause.objects.filter(bureau=cast.bureau).count() == 8
    with django_assert_num_queries(16):
        check_clauses(cast.bureau.pk, YEAR, AFTER, (cast.first.pk, cast.second.pk))


def test_what_is_judged_by_the_year_waits_for_its_end_and_a_day_that_has_passed_does_not(
    cast, clauses, ask_for
):
    ask_for("day", kind="fixed_day", counts="theme_day", day_rule="fixed_day_of_month:15", within=31)
    found = {one.clause.key: one for one in check_clauses(cast.bureau.pk, YEAR, D(2018, 1, 3))}
    assert (found["talks"].state, found["talks"].word) == ("na", "年底判定")
    assert found["day"].word == "没有发现"


def test_command_tells_each_bureau_its_numbers(cast, later, capsys):
    """Two branches of a year without a gathering; the command says what the pages say."""
    call_command("findings", "--from", "2018", "--json", "--workers", "1")
    found = json.loads(capsys.readouterr().out)
    line = next(one for one in found if one["bureau"] == cast.bureau.code)
    units = list(accountable_units(cast.bureau.pk, YEAR))
    cells = states(cast.bureau.pk, units, YEAR, AFTER)
    assert line["bureau"] == cast.bureau.code
    assert line["branches"] == len(units)
    assert line["missing"] == len(cells.in_state(State.MISSING))
    checked = check_clauses(cast.bureau.pk, YEAR, AFTER)
    assert line["violated"] == sum(one.violated for one in checked)
    call_command("findings", "--from", "2018", "--bureau", cast.bureau.code)
    assert f"bureau {cast.bureau.code}\tbranches {len(units)}" in capsys.readouterr().out
    for wrong in (("--from", "2019", "--to", "2018"), ("--bureau", "nowhere")):
        with pytest.raises(CommandError):
            call_command("findings", *wrong)
