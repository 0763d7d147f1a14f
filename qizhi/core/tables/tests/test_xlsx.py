import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH

from qizhi.core.tables import UnreadableFile
from qizhi.core.tables.cells import Copied
from qizhi.core.tables.formats import Shown, shown_as
from qizhi.core.tables.grid import read_grid
from qizhi.core.tables.tests.build import by_hand, saved, workbook


def cells(data, sheet=0):
    return {cell.ref: cell for row in read_grid(data, "x.xlsx")[sheet].rows for cell in row.cells}


def values(data):
    return {ref: cell.value for ref, cell in cells(data).items()}


PLAIN = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
        max_size=20,
    ),
    st.integers(-(10**14), 10**14),
    st.floats(-1e14, 1e14, allow_nan=False).map(lambda number: round(number, 3)),
    st.booleans(),
    st.dates(dt.date(1900, 3, 1), dt.date(2200, 1, 1)),
    st.builds(
        dt.datetime.combine,
        st.dates(dt.date(1900, 3, 1), dt.date(2200, 1, 1)),
        st.times().map(lambda time: time.replace(microsecond=0)),
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PLAIN, max_size=5), max_size=5))
def test_reads_what_openpyxl_reads(rows):
    def make_text(sheet):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.data_type = "s"

    data = workbook(rows, make_text)
    theirs = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    expected = {
        cell.coordinate: cell.value.date()
        if isinstance(cell.value, dt.datetime) and cell.value.time() == dt.time()
        else cell.value
        for row in theirs.iter_rows()
        for cell in row
        if cell.value not in {None, ""} and not (isinstance(cell.value, str) and "_x" in cell.value)
    }
    ours = values(data)
    assert {ref: ours[ref] for ref in expected} == expected


def test_month_format_stays_a_month():
    def months(sheet):
        sheet["A1"].number_format = 'yyyy"年"m"月"'
        sheet["B1"].number_format = 'yyyy"年"m"月"'
        sheet["C1"].number_format = "yyyy-mm-dd"

    day = dt.date(2017, 3, 1)
    found = values(workbook([[day, dt.date(2017, 3, 15), day]], months))
    assert found == {"A1": "2017年3月", "B1": dt.date(2017, 3, 15), "C1": day}


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (0, None, Shown.NUMBER),
        (14, None, Shown.DATE),
        (31, None, Shown.DATE),
        (57, None, Shown.MONTH),
        (46, None, Shown.DURATION),
        (176, "[$-804]yyyy年m月;@", Shown.MONTH),
        (176, '[DBNum1][$-804]yyyy"年"m"月"d"日";@', Shown.DATE),
        (176, "h:mm;@", Shown.DATE),
        (176, "[h]:mm", Shown.DURATION),
        (176, '#,##0"m"', Shown.NUMBER),
        (176, "0.00_ ;[Red]\\-0.00\\ ", Shown.NUMBER),
        (176, "General", Shown.NUMBER),
        (176, "@", Shown.NUMBER),
    ],
)
def test_what_a_format_shows(number, code, shown):
    assert shown_as(number, code) is shown


def test_times_durations_and_dates_outside_the_calendar():
    data = by_hand(
        '<sheetData><row><c s="1"><v>0.5</v></c><c s="2"><v>1.25</v></c><c s="3"><v>-1e9</v></c>'
        '<c s="3"><v>60</v></c></row></sheetData>',
        styles='<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="20"/><xf numFmtId="46"/>'
        '<xf numFmtId="14"/></cellXfs>',
    )
    found = values(data)
    assert found == {"A1": dt.time(12), "B1": dt.timedelta(hours=30), "C1": -1e9, "D1": dt.date(1900, 2, 28)}


def test_workbooks_that_count_from_1904():
    book = openpyxl.Workbook()
    book.epoch = MAC_EPOCH
    book.worksheets[0].append([dt.date(2017, 3, 5)])
    assert values(saved(book)) == {"A1": dt.date(2017, 3, 5)}


