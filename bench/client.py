"""A browser's part of HTTP: one kept connection, cookies, gzip; standard library only."""

from __future__ import annotations

import gzip
import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.markup import form_with

PATIENCE_S = 60
FORM = "application/x-www-form-urlencoded"
OK, FOUND, SEE_OTHER, NOT_MODIFIED = 200, 302, 303, 304


class ServerError(Exception):
    """The server did not do what was asked; the measurement is void."""


@dataclass(frozen=True)
class Answer:
    """An answer: `size` is what came over the wire, head and body, in bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.body) + sum(len(name) + len(value) + 4 for name, value in self.headers.items())

    @property
    def text(self) -> str:
        """The body as text."""
        is_packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if is_packed else self.body).decode()


@dataclass
class Client:
    """One person's browser; not for two threads at once."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """Ask for a page; redirects are not followed."""
        return self._ask("GET", path, None, headers or {})

    def post(self, path: str, body: bytes) -> Answer:
        """Send a form."""
        origin = f"http://{self.host}:{self.port}"
        return self._ask("POST", path, body, {"Content-Type": FORM, "Origin": origin})

    def log_in(self, username: str, password: str) -> None:
        """Log in as a person would, by the page with the form.

        Raises:
            ServerError: the form did not let us in.
        """
        form = form_with(self.get("/login/").text, ("username", "password"))
        form.set("username", username)
        form.set("password", password)
        answer = self.post("/login/", urlencode(form.fields).encode())
        if answer.status not in {FOUND, SEE_OTHER} or "sessionid" not in self.cookies:
            message = f"{username} was not let in: {answer.status}"
            raise ServerError(message)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Accept-Encoding": "gzip", "Cookie": cookies, **headers}
        is_kept = self._line is not None
        try:
            return self._once(method, path, body, sent)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A server may hang up on an idle line at any time; browsers then ask again on a new one.
            self.close()
            if not is_kept or method != "GET":
                raise
            return self._once(method, path, body, sent)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._line is None:
            self._line = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        self._line.request(method, path, body, headers)
        response = self._line.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content)


def is_kept_without_asking(headers: dict[str, str]) -> bool:
    """Whether a browser that has the file shows it again without a request."""
    policy = headers.get("cache-control", "")
    found = re.search(r"max-age=(\d+)", policy)
    return "no-store" not in policy and ("immutable" in policy or (found is not None and int(found[1]) > 0))
