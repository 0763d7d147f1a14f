"""Home, log-in and the pages for errors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core.http import public, reads


@reads()
def home(request: HttpRequest) -> HttpResponse:
    """The first screen."""
    return render(request, "web/home.html")


@public(has_writes=True)
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in."""
    return render(request, "web/login.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request nobody can read."""
    return render(request, "web/error.html", {"code": 400}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this person."""
    return render(request, "web/error.html", {"code": 403, "what": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing here, or nothing for this person."""
    return render(request, "web/error.html", {"code": 404}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our mistake."""
    return render(request, "web/error.html", {"code": 500}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token has lapsed."""
    return render(request, "web/error.html", {"code": 403, "reason": reason}, status=403)
