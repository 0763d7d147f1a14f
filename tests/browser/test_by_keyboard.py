"""The commonest jobs of a secretary without a mouse: after the page is open, only keys are pressed.

To record a meeting by keyboard: see `test_g1_recording`.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest

pytestmark = pytest.mark.browser
MOST_STOPS = 90
STOP = """() => { const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (one === document.body) return null;
    const x = box.left + Math.min(box.width, innerWidth) / 2, y = box.top + Math.min(box.height, 40) / 2;
    const top = document.elementFromPoint(x, y);
    return {
        what: one.outerHTML.slice(0, 120),
        marked: style.outlineStyle !== "none" || style.boxShadow !== "none",
        inSight: !!top && (one.contains(top) || top.contains(one) || !!one.labels?.[0]?.contains(top)),
    }; }"""
IN_SIGHT = (
    "one => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"
)
PRINT = "window.print = () => document.documentElement.setAttribute('data-printed', location.search)"


class Keys:
    """A tab that is worked by keys alone; each press is counted, each stop must be seen."""

    def __init__(self, tab):
        self.tab, self.pressed, self.stops = tab, 0, {}
        self.under_way = set()
        tab.on("request", lambda asked: self.under_way.add(asked.url))
        for end in ("requestfinished", "requestfailed"):
            tab.on(end, lambda asked: self.under_way.discard(asked.url))

    def press(self, key):
        self.tab.keyboard.press(key)
        self.pressed += 1

    def type(self, text):
        self.tab.keyboard.type(text)
        self.pressed += len(text)

    def past_the_navigation(self):
        """By the first link of every page; a page that was sent from behind it begins there."""
        self.press("Tab")
        if self.has_focus(self.tab.locator(".skip")):
            self.press("Enter")
            assert self.has_focus(self.tab.locator("main"))
        else:
            assert self.tab.locator("main :focus").count() == 1

    def to(self, target):
        """Tab until there."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            stop = self.tab.evaluate(STOP)
            assert stop is not None, f"the focus is lost on the way to {target}"
            seen = self.stops.setdefault(stop["what"], [False, True])
            seen[0] |= stop["marked"]  # the last stop in a date is its calendar's own button
            seen[1] &= stop["inSight"]
            if self.has_focus(target):
                return
        pytest.fail(f"{target} is not reached by the Tab key")

    def open(self, target, address):
        """Tab to a link and follow it."""
        self.to(target)
        self.press("Enter")
        self.tab.wait_for_url(re.compile(address))

    def rest(self):
        """Until what a changed date asks for, a roll and kinds, is on the page."""
        for _ in range(100):
            self.tab.wait_for_timeout(250)
            if not self.under_way:
                return
        pytest.fail(f"{self.under_way} are not answered")

    def has_focus(self, target):
        return target.evaluate("one => one === document.activeElement")

    def type_date(self, day, order):
        """Into a date field, which stands at its first part."""
        for part in order:
            self.type(f"{day:{part}}")
            if part == "%Y":
                self.press("ArrowRight")  # a year may have six digits
        self.rest()


@pytest.fixture(scope="session")
def order(opened):
    """In which order this browser asks for the parts of a date: that is a matter of its own language."""
    tab = opened().new_page()
    tab.set_content('<input type="date" value="2016-05-15">')
    tab.keyboard.press("Tab")
    found = []
    for _ in range(3):
        before = tab.input_value("input").split("-")
        tab.keyboard.press("ArrowUp")
        after = tab.input_value("input").split("-")
        found += [
            part for part, was, is_now in zip(("%Y", "%m", "%d"), before, after, strict=True) if was != is_now
        ]
        tab.keyboard.press("Tab")
    tab.context.close()
    assert len(found) == 3
    return found


@pytest.fixture
def keys(enter, changing, tell, request):
    """At the first screen; in the end every stop was seen, and the number of presses is told."""
    tab = enter("secretary")
    tab.add_init_script(PRINT)
    tab.goto("/")
    hands = Keys(tab)
    yield hands
    assert [
        what for what, (is_marked, is_in_sight) in hands.stops.items() if not (is_marked and is_in_sight)
    ] == []
    assert tab.complaints == []
    tell("Keyboard", f"{request.function.__doc__}: {hands.pressed} keys")


