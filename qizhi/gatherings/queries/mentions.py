"""What apps above say of a gathering on its page: they register, and nobody below knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qizhi.core.permissions import Actor
from qizhi.gatherings.models import Gathering


@dataclass(frozen=True)
class Mention:
    """Something that names the gathering; without an address its page is not for the reader."""

    label: str
    text: str
    address: str = ""


Find = Callable[[Actor, Gathering], Iterable[Mention]]
_finders: dict[str, Find] = {}


def register_mentions(key: str, find: Find) -> None:
    """Let an app say what names a gathering; `find` may ask one query."""
    _finders[key] = find


def mentions_of(actor: Actor, gathering: Gathering) -> list[Mention]:
    """Everything that names the gathering, in the order of the apps' keys."""
    return [mention for key in sorted(_finders) for mention in _finders[key](actor, gathering)]
