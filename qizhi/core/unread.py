"""What an address asks for and nobody can read: said above the page, and no file is made of something else.

Years (`years`), months and days (`days`) say it by this piece, and `core/_unread.html` shows it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from qizhi.core.errors import Unread

WIDEST = 12
"""Characters of what was asked that are said again."""


def say_unread(
    request: HttpRequest,
    name: str,
    words: str,
    refusal: Callable[[], Unread],
    *,
    shown: str = "",
    is_file: bool = False,
) -> None:
    """Say above the page that a value of the address is not shown, and put what is shown into its place.

    Args:
        request: whose address; what the page links to, such as its files, is of what it shows.
        name: of the value.
        words: Chinese; what was asked, why it is not shown, what is shown instead.
        refusal: what is raised where nothing is shown.
        shown: the value that is shown instead; empty for none.
        is_file: whether the answer is a file also where the address names no format.

    Raises:
        Unread: a file or a change is asked for.
    """
    is_shown = request.method in {"GET", "HEAD", "OPTIONS"} and not request.GET.get("format")
    if is_file or not is_shown:
        raise refusal()
    asked = request.GET.copy()
    del asked[name]
    if shown:
        asked[name] = shown
    request.GET = asked  # type: ignore[assignment]
    request.unread = [*getattr(request, "unread", ()), words]  # type: ignore[attr-defined]
