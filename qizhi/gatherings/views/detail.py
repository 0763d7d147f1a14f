"""The page of one gathering, and what is done from it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, download, form_page, reads, say_refusal, writes
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.gatherings import services
from qizhi.gatherings.enums import Ledger, VisitorRole
from qizhi.gatherings.forms.feedback import FeedbackForm
from qizhi.gatherings.forms.settings import AttachForm, CommentForm, WithdrawForm
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.permissions import AUDIT, RECORD, SEE, attachment_for, gathering_for
from qizhi.gatherings.queries.agenda import agenda_of
from qizhi.gatherings.queries.feedback import heard_by
from qizhi.gatherings.queries.listing import ledger_names
from qizhi.gatherings.queries.mentions import mentions_of
from qizhi.gatherings.queries.participants import Participant
from qizhi.gatherings.queries.record import Dossier, dossier_of
from qizhi.gatherings.queries.roster import Roster, due_at
from qizhi.gatherings.queries.voting import judged, roll_at, voting_sheet
from qizhi.gatherings.rules import count_roll
from qizhi.gatherings.views.feedback import has_said


@reads(SEE)
def detail(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """One gathering: facts, roll, resolutions, comments, files, history; less for those who only pass by."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    dossier = dossier_of(gathering)
    kinds, people = dossier.kinds, dossier.people
    is_readable: bool = gathering.is_readable  # type: ignore[attr-defined] # annotated by gathering_for
    may_record = actor.may(RECORD, gathering.unit_id, gathering.unit.path)
    may_comment = not gathering.withdrawn_at and _may_comment(actor, gathering, people)
    context = {
        "gathering": gathering,
        "lead": f"{gathering.unit.full_label} · {gathering.day_label}",
        "kinds": kinds,
        "ledgers": [] if gathering.withdrawn_at else ledger_names(kinds),
        "lecturers": dossier.named("lecturer"),
        "is_lesson": any(kind.counts_for(Ledger.LESSON) for kind in kinds),
        "visitors": dossier.named("visitor"),
        "agenda": agenda_of(actor.bureau_id, gathering.topics, gathering.held_on, gathering.starts_at),
        "is_readable": is_readable,
        "may_record": may_record,
        "may_comment": may_comment,
        "mine": _own_audit(actor, people),
        "comment_form": CommentForm() if may_comment else None,
        "comment_draft": _comment_draft(gathering),
        "mentions": mentions_of(actor, gathering) if is_readable else [],
    }
    if is_readable:
        context |= _meeting(gathering, dossier)
        context |= _feedback(request, gathering, kinds)
        context |= {
            "away": dossier.named("roll"),
            "attachments": dossier.attachments,
            "attach_form": AttachForm() if may_record else None,
            "history": dossier.history if may_record else [],
        }
    return render(request, "gatherings/detail.html", context)


def _feedback(request: HttpRequest, gathering: Gathering, kinds: list[Kind]) -> dict[str, Any]:
    """What was said without a name, for members of the branch, and the form to say something."""
    heard = heard_by(actor_of(request), gathering, kinds, clock.today())
    is_said = has_said(request, gathering)
    may_speak = heard is not None and not heard.why_not and not is_said
    return {"heard": heard, "is_said": is_said, "feedback_form": FeedbackForm() if may_speak else None}


def _may_comment(actor: Actor, gathering: Gathering, people: list[Participant]) -> bool:
    may_audit = actor.may(AUDIT, gathering.unit_id, gathering.unit.path)
    return actor.person_id is not None and (may_audit or _own_audit(actor, people) is not None)


def _comment_draft(gathering: Gathering) -> str:
    return f"gathering-comment {gathering.pk}"


def _own_audit(actor: Actor, people: list[Participant]) -> Participant | None:
    """That the person who asks was there as an auditor, if so."""
    own = (one for one in people if one.source == "visitor" and one.word == VisitorRole.AUDITOR)
    return next((one for one in own if one.person_id and one.person_id == actor.person_id), None)


