"""Logging in and out, and the own password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, public, say_refusal, writes
from qizhi.org.models import Account, Bureau
from qizhi.org.services.accounts import change_password
from qizhi.web.forms import OwnPasswordForm

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


@writes()
def password_change(request: HttpRequest) -> HttpResponse:
    """Change the own password; every other session of the account ends."""
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = Account.objects.get(username=request.user.get_username())
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            change_password(account, old=old, new=new, by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            update_session_auth_hash(request, account)
            messages.success(request, "密码已改。其他地方的登录已经退出。")
            return redirect("web:mine")
    lead = "改了以后，您在其他电脑或手机上的登录立即退出。"
    return form_page(request, form, title="改密码", lead=lead, back=reverse("web:mine"))
