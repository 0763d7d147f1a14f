import io
import zipfile

import docx
import pytest
from django.conf import settings

from qizhi.core.documents.checker import check_docx
from qizhi.core.documents.docx import write_docx
from qizhi.core.documents.tests import samples

BODY_STYLE = 'w:styleId="QzBody">'
BREACHES = [
    ("word/document.xml", 'w:w="11906"', 'w:w="12240"', "paper width"),
    ("word/document.xml", 'w:h="16838"', 'w:h="15840"', "paper height"),
    ("word/document.xml", 'w:top="2098"', 'w:top="1440"', "margin top"),
    ("word/document.xml", 'w:left="1588" w:header', 'w:left="1800" w:header', "margin left"),
    ("word/document.xml", 'w:right="1474" w:bottom', 'w:right="1800" w:bottom', "margin right"),
    ("word/document.xml", 'w:bottom="1984"', 'w:bottom="1440"', "margin bottom"),
    ("word/document.xml", 'w:type="linesAndChars"', 'w:type="lines"', "grid type"),
    ("word/document.xml", 'w:linePitch="579"', 'w:linePitch="312"', "grid line pitch"),
    ("word/document.xml", 'w:charSpace="-848"', 'w:charSpace="0"', "grid character space"),
    ("QzBody", '<w:sz w:val="32"/>', '<w:sz w:val="28"/>', "QzBody size"),
    ("QzBody", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="宋体"', "QzBody font"),
    ("QzBody", '<w:spacing w:val="-5"/>', "", "characters a line"),
    ("QzBody", 'w:line="579"', 'w:line="600"', "lines a page"),
    ("QzBody", 'w:lineRule="exact"', 'w:lineRule="auto"', "body line rule"),
    ("QzBody", 'w:firstLineChars="200"', 'w:firstLineChars="0"', "body indent"),
    ("QzSalutation", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="黑体"', "QzSalutation font"),
    ("QzMark", 'w:val="FF0000"', 'w:val="000000"', "mark colour"),
    ("QzMark", 'w:eastAsia="方正小标宋简体"', 'w:eastAsia="黑体"', "mark font"),
    ("QzMark", 'w:jc w:val="center"', 'w:jc w:val="left"', "mark centred"),
    ("QzMark", 'w:before="', 'w:before="1', "mark top edge"),
    ("word/document.xml", "示检党〔2026〕3号", "示检党[2026]3号", "document number"),
    ("word/document.xml", "示检党〔2026〕3号", "示检党〔2026〕03号", "document number"),
    ("word/document.xml", "示检党〔2026〕3号", "示检党〔2026〕第3号", "document number"),
    ("QzNumber", 'w:before="1158"', 'w:before="579"', "blank lines above number"),
    ("QzNumber", 'w:jc w:val="center"', 'w:jc w:val="left"', "number centred"),
    ("QzNumber", 'w:color="FF0000"', 'w:color="000000"', "red line colour"),
    ("QzNumber", 'w:space="10"', 'w:space="1"', "red line below number"),
    ("QzNumber", 'w:sz="12"', 'w:sz="2"', "red line drawn"),
    ("QzNumber", "<w:jc ", '<w:ind w:left="400"/><w:jc ', "red line as wide as the type area"),
    ("QzTitle", '<w:sz w:val="44"/>', '<w:sz w:val="36"/>', "title size"),
    ("QzTitle", 'w:eastAsia="方正小标宋简体"', 'w:eastAsia="宋体"', "title font"),
    ("QzTitle", 'w:jc w:val="center"', 'w:jc w:val="both"', "title centred"),
    ("QzTitle", 'w:before="1158"', 'w:before="0"', "blank lines above title"),
    ("word/document.xml", "党建工作情况的综述", "党建工作情况的综述综述综述综述综述综述", "title lines"),
    ("word/document.xml", "2026年度党建工作情况的综述", "的2026年度综述", "title lines"),
    ("Heading1", 'w:eastAsia="黑体"', 'w:eastAsia="宋体"', "level 1 font"),
    ("Heading2", 'w:eastAsia="楷体_GB2312"', 'w:eastAsia="黑体"', "level 2 font"),
    ("Heading3", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsia="黑体"', "level 3 font"),
    ("Heading4", '<w:sz w:val="32"/>', '<w:sz w:val="28"/>', "level 4 size"),
    ("word/document.xml", "一、领导率先垂范", "1、领导率先垂范", "level 1 number"),
    ("word/document.xml", "（一）坚持先学一步", "(一)坚持先学一步", "level 2 number"),
    ("word/document.xml", "1.抓实日常", "1、抓实日常", "level 3 number"),
    ("word/document.xml", "（1）形成闭环", "①形成闭环", "level 4 number"),
    ("QzAnnexFirst", 'w:before="579"', 'w:before="0"', "blank line above QzAnnexFirst"),
    ("QzAnnexFirst", 'w:leftChars="600"', 'w:leftChars="400"', "indent of QzAnnexFirst"),
    ("word/document.xml", "项目完成情况汇总表<", "项目完成情况汇总表。<", "attachment note"),
    ("word/document.xml", "附件：1.", "附 1.", "attachment note"),
    ("word/document.xml", "2027年1月8日", "2027年01月08日", "date"),
    ("word/document.xml", "2027年1月8日", "二〇二七年一月八日", "date"),
    ("QzDate", 'w:rightChars="400"', 'w:rightChars="0"', "date four characters in"),
    ("QzDate", 'w:jc w:val="right"', 'w:jc w:val="center"', "date right"),
    ("word/settings.xml", "<w:evenAndOddHeaders/>", "", "odd and even footers"),
    ("word/footer1.xml", "— ", "- ", "default page number"),
    ("word/footer2.xml", " PAGE ", " NUMPAGES ", "even page number"),
    ("QzFooterOdd", 'w:jc w:val="right"', 'w:jc w:val="center"', "default page number side"),
    ("QzFooterEven", 'w:jc w:val="left"', 'w:jc w:val="center"', "even page number side"),
    ("QzFooterOdd", '<w:sz w:val="28"/>', '<w:sz w:val="21"/>', "default page number size"),
    ("QzFooterEven", 'w:ascii="宋体"', 'w:ascii="Calibri"', "even page number font"),
    ("word/document.xml", 'w:footer="1446"', 'w:footer="851"', "page number below type area"),
    ("word/document.xml", "（此件发至各党支部）", "主题词：党建", "subject words"),
    ("word/document.xml", '"QzNote"', '"QzAttendance"', "attendance list in minutes alone"),
    ("word/document.xml", '"QzNote"', '"QzUnknown"', "styles defined"),
    ("QzNote", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsiaTheme="minorEastAsia"', "eastAsia font on every style"),
    ("word/document.xml", '<w:rStyle w:val="QzFigure"/>', "<w:b/>", "no direct formatting"),
    ("word/document.xml", '<w:pStyle w:val="QzDate"/>', '<w:pStyle w:val="QzDate"/><w:jc w:val="right"/>', "no direct formatting"),
    ("word/document.xml", '<w:tblLayout w:type="fixed"/>', '<w:jc w:val="left"/>', "no direct formatting"),
    ("word/document.xml", '"QzMark"', '"QzBody"', "mark present"),
    ("word/document.xml", '"QzMark"', '"QzBody"', "mark first"),
    ("word/document.xml", '"QzTitle"', '"QzBody"', "title present"),
]  # fmt: skip


def write(document):
    return write_docx(
        document, font_dirs=settings.PDF_FONT_DIRS, made_at=samples.MADE_AT, creator=samples.CREATOR
    )


@pytest.fixture(scope="module")
def sound():
    return write(samples.overview())


def planted(data, place, old, new):
    """Replace in a part of the archive, or in one style where the place is a style's id."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            text = source.read(name)
            if name == place:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            elif name == "word/styles.xml" and "/" not in place:
                text = in_style(text.decode(), place, old, new).encode()
            archive.writestr(name, text)
    return target.getvalue()


def in_style(styles, style, old, new):
    start = styles.index(f'w:styleId="{style}">')
    end = styles.index("</w:style>", start)
    assert old in styles[start:end]
    return styles[:start] + styles[start:end].replace(old, new) + styles[end:]


@pytest.mark.parametrize(("place", "old", "new", "element"), BREACHES)
def test_a_planted_breach_is_found(sound, place, old, new, element):
    failed = {check.element for check in check_docx(planted(sound, place, old, new)) if not check.ok}
    assert element in failed


def test_a_seal_in_minutes_is_found():
    data = planted(write(samples.minutes()), "word/document.xml", '"QzDate"', '"QzSigner"')
    assert "minutes without seal" in {check.element for check in check_docx(data) if not check.ok}


def test_minutes_without_attendance_are_found():
    data = planted(write(samples.minutes()), "word/document.xml", '"QzAttendance', '"QzNote"  w:rsid="')
    failed = {check.element for check in check_docx(data) if not check.ok}
    assert "attendance list in minutes alone" in failed


def test_every_check_has_a_breach_that_it_finds(sound):
    """Checks whose breach is planted above; the rest are the same check on another style."""
    known = {element for *_, element in BREACHES}
    others = {check.element for check in check_docx(sound)} - known
    assert others <= {
        "body present", "QzBodyLast size", "QzBodyLast font", "QzSalutation size", "number size",
        "level 1 size", "level 2 size", "level 3 size", "level 4 font", "blank line above QzAnnex",
        "indent of QzAnnex", "indent of QzAnnexNext", "even page number size", "default page number font",
    }  # fmt: skip


def test_a_file_of_another_hand_fails_in_many_places():
    file, target = docx.Document(), io.BytesIO()
    file.add_paragraph("关于开展检查的通知")
    file.save(target)
    failed = [check for check in check_docx(target.getvalue()) if not check.ok]
    assert len(failed) > 40


def test_what_is_no_docx_is_refused():
    with pytest.raises(zipfile.BadZipFile):
        check_docx(b"%PDF-1.7")
