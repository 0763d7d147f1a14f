"""The library searched: names, numbers, texts and clauses; the index follows in the same transaction."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import transaction

from qizhi.core.permissions import system
from qizhi.regulations.models import IndexEntry, Regulation
from qizhi.regulations.queries import hits_of, named, passages
from qizhi.regulations.services import (
    add_alias,
    add_clause,
    add_regulation,
    add_version,
    clone_version,
    discard_draft,
    edit_clause,
    edit_regulation,
    edit_version,
    load_national_regulations,
    publish_version,
    remove_alias,
    remove_clause,
)
from qizhi.regulations.services.index import index_bureau

D = dt.date
ADDRESS = "/regulations/"
TITLE = "苏州检验检疫局微违规行为考核管理办法（试行）"
MISPRINT = "苏州验检疫局微违规行为考核管理办法（试行）"
COLUMNS = ("regulation_id", "version_id", "clause_id", "part", "position", "text", "syllables")


@pytest.fixture
def by(cast):
    return cast.actor("officer")


@pytest.fixture
def measures(cast, by, second):
    """The measures on micro-violations, with the misprinted title of line 25 and a short one."""
    values = {
        "code": "micro-violations",
        "title": TITLE,
        "doc_no": "苏检党〔2015〕20号",
        "issuer": "局党组",
        "level": "bureau",
    }
    regulation = add_regulation(values=values, by=by)
    for name in (MISPRINT, "微违规考核办法"):
        add_alias(regulation=regulation, name=name, by=by)
    version = add_version(
        regulation=regulation,
        values={
            "label": "试行",
            "effective_from": D(2015, 7, 1),
            "text": "第一章 总则\n每月检查，两月通报一次。",
        },
        by=by,
    )
    text = "应办结文件未在规定时限内办结，逾期超过2个工作日的，每次扣办理人1分。"
    add_clause(version=version, values={"key": "LB-02", "number": "第二项", "text": text}, by=by)
    publish_version(version=version, by=second)
    return regulation


def entries(bureau):
    return list(IndexEntry.objects.filter(bureau=bureau).order_by(*COLUMNS).values_list(*COLUMNS))


@pytest.mark.parametrize(
    "query",
    [
        TITLE,
        f"《{TITLE}》",
        MISPRINT,
        "微违规考核办法",
        "微违规 办法",
        "weiweigui",
        "wwgxw",
        "苏检党[2015]20号",
        "micro-violations",
    ],
)
def test_a_misprinted_and_a_shortened_title_lead_to_the_same_document(cast, measures, query):
    assert list(named(cast.bureau.pk, query)) == [measures]
    page = cast.client("member").get(ADDRESS, {"q": query}).content.decode()
    assert f"《{TITLE}》" in page
    assert "<mark>" in page


@pytest.mark.parametrize("query", ["办结文件", "yuqi", "yq gzr", "微违规 逾期", "逾期 wwg", "第二项 办结"])
def test_a_clause_is_found_with_its_document_and_the_version_of_the_day(cast, measures, query):
    found = hits_of(passages(cast.bureau.pk, query, on=D(2018, 1, 15)), query)
    assert [hit.entry.clause.key for hit in found] == ["LB-02"]
    assert any(piece.is_found for piece in found[0].pieces)
    assert found[0].address.endswith(f"#clause-{found[0].entry.clause_id}")
    assert not passages(cast.bureau.pk, query, on=D(2015, 6, 30)).exists()
    page = cast.client("member").get(ADDRESS, {"q": query}).content.decode()
    assert "试行：2015年7月1日起" in page


def test_all_words_must_occur_and_one_of_them_in_the_passage(cast, measures):
    bureau_id, on = cast.bureau.pk, D(2018, 1, 15)
    assert not passages(bureau_id, "逾期 党课", on=on).exists()
    assert not passages(bureau_id, "微违规", on=on).exists()
    assert passages(bureau_id, "两月通报", on=on).get().text == "每月检查，两月通报一次。"
    assert not passages(cast.outsider.bureau_id, "逾期", on=on).exists()


def test_the_version_in_force_is_searched_or_all_and_never_a_draft(cast, measures, by, second):
    draft = clone_version(version=measures.versions.get(), label="修订", effective_from=D(2018, 1, 1), by=by)
    edit_clause(clause=draft.clauses.get(), values={"text": "逾期超过3个工作日的，扣1分。"}, by=by)
    text = "个工作日"
    found = passages(cast.bureau.pk, text, on=D(2018, 1, 15))
    assert [entry.version.label for entry in found] == ["试行"]
    publish_version(version=draft, by=second)
    assert [entry.version.label for entry in passages(cast.bureau.pk, text, on=D(2018, 1, 15))] == ["修订"]
    assert [entry.version.label for entry in passages(cast.bureau.pk, text, on=D(2017, 12, 31))] == ["试行"]
    assert [entry.version.label for entry in passages(cast.bureau.pk, text, on=None)] == ["修订", "试行"]
    page = cast.client("member").get(ADDRESS, {"q": text, "versions": "all"}).content.decode()
    assert "试行：2015年7月1日至2017年12月31日" in page


def test_what_is_typed_stands_before_what_only_sounds_like_it(cast, measures, by, second):
    version = add_version(
        regulation=add_regulation(
            values={"code": "dk", "title": "登记", "issuer": "局", "level": "bureau"}, by=by
        ),
        values={"label": "首版", "effective_from": D(2016, 1, 1), "text": "党课每季度一次。\nDK号线路检修。"},
        by=by,
    )
    publish_version(version=version, by=second)
    found = passages(cast.bureau.pk, "dk", on=D(2018, 1, 15))
    assert [entry.text for entry in found] == ["DK号线路检修。", "党课每季度一次。"]


def test_the_index_follows_every_change(cast, measures, by):
    draft = clone_version(version=measures.versions.get(), label="修订", effective_from=D(2018, 3, 1), by=by)
    clause = add_clause(version=draft, values={"key": "LB-05", "text": "新加的一条"}, by=by)
    edit_clause(clause=clause, values={"text": "改过的一条", "number": "第五项"}, by=by)
    edit_version(version=draft, values={"text": "第一章 总则\n改过的正文"}, by=by)
    alias = add_alias(regulation=measures, name="记分办法", by=by)
    edit_regulation(regulation=measures, values={"title": "微违规办法", "confirmation": "V"}, by=by)
    kept = entries(cast.bureau)
    assert "第五项 改过的一条" in {row[5] for row in kept}
    index_bureau(cast.bureau.pk)
    assert entries(cast.bureau) == kept
    remove_clause(clause=clause, by=by)
    remove_alias(alias=alias, by=by)
    discard_draft(version=draft, by=by)
    kept = entries(cast.bureau)
    assert not {"第五项 改过的一条", "改过的正文", "记分办法"} & {row[5] for row in kept}
    call_command("rebuild_derived", bureau=cast.bureau.code)
    assert entries(cast.bureau) == kept


def test_a_change_that_is_taken_back_leaves_no_trace_in_the_index(cast, measures, by):
    kept = entries(cast.bureau)
    with transaction.atomic():
        add_alias(regulation=measures, name="没有成", by=by)
        transaction.set_rollback(True)
    assert entries(cast.bureau) == kept


def test_documents_that_come_as_files_are_indexed(cast):
    load_national_regulations(cast.bureau, by=system(cast.bureau.pk))
    kept = entries(cast.bureau)
    index_bureau(cast.bureau.pk)
    assert entries(cast.bureau) == kept
    assert named(cast.bureau.pk, "zhibu gongzuo tiaoli").get().code == "branch-work-regulations"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(cast, make_regulation, django_assert_num_queries, rows):
    for number in range(rows):
        make_regulation(f"rule-{number}", title=f"学习制度{number}")
    client = cast.client("member")
    with django_assert_num_queries(11):
        page = client.get(ADDRESS, {"q": "xuexi"}).content.decode()
    assert page.count("每季度组织一次<mark>学习</mark>。") == rows
    assert Regulation.objects.count() == rows


def test_odd_words_are_no_error(cast, measures):
    client = cast.client("member")
    for query in ("%_'\"<b>", "·", "a" * 500, "'", "\\", "党 " * 60, "%", "\x00"):
        assert client.get(ADDRESS, {"q": query}).status_code in {200, 400}
    assert "#clause-" in client.get("/search/", {"q": "逾期"})["Location"]
    assert client.get("/search/", {"q": "wwg"})["Location"] == measures.get_absolute_url()


def test_clauses_are_found_by_their_code_and_documents_by_a_number_without_brackets(cast, published):
    regulation, values = published.regulation, {"doc_no": "示检党〔2015〕20号", "confirmation": "V"}
    edit_regulation(regulation=regulation, values=values, by=cast.actor("officer"))
    for text in ("示检党2015 20号", "示检党201520号", "示检党〔2015〕20号"):
        assert list(named(cast.bureau.pk, text)) == [regulation], text
    assert not named(cast.bureau.pk, "示检党2015 21号")
    clause = published.clauses.first()
    found = passages(cast.bureau.pk, clause.key, on=None)
    assert clause.pk in {entry.clause_id for entry in found}
    assert clause.pk in {entry.clause_id for entry in passages(cast.bureau.pk, clause.key.lower(), on=None)}
