"""Words without a name: to say one, and to strike out a line that speaks of a person.

That something was said on this browser is remembered by the browser alone: a courtesy, no lock.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal, writes
from qizhi.gatherings.forms.feedback import FeedbackForm
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import RECORD, SEE, gathering_for
from qizhi.gatherings.queries.feedback import heard_by
from qizhi.gatherings.rules.feedback import OPEN_DAYS, TOGETHER
from qizhi.gatherings.services.feedback import say_unnamed, strike_line

COOKIE = "said"
DAY = 24 * 60 * 60
SAID = "这台浏览器上对这次活动已经说过了。共用电脑的，请换一个浏览器或自己的手机。"
LEAD = (
    f"自愿，不提醒。不存姓名、账号和时间，操作日志里也没有；每满{TOGETHER}人一起显示，只有本支部党员看得到。"
)


def has_said(request: HttpRequest, gathering: Gathering) -> bool:
    """Whether this browser remembers that something was said of the gathering."""
    return request.COOKIES.get(COOKIE) == _mark(gathering)


def _mark(gathering: Gathering) -> str:
    """The same for everybody: it names the gathering and neither a person nor a time."""
    return signing.Signer(salt="gatherings.feedback").signature(str(gathering.pk))


@writes(SEE)
def feedback(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Say something of a gathering without a name."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    heard = heard_by(actor, gathering, gathering.kinds.all(), clock.today())
    if heard is None:
        raise Http404
    why_not = heard.why_not or (SAID if has_said(request, gathering) else "")
    if why_not:
        messages.warning(request, f"没有收下：{why_not}" if request.method == "POST" else why_not)
        return redirect(gathering)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            say_unnamed(gathering, **form.cleaned_data, most=heard.due)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已收下，没有留下是谁说的。每满{TOGETHER}人一起显示。")
            return _remembered(redirect(gathering), gathering)
    title, back = f"匿名说一句：{gathering}", gathering.get_absolute_url()
    return form_page(request, form, title=title, lead=LEAD, back=back, step="说这一句")


def _remembered(response: HttpResponse, gathering: Gathering) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        _mark(gathering),
        max_age=(OPEN_DAYS + 1) * DAY,
        path=gathering.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@writes(RECORD)
def feedback_strike(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Strike out a line that speaks of a person."""
    actor = actor_of(request)
    gathering = gathering_for(actor, RECORD, gathering_id)
    if heard_by(actor, gathering, gathering.kinds.all(), clock.today()) is None:
        raise Http404
    if request.method == "POST":
        if strike_line(gathering, request.POST.get("line", ""), by=actor):
            messages.success(request, "这一句已划去，不留底稿；谁在什么时候划去的，记入变更记录。")
        else:
            messages.warning(request, "没有找到这一句，可能已经划去。")
    return redirect(gathering)
