"""The overview as files: docx and PDF in the layout of GB/T 9704-2012, and JSON with every row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from qizhi.core import periods
from qizhi.core.documents.files import CONTENT_TYPES as DOCUMENT_TYPES
from qizhi.core.documents.model import Block, Document, Heading, Kind, Paragraph, Picture
from qizhi.core.documents.model import Run as DocumentRun
from qizhi.core.figures import Figure, Measure
from qizhi.core.values import dataclass
from qizhi.reports.queries import Number, cell_text, row_facts
from qizhi.reports.services.charts import DrawnChart
from qizhi.reports.services.overview import Overview, Passage, Piece, Run, Title

TYPED = "［手工数字］"
"""Stands behind a number that somebody typed; a text that holds one cannot be issued."""
CONTENT_TYPES = {**DOCUMENT_TYPES, "json": "application/json"}


@dataclass(frozen=True)
class Letterhead:
    """What makes a text an official document: mark, number, signature and day."""

    mark: str
    doc_no: str
    signer: str
    issued_on: dt.date


def document_of(overview: Overview, head: Letterhead | None = None) -> Document:
    """The overview as a document; without a letterhead it is a draft and says so below its end."""
    blocks = tuple(_block(piece) for piece in overview.pieces)
    as_of = "，".join(filter(None, [periods.say_day(overview.reckoning.as_of), overview.years_meant]))
    if head is None:
        return Document(
            kind=Kind.OVERVIEW,
            issuer_mark=overview.bureau.mark or overview.bureau.name,
            title=_marked(overview.head),
            blocks=blocks,
            note=f"草稿，尚未出文；{_say_typed(overview)}数据截至{as_of}",
        )
    return Document(
        kind=Kind.OVERVIEW,
        issuer_mark=head.mark,
        title=overview.title,
        blocks=blocks,
        doc_no=head.doc_no,
        signer=head.signer,
        signed_on=head.issued_on,
        note=f"数据截至{as_of}",
    )


def as_json(overview: Overview) -> bytes:
    """The overview as JSON text, for people and programs."""
    return (json.dumps(content_of(overview), ensure_ascii=False, indent=1) + "\n").encode()


def content_of(overview: Overview) -> dict[str, Any]:
    """The overview as plain values: its words, what was left out, and each number with its rows.

    A number that stands in the text several times is listed each time; its rows are read once.
    """
    known: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    numbers = [_number(number, known) for number in overview.all_numbers]
    return {
        "bureau": overview.bureau.code,
        "bureau_name": overview.bureau.name,
        "title": overview.title,
        "year": overview.reckoning.year,
        "as_of": overview.reckoning.as_of.isoformat(),
        "template_version": overview.template.version,
        "characters": overview.characters,
        "text": [_words(piece) for piece in overview.pieces],
        "omitted": [{"line": one.line, "text": one.text, "reason": one.reason} for one in overview.omitted],
        "typed_numbers": [{"where": one.where, "text": one.text} for one in overview.typed],
        "errors": [{"where": one.where, "message": one.message} for one in overview.errors],
        "numbers": numbers,
    }


def figure_of(number: Number) -> dict[str, Any]:
    """A number as plain values, without its rows.

    `amount` is a whole number, a decimal number, or an ISO day for a figure that is a day; `fraction` is
    exact. `unit` is the unit of measure.
    """
    figure, value = number.figure, number.value
    return {
        "key": figure.key,
        "label": figure.label,
        "text": number.text,
        "amount": _amount(number),
        "fraction": None if value.amount is None else str(value.amount),
        "counted": value.counted,
        "out_of": value.out_of,
        "unit": str(figure.measure),
        "style": str(number.style),
        "span": number.span.value if number.span else "days",
        "span_label": number.span_label,
        "from": number.period.start.isoformat(),
        "to": number.period.end.isoformat(),
        "definition": figure.definition,
        "source": figure.source,
        "formula": figure.formula,
    }


def _number(number: Number, known: dict[tuple[object, ...], list[dict[str, Any]]]) -> dict[str, Any]:
    asked = (number.figure.key, number.period)
    if asked not in known:
        known[asked] = [row_content(row, number.figure) for row in number.rows]
    return {**figure_of(number), "sums": number.figure.sums, "rows": known[asked]}


def row_content(row: Any, figure: Figure) -> dict[str, Any]:
    """A row as plain values: id, label, date, unit, cells, address, and what it counts for."""
    facts: dict[str, Any] = dict(row_facts(row))
    facts["cells"] = {column.label: cell_text(column.get(row)) for column in figure.columns}
    facts["link"] = figure.link(row)
    if figure.sums:
        part = getattr(row, figure.sums)
        facts["counts"] = float(part) if isinstance(part, Decimal) else part
    return facts


def _amount(number: Number) -> int | float | str | None:
    amount = number.value.amount
    if amount is None:
        return None
    if number.figure.measure is Measure.DAY:
        return dt.date.fromordinal(int(amount)).isoformat()
    return amount.numerator if amount.denominator == 1 else float(amount)


def _words(piece: Piece) -> str:
    match piece:
        case Title() | Passage():
            return piece.text
        case DrawnChart():
            return f"（图）{piece.caption}"


def _say_typed(overview: Overview) -> str:
    many = len(overview.typed)
    return f"有 {many} 处手工写的数字，背后没有记录，出文前须处理；" if many else ""


def _run(run: Run) -> DocumentRun:
    key = run.number.figure.key if run.number else None
    return DocumentRun(_marked((run,)), bold=run.is_typed, figure_key=key)


def _marked(runs: Iterable[Run]) -> str:
    """Runs as one text; a typed number is marked in words, which also a black and white copy shows."""
    return "".join(f"{run.text}{TYPED}" if run.is_typed else run.text for run in runs)


def _block(piece: Piece) -> Block:
    match piece:
        case Title():
            return Heading(1 if piece.level == 1 else 2, _marked(piece.runs))
        case Passage():
            return Paragraph(tuple(_run(run) for run in piece.runs))
        case DrawnChart():
            return Picture(piece.svg, caption=piece.caption)
