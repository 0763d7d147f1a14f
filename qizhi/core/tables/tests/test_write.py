import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qizhi.core.clock import ZONE
from qizhi.core.tables import (
    ERROR_SCHEMA,
    CellError,
    Column,
    TableSchema,
    errors_to_rows,
    read_table,
    write_csv,
    write_template,
    write_xlsx,
)
from qizhi.core.tables.tests.build import HEADINGS, PEOPLE
from qizhi.core.tables.values import DayOrMonth, parse_decimal, parse_lines, parse_text

ROW = {
    "name": "张三",
    "kind": "full",
    "joined": DayOrMonth(dt.date(2017, 3, 1), "month"),
    "hours": Decimal("1.5"),
    "count": 3,
    "listed": False,
    "teachers": ("李四", "王五"),
    "note": "=HYPERLINK(1)",
}
HAN = st.text("张王李赵欧阳娜志国", min_size=2, max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": HAN,
            "kind": st.sampled_from(["full", "probationary"]),
            "joined": st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)).map(DayOrMonth)
            | st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)).map(
                lambda day: DayOrMonth(day.replace(day=1), "month")
            )
            | st.none(),
            "hours": st.decimals(0, 9999, places=2) | st.none(),
            "count": st.integers(0, 1000),
            "listed": st.booleans() | st.none(),
            "teachers": st.lists(HAN, min_size=1, max_size=4).map(tuple) | st.none(),
            "note": st.text(max_size=60)
            .map(parse_text)
            .filter(lambda text: any(char.isalnum() for char in text)),
        }
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_what_is_written_is_read_back(rows):
    for data in (
        write_xlsx(PEOPLE, rows),
        write_xlsx(PEOPLE, rows, "名册（2017年）"),
        write_csv(PEOPLE, rows),
        write_csv(PEOPLE, rows, "gb18030"),
    ):
        reading = read_table(data, "x", PEOPLE)
        assert reading.errors == []
        assert [row.values for row in reading.rows] == rows


WORDS = TableSchema(
    name="words",
    label="文字",
    columns=(
        Column(key="id", label="编号", parse=parse_text, required=True),
        Column(key="text", label="文字", parse=parse_lines),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86",
        "-5",
        "@SUM(A1)",
        "'=1",
        "''",
        "'quoted",
        "#N/A",
        "007",
        "_x0041_",
        "甲\n乙",
        '"',
        "a,b;c\td",
        "TRUE",
        "1e5",
    ],
)
def test_awkward_texts_survive(text):
    expected = parse_lines(text)
    for data in (
        write_xlsx(WORDS, [{"id": "一", "text": text}]),
        write_csv(WORDS, [{"id": "一", "text": text}]),
    ):
        (row,) = read_table(data, "x", WORDS).rows
        assert row.values["text"] == expected


def test_no_text_becomes_a_formula():
    rows = [{"id": "一", "text": text} for text in ("=1+1", "+1", "-1", "@a", "\t=1", "#REF!")]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(WORDS, rows))).worksheets[0]
    assert {cell.data_type for (cell,) in sheet.iter_rows(min_row=2, min_col=2)} == {"s"}
    lines = list(csv.reader(io.StringIO(write_csv(WORDS, rows).decode("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == ["'=1+1", "'+1", "'-1", "'@a", "'\t=1", "#REF!"]
    numbers = [Column(key="n", label="数", parse=parse_decimal)]
    assert write_csv(numbers, [{"n": Decimal(-5)}]).decode("utf-8-sig") == "数\r\n-5\r\n"


def test_types_of_cells():
    columns = [Column(key=str(number), label=f"列{number}", parse=parse_text) for number in range(8)]
    instant = dt.datetime(2017, 3, 5, 23, 30, tzinfo=dt.UTC)
    values = [
        dt.date(2017, 3, 5),
        instant,
        12,
        1.5,
        Decimal("1234567890123456.78"),
        True,
        dt.date(1899, 1, 1),
        None,
    ]
    row = {str(number): value for number, value in enumerate(values)}
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(columns, [row]))).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [
        dt.datetime(2017, 3, 5),  # noqa: DTZ001 - cells carry no zone
        instant.astimezone(ZONE).replace(tzinfo=None),
        12,
        1.5,
        "1234567890123456.78",
        "是",
        "1899-01-01",
        None,
    ]
    assert write_csv(columns, [row]).decode("utf-8-sig").splitlines()[1] == (
        "2017-03-05,2017-03-06 07:30,12,1.5,1234567890123456.78,是,1899-01-01,"
    )


def test_what_cannot_be_written():
    column = Column(key="a", label="甲", parse=parse_text)
    with pytest.raises(TypeError, match="object"):
        write_xlsx([column], [{"a": object()}])
    shown = Column(key="a", label="甲", parse=parse_text, show=lambda value: f"第{value}号")
    assert write_csv([shown], [{"a": 3}]).decode("utf-8-sig").splitlines() == ["甲", "第3号"]


def test_texts_that_no_cell_can_hold():
    (row,) = read_table(write_xlsx(WORDS, [{"id": "\x00一\ud800", "text": "长" * 40_000}]), "x", WORDS).rows
    assert row.values["id"] == "一"
    assert len(row.values["text"]) == 32_767
    assert row.values["text"].endswith("（超过单元格的字数上限，后面没有写入）")


def test_equal_input_gives_equal_bytes():
    assert write_xlsx(PEOPLE, [ROW], "名册") == write_xlsx(PEOPLE, [ROW], "名册")
    assert write_template(PEOPLE) == write_template(PEOPLE)


def test_the_look_of_an_export():
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(PEOPLE, [ROW], "名册：2017/2018"))).worksheets[0]
    assert sheet.title == "名册：20172018"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:H1"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$1:$2")
    assert [cell.value for cell in sheet[2]] == HEADINGS
    assert sheet.column_dimensions["H"].width == 30


