"""Calendars to subscribe to: one's own addresses, and what a calendar program reads there."""

from __future__ import annotations

import hashlib
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, public, reads, say_refusal, writes
from qizhi.core.ical import CONTENT_TYPE, write_calendar
from qizhi.web import services
from qizhi.web.forms import FeedForm
from qizhi.web.models import FeedScope
from qizhi.web.permissions import feed_for
from qizhi.web.queries import feeds as queries


@reads()
def feeds(request: HttpRequest) -> HttpResponse:
    """One's own addresses, without the secret: that was shown once."""
    actor = actor_of(request)
    context = {"feeds": queries.own_feeds(actor), "may_open": actor.person_id is not None}
    return render(request, "web/feeds.html", context)


@writes()
def feed_new(request: HttpRequest) -> HttpResponse:
    """Open a calendar under a new secret address, which is shown once."""
    actor = actor_of(request)
    units = queries.feed_units(actor, clock.today())
    scopes = [
        scope for scope in FeedScope if scope != FeedScope.UNIT and queries.may_read(actor, scope, None)
    ]
    form = FeedForm(
        request.POST if request.method == "POST" else None,
        units=units,
        scopes=[*scopes, *([FeedScope.UNIT] if units.exists() else [])],
        initial={"unit": request.GET.get("unit", ""), "scope": request.GET.get("scope", "")},
    )
    if form.is_bound and form.is_valid():
        try:
            services.open_feed(**form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            # In a message, which the browser shows once: no table, log or page ever holds the secret.
            address = reverse("web:calendar", args=[form.cleaned_data["token"]])
            messages.success(
                request,
                f"日历地址（只显示这一次，请现在复制到日历程序）：{request.build_absolute_uri(address)}",
            )
            return redirect("web:feeds")
    lead = "日历程序凭这个地址随时读取，不用登录。地址等于钥匙，不要转发；不用了或泄露了就停用。"
    return form_page(request, form, title="订阅日历", lead=lead, back=reverse("web:feeds"))


@writes()
def feed_revoke(request: HttpRequest, feed_id: uuid.UUID) -> HttpResponse:
    """Revoke an address, after a question."""
    actor = actor_of(request)
    found = feed_for(actor, feed_id)
    if request.method == "POST":
        services.revoke_feed(found, by=actor)
        messages.success(request, "地址已停用，日历程序不再读得到。")
        return redirect("web:feeds")
    return render(request, "web/feed_revoke.html", {"feed": found})


@public()
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar itself, for programs that hold the address; unchanged, it is not sent again."""
    opened = queries.feed_by_token(token)
    if opened is None:
        raise Http404
    feed, actor = opened
    reading = queries.reading_of(feed, actor, clock.today(), request.build_absolute_uri)
    name = (
        f"{actor.bureau_name} {feed}" if feed.scope != FeedScope.PERSON else f"{actor.bureau_name} 我的日历"
    )
    content = write_calendar(name, queries.events_of(reading))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if isinstance(unchanged, HttpResponseNotModified):
        return unchanged
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)
