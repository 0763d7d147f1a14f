"""The editor: errors with their places, versions, and nothing typed is lost."""

import uuid

import pytest
from django.urls import reverse

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.reports.models import OverviewTemplate
from qizhi.reports.services import templates as services

EDIT = "/reports/template/"
GOOD = "大会[[gatherings.congress]]次。"


def typed(body=GOOD, version=0, **more):
    return {"id": str(uuid.uuid4()), "base_version": version, "title": "{{单位}}综述", "body": body, **more}


@pytest.fixture
def officer(cast):
    return cast.client("officer")


def save(cast, body, version=0, **more):
    return services.save_template(
        bureau_id=cast.bureau.pk,
        title="综述",
        body=body,
        base_version=version,
        by=cast.actor("officer"),
        **more,
    )


def test_the_editor_opens_with_the_text_in_force_and_the_figures(cast, planted, officer):
    text = officer.get(EDIT).content.decode()
    assert "系统自带的模板" in text
    assert "没有写法错误" in text
    assert "<code>[[gatherings.congress]]</code>" in text
    assert "[[gatherings.series_years:new-year-flag]]" in text
    assert "[[chart:centre_months]]" in text


def test_saving_makes_a_version_and_an_event(cast, officer):
    response = officer.post(EDIT, typed(), follow=True)
    assert "已保存为第 1 版" in response.content.decode()
    saved = OverviewTemplate.objects.get(bureau=cast.bureau, is_current=True)
    assert (saved.version, saved.body, saved.saved_by) == (1, GOOD, "干事壬")
    assert [event.verb for event in audit.history(saved)] == ["reports.save_template"]
    officer.post(EDIT, typed("党员[[org.members]]名。", 1))
    versions = OverviewTemplate.objects.filter(bureau=cast.bureau).order_by("version")
    assert [(one.version, one.is_current) for one in versions] == [(1, False), (2, True)]
    assert audit.history(saved)[0].after["is_current"] is False


def test_a_double_click_saves_once(cast, officer):
    values = typed()
    officer.post(EDIT, values)
    assert officer.post(EDIT, values).status_code == 302
    assert OverviewTemplate.objects.filter(bureau=cast.bureau).count() == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (typed("大会[[gatherings.congres]]次。"), "最接近的是：gatherings.congress"),
        (typed("甲\n\n# 乙\n丙[[x"), "第 4 行第 2 字"),
        (typed(version=3), "您编辑期间"),
        ({**typed(), "title": ""}, "必填"),
        ({**typed(), "body": "字" * 60_001}, "60000"),
        ({"title": "只有标题", "id": "x"}, "需要修改"),
    ],
)
def test_what_cannot_be_saved_stays_on_the_page(cast, officer, values, words):
    response = officer.post(EDIT, values)
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert values.get("body", "")[:50] in text
    assert not OverviewTemplate.objects.exists()


def test_line_ends_of_a_browser_make_no_difference(cast, officer):
    officer.post(EDIT, typed("甲。\r\n乙。"))
    assert OverviewTemplate.objects.get().body == "甲。\n乙。"


def test_checking_changes_nothing(cast, officer):
    response = officer.post(EDIT, typed("共15次", check="1"))
    assert response.status_code == 200
    assert "1 处手工写的数字" in response.content.decode()
    assert not OverviewTemplate.objects.exists()


def test_the_live_check_answers_with_its_part_of_the_page(cast, officer):
    response = officer.post(f"{EDIT}check/", {"title": "综述", "body": "甲\n见[[nope]]，共15次"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in text
    assert "<strong>第 2 行第 2 字</strong>" in text
    assert "没有名为“nope”的指标" in text
    assert "“15”是手工写的" in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"insert_line": "1"}, "甲[[gatherings.congress]]\n乙"),
        ({"insert_span": "近三年"}, "甲\n乙[[gatherings.congress|近三年]]"),
        ({"insert_line": "99"}, "甲\n乙[[gatherings.congress]]"),
        ({"insert_line": "²"}, "甲\n乙[[gatherings.congress]]"),
        ({"insert_line": "1", "insert": "chart:centre_months"}, "甲\n[[chart:centre_months]]\n乙"),
    ],
)
def test_a_figure_is_put_in_where_asked(cast, officer, asked, expected):
    response = officer.post(EDIT, typed("甲\r\n乙", **{"insert": "gatherings.congress", **asked}))
    assert response.context["form"]["body"].value() == expected
    assert not OverviewTemplate.objects.exists()


def test_a_version_shows_its_difference_and_comes_back(cast, officer):
    old = save(cast, "甲。\n乙。")
    save(cast, "甲。\n丙。", 1)
    text = officer.get(old.get_absolute_url()).content.decode()
    assert "<del>− 乙。</del>" in text
    assert "<ins>＋ 丙。</ins>" in text
    response = officer.post(reverse("reports:template_restore", args=[old.pk]), follow=True)
    assert "恢复为第 3 版" in response.content.decode()
    current = OverviewTemplate.objects.get(bureau=cast.bureau, is_current=True)
    assert (current.version, current.body) == (3, "甲。\n乙。")


def test_the_version_in_force_cannot_be_restored(cast, officer):
    current = save(cast, "甲。")
    response = officer.post(reverse("reports:template_restore", args=[current.pk]))
    assert response.status_code == 409
    assert "完全相同" in response.content.decode()
    assert officer.get(reverse("reports:template_restore", args=[current.pk])).status_code == 302


def test_a_version_of_another_bureau_is_not_found(cast):
    own = save(cast, "甲。")
    stranger = cast.client("outsider")
    assert stranger.get(own.get_absolute_url()).status_code == 404
    assert stranger.post(reverse("reports:template_restore", args=[own.pk])).status_code == 404


def test_the_default_text_is_loaded_once(cast):
    by = cast.actor("officer")
    first = services.load_default_template(cast.bureau, by)
    assert (first.version, first.title) == (1, "{{单位}}党建工作综述")
    assert services.load_default_template(cast.bureau, by) == first


def test_two_who_edit_at_once_do_not_overwrite_each_other(cast):
    save(cast, "甲。")
    save(cast, "乙。", 1)
    with pytest.raises(Refused, match="干事壬 保存了第 2 版"):
        save(cast, "丙。", 1)