def day_in(what):
    """A day of the month or quarter in which something is missing."""
    year, month = re.search(r"(\d{4})年(\d+)月", what).groups()
    return dt.date(int(year), int(month), 12)


def missing(tab):
    """What the first screen says is missing and can be recorded."""
    return tab.locator(".steps li:has(.state-missing)").filter(
        has=tab.locator("a[href^='/gatherings/record/']")
    )


def test_a_missing_item_is_mended_in_one_step(keys, order):
    """a missing item"""
    tab = keys.tab
    before = missing(tab).count()
    what = missing(tab).first.locator(".step-what").inner_text()
    keys.past_the_navigation()
    keys.open(missing(tab).first.locator("a"), r"/gatherings/record/")
    keys.past_the_navigation()
    keys.to(tab.locator("[name=held_on]"))
    keys.type_date(day_in(what), order)
    keys.to(tab.locator(".footbar .btn-primary"))
    keys.press("Enter")
    tab.wait_for_selector(".answer-done")
    assert "登记一次，计入" in tab.inner_text(".answer-done")
    tab.goto("/")
    assert what not in missing(tab).locator(".step-what").all_inner_texts()
    assert missing(tab).count() <= before


def test_the_date_of_a_gathering_is_corrected(keys, order):
    """the date of a gathering"""
    tab = keys.tab
    keys.past_the_navigation()
    keys.open(tab.locator("ul.hits a[href^='/gatherings/']").first, r"/gatherings/[0-9a-f-]{36}/")
    keys.past_the_navigation()
    keys.open(tab.locator("main a:text-is('更正')"), r"/correct/")
    keys.past_the_navigation()
    keys.to(tab.locator("[name=held_on]"))
    keys.type_date(dt.date(2018, 3, 6), order)
    keys.to(tab.locator(".footbar .btn-primary"))
    assert tab.input_value("[name=held_on]") == "2018-03-06"
    keys.press("Enter")
    tab.wait_for_selector(".facts")
    assert "2018年3月6日" in tab.inner_text(".facts") or "2018-03-06" in tab.inner_text(".facts"), (
        tab.inner_text(".facts")
    )


def test_a_talk_is_recorded(keys):
    """a talk"""
    tab = keys.tab
    keys.past_the_navigation()
    keys.open(tab.locator("main a:has-text('组织生活全貌')"), r"/branch-life/units/")
    owed = tab.locator("#line-coverage a[href*='with=']")
    before, name = owed.count(), owed.first.locator(".visually-hidden").text_content()
    keys.past_the_navigation()
    unfold = tab.locator("#line-coverage summary")
    if not owed.first.is_visible():
        keys.to(unfold)
        keys.press("Enter")
    keys.open(owed.first, r"/talks/new/")
    keys.past_the_navigation()
    keys.to(tab.locator(".footbar .btn-primary"))
    keys.press("Enter")
    tab.wait_for_url(re.compile(r"/branch-life/units/"))
    said = tab.locator(".note:has-text('已登记 1 次谈话')")
    assert said.count() == 1
    assert said.evaluate(IN_SIGHT)
    assert owed.count() == before - 1
    assert name not in "".join(owed.all_text_contents())


def test_the_year_of_the_branch_is_seen_and_printed(keys):
    """the branch's year, printed"""
    tab = keys.tab
    keys.past_the_navigation()
    keys.open(tab.locator("main a:has-text('组织生活全貌')"), r"/branch-life/units/")
    keys.past_the_navigation()
    keys.to(tab.locator(".filters [name=year]"))
    keys.press("ArrowDown")
    keys.to(tab.locator(".filters button"))
    keys.press("Enter")
    tab.wait_for_url(re.compile(r"year=2017"))
    assert tab.locator("h2:text-is('2017年逐项情况')").count() == 1
    keys.past_the_navigation()
    keys.to(tab.locator("main [data-print]"))
    keys.press("Enter")
    assert tab.get_attribute("html", "data-printed") == "?year=2017&part=y"
