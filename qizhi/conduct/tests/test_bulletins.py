"""Bulletins: final cases alone, prepared by one and approved by another, sealed, nobody known by them."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from qizhi.conduct.enums import CaseStatus, Decision, ReviewOutcome
from qizhi.conduct.models import Bulletin, Case
from qizhi.conduct.queries.bulletins import compose, fingerprint
from qizhi.conduct.services.appeals import appeal_case, review_case
from qizhi.conduct.services.bulletin_files import document_of
from qizhi.conduct.services.bulletins import (
    BulletinText,
    approve_bulletin,
    change_bulletin,
    next_doc_no,
    remove_bulletin,
)
from qizhi.conduct.services.drafts import drop_case
from qizhi.conduct.services.hearing import decide_case
from qizhi.conduct.tests.bulletin_story import (
    ID,
    MARCH,
    PHONE,
    D,
    Early,
    approve,
    draft,
    everything_said,
    final,
    reviewed,
    somebody,
    url,
)
from qizhi.core import clock, figures, periods
from qizhi.core.documents.model import Table
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask, Value
from qizhi.org.models import Bureau
from qizhi.regulations.models import Clause


@pytest.fixture
def story(story):
    return Early(story)


@pytest.fixture
def march():
    """The first two months of 2018 are over."""
    with clock.at(MARCH):
        yield


def test_only_final_cases_are_counted(cast, story, march):
    people = [somebody(cast, n) for n in range(3)]
    for person in people:
        final(story, person)
    story.decided(person=somebody(cast, 8))
    content = compose(draft(cast))
    assert (content["cases"], content["points"]) == (3, "3")
    assert content["months"] == ["1月没有生效的事项。", "2月生效3件，扣3分。"]
    (cell,) = content["cells"]
    assert (cell["unit"], cell["cases"], cell["people"], cell["points"]) == ("示例处", 3, 3, "3")
    assert cell["clause"].startswith("第二条：着装不规范")


def test_g8_nothing_that_is_not_final_and_no_number_of_anybody_gets_out(cast, story, march, tell):
    secret = f"张某持{ID}，电话{PHONE}，在示例处"
    names = ["甲草拟", "乙告知", "丙撤回", "丁撤销", "戊待复核", "己待申诉", "庚已清白"]
    people = [somebody(cast, 10 + n, name) for n, name in enumerate(names)]
    story.drafted(person=people[0], fact=secret, evidence=secret)
    story.notified(person=people[1], fact=secret, evidence=secret)
    dropped = story.drafted(person=people[2], fact=secret)
    drop_case(dropped, reason="记错", by=story.recorder)
    case = story.notified(person=people[3], fact=secret)
    with clock.at(D(2018, 1, 23)):
        decide_case(
            case, decision=Decision.WITHDRAWN, reason="不实", decided_on=D(2018, 1, 23), by=story.desk
        )
    appealed = story.decided(person=people[4], fact=secret)
    with clock.at(D(2018, 1, 25)):
        appeal_case(appealed, text="不服", appealed_on=D(2018, 1, 25), by=story.recorder)
    story.decided(person=people[5], fact=secret)
    cleared = story.decided(person=people[6], fact=secret)
    with clock.at(D(2018, 1, 26)):
        appeal_case(cleared, text="不服", appealed_on=D(2018, 1, 25), by=story.recorder)
        review_case(
            cleared,
            outcome=ReviewOutcome.CANCELLED,
            reason="事实有误",
            reviewed_on=D(2018, 1, 26),
            by=story.third,
        )
    for n in range(3):
        final(story, somebody(cast, n), fact=secret, evidence=secret)
    states = set(Case.objects.values_list("status", flat=True))
    assert states == set(CaseStatus.values)
    row = draft(cast)
    said = everything_said(cast.client("inspector"), row)
    said += json.dumps(compose(row), ensure_ascii=False)
    approve(cast, row)
    row.refresh_from_db()
    for name in ("member", "inspector", "leader"):
        said += everything_said(cast.client(name), row)
    said += json.dumps(row.content, ensure_ascii=False)
    assert "3件" in said
    for word in (ID, PHONE, "张某", *names, "职员0", "职员1", "职员2"):
        assert word not in said
    gone = Case.objects.exclude(status=CaseStatus.FINAL)
    assert {str(case.pk) for case in gone} & set(row.content["case_ids"]) == set()
    assert not any(str(case) in said for case in gone)
    tell(
        "G8",
        f"{gone.count()} cases in {len(states) - 1} states that are not final and numbers of an identity card and a "
        f"telephone planted: none in {len(said)} characters of bulletin, pages and files",
    )


def test_a_single_person_of_a_unit_cannot_be_told_from_the_clause(cast, story, march):
    final(story, somebody(cast, 1))
    row = draft(cast)
    content = compose(row)
    (cell,) = content["cells"]
    assert (cell["unit"], cell["clause"]) == ("其他组织", "其他条款")
    assert "都不满3人，不分列组织和条款" in content["rule"]
    assert content["source"].endswith("》"), "the measures, not the clause on procedure"
    assert not [block for block in document_of(row, content, cast.bureau).blocks if isinstance(block, Table)]
    issued = {name: value for name, value in content.items() if name != "is_apart"}
    assert [block for block in document_of(row, issued, cast.bureau).blocks if isinstance(block, Table)]


def test_two_months_in_which_nothing_became_final_say_so(cast, story, march):
    row = draft(cast)
    approve(cast, row)
    said = everything_said(cast.client("member"), row)
    assert "本期没有生效的事项。1月没有生效的事项。2月没有生效的事项。" in said
    assert compose(row)["cells"] == []


def test_names_only_where_the_clause_allows_them(cast, story, march):
    final(story, somebody(cast, 1, "职员某"))
    with pytest.raises(Refused, match="没有允许点名"):
        draft(cast, has_names=True)
    page = cast.client("inspector").get(url("bulletin_new")).content.decode()
    assert "has_names" not in page
    assert "职员某" not in json.dumps(compose(draft(cast)), ensure_ascii=False)


def test_names_where_the_clause_allows_them(cast, story, march, monkeypatch):
    final(story, somebody(cast, 1, "职员某"))
    allowed = {"statement_days": 5, "appeal_days": 10, "names_in_bulletins": True}
    seal = "regulations_clause"
    with connection.cursor() as cursor:
        _unsealed(cursor, seal)
    Clause.objects.filter(pk=story.rules["MV-0"].pk).update(parameters=allowed)
    row = draft(cast, has_names=True)
    approve(cast, row)
    said = everything_said(cast.client("member"), row)
    assert "职员某" in said
    assert "分布情况" not in said


def _unsealed(cursor, table):
    """A published clause is sealed; this test stands for an office that publishes another version."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    else:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def test_one_prepares_and_another_approves(cast, story, march):
    row = draft(cast, "inspector")
    with pytest.raises(Refused, match="起草人不能签发"):
        approve(cast, row, "inspector")
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=row.pk).update(
            status="approved", approved_by=row.prepared_by, issued_on=MARCH
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=row.pk).update(status="approved")
    change_bulletin(row, text=BulletinText(closing="举一反三。"), by=cast.actor("officer"))
    with pytest.raises(Refused, match="起草人不能签发"):
        approve(cast, row, "officer")
    assert approve(cast, row).approved_by == cast.person("leader")


