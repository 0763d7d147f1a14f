"""The house on stage, and people who enter it."""

from __future__ import annotations

import os

import pytest

from tests.browser.stage import staged

PATIENCE_MS = 10_000


SHOWN = 6


def pytest_terminal_summary(terminalreporter):
    """Say which pages are the heaviest, whichever worker opened them."""
    costs = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "costs" and report.when == "call"
    ]
    if costs:
        terminalreporter.write_line("heaviest pages: first visit, later visits (requests, bytes)")
    for name, requests, size, again, more in sorted(costs, key=lambda one: (-one[2], -one[4]))[:SHOWN]:
        terminalreporter.write_line(f"{requests:>4} {size:>9,} {again:>4} {more:>9,}  {name}")


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """The sample bureau; a test that changes something there takes `changing`."""
    # Each worker has a folder of its own inside that of the run.
    own = tmp_path_factory.mktemp("house")
    above = own.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else own.parent
    with staged(own, above / "stage") as stage:
        yield stage


@pytest.fixture
def changing(house):
    """Every row is put back afterwards."""
    yield house
    house.reset()


@pytest.fixture(scope="session")
def opened(browser, house):
    """Open a browser window for somebody who is logged in already."""

    def new_context(username="", *, width=1280, height=900, **options):
        size = {"width": width, "height": height}
        context = browser.new_context(base_url=house.address, viewport=size, locale="zh-CN", **options)
        context.set_default_timeout(PATIENCE_MS)
        if username:
            context.add_cookies([house.cookie(username)])
        return context

    return new_context


@pytest.fixture
def enter(opened):
    """Open a tab for somebody; `tab.complaints` collects what the browser objects to."""
    contexts = []

    def open_tab(username="", **options):
        contexts.append(opened(username, **options))
        return attended(contexts[-1].new_page())

    yield open_tab
    for context in contexts:
        context.close()


def attended(tab):
    """The tab, with a list of errors of the page and in its console."""
    tab.complaints = []
    tab.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    return tab


@pytest.fixture
def phone():
    """Options of `enter` for a telephone that is touched."""
    return {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}
