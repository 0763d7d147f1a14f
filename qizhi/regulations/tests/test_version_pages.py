"""Drafting, comparing and publishing in the browser."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.regulations.forms.clauses import ClauseForm
from qizhi.regulations.kinds import all_kinds
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.queries import last_changes, to_publish, waiting_for
from qizhi.regulations.services import clone_version


@pytest.fixture
def office(cast):
    return cast.client("officer")


@pytest.fixture
def inspector(cast):
    """Somebody else who may publish, and not draft."""
    return cast.client("inspector")


@pytest.fixture
def draft(office, published):
    office.post(
        f"/regulations/versions/{published.pk}/clone/", {"label": "修订稿", "effective_from": "2018-03-01"}
    )
    return Version.objects.get(status="draft")


CLAUSE = {
    "key": "ZD-02",
    "number": "第二条",
    "text": "按期办结。",
    "subject": "person",
    "period": "each",
    "applies_by": "due",
    "points": "-1.5",
    "is_enabled": "on",
    "confirmation": "V",
}


def test_a_first_version_is_drafted_filled_and_published(office, inspector, published):
    regulation = published.regulation
    address = f"/regulations/{regulation.pk}/versions/new/"
    page = office.post(address, {"label": "2018年修订", "effective_from": "2018-03-01", "confirmation": "V"})
    assert page.status_code == 302
    made = Version.objects.get(status="draft")
    again = office.post(address, {"label": "又一版", "effective_from": "2018-04-01", "confirmation": "V"})
    assert again.status_code == 422
    assert "已有草稿" in again.content.decode()
    own = office.post(f"/regulations/versions/{made.pk}/publish/")
    assert own.status_code == 422
    assert "两人经手" in own.content.decode()
    assert inspector.post(f"/regulations/versions/{made.pk}/publish/").status_code == 302
    assert not Version.objects.filter(status="draft").exists()


def test_a_copy_is_asked_for_on_a_page_that_keeps_what_was_typed(office, published):
    address = f"/regulations/versions/{published.pk}/clone/"
    assert "为底稿新建版本" in office.get(address).content.decode()
    wrong = office.post(address, {"label": "修订稿", "effective_from": "不知道"})
    assert wrong.status_code == 422
    assert 'value="修订稿"' in wrong.content.decode()


def test_dates_that_cannot_be_are_refused(office, draft):
    address = f"/regulations/versions/{draft.pk}/edit/"
    values = {
        "label": "修订稿",
        "effective_from": "2018-03-01",
        "effective_to": "2018-02-01",
        "confirmation": "V",
    }
    page = office.post(address, values)
    assert page.status_code == 422
    assert "失效日期早于施行日期" in page.content.decode()
    assert office.post(address, {**values, "effective_to": "2018-12-31", "text": "正文"}).status_code == 302
    draft.refresh_from_db()
    assert draft.text == "正文"


def test_the_differences_are_shown_before_publishing(office, inspector, draft, published):
    clause = draft.clauses.get()
    office.post(
        f"/regulations/clauses/{clause.pk}/edit/", {**CLAUSE, "key": clause.key, "text": "每月学习一次。"}
    )
    page = inspector.get(f"/regulations/versions/{draft.pk}/publish/").content.decode()
    assert "每<del>季度组织" in page
    assert "每<ins>月" in page
    assert "<strong>1</strong> 处不同" in page
    assert "于2018年1月15日" in page
    assert "最后修改这份草稿" in page
    assert ">发布</button>" in page
    own = office.get(f"/regulations/versions/{draft.pk}/publish/").content.decode()
    assert "两人经手" in own
    assert ">发布</button>" not in own
    assert inspector.post(f"/regulations/versions/{draft.pk}/publish/").status_code == 302
    closed = office.get(f"/regulations/versions/{published.pk}/edit/")
    assert closed.status_code == 409
    assert "内容不能再改" in closed.content.decode()


@pytest.mark.parametrize("what", ["edit", "clone", "new"])
def test_days_of_another_version_are_refused_when_the_draft_is_saved(office, published, what):
    if what == "edit":
        values = {"label": "修订稿", "effective_from": "2018-03-01"}
        office.post(f"/regulations/versions/{published.pk}/clone/", values)
    where = {
        "edit": f"versions/{getattr(Version.objects.filter(status='draft').first(), 'pk', '')}/edit/",
        "clone": f"versions/{published.pk}/clone/",
        "new": f"{published.regulation_id}/versions/new/",
    }[what]
    values = {"label": "太早的一版", "effective_from": "2016-01-01", "confirmation": "V"}
    page = office.post(f"/regulations/{where}", values)
    assert page.status_code == 422
    text = page.content.decode()
    assert "重叠的日期，没有保存" in text
    assert 'value="太早的一版"' in text
    assert not Version.objects.filter(label="太早的一版").exists()


def test_drafts_are_listed_for_who_may_publish_and_nobody_else(cast, office, inspector, draft):
    steps = "待发布的制度版本"
    assert steps in inspector.get("/").content.decode()
    assert steps not in office.get("/").content.decode()
    assert steps not in cast.client("secretary").get("/").content.decode()
    for client, words in ((inspector, "核对并发布</a>"), (office, "由另一人发布")):
        page = client.get("/regulations/").content.decode()
        assert "待发布的版本" in page
        assert words in page
    assert "待发布的版本" not in cast.client("member").get("/regulations/").content.decode()
    page = inspector.get(f"/regulations/{draft.regulation_id}/").content.decode()
    assert "修订稿" in page
    assert "核对并发布" in page
    assert "添加条款" not in page
    assert "修订稿" not in cast.client("member").get(f"/regulations/{draft.regulation_id}/").content.decode()


def test_the_last_change_is_that_of_a_clause_too_even_of_one_removed(cast, office, draft):
    added = office.post(f"/regulations/versions/{draft.pk}/clauses/new/", {**CLAUSE, "raw": ""})
    assert added.status_code == 302
    assert last_changes([draft])[draft.pk].verb == "regulations.add_clause"
    office.post(f"/regulations/clauses/{Clause.objects.get(key='ZD-02').pk}/remove/")
    assert last_changes([draft])[draft.pk].verb == "regulations.remove_clause"


def test_drafts_cost_the_same_for_one_and_for_three(cast, make_regulation, django_assert_num_queries):
    actor = cast.actor("inspector")
    for number in (1, 2, 3):
        version = Version.objects.get(regulation=make_regulation(f"rule-{number}"))
        clone_version(
            version=version, label="修订", effective_from=dt.date(2018, 3, 1), by=cast.actor("officer")
        )
        if number in {1, 3}:
            with django_assert_num_queries(4):
                assert len(to_publish(actor)) == number
    assert to_publish(cast.actor("officer")) == []
    assert waiting_for(cast.actor("member")) == []


def test_how_often_is_asked_once_and_the_period_follows_from_it(office, draft):
    address = f"/regulations/versions/{draft.pk}/clauses/new/?kind=quota"
    labels = [field.label for field in office.get(address).context["form"]]
    assert labels.count("周期") == 1
    asked = {"p_counts": "congress", "p_every": "quarter", "p_at_least": "1", "period": "month"}
    assert office.post(address, {**CLAUSE, **asked}).status_code == 302
    clause = Clause.objects.get(key="ZD-02")
    assert (clause.period, clause.parameters["every"]) == ("quarter", "quarter")
    edit = f"/regulations/clauses/{clause.pk}/edit/"
    assert office.post(edit, {**CLAUSE, **asked, "p_every": "year"}).status_code == 302
    clause.refresh_from_db()
    assert clause.period == "year"


def test_no_kind_asks_twice_for_the_same_thing():
    for kind in all_kinds():
        labels = [field.label for field in ClauseForm(kind=kind, parameters={})]
        assert len(labels) == len(set(labels)), kind.key


def test_a_clause_of_a_kind_is_drawn_from_its_parameters(office, draft, deadline):
    address = f"/regulations/versions/{draft.pk}/clauses/new/?kind=test_deadline"
    page = office.get(address).content.decode()
    assert "宽限工作日" in page
    assert "（无）" in page
    wrong = office.post(address, {**CLAUSE, "p_grace_days": "0", "p_share": "0.33"})
    assert wrong.status_code == 422
    assert "不能小于1" in wrong.content.decode()
    assert "例如 1/3" in wrong.content.decode()
    right = {**CLAUSE, "p_grace_days": "2", "p_share": "1/3", "p_is_strict": "on"}
    assert office.post(address, right).status_code == 302
    clause = Clause.objects.get(key="ZD-02")
    assert (clause.kind, clause.parameters) == (
        "test_deadline",
        {"grace_days": 2, "share": "1/3", "is_strict": True},
    )
    edit = office.get(f"/regulations/clauses/{clause.pk}/edit/").context["form"]
    assert (edit["p_grace_days"].value(), edit["p_share"].value()) == (2, "1/3")
    taken = office.post(address, right)
    assert taken.status_code == 422
    assert "已有" in taken.content.decode()


def test_a_form_that_is_saved_as_it_was_changes_nothing(office, draft, published):
    values = {**CLAUSE, "p_grace": "2", "p_register": "documents"}
    assert (
        office.post(f"/regulations/versions/{draft.pk}/clauses/new/?kind=deadline", values).status_code == 302
    )
    clause = Clause.objects.get(key="ZD-02")
    clause.kind, clause.parameters = "procedure", {"statement_days": 5, "appeal_days": 10}
    clause.save()
    edit = f"/regulations/clauses/{clause.pk}/edit/"
    form = office.get(edit).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert shown["p_probation_months"] == 12
    sent = {name: value for name, value in shown.items() if value not in (None, "", False)}
    assert office.post(edit, sent).status_code == 302
    clause.refresh_from_db()
    assert clause.parameters == {"statement_days": 5, "appeal_days": 10}, "what is left out keeps its default"
    assert office.post(edit, {**sent, "p_probation_months": "6"}).status_code == 302
    clause.refresh_from_db()
    assert clause.parameters["probation_months"] == 6


def test_a_clause_to_be_quoted_takes_its_parameters_as_text(office, draft):
    address = f"/regulations/versions/{draft.pk}/clauses/new/"
    wrong = office.post(address, {**CLAUSE, "raw": "一半"})
    assert wrong.status_code == 422
    assert "没有读懂" in wrong.content.decode()
    assert office.post(address, {**CLAUSE, "raw": '{"share": "1/2"}'}).status_code == 302
    clause = Clause.objects.get(key="ZD-02")
    assert (clause.kind, clause.parameters, clause.applies_by) == ("", {"share": "1/2"}, "due")
    assert office.get(f"/regulations/clauses/{clause.pk}/remove/").status_code == 200
    assert office.post(f"/regulations/clauses/{clause.pk}/remove/").status_code == 302
    assert not Clause.objects.filter(pk=clause.pk).exists()


def test_a_draft_is_thrown_away_after_a_question(office, draft):
    assert "一并删除" in office.get(f"/regulations/versions/{draft.pk}/discard/").content.decode()
    assert office.post(f"/regulations/versions/{draft.pk}/discard/").status_code == 302
    assert not Version.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("what", ["clone", "edit", "publish", "discard", "clauses/new"])
def test_only_the_office_of_the_bureau_drafts(cast, draft, what):
    address = f"/regulations/versions/{draft.pk}/{what}/"
    assert cast.client("secretary").get(address).status_code == 403
    assert cast.client("personnel").post(address).status_code == 403
    assert cast.client("outsider").get(address).status_code == 404
