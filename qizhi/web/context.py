"""What every page needs; computed only when a template asks."""

from __future__ import annotations

import datetime as dt
from functools import cache, cached_property, lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from qizhi.core import clock
from qizhi.core.http import actor_of
from qizhi.core.permissions import Actor, all_permissions
from qizhi.core.values import dataclass
from qizhi.org.permissions import EXPORT_ALL
from qizhi.web.permissions import importers_for
from qizhi.web.queries.pages import PAGES

# Label, view, and the permission whose holders see the entry (empty: everybody who is logged in).
ENTRIES = tuple((one.nav.label, one.view, one.nav.needs) for one in PAGES if one.nav)
# Pages that belong to an entry though their address begins differently.
ALSO = {
    "conduct:registers": tuple(
        f"conduct:{name}"
        for name in ("matters", "checks", "risks", "liaisons", "opinions", "corrections", "codes")
    ),
    "org:units": ("org:bureau",),
    "tasks:plans": ("study:bureau",),
    "study:self_tests": (
        *("study:banks", "study:contests"),
        *("/study/questions/", "/study/rounds/", "/study/asked/"),
    ),
    "reports:overview": ("reports:issued_list", "reports:template_edit"),
    "web:tables": ("web:archive", "web:set_up"),
}


@dataclass(frozen=True)
class Entry:
    """A line of the main navigation."""

    label: str
    address: str
    is_here: bool


@cache
def _address(view: str) -> str | None:
    """Of a page without arguments; None where there is none. It stays while the process lives."""
    if view.startswith("/"):  # where pages with arguments begin
        return view
    try:
        return reverse(view)
    except NoReverseMatch:
        return None


@lru_cache(maxsize=1000)
def _entries_of(actor: Actor) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What an actor may open, in a fixed order: label, and the addresses under which its pages lie.

    It follows from the posts that the actor holds and from what the code declares: each page has it at once.
    """
    declared = {permission.key: permission for permission in all_permissions()}
    entries = []
    for label, view, key in ENTRIES:
        if key and (key not in declared or not actor.may(declared[key])):
            continue
        if view == "web:tables" and not _has_tables(actor):
            continue
        address = _address(view)
        if address is not None:
            entries.append((label, (address, *filter(None, map(_address, ALSO.get(view, ()))))))
    return tuple(entries)


def _has_tables(actor: Actor) -> bool:
    """Whether any table may come in or go out: an entry that leads to an empty page is none."""
    return bool(importers_for(actor)) or actor.may(EXPORT_ALL)


@dataclass
class Page:
    """The frame around a page."""

    request: HttpRequest
    navigation_template = "web/_navigation.html"
    foot_template = "web/_foot.html"

    @cached_property
    def actor(self) -> Actor:
        """Who is here."""
        return actor_of(self.request)

    @property
    def is_logged_in(self) -> bool:
        """Whether somebody is."""
        return self.actor.account_id is not None

    @property
    def bureau_name(self) -> str:
        """The name in the title bar."""
        return self.actor.bureau_name or "旗帜"

    @property
    def today(self) -> dt.date:
        """The day that a sheet says it was printed on."""
        return clock.today()

    @cached_property
    def entries(self) -> list[Entry]:
        """What this person may open, in a fixed order."""
        if not self.is_logged_in:
            return []
        entries = [
            (label, parts[0], max((len(part) for part in parts if self._is_in(part)), default=0))
            for label, parts in _entries_of(self.actor)
        ]
        # The nearest entry alone: study stands below the plans, and its tests have an entry of their own.
        here = max((depth for _, _, depth in entries), default=0)
        return [Entry(label, address, 0 < depth == here) for label, address, depth in entries]

    def _is_in(self, address: str) -> bool:
        path = self.request.path
        return path == address or (address != "/" and path.startswith(address))


def page(request: HttpRequest) -> dict[str, Page]:
    """Context processor: `page`."""
    return {"page": Page(request)}
