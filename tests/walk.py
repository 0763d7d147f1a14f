"""Walking through every address: what stands for its arguments, and what its page asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.base import File
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver, reverse

from qizhi.core import clock, kept
from qizhi.core.http import Access
from qizhi.core.permissions import Actor
from tests.test_house import _patterns

TABLES = (
    "branch_life.contacts",
    "branch_life.talks",
    "conduct.leaves",
    "conduct.liaisons",
    "conduct.matters",
    "conduct.post_duties",
    "conduct.risks",
    "gatherings.gatherings",
    "org.memberships",
    "org.people",
    "org.posts",
    "org.units",
    "regulations.exemptions",
    "regulations.papers",
    "study.completions",
    "tasks.documents",
    "tasks.items",
    "tasks.plans",
)
SEVERAL = {
    "org:person_change": ("leave", "membership", "placement", "post", "rank"),
    **dict.fromkeys(("web:upload", "web:template", "web:table_export"), TABLES),
}
"""Addresses whose word makes them several pages."""
OPENERS = ("officer", "personnel", "secretary", "leader", "inspector")
"""Roles of which one may open any page of ours."""
ENDS_SESSION = {"web:log_out", "web:own_close", "web:password_change"}
"""Whoever logs out, or whose new password is taken back with its session, opens no further page."""
MUCH = 10_000
"""Characters that take Python longer to escape than a page takes to answer."""
_FORM = re.compile(r"<form\b.*?(?:</form>|\Z)", re.DOTALL)
"""What of a page is read for its forms: lists and menus around them hold no input."""
TEXT_TYPES = {"text", "date", "month", "number", "time", "search", "email", "textarea"}


@dataclass(frozen=True)
class Address:
    """An address of ours with its arguments filled in."""

    path: str
    name: str
    arguments: frozenset[str]
    access: Access


@dataclass(frozen=True)
class Opened:
    """A page as the first of `OPENERS` sees it who may."""

    address: Address
    role: str
    status: int
    text: str
    asked: frozenset[str]
    """Names for which it looked in its address."""

    @cached_property
    def page(self) -> Page:
        """Its forms, read once for all walks."""
        return Page(self.text)


@dataclass
class Input:
    """One input of a form, as a browser sees it."""

    name: str
    type: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    @property
    def sent(self) -> list[str]:
        """What a browser would send if nobody touched it."""
        if self.type == "select":
            return self.chosen or self.options[:1]
        return self.chosen if self.type in {"checkbox", "radio"} else [self.value]


class Page(HTMLParser):
    """The forms of a page that write: `forms` holds for each its inputs by name."""

    def __init__(self, text: str, method: str = "post") -> None:
        """Read the page."""
        super().__init__(convert_charrefs=True)
        self.method = method
        self.forms: list[dict[str, Input]] = []
        self.actions: list[str] = []
        self.buttons: list[tuple[str, str]] = []
        """Buttons that say something by being pressed."""
        self._inputs: dict[str, Input] | None = None
        self._open: Input | None = None
        self.feed("".join(_FORM.findall(text)))

    @property
    def main_form(self) -> dict[str, Input]:
        """The inputs of the form that the page is about; empty where it has none."""
        own = [
            inputs for inputs, action in zip(self.forms, self.actions, strict=True) if "logout" not in action
        ]
        return max(own, key=len, default={})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and inputs."""
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and has.get("method", "get") == self.method:
            self._inputs = {}
            self.forms.append(self._inputs)
            self.actions.append(has.get("action", ""))
        if self._inputs is None or "disabled" in has:
            return
        if tag in {"input", "textarea", "select"} and has.get("name"):
            self._note(tag, has)
        elif tag == "button" and has.get("name"):
            self.buttons.append((has["name"], has.get("value", "")))
        elif tag == "option" and self._open is not None:
            self._open.options.append(has.get("value", ""))
            if "selected" in has:
                self._open.chosen.append(has.get("value", ""))

    def _note(self, tag: str, has: dict[str, str]) -> None:
        kind = has.get("type", "text") if tag == "input" else tag
        one = self._inputs.setdefault(has["name"], Input(has["name"], kind, has.get("value", "")))
        if kind in {"checkbox", "radio"}:
            one.options.append(has.get("value", "on"))
            one.chosen += [has.get("value", "on")] if "checked" in has else []
        if tag != "input":
            self._open = one

    def handle_data(self, data: str) -> None:
        """The words of a textarea."""
        if self._open is not None and self._open.type == "textarea":
            self._open.value += data

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag in {"textarea", "select"} and self._open is not None:
            # A browser drops the first line end of a textarea; Django writes one for it.
            self._open.value = re.sub(r"^\r?\n", "", self._open.value)
            self._open = None
        if tag == "form":
            self._inputs = None


def addresses(things: dict[str, Any]) -> list[Address]:
    """Every address of ours with its access: arguments filled with `things`."""
    found = []
    for route, entry in _patterns(get_resolver()):
        if not entry.callback.__module__.startswith("qizhi."):
            continue
        app = entry.callback.__module__.split(".")[1]
        names = set(re.findall(r"<(?:\w+:)?(\w+)>", route))
        words = {"key": "leave" if app == "org" else "gatherings.held", "kind": "docx"}
        values = {name: things.get(f"{app}.{name}", things.get(name, words.get(name))) for name in names}
        if app == "web":
            values |= dict.fromkeys(names & {"key"}, "org.people")
        assert None not in values.values(), f"{route}: say in `things` what stands for {values}"
        for value in SEVERAL.get(f"{app}:{entry.name}", [values.get("key", "")]):
            path = reverse(f"{app}:{entry.name}", kwargs=values | dict.fromkeys(names & {"key"}, value))
            found.append(Address(path, f"{app}:{entry.name}", frozenset(names), entry.callback.access))
    return found


