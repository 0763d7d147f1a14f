"""Lists page by page on the screen, and whole for whoever prints them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator

WHOLE = "all"
MOST_AT_ONCE = 5_000
"""Rows of a list that one page shows at most; what is longer leaves as a file."""


def page_of(rows: Any, size: int, asked: str | None) -> Page[Any]:
    """The page that is asked for, the first where none is; with `WHOLE` all rows on one page.

    Args:
        rows: a query or a sequence; only those of the page are read.
        size: rows a page.
        asked: the number from the address, or `WHOLE`.
    """
    pages = Paginator(rows, size)
    if asked == WHOLE and pages.count <= MOST_AT_ONCE:
        pages.per_page = max(pages.count, size)
    return pages.get_page(asked)


def may_be_whole(page: Page[Any]) -> bool:
    """Whether there are other pages, and all rows fit on one."""
    return page.has_other_pages() and page.paginator.count <= MOST_AT_ONCE
