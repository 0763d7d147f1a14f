"""The first screen: what is missing, until when, one step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core.http import reads


@reads()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who asks."""
    return render(request, "web/home.html")
