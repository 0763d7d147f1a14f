"""How often something may be tried in vain, or sent without a name: counted in memory, forgotten in time."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict, deque

from qizhi.core import clock

MOST_KEYS = 10_000


class Tries:
    """At most so many of a key within so long; what is older is forgotten, and nothing of it is ever stored.

    Each process counts for itself: with several the limit is so many times higher, which against a secret of
    80 bits makes no difference.
    """

    def __init__(self, most: int, within: dt.timedelta) -> None:
        """Nothing was counted yet."""
        self._most, self._within = most, within
        self._lock = threading.Lock()
        self._counted: OrderedDict[str, deque[dt.datetime]] = OrderedDict()

    def may_try(self, key: str) -> bool:
        """Whether the key may try once more now."""
        with self._lock:
            return len(self._recent(key)) < self._most

    def count(self, key: str) -> None:
        """One more of the key."""
        with self._lock:
            recent = self._recent(key)
            recent.append(clock.now())
            self._counted[key] = recent
            self._counted.move_to_end(key)
            while len(self._counted) > MOST_KEYS:
                self._counted.popitem(last=False)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counted.clear()

    def _recent(self, key: str) -> deque[dt.datetime]:
        found, since = self._counted.get(key, deque()), clock.now() - self._within
        while found and found[0] <= since:
            found.popleft()
        return found
