"""The page on which a gathering is recorded or corrected, and the roll to print."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock, periods
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, is_fragment, reads, say_refusal, writes
from qizhi.core.permissions import Actor
from qizhi.gatherings import services
from qizhi.gatherings.forms.fields import DayField, MonthField
from qizhi.gatherings.forms.record import NAME_FIELDS, ROLL_CHOICES, RecordForm
from qizhi.gatherings.forms.votes import left_to_roll
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import RECORD, SEE, gathering_for
from qizhi.gatherings.queries.desk import Chosen, Desk, Shelf, draw_desk
from qizhi.gatherings.queries.listing import ledger_names, twins_of
from qizhi.gatherings.queries.record import due_lines
from qizhi.gatherings.queries.roster import Roster, due_at
from qizhi.gatherings.rules import suggest_title
from qizhi.gatherings.views.prefill import initial_of, prefilled

KEPT = "-"
"""Stands for the preset chair where somebody has already been chosen."""


@writes(RECORD)
def record(request: HttpRequest) -> HttpResponse:
    """Record a gathering; the address may prefill it (see `prefill`)."""
    actor, shelf = actor_of(request), Shelf.load(actor_of(request))
    draft = f"gathering {request.GET.urlencode()[:120]}".strip()
    if request.method != "POST":
        initial = prefilled(request.GET, actor, shelf)
        desk = draw_desk(
            actor, shelf, chosen_by(initial, shelf, initial["kinds"]), lecturers=initial.get("lecturers", "")
        )
        initial.setdefault("chair", desk.chair)
        initial |= {"chair_preset": desk.chair, "shown_for": _kind_of(desk)}
        return _page(request, RecordForm(desk=desk, initial=initial), draft)
    form = _posted(request, actor, shelf, initial={})
    if "reload" in request.POST:
        return _page(request, form.hold(), draft)
    made = _saved(form, actor, None)
    if made is None:
        return _page(request, form, draft)
    _tell(request, made, form, draft)
    return redirect(made)


@writes(RECORD)
def correct(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Correct anything about a gathering; every ledger follows."""
    actor, shelf = actor_of(request), Shelf.load(actor_of(request))
    gathering = gathering_for(actor, RECORD, gathering_id)
    known = services.known_facts([gathering])[gathering.pk]
    seen = services.fingerprint(known)
    initial = initial_of(known) | {"id": gathering.pk, "chair_preset": KEPT, "seen": seen}
    draft = f"gathering-correct {gathering.pk}"
    if request.method != "POST":
        desk = draw_desk(
            actor, shelf, chosen_by(initial, shelf, initial["kinds"]), lecturers=initial.get("lecturers", "")
        )
        initial["shown_for"] = _kind_of(desk)
        away = {fact.person.pk for fact in known.roll}
        initial["resolutions"] = left_to_roll(initial["resolutions"], desk.voting, away)
        if known.chair and known.chair.name in desk.names:
            initial["chair"] = known.chair.name  # nobody else here has that name
        form = RecordForm(desk=desk, initial=initial, kept=known.kinds)
        return _page(request, form, draft, gathering)
    form = _posted(request, actor, shelf, initial=initial, kept=known.kinds)
    if "reload" in request.POST:
        return _page(request, form.hold(), draft, gathering)
    if _saved(form, actor, gathering) is None:
        return _page(request, form, draft, gathering)
    messages.success(request, "已更正；各台账已随之更新，原来的内容保留在变更记录里。", extra_tags=draft)
    _attach(request, gathering, form, actor)
    return redirect(gathering)


def _posted(
    request: HttpRequest, actor: Actor, shelf: Shelf, *, initial: dict[str, Any], kept: Any = ()
) -> RecordForm:
    """The form as typed, with the people of the unit, day and kinds that were typed."""
    data = request.POST.copy()
    texts = [data.get(name, "") for name in NAME_FIELDS]
    texts += [data.get(name, "") for name in data if name.startswith("votes-") and name.endswith("-person")]
    chosen = chosen_by(data, shelf, data.getlist("kinds"))
    desk = draw_desk(actor, shelf, chosen, texts, data.get("lecturers", ""))
    if data.get("chair", "") == data.get("chair_preset", ""):
        # Nobody touched it: the usual chair of whichever unit is chosen now.
        data["chair"] = data["chair_preset"] = desk.chair
    data["shown_for"] = _kind_of(desk)
    return RecordForm(data, request.FILES, desk=desk, initial=initial, kept=kept)


def _saved(form: RecordForm, actor: Actor, gathering: Gathering | None) -> Gathering | None:
    """The gathering as recorded or corrected; None with the reasons in the form."""
    if not form.is_valid():
        return None
    try:
        facts = form.facts()
        if gathering is not None:
            seen = form.cleaned_data["seen"]
            return services.correct_gathering(gathering, facts=facts, by=actor, seen=seen)
        return services.record_gathering(facts=facts, by=actor, id=form.cleaned_data["id"])
    except Refused as error:
        if error.field == "seen":
            # What stands there now is what is overruled next; `data` is a copy that `_posted` made.
            form.data["seen"] = form.initial["seen"]  # type: ignore[index]
            form.add_error(None, error.message)
        else:
            say_refusal(form, error)
        return None


