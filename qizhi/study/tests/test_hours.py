"""Hours by person and year: derived from rolls and courses, judged by the clause of the year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from qizhi.core import clock, figures, imports, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import NOTHING, Ask
from qizhi.core.ids import new_id
from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.services import (
    GatheringFacts,
    RollFact,
    VisitorFact,
    load_standard_kinds,
    record_gathering,
)
from qizhi.org.enums import MemberStatus
from qizhi.org.models import Leave, Membership
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.services import load_national_regulations
from qizhi.study.enums import Origin
from qizhi.study.models import Completion, Course
from qizhi.study.queries.hours import lines, own_year, targets_in
from qizhi.study.rules.hours import Standing, Target, standing, target_for, targets
from qizhi.study.services.hours import record_completion, save_course

D = dt.date
TODAY = D(2020, 3, 10)
HOURS = reverse("study:hours")


@left_standing
def national(cast, recorded):
    """The national clauses and the standard kinds."""
    with clock.at(TODAY):
        load_standard_kinds(cast.bureau, by=cast.actor("officer"))
        load_national_regulations(cast.bureau, by=cast.actor("officer"))


@pytest.fixture
def spring(national, _clock):
    """The clock stands at 10 March 2020; the national clauses are loaded."""
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def learn(cast, spring):
    """Record a theme day of a branch with hours, and who was away."""

    def record(unit, day, hours, *, kind="theme-day", **more):
        kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key=kind))
        facts = GatheringFacts(
            unit=unit, held_on=day, kinds=kinds, title="学习", hours=Decimal(hours), **more
        )
        return record_gathering(facts=facts, by=cast.actor("officer"))

    return record


@pytest.fixture
def course(cast, spring):
    return save_course(
        name="党章党规网上学习", provider="廉石之光", hours=Decimal(12), by=cast.actor("officer")
    )


def the_importer():
    found = imports.get("study.completions")
    assert found is not None
    return found


def by_name(cast, year):
    return {line.person.name: line for line in lines(cast.bureau.pk, year, TODAY)}


def test_the_highest_clause_binds_and_a_leader_falls_back_to_the_member():
    member, more, leader = Target(32, "甲"), Target(40, "乙"), Target(56, "丙")
    known = targets([({"of": "member"}, member), ({"of": "member"}, more), ({"of": "x"}, leader)])
    assert known == {"member": more}
    assert target_for(known, is_leader=True) == more
    assert target_for({**known, "branch_leader": leader}, is_leader=True) == leader
    assert target_for({}, is_leader=False) is None


def test_standing_at_the_boundary():
    asked, half = Target(32, "甲"), Decimal("31.5")
    assert standing(Decimal(32), asked, central_trainings=0, is_over=False, is_new=False) is Standing.DONE
    assert standing(half, asked, central_trainings=0, is_over=False, is_new=False) is Standing.DUE
    assert standing(half, asked, central_trainings=0, is_over=True, is_new=False) is Standing.MISSING
    assert standing(half, asked, central_trainings=0, is_over=True, is_new=True) is Standing.NA
    assert standing(half, None, central_trainings=0, is_over=True, is_new=False) is Standing.UNASKED


def test_present_and_made_up_count_and_the_clause_of_the_year_binds(cast, learn, course):
    member, away = cast.person("member"), cast.person("secretary")
    learn(cast.first, D(2019, 6, 28), "20")
    learn(cast.first, D(2019, 9, 27), "2", roll=(RollFact(away, "absent"), RollFact(member, "excused")))
    learn(cast.first, D(2019, 10, 25), "1", roll=(RollFact(member, "made_up", "", D(2019, 11, 1)),))
    learn(cast.second, D(2019, 10, 25), "30")
    learn(cast.root, D(2019, 11, 1), "4", kind="training", visitors=(VisitorFact(member, "", "guest"),))
    record_completion(
        person=member, course=course, hours=Decimal(7), completed_on=D(2019, 12, 1), by=cast.actor("member")
    )
    found = by_name(cast, 2019)
    line = found["党员丁"]
    assert (line.gathered, line.courses, line.total) == (25, 7, 32)
    assert (line.standing, line.target.hours, line.short_by) == (Standing.DONE, 32, 0)
    head = found["书记甲"]
    assert (head.total, head.target.hours, head.standing) == (21, 56, Standing.MISSING)
    assert found["党员辛"].standing is Standing.MISSING
    assert found["党员辛"].short_by == 2
    assert [one.title for one in own_year(member, 2019, TODAY).gatherings] == ["学习"] * 3
    assert own_year(member, 2019, TODAY).total == 32


def test_before_the_regulations_nothing_was_asked(cast, learn):
    learn(cast.first, D(2018, 3, 2), "2")
    assert targets_in(cast.bureau.pk, 2018) == {}
    assert {line.standing for line in lines(cast.bureau.pk, 2018, TODAY)} == {Standing.UNASKED}
    ask = Ask(cast.bureau.pk, periods.year(2018), TODAY)
    assert figures.get("study.hours_met").value(ask) == NOTHING
    text = cast.client("officer").get(HOURS, {"year": "2018"}).content.decode()
    assert "2018年没有要判定的学时" in text
    assert lines(cast.bureau.pk, 2021, TODAY) == []


def test_who_joined_inside_the_year_owes_nothing_yet_and_numbers_without_names_give_nobody_hours(cast, learn):
    Membership.objects.create(
        bureau=cast.bureau,
        person=cast.person("officer"),
        unit=cast.second,
        status=MemberStatus.PROBATIONARY,
        from_on=D(2019, 8, 1),
    )
    learn(cast.second, D(2019, 9, 27), "40", due_total=4, present_total=2)
    found = by_name(cast, 2019)
    assert found["干事壬"].standing is Standing.NA
    assert found["党员庚"].total == 0
    assert own_year(found["党员庚"].person, 2019, TODAY).unnamed == 1


def test_figure_by_hand(cast, learn):
    """First branch: five asked, nobody has enough; second: three asked, its secretary is asked for 56."""
    learn(cast.second, D(2019, 9, 27), "32")
    figure = figures.get("study.hours_met")
    assert figure is not None
    assert figure.by_unit is not None
    ask = Ask(cast.bureau.pk, periods.year(2019), TODAY)
    value = figure.value(ask)
    assert (value.counted, value.out_of) == (2, 8)
    assert figure.counted_from_rows(ask) == 2
    assert [column.get(figure.rows(ask)[0]) for column in figure.columns] == ["第二党支部", "党员庚"]
    second = Ask(cast.bureau.pk, periods.year(2019), TODAY, (cast.second.pk,))
    assert (figure.value(second).counted, figure.value(second).out_of) == (2, 3)
    assert figure.counted_from_rows(second) == 2
    assert figure.by_unit(ask)[cast.first.pk].counted == 0


def test_a_person_writes_down_a_course_corrects_it_and_takes_it_back(cast, course):
    client = cast.client("member")
    values = {"course": str(course.pk), "completed_on": "2020-02-03", "hours": "", "id": str(new_id())}
    page = client.post(reverse("study:completion_new"), values)
    assert page.status_code == 302
    row = Completion.objects.get()
    assert (row.person, row.hours, row.origin) == (cast.person("member"), Decimal(12), Origin.SELF.value)
    again = client.post(
        reverse("study:completion_new"), values | {"id": str(new_id()), "completed_on": "2020-02-04"}
    )
    assert again.status_code == 422
    assert "同一年里不重复计学时" in again.content.decode()
    later = client.post(
        reverse("study:completion_new"), values | {"id": str(new_id()), "completed_on": "2020-04-01"}
    )
    assert "完成日期还没有到" in later.content.decode()
    edit = reverse("study:completion_edit", args=[row.pk])
    assert client.post(edit, values | {"hours": "10"}).status_code == 302
    row.refresh_from_db()
    assert row.hours == 10
    assert cast.client("secretary").get(edit).status_code == 404
    text = client.get(reverse("study:my_hours"), follow=True).content.decode()
    assert "本人登记" in text
    client.post(reverse("study:completion_remove", args=[row.pk]))
    assert not Completion.objects.exists()


def test_the_importer_takes_the_platforms_word_and_twice_changes_nothing(cast, course):
    officer = cast.actor("officer")
    record_completion(
        person=cast.person("member"),
        course=course,
        hours=Decimal(3),
        completed_on=D(2020, 2, 3),
        by=cast.actor("member"),
    )
    file = (
        "姓名,课程名称,平台,获得学时,完成时间\n"
        "党员丁,党章党规网上学习,廉石之光,4,2020-02-05\n"
        "书记甲,政治纪律专题,网上党性培训,2.5,2020年3月1日\n"
    ).encode()
    importer = the_importer()
    first = imports.keep_draft(importer, filename="完成名单.csv", content=file, by=officer)
    outcome = imports.apply_draft(importer, first, officer)
    assert (outcome.count(imports.What.NEW), outcome.count(imports.What.CHANGED)) == (1, 1)
    mine = Completion.objects.get(person=cast.person("member"))
    assert (mine.hours, mine.completed_on, mine.origin) == (Decimal(4), D(2020, 2, 5), Origin.IMPORTED.value)
    assert Course.objects.get(name="政治纪律专题").provider == "网上党性培训"
    second = imports.keep_draft(importer, filename="完成名单.csv", content=file, by=officer)
    assert imports.apply_draft(importer, second, officer).count(imports.What.SAME) == 2
    assert [row["name"] for row in importer.export(officer)] == ["党员丁(0004)", "书记甲(0001)"]


def test_bad_lines_are_said_with_their_reason(cast, spring):
    file = (
        "姓名,课程,学时,完成日期\n无名氏,课程一,2,2020-01-01\n党员丁,课程一,0,2020-01-01\n"
        "党员丁,课程一,2,2021-01-01\n"
    ).encode()
    importer, officer = the_importer(), cast.actor("officer")
    draft = imports.keep_draft(importer, filename="a.csv", content=file, by=officer)
    reasons = [error.reason for error in imports.check_draft(importer, draft, officer).errors]
    assert reasons[0].startswith("人员库里没有“无名氏”")
    assert reasons[1].startswith("学时应大于0")
    assert reasons[2] == "完成日期还没有到"
    with pytest.raises(Refused, match="什么也没有导入"):
        imports.apply_draft(importer, draft, officer)


def test_names_are_seen_by_those_who_may_see_the_branch(cast, learn):
    learn(cast.first, D(2019, 6, 28), "20")
    first, second = (reverse("study:hours_unit", args=[u.pk]) for u in (cast.first, cast.second))
    text = cast.client("secretary").get(first, {"year": "2019"}).content.decode()
    assert "书记甲、委员乙、委员丙、党员丁、预备戊" in text
    assert cast.client("secretary").get(second).status_code == 404
    assert cast.client("member").get(first).status_code == 404
    assert "党员丁" not in cast.client("officer").get(HOURS, {"year": "2019"}).content.decode()
    person = reverse("study:hours_person", args=[cast.person("member").pk])
    assert cast.client("member").get(person).status_code == 200
    assert cast.client("neighbour").get(person).status_code == 404
    assert cast.client("member").get(HOURS).status_code == 302
    only = cast.client("secretary").get(first, {"year": "2019", "below": "1", "format": "csv"})
    assert "党员丁,20.0,0,20.0,32,不足" in only.content.decode("utf-8-sig")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_tables_leave_the_house(cast, learn, course, kind):
    learn(cast.first, D(2019, 6, 28), "20")
    client = cast.client("officer")
    for address in (
        HOURS,
        reverse("study:courses"),
        reverse("study:hours_person", args=[cast.person("member").pk]),
    ):
        page = client.get(address, {"format": kind, "year": "2019"})
        assert page["Content-Disposition"].startswith("attachment"), address


def test_the_register_of_courses(cast, course):
    client = cast.client("officer")
    new = {"name": "廉政微课", "provider": "廉石之光", "hours": "1.5", "is_active": "on", "id": str(new_id())}
    assert client.post(reverse("study:course_new"), new).status_code == 302
    assert client.post(reverse("study:course_new"), new).status_code == 302
    assert Course.objects.filter(name="廉政微课").count() == 1
    other = new | {"id": str(new_id())}
    assert client.post(reverse("study:course_new"), other).status_code == 422
    edit = reverse("study:course_edit", args=[course.pk])
    assert client.post(edit, new | {"name": "党章党规"}).status_code == 302
    text = client.get(reverse("study:courses")).content.decode()
    assert "廉政微课" in text
    assert "党章党规" in text
    assert cast.client("secretary").get(edit).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, learn, number, django_assert_num_queries):
    for day in range(1, number + 1):
        learn(cast.first, D(2020, 2, day), "2")
        learn(cast.second, D(2020, 2, day), "2")
    client = cast.client("officer")
    with django_assert_num_queries(16):
        client.get(HOURS)
    with django_assert_num_queries(17):
        client.get(reverse("study:hours_unit", args=[cast.first.pk]))


def test_a_leader_needs_the_hours_and_a_training_held_centrally(cast, learn):
    learn(cast.second, D(2019, 9, 27), "56")
    assert by_name(cast, 2019)["书记己"].standing is Standing.MISSING
    central = save_course(
        name="支部书记轮训班",
        provider="市委党校",
        hours=Decimal(8),
        is_central=True,
        by=cast.actor("officer"),
    )
    record_completion(
        person=cast.person("neighbour"),
        course=central,
        hours=Decimal(8),
        completed_on=D(2019, 10, 18),
        by=cast.actor("neighbour"),
    )
    line = by_name(cast, 2019)["书记己"]
    assert (line.standing, line.total, line.central_trainings) == (Standing.DONE, 64, 1)


def test_the_kind_finds_who_is_below_in_a_year_that_is_over(cast, learn):
    learn(cast.second, D(2019, 9, 27), "32")
    kind = kind_by_key("hours")
    member = Clause.objects.select_related("version__regulation").get(bureau=cast.bureau, key="ED-01")
    leader = Clause.objects.select_related("version__regulation").get(bureau=cast.bureau, key="ED-02")
    ask = Ask(cast.bureau.pk, periods.year(2019), TODAY, unit_ids=(cast.second.pk,))
    found = {clause.key: [fact.person for fact in kind.scan(clause, ask)] for clause in (member, leader)}
    assert found == {"ED-01": [], "ED-02": ["书记己"]}
    (fact,) = kind.scan(leader, ask)
    assert kind.sentence(leader, fact, kind.judge(kind.read(leader.parameters), fact)) == (
        "第二党支部书记己2019年应学习培训56学时，参加集中培训1次，已有32学时，参加集中培训0次。"
        "依据《中国共产党党员教育管理工作条例》。"
    )
    this_year = Ask(cast.bureau.pk, periods.year(2020), TODAY)
    assert list(kind.scan(member, this_year)) == []


def test_hours_of_nobody_in_particular_may_be_enough(cast, learn):
    """Forty hours of which only a number came: who was due may have them; who was named as away has not."""
    away = RollFact(cast.person("member"), "absent")
    learn(cast.first, D(2019, 9, 27), "40", due_total=5, present_total=3, roll=(away,))
    found = by_name(cast, 2019)
    assert found["预备戊"].standing is Standing.UNKNOWN
    assert (found["预备戊"].total, found["预备戊"].unclear) == (0, 40)
    assert found["党员丁"].standing is Standing.MISSING
    assert found["党员庚"].standing is Standing.MISSING, "it was the other branch's"
    assert found["书记甲"].standing is Standing.MISSING, "a leader is asked for more than that"
    clause = Clause.objects.get(bureau=cast.bureau, key="ED-01")
    kind = kind_by_key("hours")
    facts = {one.person: one for one in kind.scan(clause, Ask(cast.bureau.pk, periods.year(2019), TODAY))}
    judged = kind.judge(kind.read(clause.parameters), facts["预备戊"])
    assert (judged.verdict, judged.actual) == (Verdict.UNKNOWN, "已有0学时，另有40学时的活动没有记到人")
    text = cast.client("officer").get(reverse("study:hours_unit", args=[cast.first.pk]), {"year": "2019"})
    assert "另有 40 学时的活动没有记到人" in text.content.decode()


def test_hours_of_a_month_without_a_day_may_be_enough(cast, learn):
    held = learn(cast.first, D(2019, 9, 1), "40")
    Gathering.objects.filter(pk=held.pk).update(precision="month")
    assert by_name(cast, 2019)["党员丁"].standing is Standing.UNKNOWN
    assert by_name(cast, 2019)["党员庚"].standing is Standing.MISSING


def test_before_the_first_record_hours_are_unknown_and_who_is_away_all_year_is_excused(cast, learn, recorded):
    recorded.delete()
    learn(cast.first, D(2019, 9, 27), "40")
    Leave.objects.create(
        bureau=cast.bureau, person=cast.person("neighbour"), kind="secondment", from_on=D(2018, 12, 1)
    )
    found = by_name(cast, 2019)
    assert found["党员丁"].standing is Standing.DONE
    assert found["党员庚"].standing is Standing.UNKNOWN
    assert found["党员庚"].gap == "记录从2019年9月27日开始"
    assert found["书记己"].standing is Standing.EXCUSED
    figure, ask = figures.get("study.hours_met"), Ask(cast.bureau.pk, periods.year(2019), TODAY)
    assert figure.value(ask) == NOTHING
    assert not figure.rows(ask)
