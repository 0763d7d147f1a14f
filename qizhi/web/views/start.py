"""The first start of a copy: a new bureau, or one that comes out of an archive; and the way out again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import login
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, public, reads, say_refusal, writes
from qizhi.org.forms.units import FirstStartForm
from qizhi.org.models import Account, Bureau
from qizhi.org.permissions import EXPORT_ALL, MANAGE_UNITS
from qizhi.org.services.transfer import export_bureau
from qizhi.org.services.units import FirstStart
from qizhi.web.forms import RestoreForm
from qizhi.web.queries.set_up import address_of, steps_for
from qizhi.web.services import open_house, restore_house

BACKEND = "qizhi.org.queries.Accounts"


@public(has_writes=True)
def first_start(request: HttpRequest) -> HttpResponse:
    """Name the bureau and its first officer; only while there is none."""
    form = FirstStartForm(request.POST or None, initial={"founded_on": clock.today().replace(month=1, day=1)})
    return _start(
        request,
        form,
        "web/first_start.html",
        lambda: open_house(FirstStart(**form.cleaned_data)),
        ("已经可以用了。下一步：导入组织名单，再导入人员和党员。", address_of("units")),
    )


@public(has_writes=True)
def restore(request: HttpRequest) -> HttpResponse:
    """Take an archive into this empty copy."""
    form = RestoreForm(request.POST or None, request.FILES or None)
    return _start(
        request,
        form,
        "web/restore.html",
        lambda: restore_house(
            form.cleaned_data["archive"],
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
        ),
        (
            "归档已导入，数据与导出时一致。归档不带密码：其他人的密码，请在各自的人员页重设。",
            reverse("org:units"),
        ),
    )


def _start(
    request: HttpRequest, form: Form, template: str, begin: Callable[[], Account], after: tuple[str, str]
) -> HttpResponse:
    """Begin, and go on: `after` is what is said then, and where."""
    if Bureau.objects.exists():
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            account = begin()
        except Refused as error:
            say_refusal(form, error)
        else:
            login(request, account, backend=BACKEND)
            messages.success(request, after[0], extra_tags="first-start")
            return redirect(after[1])
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


@reads(MANAGE_UNITS)
def set_up(request: HttpRequest) -> HttpResponse:
    """The first steps, one at a time; the first that is not done, unless another is asked for."""
    steps = steps_for(actor_of(request))
    asked = request.GET.get("step", "")
    chosen = next((step for step in steps if step.key == asked), None)
    step = chosen or next((step for step in steps if not step.is_done), steps[-1])
    context = {"steps": steps, "step": step, "base": reverse("web:set_up")}
    return render(request, "web/set_up.html", context)


@writes(EXPORT_ALL)
def archive(request: HttpRequest) -> HttpResponseBase:
    """Everything of the bureau as one archive; it is logged, hence a POST."""
    actor = actor_of(request)
    bureau = Bureau.objects.get(pk=actor.bureau_id)
    if request.method == "POST":
        name = f"{bureau.short_name}-全库导出-{clock.today():%Y%m%d}.zip"
        return FileResponse(export_bureau(bureau, by=actor), as_attachment=True, filename=name)
    return render(request, "web/archive.html", {"bureau": bureau})
