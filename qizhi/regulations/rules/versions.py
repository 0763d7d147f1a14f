"""When a version of a regulation is in force."""

from __future__ import annotations

import datetime as dt


def is_in_force(effective_from: dt.date, effective_to: dt.date | None, on: dt.date) -> bool:
    """Whether a version holds on a day; both of its ends are included, an open end holds for ever."""
    return effective_from <= on and (effective_to is None or on <= effective_to)


def overlap(
    first: tuple[dt.date, dt.date | None],
    second: tuple[dt.date, dt.date | None],
) -> bool:
    """Whether two spans (from, to or None for open) share a day; both ends are included."""
    first_ends_before = first[1] is not None and first[1] < second[0]
    second_ends_before = second[1] is not None and second[1] < first[0]
    return not (first_ends_before or second_ends_before)
