"""What a branch is for a time, each kind through the same pages: recorded, corrected, removed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal, writes
from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.forms import aspects as forms
from qizhi.org.models import DatedRow, JointUnit, TemporaryBranch, Unit
from qizhi.org.permissions import MANAGE_UNITS, unit_for
from qizhi.org.services import aspects as services


@dataclass(frozen=True)
class Kind:
    """A kind of aspect: its words, its forms, its service."""

    title: str
    lead: str
    model: type[DatedRow]
    form: Callable[..., Any]
    correction: Callable[..., Any]
    record: Callable[..., DatedRow]


KINDS = {
    "temporary": Kind(
        "临时党支部",
        "临时党支部一般不发展党员、处分处置党员，不选举、不换届；登记以后，换届不再要求，这类表决会提示核对",
        TemporaryBranch,
        forms.TemporaryForm,
        forms.CorrectTemporaryForm,
        services.mark_temporary,
    ),
    "joint-unit": Kind(
        "覆盖单位",
        "党支部覆盖哪些处室；两个以上的是联合党支部，一般不超过5个",
        JointUnit,
        forms.JointUnitForm,
        forms.CorrectJointUnitForm,
        services.cover_unit,
    ),
}


def _found(request: HttpRequest, unit_id: uuid.UUID, aspect: str) -> tuple[Unit, Kind]:
    unit = unit_for(actor_of(request), MANAGE_UNITS, unit_id)
    if aspect not in KINDS or unit.kind != UnitKind.BRANCH:
        raise Http404
    return unit, KINDS[aspect]


def _row(unit: Unit, kind: Kind, row_id: uuid.UUID) -> Any:
    row = kind.model.objects.filter(bureau_id=unit.bureau_id, unit=unit, pk=row_id).first()  # type: ignore[misc]
    if row is None:
        raise Http404
    return row


def _departments(unit: Unit) -> Any:
    """Departments that were there on a day of the branch."""
    there = Q(to_on=None) | Q(to_on__gte=unit.from_on)
    own = Unit.objects.filter(there, bureau_id=unit.bureau_id, kind=UnitKind.DEPARTMENT)
    return own.order_by("position", "code")


@writes(MANAGE_UNITS)
def aspect_new(request: HttpRequest, unit_id: uuid.UUID, aspect: str) -> HttpResponse:
    """Record what a branch is for a time."""
    unit, kind = _found(request, unit_id, aspect)
    post, draft = request.POST if request.method == "POST" else None, f"{aspect} {unit.pk}"
    form = kind.form(post, units=_departments(unit), initial={"from_on": max(unit.from_on, clock.today())})
    if form.is_bound and form.is_valid():
        try:
            made = kind.record(unit=unit, by=actor_of(request), **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{unit}”：{kind.title}“{made}”已登记。", extra_tags=draft)
            return redirect(unit)
    title, back = f"{unit}：登记{kind.title}", unit.get_absolute_url()
    return form_page(request, form, title=title, lead=kind.lead, back=back, draft=draft)


@writes(MANAGE_UNITS)
def aspect_edit(request: HttpRequest, unit_id: uuid.UUID, aspect: str, aspect_id: uuid.UUID) -> HttpResponse:
    """Correct it, or say when it ended."""
    unit, kind = _found(request, unit_id, aspect)
    row = _row(unit, kind, aspect_id)
    names = [name for name in ("purpose", "covered", "from_on", "to_on") if hasattr(row, name)]
    post = request.POST if request.method == "POST" else None
    initial = {name: getattr(row, name) for name in names}
    form = kind.correction(post, units=_departments(unit), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.correct_aspect(row, by=actor_of(request), **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{unit}”：{kind.title}“{row}”已更正。")
            return redirect(unit)
    title, back = f"{unit}：更正{kind.title}", unit.get_absolute_url()
    return form_page(request, form, title=title, lead=kind.lead, back=back, history=audit.tell(row))


@writes(MANAGE_UNITS)
def aspect_remove(
    request: HttpRequest, unit_id: uuid.UUID, aspect: str, aspect_id: uuid.UUID
) -> HttpResponse:
    """Remove what was entered by mistake, with the reason."""
    unit, kind = _found(request, unit_id, aspect)
    row = _row(unit, kind, aspect_id)
    form = forms.RemoveAspectForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.remove_aspect(row, by=actor_of(request), **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{unit}”：{kind.title}“{row}”已删除。")
            return redirect(unit)
    about = ((kind.title, row), ("起始日期", row.from_on), ("截止日期", row.to_on or "至今"))
    lead = "登记错了才删除；到期了的，请更正并填上截止日期。"
    title, back = f"{unit}：删除{kind.title}", unit.get_absolute_url()
    return form_page(request, form, title=title, lead=lead, back=back, about=about, step="删除")
