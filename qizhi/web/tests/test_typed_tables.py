"""What leaves as a workbook can be summed and sorted: numbers are numbers, days are days, in every list."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest

from qizhi.core import clock
from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.services import GatheringFacts, LecturerFact, load_standard_kinds, record_gathering
from qizhi.regulations.services import load_national_regulations
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.web.queries.ledgers import LEDGERS

TODAY = dt.date(2018, 12, 10)
YEARS = range(2015, 2020)  # in which these tests play
LOOKS_TYPED = re.compile(r"\d+(\.\d+)?%?|\d{4}年\d+月\d+日|\d{4}-\d\d-\d\d")


@left_standing
def lessons(cast):
    """A lesson on a day, and one of which the month alone is known."""
    officer = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=officer)
    load_national_calendar(cast.bureau, by=officer, years=YEARS)
    load_national_regulations(cast.bureau, by=officer)
    kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key__in=("lesson", "theme-day", "training")))
    made = {"unit": cast.first, "kinds": kinds, "title": "春季党课", "hours": Decimal("1.5")}
    lecturers = (LecturerFact(cast.person("secretary"), "", "secretary"),)
    with clock.at(TODAY):
        record_gathering(
            facts=GatheringFacts(**made, held_on=dt.date(2018, 3, 9), lecturers=lecturers), by=officer
        )
        record_gathering(
            facts=GatheringFacts(**made, held_on=dt.date(2018, 5, 1), precision="month"), by=officer
        )


def lines(cast, address, **query):
    with clock.at(TODAY):
        page = cast.client("officer").get(address, {"format": "xlsx", **query})
    assert page.status_code == 200
    rows = openpyxl.load_workbook(io.BytesIO(page.content)).worksheets[0].iter_rows(values_only=True)
    next(rows)
    labels = next(rows)
    return [dict(zip(labels, row, strict=True)) for row in rows]


@pytest.mark.parametrize("table", ["units", "rows"])
@pytest.mark.parametrize("key", [ledger.key for ledger in LEDGERS])
def test_no_number_and_no_day_of_a_ledger_is_text(cast, lessons, key, table):
    for line in lines(cast, f"/ledgers/{key}/", year=2018, table=table):
        texts = {label: cell for label, cell in line.items() if isinstance(cell, str)}
        assert [one for one in texts.items() if LOOKS_TYPED.fullmatch(one[1])] == []


def test_a_ledger_out_by_unit_carries_numbers_and_what_was_asked(cast, lessons):
    found = {line["组织"]: line for line in lines(cast, "/ledgers/meetings/", year=2018, table="units")}
    first, whole = found["第一党支部"], found["合计"]
    assert (first["党课次数"], whole["党课次数"]) == (2, 2)
    assert f"缺 {first['缺']}" in first["按要求"]
    states = ("已完成", "未到期", "缺", "不适用", "已免除", "已补录", "未知")
    assert first["缺"] > 0
    for state in states:
        assert whole[state] == sum(line[state] or 0 for line in found.values() if line is not whole)
    assert "按要求" in lines(cast, "/ledgers/theme-day/", year=2018, table="units")[0]
    share = lines(cast, "/ledgers/dual-life/", year=2018, table="units")[-1]
    assert [label for label in share if label.endswith("（%）")] != []


@pytest.mark.parametrize(
    "address", ["/ledgers/hours/", "/gatherings/", "/reports/figures/gatherings.training/rows/"]
)
def test_records_carry_their_day_or_the_month_in_words(cast, lessons, address):
    assert Gathering.objects.count() == 2
    days = [
        day.date() if isinstance(day := line["日期"], dt.datetime) else day
        for line in lines(cast, address, year=2018)
    ]
    assert set(days) == {dt.date(2018, 3, 9), "2018年5月"}
    assert {line.get("学时", 1.5) for line in lines(cast, address, year=2018)} == {1.5}
