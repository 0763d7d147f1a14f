"""Every page, as the right person sees it at a desk and on a phone: sound, light, and within its edges."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver

from qzlib.places import ROOT
from tests.browser.conftest import attended
from tests.browser.props import MORE, NO_PAGES
from tests.test_house import _patterns

pytestmark = pytest.mark.browser
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => (await axe.run(document, {
    runOnly: tags, resultTypes: ["violations"], preload: false,
})).violations"""
OVER_THE_EDGE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll("*")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(one => one.outerHTML.slice(0, 160))"""
WIDTHS = (1280, 390)
FIRST, LATER = (12, 100_000), (3, 30_000)
"""Most requests and bytes of a first and of a later visit."""
ANSWERS = {"not found": 404, "refused": 403}


def _names():
    of_routes = {
        f"{entry.callback.__module__.split('.')[1]}:{entry.name}"
        for _route, entry in _patterns(get_resolver())
        if entry.callback.__module__.startswith("qizhi.")
    }
    return sorted(of_routes - NO_PAGES.keys()) + list(MORE)


@pytest.fixture(scope="module")
def tabs(opened):
    """One tab for each person: what one page fetched the next finds in the cache, as in life."""
    known = {}

    def find(username):
        if username not in known:
            known[username] = Watched(attended(opened(username).new_page()))
        return known[username]

    yield find
    for watched in known.values():
        watched.tab.context.close()


class Watched:
    """A tab, with all that its pages fetch: from the server, or from what the browser has kept."""

    def __init__(self, tab):
        self.tab, self.wire = tab, tab.context.new_cdp_session(tab)
        self.asked, self.sizes, self.kept, self.known = {}, {}, set(), {}
        self.wire.send("Network.enable")
        self.wire.on("Network.requestWillBeSent", self._ask)
        self.wire.on("Network.requestServedFromCache", lambda said: self.kept.add(said["requestId"]))
        self.wire.on("Network.responseReceived", self._receive)
        self.wire.on("Network.loadingFinished", self._finish)

    def _ask(self, said):
        if not said["request"]["url"].startswith("data:"):
            self.asked[said["requestId"]] = said["request"]["url"]

    def _receive(self, said):
        if said["response"].get("fromDiskCache"):
            self.kept.add(said["requestId"])

    def _finish(self, said):
        self.sizes[said["requestId"]] = said["encodedDataLength"]

    def visit(self, address):
        """Answer of a visit, and the requests and bytes of a first and of a later one.

        What the browser has kept costs a first visit what it cost when it was fetched.
        """
        for seen in (self.asked, self.sizes, self.kept):
            seen.clear()
        answer = self.tab.goto(address, wait_until="load")
        fetched = {url: self.sizes.get(key, 0) for key, url in self.asked.items() if key not in self.kept}
        new = {url: size for url, size in fetched.items() if "/static/" in url}
        if new:
            self.known |= new
            return self.visit(address)
        kept = [self.known[url] for key, url in self.asked.items() if key in self.kept]
        later = (len(fetched), sum(fetched.values()))
        return answer, (later[0] + len(kept), later[1] + sum(kept)), later

    def hosts(self):
        return {urlsplit(url).netloc for url in self.asked.values()}


def told(violations):
    return [f"{one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"][:3]]


def judged(tab):
    """What axe finds and what stands over the edge, for each width."""
    tab.evaluate(AXE.read_text(encoding="utf-8"))  # from outside, past the policy
    wrong = {}
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        wrong[width] = tab.evaluate(OVER_THE_EDGE)
        # The whole page in sight: axe takes an input half under the bar that stays at the bottom for a small one.
        height = tab.evaluate("document.documentElement.scrollHeight")
        tab.set_viewport_size({"width": width, "height": min(height, 12_000)})
        wrong[width] += told(tab.evaluate(RUN, TAGS))
    return wrong


@pytest.mark.parametrize("name", _names())
def test_a_page_is_sound_and_light(house, tabs, name, record_property):
    who, address = house.pages[name]
    watched = tabs(who)
    tab = watched.tab
    tab.complaints.clear()
    tab.set_viewport_size({"width": WIDTHS[0], "height": 900})
    answer, first, later = watched.visit(address)
    costs = (*first, *later)
    record_property("costs", [name, *costs])  # see `pytest_terminal_summary`
    expected = ANSWERS.get(name, 200)
    said = [one for one in tab.complaints if expected == 200 or f"status of {expected}" not in one]
    assert said == []
    assert answer.status == expected
    assert watched.hosts() == {urlsplit(house.address).netloc}
    assert all(cost <= most for cost, most in zip(costs, (*FIRST, *LATER), strict=True)), costs
    assert len(tab.locator("h1").all_inner_texts()) == 1
    assert tab.title().split(" · ")[0].strip()
    assert tab.inner_text("h1").strip()

    wrong = judged(tab)
    assert wrong == {width: [] for width in WIDTHS}, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_every_address_is_a_page_or_says_why_not(house):
    missing = sorted(set(_names()) - house.pages.keys())
    assert not missing, " ".join(missing)
    assert all(len(why) > 3 for why in NO_PAGES.values())
