"""Cases from the draft to the last word, by services."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qizhi.conduct.enums import CaseStatus, Decision, ReviewOutcome
from qizhi.conduct.models import Case, PointsEntry
from qizhi.conduct.queries.cases import cases_of, final_cases, late_appeals, under_review
from qizhi.conduct.queries.desk import next_steps, say_appeal
from qizhi.conduct.queries.points import sheet_of
from qizhi.conduct.services.appeals import (
    admit_appeal,
    appeal_case,
    finalize_case,
    finalize_due,
    review_case,
)
from qizhi.conduct.services.drafts import draft_case, drop_case, edit_case
from qizhi.conduct.services.hearing import decide_case, notify_case, state_case
from qizhi.conduct.tests.conftest import FACT_ON
from qizhi.core import clock, periods
from qizhi.core.errors import Refused
from qizhi.org.models import Leave
from qizhi.regulations.tests.ending import end_finding

YEAR = periods.year(2018)
D = dt.date


def test_a_draft_freezes_the_words_of_the_rule_and_has_a_number(story):
    case = story.drafted()
    assert str(case) == "微〔2018〕1号"
    assert case.rule["text"] == "着装不规范的，每次扣1分。"
    assert case.rule["document"] == "示例考核办法"
    assert (case.points, case.unit) == (Decimal(-1), story.cast.department)
    assert str(story.drafted()) == "微〔2018〕2号"
    assert draft_case(story.facts(), by=story.recorder, id=case.pk) == case


def test_leave_excuses_and_a_person_may_go_on_with_a_reason(story, cast):
    Leave.objects.create(
        bureau=cast.bureau, person=cast.person("member"), kind="secondment", from_on=D(2018, 1, 1)
    )
    with pytest.raises(Refused, match=r"免予记分的情形.*借调：2018年1月1日至今"):
        story.drafted()
    assert "仍然立案的理由：借调前发生" in story.drafted(despite="借调前发生").excuses


def test_the_rule_is_that_of_the_day_of_the_fact(story):
    with pytest.raises(Refused, match="没有施行"):
        story.drafted(happened_on=D(2015, 6, 1))
    with pytest.raises(Refused, match="已停用：与减负规定不一致"):
        story.drafted(clause=story.rules["MV-3"])
    with pytest.raises(Refused, match="没有扣分的规定"):
        story.drafted(clause=story.rules["MV-0"])


def test_nobody_records_the_own_case(story, cast):
    with pytest.raises(Refused, match="应当回避"):
        story.drafted(person=cast.person("inspector"))


def test_a_draft_is_edited_and_dropped_and_then_never_again(story):
    case = edit_case(story.drafted(), story.facts(fact="未戴胸牌"), by=story.recorder)
    assert case.fact == "未戴胸牌"
    case = drop_case(case, reason="查无此事", by=story.recorder)
    with pytest.raises(Refused, match="未告知即撤回"):
        notify_case(case, notified_on=clock.today(), by=story.recorder)
    assert not cases_of(story.cast.person("member")).exists()


def test_the_statement_period_is_counted_day_by_day_with_its_paper(story):
    case = story.notified()
    assert case.statement_until == D(2018, 1, 22)
    text = case.steps.get(kind="notified").text
    assert "1月16日、1月17日、1月18日、1月19日、1月22日" in text
    assert "国办发明电〔2017〕12号" in text


def test_an_unknown_calendar_is_not_guessed(story):
    with clock.at(D(2031, 5, 6)):
        case = story.drafted()
    with clock.at(D(2031, 5, 6)), pytest.raises(Refused, match=r"期限算不出来.*2031年"):
        notify_case(case, notified_on=D(2031, 5, 6), by=story.recorder)


def test_fewer_days_than_laid_down_are_refused(story):
    with pytest.raises(Refused, match="不能少于5个工作日"):
        notify_case(story.drafted(), notified_on=clock.today(), days=3, by=story.recorder)


def test_nothing_is_confirmed_before_the_period_is_over_but_withdrawn_at_any_time(story):
    case = story.notified()
    with clock.at(D(2018, 1, 22)):
        with pytest.raises(Refused, match="陈述期到2018年1月22日止"):
            _decide(case, story.desk, D(2018, 1, 22))
        cleared = _decide(case, story.desk, D(2018, 1, 22), Decision.WITHDRAWN)
    assert cleared.status == CaseStatus.CLEARED
    assert not PointsEntry.objects.exists()


def test_who_records_does_not_decide_and_nobody_decides_the_own_case(story, cast):
    case = story.notified()
    with clock.at(D(2018, 1, 23)):
        with pytest.raises(Refused, match="记录和决定必须是两个人"):
            _decide(case, story.recorder, D(2018, 1, 23))
        with pytest.raises(Refused, match="应当回避"):
            _decide(case, cast.actor("member"), D(2018, 1, 23))


def test_a_decision_becomes_final_after_the_time_for_an_appeal(story):
    case = story.decided()
    assert case.appeal_until == D(2018, 2, 6)
    with clock.at(D(2018, 2, 6)), pytest.raises(Refused, match="申诉期到2018年2月6日止"):
        finalize_case(case, by=story.recorder)
    with clock.at(D(2018, 2, 7)):
        (case,) = finalize_due(bureau_id=case.bureau_id, by=story.recorder)
    assert (case.status, case.final_points, case.final_on) == ("final", Decimal(-1), D(2018, 2, 7))
    assert list(final_cases(case.bureau_id, YEAR)) == [case]
    assert sheet_of(story.cast.person("member"), YEAR).score.total == -1


def test_a_statement_is_taken_until_the_decision(story, cast):
    case = state_case(story.stated(), text="另有证人", stated_on=clock.today(), by=cast.actor("member"))
    assert case.statement == "当日外勤\n\n另有证人"
    with pytest.raises(Refused, match="不能陈述"):
        state_case(story.drafted(), text="？", stated_on=clock.today(), by=story.recorder)


@pytest.mark.parametrize(
    ("outcome", "points", "status", "total"),
    [
        (ReviewOutcome.UPHELD, None, "final", Decimal(-1)),
        (ReviewOutcome.CHANGED, Decimal("-0.5"), "final", Decimal("-0.5")),
        (ReviewOutcome.CANCELLED, None, "cleared", Decimal(0)),
    ],
)
def test_an_appeal_in_time_is_reviewed_by_a_third_person(story, outcome, points, status, total):
    case = story.decided()
    with clock.at(D(2018, 2, 6)):
        case = appeal_case(case, text="不服", appealed_on=D(2018, 2, 6), by=story.cast.actor("member"))
        assert (case.status, case.review_until) == ("appealed", D(2018, 5, 6))
        assert under_review(case.bureau_id).get() == case
        with pytest.raises(Refused, match=r"记录的，复核必须由第三个人"):
            _review(case, story.recorder, outcome, points)
        with pytest.raises(Refused, match=r"决定的，复核必须由第三个人"):
            _review(case, story.desk, outcome, points)
        case = _review(case, story.third, outcome, points)
    assert case.status == status
    assert sheet_of(story.cast.person("member"), YEAR).score.total == total


def test_a_review_never_weighs_more(story):
    case = story.decided()
    with clock.at(D(2018, 2, 1)):
        case = appeal_case(case, text="不服", appealed_on=D(2018, 2, 1), by=story.recorder)
        with pytest.raises(Refused, match="复核不加重"):
            _review(case, story.third, ReviewOutcome.CHANGED, Decimal(-2))


def test_a_late_appeal_waits_for_a_person_and_a_won_one_leaves_no_trace(story, cast):
    case = story.decided()
    with clock.at(D(2018, 2, 7)):
        case = finalize_case(case, by=story.recorder)
    with clock.at(D(2018, 3, 20)):
        case = appeal_case(case, text="住院", appealed_on=D(2018, 3, 20), by=cast.actor("member"))
        assert (case.status, list(late_appeals(case.bureau_id))) == ("final", [case])
        with pytest.raises(Refused, match="没有重复登记"):
            appeal_case(case, text="住院", appealed_on=D(2018, 3, 20), by=cast.actor("member"))
        case = admit_appeal(case, is_admitted=True, reason="有正当理由", by=story.third)
        assert (case.review_until, under_review(case.bureau_id).get()) == (D(2018, 6, 20), case)
        case = _review(case, story.third, ReviewOutcome.CANCELLED, None, D(2018, 3, 20))
    sheet = sheet_of(cast.person("member"), YEAR)
    assert case.status == "cleared"
    assert sheet.score.total == 0
    assert not sheet.lines
    assert [entry.points for entry in sheet.taken_back] == [-1, 1]
    assert not final_cases(case.bureau_id, YEAR).exists()


def test_a_late_appeal_that_is_not_admitted_changes_nothing(story, cast):
    case = story.decided()
    with clock.at(D(2018, 2, 8)):
        case = appeal_case(case, text="晚了", appealed_on=D(2018, 2, 8), by=cast.actor("member"))
        assert case.status == "decided"
        case = admit_appeal(case, is_admitted=False, reason="没有正当理由", by=story.third)
        assert (case.appealed_on, case.is_appeal_late) == (None, False)
        case = finalize_case(case, by=story.recorder)
    assert case.status == "final"
    kinds = ["drafted", "notified", "decided", "late_appeal", "not_admitted", "final"]
    assert [step.kind for step in case.steps.order_by("at", "id")] == kinds


def test_who_lost_a_late_appeal_is_cleared_when_the_fact_changes(story, cast, finding):
    """What the page offers the reviewer, the service takes: both ask the case itself."""
    day = D(2018, 3, 20)
    case = story.decided(finding=finding)
    with clock.at(D(2018, 2, 7)):
        case = finalize_case(case, by=story.recorder)
    with clock.at(day):
        case = appeal_case(case, text="住院", appealed_on=day, by=cast.actor("member"))
        case = admit_appeal(case, is_admitted=True, reason="有正当理由", by=story.third)
        case = _review(case, story.third, ReviewOutcome.UPHELD, None, day)
        assert not case.is_reviewable
        end_finding(finding)
        case = Case.objects.get(pk=case.pk)
        assert [step.view for step in next_steps(story.third, case, day)] == ["case_review"]
        case = _review(case, story.third, ReviewOutcome.CANCELLED, None, day)
    assert case.status == "cleared"
    assert sheet_of(cast.person("member"), YEAR).score.total == 0


def _decide(case, by, day, decision=Decision.CONFIRMED):
    return decide_case(case, decision=decision, reason="已核实", decided_on=day, by=by)


def _review(case, by, outcome, points, day=None):
    day = day or clock.today()
    return review_case(case, outcome=outcome, reason="复核", points=points, reviewed_on=day, by=by)


def test_a_paper_of_the_window_is_in_time_though_it_is_typed_after_the_last_word(story, cast):
    case = story.decided()
    with clock.at(D(2018, 2, 7)):
        case = finalize_case(case, by=story.recorder)
    with clock.at(D(2018, 2, 9)):
        case = appeal_case(case, text="不服", appealed_on=D(2018, 2, 6), by=story.recorder)
        assert (case.status, case.is_appeal_late, case.review_until) == ("final", False, D(2018, 5, 6))
        assert not late_appeals(case.bureau_id).exists()
        assert under_review(case.bureau_id).get() == case
        assert say_appeal(case) == "申诉已收到，由没有参加记录和决定的第三人复核，2018年5月6日前答复。"
        case = _review(case, story.third, ReviewOutcome.CHANGED, Decimal("-0.5"), D(2018, 2, 9))
        assert sheet_of(cast.person("member"), YEAR).score.total == Decimal("-0.5")
        again = appeal_case(case, text="还是不服", appealed_on=D(2018, 2, 6), by=story.recorder)
        assert again.awaits_admission, "what was reviewed once is reviewed again only if somebody admits it"
        assert (again.outcome, again.reviewed_by_id) == ("changed", story.third.person_id)


def test_a_case_by_hand_needs_its_fact_and_its_evidence(story):
    for values, word in (({"evidence": " "}, "没有写依据材料"), ({"fact": ""}, "没有写事实")):
        with pytest.raises(Refused, match=word):
            story.drafted(**values)


def test_the_same_facts_by_hand_are_another_case_only_with_a_word_on_why(story):
    first = story.drafted()
    with pytest.raises(Refused, match="同一当事人、同一天、同一条款已有") as refused:
        draft_case(story.facts(), by=story.recorder)
    assert (refused.value.field, refused.value.see) == ("despite", first)
    second = draft_case(story.facts(despite="上午一次，下午又一次"), by=story.recorder)
    assert second.excuses == f"同一天、同一条款已有{first}\n仍然立案的理由：上午一次，下午又一次"
    draft_case(story.facts(happened_on=FACT_ON - dt.timedelta(days=1)), by=story.recorder)
    drop_case(first, reason="重复", by=story.recorder)
    drop_case(second, reason="重复", by=story.recorder)
    assert draft_case(story.facts(), by=story.recorder).excuses == ""
