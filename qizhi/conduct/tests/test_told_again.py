"""A case was told, then its fact was corrected: the person is told again, and nothing of before is lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from decimal import Decimal

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from qizhi.conduct.enums import CaseStatus, Decision, StepKind
from qizhi.conduct.models import Case, CaseStep
from qizhi.conduct.queries.cases import to_answer
from qizhi.conduct.queries.desk import open_cases, waiting_of
from qizhi.conduct.services.correcting import notify_again
from qizhi.conduct.services.drafts import draft_case, facts_of_finding
from qizhi.conduct.services.hearing import decide_case, notify_case, state_case
from qizhi.conduct.services.papers import paper, papers_of
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.core.tests.standing import left_standing
from qizhi.org.models import Account, Post
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.models import Finding
from qizhi.regulations.tests.ending import end_finding

D = dt.date
TOLD, AGAIN = D(2018, 1, 15), D(2018, 1, 17)


def replace(finding, status=FindingStatus.SUPERSEDED, **values):
    """What a run does when the records behind a finding were corrected."""
    end_finding(finding, status)
    kept = ("bureau", "run", "clause", "person", "unit", "start", "slot", "required", "actual", "verdict")
    made = {name: getattr(finding, name) for name in kept}
    known = {"end": D(2018, 1, 11), "sentence": "党员丁两次未着制服。", "points": Decimal(-1)}
    return Finding.objects.create(**made, **known | values, supersedes=finding)


@left_standing
def told(cast, finding, story):
    """Told on the 15th, and answered on the same day."""
    case = draft_case(facts_of_finding(finding), by=story.recorder)
    notify_case(case, notified_on=TOLD, by=story.recorder)
    return state_case(case, text="只有一次", stated_on=TOLD, by=cast.actor("member"))


@left_standing
def corrected(told, finding):
    """The same with another finding in the place of the first."""
    with clock.at(AGAIN):
        return told, replace(finding)


def again(case, story, on=AGAIN, **values):
    with clock.at(on):
        return notify_again(Case.objects.get(pk=case.pk), notified_on=on, by=values.pop("by", story.recorder))


def text_of(response):
    return "\n".join(one.text for one in docx.Document(io.BytesIO(response.content)).paragraphs)


def test_the_new_fact_is_told_the_time_begins_anew_and_the_old_stays(cast, corrected, story):
    old, new = corrected
    case = again(old, story)
    assert (case.status, case.finding, case.fact) == (CaseStatus.NOTIFIED, new, "党员丁两次未着制服。")
    assert (case.happened_on, case.statement, case.stated_on) == (D(2018, 1, 11), "", None)
    assert (case.notified_on, case.statement_until, case.statement_days) == (AGAIN, D(2018, 1, 24), 5)
    step = case.steps.get(kind=StepKind.RENOTIFIED)
    assert (step.earlier["fact"], step.earlier["statement"]) == ("党员丁未着制服。", "只有一次")
    assert step.earlier["points"] == "-1"
    with clock.at(AGAIN):
        assert to_answer(cast.actor("member"), AGAIN) == [case], "they are asked again"


def test_it_is_not_decided_before_the_new_time_is_over_nor_on_what_was_replaced(corrected, story, desk):
    case = corrected[0]
    say = {"decision": Decision.CONFIRMED, "reason": "事实清楚", "by": desk}
    with clock.at(D(2018, 1, 23)), pytest.raises(Refused, match="请由记录人更正告知"):
        decide_case(case, decided_on=D(2018, 1, 23), **say)
    again(case, story)
    with clock.at(D(2018, 1, 24)), pytest.raises(Refused, match="陈述期到2018年1月24日止"):
        decide_case(case, decided_on=D(2018, 1, 24), **say)
    with clock.at(D(2018, 1, 25)):
        assert decide_case(case, decided_on=D(2018, 1, 25), **say).status == CaseStatus.DECIDED


def test_each_paper_says_what_was_told_then(cast, corrected, story, desk):
    case = again(corrected[0], story)
    with clock.at(D(2018, 1, 25)):
        case = decide_case(
            case, decision=Decision.CONFIRMED, reason="清楚", decided_on=D(2018, 1, 25), by=desk
        )
    keys = [one.key for one in papers_of(case)]
    assert keys == ["notice", "corrected-notice", "decision"]
    client = cast.client("inspector")
    notice, new, decision = (
        text_of(client.get(reverse("conduct:case_paper", args=[case.pk, key, "docx"]))) for key in keys
    )
    assert "党员丁未着制服。" in notice
    assert "两次" not in notice
    assert "微违规事项更正告知书" in new
    assert "2018年1月15日就微〔2018〕1号告知你以后，依据的记录经核对更正" in new
    assert "党员丁两次未着制服。" in new
    assert "原告知2018年1月10日的事实：党员丁未着制服，原拟扣1分。" in new
    assert "至2018年1月24日止" in new
    assert "在更正以前提出的陈述和申辩仍然有效" in new
    assert "更正告知以前（2018年1月15日）：只有一次" in decision
    assert "经听取陈述和申辩" in decision


def test_who_recorded_it_does_it_and_nobody_without_cause(cast, told, finding, story, desk):
    with pytest.raises(Refused, match="没有变，不用更正告知"):
        notify_again(told, notified_on=TOLD, by=story.recorder)
    with clock.at(AGAIN):
        replace(finding)
    with pytest.raises(Refused, match="更正告知也由记录人办理"):
        again(told, story, by=desk)
    with pytest.raises(Refused, match="早于前一步的日期"), clock.at(AGAIN):
        notify_again(told, notified_on=D(2018, 1, 12), by=story.recorder)
    assert not CaseStep.objects.filter(kind=StepKind.RENOTIFIED).exists()


def test_what_has_ended_without_another_in_its_place_is_withdrawn(told, finding, story):
    end_finding(finding, FindingStatus.GONE)
    with pytest.raises(Refused, match="没有新的发现可以告知。请决定人核对后撤销"):
        again(told, story)


@pytest.mark.parametrize("points", [-1, -2])
def test_it_costs_what_the_new_finding_costs(told, finding, story, points):
    with clock.at(AGAIN):
        replace(finding, points=Decimal(points))
    assert again(told, story).points == points


def test_who_drafted_it_lighter_is_not_overruled(finding, story):
    facts = dataclasses.replace(facts_of_finding(finding), points=Decimal("-0.5"))
    case = notify_case(draft_case(facts, by=story.recorder), notified_on=TOLD, by=story.recorder)
    with clock.at(AGAIN):
        replace(finding, points=Decimal(-2))
    assert again(case, story).points == Decimal("-0.5")


def test_the_page_leads_the_recorder_and_tells_the_others(cast, corrected, story, desk):
    case, today = Case.objects.get(pk=corrected[0].pk), AGAIN
    address = reverse("conduct:case_notify_again", args=[case.pk])
    with clock.at(today):
        assert address in cast.client("inspector").get(case.get_absolute_url()).content.decode()
        assert address not in cast.client("leader").get(case.get_absolute_url()).content.decode()
        (row,) = open_cases(cast.bureau.pk)
        found = waiting_of(row, story.recorder, today)
        assert (found.who, found.is_mine) == ("记录人", True)
        assert (
            "要由另一个人决定" not in cast.client("inspector").get(case.get_absolute_url()).content.decode()
        )
        page = cast.client("inspector").get(address).content.decode()
        assert "微违规事项更正告知书" in page
        assert "党员丁两次未着制服。" in page
        file = cast.client("inspector").get(
            reverse("conduct:case_notice", args=[case.pk, "docx"]), {"notified_on": "2018-01-17"}
        )
        assert "更正告知" in text_of(file)
        answer = cast.client("inspector").post(address, {"notified_on": "2018-01-17", "statement_days": ""})
        assert answer.status_code == 302
        own = cast.client("member").get(case.get_absolute_url()).content.decode()
    assert "更正以前告知的" in own
    assert "只有一次" in own, "what was said before is still to be read"
    assert "您可以陈述，到 <strong>2018年1月24日</strong>" in own


BY_SQL = [
    "UPDATE conduct_case SET fact = '别的'",
    "UPDATE conduct_case SET notified_on = '2018-01-16'",
    "UPDATE conduct_case SET points = -3",
    "UPDATE conduct_case SET finding_id = NULL",
]


@pytest.mark.parametrize("statement", BY_SQL)
def test_the_database_lets_nothing_that_was_told_change_without_its_step(corrected, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_wants_the_step_of_who_recorded_it_with_what_was_told(cast, corrected, story, desk):
    case, new = corrected
    make = {"bureau": cast.bureau, "case": case, "kind": "renotified", "on": AGAIN, "by_label": "某"}
    for values in ({"by_id": desk.person_id, "earlier": {}}, {"by_id": story.recorder.person_id}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseStep.objects.create(**make, **values)
    told = {"notified_on": AGAIN, "statement_until": D(2018, 1, 24)}
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(finding=new, fact="两次", **told)
    CaseStep.objects.create(**make, by_id=story.recorder.person_id, earlier={"fact": "一次"})
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(fact="两次", **told)  # on what was replaced
    Case.objects.filter(pk=case.pk).update(finding=new, fact="两次", **told)
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(fact="三次")


@left_standing
def left(cast, corrected):
    """The same, but whoever recorded the case has left the office on the 16th."""
    Post.objects.filter(person=cast.person("inspector")).update(to_on=D(2018, 1, 16))
    return corrected


def test_where_the_recorder_has_left_another_goes_on_and_has_recorded_it(cast, left, story, desk):
    old, new = left
    case = again(old, story, by=desk)
    assert (case.finding, case.recorded_by_id) == (new, desk.person_id)
    step = case.steps.get(kind=StepKind.RENOTIFIED)
    assert step.by_id == desk.person_id
    assert step.earlier["recorded_by"] == str(old.recorded_by_id)
    event = AuditEvent.objects.get(verb="conduct.take_over_case")
    assert (event.before["recorded_by_id"], event.after["recorded_by_id"]) == (
        str(old.recorded_by_id),
        str(desk.person_id),
    )
    for one, name in zip(papers_of(case), (str(old.recorded_by), "纪检寅"), strict=True):
        written = paper(case, one, cast.bureau).blocks
        assert f"经办人：{name}" in "".join(getattr(block, "text", "") for block in written)


def test_neither_of_the_two_recorders_has_the_last_word(cast, left, story, desk):
    case = again(left[0], story, by=desk)
    Post.objects.filter(person=cast.person("inspector")).update(to_on=None)
    with clock.at(D(2018, 1, 25)):
        for by in (desk, story.recorder):
            with pytest.raises(Refused, match="记录和决定必须是两个人"):
                decide_case(
                    case, decision=Decision.CONFIRMED, reason="清楚", decided_on=D(2018, 1, 25), by=by
                )
        for person in (desk.person_id, story.recorder.person_id):
            decided = {"status": "decided", "decided_by_id": person, "appeal_until": D(2018, 2, 8)}
            known = {"decision": "confirmed", "decision_reason": "清楚", "decided_on": D(2018, 1, 25)}
            with pytest.raises(DatabaseError), transaction.atomic():
                Case.objects.filter(pk=case.pk).update(**decided | known)


def test_nobody_goes_on_who_is_concerned_nor_for_a_day_on_which_the_recorder_was_there(left, story, desk):
    with pytest.raises(Refused, match="还没有离任"), clock.at(AGAIN):
        notify_again(left[0], notified_on=D(2018, 1, 16), by=desk)
    member = Case.objects.get().person
    Post.objects.filter(person_id=desk.person_id).update(person=member)
    with pytest.raises(Refused, match="应当回避"):
        again(left[0], story, by=dataclasses.replace(desk, person_id=member.pk))


def test_the_page_leads_whoever_goes_on(cast, left, story, desk, django_assert_num_queries):
    case = left[0]
    address = reverse("conduct:case_notify_again", args=[case.pk])
    second = cast.client("inspector")
    second.force_login(Account.objects.get(username="second"))
    with clock.at(AGAIN):
        with django_assert_num_queries(1):
            (row,) = open_cases(cast.bureau.pk)
            found = waiting_of(row, desk, AGAIN)
        assert (found.who, found.is_mine) == ("接手的纪检干部", True)
        page = second.get(case.get_absolute_url()).content.decode()
        assert address in page
        assert "已经离任，请另一位纪检干部接手" in page
        form = second.get(address).content.decode()
        assert "登记以后由您记录这件事项" in form
        assert "经办人：纪检寅" in form
        assert second.post(address, {"notified_on": "2018-01-17", "statement_days": ""}).status_code == 302
        assert "接手记录并更正告知" in second.get(case.get_absolute_url()).content.decode()
