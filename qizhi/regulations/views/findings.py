"""Findings: the list with its filters, and the page on which one explains itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core.days import month_narrowing
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, table_file, writes
from qizhi.core.ids import read_key
from qizhi.core.paging import page_of
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.org.models import Unit
from qizhi.regulations import services
from qizhi.regulations.enums import FindingStatus, Verdict, VersionStatus
from qizhi.regulations.forms.runs import RevokeForm
from qizhi.regulations.kinds import say_differing, say_evidence, say_verdict
from qizhi.regulations.models import Clause, Finding, FindingQuerySet
from qizhi.regulations.permissions import RUN_CLAUSES, SEE_FINDINGS, finding_for
from qizhi.regulations.queries.mentions import mentions_of

PAGE = 50
MOST_EXPORTED = 50_000
ASKED = ("from", "to", "unit", "person", "clause", "verdict", "run", "status")
_LIVE = FindingStatus.LIVE.value
_TEXTS = (
    ("period", "期间", 20),
    ("subject", "对象", 20),
    ("source", "依据", 40),
    ("key", "条款代码", 14),
    ("verdict", "结论", 10),
    ("points", "分值", 8),
    ("required", "应当", 40),
    ("actual", "实际", 40),
    ("sentence", "说明", 60),
    ("status", "状态", 20),
    ("because", "处理理由", 30),
)
COLUMNS = tuple(Column(key=key, label=label, parse=parse_text, width=width) for key, label, width in _TEXTS)

FOUND = [
    (one.value, "未达到、不符合" if one is Verdict.VIOLATED else str(one.label))
    for one in Verdict
    if one is not Verdict.MET
]
"""What may be asked for; where it costs points 未达到 is told as 不符合."""


@reads(SEE_FINDINGS)
def findings(request: HttpRequest) -> HttpResponse:
    """What stands, or what once stood, filtered; also as a file."""
    actor = actor_of(request)
    usual = {"status": _LIVE}
    months = month_narrowing(request, "from", "起始月份"), month_narrowing(request, "to", "截止月份")
    asked = {name: request.GET.get(name, usual.get(name, "")).replace("\x00", "")[:100] for name in ASKED}
    for name, month in zip(("from", "to"), months, strict=True):
        asked[name] = f"{month.start:%Y-%m}" if month else ""
    found = _filtered(actor, asked, *months)
    kind = request.GET.get("format", "")
    if kind in {"xlsx", "csv"}:
        return table_file(COLUMNS, _rows(found.shown()[:MOST_EXPORTED]), "检查发现", kind)
    units = Unit.objects.filter(bureau_id=actor.bureau_id, kind__in=["department", "branch"])
    page = page_of(found.shown(), PAGE, request.GET.get("page"))
    context = {
        "page_of_findings": page,
        "lead": _lead(page.paginator.count, found.filter(verdict=Verdict.EXCUSED).count()),
        "asked": asked,
        "is_filtered": any(value for name, value in asked.items() if name != "status"),
        "is_live": asked["status"] == _LIVE,
        "units": [(str(unit.pk), unit.name) for unit in units.order_by("path")],
        "clauses": _clauses(actor),
        "verdicts": FOUND,
        "statuses": FindingStatus.choices,
        "behind": services.months_behind(actor.bureau_id, _span(*months)),
        "may_run": actor.may(RUN_CLAUSES),
        "today": clock.today(),
    }
    return render(request, "regulations/findings.html", context)


def _lead(number: int, excused: int) -> str:
    """How many there are; what somebody is excused from is told apart."""
    beside = f"，另有 {excused} 条{Verdict.EXCUSED.label}" if excused else ""
    return f"{number - excused} 条{beside}。机器只提出，由人核实；核实以前不扣分"


def _span(first: Period | None, last: Period | None) -> Period | None:
    """The months that are asked for; None where neither end is."""
    if first is None and last is None:
        return None
    return Period(first.start if first else dt.date.min, last.end if last else dt.date.max)


def _filtered(
    actor: Actor, asked: dict[str, str], first: Period | None, last: Period | None
) -> FindingQuerySet:
    """What cannot be read narrows nothing; a unit or run of somebody else's finds nothing."""
    days = (first.start if first else None, last.end if last else None)
    rows = Finding.objects.filter(bureau_id=actor.bureau_id).within(*days)
    if asked["status"] in FindingStatus.values:
        rows = rows.filter(status=asked["status"])
    if asked["verdict"] in Verdict.values:
        rows = rows.filter(verdict=asked["verdict"])
    if asked["clause"]:
        rows = rows.by_clause(asked["clause"])
    if asked["person"].strip():
        rows = rows.about_person(asked["person"])
    if (run_id := read_key(asked["run"])) is not None:
        rows = rows.filter(run_id=run_id)
    if (unit_id := read_key(asked["unit"])) is not None:
        rows = rows.about_unit(Unit(pk=unit_id, bureau_id=actor.bureau_id))
    return rows


