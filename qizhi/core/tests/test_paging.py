"""Long lists: page by page, or all of it for whoever prints."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from qizhi.core.paging import MOST_AT_ONCE, page_of

LIST = Template("{% printing page %}{% pager page %}")


def shown(number, asked=""):
    request = RequestFactory().get("/", {"kind": "甲", **({"page": asked} if asked else {})})
    page = page_of(range(number), 50, request.GET.get("page"))
    return page, LIST.render(Context({"page": page, "request": request}))


@pytest.mark.parametrize(
    ("number", "asked", "rows"),
    [(120, "", 50), (120, "3", 20), (120, "x", 50), (120, "all", 120), (0, "all", 0), (7, "", 7)],
)
def test_a_page_or_all_of_it(number, asked, rows):
    page, _ = shown(number, asked)
    assert len(page) == rows


def test_a_long_list_offers_all_of_it_on_paper_and_keeps_its_filters():
    _, text = shown(120)
    assert re.search(r'href="\?kind=%E7%94%B2&amp;page=all#print">打印全部 120 条</a>', text)
    assert 'page=all">全部列出</a>' in text
    assert "第 1 / 3 页，共 120 条；这里只有这一页。" in text
    _, whole = shown(120, "all")
    assert 'data-print>打印</button><p class="pager">共 120 条 <a' in whole
    assert "分页显示" in whole
    _, short = shown(7)
    assert "data-print>打印</button>" in short
    assert "分页显示" not in short


def test_what_is_longer_than_a_page_can_hold_stays_in_pages_and_says_so():
    page, text = shown(MOST_AT_ONCE + 1, "all")
    assert len(page) == 50
    assert "打印本页" in text
    assert "全部列出" not in text
