"""A working method: its elements, reviews and gatherings."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.branch_life import services
from qizhi.branch_life.models import MethodReview, MethodUse
from qizhi.core import audit, figures, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask

D = dt.date


def body(response):
    return response.content.decode().split("<main")[1]


@pytest.fixture
def method(cast, april):
    return services.add_method(
        unit=cast.first,
        name="五有工作法",
        elements="有朝气\n\n 有热情 ",
        from_on=D(2017, 1, 1),
        by=cast.actor("secretary"),
    )


def act(verb, method):
    return reverse(f"branch_life:{verb}", args=[method.pk])


def test_elements_are_rows_in_their_order(cast, method):
    assert [element.text for element in method.elements.all()] == ["有朝气", "有热情"]
    by = cast.actor("secretary")
    services.change_method(method, name=method.name, elements="有干劲\n有朝气", from_on=method.from_on, by=by)
    assert [(one.position, one.text) for one in method.elements.all()] == [(1, "有干劲"), (2, "有朝气")]
    event = audit.history(method).first()
    assert event.before["elements"] == ["有朝气", "有热情"]
    assert event.after["elements"] == ["有干劲", "有朝气"]


def test_a_review_a_day_and_stopping_ends_the_method(cast, method):
    by = cast.actor("secretary")
    for day, words in ((D(2018, 4, 21), "今天之后"), (D(2016, 12, 31), "早于起始日期")):
        with pytest.raises(Refused, match=words):
            services.review_method(method, reviewed_on=day, conclusion="continue", by=by)
    services.review_method(method, reviewed_on=D(2018, 4, 1), conclusion="revise", by=by)
    services.review_method(method, reviewed_on=D(2018, 4, 1), conclusion="continue", by=by)
    assert MethodReview.objects.get().get_conclusion_display() == "继续施行"
    figure = figures.get("branch_life.active_methods")
    ask = Ask(cast.bureau.pk, periods.year(2018), D(2018, 4, 20))
    assert figure.value(ask).counted == 1
    services.review_method(method, reviewed_on=D(2018, 4, 10), conclusion="stop", by=by)
    method.refresh_from_db()
    assert method.to_on == D(2018, 4, 10)
    assert figure.value(ask).counted == 0
    with pytest.raises(Refused, match="已停用"):
        services.review_method(method, reviewed_on=D(2018, 4, 11), conclusion="continue", by=by)


def test_the_page_and_its_forms(cast, method):
    client = cast.client("secretary")
    text = body(client.get(method.get_absolute_url()))
    assert "<li>有朝气</li><li>有热情</li>" in text
    assert "2018年还没有评议" in text
    review = act("method_review", method)
    assert client.get(review).status_code == 200
    assert client.post(review, {"reviewed_on": "2018-05-01", "conclusion": "continue"}).status_code == 422
    assert client.post(review, {"reviewed_on": "2018-04-02", "conclusion": "revise"}).status_code == 302
    text = body(client.get(method.get_absolute_url()))
    assert "2018年已评议" in text
    assert "修订" in text
    remove = reverse("branch_life:review_remove", args=[MethodReview.objects.get().pk])
    assert cast.client("neighbour").post(remove).status_code == 404
    assert client.get(remove).status_code == 302
    assert client.post(remove).status_code == 302
    assert not MethodReview.objects.exists()
    for who, status in (("leader", 200), ("neighbour", 404), ("outsider", 404), ("member", 403)):
        assert cast.client(who).get(method.get_absolute_url()).status_code == status
    assert "年度评议：" not in body(cast.client("leader").get(method.get_absolute_url()))


def test_gatherings_are_linked_and_shown_on_both_pages(cast, method, hold):
    gathering = hold(cast.first, D(2018, 1, 8), "theme-day")
    group = hold(cast.group, D(2018, 2, 9), "group-meeting")
    other = hold(cast.second, D(2018, 1, 9), "theme-day")
    client, link = cast.client("secretary"), act("method_link", method)
    offered = body(client.get(link))
    assert str(gathering.pk) in offered
    assert str(group.pk) in offered
    assert str(other.pk) not in offered
    assert client.post(link, {"gathering": other.pk}).status_code == 422
    assert client.post(link, {"gathering": gathering.pk}).status_code == 302
    assert client.post(link, {"gathering": gathering.pk}).status_code == 302
    assert MethodUse.objects.count() == 1
    assert str(gathering.pk) not in body(client.get(link))
    assert gathering.get_absolute_url() in body(client.get(method.get_absolute_url()))
    page = gathering.get_absolute_url()
    assert f'支部工作法：<a href="{method.get_absolute_url()}">五有工作法</a>' in body(client.get(page))
    assert "支部工作法：五有工作法" in body(cast.client("member").get(page))
    with pytest.raises(Refused, match="不是“第一党支部”的有效活动"):
        services.link_gathering(method, other, by=cast.actor("officer"))
    assert client.post(act("method_unlink", method), {"gathering": gathering.pk}).status_code == 302
    assert not MethodUse.objects.exists()
    assert audit.history(method).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, method, hold, number, django_assert_num_queries):
    for day in range(1, number + 1):
        made = hold(cast.first, D(2018, 2, day), "theme-day")
        services.link_gathering(method, made, by=cast.actor("secretary"))
        services.review_method(
            method, reviewed_on=D(2018, 3, day), conclusion="continue", by=cast.actor("secretary")
        )
    client = cast.client("secretary")
    with django_assert_num_queries(8):
        client.get(method.get_absolute_url())
    with django_assert_num_queries(5):
        client.get(act("method_link", method))
