"""What a view declares: who may ask, and whether it writes."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.forms.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import content_disposition_header

from qizhi.core import kept
from qizhi.core.errors import Refused, Unread
from qizhi.core.ids import read_key
from qizhi.core.permissions import NO_BUREAU, Actor, Permission
from qizhi.core.tables import Column, TableSchema, write_csv, write_xlsx
from qizhi.core.values import dataclass

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The type of a workbook."""
View = Callable[..., HttpResponseBase]
_READING = {"GET", "HEAD", "OPTIONS"}
_CLASH = Refused(
    "没有保存：这一条和另一处刚刚保存的内容冲突，数据库没有接受。"
    "请返回上一页，刷新后看看现在的内容，再改一次；反复出现请告诉管理人员。"
)
_BUSY = Refused(
    "没有保存：有人正在写入很多内容，例如导入一个大表，等了一会儿数据库还没有空出来。"
    "请过一两分钟再提交一次；反复出现请告诉管理人员。"
)
_WAITED = {"55P03", "40P01"}
"""How PostgreSQL says that a lock was not to be had in time, or that two waited for each other."""
log = logging.getLogger(__name__)


class Request(HttpRequest):
    """A request that can find its actor; for type checking only."""

    find_actor: Callable[[], Actor]
    actor: Actor
    htmx: Any


@dataclass(frozen=True)
class Access:
    """What a view declared: the permission it asks for (None: any account; public: nobody need log in)."""

    wanted: Permission | None
    has_writes: bool
    is_public: bool = False


def reads(wanted: Permission | None = None) -> Callable[[View], View]:
    """A page that changes nothing, for people who hold `wanted`."""
    return _declared(Access(wanted, has_writes=False))


def writes(wanted: Permission | None = None) -> Callable[[View], View]:
    """A page with a form: its GET changes nothing, its POST may."""
    return _declared(Access(wanted, has_writes=True))


def public(*, has_writes: bool = False) -> Callable[[View], View]:
    """A page for everybody, logged in or not."""
    return _declared(Access(None, has_writes=has_writes, is_public=True))


