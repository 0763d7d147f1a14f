"""How often something may be tried in vain: counted in memory, by nothing that tells who a person is."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict, deque

from qizhi.core import clock

MOST_KEYS = 10_000


class Tries:
    """At most so many failures of a key within so long; what is older is forgotten.

    Each process counts for itself: with several the limit is so many times higher, which against a secret of
    80 bits makes no difference.
    """

    def __init__(self, most: int, within: dt.timedelta) -> None:
        """Nothing was tried yet."""
        self._most, self._within = most, within
        self._lock = threading.Lock()
        self._failed: OrderedDict[str, deque[dt.datetime]] = OrderedDict()

    def may_try(self, key: str) -> bool:
        """Whether the key may try once more now."""
        with self._lock:
            return len(self._recent(key)) < self._most

    def note_failure(self, key: str) -> None:
        """Count a failure."""
        with self._lock:
            recent = self._recent(key)
            recent.append(clock.now())
            self._failed[key] = recent
            self._failed.move_to_end(key)
            while len(self._failed) > MOST_KEYS:
                self._failed.popitem(last=False)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._failed.clear()

    def _recent(self, key: str) -> deque[dt.datetime]:
        found, since = self._failed.get(key, deque()), clock.now() - self._within
        while found and found[0] <= since:
            found.popleft()
        return found
