"""Leave of one person: the balance with its arithmetic, requests, and what is done with one of them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.forms.leave import AskLeaveForm, DecideLeaveForm, ReturnLeaveForm, VoidLeaveForm
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.permissions.leave import (
    APPROVE_LEAVE,
    ASK_LEAVE,
    REGISTER_LEAVE,
    SEE_LEAVE,
    SEE_LEAVES,
    leave_for,
    own_person,
)
from qizhi.conduct.queries import leave as queries
from qizhi.conduct.rules.leave import LEVELS, Away, Level
from qizhi.conduct.services import leave as services
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, writes
from qizhi.core.periods import Period, say_day
from qizhi.core.permissions import Actor
from qizhi.core.years import year_asked, years_offered
from qizhi.org.models import Person

DRAFT = "leave-new"


@reads(ASK_LEAVE)
def my_leave(request: HttpRequest) -> HttpResponse:
    """The own annual leave of a year, and everything asked so far."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    person = own_person(actor)
    rows = list(queries.requests_of(person))
    context = {
        "person": person,
        "year": year,
        "years": years_offered(request),
        "balance": queries.balance_of(person, queries.reckoning_day(year, clock.today())),
        "rows": [row for row in rows if year in {row.from_on.year, row.to_on.year}],
        "today": clock.today(),
        "may_see_all": actor.may(SEE_LEAVES),
        "may_approve": actor.may(APPROVE_LEAVE),
    }
    return render(request, "conduct/my_leave.html", context)