def test_template():
    data = write_template(PEOPLE)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["人员名册", "填写说明"]
    sheet, notes = book.worksheets
    assert [cell.value for cell in sheet[1]] == ["*姓名", "*政治面貌", *HEADINGS[2:]]
    assert sheet.max_row == 1
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["C"].number_format == "@"
    lists = {
        str(rule.sqref): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists == {"B2:B5001": '"正式党员,预备党员"', "F2:F5001": '"是,否"'}
    explained = [[cell.value for cell in row] for row in notes.iter_rows(min_row=7)]
    assert explained[0] == ["姓名", "必填", None, "张三", None]
    assert explained[1] == ["政治面貌", "必填", None, None, "正式党员、预备党员"]
    assert len(explained) == len(HEADINGS)


def test_template_filled_in_is_read():
    book = openpyxl.load_workbook(io.BytesIO(write_template(PEOPLE)))
    book.worksheets[0].append(["张三", "正式党员", "2017.10"])
    target = io.BytesIO()
    book.save(target)
    reading = read_table(target.getvalue(), "x.xlsx", PEOPLE)
    assert (reading.errors, reading.notes) == ([], [])
    assert reading.rows[0].values["joined"] == DayOrMonth(dt.date(2017, 10, 1), "month")


def test_long_lists_of_words_stand_on_a_hidden_sheet():
    words = tuple(f"第{number}党支部（机关）" for number in range(60))
    schema = TableSchema(
        name="x", label="表", columns=(Column(key="a", label="支部", parse=parse_text, choices=words),)
    )
    book = openpyxl.load_workbook(io.BytesIO(write_template(schema)))
    (rule,) = book.worksheets[0].data_validations.dataValidation
    assert rule.formula1 == "'可选项'!$B$1:$B$60"
    assert book["可选项"].sheet_state == "hidden"
    assert [book["可选项"].cell(row, 2).value for row in (1, 60)] == [words[0], words[-1]]


def test_errors_can_be_sent_back():
    errors = [
        CellError("名册", "B7", 7, "姓名", "=1", "不像人名", "请填姓名"),
        CellError("名册", "", 0, "", "", "缺少“姓名”这一列", ""),
    ]
    rows = errors_to_rows(errors)
    (line, whole) = read_table(write_xlsx(ERROR_SCHEMA, rows), "x.xlsx", ERROR_SCHEMA).rows
    assert line.values == {
        "row": 7,
        "cell": "B7",
        "column": "姓名",
        "value": "=1",
        "reason": "不像人名",
        "fix": "请填姓名",
    }
    assert (whole.values["row"], whole.values["reason"]) == (None, "缺少“姓名”这一列")
    assert (
        write_csv(ERROR_SCHEMA, rows)
        .decode("utf-8-sig")
        .startswith("行号,单元格,列,原值,原因,怎么改\r\n7,B7,姓名,'=1,")
    )
    several = errors_to_rows([*errors, CellError("乙", "C3", 3, "", "", "x")])
    assert [row["cell"] for row in several] == ["名册!B7", "名册", "乙!C3"]
