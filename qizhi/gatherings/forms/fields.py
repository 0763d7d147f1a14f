"""Inputs that understand what people write: days, months, hours."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms

from qizhi.core.inputs import plain
from qizhi.core.tables import BadValue
from qizhi.core.tables.values import DayOrMonth, parse_day, parse_day_or_month, parse_hours


class DayInput(forms.DateInput):
    """The browser's own date picker; it sends ISO days."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        """Show days as the picker wants them."""
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MonthInput(forms.TextInput):
    """The browser's own month picker, where it has one."""

    input_type = "month"

    def format_value(self, value: Any) -> str | None:
        """A day as its month."""
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else super().format_value(value)


class DayField(forms.Field):
    """A day, also as 2018.1.5 or 2018年1月5日 where there is no picker."""

    widget = DayInput

    def to_python(self, value: Any) -> dt.date | None:
        """The day; empty is None."""
        if value in (None, ""):
            return None
        try:
            return value if isinstance(value, dt.date) else parse_day(str(value))
        except BadValue as problem:
            raise forms.ValidationError(f"{problem.reason}。{problem.fix}") from problem


class MonthField(forms.Field):
    """A month; gives its first day."""

    widget = MonthInput

    def to_python(self, value: Any) -> dt.date | None:
        """The first day of the month; empty is None."""
        if value in (None, ""):
            return None
        try:
            found: DayOrMonth = parse_day_or_month(str(value))
        except BadValue as problem:
            raise forms.ValidationError(f"{problem.reason}。请写成 2017-05 或 2017年5月。") from problem
        return found.first_day.replace(day=1)


class HoursField(forms.Field):
    """Study hours: 1.5, 2小时, 90分钟; to the tenth."""

    def prepare_value(self, value: Any) -> Any:
        """2, not 2.0."""
        return plain(value)

    def to_python(self, value: Any) -> Decimal | None:
        """The hours; empty is None."""
        if value in (None, ""):
            return None
        try:
            return parse_hours(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        except BadValue as problem:
            raise forms.ValidationError(f"{problem.reason}。{problem.fix}") from problem


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, also none; gives a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file checked by itself; what the browser sends for "none" is none."""
        sent = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(one, initial) for one in sent if one]
        if self.required and not files:
            raise forms.ValidationError("请先选择文件。")
        return files
