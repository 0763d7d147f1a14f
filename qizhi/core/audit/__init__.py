"""The log of changes: written with each change, read by people in words."""

from qizhi.core.audit.reading import Change, Told, differing, tell
from qizhi.core.audit.writing import (
    Snapshot,
    events_for,
    history,
    listen,
    record,
    record_many,
    snapshot,
)

__all__ = [
    "Change",
    "Snapshot",
    "Told",
    "differing",
    "events_for",
    "history",
    "listen",
    "record",
    "record_many",
    "snapshot",
    "tell",
]
