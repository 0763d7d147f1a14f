"""The register of branches that are excused from a clause, and the pages that change it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.days import day_filling
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, table_file, writes
from qizhi.core.ids import read_key
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.core.years import year_narrowing, years_offered
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations import queries, services
from qizhi.regulations.forms.exemptions import (
    CorrectExemptionForm,
    ExemptionForm,
    WithdrawExemptionForm,
)
from qizhi.regulations.kinds import excusable_kinds
from qizhi.regulations.models import Clause, Exemption
from qizhi.regulations.permissions import EXCUSE_BRANCHES, SEE_EXEMPTIONS, exemption_for

PAGE = 50
SAID = tuple(CorrectExemptionForm.base_fields)
STANDINGS = [("standing", "没有撤销的"), ("withdrawn", "已撤销的")]
_TEXTS = (
    ("unit", "党支部", 20, parse_text),
    ("key", "条款代码", 12, parse_text),
    ("clause", "条款", 40, parse_text),
    ("from_on", "起始日期", 14, parse_day),
    ("to_on", "截止日期", 14, parse_day),
    ("reason", "免除理由", 30, parse_text),
    ("approver", "批准", 20, parse_text),
    ("approved_on", "批准日期", 14, parse_day),
    ("recorded_by", "登记人", 14, parse_text),
    ("recorded_on", "登记日期", 14, parse_day),
    ("withdrawn_on", "撤销日期", 14, parse_day),
    ("withdrawn_because", "撤销理由", 30, parse_text),
)
COLUMNS = tuple(Column(key=key, label=label, parse=parse, width=width) for key, label, width, parse in _TEXTS)


@reads(SEE_EXEMPTIONS)
def exemptions(request: HttpRequest) -> HttpResponse:
    """Every exemption of the branches that the reader may look at, newest first; also as a file."""
    actor = actor_of(request)
    branches = _branches(actor)
    asked = {name: request.GET.get(name, "") for name in ("unit", "standing")}
    year = year_narrowing(request, is_ahead=True)
    found = queries.exemptions_seen(actor)
    if asked["standing"] in {"standing", "withdrawn"}:
        found = found.filter(withdrawn_on__isnull=asked["standing"] == "standing")
    if year:
        found = found.filter(from_on__lte=dt.date(year, 12, 31), to_on__gte=dt.date(year, 1, 1))
    if asked["unit"] in {str(unit.pk) for unit in branches}:
        found = found.filter(unit_id=asked["unit"])
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, _rows(found), "免除登记", file)
    page = page_of(found, PAGE, request.GET.get("page"))
    for row in page:
        row.doubt = services.doubt_of(row)  # read by the list
    context = {
        "page_of_exemptions": page,
        "asked": {**asked, "year": year},
        "is_filtered": bool(year) or any(asked.values()),
        "branches": branches,
        "years": years_offered(request),
        "standings": STANDINGS,
        "may_excuse": actor.may(EXCUSE_BRANCHES),
    }
    return render(request, "regulations/exemptions.html", context)


def _branches(actor: Actor) -> list[Unit]:
    rows = Unit.objects.filter(actor.reach(SEE_EXEMPTIONS).units(""), kind=UnitKind.BRANCH)
    return list(rows.order_by("position", "code"))


def _rows(found: Iterable[Exemption]) -> Iterator[dict[str, Any]]:
    for row in found:
        yield {
            "unit": str(row.unit),
            "key": row.clause.key,
            "clause": row.clause.source,
            "from_on": row.from_on,
            "to_on": row.to_on,
            "reason": row.reason,
            "approver": row.approver,
            "approved_on": row.approved_on,
            "recorded_by": row.recorded_by_label,
            "recorded_on": row.recorded_on,
            "withdrawn_on": row.withdrawn_on,
            "withdrawn_because": row.withdrawn_because or None,
        }


@writes(EXCUSE_BRANCHES)
def exemption_new(request: HttpRequest) -> HttpResponse:
    """Excuse branches from a clause; a page of a branch fills in which, and for which days.

    With `reload` nothing is saved: the page asks which clauses ask for the same of what was chosen so far.
    """
    actor = actor_of(request)
    is_reload = "reload" in request.POST
    clauses = queries.excusable_clauses(actor.bureau_id, excusable_kinds())
    form = ExemptionForm(
        request.POST if request.method == "POST" and not is_reload else None,
        units=Unit.objects.filter(actor.reach(EXCUSE_BRANCHES).units(""), kind=UnitKind.BRANCH).order_by(
            "position", "code"
        ),
        clauses=clauses,
        initial=_typed(request.POST) if is_reload else _asked(request, clauses),
    )
    if form.is_bound and form.is_valid():
        try:
            said = services.ExemptionValues(**{name: form.cleaned_data[name] for name in SAID})
            made = services.excuse_branches(
                asked=form.asked, values=said, by=actor, id=form.cleaned_data["id"]
            )
        except Refused as error:
            say_refusal(form, error, "units" if error.field == "unit" else None)
        else:
            messages.success(request, _say_made(made), extra_tags="exemption-new")
            for doubt in dict.fromkeys(filter(None, map(services.doubt_of, made))):
                messages.warning(request, doubt)
            return redirect("regulations:exemptions")
    context = {"form": form, "doubt": services.doubt_about(*form.chosen) if form.chosen else ""}
    return render(request, "regulations/exemption_new.html", context, status=422 if form.errors else 200)


def _typed(data: QueryDict) -> dict[str, Any]:
    """What was chosen so far, as the values of a form that is not judged yet."""
    several = {name: data.getlist(name) for name in ("units", "alike")}
    return {name: data.get(name) for name in ("clause", "from_on", "to_on", "seen")} | several


def _say_made(made: Sequence[Exemption]) -> str:
    if not made:
        return "这张表单已经登记过，没有重复登记。"
    units = "、".join(dict.fromkeys(str(one.unit) for one in made))
    keys = list(dict.fromkeys(one.clause.key for one in made))
    also = f"，要求相同的{'、'.join(keys[1:])}一并免除" if keys[1:] else ""
    return f"已登记：{units}免除{keys[0]}（{made[0].days_label}）{also}。"


def _asked(request: HttpRequest, clauses: Iterable[Clause]) -> dict[str, Any]:
    """What the address fills in; the clause in any of its versions."""
    found: dict[str, Any] = {"approved_on": clock.today()}
    for name, label in (("from_on", "开始日期"), ("to_on", "截止日期")):
        found[name] = day_filling(request, name, label)
    newest = {clause.asked_by: str(clause.pk) for clause in clauses}
    found["clause"] = newest.get(request.GET.get("clause", ""), "")
    found["units"] = [key for word in request.GET.getlist("unit") if (key := read_key(word))]
    return found


@writes(EXCUSE_BRANCHES)
def exemption_edit(request: HttpRequest, exemption_id: uuid.UUID) -> HttpResponse:
    """Correct the days, the reason or the approval of an exemption."""
    actor = actor_of(request)
    found = exemption_for(actor, EXCUSE_BRANCHES, exemption_id)
    together = queries.given_together(found)
    form = CorrectExemptionForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(found, name) for name in SAID},
        own=found.clause.key,
        together=[one.clause.key for one in together],
    )
    draft = f"exemption {found.pk}"
    if form.is_bound and form.is_valid():
        values = services.ExemptionValues(**{name: form.cleaned_data[name] for name in SAID})
        also = together if form.is_all else []
        try:
            services.correct_exemption(found, values=values, by=actor, alike=also)
        except Refused as error:
            say_refusal(form, error)
        else:
            more = f"，一并更正{'、'.join(one.clause.key for one in also)}" if also else ""
            messages.success(request, f"已更正：{found}{more}。", extra_tags=draft)
            if doubt := services.doubt_of(found):
                messages.warning(request, doubt)
            return redirect("regulations:exemptions")
    lead = f"{found.unit}：{found.clause.source}。支部或条款选错了的，撤销后重新登记"
    back = reverse("regulations:exemptions")
    told = audit.tell(found)
    return form_page(request, form, title="更正免除", lead=lead, back=back, draft=draft, history=told)


@writes(EXCUSE_BRANCHES)
def exemption_withdraw(request: HttpRequest, exemption_id: uuid.UUID) -> HttpResponse:
    """Take an exemption back, and say why."""
    actor = actor_of(request)
    found = exemption_for(actor, EXCUSE_BRANCHES, exemption_id)
    together = queries.given_together(found)
    form = WithdrawExemptionForm(
        request.POST if request.method == "POST" else None,
        own=found.clause.key,
        together=[one.clause.key for one in together],
    )
    draft = f"exemption-withdraw {found.pk}"
    if form.is_bound and form.is_valid():
        try:
            also = together if form.is_all else []
            services.withdraw_exemption(found, because=form.cleaned_data["because"], by=actor, alike=also)
        except Refused as error:
            form.add_error(None, error.message)
        else:
            more = f"，一并撤销{'、'.join(one.clause.key for one in also)}" if also else ""
            messages.success(request, f"已撤销：{found}{more}。这些日子又按条款要求。", extra_tags=draft)
            return redirect("regulations:exemptions")
    back, lead = reverse("regulations:exemptions"), f"{found}：{found.words}"
    return form_page(request, form, title="撤销免除", lead=lead, back=back, draft=draft, step="撤销")
