"""Who sees which numbers: the secretary those of the own branch, members and strangers none."""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from qizhi.core.figures import all_figures
from qizhi.org.enums import Role
from qizhi.org.models import Post
from qizhi.reports.queries import figures_of

ASKED = {"as_of": "2018-01-15", "year": "2017"}
PAGES = (
    "reports:overview",
    "reports:figures",
    "reports:template_edit",
    "reports:issued_list",
    "reports:issue",
)
FULL = ("officer", "inspector", "leader")


def numbers_on(response):
    return {one.figure.key: one for _, numbers in response.context["groups"] for one in numbers}


@pytest.mark.parametrize("name", ["member", "personnel"])
@pytest.mark.parametrize("page", PAGES)
def test_others_are_refused(cast, name, page):
    assert cast.client(name).get(reverse(page)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_one_who_is_not_logged_in_is_sent_to_log_in(cast, client, page):
    response = client.get(reverse(page))
    assert (response.status_code, response["Location"].split("?")[0]) == (
        302,
        resolve_url(settings.LOGIN_URL),
    )


@pytest.mark.parametrize("name", FULL)
def test_officer_leader_and_discipline_see_everything(cast, planted, name):
    client = cast.client(name)
    assert client.get(reverse("reports:overview")).status_code == 200
    assert numbers_on(client.get(reverse("reports:figures"), ASKED))["gatherings.congress"].text == "5"


@pytest.mark.parametrize("name", ["inspector", "leader"])
def test_only_the_officer_writes_and_issues(cast, name):
    client = cast.client(name)
    assert client.get(reverse("reports:template_edit")).status_code == 403
    assert client.post(reverse("reports:template_check"), {"body": ""}).status_code == 403
    assert client.get(reverse("reports:issue")).status_code == 403


def test_a_secretary_sees_the_own_branch_and_nothing_else(cast, planted):
    client = cast.client("secretary")
    assert numbers_on(client.get(reverse("reports:figures"), ASKED))["gatherings.congress"].text == "4"
    assert "第二党支部" not in client.get(reverse("reports:figures"), ASKED).content.decode()
    assert (
        numbers_on(cast.client("neighbour").get(reverse("reports:figures"), ASKED))[
            "gatherings.congress"
        ].text
        == "1"
    )


def test_a_secretary_does_not_see_the_overview(cast):
    client = cast.client("secretary")
    assert client.get(reverse("reports:overview")).status_code == 403
    assert client.get(reverse("reports:overview_file", args=["json"])).status_code == 403
    assert client.get(reverse("reports:issued_list")).status_code == 403


@pytest.mark.parametrize("page", ["figures", "rows"])
def test_another_branch_is_not_found(cast, planted, page):
    address = (
        reverse("reports:figures") if page == "figures" else reverse("reports:rows", args=["org.members"])
    )
    assert cast.client("secretary").get(address, {**ASKED, "unit": "z02"}).status_code == 404
    assert cast.client("secretary").get(address, {**ASKED, "unit": "z01"}).status_code == 200


def test_no_figure_shows_a_secretary_rows_of_others(cast, planted):
    """Every figure there is, the series too: whatever carries a unit lies in the own branch."""
    client = cast.client("neighbour")
    checked = 0
    for figure in figures_of(cast.bureau.pk):
        response = client.get(
            reverse("reports:rows", args=[figure.key]), {**ASKED, "span": "to_date", "format": "json"}
        )
        assert response.status_code == 200, figure.key
        for row in response.json()["rows"]:
            checked += 1
            assert row["unit"] in {"第二党支部", None}, figure.key
    assert checked > 0


def test_a_bureau_sees_nothing_of_another(cast, planted):
    client = cast.client("outsider")
    numbers = numbers_on(client.get(reverse("reports:figures"), ASKED))
    assert len(numbers) == len(all_figures())
    assert {one.value.counted for one in numbers.values()} == {0}
    assert (
        client.get(reverse("reports:rows", args=["org.members"]), {**ASKED, "unit": "z01"}).status_code == 404
    )


def test_a_post_that_ended_shows_nothing(cast, planted):
    Post.objects.filter(role=Role.SECRETARY, unit=cast.first).update(to_on="2018-01-14")
    assert cast.client("secretary").get(reverse("reports:figures")).status_code == 403
