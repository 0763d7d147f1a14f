"""Keys are made by the application, so that one schema serves every database."""

from __future__ import annotations

import uuid
from collections.abc import Container
from itertools import count

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """A UUIDv7: unique without asking the database, and growing with time (RFC 9562)."""
    return uuid_utils.compat.uuid7()


def random_id() -> uuid.UUID:
    """A key that says nothing, not even when it was made: for what must not be put in an order."""
    return uuid.uuid4()


def read_key(text: str) -> uuid.UUID | None:
    """The key that a text is; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def free_key(prefix: str, taken: Container[str]) -> str:
    """The first of `prefix-1`, `prefix-2`, … that nothing has: nobody should have to think one up."""
    return next(key for number in count(1) if (key := f"{prefix}-{number}") not in taken)
