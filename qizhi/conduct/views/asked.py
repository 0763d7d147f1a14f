"""What an address asks for: the list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from qizhi.core.http import table_file
from qizhi.core.tables import Column


def wants_table(request: HttpRequest) -> bool:
    """Whether the list is asked for as a file."""
    return request.GET.get("format") in {"xlsx", "csv"}


def as_table(
    request: HttpRequest, columns: tuple[Column, ...], rows: Iterable[Mapping[str, Any]], name: str
) -> HttpResponse:
    """The list as the file that was asked for."""
    return table_file(columns, rows, name, request.GET.get("format", ""), title=name[:31])
