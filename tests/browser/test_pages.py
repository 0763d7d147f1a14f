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
RUN = """async rules => (await axe.run(document, {
    runOnly: rules, resultTypes: ["violations"], preload: false,
})).violations"""
LOOK = """const look = one => {
    const {color, backgroundColor, backgroundImage, opacity} = getComputedStyle(one);
    return one.checkVisibility() && [color, backgroundColor, backgroundImage, opacity].join();
};"""
REMEMBER = f"""() => {{ {LOOK}
    window.looks = new Map([...document.body.querySelectorAll("*")].map(one => [one, look(one)]));
}}"""
# On a narrow page: what depends on where things stand, and everything of what is seen anew or in other colours.
RUN_NARROW = f"""async ([rules, placed]) => {{ {LOOK}
    const other = [...window.looks].filter(([one, before]) => look(one) && look(one) !== before).map(([one]) => one);
    const tops = other.filter(one => !other.some(above => above !== one && above.contains(one)));
    const options = {{resultTypes: ["violations"], preload: false}};
    const found = [await axe.run(document, {{runOnly: placed, ...options}})];
    if (tops.length) found.push(await axe.run({{include: tops}}, {{runOnly: rules, ...options}}));
    return found.flatMap(one => one.violations);
}}"""
PLACED = ["target-size", "scrollable-region-focusable"]
"""Rules of axe that depend on where things stand."""
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
            known[username] = Watched(attended(judgeable(opened(username)).new_page()))
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


def judgeable(context):
    """The context, with axe in every page that it opens: from outside, past the policy, and compiled once."""
    context.add_init_script(path=AXE)
    return context


def judged(tab):
    """What axe finds and what stands over the edge, for each width; the tab's context is `judgeable`."""
    wide, narrow = WIDTHS
    wrong = {width: [] for width in WIDTHS}
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        wrong[width] += tab.evaluate(OVER_THE_EDGE)
        # The whole page in sight: axe takes an input half under the bar that stays at the bottom for a small one.
        height = tab.evaluate("document.documentElement.scrollHeight")
        tab.set_viewport_size({"width": width, "height": min(height, 12_000)})
        if width == wide:
            wrong[wide] += told(tab.evaluate(RUN, TAGS))
            tab.evaluate(REMEMBER)
    wrong[narrow] += told(tab.evaluate(RUN_NARROW, [TAGS, PLACED]))
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


ONLY_NARROW = """<!doctype html><html lang="zh"><title>只在窄屏</title><meta name="viewport" content="width=device-width">
<style>.one { color: #000; background: #fff } .two { display: none }
@media (max-width: 500px) { .one { color: #bbb } .two { display: block } }</style>
<main><h1>只在窄屏</h1><p class="one">看不清的字</p><p class="two"><button></button></p></main>"""


def test_what_only_a_narrow_page_shows_is_judged_too(opened):
    context = judgeable(opened())
    tab = context.new_page()
    tab.route("**/*", lambda route: route.fulfill(body=ONLY_NARROW, content_type="text/html; charset=utf-8"))
    tab.goto("/narrow")
    wrong = judged(tab)
    context.close()
    assert wrong[WIDTHS[0]] == []
    assert {one.split(":")[0] for one in wrong[WIDTHS[1]]} == {"color-contrast", "button-name"}
