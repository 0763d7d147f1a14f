"""The one place that starts typst: offline, without system fonts, files in memory only."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Literal

import typst

Output = bytes | list[bytes] | None


def typeset_pdf(
    template: bytes, data: object, files: Mapping[str, bytes], fonts: typst.Fonts, made_at: dt.datetime
) -> bytes:
    """Typeset a template with its data as a PDF."""
    output = _compile(template, data, files, fonts, "pdf", timestamp=made_at)
    return output if isinstance(output, bytes) else b"".join(output or [])


def typeset_pngs(
    template: bytes, data: object, files: Mapping[str, bytes], fonts: typst.Fonts, ppi: float
) -> list[bytes]:
    """Typeset a template with its data as one PNG a page."""
    output = _compile(template, data, files, fonts, "png", ppi=ppi)
    return [output] if isinstance(output, bytes) else list(output or [])


def typeset_values(
    template: bytes, data: object, files: Mapping[str, bytes], fonts: typst.Fonts, label: str
) -> list[dict[str, Any]]:
    """Typeset a template with its data for the values alone that it tells under a label, such as places."""
    told = typst.query(
        _input(template, data, files), label, field="value", font_paths=fonts, ignore_system_fonts=True
    )
    found: list[dict[str, Any]] = json.loads(told)
    return found


def _input(template: bytes, data: object, files: Mapping[str, bytes]) -> Any:
    # The data is a file beside the template: typst reads it as values and never as markup.
    return {"main.typ": template, "data.json": json.dumps(data, ensure_ascii=False).encode(), **files}


def _compile(
    template: bytes,
    data: object,
    files: Mapping[str, bytes],
    fonts: typst.Fonts,
    output_format: Literal["pdf", "png"],
    **options: Any,
) -> Output:
    output: Output = typst.compile(
        _input(template, data, files),
        font_paths=fonts,
        ignore_system_fonts=True,
        format=output_format,
        **options,
    )
    return output
