"""What an address asks for: a year, a month, a key, the list as a file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from qizhi.core import clock
from qizhi.core.http import table_file
from qizhi.core.tables import Column

FIRST_YEAR, LAST_YEAR = 2000, 2100


def wants_table(request: HttpRequest) -> bool:
    """Whether the list is asked for as a file."""
    return request.GET.get("format") in {"xlsx", "csv"}


def as_table(
    request: HttpRequest, columns: tuple[Column, ...], rows: Iterable[Mapping[str, Any]], name: str
) -> HttpResponse:
    """The list as the file that was asked for."""
    return table_file(columns, rows, name, request.GET.get("format", ""), title=name[:31])


def month_asked(request: HttpRequest) -> dt.date:
    """The first of the month that is asked for (2018-01); of this month where none can be read."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", request.GET.get("month", ""), re.ASCII)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR and 1 <= int(found[2]) <= 12:  # noqa: PLR2004
        return dt.date(int(found[1]), int(found[2]), 1)
    return clock.today().replace(day=1)
