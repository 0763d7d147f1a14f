"""The pages of the product are found by their names, as far as one may open them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qizhi.web.queries.pages import PAGES, pages_named
from tests.walk import keeping

SEARCH = reverse("web:search")
ROLES = ("officer", "secretary", "personnel", "inspector", "leader", "member")


def named(cast, who, text):
    return [page.label for page, _ in pages_named(cast.actor(who), text)]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("免除", "免除登记"),
        ("微党课轮讲", "学习计划完成情况"),
        ("述职", "书记述职底稿"),
        ("请假", "我的请假"),
        ("qingjia", "我的请假"),
        ("mcdj", "免除登记"),
        ("gdhdr", "固定活动日"),
        ("tiaoxiu", "工作日历"),
        ("三会一课 台账", "三会一课台账"),
        ("登记 谈话", "登记谈心谈话"),
        ("公 文", "限时办结公文"),
    ],
)
def test_a_page_is_found_by_its_name_by_another_word_and_by_its_sound(cast, typed, label):
    assert label in named(cast, "officer", typed)


def test_what_is_called_so_comes_first_and_says_what_else_it_is_called(cast):
    assert named(cast, "officer", "组织生活")[0] == "组织生活"
    assert named(cast, "officer", "结账")[:2] == ["结账", "登记结账"]
    page = cast.client("officer").get(SEARCH, {"q": "休假"}).content.decode()
    assert page.index("申请请假") < page.index("我的请假")
    assert "也叫休假" in page
    only = cast.client("officer").get(SEARCH, {"q": "述职报告"})
    assert only.url == reverse("reports:secretary_report"), "the only one that is found opens at once"


@pytest.mark.once
def test_only_what_one_may_open_is_found(cast):
    assert "免除登记" not in named(cast, "member", "免除")
    assert "登记免除" not in named(cast, "secretary", "免除")
    assert named(cast, "member", "我的请假") == ["我的请假"]
    for role in ROLES:
        actor, client = cast.actor(role), cast.client(role)
        with keeping():
            for page in PAGES:
                if page.is_for(actor):
                    assert client.get(page.address).status_code in {200, 302}, (role, page.label)


def test_no_word_finds_no_page_and_hostile_words_break_nothing(cast):
    for typed in ("", " ", "《》", "%_'\"<b>", "没有这样的页面", "x" * 500):
        assert named(cast, "officer", typed) == []
        assert cast.client("officer").get(SEARCH, {"q": typed}).status_code == 200


def test_a_search_for_pages_asks_nothing_of_the_database(cast, django_assert_num_queries):
    actor = cast.actor("officer")
    with django_assert_num_queries(0):
        assert list(pages_named(actor, "qing jia"))
