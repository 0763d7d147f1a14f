"""The first and the next visit of a browser to a page: requests and bytes."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.client import NOT_MODIFIED, OK, Answer, Client, ServerError, is_kept_without_asking
from bench.markup import page_links, style_links


@dataclass(frozen=True)
class Visit:
    """What one visit cost."""

    requests: int
    size: int
    paths: tuple[str, ...]


@dataclass
class Browser:
    """A browser with a cache of its own."""

    client: Client
    kept: dict[str, Answer] = field(default_factory=dict)

    def visit(self, path: str) -> Visit:
        """Open a page and all it links, fetching only what the cache does not hold.

        Raises:
            ServerError: the page or a file it links does not answer 200.
        """
        fetched: list[tuple[str, int]] = []
        page = self._fetch(path, fetched)
        waiting = page_links(page.text, path)
        seen = set(waiting)
        while waiting:
            link = waiting.pop(0)
            answer = self._fetch(link, fetched)
            if "css" in answer.headers.get("content-type", ""):
                more = [found for found in style_links(answer.text, link) if found not in seen]
                seen.update(more)
                waiting += more
        return Visit(len(fetched), sum(size for _, size in fetched), tuple(name for name, _ in fetched))

    def _fetch(self, path: str, fetched: list[tuple[str, int]]) -> Answer:
        known = self.kept.get(path)
        if known is not None and is_kept_without_asking(known.headers):
            return known
        headers = {}
        if known is not None and "etag" in known.headers:
            headers["If-None-Match"] = known.headers["etag"]
        if known is not None and "last-modified" in known.headers:
            headers["If-Modified-Since"] = known.headers["last-modified"]
        answer = self.client.get(path, headers)
        fetched.append((path, answer.size))
        if answer.status == NOT_MODIFIED and known is not None:
            return known
        if answer.status != OK:
            message = f"{path} answered {answer.status}"
            raise ServerError(message)
        if "no-store" not in answer.headers.get("cache-control", ""):
            self.kept[path] = answer
        return answer
