"""Old workbooks: the fixture was saved by LibreOffice as Excel 97 from an invented roster."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qizhi.core.tables.cells import Copied
from qizhi.core.tables.grid import read_grid
from qizhi.core.tables.problems import UnreadableFile

OLD = (Path(__file__).parent / "data" / "libreoffice.xls").read_bytes()


@pytest.fixture
def roster():
    return read_grid(OLD, "名册.xls")[0]


def row(sheet, number):
    return next(row for row in sheet.rows if row.number == number)


def test_values_are_what_people_see(roster):
    assert roster.name == "名册"
    assert [cell.value for cell in row(roster, 2).cells] == ["工号", "姓名", "入党时间", "支部"]
    assert [cell.value for cell in row(roster, 3).cells] == [
        "0012",
        "江一苇",
        dt.date(2017, 3, 5),
        "第一支部",
    ]
    assert [cell.value for cell in row(roster, 4).cells][:3] == [13, "沈 两", "2017年3月"]
    assert row(roster, 6).cells[2].value == 1.5


def test_a_merged_area_counts_for_each_of_its_rows(roster):
    below = [row(roster, number).cells[3] for number in (4, 5)]
    assert [(cell.value, cell.copied) for cell in below] == [("第一支部", Copied.DOWN)] * 2
    assert [cell.copied for cell in row(roster, 1).cells] == [Copied.NO, *[Copied.ACROSS] * 3]


def test_an_error_value_is_named(roster):
    assert row(roster, 5).cells[2].problem == "单元格里是错误值#DIV/0!"


def test_what_is_hidden_is_read_and_said(roster):
    assert roster.notes == ["工作表“名册”里第6行被隐藏或被筛选掉了，也读取了。"]
    spare = read_grid(OLD, "名册.xls")[1]
    assert (spare.is_hidden, [cell.value for cell in spare.rows[0].cells]) == (True, ["甲", True])
    assert spare.notes == ["工作表“备用”是隐藏的，也读取了。"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_in_words_or_read(data):
    place = data.draw(st.integers(0, len(OLD) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=40))
    damaged = OLD[:place] + junk + OLD[place + len(junk) :]
    if data.draw(st.booleans()):
        damaged = damaged[: max(place, 600)]
    with suppress(UnreadableFile):
        assert all(sheet.rows is not None for sheet in read_grid(damaged, "名册.xls"))
