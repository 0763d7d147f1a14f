"""The errors of a file as a table of its own, to be sent back to whoever filled it in."""

from __future__ import annotations

from collections.abc import Iterable

from qizhi.core.tables.reading import CellError
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values import parse_integer, parse_text

ERROR_SCHEMA = TableSchema(
    name="errors",
    label="需要改正的地方",
    columns=(
        Column(key="row", label="行号", parse=parse_integer, width=8),
        Column(key="cell", label="单元格", parse=parse_text, width=12),
        Column(key="column", label="列", parse=parse_text, width=14),
        Column(key="value", label="原值", parse=parse_text, width=24),
        Column(key="reason", label="原因", parse=parse_text, width=44),
        Column(key="fix", label="怎么改", parse=parse_text, width=44),
    ),
)


def errors_to_rows(errors: Iterable[CellError]) -> list[dict[str, object]]:
    """One row for each error, for `write_xlsx` and `write_csv` with `ERROR_SCHEMA`.

    The sheet is named only where there are several.
    """
    errors = list(errors)
    has_sheets = len({error.sheet for error in errors}) > 1
    return [
        {
            "row": error.row or None,
            "cell": "!".join(part for part in (error.sheet * has_sheets, error.cell) if part) or None,
            "column": error.column_label or None,
            "value": error.value or None,
            "reason": error.reason,
            "fix": error.fix or None,
        }
        for error in errors
    ]
