import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qizhi.core.tables import Column, TableSchema, read_table
from qizhi.core.tables.cells import Cell, Row, Sheet
from qizhi.core.tables.reading import read_rows
from qizhi.core.tables.tests.build import HEADINGS, PEOPLE, csv_file, saved, workbook
from qizhi.core.tables.values import DayOrMonth, parse_text

WINDOWS = {*range(0x80, 0xA0)} - {0x81, 0x8D, 0x8F, 0x90, 0x9D}
GOOD = ["张三", "党员", "2017.3.5", "2", "3", "是", "李四、王五", "无"]
GOOD_VALUES = {
    "name": "张三",
    "kind": "full",
    "joined": DayOrMonth(dt.date(2017, 3, 5)),
    "hours": Decimal(2),
    "count": 3,
    "listed": True,
    "teachers": ("李四", "王五"),
    "note": "无",
}


def read(rows, change=None):
    return read_table(workbook(rows, change), "名册.xlsx", PEOPLE)


def names(reading):
    return [row.values["name"] for row in reading.rows]


def test_a_good_table():
    reading = read([HEADINGS, GOOD])
    assert reading.errors == []
    assert reading.rows
    assert reading.notes == reading.ignored_columns == []
    (row,) = reading.rows
    assert (row.number, row.sheet, row.values) == (2, "名册", GOOD_VALUES)


def test_a_table_as_offices_send_it():
    def merge(sheet):
        for area in ("A1:H1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4", "B5:B6"):
            sheet.merge_cells(area)

    reading = read(
        [
            ["2017年度党员学习名册"],
            ["填报单位：某支部", None, None, None, None, "2017年12月"],
            ["序号", "政治\n面貌", "姓  名", "学习", None, "备注（可不填）"],
            [None, None, None, "时长", "次数"],
            [1, "党员", "张 三", "90分钟", "十二次", "x"],
            [2, None, "李　四", 1.5, 3],
            [None, None, "小 计", 3, 15],
            [],
            ["序号", "政治面貌", "姓名", "学习", None, "备注（可不填）"],
            [3, "预备党员", "王五", None, "—", "/"],
            [4],
            ["合计", None, None, 3],
            ["填表人：某某", None, "审核人：某某", None, "2017年12月1日"],
            ["注：学时按实际填写"],
        ],
        merge,
    )
    assert reading.errors == []
    assert [
        (row.number, row.values["name"], row.values["kind"], row.values["hours"], row.values["count"])
        for row in reading.rows
    ] == [
        (5, "张三", "full", Decimal("1.5"), 12),
        (6, "李四", "full", Decimal("1.5"), 3),
        (10, "王五", "probationary", None, None),
    ]
    assert reading.ignored_columns == ["序号"]
    assert reading.notes == [
        "工作表“名册”第7、12行没有当作数据：合计、小计（“小 计”）。",
        "工作表“名册”第9行没有当作数据：列名又出现了一次（“序号”）。",
        "工作表“名册”第11行没有当作数据：需要的列都空着（“4”）。",
        "工作表“名册”第13、14行没有当作数据：表尾说明（“填表人：某某”）。",
    ]


def test_every_error_is_collected():
    reading = read(
        [
            HEADINGS,
            ["张三、李四", "群众", "2017.2.30", "很久", "1.5", "也许", "张三等", "x" * 501],
            GOOD,
            [None, "党员", "7.3.5"],
            ["赵六", None, dt.date(2017, 3, 5), None, "=1+1"],
        ]
    )
    assert names(reading) == ["张三"]
    assert [(error.cell, error.column_label) for error in reading.errors] == [
        *[(f"{letter}2", label) for letter, label in zip("ABCDEFGH", HEADINGS, strict=True)],
        ("A4", "姓名"),
        ("C4", "入党时间"),
        ("B5", "政治面貌"),
        ("E5", "次数"),
    ]
    impossible = reading.errors[2]
    assert (impossible.sheet, impossible.row, impossible.value) == ("名册", 2, "2017.2.30")
    assert (impossible.reason, impossible.fix) == ("2017年2月没有30日", "请核对日期")
    missing = reading.errors[8]
    assert (missing.value, missing.reason, missing.fix) == ("", "没有填写", "例如 张三")
    assert reading.errors[10].fix == "可以填：正式党员、预备党员"
    assert reading.errors[11].reason == "公式没有算出结果"


