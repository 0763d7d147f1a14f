"""Keys are made by the application, so that one schema serves every database."""

from __future__ import annotations

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """A UUIDv7: unique without asking the database, and growing with time (RFC 9562)."""
    return uuid_utils.compat.uuid7()
