"""A case in the browser: the notice is read first, the person answers with a code from paper and leaves nothing behind."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
WORDS = "当日在外勤，可向科室核实。"


def sent(tab):
    tab.click(".footbar .btn-primary")
    tab.wait_for_load_state("networkidle")


def drafted(office, name):
    """A case about somebody, recorded by hand."""
    office.goto("/conduct/cases/new/")
    office.fill("[name=person]", name)
    office.fill("[name=happened_on]", "2018-03-12")
    office.fill("[name=fact]", "上班时间未按规定着制服。")
    office.fill("[name=evidence]", "两人现场查看。")
    office.select_option(
        "[name=clause]", office.locator("[name=clause] option", has_text="制服").first.get_attribute("value")
    )
    sent(office)
    return office.url


def test_a_notice_is_read_handed_over_and_answered_with_a_code(enter, changing):
    member = enter("member")
    member.goto("/mine/")
    member.locator("a", has_text="本人信息").click()
    name = member.inner_text("h1")
    office = enter("discipline")
    case = drafted(office, name)
    office.click("main a:text-is('告知')")
    assert "微违规事项告知书" in office.inner_text("main article")
    assert office.url.endswith("/notify/")
    office.fill("[name=statement_days]", "7")
    office.click("button[name=look]")
    assert "计7个工作日" in office.inner_text("main article")
    office.locator(".footbar .btn-primary").dblclick()
    office.wait_for_url(case)
    assert office.locator("td", has_text="陈述期自").count() == 1, "a second click tells nobody twice"

    personnel = enter("personnel")
    personnel.goto("/conduct/codes/new/")
    personnel.fill("[name=person]", name)
    sent(personnel)
    code = personnel.locator("main").evaluate("e => e.innerText.match(/(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}/)[0]")

    guest = enter("", width=390, height=844)
    guest.goto("/own/")
    guest.fill("[name=code]", code.lower().replace("-", " "))
    guest.click("main form button")
    guest.locator("a", has_text="写陈述").first.click()
    guest.fill("[name=statement]", WORDS)
    guest.wait_for_timeout(500)  # the pause after which a draft is kept
    guest.click("main form:has([name=statement]) button")
    guest.wait_for_selector("text=陈述已收到")
    assert WORDS in guest.inner_text("main")
    assert guest.input_value("[name=statement]") == ""
    kept = guest.evaluate("Object.keys(localStorage).filter(key => key.includes('draft'))")
    assert kept == [], "what was stated stays in no browser"
    assert guest.complaints == []

    office.goto(case)
    assert WORDS in office.inner_text("main")
