"""What costs points is proved before it is published: a case that is violated, and one that is met."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.core.permissions import system
from qizhi.core.tests.standing import left_standing
from qizhi.regulations.kinds import all_kinds
from qizhi.regulations.kinds.cases import CaseClause
from qizhi.regulations.models import Clause, ClauseCase
from qizhi.regulations.rules import WorkingCalendar
from qizhi.regulations.services import (
    add_clause,
    add_regulation,
    add_version,
    clone_version,
    edit_clause,
    load_national_calendar,
    publish_version,
)
from qizhi.regulations.services.cases import GoldenCase, try_case
from qizhi.regulations.services.clause_cases import save_cases, text_of
from qizhi.regulations.services.files import national_papers
from qizhi.regulations.services.national import load_regulation
from qizhi.regulations.services.proposals import take_proposals

D = dt.date
BROKEN = "- {名称: 晚了三天, 给定: {期限: 2018-02-08, 办结: 2018-02-12}, 结果: 未达到}"
KEPT = "- {名称: 补班日办结, 给定: {期限: 2018-02-08, 办结: 2018-02-11}, 结果: 符合}"
HEAD = {"code": "late", "title": "限时办结办法", "doc_no": "", "issuer": "局", "level": "bureau"}
CLAUSE = {
    "key": "D-1",
    "number": "第一条",
    "text": "逾期超过2个工作日的，每件扣1分。",
    "kind": "deadline",
    "parameters": {"register": "documents", "grace": 2},
    "points": -1,
    "subject": "person",
    "applies_by": "due",
}


@left_standing
def draft(cast):
    """A clause that costs a point, in a draft without any case."""
    by = cast.actor("officer")
    load_national_calendar(cast.bureau, by=by, years=range(2016, 2020))
    made = add_regulation(values=HEAD, by=by)
    version = add_version(regulation=made, values={"label": "试行", "effective_from": D(2017, 1, 1)}, by=by)
    return add_clause(version=version, values=CLAUSE, by=by)


def publish(cast, clause):
    return publish_version(version=clause.version, by=cast.actor("leader"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "D-1 会扣分，还缺一个结果为“未达到”的、一个结果为“符合”（或“不适用”）的案例，不能发布"),
        (BROKEN, "还缺一个结果为“符合”（或“不适用”）的案例"),
        (KEPT, "还缺一个结果为“未达到”的案例"),
    ],
)
def test_what_costs_points_is_not_published_unproved(cast, draft, text, said):
    save_cases(clause=draft, text=text, by=cast.actor("officer"))
    with pytest.raises(Refused) as caught:
        publish(cast, draft)
    assert said in caught.value.message
    page = cast.client("inspector").get(reverse("regulations:version_publish", args=[draft.version_id]))
    assert said.removeprefix("D-1 ") in page.content.decode()
    assert "返回，不发布" not in page.content.decode(), "no button that can only be refused"


def test_with_one_of_each_it_is_published(cast, draft):
    save_cases(clause=draft, text=f"{BROKEN}\n{KEPT}", by=cast.actor("officer"))
    assert not publish(cast, draft).is_draft


@pytest.mark.parametrize("values", [{"points": 0}, {"is_enabled": False}])
def test_what_costs_nothing_or_does_not_run_needs_none_and_the_page_says_so(cast, draft, values):
    edit_clause(clause=draft, values=values, by=cast.actor("officer"))
    page = cast.client("inspector").get(reverse("regulations:version_publish", args=[draft.version_id]))
    assert "没有案例" in page.content.decode()
    assert not publish(cast, draft).is_draft


def test_a_command_obeys_as_well(cast):
    by = system(cast.bureau.pk)
    version = add_version(
        regulation=add_regulation(values=HEAD, by=by),
        values={"label": "试行", "effective_from": D(2017, 1, 1)},
        by=by,
    )
    add_clause(version=version, values=CLAUSE, by=by)
    with pytest.raises(Refused, match="会扣分，还缺"):
        publish_version(version=version, by=by)


def test_a_file_obeys_as_well(cast):
    row = {"代码": "D-1", "大意": "逾期扣分", "判定": "deadline", "分值": -1, "状态": "L"}
    row |= {"参数": {"register": "documents"}, "对象": "person"}
    version = {"名称": "试行", "施行": "2017-01-01", "状态": "L", "条款": [row]}
    entry = {"代码": "f", "名称": "办法", "发文机关": "局", "层级": "bureau", "状态": "L", "版本": [version]}
    with pytest.raises(Refused, match="会扣分，还缺"):
        load_regulation(cast.bureau, entry, by=system(cast.bureau.pk))
    cases = [
        {"名称": "晚", "给定": {"期限": "2018-02-08", "办结": "2018-02-12"}, "结果": "未达到"},
        {"名称": "不晚", "给定": {"期限": "2018-02-08", "办结": "2018-02-11"}, "结果": "符合"},
    ]
    version["条款"] = [{**row, "案例": cases}]
    load_regulation(cast.bureau, entry, by=system(cast.bureau.pk))
    assert ClauseCase.objects.filter(clause__version__regulation__code="f").count() == len(cases)


def test_cases_of_earlier_days_prove_the_next_version_while_it_judges_alike(cast, draft):
    by, start = cast.actor("officer"), D(2019, 1, 1)
    save_cases(clause=draft, text=f"{BROKEN}\n{KEPT}", by=by)
    version = clone_version(version=publish(cast, draft), label="二", effective_from=start, by=by)
    clause = edit_clause(clause=version.clauses.get(), values={"points": -2}, by=by)
    edit_clause(clause=clause, values={"parameters": {"register": "documents", "grace": 1}}, by=by)
    with pytest.raises(Refused, match="施行以前的案例由原版本判定，不算在内"):
        publish(cast, clause)
    edit_clause(clause=clause, values={"parameters": CLAUSE["parameters"]}, by=by)
    assert not publish(cast, clause).is_draft


def test_the_office_lets_the_kind_propose_looks_through_it_and_saves(cast, draft):
    client, address = cast.client("officer"), reverse("regulations:clause_cases_edit", args=[draft.pk])
    page = client.post(address, {"text": BROKEN, "do": "propose"})
    shown = page.context["form"]["text"].value()
    assert page.status_code == 200
    assert shown.startswith(BROKEN)
    assert "逾期2个工作日办结" in shown
    assert "逾期3个工作日办结" not in shown, "what is violated is there already"
    assert "data-draft" not in page.content.decode().partition('name="text"')[0].rpartition("<form")[2]
    assert not draft.cases.exists(), "nothing is saved before a person has looked"
    assert client.post(address, {"text": shown}).status_code == 302
    assert not publish(cast, draft).is_draft


def test_what_is_there_is_not_proposed_again_and_what_cannot_be_read_is_told(cast, draft):
    client, address = cast.client("officer"), reverse("regulations:clause_cases_edit", args=[draft.pk])
    page = client.post(address, {"text": f"{BROKEN}\n{KEPT}", "do": "propose"}).content.decode()
    assert "没有可补的" in page
    answer = client.post(address, {"text": "- 名称: [", "do": "propose"})
    assert answer.status_code == 422
    assert "没有读懂" in answer.content.decode()


def test_without_a_paper_of_the_calendar_nothing_is_proposed(cast, draft):
    version = draft.version
    version.effective_from = D(2031, 1, 1)
    version.save()
    take_proposals(version=version, by=cast.actor("officer"))
    assert not draft.cases.exists()


def test_cases_of_a_published_version_are_read_and_run_and_lead_to_a_new_version(cast, draft):
    by = cast.actor("officer")
    take_proposals(version=draft.version, by=by)
    publish(cast, draft)
    client, address = cast.client("officer"), reverse("regulations:clause_cases_edit", args=[draft.pk])
    page = client.get(address, follow=True).content.decode()
    assert "案例随版本固定，只能看、不能改" in page
    assert "<textarea" not in page
    assert "全部相符" in page
    assert reverse("regulations:version_clone", args=[draft.version_id]) in page
    answer = client.post(address, {"text": KEPT})
    assert answer.status_code == 422
    assert "补班日办结" in answer.content.decode(), "nothing typed is lost"
    assert "保存并验算" not in answer.content.decode()
    revised = clone_version(version=draft.version, label="二", effective_from=D(2019, 1, 1), by=by)
    page = client.get(address, follow=True).content.decode()
    assert reverse("regulations:clause_cases", args=[revised.clauses.get().pk]) in page
    assert (
        "以它为底稿新建版本" not in cast.client("member").get(address.removesuffix("edit/")).content.decode()
    )


PARAMETERS = {
    "deadline": ({"register": "documents"}, {"register": "documents", "grace": 0}),
    "per_event": ({}, {"at_most": 1, "every": "month"}),
    "quota": (
        {"counts": "congress", "every": "quarter", "at_least": 1},
        {"counts": "committee", "every": "month", "at_least": 2, "only_if": "has_committee"},
        {"counts": "group", "every": "month", "at_least": 1, "only_if": "has_groups"},
    ),
    "missing_item": (
        {"item": "lesson", "every": "month", "at_least": 1},
        {"item": "training", "every": "half_year", "at_least": 3, "even_if_none": True},
    ),
    "ratio": ({"every": "month", "share": "4/5"}, {"item": "congress", "every": "year", "share": "1/1"}),
    "declared_notes": ({"every": "quarter", "at_least": 3}, {"every": "month", "at_least": 1}),
    "fixed_day": (
        {"counts": "theme_day", "day_rule": "fixed_day_of_month:15"},
        {"counts": "theme_day", "day_rule": "first_working_day_of_year"},
    ),
    "attendance": ({"gathering": "warning", "from_rank": "division"},),
    "hours": (
        {"hours": 32, "of": "member"},
        {"hours": 56, "of": "branch_leader", "central_trainings": 2},
    ),
}


@pytest.mark.parametrize("is_general", [False, True])
@pytest.mark.parametrize("subject", ["person", "branch", "department"])
@pytest.mark.parametrize("key", PARAMETERS)
def test_what_a_kind_proposes_holds_and_shows_both_ways(key, subject, is_general):
    kind = next(one for one in all_kinds() if one.key == key)
    for values in PARAMETERS[key]:
        clause = CaseClause(
            "X-1",
            "《例》",
            kind.read(values),
            subject,
            D(2017, 5, 9),
            is_general=is_general,
            points=Decimal(-1),
        )
        found = kind.examples(clause, WorkingCalendar(national_papers()))
        cases = [GoldenCase("X-1", one.name, one.given, one.word, of=clause) for one in found]
        assert [try_case(case, kind, [clause], national_papers()).problem for case in cases] == ["", ""]
        assert [case.expected for case in cases] == [clause.failed, "符合"]


def test_what_is_proposed_reads_back_from_its_text(cast, draft):
    take_proposals(version=draft.version, by=cast.actor("officer"))
    rows = list(draft.cases.all())
    save_cases(clause=draft, text=text_of(rows), by=cast.actor("officer"))
    assert [(row.given, row.expected) for row in draft.cases.all()] == [
        (row.given, row.expected) for row in rows
    ]
    assert Clause.objects.get(pk=draft.pk).cases.count() == len(rows)


def test_a_clause_that_is_switched_off_takes_its_cases_into_the_next_version(cast, draft):
    by = cast.actor("officer")
    save_cases(clause=draft, text=f"{BROKEN}\n{KEPT}", by=by)
    edit_clause(clause=draft, values={"is_enabled": False}, by=by)
    version = clone_version(version=publish(cast, draft), label="二", effective_from=D(2019, 1, 1), by=by)
    assert not publish(cast, version.clauses.get()).is_draft
