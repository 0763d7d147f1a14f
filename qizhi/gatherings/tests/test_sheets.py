"""Series, kinds and templates as files: the rows of the pages."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.permissions import system
from qizhi.gatherings.models import Gathering, Kind, Series
from qizhi.gatherings.services import load_standard_kinds, load_standard_templates


@pytest.fixture(autouse=True)
def _standard(cast):
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))
    load_standard_templates(cast.bureau, by=system(cast.bureau.pk))


def rows_of(client, address):
    assert "format=csv" in client.get(address).content.decode()
    answer = client.get(address, {"format": "csv"})
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def _hold(cast, series, unit, title):
    return Gathering.objects.create(
        bureau=cast.bureau,
        unit=unit,
        title=title,
        held_on=dt.date(2017, 6, 1),
        series=series,
        recorded_at=clock.now(),
        recorded_by="示例",
    )


def test_series_go_out_and_a_branch_takes_only_its_own_gatherings(cast):
    series = Series.objects.create(bureau=cast.bureau, key="june", name="感恩月", month=6)
    _hold(cast, series, cast.first, "一支部的感恩月")
    _hold(cast, series, cast.second, "二支部的感恩月")
    client = cast.client("secretary")
    (row,) = rows_of(client, reverse("gatherings:series_list"))
    assert (row["系列"], row["月份"], row["历年届数"], row["最近一次"]) == (
        "感恩月",
        "6月",
        "1",
        "2017-06-01",
    )
    own = rows_of(client, series.get_absolute_url())
    assert [row["活动"] for row in own] == ["一支部的感恩月", "另有 1 次由其他组织开展"]
    everything = rows_of(cast.client("officer"), series.get_absolute_url())
    assert {row["活动"] for row in everything} == {"一支部的感恩月", "二支部的感恩月"}
    assert cast.client("outsider").get(series.get_absolute_url(), {"format": "csv"}).status_code == 404


def test_kinds_and_templates_go_out_as_they_stand_on_the_page(cast):
    client = cast.client("secretary")
    kinds = rows_of(client, reverse("gatherings:kinds"))
    lines = client.get(reverse("gatherings:kinds")).context["lines"]
    assert [row["类型"] for row in kinds] == [line["kind"].name for line in lines]
    assert len(kinds) == Kind.objects.filter(bureau=cast.bureau).count()
    templates = rows_of(client, reverse("gatherings:templates"))
    lines = client.get(reverse("gatherings:templates")).context["lines"]
    assert [row["模板"] for row in templates] == [line["template"].name for line in lines]
    assert any(row["下一次"] for row in templates)
    for name in ("kinds", "templates"):
        other = cast.client("outsider").get(reverse(f"gatherings:{name}"), {"format": "csv"})
        assert len(other.content.decode("utf-8-sig").splitlines()) == 1, "headings alone"
