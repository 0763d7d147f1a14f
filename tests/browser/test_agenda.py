"""The clock of an agenda runs in the page alone: it counts, goes on, rests, and sends and keeps nothing."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.browser
ADDRESS = "/gatherings/agenda/?" + urlencode(
    {"topics": "传达文件 1分钟\n讨论\n表决 5分钟", "title": "支部会"}
)
BEGIN = "2018-03-14T14:30:00+08:00"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_clock_goes_through_an_agenda_and_keeps_nothing(house, enter, width):
    tab = enter("secretary", width=width)
    tab.clock.install(time=BEGIN)
    tab.goto(ADDRESS)
    tab.clock.pause_at("2018-03-14T14:30:30+08:00")  # from here on only as much time passes as the test says
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    what, time = tab.locator("[data-agenda-title]"), tab.locator("[data-agenda-time]")
    assert tab.inner_text("[data-agenda-now]") == "现在 14:30"
    tab.click("[data-agenda-do=start]")
    assert what.inner_text() == "第 1 项（共 3 项）：传达文件"
    tab.clock.run_for(20_500)
    assert time.inner_text() == "已用 0:20，还有 0:40"
    tab.clock.run_for(50_000)
    assert time.inner_text() == "已用 1:10，超出计划 0:10"
    assert "is-over" in tab.get_attribute("[data-agenda]", "class")
    tab.click("[data-agenda-do=pause]")
    tab.clock.run_for(60_000)
    assert time.inner_text() == "已暂停：已用 1:10，超出计划 0:10"
    tab.click("[data-agenda-do=pause]")
    tab.keyboard.press("Tab")
    tab.click("[data-agenda-do=next]")
    tab.clock.run_for(5_500)
    assert time.inner_text() == "已用 0:05"
    assert tab.inner_text("[data-agenda-whole]").startswith("从开始起 1:1")
    assert tab.get_attribute("tr[aria-current=step] td:first-child", "class") == "num"
    tab.click("[data-agenda-do=back]")
    assert time.inner_text().startswith("已用 1:10")
    for _ in range(3):
        tab.click("[data-agenda-do=next]")
    assert what.inner_text() == "议程走完了。"
    assert not tab.is_visible("[data-agenda-do=next]")
    tab.click("[data-agenda-do=reset]")
    assert tab.is_visible("[data-agenda-do=start]")
    assert asked == []
    kept = tab.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)].join()")
    assert "agenda" not in kept
    assert tab.complaints == []
