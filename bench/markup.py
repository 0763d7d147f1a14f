"""What a browser reads out of a page: the files it links, and the fields of its form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import urljoin

Attributes = dict[str, str]
LINKED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
FETCHED = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
STYLE_URL = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)|@import\s+['"]([^'"]+)['"]""")
SENT_BY_CLICK = {"submit", "button", "image", "reset", "file"}


class Page(HTMLParser):
    """A page, read once."""

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is fetched without a click, and the fields of forms."""
        given: Attributes = {name: value or "" for name, value in attrs}
        self._link(tag, given)
        if tag == "form":
            self._form = Form(given)
            self.forms.append(self._form)
        elif self._form is not None:
            self._form.start(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if self._form is not None:
            self._form.end(tag)
            if tag == "form":
                self._form = None

    def handle_data(self, data: str) -> None:
        """The text of a textarea is its value."""
        if self._form is not None:
            self._form.text(data)

    def _link(self, tag: str, given: Attributes) -> None:
        found = given.get(LINKED.get(tag, ""), "")
        if tag == "link" and FETCHED & set(given.get("rel", "").split()):
            found = given.get("href", "")
        if "load" in re.split(r"[\s,]+", given.get("hx-trigger", "")):
            found = given.get("hx-get", "")
        if found and not found.startswith("data:") and found not in self.links:
            self.links.append(found)


class Form:
    """The fields of a form as a browser would send them."""

    def __init__(self, given: Attributes) -> None:
        """Begin with none."""
        self.action = given.get("action", "")
        self.method = given.get("method", "get").lower()
        self.fields: list[tuple[str, str]] = []
        self.choices: dict[str, list[str]] = {}
        self._select = self._textarea = ""

    def start(self, tag: str, given: Attributes) -> None:
        """A field begins."""
        name = "" if "disabled" in given else given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea":
            self._textarea = name
            if name:
                self.fields.append((name, ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._option(given)

    def _input(self, name: str, given: Attributes) -> None:
        kind = given.get("type", "text").lower()
        is_choice = kind in {"checkbox", "radio"}
        value = given.get("value", "on" if is_choice else "")
        if is_choice:
            self.choices.setdefault(name, []).append(value)
            if "checked" in given:
                self.fields.append((name, value))
        elif kind not in SENT_BY_CLICK:
            self.fields.append((name, value))

    def _option(self, given: Attributes) -> None:
        value = given.get("value", "")
        self.choices.setdefault(self._select, []).append(value)
        if "selected" in given:
            self.set(self._select, value)
        elif len(self.choices[self._select]) == 1:
            self.fields.append((self._select, value))

    def end(self, tag: str) -> None:
        """A field ends."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def text(self, data: str) -> None:
        """Text inside a textarea, whose first line break HTML drops."""
        if self._textarea:
            name, before = self.fields[-1]
            self.fields[-1] = (name, before + (data if before else data.removeprefix("\n")))

    def set(self, name: str, *values: str) -> None:
        """Give a field these values instead of those it has."""
        self.fields = [field for field in self.fields if field[0] != name]
        self.fields += [(name, value) for value in values]

    def has(self, name: str) -> bool:
        """Whether it has a field of that name, chosen or not."""
        return name in self.choices or any(field == name for field, _ in self.fields)


def page_links(text: str, address: str) -> list[str]:
    """Paths of what a page fetches without a click: styles, scripts, pictures, fragments."""
    return [urljoin(address, link) for link in Page(text).links]


def style_links(text: str, address: str) -> list[str]:
    """Paths of what a style sheet fetches; pictures inside it (`data:`) need no request."""
    found = [first or second for first, second in STYLE_URL.findall(text)]
    return [urljoin(address, link) for link in dict.fromkeys(found) if not link.startswith(("data:", "#"))]


def form_with(text: str, names: Sequence[str]) -> Form:
    """The form to be posted that has all these fields.

    Raises:
        LookupError: there is none on the page.
    """
    for form in Page(text).forms:
        if form.method == "post" and all(form.has(name) for name in names):
            return form
    message = f"no form with {', '.join(names)} on the page"
    raise LookupError(message)