def _meeting(gathering: Gathering, dossier: Dossier) -> dict[str, Any]:
    """The roll in numbers, the voting roll and the verdicts: two lists for one day."""
    audiences = {kind.audience for kind in dossier.kinds}
    has_votes = dossier.resolutions or any(kind.counts_for(Ledger.CONGRESS) for kind in dossier.kinds)
    roster = Roster(())
    # Numbers from paper rule; only without them, or for votes, is it asked who was due.
    if gathering.due_total is None or has_votes:
        day = Period(gathering.held_on, gathering.held_on)
        roster = Roster.load(gathering.bureau_id, [gathering.unit], day)
    due = due_at(roster, gathering, audiences) if gathering.due_total is None else None
    voting = roll_at(gathering, audiences, roster) if has_votes else None
    away = [one.person_id for one in dossier.named("roll") if one.person_id]
    return {
        "roll": count_roll(
            due,
            {one.person_id: one.word for one in dossier.named("roll") if one.person_id},
            due_total=gathering.due_total,
            present_total=gathering.present_total,
        ),
        "sheet": voting_sheet(gathering.bureau_id, voting, is_whole=False) if voting else None,
        "resolutions": judged(gathering, dossier.resolutions, voting, away),
    }


@writes(RECORD)
def withdraw(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Withdraw a gathering, with a reason."""
    actor = actor_of(request)
    gathering = gathering_for(actor, RECORD, gathering_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_gathering(gathering, reason=form.cleaned_data["reason"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已撤销，不再计入任何台账；需要时可以恢复。")
            return redirect(gathering)
    context = {
        "form": form,
        "title": f"撤销：{gathering}",
        "back": gathering.get_absolute_url(),
        "action": "撤销这次活动",
        "lead": f"{gathering.unit.full_label} · {gathering.day_label}",
        "draft": "",
        "has_files": False,
    }
    return render(request, "gatherings/form.html", context, status=422 if form.errors else 200)


@writes(RECORD)
def restore(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Restore a withdrawn gathering."""
    gathering = gathering_for(actor_of(request), RECORD, gathering_id)
    if request.method == "POST":
        services.restore_gathering(gathering, by=actor_of(request))
        messages.success(request, "已恢复，重新计入台账。")
    return redirect(gathering)


@writes(SEE)
def comment(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Leave or change one's comment as an auditor."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    people = dossier_of(gathering).people
    if not _may_comment(actor, gathering, people):
        raise Http404
    mine = next(
        (one.text for one in people if one.source == "visitor" and one.person_id == actor.person_id), ""
    )
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"comment": mine})
    draft = _comment_draft(gathering)
    if request.method == "POST" and form.is_valid():
        try:
            services.comment_as_auditor(gathering, comment=form.cleaned_data["comment"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            said = "点评已保存，支部可以看到。" if form.cleaned_data["comment"] else "已记为联系旁听。"
            messages.success(request, said, extra_tags=draft)
            return redirect(gathering)
    lead, back = f"{gathering.unit.full_label} · {gathering.day_label}", gathering.get_absolute_url()
    return form_page(request, form, title=f"点评：{gathering}", lead=lead, back=back, draft=draft)


@writes(SEE)
def leave_audit(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Take back that one attended as an auditor."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    if request.method == "POST":
        services.leave_audit(gathering, by=actor)
        messages.success(request, "已取消旁听记录。")
    return redirect(gathering)


@writes(RECORD)
def attach(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Add files to a gathering."""
    actor = actor_of(request)
    gathering = gathering_for(actor, RECORD, gathering_id)
    form = AttachForm(request.POST, request.FILES) if request.method == "POST" else AttachForm()
    if request.method == "POST" and form.is_valid():
        try:
            for file in form.cleaned_data["attachments"]:
                services.add_attachment(gathering, name=file.name, content=file.read(), by=actor)
        except Refused as error:
            form.add_error("attachments", error.message)
        else:
            messages.success(request, "附件已添加。")
            return redirect(gathering)
    context = {
        "form": form,
        "title": f"添加附件：{gathering}",
        "back": gathering.get_absolute_url(),
        "has_files": True,
        "action": "添加",
        "lead": "",
        "draft": "",
    }
    return render(request, "gatherings/form.html", context, status=422 if form.errors else 200)


@reads(SEE)
def attachment(request: HttpRequest, gathering_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """A file of a gathering, always as a download."""
    found = attachment_for(actor_of(request), SEE, gathering_id, attachment_id)
    return download(bytes(found.content), found.name, found.content_type)


@writes(RECORD)
def detach(request: HttpRequest, gathering_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Remove a file from a gathering."""
    actor = actor_of(request)
    found = attachment_for(actor, RECORD, gathering_id, attachment_id)
    gathering = found.gathering
    if request.method == "POST":
        services.remove_attachment(found, by=actor)
        messages.success(request, f"附件“{found.name}”已删除。")
    return redirect(gathering)