def test_formula_without_result_and_error_values_are_problems():
    found = cells(
        by_hand(
            '<sheetData><row><c><f>1+1</f></c><c><f>1+1</f><v>2</v></c><c t="str"><f>A1</f><v></v></c>'
            '<c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="s"><v>9</v></c><c><v>1,5</v></c><c><v>1e999</v></c></row></sheetData>'
        )
    )
    assert {ref: (cell.value, cell.problem) for ref, cell in found.items()} == {
        "A1": (None, "公式没有算出结果"),
        "B1": (2, ""),
        "D1": (None, "单元格里是错误值#DIV/0!"),
        "E1": (None, "单元格的内容已损坏"),
        "F1": (None, "单元格里的数字已损坏"),
        "G1": (None, "单元格里的数字已损坏"),
    }


def test_texts_of_every_kind():
    found = values(
        by_hand(
            '<x:sheetData xmlns:x="urn:x"><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>行</x:t></x:is></x:c>'
            '<x:c t="d"><x:v>2017-03-05T00:00:00</x:v></x:c><x:c t="d"><x:v>春</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c>'
            '<x:c t="inlineStr"><x:is><x:t>_xD83D__xDE00__x0041_</x:t></x:is></x:c></x:row></x:sheetData>',
            strings="<si><r><t>学</t></r><r><t>习</t></r><rPh><t>xuexi</t></rPh></si>",
        )
    )
    assert found == {"A1": "学习", "B1": "行", "C1": dt.date(2017, 3, 5), "D1": "春", "E1": True, "F1": "😀A"}


def test_merged_areas_give_their_value_to_each_row():
    def merge(sheet):
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B5:C6")

    found = cells(workbook([["名册"], ["甲", 1, 2], [None, 3, 4], [None, 5, 6], [7, "乙"], [8]], merge))
    assert (found["B1"].value, found["B1"].copied) == ("名册", Copied.ACROSS)
    assert [(found[ref].value, found[ref].copied) for ref in ("A2", "A3", "A4")] == [
        ("甲", Copied.NO),
        ("甲", Copied.DOWN),
        ("甲", Copied.DOWN),
    ]
    assert {ref: found[ref].copied for ref in ("C5", "B6", "C6")} == {
        "C5": Copied.ACROSS,
        "B6": Copied.DOWN,
        "C6": Copied.ACROSS,
    }


def test_hidden_rows_columns_and_sheets_are_read_and_said():
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名册"
    for row in (["姓名", "备注"], ["张三", "x"], ["李四", "y"]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    other = book.create_sheet("旧表")
    other.append(["姓名"])
    other.sheet_state = "veryHidden"
    first, second = read_grid(saved(book), "x.xlsx")
    assert [row.is_hidden for row in first.rows] == [False, True, False]
    assert first.notes == ["工作表“名册”里第2行被隐藏或被筛选掉了，也读取了。"]
    assert first.hidden_columns == {2}
    assert second.is_hidden
    assert second.notes == ["工作表“旧表”是隐藏的，也读取了。"]


def test_a_million_styled_blanks_are_no_rows():
    styled = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    data = by_hand(f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{styled}</sheetData>')
    assert values(data) == {"A1": 1}


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<c r="GS1"><v>1</v></c>', "超过200列（GS1"),
        ('<c r="ZZZ1"><v>1</v></c>', "已损坏"),
        ('<c r="A9999999"><v>1</v></c>', "已损坏"),
    ],
)
def test_cells_beyond_every_table(xml, said):
    with pytest.raises(UnreadableFile, match=said):
        read_grid(by_hand(f"<sheetData><row>{xml}</row></sheetData>"), "x.xlsx")


def test_huge_merged_areas_cost_nothing():
    areas = "".join(f'<mergeCell ref="A{row}:XFD1048576"/>' for row in range(1, 3))
    data = by_hand(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row></sheetData>'
        f"<mergeCells>{areas}</mergeCells>"
    )
    assert len(cells(data)) == 400
