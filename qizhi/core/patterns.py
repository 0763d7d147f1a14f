"""Regular expressions that are compiled when they are first asked.

A class with a range of Chinese characters takes a thousandth of a second to compile, and readers of tables
and notices have dozens of patterns, of which most pages need none.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        """Compile at the first question; each method is then kept and answers at once."""
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def late(text: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern with the methods of a compiled one; a mistake in it shows when it is first asked."""
    return cast("re.Pattern[str]", _Late(text, flags))
