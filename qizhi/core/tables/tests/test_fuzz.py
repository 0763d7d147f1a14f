"""Nothing that anybody uploads raises anything but `UnreadableFile`."""

import datetime as dt

from hypothesis import example, given, settings
from hypothesis import strategies as st

from qizhi.core.tables import UnreadableFile, read_table
from qizhi.core.tables.cells import Cell, Row, Sheet
from qizhi.core.tables.header import BadHeader, find_header
from qizhi.core.tables.reading import TableReading, _read_sheet
from qizhi.core.tables.tests.build import HEADINGS, PEOPLE, by_hand, csv_file, workbook

BOOK = workbook([HEADINGS, ["张三", "党员", dt.date(2017, 3, 5), 1.5, 3, True, "李四", "x"]])
MAGICS = st.sampled_from(
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf", b"sep="]
)


def read(data):
    """The reading or the sentence; any other exception fails the test."""
    try:
        return read_table(data, "名册.xlsx", PEOPLE)
    except UnreadableFile as problem:
        return problem.message


def said(result):
    """Whether a person is told something: rows, errors or a sentence."""
    return bool(result if isinstance(result, str) else result.rows or result.errors)


@settings(max_examples=300, deadline=None)
@given(MAGICS, st.binary(max_size=300))
@example(b"PK\x05\x06", bytes(18))
def test_arbitrary_bytes(magic, data):
    assert said(read(magic + data))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_workbooks_with_flipped_bytes(flips):
    data = bytearray(BOOK)
    for place, value in flips:
        data[place] = value
    assert said(read(bytes(data)))


ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(["r", "s", "t", "hidden", "ref", "min", "max", "numFmtId", "formatCode"]),
        st.sampled_from(
            [
                "",
                "1",
                "-1",
                "A1",
                "B2",
                "XFD1048576",
                "A1:C3",
                "C3:A1",
                "s",
                "d",
                "e",
                "b",
                "n",
                "str",
                "9" * 40,
                "yyyy",
                "²",
            ]
        ),
    ),
    max_size=3,
    unique_by=lambda pair: pair[0],
)
TAGS = [
    "row",
    "c",
    "v",
    "f",
    "is",
    "t",
    "rPh",
    "r",
    "sheetData",
    "mergeCell",
    "col",
    "si",
    "cellXfs",
    "xf",
    "numFmt",
]


def element(tag, attributes, parts):
    named = "".join(f' {name}="{value}"' for name, value in attributes)
    return f"<{tag}{named}>{''.join(parts)}</{tag}>"


XML = st.recursive(
    st.sampled_from(["", "1", "-1.5e3", "1e400", "NaN", "١٢", "姓名", "_xD800_", "2017-03-05", "9" * 500]),
    lambda inside: st.builds(
        element,
        st.sampled_from(TAGS),
        ATTRIBUTES,
        st.lists(inside, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(XML, XML, XML)
def test_workbooks_of_arbitrary_xml(sheet, styles, strings):
    assert said(read(by_hand(sheet, styles=styles, strings=strings)))


ANY_VALUE = st.one_of(
    st.text(max_size=30),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(ANY_VALUE | st.none(), max_size=10), min_size=1, max_size=6))
def test_arbitrary_values_under_good_headings(rows):
    grid = [
        Row(
            number, [Cell(number, place, value) for place, value in enumerate(values, 1) if value is not None]
        )
        for number, values in enumerate([HEADINGS, *rows], start=1)
    ]
    sheet = Sheet("名册", grid)
    reading = TableReading()
    _read_sheet(reading, sheet, find_header(sheet, PEOPLE), PEOPLE)
    handled = {row.number for row in reading.rows} | {error.row for error in reading.errors}
    own = {row.number for row in grid[1:] if any(cell.is_own for cell in row.cells)}
    assert handled <= own
    assert handled == own or reading.notes
    assert all(error.reason and error.cell for error in reading.errors)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(ANY_VALUE | st.sampled_from(HEADINGS), max_size=10), max_size=6))
def test_arbitrary_values_as_headings(rows):
    grid = [
        Row(number, [Cell(number, place, value) for place, value in enumerate(values, 1)])
        for number, values in enumerate(rows, start=1)
    ]
    try:
        header = find_header(Sheet("名册", grid), PEOPLE)
    except BadHeader as problem:
        header = None
        explained = problem.reason
    else:
        explained = ""
    assert bool(explained) == (header is None)
    assert header is None or {"name", "kind"} <= {column.key for column in header.columns.values()}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=6),
    st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
def test_arbitrary_csv(rows, encoding):
    lines = [[cell.encode("utf-8", "ignore").decode() for cell in row] for row in rows]
    assert said(read(csv_file([HEADINGS, *lines], encoding)))
