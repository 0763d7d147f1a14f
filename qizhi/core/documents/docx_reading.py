"""Reads a docx for the checker: its paragraphs, and what their styles come to through inheritance."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import cached_property

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from qizhi.core.values import dataclass

PARAGRAPH = qn("w:p")


@dataclass(frozen=True)
class Read:
    """A paragraph: style, text, and the element itself."""

    style: str
    text: str
    element: BaseOxmlElement


class Reading:
    """A docx taken apart.

    Styles are asked by id and path, such as `style("QzBody", "w:rPr/w:sz", "w:val")`; the answer comes
    from the style, then from those it is based on, then from the document's defaults; empty if nowhere.
    """

    def __init__(self, data: bytes) -> None:
        """Read the parts that the checker looks at.

        Raises:
            zipfile.BadZipFile: the data is no archive.
            KeyError: a part that every docx has is missing.
        """
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {
                name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))
            }
        self.document = _parse(parts["word/document.xml"])
        self.styles = _parse(parts["word/styles.xml"])
        self.settings = _parse(parts["word/settings.xml"])
        self._relations = _parse(parts["word/_rels/document.xml.rels"])
        self._parts = parts

    @cached_property
    def by_id(self) -> dict[str, BaseOxmlElement]:
        """Styles by their id."""
        return {style.get(qn("w:styleId"), ""): style for style in self.styles.findall(qn("w:style"))}

    @cached_property
    def paragraphs(self) -> tuple[Read, ...]:
        """All paragraphs of the body, those in tables included, in order."""
        return tuple(_read(element) for element in self.document.iter(PARAGRAPH))

    def of_style(self, *styles: str) -> tuple[Read, ...]:
        """Paragraphs in one of the styles."""
        return tuple(paragraph for paragraph in self.paragraphs if paragraph.style in styles)

    @cached_property
    def footers(self) -> dict[str, BaseOxmlElement]:
        """Footers of the last section by their type: default, even, first."""
        targets = {relation.get("Id"): relation.get("Target") for relation in self._relations}
        found = {}
        for reference in self.section.findall(qn("w:footerReference")):
            part = self._parts.get(f"word/{targets.get(reference.get(qn('r:id')))}")
            if part is not None:
                found[reference.get(qn("w:type"), "default")] = _parse(part)
        return found

    @property
    def section(self) -> BaseOxmlElement:
        """Properties of the last section, which are those of a document with one section."""
        sections: list[BaseOxmlElement] = list(self.document.iter(qn("w:sectPr")))
        return sections[-1]

    def page(self, element: str, attribute: str) -> str:
        """An attribute of the section, such as `page("w:pgSz", "w:w")`; empty if there is none."""
        found = self.section.find(qn(element))
        return "" if found is None else found.get(qn(attribute), "")

    def style(self, style_id: str, path: str, attribute: str) -> str:
        """What a style and those it is based on say; empty if nobody says anything."""
        for properties in self._inherited(style_id):
            found = properties.find("/".join(qn(step) for step in path.split("/")))
            if found is not None and found.get(qn(attribute)) is not None:
                return str(found.get(qn(attribute)))
        return ""

    def number(self, style_id: str, path: str, attribute: str) -> int:
        """The same as a whole number; 0 if there is none."""
        value = self.style(style_id, path, attribute)
        return int(value) if value.lstrip("-").isdigit() else 0

    def _inherited(self, style_id: str) -> Iterator[BaseOxmlElement]:
        seen: set[str] = set()
        current = self.by_id.get(style_id)
        while current is not None and current.get(qn("w:styleId"), "") not in seen:
            seen.add(current.get(qn("w:styleId"), ""))
            yield current
            based_on = current.find(qn("w:basedOn"))
            current = None if based_on is None else self.by_id.get(based_on.get(qn("w:val"), ""))
        for step in ("w:rPrDefault", "w:pPrDefault"):
            yield from self.styles.iter(qn(step))


def _parse(data: bytes) -> BaseOxmlElement:
    parsed: BaseOxmlElement = parse_xml(data)
    return parsed


def _read(element: BaseOxmlElement) -> Read:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    signs = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    texts = [signs.get(child.tag) or child.text or "" for child in element.iter(qn("w:t"), *signs)]
    return Read("Normal" if style is None else style.get(qn("w:val"), ""), "".join(texts), element)
