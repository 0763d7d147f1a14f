"""Lists of the organisation as files: the rows of the page, and nobody else's."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from qizhi.core.tables import TableSchema, read_table
from qizhi.org.views.sheets import PEOPLE

FIRST = ("书记甲", "委员乙", "委员丙", "党员丁", "预备戊")
HERE = reverse("org:people")


def rows_of(client, address, **asked):
    answer = client.get(address, {**asked, "format": "csv"})
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_secretary_takes_the_members_of_the_own_branch_and_no_other(cast):
    client = cast.client("secretary")
    page = client.get(HERE)
    assert "format=csv" in page.content.decode()
    rows = rows_of(client, HERE)
    assert [row["姓名"] for row in rows] == [line.person.name for line in page.context["lines"]]
    assert tuple(row["姓名"] for row in rows) == FIRST
    assert (rows[0]["党支部"], rows[0]["职务"]) == ("第一党支部", "第一党支部书记")
    assert [row["姓名"] for row in rows_of(client, HERE, q="丁")] == ["党员丁"]
    assert rows_of(client, HERE, unit="z02") == []


def test_the_office_takes_all_pages_at_once(cast, monkeypatch):
    monkeypatch.setattr("qizhi.org.views.people.PAGE", 5)
    client = cast.client("officer")
    page = client.get(HERE).context["page_of_people"]
    assert page.has_next()
    assert len(rows_of(client, HERE, page="2")) == page.paginator.count
    answer = client.get(HERE, {"format": "xlsx"})
    reading = read_table(answer.content, "人员.xlsx", TableSchema("people", "人员", PEOPLE))
    assert (reading.errors, len(reading.rows)) == ([], page.paginator.count)


def test_a_member_takes_only_themselves(cast):
    assert [row["姓名"] for row in rows_of(cast.client("member"), HERE)] == ["党员丁"]


@pytest.mark.parametrize(("who", "sees"), [("secretary", True), ("neighbour", False), ("officer", True)])
def test_the_people_of_a_unit_go_out_to_those_who_see_them(cast, who, sees):
    client, address = cast.client(who), cast.first.get_absolute_url()
    assert "format=xlsx" in client.get(address).content.decode()
    rows = rows_of(client, address)
    # Posts are shown to everybody, members only to their own.
    assert {row["姓名"] for row in rows} == (set(FIRST) if sees else set(FIRST[:3]))
    assert any(row["党员类别"] for row in rows) is sees
    assert rows[0]["职务"] == "支部书记"


def test_a_department_and_a_group_go_out_too(cast):
    assert len(rows_of(cast.client("officer"), cast.department.get_absolute_url())) == 12
    group = rows_of(cast.client("secretary"), cast.group.get_absolute_url())
    assert tuple(row["姓名"] for row in group) == FIRST
    assert rows_of(cast.client("neighbour"), cast.group.get_absolute_url()) == []


def test_the_tree_goes_out_as_it_is_on_the_day(cast):
    client = cast.client("member")
    lines = client.get(reverse("org:units")).context["lines"]
    rows = rows_of(client, reverse("org:units"))
    assert [row["名称"].strip("　") for row in rows] == [line["unit"].name for line in lines]
    first = next(row for row in rows if row["名称"].endswith("第一党支部"))
    assert (first["党员"], first["正式党员"], first["支委会"], first["党小组"]) == ("5", "4", "3 人", "1")
    assert rows_of(client, reverse("org:units"), on="2014-12-31") == []
