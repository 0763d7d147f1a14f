"""On paper, at 200 %, by keyboard, and in a house in which there is nobody yet."""

from __future__ import annotations

import io
import unicodedata

import pypdf
import pytest

from tests.browser.test_pages import OVER_THE_EDGE, judgeable, judged

pytestmark = pytest.mark.browser
PRINTED = (
    "gatherings:gatherings",
    "gatherings:roll_sheet",
    "agenda that is planned",
    "gatherings:detail",
    "branch_life:unit",
    "org:unit",
    "reports:overview",
    "tasks:plan",
    "gatherings:branch_voting",
    "gatherings:voting_roll",
    "tally sheet with votes",
    "blank tally sheet",
    "branch_life:contacts",
    "web:branch_file",
)
ZOOMED = ("home of a secretary", "form with kinds", "gatherings:gatherings")
A4_PX = 703
"""What is left of 210 mm between margins of 12 mm, in CSS pixels."""
NOT_ON_PAPER = "nav, .topbar, .btn, button:not(.sort), .skip, .filters, .pager, .footbar, .offcanvas"
CUT_OFF = """() => [...document.querySelectorAll("main, main *")]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible"
        && !one.closest(".visually-hidden") && one.clientWidth)
    .map(one => one.outerHTML.slice(0, 120))"""


def _squeezed(text):
    """Without spaces, and with the letters that a PDF writes as radicals."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("name", PRINTED)
def test_a_page_prints_without_its_tools_and_is_not_cut_off(house, enter, name):
    who, address = house.pages[name]
    tab = enter(who, width=A4_PX)
    tab.goto(address)
    tab.emulate_media(media="print")
    heading = tab.locator("h1:visible, .document-title:visible").first.inner_text()
    assert [one for one in tab.locator(NOT_ON_PAPER).all() if one.is_visible()] == []
    assert tab.evaluate(OVER_THE_EDGE) + tab.evaluate(CUT_OFF) == []
    printed = pypdf.PdfReader(io.BytesIO(tab.pdf(format="A4")))
    text = _squeezed(printed.pages[0].extract_text())
    assert _squeezed(heading)[:6] in text
    assert "登记活动" not in text
    assert len(printed.pages) < 12


def test_a_long_ledger_is_printed_whole_with_one_press(enter):
    tab = enter("officer")
    tab.add_init_script("window.print = () => document.documentElement.setAttribute('data-printed', 1)")
    tab.goto("/ledgers/meetings/?year=2017&part=y")
    tab.get_by_role("link", name="打印全部").click()
    tab.wait_for_selector("html[data-printed]")
    rows = tab.locator("main table.data").last.locator("tbody tr").count()
    assert f"共 {rows} 条" in tab.inner_text(".pager")
    printed = pypdf.PdfReader(io.BytesIO(tab.pdf(format="A4")))
    sheets = [_squeezed(sheet.extract_text()) for sheet in printed.pages]
    assert len(sheets) > 5
    assert "2018年3月14日打印" in sheets[0]
    assert all("台账项日期活动组织" in sheet for sheet in sheets[1:]), (
        "each sheet repeats what its columns are"
    )


@pytest.mark.parametrize("name", ZOOMED)
def test_a_page_works_at_two_hundred_percent(house, enter, name):
    who, address = house.pages[name]
    tab = enter(who, width=640, height=450, device_scale_factor=2)
    tab.goto(address)
    assert tab.evaluate(OVER_THE_EDGE) == []
    for control in tab.locator("main a:visible, main button:visible, main input:visible").all()[:12]:
        control.focus()
        # What has the focus is not covered by a bar that stays (WCAG 2.4.11).
        assert control.evaluate(
            """one => { const box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return !!top && (one.contains(top) || top.contains(one) || one.labels?.[0]?.contains(top)); }"""
        ), control.evaluate("one => one.outerHTML")


@pytest.mark.parametrize("name", ZOOMED)
def test_every_stop_of_the_tab_key_is_seen(house, enter, name):
    who, address = house.pages[name]
    tab = enter(who)
    tab.goto(address)
    seen, reached = {}, set()
    for _ in range(45):
        tab.keyboard.press("Tab")
        stop = tab.evaluate(
            """() => { const one = document.activeElement, style = getComputedStyle(one);
            const marked = style.outlineStyle !== "none" || style.boxShadow !== "none";
            return one === document.body ? null : [one.outerHTML.slice(0, 120), marked, one.closest("main") !== null]; }"""
        )
        if stop is None:
            break
        reached.add(stop[2])
        seen[stop[0]] = seen.get(stop[0]) or stop[1]  # the last stop in a date is its calendar's own button
    assert [one for one, is_marked in seen.items() if not is_marked] == []
    assert reached == {True, False}


@pytest.fixture
def empty_house(changing):
    changing.reset("empty")
    return changing


@pytest.mark.parametrize("address", ["/first-start/", "/restore/"])
def test_the_first_pages_of_an_empty_house(empty_house, enter, address):
    tab = enter()
    judgeable(tab.context)
    tab.goto("/")
    tab.wait_for_url("**/first-start/")
    tab.goto(address)
    assert tab.inner_text("h1")
    assert judged(tab) == {1280: [], 390: []}
    assert tab.complaints == []
