"""The voting roll of a branch on a day and of a gathering, and the register of members left out."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock, periods
from qizhi.core.days import day_asked
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, table_file, writes
from qizhi.core.periods import Period
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.gatherings import services
from qizhi.gatherings.forms.voting import ChangeExclusionForm, ExclusionForm
from qizhi.gatherings.models import VotingExclusion
from qizhi.gatherings.permissions import (
    MANAGE_VOTING,
    SEE,
    SEE_VOTING,
    branch_for,
    exclusion_for,
    gathering_for,
)
from qizhi.gatherings.queries import voting as queries
from qizhi.gatherings.queries.roster import Roster, exceptions_of
from qizhi.org.enums import MemberStatus
from qizhi.org.models import Membership, Person

COLUMNS = tuple(
    Column(key=key, label=label, parse=parse_text, width=width)
    for key, label, width in (
        ("staff_no", "工号", 12),
        ("name", "姓名", 14),
        ("votes", "表决权", 10),
        ("counted", "选举、接收党员时计入应到", 26),
        ("word", "说明", 48),
    )
)


def _back(unit_id: uuid.UUID) -> str:
    return reverse("gatherings:branch_voting", args=[unit_id])


@reads(SEE_VOTING)
def branch_voting(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """Who votes in a branch on a day, who does not and why, who is left out; to print and export."""
    actor, day = actor_of(request), day_asked(request)
    unit = branch_for(actor, SEE_VOTING, unit_id)
    roster = Roster.load(actor.bureau_id, [unit], Period(day, day))
    sheet = queries.voting_sheet(actor.bureau_id, queries.branch_roll(unit, day, roster))
    if (wanted := request.GET.get("format")) in {"xlsx", "csv"}:
        return _file(sheet, wanted, f"{unit.name}表决名册-{day:%Y%m%d}")
    may_manage = actor.may(MANAGE_VOTING, unit.pk, unit.path)
    context = {
        "unit": unit,
        "day": day,
        "lead": f"{unit.full_label} · {periods.say_day(day)}",
        "sheet": sheet,
        "register": queries.register_of(unit, day),
        "may_manage": may_manage,
    }
    return render(request, "gatherings/branch_voting.html", context)


def _file(sheet: queries.VotingSheet, wanted: str, name: str) -> HttpResponse:
    rows: list[dict[str, object]] = [
        {
            "staff_no": line.person.staff_no,
            "name": line.person.name,
            "votes": "有" if line.is_voter else "没有",
            "counted": "计入" if line.is_voter and not line.is_left_out else "不计入",
            "word": line.word or None,
        }
        for line in sheet.lines
    ]
    return table_file(COLUMNS, rows, name, wanted, title="表决名册")


@reads(SEE)
def voting_roll(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The voting roll of a gathering, with who was there; to print."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    if not gathering.is_readable:  # type: ignore[attr-defined] # annotated by gathering_for
        raise Http404
    day = Period(gathering.held_on, gathering.held_on)
    roster = Roster.load(actor.bureau_id, [gathering.unit], day)
    audiences = {kind.audience for kind in gathering.kinds.all()}
    sheet = queries.voting_sheet(actor.bureau_id, queries.roll_at(gathering, audiences, roster))
    away = exceptions_of(actor.bureau_id, [gathering.pk])[gathering.pk].keys()
    context = {
        "gathering": gathering,
        "lead": f"{gathering.unit.full_label} · {gathering.day_label} · {gathering.title}",
        "sheet": sheet,
        "away": away,
        "present": len(sheet.roll.voters - away),
    }
    return render(request, "gatherings/voting_roll.html", context)


@writes(MANAGE_VOTING)
def exclusion_new(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """Register a member of the branch who cannot come for one of the five reasons."""
    actor = actor_of(request)
    unit = branch_for(actor, MANAGE_VOTING, unit_id)
    members = Membership.objects.filter(bureau_id=actor.bureau_id, unit=unit, status=MemberStatus.FULL)
    people = Person.objects.filter(bureau_id=actor.bureau_id, pk__in=members.values("person_id"))
    initial = {"person": request.GET.get("person"), "from_on": clock.today()}
    here = members.on(clock.today()).values_list("person_id", flat=True)
    form = ExclusionForm(request.POST or None, people=people, here=here, initial=initial)
    draft = f"exclusion-new {unit.pk}"
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        key, person = values.pop("id"), values.pop("person")
        try:
            made = services.save_exclusion(unit=unit, person=person, values=values, by=actor, id=key)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, _told(made), extra_tags=draft)
            return redirect(_back(unit.pk))
    return form_page(
        request, form, title="登记不计入应到的党员", lead=str(unit), back=_back(unit.pk), draft=draft
    )


@writes(MANAGE_VOTING)
def exclusion_edit(request: HttpRequest, exclusion_id: uuid.UUID) -> HttpResponse:
    """Correct a row of the register, or add an approval."""
    actor = actor_of(request)
    found = exclusion_for(actor, MANAGE_VOTING, exclusion_id)
    initial = {name: getattr(found, name) for name in ChangeExclusionForm.base_fields}
    form = ChangeExclusionForm(request.POST or None, initial=initial)
    draft = f"exclusion {found.pk}"
    if request.method == "POST" and form.is_valid():
        try:
            services.save_exclusion(
                unit=found.unit, person=found.person, values=form.cleaned_data, by=actor, exclusion=found
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, _told(found), extra_tags=draft)
            return redirect(_back(found.unit_id))
    context = {
        "form": form,
        "exclusion": found,
        "lead": str(found.unit),
        "back": _back(found.unit_id),
        "draft": draft,
        "history": audit.tell(found),
    }
    return render(request, "gatherings/exclusion.html", context, status=422 if form.errors else 200)


def _told(row: VotingExclusion) -> str:
    """Whether the row counts now, and what it waits for."""
    if row.consented_on and row.approved_on:
        return f"已保存：两项手续齐全，{row}在选举和接收党员时不计入应到。"
    return f"已保存：手续还没有齐全，{row}仍计入应到。"


@writes(MANAGE_VOTING)
def exclusion_remove(request: HttpRequest, exclusion_id: uuid.UUID) -> HttpResponse:
    """Take out a row that was entered by mistake."""
    actor = actor_of(request)
    found = exclusion_for(actor, MANAGE_VOTING, exclusion_id)
    if request.method == "POST":
        services.remove_exclusion(found, by=actor)
        messages.success(request, f"{found}的登记已删除，从现在起仍计入应到。")
    return redirect(_back(found.unit_id))