def _declared(access: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in _READING:
                with kept.watching():
                    return answer(request, *args, **kwargs)
            return answer(request, *args, **kwargs)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _refusal(request, access)
            if refusal is not None:
                return refusal
            try:
                if request.method in _READING:
                    with kept.reading():
                        return view(request, *args, **kwargs)
                return view(request, *args, **kwargs)
            except (Refused, IntegrityError, OperationalError) as error:
                return _refused(request, error)

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return decorate


def _refused(request: HttpRequest, error: Refused | IntegrityError | OperationalError) -> HttpResponse:
    """Words for what a service refuses or, when two people write at one moment, the database."""
    if isinstance(error, OperationalError):
        if not _is_busy(error):
            raise error
        return render(request, "core/refused.html", {"error": _BUSY}, status=503)
    if isinstance(error, IntegrityError):
        # The first line names the rule; PostgreSQL's next one shows the row, and people are in no log.
        rule = str(error).partition("\n")[0]
        log.error("%s %s broke a rule of the database: %s", request.method, request.path, rule)
        error = _CLASH
    if isinstance(error, Unread):
        return render(request, "core/unread.html", {"error": error}, status=400)
    return render(request, "core/refused.html", {"error": error}, status=409)


def _is_busy(error: OperationalError) -> bool:
    """Whether the database only had others to serve for too long: whoever tries again will get through."""
    return "database is locked" in str(error) or getattr(error.__cause__, "sqlstate", "") in _WAITED


def _refusal(request: HttpRequest, access: Access) -> HttpResponse | None:
    if not access.has_writes and request.method not in _READING:
        return render(request, "core/method.html", status=405)
    if access.is_public:
        return None
    actor = actor_of(request)
    if actor.account_id is None:
        return to_log_in(request)
    if access.wanted is not None and not actor.may(access.wanted):
        raise PermissionDenied(access.wanted.label)
    return None


def to_log_in(request: HttpRequest) -> HttpResponse:
    """The way to the log-in and back; what was typed waits in the browser."""
    if request.method not in _READING:
        messages.warning(request, "登录已过期，还没有提交。请重新登录，会回到刚才的页面，填写的内容还在。")
    target = request.get_full_path() if request.method in _READING else _page_before(request)
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request"):
        # htmx follows redirects inside its fragment; this header moves the whole page.
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page_before(request: HttpRequest) -> str:
    """The address on which a form was sent, without the host: whoever logs in goes back there."""
    parts = urlsplit(str(request.META.get("HTTP_REFERER", "/")))
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def key_asked(request: HttpRequest, name: str) -> uuid.UUID | None:
    """The key in the address under that name; None where there is none."""
    return read_key(request.GET.get(name, ""))


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request; asked of the database at most once, and only when wanted."""
    wanted = cast("Request", request)
    if not hasattr(wanted, "actor"):
        wanted.actor = wanted.find_actor()
    return wanted.actor


def bureau_of(request: HttpRequest) -> uuid.UUID:
    """The bureau of the person who asks; PermissionDenied for an account without one."""
    bureau_id = actor_of(request).bureau_id
    if bureau_id == NO_BUREAU:
        raise PermissionDenied("no bureau")
    return bureau_id


def caller_of(request: HttpRequest) -> str:
    """The address that asks: to count tries by in memory, never to keep."""
    return str(request.META.get("REMOTE_ADDR", ""))


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no browser and nobody between: the next person at this machine finds nothing."""
    response["Cache-Control"] = "no-store, private"
    return response


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx wants only a part of the page."""
    return bool(cast("Request", request).htmx)


def say_refusal(form: BaseForm, error: Refused, name: str | None = None) -> None:
    """Show a refusal at the input it belongs to, with the row to look at.

    `name` is what the form calls that input, if not as the service does; without such an input the refusal
    stands above the form.
    """
    name = error.field if name is None else name
    form.add_error(name if name in form.fields else None, error.message)
    form.see = error.see  # type: ignore[attr-defined]  # read by `form_errors`


def form_page(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    lead: str = "",
    back: str = "",
    draft: str = "",
    step: str = "保存",
    about: Sequence[tuple[str, object]] = (),
    history: Sequence[object] = (),
    nothing: str = "",
) -> HttpResponse:
    """The page of a plain form: 200 when it is asked for, 422 with everything typed when it has errors.

    `step` is the word on its button; `about` names what it is about where nothing is to be typed; `history`
    is what happened to a row that has no other page (`audit.tell`); `nothing` stands in place of a form in
    which there would be nothing to choose, and says what to do next.
    """
    context = {"form": form, "title": title, "lead": lead, "back": back, "draft": draft, "step": step}
    context |= {"about": about, "history": history, "nothing": nothing}
    return render(request, "core/form.html", context, status=422 if form.errors else 200)


def table_file(
    table: TableSchema | Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    name: str,
    kind: str,
    *,
    title: str | None = None,
) -> HttpResponse:
    """Rows as a file to keep.

    Args:
        table: what to write, in which order.
        rows: values by key.
        name: of the file, without its ending.
        kind: `csv` (UTF-8), `csv-gb18030` for older programs, or else a workbook.
        title: printed above the headings of a workbook: the name, unless another is given; empty in a table
            that is to come in again.
    """
    if kind == "csv":
        return download(write_csv(table, rows), f"{name}.csv", "text/csv; charset=utf-8")
    if kind == "csv-gb18030":
        return download(write_csv(table, rows, "gb18030"), f"{name}.csv", "text/csv; charset=gb18030")
    return download(write_xlsx(table, rows, name if title is None else title), f"{name}.xlsx", XLSX)


def sheet(
    request: HttpRequest,
    table: TableSchema | Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    name: str,
) -> HttpResponse | None:
    """The list of a page as the file that its `exports` offer; None where the page itself is asked for."""
    kind = request.GET.get("format", "")
    return table_file(table, rows, name, kind, title=name[:31]) if kind in {"csv", "xlsx"} else None


def download(content: bytes, filename: str, content_type: str) -> HttpResponse:
    """A file to keep; the Chinese name is sent in RFC 5987 form by Django."""
    response = HttpResponse(content, content_type=content_type)

    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response
