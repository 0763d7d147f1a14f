"""Nothing typed is lost: after an error, a lapsed session, a closed tab, a lost connection; and nothing is sent twice."""

from __future__ import annotations

import pytest

from tests.browser.stage import log_in
from tests.browser.test_g1_recording import TOPIC, label_of

pytestmark = pytest.mark.browser
FORM = "/gatherings/record/"
PLACE = "三楼会议室"


@pytest.fixture
def desk(enter, changing):
    """A form in which somebody chose kinds, tapped a name and wrote a topic and a place."""

    def sit(**options):
        tab = enter("secretary", **options)
        tab.goto(FORM)
        for kind in ("主题党日", "党课"):
            label_of(tab, kind).click()
        tab.wait_for_selector("#roll:has-text('党课')", state="attached")
        tapped = tab.locator("#roll [data-roll] button.btn-outline-secondary").nth(4)
        tab.tapped = tapped.inner_text()
        tapped.click()
        tab.fill("[name=topics]", TOPIC)
        tab.click("summary:has-text('名称、时间')")
        tab.fill("[name=place]", PLACE)
        return tab

    return sit


def submit(tab):
    tab.click(".footbar .btn-primary")


def assert_all_is_there(tab):
    """Kinds, roll, topic and place as they were typed."""
    tab.wait_for_selector(f"#roll [data-roll] button:text-is('{tab.tapped} 缺席')")
    assert tab.input_value("[name=topics]") == TOPIC
    assert tab.input_value("[name=place]") == PLACE
    assert tab.is_visible("[name=place]")
    assert all(label_of(tab, kind).locator("input").is_checked() for kind in ("主题党日", "党课"))


def assert_recorded_once(tab):
    tab.wait_for_selector(".answer-done")
    assert f"{tab.tapped}\t缺席" in tab.inner_text("main")
    assert PLACE in tab.inner_text(".facts")
    tab.goto("/gatherings/?q=" + TOPIC)
    assert tab.locator("table.data tbody tr").count() == 1
    tab.goto(FORM)
    assert tab.input_value("[name=topics]") == ""
    assert tab.locator(".notice").count() == 0


def test_after_an_error_the_form_says_where_and_keeps_the_rest(desk):
    tab = desk()
    tab.click("summary:has-text('授课人')")
    tab.fill("[name=lecturers]", "没有这个人")
    submit(tab)
    tab.wait_for_selector(".field-error")
    assert tab.evaluate("document.activeElement.matches('.note-error')")
    assert tab.input_value("[name=lecturers]") == "没有这个人"
    assert_all_is_there(tab)
    tab.fill("[name=lecturers]", tab.input_value("[name=chair]"))
    submit(tab)
    assert_recorded_once(tab)


@pytest.mark.parametrize("lost", ["sessionid", None], ids=["lapsed", "all-cookies"])
def test_after_a_lapsed_session_one_logs_in_and_goes_on(desk, lost):
    tab = desk()
    tab.context.clear_cookies(**({"name": lost} if lost else {}))
    submit(tab)
    tab.wait_for_selector("h1:text-is('登录')")
    assert "填写的内容还在" in tab.inner_text("main")
    log_in(tab, "secretary")
    tab.wait_for_selector("h1:text-is('登记活动')")
    assert_all_is_there(tab)
    submit(tab)
    assert_recorded_once(tab)


def test_a_session_that_lapses_while_one_types_leads_to_the_log_in_and_back(desk):
    tab = desk()
    tab.context.clear_cookies(name="sessionid")
    tab.fill("[name=held_on]", "2018-03-13")
    tab.keyboard.press("Tab")
    tab.wait_for_selector("h1:text-is('登录')")
    log_in(tab, "secretary")
    tab.wait_for_selector("h1:text-is('登记活动')")
    assert tab.input_value("[name=held_on]") == "2018-03-13"
    assert_all_is_there(tab)


def test_a_closed_tab_can_be_opened_again(desk):
    tab = desk()
    tab.wait_for_timeout(500)  # the pause after which a draft is kept
    again = tab.context.new_page()
    again.tapped = tab.tapped
    tab.close()
    again.goto(FORM)
    again.wait_for_selector(".notice")
    assert_all_is_there(again)
    again.click(".notice .btn-outline-secondary")
    assert again.input_value("[name=topics]") == ""


def test_whoever_goes_back_after_saving_begins_anew(desk):
    tab = desk()
    submit(tab)
    tab.wait_for_selector(".answer-done")
    tab.go_back()
    tab.wait_for_selector("h1:text-is('登记活动')")
    assert tab.input_value("[name=topics]") == ""
    assert not any(label_of(tab, kind).locator("input").is_checked() for kind in ("主题党日", "党课"))
    assert tab.locator(".notice").count() == 0


def test_whoever_goes_away_and_back_before_saving_finds_everything(desk):
    tab = desk()
    tab.goto("/gatherings/")
    tab.go_back()
    tab.wait_for_selector(".notice")
    assert_all_is_there(tab)
    submit(tab)
    assert_recorded_once(tab)


def test_without_a_connection_the_form_stays_and_is_sent_later(desk):
    tab = desk()
    tab.context.set_offline(True)
    submit(tab)
    tab.wait_for_selector(".notice:has-text('网络断开')")
    assert_all_is_there(tab)
    assert tab.is_enabled(".footbar .btn-primary")
    tab.context.set_offline(False)
    submit(tab)
    assert_recorded_once(tab)


def test_a_server_that_does_not_answer_loses_nothing(desk):
    tab = desk()
    tab.route("**/gatherings/record/**", lambda route: route.abort())
    submit(tab)
    tab.wait_for_url("chrome-error://**")
    tab.unroute_all()
    tab.goto(FORM)
    assert_all_is_there(tab)


def test_a_double_click_records_once(desk):
    tab = desk()
    tab.dblclick(".footbar .btn-primary", no_wait_after=True)
    assert_recorded_once(tab)
