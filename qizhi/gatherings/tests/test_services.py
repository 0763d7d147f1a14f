"""Recording, correcting, withdrawing: what is refused, what follows, what the log keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.gatherings import services
from qizhi.gatherings.models import Gathering, LedgerEntry, Template, Visitor
from qizhi.gatherings.queries.diary import diary_of
from qizhi.gatherings.queries.roster import span_of
from qizhi.gatherings.services import LecturerFact, ResolutionFact, RollFact, VisitorFact

FIRST_QUARTER = dt.date(2018, 1, 12)
FOURTH_QUARTER = dt.date(2017, 10, 12)


def entries(row):
    found = LedgerEntry.objects.filter(gathering=row).values_list("ledger", "held_on", "unit_id")
    return {ledger: (day, unit) for ledger, day, unit in found}


def test_several_kinds_count_once_for_each_ledger(cast, held):
    row = held("theme-day", "lesson", "integrity")
    assert set(entries(row)) == {"theme_day", "lesson", "integrity", "training"}
    assert row.title == "1月党课暨主题党日、党风廉政教育"
    assert row.hours == Decimal("2.0")
    assert row.recorded_by == "干事壬"


def test_a_day_moved_by_a_quarter_moves_every_ledger_and_stays_in_the_log(cast, held):
    row = held("theme-day", "lesson")
    known = services.facts_of([row])[row.pk]
    services.correct_gathering(row, facts=replace(known, held_on=FOURTH_QUARTER), by=cast.actor("secretary"))
    assert {day for day, _ in entries(row).values()} == {FOURTH_QUARTER}
    event = audit.history(row)[0]
    assert (event.before["held_on"], event.after["held_on"]) == ("2018-01-12", "2017-10-12")
    said = {change.label: (change.before, change.after) for change in audit.tell(row)[0].changes}
    assert said["日期"] == ("2018年1月12日", "2017年10月12日")
    assert said["活动名称"] == ("1月党课暨主题党日", "10月党课暨主题党日")
    assert said["补录"] == ("否", "是")


def test_any_other_fact_can_be_corrected_too(cast, facts, kinds):
    member, secretary = cast.person("member"), cast.person("secretary")
    row = services.record_gathering(
        facts=facts("congress", roll=(RollFact(member, "absent"),), title="例会"), by=cast.actor("officer")
    )
    wanted = facts(
        "committee",
        title="例会",
        chair=secretary,
        topics="一\n二",
        lecturers=(LecturerFact(None, "王教授", "expert"),),
        resolutions=(ResolutionFact("通过计划", 3, 3, 3),),
        roll=(RollFact(secretary, "excused", "出差"),),
    )
    services.correct_gathering(row, facts=wanted, by=cast.actor("officer"))
    assert services.facts_of([row])[row.pk] == wanted.settled()
    assert set(entries(row)) == {"committee"}
    said = {change.label: (change.before, change.after) for change in audit.tell(row)[0].changes}
    assert said["到会例外"] == ("党员丁：缺席", "书记甲：请假（出差）")
    assert said["活动类型"] == ("支部党员大会", "支部委员会会议")
    assert said["主持人"] == ("—", "书记甲")


def test_nothing_changed_leaves_no_event(cast, held):
    row = held()
    services.correct_gathering(row, facts=services.facts_of([row])[row.pk], by=cast.actor("officer"))
    assert [event.verb for event in audit.history(row)] == ["gatherings.record"]


def test_the_same_form_records_once_and_only_for_its_sender(cast, facts):
    key = new_id()
    first = services.record_gathering(facts=facts(), by=cast.actor("secretary"), id=key)
    again = services.record_gathering(facts=facts(title="另一次"), by=cast.actor("secretary"), id=key)
    assert (first.pk, again.pk, Gathering.objects.count()) == (key, key, 1)
    with pytest.raises(Refused, match="已经被使用过"):
        services.record_gathering(facts=facts(), by=cast.actor("officer"), id=key)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": "2018-01-16"}, "held_on"),
        ({"day": "2018-02-01", "precision": "month"}, "held_on"),
        ({"day": "2014-12-31"}, "held_on"),
        ({"kinds": ()}, "kinds"),
        ({"title": "长" * 121}, "title"),
        ({"place": "长" * 81}, "place"),
        ({"minutes": "长" * 20_001}, "minutes"),
        ({"hours": Decimal(201)}, "hours"),
        ({"hours": Decimal(-1)}, "hours"),
        ({"present_total": 6}, "present_total"),
        ({"due_total": 3, "present_total": 4}, "present_total"),
    ],
)
def test_what_cannot_have_been_is_refused(cast, facts, change, field):
    with pytest.raises(Refused) as refusal:
        services.record_gathering(facts=facts(**change), by=cast.actor("officer"))
    assert refusal.value.field == field
    assert refusal.value.message.endswith("。")
    assert not Gathering.objects.exists()


def test_a_unit_that_is_closed_or_of_others_is_refused(cast, facts):
    with pytest.raises(Refused, match="职务不能登记"):
        services.record_gathering(facts=facts(unit=cast.second), by=cast.actor("secretary"))
    with pytest.raises(Refused, match="职务不能登记"):
        services.record_gathering(facts=facts(), by=cast.actor("outsider"))
    cast.first.to_on = dt.date(2017, 12, 31)
    cast.first.save()
    with pytest.raises(Refused, match="撤销或并入"):
        services.record_gathering(facts=facts(), by=cast.actor("officer"))


def test_a_kind_must_suit_the_unit_and_be_in_use(cast, facts, kinds):
    with pytest.raises(Refused, match="只适用于党小组"):
        services.record_gathering(facts=facts("group-meeting"), by=cast.actor("officer"))
    kinds["lesson"].is_active = False
    kinds["lesson"].save()
    with pytest.raises(Refused, match="已停用"):
        services.record_gathering(facts=facts("lesson"), by=cast.actor("officer"))


def test_people_must_be_ours_there_and_due(cast, facts):
    by = cast.actor("officer")
    with pytest.raises(Refused, match="不属于本单位"):
        services.record_gathering(facts=facts(chair=cast.person("outsider")), by=by)
    with pytest.raises(Refused, match="不在“第一党支部”的应到名单里"):
        services.record_gathering(facts=facts(roll=(RollFact(cast.person("neighbour"), "absent"),)), by=by)
    member = cast.person("member")
    with pytest.raises(Refused, match="两种情况"):
        services.record_gathering(
            facts=facts(roll=(RollFact(member, "absent"), RollFact(member, "excused"))), by=by
        )
    roll = (RollFact(member, "made_up", "", dt.date(2018, 1, 11)),)
    with pytest.raises(Refused, match="补课日期"):
        services.record_gathering(facts=facts(roll=roll), by=by)
    member.left_on = dt.date(2018, 1, 1)
    member.save()
    with pytest.raises(Refused, match="离岗"):
        services.record_gathering(facts=facts(chair=member), by=by)


@pytest.mark.parametrize(
    "fact",
    [
        ResolutionFact("", 5, 5, 5),
        ResolutionFact("x", 5, 6, 5),
        ResolutionFact("x", 5, 5, 3, 2, 1),
        ResolutionFact("x", 5, 4, 4, written_yes=2),
        ResolutionFact("x", -1, 0, 0),
        ResolutionFact("x", 5, 5, 5, threshold="other"),
    ],
)
def test_votes_that_do_not_add_up_are_refused(cast, facts, fact):
    with pytest.raises(Refused) as refusal:
        services.record_gathering(facts=facts(resolutions=(fact,)), by=cast.actor("officer"))
    assert refusal.value.field == "resolutions"


def test_hostile_texts_are_kept_as_texts(cast, held):
    row = held(title="<script>\x00alert(1)</script>\n二", topics="a\x00b\r\nc", place="'; DROP TABLE x; --")
    row.refresh_from_db()
    assert row.title == "<script>alert(1)</script> 二"
    assert row.topics == "ab\nc"
    assert row.place == "'; DROP TABLE x; --"


def test_a_month_is_kept_as_a_month(cast, held):
    row = held("field-visit", day="2017-05-20", precision="month", unit=cast.committee)
    assert (row.held_on, row.day_label) == (dt.date(2017, 5, 1), "2017年5月")
    assert row.is_recorded_late
    assert diary_of(cast.bureau.pk, span_of([row.held_on])).attendance([row])[row.pk].due is None
    assert not held("field-visit", day="2017-12-01", precision="month", unit=cast.committee).is_recorded_late


def test_who_made_up_for_it_was_not_there(cast, held):
    member, secretary = cast.person("member"), cast.person("secretary")
    roll = (RollFact(member, "made_up", "", dt.date(2018, 1, 14)), RollFact(secretary, "absent"))
    row = held("congress", roll=roll)
    found = diary_of(cast.bureau.pk, span_of([row.held_on])).attendance([row])[row.pk]
    assert len(found.due or ()) == 5
    assert len(found.present) == 3
    assert found.made_up == {member.pk}


def test_withdrawn_is_out_of_every_ledger_until_restored(cast, held):
    row, by = held(), cast.actor("secretary")
    with pytest.raises(Refused, match="撤销原因"):
        services.withdraw_gathering(row, reason="  ", by=by)
    services.withdraw_gathering(row, reason="重复登记", by=by)
    assert entries(row) == {}
    with pytest.raises(Refused, match="先恢复"):
        services.correct_gathering(row, facts=replace(services.facts_of([row])[row.pk], place="x"), by=by)
    services.restore_gathering(row, by=by)
    assert set(entries(row)) == {"theme_day", "training"}
    assert [line.what for line in audit.tell(row)] == ["恢复", "撤销", "登记"]


def test_an_auditor_comments_and_no_correction_takes_it_away(cast, held):
    row, leader = held(), cast.actor("leader")
    services.comment_as_auditor(row, comment="讨论充分", by=leader)
    services.comment_as_auditor(row, comment="讨论充分，建议多请党员谈", by=leader)
    assert [str(one) for one in Visitor.objects.filter(gathering=row)] == ["局长丑"]
    known = services.facts_of([row])[row.pk]
    kept = replace(known, place="三楼", visitors=(VisitorFact(cast.person("leader"), "", "auditor"),))
    services.correct_gathering(row, facts=kept, by=cast.actor("secretary"))
    assert Visitor.objects.get(gathering=row).comment == "讨论充分，建议多请党员谈"
    with pytest.raises(Refused, match="已有点评"):
        services.correct_gathering(row, facts=replace(kept, visitors=()), by=cast.actor("secretary"))
    with pytest.raises(Refused, match="联系旁听"):
        services.comment_as_auditor(row, comment="x", by=cast.actor("member"))


def test_attachments_are_checked_and_named(cast, held):
    row, by = held(), cast.actor("secretary")
    made = services.add_attachment(row, name="..\\..\\记\x00录.pdf", content=b"%PDF", by=by)
    assert (made.name, made.content_type, made.size) == ("记录.pdf", "application/pdf", 4)
    longer = services.add_attachment(row, name="长" * 200 + ".docx", content=b"x", by=by)
    assert len(longer.name) == 120
    assert longer.name.endswith(".docx")
    with pytest.raises(Refused, match="空文件"):
        services.add_attachment(row, name="a.txt", content=b"", by=by)
    with pytest.raises(Refused, match="10 MB"):
        services.add_attachment(row, name="a.txt", content=b"x" * (10 * 1024 * 1024 + 1), by=by)
    with pytest.raises(Refused, match="职务不能登记"):
        services.add_attachment(row, name="a.txt", content=b"x", by=cast.actor("neighbour"))
    services.remove_attachment(made, by=by)
    assert row.attachments.count() == 1


def test_many_are_recorded_in_as_few_queries_as_one(cast, facts, django_assert_num_queries):
    by, roll = cast.actor("officer"), (RollFact(cast.person("member"), "absent"),)
    for number in (1, 3):
        rows = [facts("lesson", day=f"2018-01-0{day + 1}", roll=roll) for day in range(number)]
        with django_assert_num_queries(6):
            services.record_many(rows, by=by)
    assert Gathering.objects.count() == 4


def test_standard_kinds_and_templates_are_loaded_once(cast, kinds):
    by = cast.actor("officer")
    kinds["lesson"].name = "本局党课"
    kinds["lesson"].save()
    assert [kind.pk for kind in services.load_standard_kinds(cast.bureau, by=by)].count(
        kinds["lesson"].pk
    ) == 1
    assert len(services.load_standard_templates(cast.bureau, by=by)) == 5
    assert services.load_standard_templates(cast.bureau, by=by) == []
    assert Template.objects.count() == 5
    kinds["lesson"].refresh_from_db()
    assert kinds["lesson"].name == "本局党课"


def test_changed_ledgers_of_a_kind_count_its_gatherings_anew(cast, held, kinds):
    row, gone = held("theme-day"), held("theme-day", day="2018-01-05")
    services.withdraw_gathering(gone, reason="重复", by=cast.actor("officer"))
    kind = kinds["theme-day"]
    values = {
        "name": kind.name,
        "audience": kind.audience,
        "unit_kinds": kind.unit_kinds,
        "ledgers": ["theme_day", "campaign"],
    }
    with pytest.raises(Refused, match="政工处维护"):
        services.save_kind(values=values, kind=kind, by=cast.actor("secretary"))
    services.save_kind(values=values, kind=kind, by=cast.actor("officer"))
    assert set(entries(row)) == {"theme_day", "campaign"}
    assert entries(gone) == {}


def test_the_clock_decides_what_is_late(cast, facts):
    with clock.at(dt.date(2018, 2, 11)):
        assert not services.record_gathering(facts=facts(), by=cast.actor("officer")).is_recorded_late
    with clock.at(dt.date(2018, 2, 12)):
        assert services.record_gathering(facts=facts(), by=cast.actor("officer")).is_recorded_late
