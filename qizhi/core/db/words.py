"""Words looked for in columns, as boxes of search ask for them."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q


def every_word(text: str, *columns: str) -> Q:
    """Rows in which each word of the text stands in one of the columns; every row where there is none."""
    found = Q()
    for word in text.split():
        found &= reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns))
    return found