@writes(ASK_LEAVE)
def leave_new(request: HttpRequest) -> HttpResponse:
    """Ask for leave for oneself."""
    actor = actor_of(request)
    person = own_person(actor)
    approval = services.approval_of(person)
    data = request.POST if request.method == "POST" else None
    form = AskLeaveForm(data, approvers=approval.people)
    if form.is_bound and form.is_valid():
        try:
            made = services.request_leave(
                person=person, fact=form.fact, approver=form.chosen, by=actor, id=form.cleaned_data["id"]
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已申请，等{_who(approval)}审批。", extra_tags=DRAFT)
            return redirect(made)
    return form_page(
        request,
        form,
        title="申请请假",
        lead=_lead(person, approval),
        back=reverse("conduct:my_leave"),
        draft=DRAFT,
        step="申请",
    )


def _who(approval: queries.Approval) -> str:
    names = "、".join(one.name for one in approval.people)
    return f"{LEVELS[approval.level]}{f'（{names}）' if names else ''}"


def _lead(person: Person, approval: queries.Approval) -> str:
    left = queries.balance_of(person, clock.today())
    return f"{left.year}年年休假{left.words}；由{_who(approval)}审批"


@reads(SEE_LEAVE)
def leave(request: HttpRequest, leave_id: uuid.UUID) -> HttpResponse:
    """One leave: its days, who decided, whether they are back; and the next step."""
    actor = actor_of(request)
    row = leave_for(actor, SEE_LEAVE, leave_id)
    is_own, approval = row.person_id == actor.person_id, services.approval_of(row.person)
    may_register = actor.may(REGISTER_LEAVE)
    is_waiting = row.status == LeaveStatus.REQUESTED
    context = {
        "row": row,
        "is_own": is_own,
        "who": _who(approval),
        "taken": queries.taken_of(row),
        "balances": queries.balances_asked(row.person, Period(row.from_on, row.to_on))
        if is_waiting and row.kind == Away.ANNUAL
        else [],
        "rolls": queries.rolls_of(row),
        "may_decide": is_waiting and _may_decide(row, actor, approval),
        "may_return": _may_return(row, actor),
        "may_cancel": _may_cancel(row, actor),
        "may_void": _may_void(row, actor),
        "today": clock.today(),
        "is_over": row.status == LeaveStatus.APPROVED and row.to_on < clock.today(),
        "is_early": bool(row.returned_on and row.returned_on <= row.to_on),
        "history": audit.tell(row) if is_own or may_register else [],
    }
    return render(request, "conduct/leave.html", context)


def _may_decide(row: LeaveRequest, actor: Actor, approval: queries.Approval) -> bool:
    """By rank; the answer of a body above is entered by personnel. Never the own request."""
    is_entered = approval.level is Level.SUPERIOR and actor.may(REGISTER_LEAVE)
    return row.person_id != actor.person_id and (approval.has(actor.person_id) or is_entered)


def _may_return(row: LeaveRequest, actor: Actor) -> bool:
    is_theirs = row.person_id == actor.person_id or actor.may(REGISTER_LEAVE)
    return is_theirs and row.status == LeaveStatus.APPROVED and row.from_on < clock.today()


def _may_cancel(row: LeaveRequest, actor: Actor) -> bool:
    is_theirs = row.person_id == actor.person_id or actor.may(REGISTER_LEAVE)
    is_ahead = row.status == LeaveStatus.APPROVED and row.from_on > clock.today()
    return is_theirs and (row.status == LeaveStatus.REQUESTED or is_ahead)


def _may_void(row: LeaveRequest, actor: Actor) -> bool:
    """Personnel, where nothing else takes it back; never the own leave."""
    is_over = row.status == LeaveStatus.RETURNED
    is_begun = row.status == LeaveStatus.APPROVED and row.from_on <= clock.today()
    return actor.may(REGISTER_LEAVE) and row.person_id != actor.person_id and (is_over or is_begun)


@writes(SEE_LEAVE)
def leave_decide(request: HttpRequest, leave_id: uuid.UUID) -> HttpResponse:
    """Approve or refuse a request."""
    actor = actor_of(request)
    row = leave_for(actor, SEE_LEAVE, leave_id)
    if not _may_decide(row, actor, services.approval_of(row.person)):
        raise Http404
    if row.status != LeaveStatus.REQUESTED:
        messages.info(request, f"这份请假已经是“{row.get_status_display()}”。")
        return redirect(row)
    form = DecideLeaveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        is_approved = form.cleaned_data["verdict"] == "yes"
        try:
            services.decide_leave(
                row, is_approved=is_approved, reason=form.cleaned_data["reason"].strip(), by=actor
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            words = "已批准，名册自动认作请假，已登记的也随之更改。" if is_approved else "已答复不批准。"
            messages.success(request, words, extra_tags=f"leave-{row.pk}")
            return redirect(row)
    return form_page(
        request,
        form,
        title=f"审批{row.person}的请假",
        lead=_say_for_approval(row),
        back=row.get_absolute_url(),
        draft=f"leave-{row.pk}",
        step="提交审批",
    )


def _say(row: LeaveRequest) -> str:
    return f"{row.get_kind_display()} {say_day(row.from_on)}至{say_day(row.to_on)}"


def _say_for_approval(row: LeaveRequest) -> str:
    """What whoever approves has to know: the days, how many of them are worked, why, what is left."""
    taken = queries.taken_of(row)
    said = [_say(row), taken.unknown or f"{taken.working_days} 个工作日"]
    if row.note:
        said.append(f"说明：{row.note}")
    if row.kind == Away.ANNUAL:
        said += [
            f"批准以后{left.year}年年休假{left.words}"
            for left in queries.balances_asked(row.person, Period(row.from_on, row.to_on))
        ]
    return "；".join(said)


@writes(SEE_LEAVE)
def leave_return(request: HttpRequest, leave_id: uuid.UUID) -> HttpResponse:
    """Register the return: one's own, or (personnel) somebody's."""
    actor = actor_of(request)
    wanted = REGISTER_LEAVE if actor.may(REGISTER_LEAVE) else ASK_LEAVE
    row = leave_for(actor, wanted, leave_id)
    if row.status != LeaveStatus.APPROVED:
        messages.info(request, f"这份请假现在是“{row.get_status_display()}”，不用销假。")
        return redirect(row)
    data = request.POST if request.method == "POST" else None
    form = ReturnLeaveForm(data, initial={"returned_on": queries.back_on(row)})
    if form.is_bound and form.is_valid():
        try:
            services.register_return(row, returned_on=form.cleaned_data["returned_on"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已销假。", extra_tags=f"return-{row.pk}")
            return redirect(row)
    back, draft = row.get_absolute_url(), f"return-{row.pk}"
    title = f"{row.person}销假"
    return form_page(request, form, title=title, lead=_say(row), back=back, draft=draft, step="销假")


@writes(SEE_LEAVE)
def leave_cancel(request: HttpRequest, leave_id: uuid.UUID) -> HttpResponse:
    """Take a request back."""
    actor = actor_of(request)
    wanted = REGISTER_LEAVE if actor.may(REGISTER_LEAVE) else ASK_LEAVE
    row = leave_for(actor, wanted, leave_id)
    if request.method == "POST":
        services.cancel_leave(row, by=actor)
        messages.success(request, "已撤回，这几天不再算请假。")
    return redirect(row)


@writes(REGISTER_LEAVE)
def leave_void(request: HttpRequest, leave_id: uuid.UUID) -> HttpResponse:
    """Say that approved leave was entered by mistake."""
    actor = actor_of(request)
    row = leave_for(actor, REGISTER_LEAVE, leave_id)
    if not _may_void(row, actor):
        messages.info(request, f"这份请假现在是“{row.get_status_display()}”，不能作废。")
        return redirect(row)
    form = VoidLeaveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.void_leave(row, because=form.cleaned_data["because"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(
                request, "已作废，这几天不再算请假，因此认作请假的名册改回缺席。真有这次假的，请另登记一份。"
            )
            return redirect(row)
    title, back = f"作废{row.person}的请假", row.get_absolute_url()
    lead = f"{_say(row)}。只作废登记错的：提前回来上班的，请办销假。"
    return form_page(request, form, title=title, lead=lead, back=back, step="作废")
