"""Units: the tree on a day, a unit's page, founding, correcting, closing."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.days import day_asked
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, bureau_of, form_page, reads, say_refusal, sheet, writes
from qizhi.core.periods import say_day
from qizhi.core.ways import ways_from
from qizhi.org import queries
from qizhi.org.enums import UnitKind
from qizhi.org.forms.units import BureauForm, CloseForm, RenameForm, UnitForm
from qizhi.org.models import Bureau, Unit
from qizhi.org.permissions import MANAGE_UNITS, SEE_PEOPLE, SEE_UNITS, unit_for
from qizhi.org.queries.aspects import aspects_of
from qizhi.org.services import closing, reopening
from qizhi.org.services import units as services
from qizhi.org.views import sheets


@reads(SEE_UNITS)
def units(request: HttpRequest) -> HttpResponse:
    """Every unit that exists on a day, with the state of each branch."""
    day = day_asked(request)
    rows = queries.in_tree(queries.units_on(bureau_of(request), day))
    branch_ids = [unit.pk for unit in rows if unit.kind == UnitKind.BRANCH]
    states = queries.branch_states(bureau_of(request), branch_ids, day)
    sizes = queries.group_sizes(bureau_of(request), day)
    lines = [
        {
            "unit": unit,
            "depth": unit.path.count("/"),
            "state": states.get(unit.pk),
            "members": sizes.get(unit.pk, 0) if unit.kind == UnitKind.GROUP else None,
        }
        for unit in rows
    ]
    if (file := sheet(request, sheets.UNITS, map(sheets.unit_row, lines), f"组织-{day:%Y%m%d}")) is not None:
        return file
    closed = Unit.objects.filter(bureau_id=bureau_of(request), to_on__lt=day).select_related("successor")
    context = {
        "lines": lines,
        "closed": closed,
        "day": day,
        "branches": len(branch_ids),
        "may_manage": actor_of(request).may(MANAGE_UNITS),
    }
    return render(request, "org/units.html", context)


@reads(SEE_UNITS)
def unit(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """One unit on a day: its people as far as the reader may see them, its posts, its parts."""
    actor, day = actor_of(request), day_asked(request)
    found = unit_for(actor, SEE_UNITS, unit_id)
    may_see = actor.may(SEE_PEOPLE, found.pk, found.path)
    posts = queries.posts_on(found, day)
    members = queries.member_rows_on(found, day) if may_see else []
    staff = queries.staff_on(found, day) if may_see and found.kind == UnitKind.DEPARTMENT else []
    aspects = aspects_of(found, day)
    rows = sheets.unit_people(posts, members, staff)
    if (file := sheet(request, sheets.UNIT, rows, f"{found.name}-{day:%Y%m%d}")) is not None:
        return file
    context = {
        "unit": found,
        "day": day,
        "exists": found.holds(day),
        "state": queries.branch_states(found.bureau_id, [found.pk], day)[found.pk],
        "is_branch": found.kind == UnitKind.BRANCH,
        "parts": queries.units_on(found.bureau_id, day).filter(parent=found),
        "posts": posts,
        "members": members,
        "staff": staff,
        "may_see": may_see,
        "may_manage": actor.may(MANAGE_UNITS),
        "ways": ways_from("org.unit", actor, found),
        "aspects": aspects,
        "history": audit.tell(found, aspects.rows) if actor.may(MANAGE_UNITS) else [],
    }
    return render(request, "org/unit.html", context)


@writes(MANAGE_UNITS)
def bureau(request: HttpRequest) -> HttpResponse:
    """The bureau itself: names, red head, prefix of document numbers, first day on record."""
    actor = actor_of(request)
    found = Bureau.objects.get(pk=bureau_of(request))
    root = Unit.objects.filter(bureau=found, kind=UnitKind.BUREAU, parent=None).first()
    initial = {name: getattr(found, name) for name in ("name", "short_name", "mark", "doc_prefix")}
    initial["from_on"] = root.from_on if root else clock.today()
    form = BureauForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        from_on, before = values.pop("from_on"), found.name
        try:
            services.change_bureau(found, words=services.BureauWords(**values), from_on=from_on, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(
                request, "单位信息已保存；以后出文、通报和底稿都用这里的文字。", extra_tags="bureau"
            )
            if before != found.name and before in found.mark:
                messages.warning(request, f"发文机关标志里还是原来的名称“{before}”，请核对。")
            return redirect("org:bureau")
    context = {"form": form, "history": audit.tell(root, [found]) if root else []}
    return render(request, "org/bureau.html", context, status=422 if form.errors else 200)


@writes(MANAGE_UNITS)
def unit_new(request: HttpRequest) -> HttpResponse:
    """Found a unit."""
    actor = actor_of(request)
    # Nothing can stand below a group.
    parents = queries.units_on(actor.bureau_id, clock.today()).exclude(kind=UnitKind.GROUP).order_by("path")
    form = UnitForm(request.POST or None, units=parents)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_unit(bureau_id=actor.bureau_id, by=actor, **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{made}”已建立。", extra_tags="unit-new")
            return redirect(made)
    return form_page(request, form, title="新建组织", back=reverse("org:units"), draft="unit-new")


@writes(MANAGE_UNITS)
def unit_edit(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """Correct a unit's name, founding day or place; the root is the bureau, with a page of its own."""
    actor = actor_of(request)
    found = unit_for(actor, MANAGE_UNITS, unit_id)
    if found.kind == UnitKind.BUREAU and found.parent_id is None:
        return redirect("org:bureau")
    initial = {name: getattr(found, name) for name in ("name", "short_name", "parent", "from_on")}
    form = RenameForm(request.POST or None, units=_places(found), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_unit(found, by=actor, **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已更正。")
            return redirect(found)
    return form_page(request, form, title=f"更正“{found}”", back=found.get_absolute_url())


def _places(unit: Unit) -> QuerySet[Unit]:
    """Under which units one may hang: open ones outside of it, and that under which it hangs."""
    outside = Q(to_on=None) & ~Q(path__startswith=unit.path)
    return Unit.objects.filter(outside | Q(pk=unit.parent_id), bureau_id=unit.bureau_id).order_by("path")


@writes(MANAGE_UNITS)
def unit_close(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """Close a unit or merge it into another."""
    actor = actor_of(request)
    found = unit_for(actor, MANAGE_UNITS, unit_id)
    others = queries.units_on(actor.bureau_id, clock.today(), found.kind).exclude(pk=found.pk)
    if found.kind == UnitKind.GROUP:
        others = others.filter(parent=found.parent_id)
    form = CloseForm(request.POST or None, units=others)
    if request.method == "POST" and form.is_valid():
        try:
            held = queries.posts_on(found, form.cleaned_data["last_day"])
            ended = "、".join(f"{post.person}（{post}）" for post in held)
            closing.close_unit(found, by=actor, **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            end = say_day(form.cleaned_data["last_day"])
            told = f"同时截止的职务：{ended}；在并入的组织任职的，请另行登记。" if ended else ""
            messages.success(request, f"“{found}”已在{end}后撤销。{told}撤错了可以在本页恢复。")
            return redirect(found)
    parts = closing.parts_after(found, clock.today())
    below = f"下面有 {len(parts)} 个组织（{closing.say_units(parts)}），也归到并入的组织。" if parts else ""
    return form_page(
        request,
        form,
        title=f"撤销或并入：{found}",
        lead=f"历史活动和台账都保留在原组织名下；人员从次日起转入并入的组织，原组织的职务同时截止。{below}",
        back=found.get_absolute_url(),
    )


@writes(MANAGE_UNITS)
def unit_reopen(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """Take a closing back; the page first says who and what comes back with it."""
    actor = actor_of(request)
    found = unit_for(actor, MANAGE_UNITS, unit_id)
    if found.to_on is None:
        messages.info(request, f"“{found}”没有撤销，不用恢复。")
        return redirect(found)
    if request.method == "POST":
        reopening.reopen_unit(found, by=actor)
        messages.success(request, f"“{found}”已恢复，撤销时转走的也已转回。")
        return redirect(found)
    return render(request, "org/unit_reopen.html", {"unit": found, "back": reopening.returning(found)})
