"""Documents, versions and clauses as the services keep them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.core.permissions import system
from qizhi.org.models import Account
from qizhi.org.queries import actor_of
from qizhi.regulations.enums import VersionStatus
from qizhi.regulations.models import Clause, Regulation, Version
from qizhi.regulations.queries import (
    clause_in_force,
    clauses_during,
    clauses_in_force,
    differences,
    library,
    versions_of,
    waiting_for,
)
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

D = dt.date


def text_in_force(bureau_id, day):
    clause = clause_in_force(bureau_id, "rule-1-1", day)
    return clause and clause.text


@pytest.fixture
def by(cast):
    return cast.actor("officer")


def test_a_document_is_added_once_and_its_code_is_its_own(cast, by):
    key = new_id()
    values = {"code": "a", "title": "甲", "issuer": "局", "level": "bureau"}
    row = add_regulation(values=values, by=by, id=key)
    assert add_regulation(values=values, by=by, id=key) == row
    with pytest.raises(Refused, match="已用于《甲》"):
        add_regulation(values={**values, "title": "乙"}, by=by)
    assert add_regulation(values=values, by=cast.actor("outsider")).bureau_id != row.bureau_id


def test_replacements_never_lead_back(by, make_regulation):
    old, new = make_regulation("old", title="旧"), make_regulation("new", title="新")
    edit_regulation(regulation=old, values={"replaced_by": new}, by=by)
    with pytest.raises(Refused, match="互相替代"):
        edit_regulation(regulation=new, values={"replaced_by": old}, by=by)
    assert audit.history(old)[0].after["replaced_by_id"] == str(new.pk)


def test_aliases_come_once_and_go(by, make_regulation):
    regulation = make_regulation()
    alias = add_alias(regulation=regulation, name=" 《学习制度》 ", by=by)
    assert add_alias(regulation=regulation, name="学习制度", by=by) == alias
    with pytest.raises(Refused, match="别名是空的"):
        add_alias(regulation=regulation, name="《》", by=by)
    key = alias.pk
    remove_alias(alias=alias, by=by)
    assert not regulation.aliases.exists()
    verbs = AuditEvent.objects.filter(object_id=key).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["regulations.add_alias", "regulations.remove_alias"]


def test_a_published_version_never_changes(by, published):
    clause = published.clauses.get()
    for attempt in (
        lambda: edit_version(version=published, values={"label": "新"}, by=by),
        lambda: discard_draft(version=published, by=by),
        lambda: publish_version(version=published, by=by),
        lambda: add_clause(version=published, values={"key": "x", "text": "x"}, by=by),
        lambda: edit_clause(clause=clause, values={"text": "x"}, by=by),
        lambda: remove_clause(clause=clause, by=by),
    ):
        with pytest.raises(Refused, match="已发布"):
            attempt()


def test_clone_edit_compare_publish(by, second, published):
    draft = clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    assert differences(draft, published) == []
    edit_clause(clause=draft.clauses.get(), values={"text": "每月组织一次学习。"}, by=by)
    add_clause(version=draft, values={"key": "rule-1-2", "text": "每年考核一次。"}, by=by)
    changed = differences(draft, published)
    assert [(d.key, d.before is None) for d in changed] == [("rule-1-1", False), ("rule-1-2", True)]
    publish_version(version=draft, by=second)
    published.refresh_from_db()
    assert published.effective_to == D(2018, 2, 28)
    assert published.clauses.get().text == "每季度组织一次学习。"
    bureau_id = published.bureau_id
    assert text_in_force(bureau_id, D(2018, 2, 28)) == "每季度组织一次学习。"
    assert text_in_force(bureau_id, D(2018, 3, 1)) == "每月组织一次学习。"
    assert clause_in_force(bureau_id, "rule-1-1", D(2016, 12, 31)) is None
    both = clauses_during(bureau_id, D(2018, 2, 1), D(2018, 3, 31)).filter(key="rule-1-1")
    assert [clause.version.label for clause in both] == ["首版", "修订版"]
    assert audit.history(published)[0].verb == "regulations.end_version"


def test_one_draft_at_a_time(by, published):
    draft = clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    with pytest.raises(Refused, match="已有草稿"):
        clone_version(version=published, label="又一版", effective_from=D(2018, 4, 1), by=by)
    with pytest.raises(Refused, match="已有草稿"):
        add_version(
            regulation=published.regulation, values={"label": "x", "effective_from": D(2018, 4, 1)}, by=by
        )
    discard_draft(version=draft, by=by)
    assert clone_version(version=published, label="又一版", effective_from=D(2018, 4, 1), by=by).is_draft


@pytest.mark.parametrize(
    ("start", "end"), [(D(2016, 1, 1), None), (D(2017, 1, 1), None), (D(2016, 1, 1), D(2017, 1, 1))]
)
def test_two_versions_never_hold_on_one_day(by, second, published, start, end):
    draft = clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    days = {"effective_from": start, "effective_to": end}
    with pytest.raises(Refused, match="重叠的日期，没有保存"):
        edit_version(version=draft, values=days, by=by)
    # What came in while the draft lay there is met at the end.
    Version.objects.filter(pk=draft.pk).update(**days)
    draft.refresh_from_db()
    with pytest.raises(Refused, match="重叠的日期，没有发布"):
        publish_version(version=draft, by=second)


def test_days_before_the_first_version_may_be_filled(by, second, published):
    draft = clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    values = {"effective_from": D(2015, 1, 1), "effective_to": D(2016, 12, 31)}
    edit_version(version=draft, values=values, by=by)
    publish_version(version=draft, by=second)
    published.refresh_from_db()
    assert published.effective_to is None


def test_the_database_itself_refuses_two_versions_on_one_day(published):
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(
            bureau_id=published.bureau_id,
            regulation_id=published.regulation_id,
            label="重叠",
            effective_from=D(2018, 1, 1),
            status=VersionStatus.PUBLISHED,
            loaded_from="例",
        )


def test_a_clause_key_is_unique_in_its_version(by, published):
    draft = clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    with pytest.raises(Refused, match="已有"):
        add_clause(version=draft, values={"key": "rule-1-1", "text": "x"}, by=by)
    clause = add_clause(version=draft, values={"key": "rule-1-2", "text": "x"}, by=by, id=new_id())
    assert add_clause(version=draft, values={"key": "rule-1-2", "text": "x"}, by=by, id=clause.pk) == clause
    assert clause.position == 2
    remove_clause(clause=clause, by=by)
    assert draft.clauses.count() == 1


def test_a_clause_of_a_kind_that_nobody_knows_is_not_published(by, second, published):
    draft = clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    clause = edit_clause(clause=draft.clauses.get(), values={"kind": "no_such_kind"}, by=by)
    with pytest.raises(Refused, match="系统里没有"):
        publish_version(version=draft, by=second)
    edit_clause(clause=clause, values={"is_enabled": False}, by=by)
    assert publish_version(version=draft, by=second).status == VersionStatus.PUBLISHED


def test_disabled_clauses_and_other_bureaus_do_not_bind(cast, by, second, published):
    bureau_id = published.bureau_id
    assert clauses_in_force(bureau_id, D(2018, 1, 15)).count() == 1
    assert not clauses_in_force(bureau_id, D(2018, 1, 15), kind="quota").exists()
    assert not clauses_in_force(cast.outsider.bureau_id, D(2018, 1, 15)).exists()
    draft = clone_version(version=published, label="停用", effective_from=D(2018, 1, 10), by=by)
    edit_clause(clause=draft.clauses.get(), values={"is_enabled": False}, by=by)
    publish_version(version=draft, by=second)
    assert not clauses_in_force(bureau_id, D(2018, 1, 15)).exists()


def test_the_national_documents_are_loaded_once_with_their_sources(cast, national):
    assert load_national_regulations(cast.bureau, by=system(cast.bureau.pk)) == []
    before, after = D(2018, 10, 27), D(2018, 12, 31)
    assert clause_in_force(national.pk, "BR-01", before) is None
    clause = clause_in_force(national.pk, "BR-01", after)
    assert clause is not None
    assert clause.source == "《中国共产党支部工作条例（试行）》第十一条"
    assert clause.parameters == {"counts": "congress", "every": "quarter", "at_least": 1}
    keys = set(clauses_in_force(national.pk, after, kind="quota").values_list("key", flat=True))
    assert {"BR-01", "BR-04", "BR-06", "BR-07", "BR-08", "BR-09", "BR-10", "BR-11", "CG-01"} == keys
    recalled = set(Clause.objects.filter(confirmation="R").values_list("key", flat=True))
    assert recalled == {
        "AD-06",
        "BR-12",
        "BR-13",
        "CG-01",
        "CG-02",
        "ED-02",
        "EL-01",
        "EL-06",
        "EL-07",
        "FB-02",
        "PM-01",
    }
    # Where the published words were not seen, the sense must not look like a quotation.
    senses = set(Clause.objects.filter(is_quoted=False).values_list("key", flat=True))
    assert senses == {*recalled, "CG-03"}
    assert not Clause.objects.filter(is_quoted=False, confirmation="V").exists()


def test_clauses_in_force_are_one_query_however_many(national, django_assert_num_queries):
    with django_assert_num_queries(1):
        sources = [clause.source for clause in clauses_in_force(national.pk, D(2019, 12, 31))]
    assert len(sources) == 34


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("机关学习", {"机关学习制度"}),
        ("《机关学习制度》", {"机关学习制度"}),
        ("局党发[2017]3号", {"机关学习制度"}),
        ("局党发（2017）3", {"机关学习制度"}),
        ("条例(试行)", {"中国共产党支部工作条例（试行）"}),
        ("党支部工作条例", {"中国共产党支部工作条例（试行）"}),
        ("branch-work", {"中国共产党支部工作条例（试行）"}),
        ("没有这个", set()),
    ],
)
def test_the_library_is_searched_by_title_number_code_and_alias(national, make_regulation, text, found):
    make_regulation()
    assert set(library(national.pk, text=text).values_list("title", flat=True)) == found


def test_the_library_on_a_day_lists_what_was_in_force(national):
    on = list(library(national.pk, in_force_on=D(2018, 10, 28)))
    assert "branch-work-regulations" in [row.code for row in on]
    current = {row.code: [version.label for version in vars(row)["current"]] for row in on}
    assert current["branch-work-regulations"] == ["2018年试行"]
    assert "branch-work-regulations" not in [
        row.code for row in library(national.pk, in_force_on=D(2018, 10, 27))
    ]
    assert Regulation.objects.filter(bureau=national).count() == library(national.pk).count() == 10
    assert library(national.pk, level="bureau").count() == 0


def test_drafts_are_seen_only_when_asked_for(by, published):
    clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    regulation = published.regulation
    assert [v.label for v in versions_of(regulation, with_draft=False)] == ["首版"]
    assert [v.label for v in versions_of(regulation, with_draft=True)] == ["修订版", "首版"]


def test_another_account_of_the_same_person_is_no_second_person(cast, published, by):
    draft = clone_version(version=published, label="修订版", effective_from=D(2018, 3, 1), by=by)
    Account.objects.filter(username="officer").update(is_active=False)
    other = Account.objects.create_user("officer2", "x", bureau=cast.bureau, person=cast.person("officer"))
    assert [one.is_own for one in waiting_for(actor_of(other))] == [True]
    with pytest.raises(Refused, match="是您本人"):
        publish_version(version=draft, by=actor_of(other))