def test_who_is_concerned_does_not_approve(cast, story, march):
    final(story, cast.person("officer"))
    row = draft(cast, "inspector")
    with pytest.raises(Refused, match="涉及您本人"):
        approve(cast, row, "officer")


def test_what_is_approved_is_sealed_by_the_database(cast, story, march):
    row = draft(cast)
    approve(cast, row)
    for change in (
        lambda: Bulletin.objects.filter(pk=row.pk).update(opening="改"),
        lambda: Bulletin.objects.filter(pk=row.pk).update(content={}),
        lambda: Bulletin.objects.filter(pk=row.pk).delete(),
        lambda: _raw("UPDATE conduct_bulletin SET doc_no = 'x'"),
        lambda: _raw("DELETE FROM conduct_bulletin"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(Refused, match="已经签发"):
        change_bulletin(row, text=BulletinText(), by=cast.actor("officer"))
    with pytest.raises(Refused, match="已经签发"):
        remove_bulletin(row, by=cast.actor("officer"))


def _raw(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_approved_stays_and_the_next_one_corrects_it(cast, story, march):
    case = final(story, somebody(cast, 1))
    first = draft(cast)
    approve(cast, first)
    reviewed(story, case, D(2018, 4, 2))
    first.refresh_from_db()
    assert first.content["cases"] == 1
    with clock.at(D(2018, 5, 7)):
        second = draft(cast, number=2)
        approve(cast, second, doc_no="示检党通〔2018〕2号", on=D(2018, 5, 7))
        second.refresh_from_db()
    assert second.content["corrections"] == [
        "2018年第1期通报所列事项中，有1件经复核撤销，不再计入，特此更正。"
    ]
    with clock.at(D(2018, 7, 2)):
        assert compose(draft(cast, number=3))["corrections"] == []


def test_what_was_changed_on_a_late_appeal_is_corrected_too_each_time(cast, story, march):
    cases = [final(story, somebody(cast, number)) for number in (1, 2)]
    approve(cast, draft(cast))
    said = []
    for number, (case, points) in enumerate(((0, "-0.75"), (0, "-0.5"), (0, None)), start=2):
        day = D(2018, 2 * number + 1, 7)
        reviewed(story, cases[case], day, points and Decimal(points))
        with clock.at(day):
            row = draft(cast, number=number)
            approve(cast, row, doc_no=f"示检党通〔2018〕{number}号", on=day)
        row.refresh_from_db()
        said += row.content["corrections"]
    head = "2018年第1期通报所列事项中，有1件经复核"
    assert said == [
        f"{head}变更分值，合计由1分改为0.75分，特此更正。",
        f"{head}变更分值，合计由0.75分改为0.5分，特此更正。",
        f"{head}撤销，不再计入，特此更正。",
    ]


def test_moved_cases_ask_for_another_look(cast, story, march):
    row = draft(cast)
    seen = fingerprint(row, compose(row))
    final(story, somebody(cast, 1))
    with pytest.raises(Refused, match="有了变化"):
        approve_bulletin(
            row, doc_no="示检党通〔2018〕1号", issued_on=MARCH, seen=seen, by=cast.actor("leader")
        )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"opening": f"电话{PHONE}"}, "身份证号或电话"),
        ({"closing": f"身份证 {ID}"}, "身份证号或电话"),
        ({"opening": "对职 员 七提出批评"}, "当事人的姓名（职员七）"),
    ],
)
def test_words_that_must_not_stand_there_are_refused(cast, story, march, values, words):
    story.notified(person=somebody(cast, 7, "职员七"))
    with pytest.raises(Refused, match=words):
        draft(cast, **values)


