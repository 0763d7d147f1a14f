"""A run finds what people are excused from as such: shown with the reason, against nobody, and no second time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.conduct.models import Inspection, Observation
from qizhi.conduct.queries.inspections import candidates_of
from qizhi.conduct.services.drafts import draft_case, facts_of_finding
from qizhi.core.errors import Refused
from qizhi.core.periods import month_of
from qizhi.org.enums import LeaveKind, MemberStatus
from qizhi.org.models import Leave, Membership, Person
from qizhi.regulations.enums import Verdict
from qizhi.regulations.models import Finding
from qizhi.regulations.services import run_clauses

D = dt.date
DAY, TODAY = D(2018, 1, 10), D(2018, 1, 15)


@pytest.fixture
def seen(cast, rules):
    """An inspection has seen the member on 10 January."""
    make = {"bureau": cast.bureau}
    inspection = Inspection.objects.create(
        **make, month=D(2018, 1, 1), title="一月检查", led_by=cast.person("inspector")
    )
    words = {"fact": "未着制服", "evidence": "大厅", "clause": rules["MV-9"]}
    Observation.objects.create(
        **make, inspection=inspection, person=cast.person("member"), happened_on=DAY, **words
    )
    return inspection


def run(cast):
    by = cast.actor("inspector")
    return run_clauses(bureau_id=cast.bureau.pk, span=month_of(DAY), as_of=TODAY, by=by)


def found(cast):
    return Finding.objects.live().get(bureau=cast.bureau, clause__key="MV-9")


def away(cast, first=DAY, last=DAY):
    make = {"bureau": cast.bureau, "person": cast.person("member"), "kind": LeaveKind.SECONDMENT}
    return Leave.objects.create(**make, from_on=first, to_on=last)


def new_staff(cast):
    Person.objects.filter(pk=cast.person("member").pk).update(entered_on=D(2017, 1, 11))


def probationary(cast):
    Membership.objects.filter(person=cast.person("member")).update(status=MemberStatus.PROBATIONARY)


@pytest.mark.parametrize(
    ("excuse", "words"),
    [
        (away, "借调：2018年1月10日至2018年1月10日"),
        (new_staff, "试用期：2017年1月11日到岗，试用期12个月"),
        (probationary, "预备期：当日为预备党员"),
    ],
)
def test_what_excuses_is_found_with_its_reason_and_costs_nothing(cast, seen, excuse, words):
    excuse(cast)
    assert run(cast).counts["spared"] == 1
    row = found(cast)
    assert (row.verdict, row.points) == (Verdict.EXCUSED, 0)
    assert row.sentence.endswith(f"免予记分：{words}。")
    again = run(cast)
    assert (again.counts["untouched"], again.findings.count()) == (1, 0), "the second run writes nothing"
    assert not candidates_of(seen, "all").exists()
    with pytest.raises(Refused, match="有免予记分的情形"):
        draft_case(facts_of_finding(row), by=cast.actor("inspector"))


def test_the_excuse_comes_and_goes_with_its_rows(cast, seen):
    run(cast)
    assert found(cast).verdict == Verdict.VIOLATED
    leave = away(cast, last=D(2018, 1, 12))
    run(cast)
    assert found(cast).supersedes.verdict == Verdict.VIOLATED
    leave.from_on = D(2018, 1, 11)
    leave.save()
    run(cast)
    assert (found(cast).verdict, found(cast).points) == (Verdict.VIOLATED, -1), (
        "the day before is not excused"
    )


def test_the_list_tells_them_apart_and_the_page_says_why(cast, seen):
    client = cast.client("inspector")
    unjudged = client.get(seen.get_absolute_url()).content.decode()
    assert "这个月还没有核算过" in unjudged
    assert "runs/new/?start=2018-01&amp;end=2018-01&amp;as_of=2018-01-15" in unjudged
    away(cast)
    run(cast)
    beside = client.get(seen.get_absolute_url()).content.decode()
    assert "当月核算没有发现有分值" in beside
    assert "1 条</a>因请假、借调或试用期免予记分，不是线索" in beside
    page = client.get(reverse("regulations:findings")).content.decode()
    assert "另有 1 条免予记分" in page
    none = client.get(reverse("regulations:findings"), {"verdict": "violated", "clause": "micro|MV-9"})
    assert "没有符合条件的发现" in none.content.decode()
    assert "免予记分：借调" in client.get(found(cast).get_absolute_url()).content.decode()


def test_the_database_refuses_points_on_what_is_excused(cast, seen):
    away(cast)
    run(cast)
    row = found(cast)
    row.pk, row.slot, row.points, row._state.adding = None, "micro|MV-9|planted", -1, True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
