"""Accounts of people: opened, given a new password, disabled and enabled again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal, writes
from qizhi.org.forms import people as forms
from qizhi.org.models import Account, Person
from qizhi.org.permissions import MANAGE_PEOPLE, person_for
from qizhi.org.queries import accounts_of
from qizhi.org.services import accounts as services
from qizhi.org.services.people import create_account


def _account(request: HttpRequest, person: Person) -> Account:
    """The account that the address names, or the one that is there."""
    rows = accounts_of(person)
    asked = request.GET.get("account", "")
    found = next((row for row in rows if asked in {"", str(row.pk)}), None)
    if found is None:
        raise Http404
    return found


def _about(person: Person, account: Account) -> list[tuple[str, object]]:
    state = "启用" if account.is_active else "已停用"
    return [("姓名", person.name), ("工号", person.staff_no), ("账号", account.username), ("状态", state)]


@writes(MANAGE_PEOPLE)
def account_new(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Let a person log in."""
    actor = actor_of(request)
    found = person_for(actor, MANAGE_PEOPLE, person_id)
    known = next((row for row in accounts_of(found) if row.is_active), None)
    if known is not None and request.method != "POST":
        words = f"{found}已有启用的账号“{known.username}”，一个人只能有一个。要换用户名的，先停用它。"
        messages.warning(request, words)
        return redirect(found)
    form = forms.AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_account(person=found, by=actor, **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"{found} 可以用“{form.cleaned_data['username']}”登录了。")
            return redirect(found)
    return form_page(request, form, title=f"为{found}开通账号", back=found.get_absolute_url())


@writes(MANAGE_PEOPLE)
def account_reset(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Give somebody a password to begin with, shown once."""
    actor = actor_of(request)
    found = person_for(actor, MANAGE_PEOPLE, person_id)
    account = _account(request, found)
    form = forms.ResetPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        services.reset_password(account, password=password, by=actor)
        context = {"person": found, "account": account, "password": password}
        return render(request, "org/password_shown.html", context)
    return form_page(
        request,
        form,
        title=f"重设 {found} 的密码",
        lead="系统生成一个临时密码，只显示一次；原来的密码立即失效，正在登录的也会退出。",
        back=found.get_absolute_url(),
        step="重设并显示",
        about=_about(found, account),
    )


@writes(MANAGE_PEOPLE)
def account_disable(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Let somebody log in no more."""
    return _switch(request, person_id, is_active=False)


@writes(MANAGE_PEOPLE)
def account_enable(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Let somebody log in again."""
    return _switch(request, person_id, is_active=True)


def _switch(request: HttpRequest, person_id: uuid.UUID, *, is_active: bool) -> HttpResponse:
    actor = actor_of(request)
    found = person_for(actor, MANAGE_PEOPLE, person_id)
    account = _account(request, found)
    word = "启用" if is_active else "停用"
    if request.method == "POST":
        services.switch_account(account, is_active=is_active, by=actor)
        messages.success(request, f"账号“{account.username}”已{word}。")
        return redirect(found)
    lead = "密码不变。" if is_active else "停用后不能登录，正在登录的立即退出；记录都保留，可以再启用。"
    return form_page(
        request,
        Form(),
        title=f"{word} {found} 的账号",
        lead=lead,
        back=found.get_absolute_url(),
        step=word,
        about=_about(found, account),
    )
