"""Cases: the list, one of them with all its steps, drafts, papers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.forms.cases import CaseForm, DespiteForm
from qizhi.conduct.forms.parts import written
from qizhi.conduct.models import Case
from qizhi.conduct.permissions.cases import (
    RECORD_CASES,
    SEE_CASE,
    SEE_CASES,
    case_for,
    cases_for,
    finding_for_case,
    inspection_for,
    is_concerned,
    note_for_case,
    observation_for,
)
from qizhi.conduct.queries.cases import listed, states_offered
from qizhi.conduct.queries.clauses import clause_keys, clauses_with_points
from qizhi.conduct.queries.desk import next_steps, waiting_of, why_not
from qizhi.conduct.queries.findings import is_corrected
from qizhi.conduct.queries.notes import clause_of_note
from qizhi.conduct.services import drafts, papers
from qizhi.conduct.services.drafts import CaseFacts
from qizhi.conduct.views.shared import columns, paper_file, posted, step_page
from qizhi.core import audit, clock
from qizhi.core.http import actor_of, key_asked, reads, table_file, writes
from qizhi.core.paging import page_of
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.years import year_narrowing, years_offered
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import units_on
from qizhi.regulations.permissions import RUN_CLAUSES, SEE_FINDINGS
from qizhi.regulations.services import recheck
from qizhi.tasks.models import DutyNote

PAGE = 50
OPEN = (CaseStatus.DRAFT, CaseStatus.NOTIFIED, CaseStatus.DECIDED, CaseStatus.APPEALED)
"""States in which something can still be done about a fact that has changed."""
COLUMNS = columns(
    ("number", "编号"),
    ("person", "当事人"),
    ("unit", "责任组织"),
    ("happened_on", "发生日期"),
    ("clause", "依据"),
    ("fact", "事实"),
    ("points", "分值"),
    ("status", "状态"),
    ("notified_on", "告知日期"),
    ("decided_on", "决定日期"),
    ("final_on", "生效日期"),
)


@reads(SEE_CASES)
def cases(request: HttpRequest) -> HttpResponse:
    """All cases, filtered; as a file if one is asked for."""
    actor = actor_of(request)
    year, status = year_narrowing(request), request.GET.get("status", "")
    text, unit = request.GET.get("q", "").strip(), request.GET.get("unit", "")
    clause = request.GET.get("clause", "").strip()
    rows = listed(cases_for(actor), status=status, year=year, text=text, unit=unit, clause=clause)
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, map(_row, rows), "微违规事项", file)
    context = {
        "page_of_cases": page_of(rows, PAGE, request.GET.get("page")),
        "clause": clause,
        "clauses": clause_keys(actor.bureau_id),
        "statuses": states_offered(),
        "status": status,
        "year": year,
        "years": years_offered(request),
        "text": text,
        "unit": unit,
        "units": units_on(actor.bureau_id, clock.today(), UnitKind.DEPARTMENT, UnitKind.BRANCH),
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/cases.html", context)


def _row(case: Case) -> dict[str, object]:
    return {
        "number": str(case),
        "person": str(case.person or ""),
        "unit": str(case.unit or ""),
        "happened_on": case.happened_on,
        "clause": case.clause.source,
        "fact": case.fact,
        "points": case.points if case.final_points is None else case.final_points,
        "status": case.status_said,
        "notified_on": case.notified_on,
        "decided_on": case.decided_on,
        "final_on": case.final_on,
    }


@reads(SEE_CASE)
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One case: the fact, the rule then in force, the days counted, the papers, the steps, what is next."""
    actor, today = actor_of(request), clock.today()
    found = case_for(actor, SEE_CASE, case_id)
    sees_all = actor.may(SEE_CASES) and actor.reach(SEE_CASES).is_all
    steps = list(found.steps.filter(bureau_id=found.bureau_id).select_related("by").order_by("at", "id"))
    context = {
        "case": found,
        "steps": steps,
        "waiting": waiting_of(found, actor, today),
        "is_corrected": is_corrected(found),
        "next_steps": next_steps(actor, found, today),
        "why_not": why_not(actor, found),
        "is_own": is_concerned(actor, found),
        "sees_all": sees_all,
        "may_see_findings": sees_all and actor.may(SEE_FINDINGS),
        "referrals": found.referrals.filter(bureau_id=found.bureau_id) if sees_all else [],
        "may_refer": sees_all and actor.may(RECORD_CASES) and found.status not in {"dropped", "cleared"},
        "recheck": recheck(found.finding) if found.status in OPEN else None,
        "may_run": actor.may(RUN_CLAUSES),
        "today": today,
        "papers": papers.papers_of(found, steps),
        "history": audit.tell(found) if sees_all else [],
    }
    return render(request, "conduct/case.html", context)


@reads(SEE_CASE)
def case_paper(request: HttpRequest, case_id: uuid.UUID, document: str, kind: str) -> HttpResponse:
    """A paper of the case as docx or PDF."""
    actor = actor_of(request)
    found = case_for(actor, SEE_CASE, case_id)
    wanted = next((one for one in papers.papers_of(found) if one.key == document), None)
    if wanted is None or kind not in {"docx", "pdf"}:
        raise Http404
    return paper_file(found, wanted, kind)


def _facts(values: dict[str, Any], **more: Any) -> CaseFacts:
    return CaseFacts(**{name: value for name, value in values.items() if name != "id"}, **more)


