"""Figures and the rows behind them as tables: on a page, as spreadsheet, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from qizhi.core.figures import Cell, Figure, Measure, cell_words, plain, plain_cell
from qizhi.core.http import XLSX
from qizhi.core.tables import Column, write_csv, write_xlsx
from qizhi.core.tables.values import parse_text
from qizhi.core.values import dataclass
from qizhi.reports.queries import Number, Reckoning
from qizhi.reports.services.files import figure_of, row_content

CONTENT_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "json": "application/json"}
FORMATS = tuple(CONTENT_TYPES)

_FIGURE_COLUMNS = (
    Column(key="label", label="指标", parse=parse_text, width=24),
    Column(key="text", label="数值", parse=parse_text, width=14),
    Column(key="measure", label="单位", parse=parse_text, width=8),
    Column(key="counted", label="计数", parse=parse_text, width=10),
    Column(key="out_of", label="分母", parse=parse_text, width=10),
    Column(key="span_label", label="时段", parse=parse_text, width=14),
    Column(key="start", label="从", parse=parse_text, width=12),
    Column(key="end", label="到", parse=parse_text, width=12),
    Column(key="definition", label="定义", parse=parse_text, width=48),
    Column(key="source", label="来源", parse=parse_text, width=20),
    Column(key="formula", label="公式", parse=parse_text, width=24),
    Column(key="key", label="代码", parse=parse_text, width=30),
)


@dataclass(frozen=True)
class Line:
    """A row as a page shows it: its cells, and the address of its own page."""

    cells: tuple[str, ...]
    address: str | None


def shown(row: Any, figure: Figure) -> Line:
    """A row in words."""
    return Line(tuple(cell_words(cell) for cell in cells_of(row, figure)), figure.link(row))


def cells_of(row: Any, figure: Figure) -> list[Cell]:
    """A row as plain values, in the order of the figure's columns."""
    return [plain_cell(column.get(row)) for column in figure.columns]


def figures_file(numbers: Sequence[Number], reckoning: Reckoning, kind: str) -> tuple[bytes, str]:
    """All figures as a file of the kind `xlsx`, `csv` or `json`, with its content type."""
    if kind == "json":
        return _json({**_head(reckoning), "figures": [figure_of(number) for number in numbers]})
    rows = [
        {
            **figure_of(number),
            "text": plain(number.value, number.figure.measure),
            "measure": "%" if number.figure.measure is Measure.SHARE else number.unit_word,
            "start": number.period.start,
            "end": number.period.end,
        }
        for number in numbers
    ]
    title = f"指标（核算日 {reckoning.as_of}{f'，{reckoning.unit.name}' if reckoning.unit else ''}）"
    return _table(_FIGURE_COLUMNS, rows, title, kind)


def rows_file(number: Number, kind: str) -> tuple[bytes, str]:
    """The rows behind a number as a file of the kind `xlsx`, `csv` or `json`, with its content type."""
    figure = number.figure
    if kind == "json":
        rows = [row_content(row, figure) for row in number.rows]
        return _json({**_head(number.reckoning), "figure": figure_of(number), "rows": rows})
    columns = [
        Column(key=str(index), label=column.label, parse=parse_text, width=20)
        for index, column in enumerate(figure.columns)
    ]
    lines = [{str(index): cell for index, cell in enumerate(cells_of(row, figure))} for row in number.rows]
    title = f"{figure.label}：{number.text}{number.unit_word}（{number.period.label}）"
    return _table(columns, lines, title, kind)


def _head(reckoning: Reckoning) -> dict[str, Any]:
    return {
        "year": reckoning.year,
        "as_of": reckoning.as_of.isoformat(),
        "unit": reckoning.unit.code if reckoning.unit else None,
    }


def _json(content: dict[str, Any]) -> tuple[bytes, str]:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode(), CONTENT_TYPES["json"]


def _table(
    columns: Sequence[Column], rows: Sequence[dict[str, Any]], title: str, kind: str
) -> tuple[bytes, str]:
    content = write_csv(columns, rows) if kind == "csv" else write_xlsx(columns, rows, title)
    return content, CONTENT_TYPES[kind]
