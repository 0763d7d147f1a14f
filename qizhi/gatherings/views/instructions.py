"""Work instructions: the list of versions, one version to read and print, and the form."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, table_file, writes
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_integer, parse_text
from qizhi.gatherings import services
from qizhi.gatherings.forms.voting import InstructionForm
from qizhi.gatherings.models import Instruction, Kind
from qizhi.gatherings.permissions import MANAGE_INSTRUCTIONS, RECORD, SEE, instruction_for
from qizhi.gatherings.queries.instructions import versions_of
from qizhi.regulations.models import Regulation

COLUMNS = (
    Column(key="kind", label="活动类型", parse=parse_text, width=20),
    Column(key="from_on", label="自", parse=parse_day, width=14),
    Column(key="to_on", label="至", parse=parse_day, width=14),
    Column(key="number", label="序号", parse=parse_integer, width=8),
    Column(key="step", label="步骤", parse=parse_text, width=60),
    Column(key="source", label="依据文件", parse=parse_text, width=36),
)


@reads(SEE)
def instructions(request: HttpRequest) -> HttpResponse:
    """All versions by kind, those in force first; also as a file with a step in each row."""
    actor, kind = actor_of(request), request.GET.get("kind", "")
    rows = list(versions_of(actor.bureau_id, kind=kind))
    if (wanted := request.GET.get("format")) in {"xlsx", "csv"}:
        return _file(rows, wanted)
    today = clock.today()
    context = {
        "lines": [(row, row.holds(today)) for row in rows],
        "kinds": [(one.key, one.name) for one in Kind.objects.filter(bureau_id=actor.bureau_id)],
        "kind": kind,
        "may_manage": actor.may(MANAGE_INSTRUCTIONS),
    }
    return render(request, "gatherings/instructions.html", context)


def _file(rows: list[Instruction], wanted: str) -> HttpResponse:
    lines: list[dict[str, object]] = [
        {
            "kind": row.kind.name,
            "from_on": row.from_on,
            "to_on": row.to_on,
            "number": number,
            "step": step,
            "source": str(row.source) if row.source else None,
        }
        for row in rows
        for number, step in enumerate(row.lines, start=1)
    ]
    return table_file(COLUMNS, lines, "作业指导", wanted)


@reads(SEE)
def instruction(request: HttpRequest, instruction_id: uuid.UUID) -> HttpResponse:
    """One version: its steps to read and print, and the other versions of its kind."""
    actor = actor_of(request)
    found = instruction_for(actor, SEE, instruction_id)
    may_manage = actor.may(MANAGE_INSTRUCTIONS)
    context = {
        "instruction": found,
        "others": [row for row in versions_of(actor.bureau_id, kind=found.kind.key) if row != found],
        "may_manage": may_manage,
        "may_record": actor.may(RECORD) and found.kind.is_active,
        "history": audit.tell(found) if may_manage else [],
    }
    return render(request, "gatherings/instruction.html", context)


@writes(MANAGE_INSTRUCTIONS)
def instruction_new(request: HttpRequest) -> HttpResponse:
    """Make a version; `?from=` starts from another one of the kind."""
    actor = actor_of(request)
    initial: dict[str, Any] = {"from_on": clock.today()}
    if kind := Kind.objects.filter(bureau_id=actor.bureau_id, key=request.GET.get("kind", "")).first():
        initial |= {"kind": kind}
        former = versions_of(actor.bureau_id, kind=kind.key).first()
        initial |= {"steps": former.steps, "source": former.source_id} if former else {}
    return _edited(request, None, initial)


@writes(MANAGE_INSTRUCTIONS)
def instruction_edit(request: HttpRequest, instruction_id: uuid.UUID) -> HttpResponse:
    """Correct a version."""
    found = instruction_for(actor_of(request), MANAGE_INSTRUCTIONS, instruction_id)
    initial = {name: getattr(found, name) for name in ("kind", "from_on", "to_on", "steps", "source", "id")}
    return _edited(request, found, initial)


def _edited(request: HttpRequest, row: Instruction | None, initial: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    form = InstructionForm(
        request.POST or None,
        initial=initial,
        kinds=Kind.objects.filter(bureau_id=actor.bureau_id),
        sources=Regulation.objects.filter(bureau_id=actor.bureau_id),
    )
    draft = f"instruction {row.pk if row else 'new'}"
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        key = values.pop("id")
        try:
            made = services.save_instruction(values=values, by=actor, instruction=row, id=key)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{made}”已保存，登记这类活动时显示。", extra_tags=draft)
            return redirect(made)
    back = row.get_absolute_url() if row else reverse("gatherings:instructions")
    title = f"修改：{row}" if row else "编写作业指导"
    return form_page(request, form, title=title, back=back, draft=draft)