def _page(
    request: HttpRequest, form: RecordForm, draft: str, gathering: Gathering | None = None
) -> HttpResponse:
    chosen = form.desk.chosen
    asked_for = request.POST.get("shown_for", "")
    context = {
        "form": form,
        "desk": form.desk,
        "draft": draft,
        "gathering": gathering,
        "states": ROLL_CHOICES,
        "suggested": suggest_title([kind.name for kind in chosen.kinds], chosen.day),
        "ledgers": ledger_names(chosen.kinds),
        "day": chosen.day,
        "is_other_kind": asked_for != _kind_of(form.desk),
        "open": _open_parts(form),
    }
    is_wrong = bool(form.is_bound and (form.errors or not form.votes.is_valid()))
    name = "gatherings/_roll.html" if is_fragment(request) and not is_wrong else "gatherings/record.html"
    return render(request, name, context, status=422 if is_wrong else 200)


PARTS = {
    "when": ("title", "starts_at", "place", "hours", "series", "month"),
    "who": ("lecturers", "auditors", "guests"),
    "minutes": ("minutes", "attachments"),
    "paper": ("due_total", "present_total"),
}
"""Inputs of the parts that unfold."""


def _open_parts(form: RecordForm) -> dict[str, bool]:
    """Parts with an error or a value stand open."""
    is_open = {
        part: any(name in form.errors or form[name].value() not in (None, "", []) for name in names)
        for part, names in PARTS.items()
    }
    return is_open | {"votes": form.votes.is_used}


def chosen_by(source: Any, shelf: Shelf, kinds: Any) -> Chosen:
    """Unit, day and kinds as far as they can be read; today where there is no day."""
    month = _read(MonthField(required=False), source.get("month"))
    day = month or _read(DayField(required=False), source.get("held_on")) or clock.today()
    return Chosen(shelf.unit(source.get("unit")), day, month is not None, shelf.kinds_of(kinds))


def _read(field: forms.Field, text: Any) -> dt.date | None:
    try:
        day: dt.date | None = field.clean(text)
    except forms.ValidationError:
        return None
    return day


def _kind_of(desk: Desk) -> str:
    return desk.chosen.unit.kind if desk.chosen.unit else ""


def _tell(request: HttpRequest, made: Gathering, form: RecordForm, draft: str) -> None:
    """Say what it counts for, and what deserves a second look."""
    kinds = form.desk.shelf.kinds_of(form.cleaned_data["kinds"])
    names = ledger_names(kinds)
    said = f"计入 {len(names)} 本台账：{'、'.join(names)}" if names else "所选类型不计入台账"
    messages.success(request, f"已登记“{made}”。登记一次，{said}。", extra_tags=draft)
    if made.is_recorded_late:
        messages.warning(request, "活动结束三十天以后才登记，标注为“补录”；次数照常计入。")
    twin = twins_of(made, kinds, day=made.held_on).first()
    if twin is not None:
        messages.warning(
            request, f"同一天还登记过“{twin}”（同一组织、同类活动）。如果是重复登记，请撤销其中一条。"
        )
    _attach(request, made, form, actor_of(request))


def _attach(request: HttpRequest, gathering: Gathering, form: RecordForm, actor: Actor) -> None:
    """Add the files; the gathering is recorded even if one of them cannot be kept."""
    for file in form.cleaned_data["attachments"]:
        try:
            services.add_attachment(gathering, name=file.name, content=file.read(), by=actor)
        except Refused as error:
            messages.warning(request, f"附件没有添加：{error.message}")


@reads(SEE)
def roll_sheet(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The roll of a recorded gathering, to print or to look up who was there."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    if not gathering.is_readable:  # type: ignore[attr-defined] # annotated by gathering_for
        raise Http404
    facts = services.known_facts([gathering])[gathering.pk]
    roster = Roster.load(actor.bureau_id, [gathering.unit], facts.days)
    due = due_at(roster, gathering, {kind.audience for kind in facts.kinds}) or frozenset()
    away = {one.person.pk: one for one in facts.roll}
    lines = [
        {"person": line.person, "leave": line.leave, "fact": away.get(line.person.pk)}
        for line in due_lines(actor.bureau_id, due, gathering.held_on)
    ]
    context = {
        "gathering": gathering,
        "lead": f"{gathering.unit.full_label} · {gathering.day_label} · {gathering.title}",
        "lines": lines,
        "present": sum(1 for line in lines if line["fact"] is None),
    }
    return render(request, "gatherings/roll_sheet.html", context)


@reads(RECORD)
def blank_roll_sheet(request: HttpRequest) -> HttpResponse:
    """The people due at a gathering that is yet to be recorded, to tick on paper."""
    actor, shelf = actor_of(request), Shelf.load(actor_of(request))
    chosen = chosen_by(request.GET, shelf, request.GET.getlist("kinds"))
    unit, chosen = chosen.unit, replace(chosen, is_month=False)
    if unit is None:
        raise Http404
    roster = Roster.load(actor.bureau_id, [unit], chosen.days)
    due = roster.due(unit, chosen.day, {kind.audience for kind in chosen.kinds})
    lines = [
        {"person": line.person, "leave": line.leave, "fact": None}
        for line in due_lines(actor.bureau_id, due, chosen.day)
    ]
    title = suggest_title([kind.name for kind in chosen.kinds], chosen.day)
    context = {
        "gathering": None,
        "lead": " · ".join(part for part in (unit.full_label, periods.say_day(chosen.day), title) if part),
        "lines": lines,
        "present": None,
    }
    return render(request, "gatherings/roll_sheet.html", context)
