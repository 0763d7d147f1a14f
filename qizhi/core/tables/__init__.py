"""Tables in and out: XLSX and CSV as offices write them, checked cell by cell against a schema.

    PEOPLE = TableSchema("people", "人员名册", (
        Column(key="name", label="姓名", parse=values.parse_name, required=True, example="张三"),
        Column(key="kind", label="政治面貌", parse=values.Choices(Kind.choices)),
    ))
    reading = read_table(upload.read(), upload.name, PEOPLE)   # UnreadableFile, a Refused, speaks for itself
    for row in reading.all_rows:
        check = RowCheck(row, reading.errors)                        # tells all wrong cells of a row at once
        person = check.take(people.find, check["name"], on="name")

Nothing is imported here: a service takes `reading.rows` in one transaction when `reading.errors` is empty.
"""

from qizhi.core.tables.checks import MISSING, RowCheck
from qizhi.core.tables.error_list import ERROR_SCHEMA, errors_to_rows
from qizhi.core.tables.problems import BadCell, BadValue, UnreadableFile
from qizhi.core.tables.reading import CellError, RecordRow, TableReading, read_table
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.write import write_csv, write_template, write_xlsx

__all__ = [
    "ERROR_SCHEMA",
    "MISSING",
    "BadCell",
    "BadValue",
    "CellError",
    "Column",
    "RecordRow",
    "RowCheck",
    "TableReading",
    "TableSchema",
    "UnreadableFile",
    "errors_to_rows",
    "read_table",
    "write_csv",
    "write_template",
    "write_xlsx",
]
