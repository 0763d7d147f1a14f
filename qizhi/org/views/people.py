"""People: the list, a person's page, their own fields."""

from __future__ import annotations

import uuid
from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.days import day_asked
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, sheet, writes
from qizhi.core.paging import page_of
from qizhi.org import queries
from qizhi.org.forms import people as forms
from qizhi.org.permissions import MANAGE_PEOPLE, SEE_PEOPLE, person_for
from qizhi.org.services import people as services
from qizhi.org.views import sheets
from qizhi.org.views.rows import CHANGES

PAGE = 50


@reads(SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """People the reader may see, found by name, staff number or unit, on a day."""
    actor, day = actor_of(request), day_asked(request)
    text = request.GET.get("q", "").strip()
    # Who looks for a name looks for it among all; a list by day shows who was there.
    has_left = bool(text) or bool(request.GET.get("left"))
    unit = request.GET.get("unit", "")
    rows = queries.visible_people(actor, SEE_PEOPLE, day, text=text, unit=unit, has_left=has_left)
    file = sheet(request, sheets.PEOPLE, sheets.people_rows(rows, actor.bureau_id, day), f"人员-{day:%Y%m%d}")
    if file is not None:
        return file
    page = page_of(rows, PAGE, request.GET.get("page"))
    context = {
        "page_of_people": page,
        "lines": queries.people_lines(page.object_list, actor.bureau_id, day),
        "units": queries.units_on(actor.bureau_id, day, "branch", "department"),
        "unit": unit,
        "has_left": has_left,
        "q": text,
        "day": day,
        "may_manage": actor.may(MANAGE_PEOPLE),
    }
    return render(request, "org/people.html", context)


@reads(SEE_PEOPLE)
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """One person: what holds today, and everything that held before."""
    actor = actor_of(request)
    found = person_for(actor, SEE_PEOPLE, person_id)
    rows = {
        "posts": list(found.posts.select_related("unit").order_by("-from_on")),
        "memberships": list(found.memberships.select_related("unit", "group").order_by("-from_on")),
        "placements": list(found.placements.select_related("unit").order_by("-from_on")),
        "ranks": list(found.ranks.order_by("-from_on")),
        "leaves": list(found.leaves.order_by("-from_on")),
    }
    accounts = queries.accounts_of(found) if actor.may(MANAGE_PEOPLE) else []
    context = {
        **rows,
        "person": found,
        "today": clock.today(),
        "accounts": accounts,
        "may_open_account": not any(account.is_active for account in accounts),
        "changes": {key: change for key, change in CHANGES.items() if actor.may(change.wanted)},
        "may_manage": actor.may(MANAGE_PEOPLE),
        "history": audit.tell(found, chain.from_iterable(rows.values())) if actor.may(MANAGE_PEOPLE) else [],
    }
    return render(request, "org/person.html", context)


@writes(MANAGE_PEOPLE)
def person_new(request: HttpRequest) -> HttpResponse:
    """Add a person."""
    form = forms.NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        key = values.pop("id")
        try:
            made = services.add_person(values=values, by=actor_of(request), id=key)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(
                request, f"{made} 已登记。接下来登记处室、职级和组织关系。", extra_tags="person-new"
            )
            return redirect(made)
    return form_page(request, form, title="登记人员", back=reverse("org:people"), draft="person-new")


@writes(MANAGE_PEOPLE)
def person_edit(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Correct a person's own fields."""
    found = person_for(actor_of(request), MANAGE_PEOPLE, person_id)
    initial = {name: getattr(found, name) for name in forms.PersonForm.base_fields}
    form = forms.PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_person(found, values=form.cleaned_data, by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已更正。")
            return redirect(found)
    return form_page(request, form, title=f"更正{found}的信息", back=found.get_absolute_url())