def test_the_title_says_the_year_that_cells_leave_out():
    table = [["某支部2017年党员名册"], [], ["姓名", "政治面貌", "入党时间"], ["张三", "党员", "3月5日"]]
    (row,) = read_table(csv_file(table), "a.csv", PEOPLE).rows
    assert row.values["joined"] == DayOrMonth(dt.date(2017, 3, 5))
    assert row.above == "某支部2017年党员名册"
    table[0] = ["2016年至2017年名册"]
    (error,) = read_table(csv_file(table), "a.csv", PEOPLE).errors
    assert error.reason == "“3月5日”没有写年份"


def test_only_hidden_columns_that_are_read_are_said():
    def hide(sheet):
        sheet.column_dimensions["B"].hidden = sheet.column_dimensions["I"].hidden = True

    reading = read([[*HEADINGS, "手机号"], [*GOOD, "1"]], hide)
    assert reading.notes == ["工作表“名册”里隐藏的B列也读取了。"]


def test_an_empty_cell_says_what_the_cell_above_says_where_the_table_is_sorted_by_it():
    schema = TableSchema(
        "x",
        "表",
        (
            Column(key="unit", label="组织", parse=parse_text, required=True, is_from_above=True),
            Column(key="title", label="名称", parse=parse_text, required=True),
        ),
    )
    lines = [
        ["组织", "名称"],
        ["", "无"],
        ["甲", "一"],
        ["", "二"],
        ["", ""],
        ["乙", "三"],
        ["合计", ""],
        ["", "四"],
    ]
    reading = read_table(csv_file(lines), "a.csv", schema)
    assert [(row.values["unit"], row.values["title"]) for row in reading.rows] == [
        *(("甲", "一"), ("甲", "二"), ("乙", "三"), ("乙", "四")),
    ]
    assert [(error.cell, error.reason) for error in reading.errors] == [("A2", "没有填写")]
    assert "表里第4、8行的“组织”空着，同上一行。" in reading.notes


def test_a_heading_may_be_a_last_resort_of_two_columns():
    schema = TableSchema(
        "x",
        "表",
        (
            Column(key="topics", label="议题", parse=parse_text, last_resorts=("内容", "主要内容")),
            Column(key="minutes", label="记录", parse=parse_text, last_resorts=("内容", "主要内容")),
        ),
    )
    for headings, found in {
        ("内容",): {"topics": "A"},
        ("议题", "主要内容"): {"topics": "A", "minutes": "B"},
        ("主要内容", "内容"): {"topics": "B", "minutes": "A"},
    }.items():
        (row,) = read_table(csv_file([headings, ["A", "B"][: len(headings)]]), "a.csv", schema).rows
        assert {key: value for key, value in row.values.items() if value} == found


def test_the_days_of_a_span_are_known_by_what_people_call_them_unless_a_table_means_something_else():
    start = Column(key="from_on", label="起始日期", parse=parse_text)
    end = Column(key="to_on", label="截止日期", parse=parse_text)
    ends_at = Column(key="ends_at", label="钟点", parse=parse_text, aliases=("结束",))
    schema = TableSchema("x", "表", (start, end, ends_at))
    for headings in (
        ("起", "止"),
        ("自", "至"),
        ("从", "到"),
        ("开始时间", "结束时间"),
        ("起始", "终止日期"),
    ):
        (row,) = read_table(csv_file([headings, ["甲", "乙"]]), "a.csv", schema).rows
        assert (row.values["from_on"], row.values["to_on"]) == ("甲", "乙")
    group = [["起止日期", "", "结束"], ["起", "止", ""], ["甲", "乙", "丙"]]
    (row,) = read_table(csv_file(group), "a.csv", schema).rows
    assert tuple(row.values[key] for key in ("from_on", "to_on", "ends_at")) == ("甲", "乙", "丙")
    assert schema.offered == schema, "the words are put in once"


