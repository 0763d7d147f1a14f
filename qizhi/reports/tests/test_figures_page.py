"""All figures on a page, and the rows behind each."""

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qizhi.core.figures import all_figures
from qizhi.gatherings.enums import Capacity, Ledger
from qizhi.gatherings.models import Lecturer
from qizhi.reports.queries import Numbers, Reckoning, figures_of

FIGURES = "/reports/figures/"
ASKED = {"as_of": "2018-01-15", "year": "2017"}


def rows_page(key):
    return reverse("reports:rows", args=[key])


def test_the_page_shows_every_figure_with_its_number(cast, planted):
    response = cast.client("officer").get(FIGURES, ASKED)
    text = response.content.decode()
    assert response.status_code == 200
    numbers = Numbers(Reckoning(cast.bureau.pk, 2017, dt.date(2018, 1, 15)))
    for figure in figures_of(cast.bureau.pk):
        assert figure.label in text
        assert f">{numbers.get(figure).text}</a>" in text
    assert "新年升旗仪式：连续年数" in text


def test_every_number_on_the_page_opens_to_its_rows(cast, planted):
    client = cast.client("officer")
    page = client.get(FIGURES, ASKED)
    numbers = [number for _, numbers in page.context["groups"] for number in numbers]
    assert len(numbers) == len(all_figures()) + 1
    for number in numbers:
        response = client.get(number.address)
        assert response.status_code == 200, number.address
        assert response.context["sum_of_rows"] == number.value.counted
        assert response.context["number"].text == number.text
        assert "明细与数字不一致" not in response.content.decode()


def test_a_unit_a_span_and_a_day_narrow_the_numbers(cast, planted):
    client = cast.client("officer")

    def congress(**more):
        page = client.get(FIGURES, {**ASKED, **more})
        found = {one.figure.key: one for _, numbers in page.context["groups"] for one in numbers}
        return found["gatherings.congress"].text

    assert congress() == "5"
    assert congress(unit="z02") == "1"
    assert congress(span="three_years") == "5"
    assert congress(year="2016") == "0"
    assert congress(as_of="2017-01-10", year="2017") == "2"


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_the_list_can_leave(cast, planted, kind):
    response = cast.client("officer").get(FIGURES, {**ASKED, "format": kind})
    assert response.status_code == 200
    assert f".{kind}" in response["Content-Disposition"]
    if kind == "json":
        found = {one["key"]: one["text"] for one in json.loads(response.content)["figures"]}
        assert found["gatherings.congress"] == "5"
    elif kind == "csv":
        lines = response.content.decode("utf-8-sig").splitlines()
        assert any(line.startswith("支部党员大会次数,5,次,5,") for line in lines)
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
        assert ("支部党员大会次数", 5) in [(row[0], row[1]) for row in sheet.iter_rows(values_only=True)]


def test_rows_show_the_records_and_lead_to_them(cast, planted):
    response = cast.client("officer").get(rows_page("gatherings.congress"), {**ASKED, "unit": "z01"})
    text = response.content.decode()
    assert "明细共 4 行" in text
    assert text.count("2017年1月") == 4
    assert text.count('<a href="/gatherings/') >= 4


def test_the_drawer_gets_a_fragment_and_the_way_to_the_whole_list(cast, planted):
    planted.many(25, 2017, Ledger.GROUP)
    client = cast.client("officer")
    drawer = client.get(rows_page("gatherings.group"), ASKED, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in drawer
    assert drawer.count("<tr>") == 1 + 20
    assert "查看全部 25 行" in drawer
    assert client.get(rows_page("gatherings.group"), ASKED).content.decode().count("<tr>") == 1 + 25


def test_days_of_ones_own(cast, planted):
    client = cast.client("officer")
    response = client.get(
        rows_page("gatherings.congress"), {**ASKED, "start": "2017-01-16", "end": "2017-01-23"}
    )
    assert response.context["number"].text == "2"


def test_nothing_due_is_told_and_is_not_zero(cast):
    text = cast.client("officer").get(rows_page("study.plan_done_share"), ASKED).content.decode()
    assert "没有应计的事" in text
    assert "没有记录" in text


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_rows_can_leave(cast, planted, kind):
    response = cast.client("officer").get(rows_page("gatherings.congress"), {**ASKED, "format": kind})
    if kind == "json":
        content = json.loads(response.content)
        assert len(content["rows"]) == content["figure"]["counted"] == 5
    elif kind == "csv":
        assert len(response.content.decode("utf-8-sig").splitlines()) == 1 + 5
    else:
        assert openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0].max_row == 2 + 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": "gestern"},
        {"as_of": "2018-01-16"},
        {"as_of": "0001-01-01"},
        {"year": "0"},
        {"year": "99999999999999999999"},
        {"span": "never"},
        {"start": "2017-01-01"},
        {"start": "2017-02-01", "end": "2017-01-01"},
    ],
)
@pytest.mark.parametrize("fragment", [True, False])
def test_bad_input_is_answered_with_words(cast, wrong, fragment):
    headers = {"HX-Request": "true"} if fragment else {}
    response = cast.client("officer").get(rows_page("gatherings.congress"), wrong, headers=headers)
    assert response.status_code == 422
    assert "需要修改" in response.content.decode()


def test_a_figure_that_is_none_is_not_found(cast):
    client = cast.client("officer")
    assert client.get(rows_page("gone.figure")).status_code == 404
    assert client.get(rows_page("gatherings.series_years:")).status_code == 404


def test_queries_of_both_pages_do_not_grow_with_rows(cast, planted):
    client = cast.client("officer")
    keys = [figure.key for figure in figures_of(cast.bureau.pk)]
    addresses = [FIGURES, *(rows_page(key) for key in keys)]

    def counts(addresses):
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address, ASKED)
            found[address] = len(queries)
        return found

    client.get(FIGURES, ASKED)  # what is read once and kept
    few = counts([FIGURES])
    for row in planted.many(6, 2017, *Ledger, unit=cast.first, hours=1):
        for capacity in Capacity:
            Lecturer.objects.create(
                bureau=cast.bureau, gathering=row, person=cast.person("secretary"), capacity=capacity
            )
    more = counts(addresses)
    # A list of one row and an empty one differ by what is fetched with the rows; more rows add nothing.
    planted.many(9, 2016, *Ledger, unit=cast.first, hours=1)
    planted.many(12, 2017, Ledger.CONGRESS, unit=cast.second, hours=1)
    assert counts(addresses) == more
    # 33 that ask, one of them which units have ended; on PostgreSQL three more steer
    assert more[FIGURES] == few[FIGURES] <= 36
