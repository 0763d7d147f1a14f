"""Parsers of messy office values: each takes what stands in a cell and gives a value or raises `BadValue`."""

from qizhi.core.tables.values.choices import Choices
from qizhi.core.tables.values.dates import DayOrMonth, parse_day, parse_day_or_month
from qizhi.core.tables.values.numbers import decimal, integer, parse_decimal, parse_hours, parse_integer
from qizhi.core.tables.values.plain import is_blank
from qizhi.core.tables.values.text import (
    parse_lines,
    parse_list,
    parse_name,
    parse_names,
    parse_text,
    parse_yes_no,
    text,
)
from qizhi.core.tables.values.times import parse_time, time_beside_day

__all__ = [
    "Choices",
    "DayOrMonth",
    "decimal",
    "integer",
    "is_blank",
    "parse_day",
    "parse_day_or_month",
    "parse_decimal",
    "parse_hours",
    "parse_integer",
    "parse_lines",
    "parse_list",
    "parse_name",
    "parse_names",
    "parse_text",
    "parse_time",
    "parse_yes_no",
    "text",
    "time_beside_day",
]
