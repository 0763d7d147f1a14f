import codecs
import io
import zipfile

import pytest

from qizhi.core.tables import UnreadableFile, cells, package
from qizhi.core.tables.grid import read_grid
from qizhi.core.tables.tests.build import by_hand, csv_file, repacked, workbook

ROWS = [["姓名", "备注"], ["张三", "好"]]


def values(data, filename="名册.csv"):
    (sheet,) = read_grid(data, filename)
    return [[cell.value for cell in row.cells] for row in sheet.rows]


def refused(data, filename="名册.xlsx"):
    with pytest.raises(UnreadableFile) as caught:
        read_grid(data, filename)
    return caught.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_each_encoding_and_separator(encoding, separator):
    assert values(csv_file(ROWS, encoding, separator)) == ROWS


def test_utf_16_of_the_other_kind():
    assert values(codecs.BOM_UTF16_BE + csv_file(ROWS, "utf-16-be")) == ROWS


def test_separator_is_that_of_the_table_not_that_of_the_lists_in_it():
    rows = [["名册（2017年）"], ["姓名", "联系人", "备注"], ["张三", "甲;乙;丙", ""], ["李四", "丁;戊", "x"]]
    assert values(csv_file(rows, separator=","))[2] == ["张三", "甲;乙;丙"]


def test_separator_named_by_the_file_itself():
    assert values(b"sep=;\r\na,b;c\r\n") == [["a,b", "c"]]


def test_csv_quotes_ragged_and_blank_rows_keep_their_numbers():
    (sheet,) = read_grid(b'a,"b\nc",""""\r\n\r\n,,\r\nd\r\n', "x.csv")
    assert [(row.number, [(cell.ref, cell.value) for cell in row.cells]) for row in sheet.rows] == [
        (1, [("A1", "a"), ("B1", "b\nc"), ("C1", '"')]),
        (4, [("A4", "d")]),
    ]


def test_guarding_apostrophe_is_taken_off():
    assert values(b"'=1+1,''@x,'abc,'+86\n") == [["=1+1", "'@x", "'abc", "+86"]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "是空的"),
        (b" \r\n\t", "是空的"),
        ("姓名,备注\n".encode() * 5 + b"\xff\xfe\xff", "第71个字节（第6行附近）不符合UTF-8"),
        (b"a,b\n\xff\xff", "第5个字节（第2行附近）不符合UTF-8 和 GB18030"),
        ("姓名".encode("utf-16") + b"\x00", "不符合UTF-16"),
        ("姓名\0".encode("utf-16"), "空字符"),
        (b'a,b\n"c,d\ne,f\n', "第2行（文件的第2行）有引号没有配对"),
        (b'a,b\n"' + b"c\n" * 100_000, "第2行（文件的第2行）有引号没有配对"),
        (b"x" * 1_000_001, "长得不像表格"),
        (b"\n".join([b"x"] * 100_001), "超过100,000行"),
        (b",".join([b"x"] * 201), "GS1单元格里还有内容"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版文件，里面没有表格"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "旧版 Word"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
        (b"\xef\xbb\xbf\r\n<?xml version='1.0'?><Workbook/>", "XML 文件"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"PK\x03\x04" + bytes(50), "已损坏"),
        (workbook(ROWS)[:-300], "已损坏"),
    ],
)
def test_what_cannot_be_read_says_why(data, said):
    message = refused(data)
    assert said in message
    assert "请" in message


def test_what_is_named_a_workbook_and_is_none_is_not_told_of_text_files():
    assert "已损坏" in refused(b"\x8fx\0y" * 9, "名册.xlsx")
    assert "空字节" in refused(b"a,b\nc\0,d", "名册.csv")


def zipped(*parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name, content in parts:
            out.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")], ".ods"),
        ([("xl/workbook.bin", "x")], ".xlsb"),
        ([("word/document.xml", "<x/>")], "Word"),
        ([("ppt/presentation.xml", "<x/>")], "演示文稿"),
        ([("Index/Document.iwa", "x")], "Numbers"),
        ([("readme.txt", "x")], "里面没有表格"),
    ],
)
def test_other_zips_are_told_apart(parts, said):
    assert said in refused(zipped(*parts))


def test_zip_with_password():
    data = bytearray(workbook(ROWS))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    assert "密码" in refused(bytes(data))


def test_zip_bomb(monkeypatch):
    data = repacked(workbook(ROWS), "xl/theme/theme1.xml", lambda _: b" " * 3_000_000)
    assert len(data) < 20_000
    assert values(data, "x.xlsx") == ROWS
    monkeypatch.setattr(package, "MAX_UNPACKED_BYTES", 1 << 20)
    assert "超过1 MB 的上限" in refused(data)


def one_text(text):
    return by_hand(f'<sheetData><row><c t="str"><v>{text}</v></c></row></sheetData>')


def test_little_files_that_hold_a_lot(monkeypatch):
    row = '<row><c t="s"><v>0</v></c></row>'
    same_text = by_hand(f"<sheetData>{row * 2000}</sheetData>", strings=f"<si><t>{'长' * 30_000}</t></si>")
    assert "内容太多" in refused(same_text)
    assert "超过32,767个字" in read_grid(one_text("长" * 32_768), "x.xlsx")[0].rows[0].cells[0].problem
    monkeypatch.setattr(cells, "MAX_CELLS", 1000)
    areas = "<mergeCells>" + '<mergeCell ref="A1:GR1"/>' * 6 + "</mergeCells>"
    assert "内容太多" in refused(by_hand(f"<sheetData>{row}</sheetData>{areas}", strings="<si><t>x</t></si>"))
    monkeypatch.setattr(package, "MAX_ELEMENTS", 1000)
    assert "空白单元格太多" in refused(by_hand(f"<sheetData>{'<row/>' * 1000}</sheetData>"))


def test_two_sheets_may_not_be_the_same_part():
    again = '<sheet name="乙" sheetId="2" r:id="s1"/></sheets>'.encode()
    data = repacked(by_hand("<sheetData/>"), "xl/workbook.xml", lambda xml: xml.replace(b"</sheets>", again))
    assert "已损坏" in refused(data)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part(part, encoding):
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    raw = bomb.encode(encoding)
    assert "文档类型声明" in refused(repacked(by_hand("<sheetData/>"), part, lambda _: raw))


def test_broken_xml_inside():
    assert "已损坏" in refused(repacked(workbook(ROWS), "xl/worksheets/sheet1.xml", lambda xml: xml[:-30]))


def test_text_under_the_name_of_a_workbook_is_read_and_said():
    (sheet,) = read_grid(csv_file(ROWS), "名册.xlsx")
    assert len(sheet.rows) == 2
    assert sheet.notes == ["文件“名册.xlsx”的内容其实是文本（CSV），已按 CSV 读取。"]
