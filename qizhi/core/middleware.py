"""What happens to every request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.module_loading import import_string

Handler = Callable[[HttpRequest], HttpResponse]

NUL = "\x00"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def content_security_policy(get_response: Handler) -> Handler:
    """Let the browser itself refuse every request to another host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


def text_without_nul(get_response: Handler) -> Handler:
    """Take NUL out of whatever was sent: nobody types it, it hides in text copied from broken files.

    PostgreSQL cannot store or look for it, and browsers do not show it; so it is no loss, and no page has
    to think of it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and any(
            NUL in text for _, texts in request.POST.lists() for text in texts
        ):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return get_response(request)

    return middleware


def _without_nul(data: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True)
    for name, texts in data.lists():
        cleaned.setlist(name.replace(NUL, ""), [text.replace(NUL, "") for text in texts])
    cleaned._mutable = False  # noqa: SLF001 - as Django leaves its own
    return cleaned


def actor(get_response: Handler) -> Handler:
    """Give the request a way to find its actor; `core.http.actor_of` asks when somebody wants to know."""
    find = import_string(settings.QIZHI_ACTOR)

    def middleware(request: HttpRequest) -> HttpResponse:
        request.find_actor = lambda: find(request.user)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
