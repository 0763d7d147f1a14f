"""Once: a creating form carries the key of the row it will make, so that a second click makes no other."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db import connection, models

from qizhi.core.errors import Refused

_RowT = TypeVar("_RowT", bound=models.Model)


def made_before(model: type[_RowT], key: uuid.UUID | None, bureau_id: uuid.UUID) -> _RowT | None:
    """The row that the same form made already; None for a form that is sent for the first time.

    To be asked inside the transaction that makes the row: two clicks at the same moment then come one after
    the other, on SQLite by its queue of writers, on PostgreSQL by a lock on the key.

    Raises:
        Refused: the key belongs to a row of another bureau.
    """
    if key is None:
        return None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int % 2**63])
    found = model._base_manager.filter(pk=key).first()
    if found is not None and getattr(found, "bureau_id", None) != bureau_id:
        raise Refused("这张表单已经被使用过，没有保存。请重新打开这一页再填。")
    return found
