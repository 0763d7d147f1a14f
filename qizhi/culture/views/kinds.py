"""Kinds of works: the register, a new one, and one to change."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit
from qizhi.core.http import actor_of, reads, sheet, writes
from qizhi.core.tables import Column
from qizhi.core.tables.values import integer, parse_text
from qizhi.culture import queries, services
from qizhi.culture.forms import NewWorkKindForm, WorkKindForm
from qizhi.culture.permissions import MANAGE_CALLS, SEE_CALLS, kind_for
from qizhi.culture.rules import by_list
from qizhi.culture.views.shared import saved
from qizhi.org.models import Bureau

REGISTER = (
    Column(key="name", label="类别", parse=parse_text, width=20),
    Column(key="key", label="代码", parse=parse_text, width=16),
    Column(key="lists", label="所属名目", parse=parse_text, width=30),
    Column(key="way", label="方式", parse=parse_text, width=14),
    Column(key="note", label="说明", parse=parse_text, width=50),
    Column(key="number", label="征集次数", parse=integer()),
    Column(key="received", label="收到", parse=integer()),
    Column(key="forwarded", label="报送", parse=integer()),
    Column(key="state", label="情况", parse=parse_text, width=8),
)


@reads(SEE_CALLS)
def kinds(request: HttpRequest) -> HttpResponse:
    """The kinds of works with the lists in which they stand, and what came in for each."""
    actor = actor_of(request)
    found = list(queries.counted_kinds(actor.bureau_id))
    if (file := sheet(request, REGISTER, map(_row, found), "作品类别")) is not None:
        return file
    used = [one for one in found if one.is_active]
    context = {
        "kinds": found,
        "used": used,
        "lists": by_list((one.name, one.lists) for one in used),
        "may_manage": actor.may(MANAGE_CALLS),
    }
    return render(request, "culture/kinds.html", context)


def _row(one: Any) -> dict[str, Any]:
    plain = ("name", "key", "number", "received", "forwarded")
    return {
        **{name: getattr(one, name) for name in plain},
        "lists": one.lists or None,
        "way": "征集作品" if one.is_collected else "不征集作品",
        "note": one.note or None,
        "state": "启用" if one.is_active else "停用",
    }


@writes(MANAGE_CALLS)
def kind_new(request: HttpRequest) -> HttpResponse:
    """Make a kind of works; or, by the second button of the register, load the standard ones."""
    actor, back = actor_of(request), reverse("culture:kinds")
    if request.method == "POST" and "standard" in request.POST:
        bureau = Bureau.objects.get(pk=actor.bureau_id)
        made = services.load_standard_work_kinds(bureau, by=actor)
        names = "、".join(one.name for one in made)
        messages.success(
            request, f"已载入 {names}；原有的没有改动。" if made else "标准类别都已经有了，没有改动。"
        )
        return redirect(back)
    form = NewWorkKindForm(request.POST if request.method == "POST" else None)
    return saved(request, form, services.save_kind, title="新建作品类别", back=back)


@writes(MANAGE_CALLS)
def kind_edit(request: HttpRequest, kind_id: uuid.UUID) -> HttpResponse:
    """Change a kind of works."""
    found = kind_for(actor_of(request), kind_id)
    initial = {name: getattr(found, name) for name in WorkKindForm.base_fields}
    form = WorkKindForm(request.POST if request.method == "POST" else None, initial=initial)
    save = partial(services.save_kind, found)
    title, back = f"修改作品类别：{found}（{found.key}）", reverse("culture:kinds")
    return saved(request, form, save, title=title, back=back, history=audit.tell(found))
