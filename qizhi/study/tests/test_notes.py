"""Reading notes: declared by oneself, corrected, taken back; and the kind that judges by them, silence being unknown."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.core.periods import Period, quarter_of
from qizhi.core.permissions import system
from qizhi.org.models import Leave, Membership
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import ParameterError, kind_by_key
from qizhi.regulations.models import Clause, Finding
from qizhi.regulations.services import add_clause, add_regulation, add_version, publish_version, run_clauses
from qizhi.regulations.services.proposals import take_proposals
from qizhi.study.models import ReadingNotes
from qizhi.study.services.notes import change_notes, declare_notes

D = dt.date
QUARTER, AFTER = quarter_of(D(2018, 1, 1)), D(2018, 4, 20)
NEW, MINE = "/study/notes/new/", "/study/notes/mine/"


@pytest.fixture
def clause(cast, april):
    """Three notes a quarter, a point for each that is missing; in force, as an office might have it."""
    by = system(cast.bureau.pk)
    head = {"code": "notes", "title": "读书办法", "doc_no": "", "issuer": "局", "level": "bureau"}
    made = add_regulation(values=head, by=by)
    version = add_version(regulation=made, values={"label": "试行", "effective_from": D(2018, 1, 1)}, by=by)
    values = {"key": "N-1", "number": "第一条", "text": "少一次扣1分。", "points": -1, "subject": "person"}
    kind = {"kind": "declared_notes", "parameters": {"every": "quarter", "at_least": 3}}
    clause = add_clause(version=version, values={**values, **kind, "applies_by": "period_end"}, by=by)
    take_proposals(version=version, by=by)
    publish_version(version=version, by=by)
    return Clause.objects.select_related("version__regulation").get(pk=clause.pk)


def declare(cast, who, **numbers):
    for month, number in numbers.items():
        values = {"person": cast.person(who), "month": D(2018, int(month[1:]), 1), "number": number}
        declare_notes(**values, by=cast.actor(who))


def found(cast, clause, *, span=QUARTER, as_of=AFTER, units=None):
    kind = kind_by_key("declared_notes")
    parameters, told = kind.read(clause.parameters), {}
    for fact in kind.scan(clause, Ask(cast.bureau.pk, span, as_of, units)):
        judged = kind.judge(parameters, fact)
        told[fact.person] = (judged.verdict, judged.actual, judged.times)
    return told


def test_who_declared_too_few_lacks_them_and_who_said_nothing_is_unknown(cast, clause):
    declare(cast, "member", m1=1, m2=0, m3=0)
    declare(cast, "secretary", m1=3)
    declare(cast, "neighbour", m1=1, m2=1)
    told = found(cast, clause)
    assert told.pop("党员丁") == (Verdict.VIOLATED, "自报1次，少2次", 2)
    assert "书记甲" not in told
    assert told.pop("书记己") == (Verdict.UNKNOWN, "自报2次，有1个月没有自报", 1)
    assert set(told.values()) == {(Verdict.UNKNOWN, "没有自报过", 1)}
    assert len(told) == 5, "the other members of both branches, and nobody else"


@pytest.mark.parametrize(
    ("as_of", "is_asked"), [(D(2018, 3, 31), False), (D(2018, 4, 1), True), (AFTER, True)]
)
def test_a_quarter_is_judged_when_it_is_over(cast, clause, as_of, is_asked):
    assert bool(found(cast, clause, as_of=as_of)) is is_asked


def test_of_a_quarter_before_the_rule_nothing_is_asked(cast, clause):
    assert found(cast, clause, span=quarter_of(D(2017, 10, 1))) == {}


def test_who_came_left_or_was_away_owes_none(cast, clause):
    for name in ("member", "secretary", "neighbour"):
        declare(cast, name, m1=0, m2=0, m3=0)
    tied = Membership.objects.filter(person=cast.person("member"))
    tied.update(from_on=D(2018, 1, 2))
    assert "党员丁" not in found(cast, clause)
    tied.update(from_on=D(2018, 1, 1), to_on=D(2018, 3, 30))
    assert "党员丁" not in found(cast, clause)
    tied.update(to_on=D(2018, 3, 31))
    assert "党员丁" in found(cast, clause)
    make = {"bureau": cast.bureau, "person": cast.person("neighbour"), "kind": "secondment"}
    away = Leave.objects.create(**make, from_on=QUARTER.start, to_on=QUARTER.end)
    assert "书记己" not in found(cast, clause)
    away.to_on = D(2018, 3, 30)
    away.save()
    assert "书记己" in found(cast, clause)


def test_a_change_of_group_in_between_asks_once(cast, clause):
    declare(cast, "member", m1=0, m2=0, m3=0)
    person = cast.person("member")
    Membership.objects.filter(person=person).update(to_on=D(2018, 2, 9))
    Membership.objects.create(bureau=cast.bureau, person=person, unit=cast.second, from_on=D(2018, 2, 10))
    kind = kind_by_key("declared_notes")
    facts = [
        one for one in kind.scan(clause, Ask(cast.bureau.pk, QUARTER, AFTER)) if one.person_id == person.pk
    ]
    assert [(one.unit, one.number) for one in facts] == [("第二党支部", 0)]


def test_asked_of_a_branch_it_finds_its_members(cast, clause):
    assert set(found(cast, clause, units=(cast.second.pk,))) == {"书记己", "党员庚", "党员辛"}


@pytest.mark.parametrize("people", [1, 3])
def test_two_statements_however_many_people(cast, clause, people, django_assert_num_queries):
    for name in ("member", "secretary", "neighbour")[:people]:
        declare(cast, name, m1=0, m2=0, m3=0)
    with django_assert_num_queries(2):
        found(cast, clause)


def test_it_judges_people_only(cast, clause):
    clause.subject = "branch"
    with pytest.raises(ParameterError, match="只判定个人"):
        found(cast, clause)


def test_a_run_costs_a_point_for_each_that_is_missing_and_follows_corrections(cast, clause):
    declare(cast, "member", m1=1, m2=0, m3=0)
    by, span = cast.actor("officer"), Period(D(2018, 3, 1), D(2018, 3, 31))
    run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=AFTER, by=by)
    own = Finding.objects.live().get(person=cast.person("member"))
    assert (own.points, own.start, own.end) == (Decimal(-2), QUARTER.start, QUARTER.end)
    unknown = Finding.objects.live().filter(verdict=Verdict.UNKNOWN)
    assert set(unknown.values_list("points", flat=True)) == {Decimal(0)}
    row = ReadingNotes.objects.get(month=D(2018, 2, 1))
    change_notes(row, month=row.month, number=2, by=cast.actor("member"))
    again = run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=AFTER, by=by)
    assert again.counts == {"gone": 1, "untouched": 7, "proposed": 0, "problems": []}


def test_declared_corrected_and_taken_back_by_hand(cast):
    client, key = cast.client("member"), str(new_id())
    assert "还没有自报过" in client.get(MINE).content.decode()
    values = {"id": key, "month": "2018年1月", "number": "2"}
    for _ in range(2):
        assert client.post(NEW, values).status_code == 302
    row = ReadingNotes.objects.get()
    assert (row.month, row.number, row.person) == (D(2018, 1, 1), 2, cast.person("member"))
    page = client.get(MINE).content.decode()
    assert "2018年自报 <strong>2</strong> 次" in page
    assert "没有启用的条款用到这个次数" in page
    edit = reverse("study:notes_edit", args=[row.pk])
    assert client.post(edit, {"month": "2017-12", "number": "3"}).status_code == 302
    assert client.get(f"{MINE}?format=csv").content.decode("utf-8-sig").splitlines() == [
        *("月份,自报次数", "2017年12月,3")
    ]
    assert client.post(reverse("study:notes_remove", args=[row.pk])).status_code == 302
    assert not ReadingNotes.objects.exists()
    verbs = AuditEvent.objects.filter(object_id=row.pk).order_by("at", "id").values_list("verb", flat=True)
    assert list(verbs) == ["study.declare_notes", "study.change_notes", "study.remove_notes"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"month": "2018-02", "number": "1"}, "2018年2月还没有到"),
        ({"month": "2017-12", "number": "1"}, "2017年12月已经自报2次"),
        ({"month": "十三月", "number": "1"}, "请写成 2017-05"),
        ({"month": "2018-01", "number": "-1"}, "不能小于0。请改为0或更大的数"),
        ({"month": "2018-01", "number": "100"}, "不能大于99。请改为99或更小的数"),
        ({"month": "2018-01", "number": "两"}, "整数"),
        ({"month": "", "number": ""}, "必填"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cast, values, said):
    declare_notes(
        person=cast.person("member"), month=D(2017, 12, 1), number=2, by=cast.actor("member"), id=new_id()
    )
    page = cast.client("member").post(NEW, {"id": str(new_id()), **values})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert ReadingNotes.objects.count() == 1


@pytest.mark.parametrize("who", ["secretary", "officer", "inspector", "leader", "outsider"])
def test_nobody_else_sees_or_touches_it(cast, who):
    declare(cast, "member", m1=2)
    row, client = ReadingNotes.objects.get(), cast.client(who)
    for name in ("notes_edit", "notes_remove"):
        assert (
            client.post(
                reverse(f"study:{name}", args=[row.pk]), {"month": "2018-01", "number": "9"}
            ).status_code
            == 404
        )
    assert "2018年1月" not in client.get(MINE).content.decode().split("<main")[1]
    row.refresh_from_db()
    assert row.number == 2


def test_the_page_says_which_rule_counts_it(cast, clause):
    with clock.at(AFTER):
        page = cast.client("member").get(MINE).content.decode()
    assert "《读书办法》第一条现在启用" in page
    assert "没有自报的月份算“未知”" in page


def test_the_database_holds_the_month_and_the_number(cast):
    make = {"bureau": cast.bureau, "person": cast.person("member")}
    ReadingNotes.objects.create(**make, month=D(2018, 1, 1), number=0)
    for month, number in ((D(2018, 1, 1), 1), (D(2018, 1, 2), 1), (D(2017, 12, 1), 100)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadingNotes.objects.create(**make, month=month, number=number)
    with pytest.raises(Refused, match="已经自报0次"):
        declare_notes(person=make["person"], month=D(2018, 1, 20), number=1, by=cast.actor("member"))
