"""Duties of posts: what each post has to do on a day, and how the words came about."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from qizhi.conduct.forms.duties import CorrectPostDutyForm, EndPostDutyForm, PostDutyForm
from qizhi.conduct.models import PostDuty
from qizhi.conduct.permissions.duties import MANAGE_POST_DUTIES, SEE_POST_DUTIES, post_duty_for
from qizhi.conduct.permissions.registers import SEE_REGISTERS
from qizhi.conduct.queries import duties as queries
from qizhi.conduct.queries.risks import departments
from qizhi.conduct.services import duties as services
from qizhi.conduct.views.registers_shared import tabs_for
from qizhi.conduct.views.shared import columns, posted, step_page
from qizhi.core import audit, clock
from qizhi.core.days import day_asked
from qizhi.core.http import actor_of, key_asked, reads, sheet, writes
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.regulations.models import Regulation

PAGE = 50
COLUMNS = columns(
    ("unit", "处室"),
    ("name", "岗位"),
    ("duties", "岗位职责"),
    ("demands", "工作要求和日常行为规范"),
    ("regulation", "依据"),
    ("from_on", "起始日期"),
    ("to_on", "截止日期"),
)


def _row(row: PostDuty) -> dict[str, object]:
    names = ("name", "duties", "demands", "from_on", "to_on")
    values: dict[str, object] = {name: getattr(row, name) for name in names}
    return {**values, "unit": row.unit.name, "regulation": str(row.regulation or "")}


@reads(SEE_POST_DUTIES)
def post_duties(request: HttpRequest) -> HttpResponse:
    """What the posts have to do on a day."""
    actor, day, asked = actor_of(request), day_asked(request), request.GET
    unit, text = asked.get("unit", ""), asked.get("q", "").strip()
    rows = queries.duties_on(actor, day, unit=unit, text=text)
    if (file := sheet(request, COLUMNS, map(_row, rows), f"岗位职责清单{day:%Y%m%d}")) is not None:
        return file
    context = {
        "tabs": tabs_for(actor, "conduct:post_duties") if actor.may(SEE_REGISTERS) else [],
        "page_of_duties": page_of(rows, PAGE, asked.get("page")),
        "units": departments(actor, SEE_POST_DUTIES, day),
        "day": day,
        "unit": unit,
        "text": text,
        "may_manage": actor.may(MANAGE_POST_DUTIES),
    }
    return render(request, "conduct/post_duties.html", context)


@reads(SEE_POST_DUTIES)
def post_duty(request: HttpRequest, post_duty_id: uuid.UUID) -> HttpResponse:
    """What one post has to do, with the words of other times."""
    actor = actor_of(request)
    found = post_duty_for(actor, SEE_POST_DUTIES, post_duty_id)
    may_manage = actor.may(MANAGE_POST_DUTIES, found.unit_id, found.unit.path)
    context = {
        "duty": found,
        "others": queries.versions_of(found).exclude(pk=found.pk),
        "may_manage": may_manage,
        "history": audit.tell(found) if may_manage else [],
    }
    return render(request, "conduct/post_duty.html", context)


def _choices(actor: Actor) -> dict[str, Any]:
    return {
        "units": departments(actor, MANAGE_POST_DUTIES, clock.today()),
        "regulations": Regulation.objects.filter(bureau_id=actor.bureau_id).order_by("title"),
    }


def _known(row: PostDuty) -> dict[str, Any]:
    names = ("unit", "name", "from_on", "duties", "demands", "regulation")
    return {name: getattr(row, name) for name in names}


@writes(MANAGE_POST_DUTIES)
def post_duty_new(request: HttpRequest) -> HttpResponse:
    """Lay down what a post has to do; begun from the words of another time where `of` names them."""
    actor, choices = actor_of(request), _choices(actor_of(request))
    first: dict[str, Any] = {"unit": choices["units"].first()}
    if (key := key_asked(request, "of")) is not None:
        first = _known(post_duty_for(actor, MANAGE_POST_DUTIES, key))
    form = PostDutyForm(posted(request), initial={**first, "from_on": clock.today()}, **choices)
    return step_page(
        request,
        form,
        lambda values: services.add_duties(form.facts, id=values["id"], by=actor),
        title="登记岗位职责",
        lead="只写岗位做什么、怎样做；不记人做得怎样",
        back=reverse("conduct:post_duties"),
        done="已登记。",
    )


@writes(MANAGE_POST_DUTIES)
def post_duty_edit(request: HttpRequest, post_duty_id: uuid.UUID) -> HttpResponse:
    """Correct a slip."""
    actor = actor_of(request)
    found = post_duty_for(actor, MANAGE_POST_DUTIES, post_duty_id)
    form = CorrectPostDutyForm(posted(request), initial=_known(found), **_choices(actor))
    return step_page(
        request,
        form,
        lambda values: services.correct_duties(found, form.facts, because=values["because"], by=actor),
        title=f"更正：{found}",
        back=found.get_absolute_url(),
        done="已更正。",
    )


@writes(MANAGE_POST_DUTIES)
def post_duty_end(request: HttpRequest, post_duty_id: uuid.UUID) -> HttpResponse:
    """The post is given up."""
    actor = actor_of(request)
    found = post_duty_for(actor, MANAGE_POST_DUTIES, post_duty_id)
    return step_page(
        request,
        EndPostDutyForm(posted(request), initial={"to_on": clock.today()}),
        lambda values: services.end_duties(found, to_on=values["to_on"], by=actor),
        title=f"撤销岗位：{found}",
        lead="清单到这一天为止；以前的仍可查阅",
        back=found.get_absolute_url(),
        done="已截止。",
        step="截止",
    )
