"""The numbers of the days: written anew from the first day that a changed paper touches."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import lru_cache

from django.db import transaction

from qizhi.core.db.pour import pour_new
from qizhi.org.models import Bureau
from qizhi.regulations.models import DayOrdinal
from qizhi.regulations.queries import papers_for
from qizhi.regulations.rules import Paper, WorkingCalendar


@transaction.atomic
def number_days(bureau_id: uuid.UUID) -> int:
    """Make the numbers of a bureau's days follow from its papers; how many rows were written.

    Only the days from the first difference on are written: a new year appends. No event of its own: the
    papers' changes are in the log, and these rows say nothing that the papers do not.
    """
    # Two papers changed at once number the days one after the other.
    Bureau.objects.select_for_update(no_key=True).get(pk=bureau_id)
    wanted = _numbered(tuple(papers_for(bureau_id)))
    rows = DayOrdinal.objects.filter(bureau_id=bureau_id)
    held = list(rows.order_by("on").values_list("on", "is_working", "ordinal", "stretch"))
    same = next(
        (place for place, (old, new) in enumerate(zip(held, wanted, strict=False)) if old != new),
        min(len(held), len(wanted)),
    )
    if same < len(held):
        rows.filter(on__gte=held[same][0]).delete()
    fresh = [(bureau_id, *day) for day in wanted[same:]]
    return pour_new(DayOrdinal, ("bureau_id", "on", "is_working", "ordinal", "stretch"), fresh)


@lru_cache(maxsize=4)
def _numbered(papers: tuple[Paper, ...]) -> tuple[tuple[dt.date, bool | None, int, int], ...]:
    """Day, whether it is worked, ordinal and stretch: the same for all bureaus of the same papers."""
    return tuple(
        (day.on, day.is_working, day.ordinal, day.stretch) for day in WorkingCalendar(papers).numbered()
    )