@contextmanager
def keeping() -> Iterator[None]:
    """Pages keep what they worked out until the next write, as they do in life.

    A test stands in a transaction, for which `kept` has no stamp: here it is the number of writes so far.
    What is taken back changes rows as well, if anything was written since its savepoint.
    """
    walk, writes, begun = object(), 0, dict[str, int]()

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        nonlocal writes
        if sql.startswith("SAVEPOINT "):
            begun[sql.removeprefix("SAVEPOINT ")] = writes
        elif sql.startswith("ROLLBACK TO SAVEPOINT "):
            writes += writes != begun.get(sql.removeprefix("ROLLBACK TO SAVEPOINT "))
        else:
            writes += not sql.startswith(_LEAVES_ROWS)
        return execute(sql, params, many, context)

    @contextmanager
    def watching() -> Iterator[None]:
        if kept._stamp() is not None:
            yield
            return
        kept._here.stamp, kept._here.is_watched = ("walk", walk, writes, clock.today()), True
        try:
            yield
        finally:
            kept._here.stamp, kept._here.is_watched = None, False

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(count):
        patch.setattr(kept, "watching", watching)
        yield


_LEAVES_ROWS = ("SELECT", "RELEASE SAVEPOINT", "SET TRANSACTION", "PRAGMA", "EXPLAIN")
_OPENED: dict[object, list[Opened]] = {}
PAGES_ASK: dict[str, Any] = {}
"""What the pages that were opened asked the database, each question once, with the values that stood in it."""


def opened(cast: Any, things: dict[str, Any]) -> list[Opened]:
    """Every page once; walks that begin with the same rows share what was found."""
    key = tuple(f"{name} {thing}" for name, thing in things.items())  # people may stand longer than the rest
    if key not in _OPENED:
        clients = {role: cast.client(role) for role in OPENERS}
        actors = {role: cast.actor(role) for role in OPENERS}
        _OPENED.clear()
        PAGES_ASK.clear()
        with keeping(), connection.execute_wrapper(_note_question):
            _OPENED[key] = [_open(address, clients, actors) for address in addresses(things)]
    return _OPENED[key]


def _note_question(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
    if sql.startswith("SELECT"):
        PAGES_ASK.setdefault(sql, params)
    return execute(sql, params, many, context)


def _open(address: Address, clients: dict[str, Client], actors: dict[str, Actor]) -> Opened:
    tried, wanted = [], address.access.wanted
    with _listening() as asked:
        for role, client in clients.items():
            if wanted is not None and not actors[role].may(wanted):
                continue  # as `test_roles` shows
            reply = drained(client.get(address.path))
            text = "" if reply.streaming else reply.content.decode(errors="replace")
            tried.append(Opened(address, role, reply.status_code, text, frozenset(asked)))
            if reply.status_code not in {403, 404}:
                return tried[-1]
    return tried[0]


def pages_to_fill(cast: Any, things: dict[str, Any]) -> Iterator[tuple[Address, Client, Page]]:
    """Every page with a form: address, client of somebody who may, page."""
    clients = {role: cast.client(role) for role in OPENERS}
    for one in opened(cast, things):
        access, is_last = one.address.access, one.address.name in ENDS_SESSION
        if access.has_writes and not access.is_public and not is_last and one.status == 200:
            yield one.address, clients[one.role], one.page


@contextmanager
def _listening() -> Iterator[set[str]]:
    """The names that a page asks its address for."""
    asked: set[str] = set()

    def hear(method: Callable[..., Any]) -> Callable[..., Any]:
        def heard(self: QueryDict, key: Any, *more: Any) -> Any:
            if isinstance(key, str):
                asked.add(key)
            return method(self, key, *more)

        return heard

    with pytest.MonkeyPatch.context() as patch:
        for name in ("get", "getlist", "__getitem__", "__contains__"):
            method = getattr(QueryDict, name)
            patch.setattr(QueryDict, name, hear(method), raising=False)
        yield asked


def encoded(pairs: list[tuple[str, str]]) -> str:
    """A query string or a form body, also of what is no valid text."""
    return "&".join(
        f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
        for name, value in pairs
    )


def send(
    client: Client, path: str, pairs: list[tuple[str, str]], files: dict[str, File] | None = None
) -> Any:
    """POST as a browser would; with files, or with very much text, in several parts."""
    client.cookies.pop("messages", None)
    pairs = [("csrfmiddlewaretoken", "x"), *pairs]
    if not files and all(len(value) < MUCH for _, value in pairs):
        return drained(client.post(path, encoded(pairs), content_type="application/x-www-form-urlencoded"))
    data: dict[str, Any] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    return drained(client.post(path, data | (files or {})))


def drained(reply: Any) -> Any:
    """The reply, read to its end where it is a stream: that closes its file, and leaves the database open."""
    if reply.streaming:
        for _ in reply:
            pass
    return reply
