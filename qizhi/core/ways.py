"""Ways on from a page below to pages of the apps above it, which it does not know.

An app above says beside its permissions where it leads to; the page below shows what the reader may follow.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol

from qizhi.core.permissions import Actor, Permission
from qizhi.core.values import dataclass


class Place(Protocol):
    """What the page below is about: a row with its own place in the tree."""

    pk: uuid.UUID
    path: str


@dataclass(frozen=True)
class Way:
    """A link: its word, who may follow it, where it leads, and from which rows."""

    label: str
    wanted: Permission
    address: Callable[[Any], str]
    fits: Callable[[Any], bool]


_ways: dict[str, list[Way]] = defaultdict(list)


def lead_on(
    start: str,
    label: str,
    wanted: Permission,
    address: Callable[[Any], str],
    fits: Callable[[Any], bool] = lambda _row: True,
) -> None:
    """Offer a way on.

    Args:
        start: the page below, such as `org.unit`.
        label: Chinese, as short as a menu's.
        wanted: what the reader must hold for the row.
        address: of the page for a row.
        fits: whether there is such a page for a row.
    """
    _ways[start].append(Way(label, wanted, address, fits))


def ways_from(start: str, actor: Actor, row: Place) -> list[tuple[str, str]]:
    """Words and addresses of the ways that the actor may take from a row."""
    open_ways = (way for way in _ways[start] if way.fits(row) and actor.may(way.wanted, row.pk, row.path))
    return [(way.label, way.address(row)) for way in open_ways]
