"""The page of a document, and what it is called."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.regulations.models import Regulation
from qizhi.regulations.services import add_alias, add_clause, clone_version, edit_version, publish_version

D = dt.date


@pytest.fixture
def office(cast):
    return cast.client("officer")


def test_the_page_quotes_its_clauses_and_anchors_them(cast, national):
    regulation = Regulation.objects.get(code="branch-work-regulations")
    clause = regulation.versions.get().clauses.get(key="BR-01")
    page = cast.client("member").get(regulation.get_absolute_url()).content.decode()
    assert f'id="clause-{clause.pk}"' in page
    assert "一般每季度召开1次" in page
    assert "今天没有施行中的版本" in page  # in January 2018
    assert "未到施行日期" in page
    assert clause.get_absolute_url().endswith(f"#clause-{clause.pk}")


def test_the_sense_of_a_clause_is_not_shown_as_a_quotation(cast, national):
    regulation = Regulation.objects.get(code="centre-group-study-rules")
    page = cast.client("member").get(regulation.get_absolute_url()).content.decode()
    assert "大意（不是原文）：党委（党组）书记是中心组学习第一责任人。" in page
    assert "<blockquote" not in page
    assert "待核实" in page
    branch = Regulation.objects.get(code="branch-work-regulations")
    page = cast.client("member").get(branch.get_absolute_url()).content.decode()
    assert '<blockquote class="clause-text">党支部党员大会是党支部的议事决策机构' in page
    assert "大意" not in page


def test_a_draft_is_seen_by_the_office_only(cast, office, published):
    clone_version(version=published, label="修订稿", effective_from=D(2018, 3, 1), by=cast.actor("officer"))
    address = published.regulation.get_absolute_url()
    assert "修订稿" in office.get(address).content.decode()
    member = cast.client("member").get(address).content.decode()
    assert "修订稿" not in member
    assert "首版，2017年1月1日起施行" in member
    assert "更正信息" not in member


def test_strangers_find_nothing(cast, published):
    address = published.regulation.get_absolute_url()
    assert cast.client("outsider").get(address).status_code == 404
    assert cast.client("secretary").get(f"{address}edit/").status_code == 403


def test_a_document_is_added_and_a_double_click_adds_none(office, cast):
    form = office.get("/regulations/new/").context["form"]
    values = {
        "id": form["id"].value(),
        "title": "《机关学习制度》",
        "code": "study",
        "issuer": "机关党委",
        "level": "bureau",
        "confirmation": "V",
    }
    first = office.post("/regulations/new/", values)
    again = office.post("/regulations/new/", values)
    assert first.status_code == again.status_code == 302
    assert str(Regulation.objects.get()) == "《机关学习制度》"
    taken = office.post("/regulations/new/", {**values, "id": "", "title": "另一份"})
    assert taken.status_code == 422
    assert "已用于《机关学习制度》" in taken.content.decode()
    assert 'value="另一份"' in taken.content.decode()


def test_an_incomplete_document_keeps_what_was_typed(office):
    page = office.post("/regulations/new/", {"title": "只有名称"})
    assert page.status_code == 422
    assert 'value="只有名称"' in page.content.decode()
    assert not Regulation.objects.exists()


def test_a_document_is_corrected_and_replaced(office, make_regulation):
    old, new = make_regulation("old", title="旧制度"), make_regulation("new", title="新制度")
    values = {
        "title": "旧制度",
        "code": "old",
        "issuer": "机关党委",
        "level": "bureau",
        "confirmation": "V",
        "replaced_by": new.pk,
    }
    assert office.post(f"/regulations/{old.pk}/edit/", values).status_code == 302
    assert "替代。" in office.get(old.get_absolute_url()).content.decode()
    assert "替代了" in office.get(new.get_absolute_url()).content.decode()
    back = office.post(
        f"/regulations/{new.pk}/edit/", {**values, "title": "新制度", "code": "new", "replaced_by": old.pk}
    )
    assert back.status_code == 422
    assert "互相替代" in back.content.decode()


def test_aliases_are_added_and_removed(office, published):
    regulation = published.regulation
    assert office.post(f"/regulations/{regulation.pk}/aliases/new/", {"name": "学习制度"}).status_code == 302
    assert office.post(f"/regulations/{regulation.pk}/aliases/new/", {"name": "《》"}).status_code == 422
    alias = regulation.aliases.get()
    assert "就查不到" in office.get(f"/regulations/aliases/{alias.pk}/remove/").content.decode()
    assert office.post(f"/regulations/aliases/{alias.pk}/remove/").status_code == 302
    assert not regulation.aliases.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_versions_and_clauses(cast, published, django_assert_num_queries, rows):
    by, source = cast.actor("officer"), published
    for number in range(rows):
        add_alias(regulation=published.regulation, name=f"别名{number}", by=by)
        source = clone_version(
            version=source, label=f"第{number}版", effective_from=D(2018 + number, 1, 1), by=by
        )
        add_clause(version=source, values={"key": f"k{number}", "text": "新增。"}, by=by)
        publish_version(version=source, by=cast.actor("leader"))
    client = cast.client("member")
    with django_assert_num_queries(10):
        page = client.get(published.regulation.get_absolute_url()).content.decode()
    assert page.count('class="clause-text"') == 1 + sum(range(2, rows + 2))


def test_the_text_leads_to_the_clauses_that_it_names(cast, published, second):
    by = cast.actor("officer")
    draft = clone_version(version=published, label="修订", effective_from=dt.date(2018, 1, 10), by=by)
    edit_version(
        version=draft, values={"text": "第一章 总则\n第一条 每季度学习，见第一条第二款和第十一条。"}, by=by
    )
    publish_version(version=draft, by=second)
    clause = draft.clauses.get()
    page = cast.client("member").get(f"/regulations/{published.regulation_id}/").content.decode()
    assert page.count(f'<a href="#clause-{clause.pk}">第一条</a>') == 3  # two in the text, one at the clause
    assert "和第十一条。</p>" in page
