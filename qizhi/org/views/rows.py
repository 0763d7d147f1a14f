"""Dated rows of a person, each kind through the same pages: recorded, ended, corrected, removed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal, writes
from qizhi.core.permissions import Permission
from qizhi.core.values import dataclass
from qizhi.org import queries
from qizhi.org.forms import people as forms
from qizhi.org.models import DatedRow, Leave, Membership, Person, Placement, Post, RankTenure, Unit
from qizhi.org.permissions import MANAGE_MEMBERS, MANAGE_PEOPLE, RECORD_LEAVE, SEE_PEOPLE, person_for
from qizhi.org.services import people as services
from qizhi.org.services import rows as row_services


@dataclass(frozen=True)
class Change:
    """A dated change to a person: its words, its forms, its service; `kept` begins as it is today."""

    title: str
    wanted: Permission
    form: type[forms.ChangeForm]
    service: Callable[..., DatedRow]
    model: type[DatedRow]
    correction: type[forms.ChangeForm]
    kept: tuple[str, ...] = ()
    lead: str = ""


CHANGES = {
    "post": Change("任职", MANAGE_PEOPLE, forms.PostForm, services.appoint, Post, forms.CorrectPostForm),
    "placement": Change(
        "调入处室",
        MANAGE_PEOPLE,
        forms.PlacementForm,
        services.place,
        Placement,
        forms.CorrectPlacementForm,
    ),
    "rank": Change(
        "职级变动", MANAGE_PEOPLE, forms.RankForm, services.set_rank, RankTenure, forms.CorrectRankForm
    ),
    "membership": Change(
        "组织关系变动",
        MANAGE_MEMBERS,
        forms.MembershipForm,
        services.set_membership,
        Membership,
        forms.CorrectMembershipForm,
        ("unit", "group", "status"),
        "转正、转到别的支部、换党小组都在这里登记；已按现在的情况填好，只改变动的几项；转到别的支部的，原来的党小组自动去掉",
    ),
    "leave": Change(
        "登记批准的请假",
        RECORD_LEAVE,
        forms.LeaveForm,
        services.record_leave,
        Leave,
        forms.CorrectLeaveForm,
    ),
}


def _change(key: str) -> Change:
    if key not in CHANGES:
        raise Http404
    return CHANGES[key]


def _row(change: Change, person: Person, row_id: uuid.UUID) -> Any:
    own: dict[str, object] = {"bureau_id": person.bureau_id, "person": person, "pk": row_id}
    row = change.model.objects.filter(**own).select_related("person").first()
    if row is None:
        raise Http404
    return row


def _held(change: Change, person: Person) -> dict[str, Any]:
    """What holds today of that which a change mostly leaves as it is."""
    if not change.kept:
        return {}
    own: dict[str, object] = {"bureau_id": person.bureau_id, "person": person}
    row = change.model.objects.on(clock.today()).filter(**own).order_by("from_on").last()
    return {name: getattr(row, f"{name}_id", getattr(row, name)) for name in change.kept} if row else {}


@writes(SEE_PEOPLE)
def person_change(request: HttpRequest, person_id: uuid.UUID, key: str) -> HttpResponse:
    """Record a dated change: post, department, rank, branch or leave."""
    actor, change = actor_of(request), _change(key)
    found = person_for(actor, change.wanted, person_id)
    units = queries.units_on(actor.bureau_id, clock.today()).order_by("path")
    initial = {"from_on": clock.today(), **_held(change, found)}
    form = change.form(request.POST or None, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change.service(person=found, by=actor, **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"{found}：{change.title}已登记。")
            return redirect(found)
    title, back = f"{found}：{change.title}", found.get_absolute_url()
    return form_page(request, form, title=title, lead=change.lead, back=back)


@writes(SEE_PEOPLE)
def row_end(request: HttpRequest, person_id: uuid.UUID, key: str, row_id: uuid.UUID) -> HttpResponse:
    """End a post, placement, rank, membership or leave."""
    actor, change = actor_of(request), _change(key)
    found = person_for(actor, change.wanted, person_id)
    row = _row(change, found, row_id)
    form = forms.EndForm(request.POST or None, initial={"last_day": row.to_on or clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            row_services.end_row(row, last_day=form.cleaned_data["last_day"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "截止日期已登记。")
            return redirect(found)
    return form_page(request, form, title=f"{found}：{row}的截止日期", back=found.get_absolute_url())


@writes(SEE_PEOPLE)
def row_correct(request: HttpRequest, person_id: uuid.UUID, key: str, row_id: uuid.UUID) -> HttpResponse:
    """Correct what was entered wrongly in a row: its days, its unit, what it says."""
    actor, change = actor_of(request), _change(key)
    found = person_for(actor, change.wanted, person_id)
    row = _row(change, found, row_id)
    title = f"{found}：更正{row._meta.verbose_name}"
    names = [name for name in change.correction.base_fields if name != "is_joined"]
    form = change.correction(
        request.POST or None,
        # Also closed units: what is corrected may lie in their time.
        units=Unit.objects.filter(bureau_id=actor.bureau_id).order_by("path"),
        initial={name: getattr(row, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        is_joined = bool(values.pop("is_joined", False))
        try:
            along = row_services.correct_row(row, values=values, is_joined=is_joined, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已更正。{_say_along(along)}")
            return redirect(found)
    lead = "改的是登记错的内容，以前的日期也按更正后的计算；是后来发生的变动，请返回另行登记。"
    return form_page(request, form, title=title, lead=lead, back=found.get_absolute_url())


@writes(SEE_PEOPLE)
def row_remove(request: HttpRequest, person_id: uuid.UUID, key: str, row_id: uuid.UUID) -> HttpResponse:
    """Remove a row that was entered by mistake, with the reason."""
    actor, change = actor_of(request), _change(key)
    found = person_for(actor, change.wanted, person_id)
    if request.method == "POST" and not change.model.objects.filter(pk=row_id).exists():
        messages.info(request, "这条记录已经删除。")  # a second click
        return redirect(found)
    row = _row(change, found, row_id)
    former = row_services.neighbours_of(row).before
    words = row_services.say_row(former) if former else ""
    form = forms.RemoveRowForm(request.POST or None, former=words)
    if request.method == "POST" and form.is_valid():
        try:
            along = row_services.remove_row(row, by=actor, **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已删除。{_say_along([along] if along else [])}")
            return redirect(found)
    return form_page(
        request,
        form,
        title=f"{found}：删除{row._meta.verbose_name}",
        lead=f"{row_services.say_row(row)}。只删登记错的；曾经真有、现在结束了的，请登记截止日期。",
        back=found.get_absolute_url(),
        step="删除",
    )


def _say_along(rows: Sequence[DatedRow]) -> str:
    said = "；".join(row_services.say_row(row) for row in rows)
    return f"相邻的记录跟着改成：{said}。" if said else ""
