"""What apps above say of a gathering on its page: they register, and nobody below knows them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast

from qizhi.core import kept
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering

WIDTH = 5
"""Columns of a row; texts all of them, the first one gives the order."""


@dataclass(frozen=True)
class Mention:
    """Something that names the gathering; without an address its page is not for the reader."""

    label: str
    text: str
    address: str = ""


Row = tuple[str, ...]
Ask = Callable[[Gathering], Any]
"""A query of `columns`; it looks at the key and the bureau of the gathering alone and orders no rows."""
Tell = Callable[[Actor, Gathering, Sequence[Row]], Iterable[Mention]]
_ANY = Gathering(pk=uuid.UUID(int=1), bureau_id=uuid.UUID(int=2))
"""Stands for the gathering in the statement that is built once."""
_registered: dict[str, tuple[Ask, Tell]] = {}


def register_mentions(key: str, ask: Ask, tell: Tell) -> None:
    """Let an app say what names a gathering: what it asks, and how it tells the rows to somebody."""
    _registered[key] = ask, tell


def columns(rows: Any, *names: str) -> Any:
    """The query with these columns as texts: at most `WIDTH`, the one that gives the order first."""
    wide = [*names, *[""] * (WIDTH - len(names))]
    return rows.values_list(*[_text(name) for name in wide])


def _text(name: str) -> Any:
    return Cast(name, CharField()) if name else Value("", output_field=CharField())


def mentions_of(actor: Actor, gathering: Gathering) -> list[Mention]:
    """Everything that names the gathering, in the order of the apps' keys: one statement for all of them."""
    rows = kept.keep_small(partial(_rows, gathering), "gatherings.mentions", gathering.pk)
    return [
        mention
        for key, (_ask, tell) in sorted(_registered.items())
        for mention in tell(actor, gathering, rows.get(key, ()))
    ]


def _rows(gathering: Gathering) -> dict[str, tuple[Row, ...]]:
    if not _registered:
        return {}
    text, values = _statement(connection.vendor, tuple(sorted(_registered)))
    stands_for = {_prepared(_ANY.pk): _prepared(gathering.pk)}
    stands_for[_prepared(_ANY.bureau_id)] = _prepared(gathering.bureau_id)
    with connection.cursor() as cursor:
        cursor.execute(text, [stands_for.get(value, value) for value in values])
        found = cursor.fetchall()
    by_key: dict[str, list[Row]] = {}
    for *cells, key in found:
        row = tuple("" if cell is None else str(cell) for cell in cells)
        by_key.setdefault(key, []).append(row)
    return {key: tuple(sorted(rows)) for key, rows in by_key.items()}


@lru_cache(maxsize=8)
def _statement(_vendor: str, keys: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """What all of them ask of one gathering, built once: that takes ten times as long as to run it."""
    asked = [
        _registered[key][0](_ANY).annotate(mentions_key=Value(key, output_field=CharField())).order_by()
        for key in keys
    ]
    # The annotation comes after the columns.
    text, values = asked[0].union(*asked[1:], all=True).query.sql_with_params()
    return text, tuple(values)


def _prepared(key: uuid.UUID) -> Any:
    return Gathering._meta.pk.get_db_prep_value(key, connection)
