"""A figure is put into the text of the overview where the caret stands; untouched, the text gets it at its end."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
TEXT = "textarea[name=body]"
PLACE = "([from, to]) => { const box = document.querySelector('textarea'); box.focus(); box.setSelectionRange(from, to) }"


def insert(tab, key):
    tab.click(f"button[name=insert][value='{key}']")


def test_a_figure_goes_where_the_caret_is(house, enter):
    tab = enter("officer")
    tab.goto("/reports/template/")
    assert not tab.is_visible("[name=insert_line]")
    tab.fill(TEXT, "共开展N次。\n第二段")
    tab.evaluate(PLACE, [3, 4])
    tab.select_option("[name=insert_span]", "近三年")
    insert(tab, "gatherings.congress")
    assert tab.input_value(TEXT) == "共开展[[gatherings.congress|近三年]]次。\n第二段"
    tab.select_option("[name=insert_span]", "")
    insert(tab, "chart:centre_months")
    wanted = "共开展[[gatherings.congress|近三年]]次。\n\n[[chart:centre_months]]\n第二段"
    assert tab.input_value(TEXT) == wanted
    assert tab.complaints == []


def test_an_untouched_text_gets_it_at_its_end(house, enter):
    tab = enter("officer")
    tab.goto("/reports/template/")
    before = tab.input_value(TEXT)
    with tab.expect_navigation():
        insert(tab, "gatherings.congress")
    assert tab.input_value(TEXT) == f"{before}[[gatherings.congress]]"
