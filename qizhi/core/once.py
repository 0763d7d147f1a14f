"""Once: a creating form carries the key of the row it will make, so that a second click makes no other.

And a code that people may give a row stands for that row alone.
"""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db import connection, models

from qizhi.core.errors import Refused
from qizhi.core.ids import free_key

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


def code_for(model: type[models.Model], code: str, bureau_id: uuid.UUID) -> str:
    """The code of a row to make (column `key`): as it was typed, or a free one where nothing was.

    Raises:
        Refused: another row of the bureau has it.
    """
    taken = set(model._base_manager.filter(bureau_id=bureau_id).values_list("key", flat=True))
    code = code or free_key(str(model._meta.model_name), taken)
    if code in taken:
        raise Refused(f"代码“{code}”已被使用，请换一个，或直接修改原有的那一项。", "key")
    return code