def _clauses(actor: Actor) -> list[tuple[str, str]]:
    """Every clause that is or was judged, once each: its address in slots, its document and place there."""
    rows = Clause.objects.filter(bureau_id=actor.bureau_id, version__status=VersionStatus.PUBLISHED)
    rows = rows.exclude(kind="").order_by("version__regulation__code", "position", "key")
    columns = ("version__regulation__code", "key", "number", "version__regulation__title")
    return list(
        {
            f"{code}|{key}": f"《{title}》{number}（{key}）" if number else f"《{title}》{key}"
            for code, key, number, title in rows.values_list(*columns)
        }.items()
    )


def _rows(found: Iterable[Finding]) -> Iterable[dict[str, Any]]:
    for one in found:
        yield {
            "period": one.period_label,
            "subject": one.subject,
            "source": one.clause.source,
            "key": one.clause.key,
            "verdict": one.get_verdict_display(),
            "points": one.points.normalize() if one.points else None,
            "required": one.required,
            "actual": one.actual,
            "sentence": one.sentence,
            "status": one.get_status_display(),
            "because": one.closed_because or None,
        }


@reads(SEE_FINDINGS)
def finding(request: HttpRequest, finding_id: uuid.UUID) -> HttpResponse:
    """One finding as it was made: the rule then in force, the facts, and what became of it."""
    actor = actor_of(request)
    found = finding_for(actor, SEE_FINDINGS, finding_id)
    history = Finding.objects.filter(bureau_id=actor.bureau_id, slot=found.slot).order_by("-found_at", "-pk")
    is_own = found.person_id is not None and found.person_id == actor.person_id
    context = {
        "finding": found,
        "rule": found.evidence.get("rule", {}),
        "facts": say_evidence(found.clause.kind, found.evidence.get("facts", {})),
        "complying": found.evidence.get("complying", ""),
        "recheck": services.recheck(found),
        "may_run": actor.may(RUN_CLAUSES),
        "today": clock.today(),
        "verdict": say_verdict(found.verdict, found.points),
        "mentions": mentions_of(actor, found),
        "differs": say_differing(services.compared_of(found.supersedes), services.compared_of(found))
        if found.supersedes
        else [],
        "history": history.select_related("run").defer("evidence"),
        "may_withdraw": found.status == _LIVE and actor.may(RUN_CLAUSES) and not is_own,
    }
    return render(request, "regulations/finding.html", context)


@writes(RUN_CLAUSES)
def finding_withdraw(request: HttpRequest, finding_id: uuid.UUID) -> HttpResponse:
    """Withdraw a finding by decision, and say why."""
    actor = actor_of(request)
    found = finding_for(actor, RUN_CLAUSES, finding_id)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.withdraw_finding(finding=found, because=form.cleaned_data["because"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已撤销，以后核算不会再次提出。", extra_tags=f"finding-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"finding-{found.pk}"
    return form_page(
        request, form, title="撤销这条发现", lead=found.sentence, back=back, draft=draft, step="撤销"
    )