def test_one_heading_of_a_group_is_enough_and_none_is_named():
    schema = TableSchema(
        "x",
        "表",
        (
            Column(key="kind", label="类型", parse=parse_text),
            Column(key="title", label="名称", parse=parse_text, is_offered=False),
            Column(key="place", label="地点", parse=parse_text),
        ),
        one_of=(("kind", "title"),),
    )
    reading = read_table(csv_file([["名称", "地点"], ["一", "二"]]), "a.csv", schema)
    assert (len(reading.rows), reading.errors) == (1, [])
    (error,) = read_table(csv_file([["地点", "别的"], ["一", "二"]]), "a.csv", schema).errors
    assert "缺少“类型”或“名称”" in error.reason
    assert [column.key for column in schema.offered.columns] == ["kind", "place"]


def test_a_caller_can_add_errors_of_its_own():
    (row,) = read([HEADINGS, GOOD]).rows
    error = row.error("name", "人员库里没有这个人", "请先登记")
    assert (error.sheet, error.cell, error.row, error.column_label) == ("名册", "A2", 2, "姓名")
    assert (error.value, error.reason, error.fix) == ("张三", "人员库里没有这个人", "请先登记")
    absent = (
        read_table(csv_file([["姓名", "政治面貌"], ["张三", "党员"]]), "a.csv", PEOPLE)
        .rows[0]
        .error("note", "x")
    )
    assert (absent.cell, absent.column_label, absent.value) == ("", "备注", "")


def test_columns_in_any_order_with_aliases_and_stars():
    reading = read_table(
        csv_file([["学时(小时)", "*名字：", "政治面貌*"], ["1", "张三", "党员"]]), "a.csv", PEOPLE
    )
    assert reading.errors == []
    assert [(row.values["name"], row.values["hours"]) for row in reading.rows] == [("张三", 1)]


def test_groups_whose_merging_was_lost_in_csv():
    rows = [
        ["姓名", "政治面貌", "学习", "", "会议"],
        ["", "", "时长", "次数", "时长"],
        ["张三", "党员", "2", "3", "9"],
    ]
    reading = read_table(csv_file(rows), "a.csv", PEOPLE)
    assert reading.errors == []
    assert [(row.values["hours"], row.values["count"]) for row in reading.rows] == [(2, 3)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["名册"], ["姓名", "备注", "电话"]], "缺少“政治面貌”这一列；第2行读到的列名是：姓名、备注、电话"),
        ([["备注", "电话"], ["x", "y"]], "缺少“姓名”、“政治面貌”这2列；第1行读到的列名是：备注、电话"),
        (
            [["张三", "李四"]],
            "没有找到写着列名的那一行，需要的列有：“姓名”、“政治面貌”；第1行读到的是：张三、李四",
        ),
        ([["姓名", "政治面貌", "名字"], ["a", "b", "c"]], "有2列都像“姓名”（A、C列），不知道该读哪一列"),
    ],
)
def test_unusable_headings_are_one_error(rows, reason):
    reading = read_table(csv_file(rows), "a.csv", PEOPLE)
    (error,) = reading.errors
    assert (error.reason, reading.rows) == (reason, [])
    assert error.fix.startswith("请")


@pytest.mark.parametrize("code", ["UTF-8", "GB18030"])
def test_headings_that_were_read_in_a_western_code_say_what_they_were_and_what_to_do(code):
    garbled = [_western(text.encode(code)) for text in ("组织", "日期", "民族")]
    (error,) = read_table(csv_file([garbled, ["a", "b", "c"]]), "a.csv", PEOPLE).errors
    assert "打开时选错了编码" in error.fix
    assert f"编码选 {code}，" in error.fix
    assert "像是“组织、日期" in error.fix


