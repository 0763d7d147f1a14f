"""Logging in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from qizhi.core.http import actor_of, public, writes
from qizhi.org.models import Bureau

SAMPLE_ACCOUNTS = (
    ("secretary", "支部书记"),
    ("officer", "政工处"),
    ("leader", "局领导"),
    ("member", "普通党员"),
)


class LogInForm(AuthenticationForm):
    """Django's own check, in our words."""

    error_messages = {
        "invalid_login": "用户名或密码不对。请注意大小写；忘记密码请找人事或政工处重设。",
        "inactive": "这个账号已停用。需要使用请联系政工处。",
    }


@public(has_writes=True)
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in, and go where one wanted to go."""
    if not Bureau.objects.exists():
        return redirect("web:first_start")
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    if not is_ours or not target.startswith("/"):
        target = "/"
    if actor_of(request).account_id is not None:
        return redirect(target)
    form = LogInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(target)
    context = {
        "form": form,
        "next": target,
        "samples": SAMPLE_ACCOUNTS if settings.MODE == "demo" else (),
    }
    return render(request, "web/login.html", context, status=422 if form.errors else 200)


@writes()
def log_out(request: HttpRequest) -> HttpResponse:
    """Log out; a GET only asks."""
    if request.method == "POST":
        logout(request)
        return redirect("web:log_in")
    return render(request, "web/logout.html")
