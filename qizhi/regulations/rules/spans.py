"""Whether dated rows cover every day of a period, one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from qizhi.core.periods import Period

ONE_DAY = dt.timedelta(days=1)


class Span(NamedTuple):
    """Something that holds from one day to another, both included, with the words that say what."""

    from_on: dt.date
    to_on: dt.date
    words: str


def covering(spans: Iterable[Span], period: Period) -> str:
    """The words of the spans that cover the period; empty where a day of it is left.

    Spans that follow each other without a day between, or overlap, are one.
    """
    reached, words = period.start - ONE_DAY, []
    for span in sorted(spans):
        if span.to_on >= period.start and span.from_on <= min(reached + ONE_DAY, period.end):
            words.append(span.words)
            reached = max(reached, span.to_on)
    return "；".join(dict.fromkeys(words)) if reached >= period.end else ""