def _western(data):
    """As LibreOffice and Excel read bytes of which they are told that they are Western."""
    return "".join(bytes([one]).decode("windows-1252" if one in WINDOWS else "latin-1") for one in data)


@pytest.mark.parametrize("words", [["Apples", "Pears"], ["Élan", "Größe"], ["①", "★"], ["\ud800", "£"]])
def test_other_headings_are_not_taken_for_chinese_in_a_western_code(words):
    sheet = Sheet("", [Row(1, [Cell(1, place, word) for place, word in enumerate(words, 1)])])
    (error,) = read_rows([sheet], PEOPLE).errors
    assert error.fix == "请下载模板，把内容复制到模板里，再上传"


def test_headings_without_data_are_an_error():
    (error,) = read([HEADINGS]).errors
    assert error.reason == "表里只有列名，没有数据"


def test_an_empty_workbook_is_an_error():
    (error,) = read([]).errors
    assert error.reason == "文件里没有任何内容"


def book_of(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def test_several_sheets():
    other = ["李四", *GOOD[1:]]
    data = book_of(
        一支部=[HEADINGS, GOOD],
        二支部=[HEADINGS, other, GOOD],
        目录=[["目录"]],
        填写说明=[HEADINGS, GOOD],
        空表=[],
    )
    reading = read_table(data, "a.xlsx", PEOPLE)
    assert [(row.sheet, row.number, row.same_as) for row in reading.rows] == [
        ("一支部", 2, None),
        ("二支部", 2, None),
        ("二支部", 3, ("一支部", 2)),
    ]
    assert reading.notes == [
        "工作表“目录”里没有需要的列名，没有读取。",
        "有1行和前面的行完全相同：第3行同第2行（工作表“一支部”）。",
    ]
    assert reading.errors == []


def test_a_sheet_that_was_meant_for_us_is_not_passed_over():
    data = book_of(一支部=[HEADINGS, GOOD], 二支部=[HEADINGS[1:], GOOD[1:]])
    (error,) = read_table(data, "a.xlsx", PEOPLE).errors
    assert (error.sheet, error.reason[:9]) == ("二支部", "缺少“姓名”这一列")


def test_records_that_only_look_like_totals_or_remarks():
    schema = TableSchema(
        name="plans",
        label="计划",
        columns=(Column(key="topic", label="内容", parse=parse_text, required=True),),
    )
    topics = ["2017年收支合计", "说明：一", "内容提要", "合计"]
    reading = read_table(csv_file([["内容"], *[[topic] for topic in topics]]), "a.csv", schema)
    assert [row.values["topic"] for row in reading.rows] == ["2017年收支合计", "说明：一", "内容提要"]


def test_two_columns_of_one_key_are_refused():
    column = Column(key="a", label="甲", parse=parse_text)
    with pytest.raises(ValueError, match="keys of their own"):
        TableSchema(name="x", label="x", columns=(column, column))


def test_a_file_saved_by_libreoffice():
    """Titles, two rows of headings, merged rows, a hidden one, formulas that worked and one that did not."""
    data = (Path(__file__).parent / "data" / "libreoffice.xlsx").read_bytes()
    reading = read_table(data, "libreoffice.xlsx", PEOPLE)
    keys = ("name", "kind", "joined", "hours", "count", "note")
    assert [(row.number, *(row.values[key] for key in keys)) for row in reading.rows] == [
        (4, "张三", "full", DayOrMonth(dt.date(2017, 3, 1), "month"), Decimal("1.5"), 3, "第一行第二行"),
        (5, "李四", "full", DayOrMonth(dt.date(2017, 3, 5)), Decimal("1.5"), 12, "甲乙"),
    ]
    assert [(error.cell, error.reason) for error in reading.errors] == [("F6", "单元格里是错误值#DIV/0!")]
    assert reading.notes == [
        "工作表“名册”里第5行被隐藏或被筛选掉了，也读取了。",
        "工作表“名册”第7行没有当作数据：合计、小计（“合 计”）。",
    ]
