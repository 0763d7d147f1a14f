"""The register of the three lists as a file: what the reader sees on its page."""

from __future__ import annotations

import csv
import io

from django.urls import reverse

from qizhi.core import clock
from qizhi.tasks.services.duties import DutyValues, create_list, issue_list

LISTS = reverse("tasks:lists")


def _make(cast, name, units, year=2018):
    return create_list(
        issuer=cast.committee,
        year=year,
        name=name,
        kind="responsibility",
        units=units,
        items=[DutyValues("一项")],
        by=cast.actor("officer"),
    )


def test_the_register_goes_out_with_the_lists_that_the_reader_sees(cast):
    both = [cast.first, cast.second]
    for name, units, year in (("一支部的清单", both[:1], 2017), ("大家的清单", both, 2018)):
        issue_list(_make(cast, name, units, year), issued_on=clock.today(), by=cast.actor("officer"))
    _make(cast, "没有印发的清单", [cast.first], 2019)
    for who in ("officer", "secretary", "neighbour"):
        client = cast.client(who)
        page = client.get(LISTS)
        assert "format=csv" in page.content.decode()
        text = client.get(LISTS, {"format": "csv"}).content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["名称"] for row in rows] == [one.name for one in page.context["lists"]]
        assert ("一支部的清单" in text) is (who != "neighbour")
        assert ("没有印发的清单" in text) is (who == "officer")
        assert {row["项数"] for row in rows} == {"1"}
