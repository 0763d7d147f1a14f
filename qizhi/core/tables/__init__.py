"""Tables in and out: XLSX and CSV as offices write them, checked cell by cell against a schema."""

from qizhi.core.tables.error_list import ERROR_SCHEMA, errors_to_rows
from qizhi.core.tables.problems import BadValue, UnreadableFile
from qizhi.core.tables.reading import CellError, RecordRow, TableReading, read_table
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.template import write_template
from qizhi.core.tables.write import write_csv, write_xlsx

__all__ = [
    "ERROR_SCHEMA",
    "BadValue",
    "CellError",
    "Column",
    "RecordRow",
    "TableReading",
    "TableSchema",
    "UnreadableFile",
    "errors_to_rows",
    "read_table",
    "write_csv",
    "write_template",
    "write_xlsx",
]
