"""What surrounds the text of a docx: styles, page, footers, settings, properties, and the archive itself."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from docx.document import Document as Docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement

from qizhi.core.documents.docx_markup import footer
from qizhi.core.documents.docx_styles import default_elements, style_elements
from qizhi.core.documents.fonts import Hand
from qizhi.core.documents.model import Document
from qizhi.core.text import one_line, shortened

NAMESPACE = nsdecls("w")
# A4, margins and grid in twips; the footer's distance puts the dash 7 mm below the type area.
PAGE = """<w:sectPr {ns}>
<w:pgSz w:w="11906" w:h="16838"/>
<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851"
 w:footer="1446" w:gutter="0"/>
<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-848"/>
</w:sectPr>"""
KEPT_RELATIONS = ("/styles", "/settings", "/theme", "/officeDocument", "/core-properties")
SETTINGS = (
    "<w:settings {ns}>"
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:useFELayout/><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


# What a machine without the licensed fonts should take instead; Word and WPS read the alternative name.
ALTERNATIVES = {
    Hand.TITLE: "华文中宋",
    Hand.BODY: "仿宋",
    Hand.KAI: "楷体",
    Hand.BLACK: "SimHei",
    Hand.SONG: "SimSun",
}


def fill_package(file: Docx, document: Document, made_at: dt.datetime, creator: str) -> None:
    """Turn python-docx's empty file into an empty official document."""
    _replace_children(file.styles.element, [*default_elements(), *style_elements(document)])
    settings = parse_xml(SETTINGS.format(ns=NAMESPACE))
    _replace_children(file.settings.element, list(settings))
    _drop_relations(file)
    _name_fonts(file)
    _set_page(file)
    _set_properties(file, document, made_at, creator)


def _replace_children(parent: BaseOxmlElement, children: list[BaseOxmlElement]) -> None:
    for old in list(parent):
        parent.remove(old)
    parent.extend(children)


def _drop_relations(file: Docx) -> None:
    """Leave out what the template brings along: its thumbnail, machine, fonts and lists."""
    for relations in (file.part.rels, file.part.package.rels):
        for key, relation in list(relations.items()):
            if not relation.reltype.endswith(KEPT_RELATIONS):
                del relations[key]


def _name_fonts(file: Docx) -> None:
    fonts = "".join(
        f'<w:font w:name="{hand}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for hand, other in ALTERNATIVES.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {NAMESPACE}>{fonts}</w:fonts>'
    name = PackURI("/word/fontTable.xml")
    part = Part(name, CONTENT_TYPE.WML_FONT_TABLE, xml.encode(), file.part.package)
    file.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _set_page(file: Docx) -> None:
    section = file.sections[0]
    for part, style in ((section.footer, "QzFooterOdd"), (section.even_page_footer, "QzFooterEven")):
        part.is_linked_to_previous = False
        _replace_children(part.part.element, [parse_xml(footer(style))])
    page = file.element.body.get_or_add_sectPr()
    for name in ("w:pgSz", "w:pgMar", "w:docGrid", "w:cols"):
        for old in page.findall(qn(name)):
            page.remove(old)
    page.extend(list(parse_xml(PAGE.format(ns=NAMESPACE))))


def _set_properties(file: Docx, document: Document, made_at: dt.datetime, creator: str) -> None:
    properties = file.core_properties
    # A property holds at most 255 characters.
    properties.title = shortened(document.title, 120)
    properties.subject = shortened(document.doc_no or "", 120)
    properties.author = properties.last_modified_by = shortened(one_line(creator), 120)
    properties.created = properties.modified = made_at.astimezone(dt.UTC).replace(tzinfo=None)
    properties.comments = properties.keywords = properties.category = ""
    properties.language = "zh-CN"
    properties.revision = 1


def packed(file: Docx, made_at: dt.datetime) -> bytes:
    """Save the file with one time stamp on every member, so that equal input gives equal bytes."""
    saved, archive = io.BytesIO(), io.BytesIO()
    file.save(saved)
    stamp = made_at.timetuple()[:6]
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            copy = zipfile.ZipInfo(member.filename, stamp)
            copy.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(copy, source.read(member))
    return archive.getvalue()
