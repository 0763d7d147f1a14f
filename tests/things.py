"""One row of everything that an address can name, in the bureau of the standing cast."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qizhi.branch_life.models import Contact, MethodReview, Talk, ThemeDay, WorkingMethod
from qizhi.conduct.models import (
    Bulletin,
    Correction,
    Inspection,
    LeaveRequest,
    Liaison,
    MatterReport,
    Observation,
    Opinion,
    PaperCheck,
    PostDuty,
    PrintedCode,
    Referral,
    RiskPoint,
)
from qizhi.conduct.services.drafts import CaseFacts, draft_case
from qizhi.conduct.services.hearing import notify_case
from qizhi.core import clock
from qizhi.core.models import ImportDraft
from qizhi.culture.models import WorkKind
from qizhi.culture.services import WorkFacts, hand_in, load_standard_work_kinds, save_call
from qizhi.gatherings.models import Attachment, Instruction, Kind, Series, Template, VotingExclusion
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.org.models import Leave, RankTenure, TemporaryBranch
from qizhi.publishing.services import answer_complaint, send_complaint
from qizhi.regulations.models import (
    CalendarPaper,
    Clause,
    Exemption,
    Finding,
    PeriodClose,
    Proposal,
    Regulation,
    RegulationAlias,
    Run,
    Version,
)
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.regulations.services.national import load_national_regulations
from qizhi.regulations.services.versions import clone_version
from qizhi.reports.models import IssuedOverview, OverviewTemplate
from qizhi.reports.services.files import content_of
from qizhi.reports.services.overview import generate
from qizhi.study.models import (
    Bank,
    BankQuestion,
    Campaign,
    CampaignPhase,
    CampaignTopic,
    Completion,
    Course,
    ReadingNotes,
    Resource,
    SelfAnswer,
    SelfTest,
    YearFile,
)
from qizhi.study.services.contests import RoundFacts, add_round, save_contest, set_teams
from qizhi.tasks.models import DutyNote, Plan, PlanItem
from qizhi.tasks.services.documents import DocumentValues, register_document
from qizhi.tasks.services.duties import DutyValues, create_list, issue_list
from qizhi.tasks.services.extensions import ExtensionValues, ask_extension
from qizhi.web.services import open_feed

SECRET = "只有第一党支部知道"


def make_things(cast: Any) -> dict[str, Any]:
    """One thing for each argument of an address, all of bureau 甲 and its first branch."""
    officer = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=officer)
    load_national_calendar(cast.bureau, by=officer)
    load_national_regulations(cast.bureau, by=officer)
    kind = Kind.objects.get(bureau=cast.bureau, key="lesson")
    facts = GatheringFacts(unit=cast.first, held_on=dt.date(2018, 1, 12), kinds=(kind,), title=SECRET)
    gathering = record_gathering(facts=facts, by=cast.actor("secretary"))
    make = {"bureau": cast.bureau}
    attachment = Attachment.objects.create(
        **make,
        gathering=gathering,
        name=f"{SECRET}.txt",
        content_type="text/plain",
        size=1,
        content=b"x",
        added_at=clock.now(),
    )
    plan = Plan.objects.create(**make, unit=cast.first, year=2018, purpose="branch_study", name=SECRET)
    item = PlanItem.objects.create(**make, plan=plan, month=1, topic=SECRET, ledger="lesson")
    method = WorkingMethod.objects.create(**make, unit=cast.first, name=SECRET, from_on=dt.date(2017, 1, 1))
    leave = Leave.objects.create(
        **make, person=cast.person("member"), kind="annual", from_on=dt.date(2018, 1, 8)
    )
    draft = ImportDraft.objects.create(
        bureau_id=cast.bureau.pk,
        created_at=clock.now(),
        by_id=cast.officer.pk,
        importer="org.people",
        filename="花名册.csv",
        content="工号,姓名\n9999,某人\n".encode(),
    )
    complaint = send_complaint(kind="complaint", text=SECRET, page="/", by=cast.actor("secretary"))
    answer_complaint(complaint, text="已改", by=officer)
    bank = Bank.objects.create(**make, name="题库", is_open=True)
    question = BankQuestion.objects.create(**make, bank=bank, shape="short", text="题", accepted=["答"])
    BankQuestion.objects.create(**make, bank=bank, shape="short", text="又一题", accepted=["答"])
    feed = open_feed(scope="person", unit=None, token=SECRET, by=cast.actor("secretary"))
    test = SelfTest.objects.create(**make, person=cast.person("officer"), bank=bank, begun_at=clock.now())
    SelfAnswer.objects.create(**make, test=test, question=question, position=1)
    exclusion = VotingExclusion.objects.create(
        **make, person=cast.person("member"), unit=cast.first, reason="moved", from_on=dt.date(2017, 6, 1)
    )
    instruction = Instruction.objects.create(**make, kind=kind, steps="定题目", from_on=dt.date(2017, 1, 1))
    series = Series.objects.create(**make, key="gratitude", name="感恩月")
    template = Template.objects.create(**make, name="模板", title="升旗")
    days = {"from_on": dt.date(2016, 1, 1), "to_on": dt.date(2016, 6, 30)}
    temporary = TemporaryBranch.objects.create(**make, unit=cast.first, purpose="援建", **days)
    return {
        "aspect": "temporary",
        "aspect_id": temporary.pk,
        "unit_id": cast.first.pk,
        "person_id": cast.person("member").pk,
        "row_id": leave.pk,
        "gathering_id": gathering.pk,
        "attachment_id": attachment.pk,
        "series_id": series.pk,
        "template_id": template.pk,
        "kind_id": kind.pk,
        "plan_id": plan.pk,
        **_duties(cast, officer),
        **_documents(cast, officer),
        "item_id": item.pk,
        "method_id": method.pk,
        "complaint_id": complaint.pk,
        "feed_id": feed.pk,
        "token": "no-such-address",
        "ledger": "meetings",
        "exclusion_id": exclusion.pk,
        "instruction_id": instruction.pk,
        "paper_id": CalendarPaper.objects.filter(bureau=cast.bureau).first().pk,
        "draft_id": draft.pk,
        "bank_id": bank.pk,
        "question_id": question.pk,
        "test_id": test.pk,
        **_contest(bank, officer),
        "index": 0,
        "year": 2018,
        **_papers(cast, officer),
        **_studies(cast),
        **_works(cast, officer),
        **_branch_life(cast, method),
        **_findings(cast),
        **_conduct(cast),
        **_leave(cast),
        **_registers(cast, officer),
    }


def _conduct(cast: Any) -> dict[str, Any]:
    """A case of a member that was told, with the inspection and what it has seen."""
    by = cast.actor("inspector")
    # What is published is sealed; a clause that costs points is written into a document of its own.
    regulation = Regulation.objects.create(
        bureau=cast.bureau, code="measures", title="考核办法", issuer="示例局", level="bureau"
    )
    version = Version.objects.create(
        bureau=cast.bureau, regulation=regulation, label="试行", effective_from=dt.date(2016, 1, 1)
    )
    clause = Clause.objects.create(
        bureau=cast.bureau,
        version=version,
        key="mv-9",
        text="每次扣1分",
        points=-1,
        kind="per_event",
        subject="person",
    )
    version.published_by_id = cast.officer.pk
    version.save()  # signed first
    version.status = "published"
    version.save()
    make = {"bureau": cast.bureau}
    checked = Inspection.objects.create(
        **make, month=dt.date(2018, 1, 1), title="检查", led_by=cast.person("inspector")
    )
    checked.units.add(cast.department)
    fact = {"fact": SECRET, "evidence": SECRET, "happened_on": dt.date(2018, 1, 5), "clause": clause}
    seen = Observation.objects.create(**make, inspection=checked, person=cast.person("member"), **fact)
    case = draft_case(CaseFacts(**fact, person=cast.person("member")), by=by)
    notify_case(case, notified_on=clock.today(), by=by)
    apart = Observation.objects.create(**make, inspection=checked, person=cast.person("member"), **fact)
    given = {"handed_on": dt.date(2018, 1, 8), "receiver": SECRET, "handed_by": cast.person("inspector")}
    handed = Referral.objects.create(**make, observation=apart, **given)
    return {
        "referral_id": handed.pk,
        "case_id": case.pk,
        "inspection_id": checked.pk,
        "observation_id": seen.pk,
        "post_duty_id": PostDuty.objects.create(
            **make, unit=cast.department, name="窗口", duties="受理", from_on=dt.date(2018, 1, 1)
        ).pk,
        "document": "notice",
        **_finding(cast, clause),
    }


def _finding(cast: Any, clause: Clause) -> dict[str, Any]:
    """What a run has found of the first branch."""
    make = {"bureau": cast.bureau}
    days = {"start": dt.date(2017, 12, 1), "end": dt.date(2017, 12, 31)}
    run = Run.objects.create(
        **make, **days, as_of=clock.today(), status="done", rules_hash="0", calendar_hash="0", by_label="子"
    )
    words = {
        "required": "应当",
        "actual": "实际",
        "sentence": SECRET,
        "slot": "measures|mv-9",
        "fingerprint": "",  # no run has made it: nothing to hold it against when a case is drafted
    }
    finding = Finding.objects.create(
        **make, **days, **words, run=run, clause=clause, unit=cast.first, verdict="violated", points=-1
    )
    return {"conduct.finding_id": finding.pk}


def _duties(cast: Any, officer: Any) -> dict[str, Any]:
    """An item of a list for the first branch alone with its part, and something to be looked into there."""
    head = {"issuer": cast.committee, "year": 2018, "name": SECRET, "units": [cast.first], "by": officer}
    owed, negative = (
        issue_list(
            create_list(**head, kind=kind, items=[DutyValues(SECRET)]), issued_on=clock.today(), by=officer
        ).duties.get()
        for kind in ("responsibility", "negative")
    )
    values = {"bureau": cast.bureau, "unit": cast.first, "noted_on": clock.today(), "words": SECRET}
    note = DutyNote.objects.create(**values, duty=negative)
    return {
        "list_id": owed.duty_list_id,
        "duty_id": owed.pk,
        "part_id": owed.parts.get().pk,
        "note_id": note.pk,
    }


def _documents(cast: Any, officer: Any) -> dict[str, Any]:
    """Two documents in the hands of a member; more time is asked for one of them."""
    handler, received_on = cast.person("member"), dt.date(2018, 1, 8)
    plain, extended = (
        register_document(
            values=DocumentValues(f"{SECRET}{number}", received_on, working_days=5),
            handler=handler,
            by=officer,
        )
        for number in "一二"
    )
    asked = ExtensionValues(dt.date(2018, 1, 31), "等回复", dt.date(2018, 1, 10))
    extension = ask_extension(extended, values=asked, asked_by=handler, by=cast.actor("member"))
    return {
        "document_id": plain.pk,
        "handling_id": plain.handlings.get().pk,
        "extension_id": extension.pk,
    }


def _studies(cast: Any) -> dict[str, Any]:
    """A course that a member of the first branch says to have completed, a campaign, and a base."""
    make = {"bureau": cast.bureau}
    course = Course.objects.create(**make, name="课程")
    completion = Completion.objects.create(
        **make,
        course=course,
        person=cast.person("member"),
        hours=1,
        completed_on=dt.date(2018, 1, 8),
        origin="self",
    )
    notes = ReadingNotes.objects.create(
        **make, person=cast.person("member"), month=dt.date(2017, 12, 1), number=2
    )
    campaign = Campaign.objects.create(**make, name="专题教育", from_on=dt.date(2018, 1, 1))
    phase = CampaignPhase.objects.create(**make, campaign=campaign, name="阶段", from_on=campaign.from_on)
    topic = CampaignTopic.objects.create(**make, campaign=campaign, title="学习党章", layers=["branch"])
    resource = Resource.objects.create(**make, name="示例展览馆", from_on=campaign.from_on)
    closed = {"year": 2017, "closed_on": dt.date(2018, 1, 12), "closed_by_label": "壬"}
    return {
        "year_file_id": YearFile.objects.create(**make, unit=cast.centre_group, **closed).pk,
        "resource_id": resource.pk,
        "course_id": course.pk,
        "completion_id": completion.pk,
        "declaration_id": notes.pk,
        "campaign_id": campaign.pk,
        "phase_id": phase.pk,
        "topic_id": topic.pk,
    }


def _works(cast: Any, officer: Any) -> dict[str, Any]:
    """A call that is open, and what a member of the first branch handed in."""
    load_standard_work_kinds(cast.bureau, by=officer)
    kind = WorkKind.objects.get(bureau=cast.bureau, key="essay")
    values = {"kind": kind, "title": "征文", "unit": cast.root, "opened_on": dt.date(2018, 1, 2)}
    call = save_call(**values, by=officer)
    facts = WorkFacts(SECRET, dt.date(2018, 1, 10), author=cast.person("member"))
    work = hand_in(call, facts, by=officer)
    return {"culture.kind_id": kind.pk, "call_id": call.pk, "work_id": work.pk}


def _branch_life(cast: Any, method: WorkingMethod) -> dict[str, Any]:
    """A review of the method, a contact of the first branch, a talk of two of its members."""
    make = {"bureau": cast.bureau}
    review = MethodReview.objects.create(
        **make, method=method, reviewed_on=dt.date(2017, 12, 20), conclusion="continue"
    )
    contact = Contact.objects.create(
        **make,
        person=cast.person("leader"),
        unit=cast.first,
        from_on=dt.date(2017, 1, 1),
        to_on=dt.date(2017, 12, 31),
    )
    one, other = sorted((cast.person("secretary"), cast.person("member")), key=lambda person: person.pk)
    talk = Talk.objects.create(
        **make, unit=cast.first, one=one, other=other, held_on=dt.date(2018, 1, 10), recorded_at=clock.now()
    )
    day = ThemeDay.objects.create(
        **make,
        unit=cast.first,
        day_rule="fixed_day_of_month:15",
        from_on=dt.date(2017, 1, 1),
        to_on=dt.date(2017, 6, 30),
    )
    found = {"review_id": review.pk, "contact_id": contact.pk, "talk_id": talk.pk}
    return {**found, "theme_day_id": day.pk}


def _findings(cast: Any) -> dict[str, Any]:
    """A run with a finding about the first branch, what another has proposed, and settled months."""
    make = {"bureau": cast.bureau}
    first, last = dt.date(2017, 11, 1), dt.date(2017, 11, 30)
    days = {"start": first, "end": last}
    run = Run.objects.create(**make, **days, as_of=clock.today(), status="done", by_label="壬")
    clause = Clause.objects.filter(bureau=cast.bureau, kind="quota", subject="branch").order_by("pk").first()
    facts = {"required": SECRET, "actual": SECRET, "sentence": SECRET, "verdict": "violated"}
    finding = Finding.objects.create(
        **make, **days, run=run, clause=clause, slot=f"x|{clause.key}|1", unit=cast.first, **facts
    )
    proposal = Proposal.objects.create(
        **make, run=run, change="gone", slot=finding.slot, finding=finding, sentence=SECRET
    )
    period = PeriodClose.objects.create(**make, **days, by_label="壬")
    exemption = Exemption.objects.create(
        **make,
        unit=cast.first,
        clause=clause,
        from_on=dt.date(2017, 1, 1),
        to_on=dt.date(2017, 12, 31),
        reason=SECRET,
        approver="机关党委",
        approved_on=dt.date(2017, 1, 10),
        recorded_by_id=cast.officer.pk,
        recorded_by_label="壬",
        recorded_on=dt.date(2017, 1, 10),
    )
    return {
        "exemption_id": exemption.pk,
        "run_id": run.pk,
        "finding_id": finding.pk,
        "proposal_id": proposal.pk,
        "period_id": period.pk,
    }


def _leave(cast: Any) -> dict[str, Any]:
    """Leave that a member of the first branch has asked for, and the draft of a bulletin."""
    bulletin = Bulletin.objects.create(
        bureau=cast.bureau,
        year=2017,
        number=6,
        start=dt.date(2017, 11, 1),
        end=dt.date(2017, 12, 31),
        closing=SECRET,
        prepared_by=cast.person("inspector"),
    )
    leave = LeaveRequest.objects.create(
        bureau=cast.bureau,
        person=cast.person("member"),
        kind="personal",
        from_on=dt.date(2017, 12, 4),
        to_on=dt.date(2017, 12, 5),
        note=SECRET,
        asked_on=dt.date(2017, 12, 1),
        asked_by_label="党员丁",
    )
    return {"leave_id": leave.pk, "bulletin_id": bulletin.pk}


def _registers(cast: Any, officer: Any) -> dict[str, Any]:
    """A report, a check, a liaison officer, a risk, an opinion, a request for correction, a code on paper."""
    make, day = {"bureau": cast.bureau}, dt.date(2018, 1, 10)
    member, leader = cast.person("member"), cast.person("leader")
    for person in (member, leader):
        RankTenure.objects.create(**make, person=person, rank="deputy_division", from_on=dt.date(2015, 1, 1))
    report = MatterReport.objects.create(
        **make, person=leader, year=2018, due_on=dt.date(2018, 1, 31), handed_in_on=day
    )
    check = PaperCheck.objects.create(
        **make, person=leader, kind="file", reason="promotion", year=2018, drawn_on=dt.date(2018, 1, 8)
    )
    liaison = Liaison.objects.create(**make, person=member, unit=cast.department, from_on=day)
    risk = RiskPoint.objects.create(
        **make, unit=cast.department, name="风险点", level="high", measures="措施", review_on=day
    )
    kind = Kind.objects.get(bureau=cast.bureau, key="supervisors")
    facts = GatheringFacts(unit=cast.root, held_on=dt.date(2018, 1, 12), kinds=(kind,), title="座谈会")
    meeting = record_gathering(facts=facts, by=officer)
    opinion = Opinion.objects.create(**make, gathering=meeting, text="意见")
    correction = Correction.objects.create(**make, person=member, about="记录", text="不对", asked_on=day)
    code = PrintedCode.objects.create(
        **make, person=member, hash="0", made_by_label="癸", expires_on=dt.date(2018, 1, 31)
    )
    return {
        "report_id": report.pk,
        "check_id": check.pk,
        "liaison_id": liaison.pk,
        "risk_id": risk.pk,
        "conduct.gathering_id": meeting.pk,
        "opinion_id": opinion.pk,
        "correction_id": correction.pk,
        "code_id": code.pk,
    }


def _contest(bank: Bank, officer: Any) -> dict[str, Any]:
    """A contest with a team and a round that has not begun."""
    contest = save_contest(name="知识竞赛", held_on=dt.date(2018, 1, 15), note="", by=officer)
    set_teams(contest, [("一队", "")], by=officer)
    played = add_round(contest, RoundFacts("必答", "host", 10), bank=bank, topic="", number=1, by=officer)
    return {
        "contest_id": contest.pk,
        "round_id": played.pk,
        "asked_id": played.questions.get().pk,
        "team_key": contest.teams.get().key,
    }


def _papers(cast: Any, officer: Any) -> dict[str, Any]:
    """A document with a draft of a version, and an overview that was issued."""
    source = Version.objects.filter(bureau=cast.bureau, clauses__kind="quota").order_by("pk").first()
    alias = RegulationAlias.objects.create(bureau=cast.bureau, regulation=source.regulation, name="条例")
    draft = clone_version(
        version=source, label="草稿", effective_from=dt.date(2030, 1, 1), by=cast.actor("leader")
    )
    make = {"bureau": cast.bureau}
    text = OverviewTemplate.objects.create(
        **make,
        name="overview",
        version=1,
        title="综述",
        body="# 一\n党员 [[org.members]] 名。",
        saved_at=clock.now(),
        saved_by="壬",
    )
    content = content_of(generate(cast.bureau, dt.date(2018, 1, 12)))
    assert content["numbers"]
    issued = IssuedOverview.objects.create(
        **make,
        title="综述",
        doc_no="示检党〔2018〕1号",
        mark="文件",
        signer="局",
        issued_on=dt.date(2018, 1, 12),
        year=2017,
        as_of=dt.date(2018, 1, 12),
        template=text,
        content=content,
        docx=b"d",
        pdf=b"p",
        docx_sha256="0",
        pdf_sha256="0",
        issued_at=clock.now(),
        issued_by="壬",
    )
    return {
        "regulation_id": source.regulation_id,
        "version_id": draft.pk,
        "clause_id": Clause.objects.filter(version=draft, kind="quota").first().pk,
        "alias_id": alias.pk,
        "issued_id": issued.pk,
        "reports.template_id": text.pk,
    }
