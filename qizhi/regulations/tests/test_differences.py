"""What two versions differ in, in words that a reader can follow, and where a clause is used."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core import figures
from qizhi.regulations.kinds import all_kinds
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clause_uses, regulation_uses
from qizhi.regulations.rules import Mark, compare_paragraphs, compare_words
from qizhi.regulations.services import clone_version, edit_clause, edit_version, publish_version

D = dt.date


def said(parts):
    signs = {Mark.SAME: "", Mark.GONE: "-", Mark.NEW: "+"}
    return "|".join(f"{signs[part.mark]}{part.text}" for part in parts)


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("每季度一次", "每季度一次", "每季度一次", "每季度一次"),
        (
            "支部党员大会每季度召开1次。",
            "支部党员大会每季度至少召开1次。",
            "支部党员大会每季度召开1次。",
            "支部党员大会每季度|+至少|召开1次。",
        ),
        (
            "逾期超过2个工作日的，扣1分",
            "逾期超过3个工作日的，扣1分",
            "逾期超过|-2|个工作日的，扣1分",
            "逾期超过|+3|个工作日的，扣1分",
        ),
        ("全文不同", "没有相同之处", "-全文不同", "+没有相同之处"),
        ("", "新增一段", "", "+新增一段"),
    ],
)
def test_what_changed_is_marked(before, after, old, new):
    compared = compare_words(before, after)
    assert (said(compared.before), said(compared.after)) == (old, new)


@given(st.text("党支部每季度月一次。", max_size=40), st.text("党支部每季度月一次。", max_size=40))
def test_the_parts_make_up_the_texts(before, after):
    compared = compare_words(before, after)
    assert "".join(part.text for part in compared.before) == before
    assert "".join(part.text for part in compared.after) == after
    same = [
        "".join(part.text for part in side if part.mark is Mark.SAME)
        for side in (compared.before, compared.after)
    ]
    assert same[0] == same[1]
    assert compared.is_changed is (before != after)


def test_paragraphs_are_held_against_each_other():
    lines = compare_paragraphs(
        "第一条 甲\n第二条 乙丙丁\n第三条 戊", "第一条 甲\n第二条 乙丙丁戊\n第三条 戊\n第四条 己"
    )
    assert [line.is_changed for line in lines] == [False, True, False, True]


@pytest.fixture
def revised(cast, published, second):
    """A document with two published versions, the clause and the text changed in the later."""
    by = cast.actor("officer")
    draft = clone_version(version=published, label="2018年修订", effective_from=D(2018, 3, 1), by=by)
    edit_version(version=draft, values={"text": "本制度自2018年3月起施行。"}, by=by)
    edit_clause(clause=draft.clauses.get(), values={"text": "每季度至少组织一次学习。", "points": -2}, by=by)
    return publish_version(version=draft, by=second)


def test_any_two_versions_are_compared_with_their_days(cast, published, revised):
    address = reverse("regulations:compare", args=[published.regulation_id])
    page = cast.client("member").get(address).content.decode()
    assert "每季度<ins>至少</ins>组织一次学习。" in page
    assert "分值：<del>0</del> <ins>-2</ins>" in page
    assert "2017年1月1日至2018年2月28日" in page
    assert "2018年3月1日起" in page
    turned = cast.client("member").get(address, {"one": revised.pk, "other": published.pk})
    assert "每季度<ins>至少</ins>组织一次学习。" in turned.content.decode()
    same = cast.client("member").get(address, {"one": published.pk, "other": published.pk})
    assert "条款没有不同" in same.content.decode()
    assert cast.client("member").get(address, {"one": "x"}).status_code == 200


def test_one_version_has_nothing_to_be_compared_with(cast, published):
    address = reverse("regulations:compare", args=[published.regulation_id])
    assert "只有一个版本" in cast.client("member").get(address).content.decode()


def test_a_draft_is_compared_by_those_whom_it_concerns(cast, published):
    clone_version(version=published, label="修订稿", effective_from=D(2018, 3, 1), by=cast.actor("officer"))
    address = reverse("regulations:compare", args=[published.regulation_id])
    assert "修订稿" in cast.client("inspector").get(address).content.decode()
    assert "修订稿" not in cast.client("member").get(address).content.decode()


def test_the_page_of_a_clause_shows_each_wording(cast, published, revised, django_assert_num_queries):
    clause = revised.clauses.get()
    client = cast.client("inspector")
    address = reverse("regulations:clause", args=[clause.pk])
    page = client.get(address).content.decode()
    assert "每季度<ins>至少</ins>组织一次学习。" in page
    assert "每季度组织一次学习。" in page
    assert "2018年修订" in page
    draft = clone_version(
        version=revised, label="又一稿", effective_from=D(2019, 1, 1), by=cast.actor("officer")
    )
    hidden = reverse("regulations:clause", args=[draft.clauses.get().pk])
    assert client.get(hidden).status_code == 200
    assert cast.client("member").get(hidden).status_code == 404
    assert cast.client("outsider").get(address).status_code == 404


def test_uses_are_counted_in_as_many_queries_however_many_clauses(national):
    clauses = list(Clause.objects.filter(key__startswith="BR-").select_related("version__regulation"))
    asked = []
    for some in (clauses[:1], clauses):
        with CaptureQueriesContext(connection) as captured:
            assert clause_uses(some) == {one.pk: [] for one in some}
        asked.append(len(captured))
    assert asked[0] == asked[1] < len(clauses)
    assert regulation_uses(clauses[0].version.regulation) == []


def test_pages_and_figures_that_kinds_name_are_there():
    for kind in all_kinds():
        for _, name in kind.shown_on:
            assert reverse(name)
        for key in kind.figures:
            assert figures.get(key), key