def _units(actor: Actor) -> QuerySet[Unit]:
    kinds = (UnitKind.DEPARTMENT, UnitKind.BRANCH, UnitKind.COMMITTEE, UnitKind.CENTRE_GROUP)
    return units_on(actor.bureau_id, clock.today(), *kinds)


@writes(RECORD_CASES)
def case_new(request: HttpRequest) -> HttpResponse:
    """Draft a case by hand."""
    actor = actor_of(request)
    key = key_asked(request, "inspection")
    inspection = inspection_for(actor, RECORD_CASES, key) if key else None
    form = CaseForm(
        posted(request),
        bureau_id=actor.bureau_id,
        clauses=clauses_with_points(actor.bureau_id),
        units=_units(actor),
        initial={"happened_on": clock.today()},
    )
    return step_page(
        request,
        form,
        lambda values: drafts.draft_case(_facts(values, inspection=inspection), by=actor, id=values["id"]),
        title="草拟事项",
        lead="系统先查请假、借调和试用期；草拟以后由人核对、告知，没有决定不计分",
        back=reverse("conduct:cases"),
        done="已草拟，请核对后告知。",
    )


@writes(RECORD_CASES)
def case_edit(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Change a draft."""
    actor = actor_of(request)
    found = case_for(actor, RECORD_CASES, case_id)
    names = ("unit", "clause", "happened_on", "fact", "evidence", "points")
    form = CaseForm(
        posted(request),
        bureau_id=actor.bureau_id,
        clauses=clauses_with_points(actor.bureau_id),
        units=_units(actor),
        initial={
            **{name: getattr(found, name) for name in names},
            "person": written(found.person),
            "despite": found.excuses.partition("理由：")[2],
        },
    )
    kept = {name: getattr(found, name) for name in ("finding", "observation", "inspection", "note")}
    return step_page(
        request,
        form,
        lambda values: drafts.edit_case(found, _facts(values, **kept), by=actor),
        title="修改草拟",
        lead=str(found),
        back=found.get_absolute_url(),
        done="已保存。",
    )


@writes(RECORD_CASES)
def case_from_finding(request: HttpRequest, finding_id: uuid.UUID) -> HttpResponse:
    """Draft a case of what a run has found."""
    actor = actor_of(request)
    finding = finding_for_case(actor, finding_id)
    key = key_asked(request, "inspection")
    inspection = inspection_for(actor, RECORD_CASES, key) if key else None
    return _from(request, drafts.facts_of_finding(finding, inspection=inspection))


@writes(RECORD_CASES)
def case_from_observation(request: HttpRequest, observation_id: uuid.UUID) -> HttpResponse:
    """Draft a case of what an inspection has seen."""
    observation = observation_for(actor_of(request), RECORD_CASES, observation_id)
    return _from(request, drafts.facts_of_observation(observation))


@writes(RECORD_CASES)
def case_from_note(request: HttpRequest, note_id: uuid.UUID) -> HttpResponse:
    """Draft a case of what was noted under the negative list: all of it can be changed before it is kept."""
    actor = actor_of(request)
    note = note_for_case(actor, note_id)
    clauses = clauses_with_points(actor.bureau_id)
    form = CaseForm(
        posted(request),
        bureau_id=actor.bureau_id,
        clauses=clauses,
        units=_units(actor),
        initial={
            "person": written(note.person),
            "unit": None if note.person else note.unit_id,
            "clause": clause_of_note(note, list(clauses)),
            "happened_on": note.noted_on,
            "fact": note.words,
            "evidence": "\n".join(_told_by(note)),
        },
    )
    return step_page(
        request,
        form,
        lambda values: drafts.draft_case(_facts(values, note=note), by=actor, id=values["id"]),
        title="据负面清单记事草拟事项",
        lead=f"{note.person or note.unit}：{note.words}。记事只供核实：核实了再草拟，没有决定不计分。",
        back=note.duty.get_absolute_url(),
        done="已草拟，请核对后告知。",
        step="草拟",
    )


def _told_by(note: DutyNote) -> Iterator[str]:
    """Where a note stands, and the record that it names."""
    yield f"{note.duty.source_label}第{note.duty.position}项：{note.duty}"
    if note.link_label:
        yield f"原始记录：{note.link_label}"


def _from(request: HttpRequest, facts: CaseFacts) -> HttpResponse:
    actor, found = actor_of(request), drafts.excuses(facts)
    clause, points = facts.clause, facts.clause.points if facts.points is None else facts.points
    about = [
        ("当事人", f"{facts.person or facts.unit}，{say_day(facts.happened_on)}"),
        ("事实", facts.fact),
        ("依据的材料", facts.evidence),
        ("规定", f"{clause.source}：{clause.text}（拟扣{-points.normalize():f}分）"),
    ]
    lead = f"有免予记分的情形，不建议立案：{'；'.join(found)}。" if found else "核对以后按“草拟”，还可以修改"
    back = facts.inspection.get_absolute_url() if facts.inspection else reverse("conduct:home")
    return step_page(
        request,
        DespiteForm(posted(request)),
        lambda values: drafts.draft_case(
            CaseFacts(**{**vars(facts), "despite": values["despite"]}), by=actor, id=values["id"]
        ),
        title="据此草拟事项",
        lead=lead,
        back=back,
        about=about,
        done="已草拟，请核对后告知。",
        step="草拟",
    )
