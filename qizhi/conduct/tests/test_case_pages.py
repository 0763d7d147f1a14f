"""Cases in the browser, from the finding to the last word; each step refuses in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from qizhi.conduct.enums import Decision, ReviewOutcome
from qizhi.conduct.models import Case, PointsEntry
from qizhi.conduct.services.appeals import admit_appeal, appeal_case, finalize_case, review_case
from qizhi.conduct.services.hearing import decide_case, state_case
from qizhi.conduct.services.papers import papers_of
from qizhi.conduct.tests.bulletin_story import docx_text
from qizhi.core import clock
from qizhi.core.documents.tests.pdf_checks import breaches
from qizhi.core.ids import new_id
from qizhi.org.models import Account, Leave
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.tests.ending import end_finding

D = dt.date
STATES = ("decided", "lapsed")


def address(name, *keys):
    return reverse(f"conduct:{name}", args=keys)


def text_of(page):
    return page.content.decode()


def test_a_case_goes_all_the_way_in_the_browser(cast, story, finding):
    office, member = cast.client("inspector"), cast.client("member")
    page = office.post(address("case_from_finding", finding.pk), {"id": new_id(), "despite": ""})
    case = Case.objects.get()
    assert page.headers["Location"] == case.get_absolute_url()
    assert (case.finding, case.fact) == (finding, "党员丁未着制服。")
    assert member.get(case.get_absolute_url()).status_code == 404
    office.post(address("case_notify", case.pk), {"notified_on": "2018-01-15", "statement_days": ""})
    shown = text_of(member.get(case.get_absolute_url()))
    for words in (
        "1月16日、1月17日、1月18日、1月19日、1月22日",
        "国办发明电〔2017〕12号",
        "每次扣1分",
        "陈述申辩",
    ):
        assert words in shown
    member.post(address("case_state", case.pk), {"statement": "当日外勤"})
    heard = text_of(office.get(case.get_absolute_url()))
    assert "已陈述，待决定" in heard
    assert f'<a href="{finding.get_absolute_url()}">怎么判定的</a>' in heard
    assert "2018年1月23日起可以决定" in heard
    assert "待陈述" not in heard.split("变更记录")[0]
    second = cast.client("inspector")
    second.force_login(Account.objects.get(username="second"))
    with clock.at(D(2018, 1, 23)):
        values = {"decision": "confirmed", "decision_reason": "已核实", "decided_on": "2018-01-23"}
        assert "已陈述，陈述期满，待决定" in text_of(office.get(case.get_absolute_url()))
        for refused in (
            office.get(address("case_decide", case.pk)),
            office.post(address("case_decide", case.pk), values),
        ):
            assert refused.status_code == 409
            assert "记录和决定必须是两个人" in text_of(refused)
            assert "decision_reason" not in text_of(refused)
        assert second.post(address("case_decide", case.pk), values).status_code == 302
        member.post(address("case_appeal", case.pk), {"appeal": "不服"})
        values = {"outcome": "cancelled", "review_reason": "外勤属实", "reviewed_on": "2018-01-23"}
        assert cast.client("leader").post(address("case_review", case.pk), values).status_code == 302
    case.refresh_from_db()
    finding.refresh_from_db()
    assert (case.status, finding.status) == ("cleared", FindingStatus.WITHDRAWN)
    assert not PointsEntry.objects.exists()
    assert "不进入任何统计" in text_of(member.get(case.get_absolute_url()))


def test_after_the_review_nobody_is_told_that_the_time_for_an_appeal_runs(cast, story):
    case = story.decided()
    with clock.at(D(2018, 1, 24)):
        cast.client("member").post(address("case_appeal", case.pk), {"appeal": "不服"})
        values = {"outcome": "upheld", "review_reason": "事实清楚", "reviewed_on": "2018-01-24"}
        leader = cast.client("leader")
        assert leader.post(address("case_review", case.pk), values).status_code == 302
        shown = text_of(leader.get(case.get_absolute_url()))
    assert "这是复核结论（维持，2018年1月24日）" in shown
    assert "仍可以申诉" not in shown
    assert leader.get(address("case_decide", case.pk)).status_code in {403, 404}


def test_before_a_decision_nobody_is_asked_for_an_appeal(cast, story):
    case = story.notified()
    page = cast.client("inspector").get(reverse("conduct:case_appeal", args=[case.pk]))
    assert page.status_code == 409
    assert "决定以前请陈述" in page.content.decode()
    leader = cast.client("leader")
    early = [leader.get(reverse(f"conduct:{step}", args=[case.pk])) for step in ("case_admit", "case_review")]
    assert [one.status_code for one in early] == [409, 409]
    assert "没有需要复核的申诉" in early[1].content.decode()


def test_an_excuse_is_said_first_and_a_reason_is_asked(cast, rules, finding):
    Leave.objects.create(bureau=cast.bureau, person=cast.person("member"), kind="sick", from_on=D(2018, 1, 9))
    office = cast.client("inspector")
    assert "不建议立案：请假（病假）" in text_of(office.get(address("case_from_finding", finding.pk)))
    page = office.post(address("case_from_finding", finding.pk), {"id": new_id(), "despite": ""})
    assert page.status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "officer", "personnel", "neighbour", "member", "outsider"])
def test_others_do_not_find_a_case(cast, story, who):
    case = story.notified(person=cast.person("officer") if who != "officer" else cast.person("secretary"))
    client = cast.client(who)
    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.get(address("cases")).status_code == 403
    assert client.get(address("person_sheet", case.person_id)).status_code == 404
    assert client.get(address("case_paper", case.pk, "notice", "pdf")).status_code == 404


def test_a_corrected_fact_is_said_and_offers_the_withdrawal(cast, story, finding, desk):
    case = story.notified(finding=finding)
    end_finding(finding)
    with clock.at(D(2018, 1, 23)), pytest.raises(Exception, match="检查发现已经结束"):
        decide_case(case, decision=Decision.CONFIRMED, reason="？", decided_on=D(2018, 1, 23), by=story.desk)
    shown = text_of(cast.client("inspector").get(case.get_absolute_url()))
    assert "事实可能已经更正" in shown
    assert "请决定人撤销" in shown
    decider = cast.client("inspector")
    decider.force_login(Account.objects.get(username="second"))
    form = text_of(decider.get(address("case_decide", case.pk)))
    assert "事实可能已经更正" in form
    assert "依据的检查发现已是“事实已变，自动撤销”" in form


@pytest.mark.parametrize(("cases", "queries"), [(1, 8), (3, 8)])
def test_the_list_asks_the_same_number_of_queries(cast, story, django_assert_num_queries, cases, queries):
    for _ in range(cases):
        story.notified()
    client = cast.client("inspector")
    client.get(address("cases"))
    with django_assert_num_queries(queries):
        client.get(address("cases"))


@pytest.mark.parametrize(("cases", "queries"), [(1, 6), (3, 6)])
def test_the_first_page_asks_the_same_number_of_queries(
    cast, story, django_assert_num_queries, cases, queries
):
    for _ in range(cases):
        story.notified()
    client = cast.client("inspector")
    client.get(address("home"))
    with django_assert_num_queries(queries):
        page = client.get(address("home"))
    assert "等其他人" in text_of(page)


def test_the_list_leaves_as_a_table_and_filters(cast, story):
    case, client = story.notified(), cast.client("inspector")
    found = [
        "微〔2018〕1号" in text_of(client.get(address("cases"), {"status": status}))
        for status in ("notified", "heard")
    ]
    state_case(case, text="当日外勤", stated_on=D(2018, 1, 15), by=cast.actor("member"))
    found += [
        "微〔2018〕1号" in text_of(client.get(address("cases"), {"status": status}))
        for status in ("notified", "heard", "late")
    ]
    assert found == [True, False, False, True, False], "who has spoken is not waited for"
    assert "微〔2018〕1号" in text_of(client.get(address("cases"), {"format": "csv"}))
    assert "没有符合条件的事项" in text_of(client.get(address("cases"), {"status": "final"}))
    assert "微〔2018〕1号" in text_of(client.get(address("cases"), {"q": "党员丁", "year": 2018}))


def test_past_its_window_a_decided_case_is_not_said_to_be_open_to_appeal(cast, story):
    case, client = story.decided(), cast.client("inspector")

    def told(day):
        with clock.at(day):
            pages = {name: text_of(client.get(address("cases"), {"status": name})) for name in STATES}
            file = text_of(client.get(address("cases"), {"format": "csv"}))
            return [str(case) in page for page in pages.values()], file, text_of(client.get(address("cases")))

    found, file, page = told(D(2018, 2, 6))
    assert found == [True, False]
    assert "已决定，可申诉" in file
    found, file, page = told(D(2018, 2, 7))
    assert found == [False, True]
    assert "已决定，申诉期满" in file
    assert "已决定，可申诉" not in file
    assert page.count("已决定，申诉期满") == 2, "once in the filter, once in its line"
    with clock.at(D(2018, 2, 7)):
        appeal_case(case, text="才知道", appealed_on=D(2018, 2, 7), by=cast.actor("member"))
        own = text_of(cast.client("member").get("/mine/"))
        assert "已决定，申诉期满，逾期申诉待受理" in own
        assert "可申诉" not in own


def test_no_address_inside_the_system_gets_into_a_paper():
    case = Case(evidence="应当：按期办结\n实际：逾期\n原始记录：/tasks/documents/1/\n原始记录：谈话笔录")
    assert case.evidence_said == "应当：按期办结\n实际：逾期\n原始记录：谈话笔录"


def test_papers_are_there_as_they_come(cast, story):
    case = story.decided()
    client = cast.client("member")
    for document in ("notice", "decision"):
        for kind in ("docx", "pdf"):
            assert client.get(address("case_paper", case.pk, document, kind)).status_code == 200
    assert client.get(address("case_paper", case.pk, "review", "pdf")).status_code == 404
    assert client.get(address("case_paper", case.pk, "notice", "odt")).status_code == 404


def test_papers_meet_the_standard(cast, story, tell):
    """Notice, decision and review, with texts that are long enough for a second page."""
    case = story.decided(fact="党员丁当日未着制服。" * 40)
    with clock.at(D(2018, 1, 26)):
        appeal_case(case, text="当日外勤，" * 60, appealed_on=D(2018, 1, 25), by=story.recorder)
        review_case(
            case,
            outcome=ReviewOutcome.CANCELLED,
            reason="外勤属实。" * 30,
            reviewed_on=D(2018, 1, 26),
            by=story.third,
        )
    client = cast.client("member")
    documents = [one.key for one in papers_of(case)]
    assert documents == ["notice", "decision", "review"]
    for document in documents:
        word, pdf = (
            client.get(address("case_paper", case.pk, document, kind)).content for kind in ("docx", "pdf")
        )
        checked, failed = breaches(word, pdf)
        assert failed == [], document
        assert checked > 70
        tell("G12", f"{checked} parameters of the {document} of a case as docx and PDF")


def test_what_follows_an_appeal_that_comes_late_has_its_papers_too(cast, story, tell):
    case = story.decided()
    with clock.at(D(2018, 2, 7)):
        case = finalize_case(case, by=story.recorder)
    for number, (day, is_admitted) in enumerate(((D(2018, 3, 1), False), (D(2018, 3, 20), True)), start=1):
        with clock.at(day):
            appeal_case(case, text=f"住院，第{number}次", appealed_on=day, by=cast.actor("member"))
            admit_appeal(case, is_admitted=is_admitted, reason=f"理由{number}", by=story.third)
    client = cast.client("member")
    told = {one.key: one.doc_no for one in papers_of(case)}
    assert told == {
        "notice": "微告〔2018〕1号",
        "decision": "微决〔2018〕1号",
        "final": "微效〔2018〕1号",
        "refusal": "微不受〔2018〕1号",
        "admission": "微受〔2018〕1号",
    }
    expected = {
        "notice": ("经办人：纪检子", "口头的由经办人当面记录", "签收人：＿", "签收日期：＿"),
        "decision": ("陈述期已满，没有收到陈述和申辩，现作出如下决定", "书面的交", "决定人：", "签收人：＿"),
        "final": ("申诉期至2018年2月6日止", "自2018年2月7日起生效", "计入2018年", "办理人：纪检子"),
        "refusal": ("住院，第1次", "不予受理，原决定不变", "理由1", "审查人：局长丑"),
        "admission": ("住院，第2次", "准予受理", "2018年6月20日前作出复核决定", "理由2"),
    }
    for document, words in expected.items():
        word, pdf = (
            client.get(address("case_paper", case.pk, document, kind)).content for kind in ("docx", "pdf")
        )
        text = docx_text(word)
        assert [one for one in words if one not in text] == [], document
        checked, failed = breaches(word, pdf)
        assert failed == [], document
        tell("G12", f"{checked} parameters of the {document} of a case as docx and PDF")
    page = text_of(client.get(address("case", case.pk)))
    for name in ("生效通知书", "不予受理申诉通知书", "受理申诉通知书"):
        assert name in page
    with clock.at(D(2018, 4, 2)):
        review = {"reason": "属实", "reviewed_on": D(2018, 4, 2), "by": story.third}
        case = review_case(case, outcome=ReviewOutcome.CHANGED, points=Decimal("-0.5"), **review)
        again = {"text": "再诉", "appealed_on": D(2018, 4, 2), "by": cast.actor("member")}
        admit_appeal(appeal_case(case, **again), is_admitted=False, reason="没有新的理由", by=story.third)
    case.refresh_from_db()
    assert [one.doc_no for one in papers_of(case)][-2:] == ["微复〔2018〕1号", "微不受〔2018〕1号（之2）"]
    word = client.get(address("case_paper", case.pk, "review", "docx")).content
    assert "住院，第2次" in docx_text(word), "the paper of the review keeps the appeal that it answered"
    assert client.get(address("case_paper", case.pk, "refusal-2", "pdf")).status_code == 200


def test_the_sheet_is_the_same_for_office_and_person_and_the_export_says_there_is_no_formula(cast, story):
    case = story.decided()
    office = cast.client("inspector")
    with clock.at(D(2018, 2, 7)):
        office.post(address("cases_finalize"))
        sheet = address("person_sheet", case.person_id)
        for client in (office, cast.client("member")):
            shown = text_of(client.get(sheet))
            assert "累计 <strong>-1</strong> 分" in shown
            assert "制度没有规定公式，不挂钩" in shown
        text = text_of(office.get(address("appraisal"), {"format": "csv"}))
        assert "制度没有规定与绩效挂钩的公式，只列分值" in text
        assert "微〔2018〕1号" in text
        page = office.get(address("points"), {"q": "党员丁"})
        assert page.headers["Location"].startswith(sheet)
        assert "人员库里没有" in text_of(office.get(address("points"), {"q": "无此人"}))


def test_a_draft_by_hand_names_people_and_is_made_once(cast, story, rules):
    client = cast.client("inspector")
    values = {
        "id": new_id(),
        "person": "党员丁",
        "clause": rules["MV-9"].pk,
        "happened_on": "2018-01-08",
        "fact": "未着制服",
        "evidence": "现场",
    }
    for _ in range(2):
        assert client.post(address("case_new"), values).status_code == 302
    case = Case.objects.get()
    page = client.post(address("case_edit", case.pk), {**values, "person": "无此人"})
    assert page.status_code == 422
    assert client.post(address("case_edit", case.pk), {**values, "fact": "未戴牌"}).status_code == 302
    case.refresh_from_db()
    assert case.fact == "未戴牌"
    assert client.post(address("case_drop", case.pk), {"reason": "有误"}).status_code == 302


def test_a_late_appeal_is_admitted_in_the_browser(cast, story):
    case = story.decided()
    with clock.at(D(2018, 2, 7)):
        finalize_case(case, by=story.recorder)
    with clock.at(D(2018, 2, 20)):
        cast.client("member").post(address("case_appeal", case.pk), {"appeal": "住院"})
        leader = cast.client("leader")
        assert "逾期申诉，待决定是否受理" in text_of(leader.get(address("home")))
        listed = cast.client("inspector").get(address("cases"), {"status": "late"})
        assert "已生效，逾期申诉待受理" in text_of(listed)
        values = {"is_admitted": "yes", "reason": "属实"}
        assert leader.post(address("case_admit", case.pk), values).status_code == 302
        assert "到 <strong>2018年5月20日</strong>" in text_of(leader.get(case.get_absolute_url()))
        listed = cast.client("inspector").get(address("cases"), {"status": "appealed"})
        assert "已生效，申诉待复核" in text_of(listed)