def test_a_period_that_goes_on_is_not_told_of(cast, story):
    with pytest.raises(Refused, match="还没有过完"):
        draft(cast)
    with clock.at(MARCH):
        draft(cast)
        with pytest.raises(Refused, match="已经有了"):
            draft(cast)


@pytest.mark.parametrize(
    "wrong",
    [
        ("示检党通[2018]1号", MARCH, "写法不对"),
        ("示检党通〔2017〕1号", MARCH, "年份"),
        ("示检党通〔2018〕1号", D(2018, 2, 28), "印发日期应在"),
        ("示检党通〔2018〕1号", D(2018, 3, 6), "印发日期应在"),
    ],
)
def test_number_and_day_are_checked(cast, story, march, wrong):
    doc_no, on, words = wrong
    with pytest.raises(Refused, match=words):
        approve(cast, draft(cast), doc_no=doc_no, on=on)


def test_a_number_is_used_once(cast, story, march):
    approve(cast, draft(cast))
    assert next_doc_no(Bureau.objects.get(pk=cast.bureau.pk), MARCH) == "示检党通〔2018〕2号"
    with clock.at(D(2018, 5, 7)), pytest.raises(Refused, match="已经用过"):
        approve(cast, draft(cast, number=2), on=D(2018, 5, 7))


def test_the_figure_counts_issued_ones_of_those_due(cast, story, march):
    figure = figures.get("conduct.bulletins")
    ask = Ask(cast.bureau.pk, periods.year(2018), D(2018, 5, 7))
    row = draft(cast)
    assert figure.value(ask) == Value(Fraction(0), 0, 2)
    approve(cast, row)
    assert figure.value(ask) == Value(Fraction(1), 1, 2)
    assert figure.counted_from_rows(ask) == 1
    assert [column.get(figure.rows(ask).get()) for column in figure.columns] == [
        *("2018年第1期通报", "示检党通〔2018〕1号", D(2018, 3, 5), 0),
    ]
    assert figure.value(Ask(cast.bureau.pk, periods.year(2018), D(2018, 3, 1))).counted == 0
    assert figure.value(Ask(cast.bureau.pk, periods.year(2018), D(2019, 1, 1))).out_of == 6
    assert figure.value(Ask(cast.bureau.pk, periods.year(2018), MARCH, (cast.first.pk,))).amount is None
