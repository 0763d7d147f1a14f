"""What apps above say of a gathering on its page: they register, and nobody below knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

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
"""A query of `columns`; it does not order its rows."""
Tell = Callable[[Actor, Gathering, Sequence[Row]], Iterable[Mention]]
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
    asked = [
        ask(gathering).annotate(mentions_key=Value(key, output_field=CharField())).order_by()
        for key, (ask, _tell) in sorted(_registered.items())
    ]
    if not asked:
        return {}
    # The annotation comes after the columns.
    found = [
        ("" if cell is None else str(cell) for cell in row) for row in asked[0].union(*asked[1:], all=True)
    ]
    by_key: dict[str, list[Row]] = {}
    for *cells, key in found:
        by_key.setdefault(key, []).append(tuple(cells))
    return {key: tuple(sorted(rows)) for key, rows in by_key.items()}
