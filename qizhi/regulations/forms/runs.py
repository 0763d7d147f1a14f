"""Forms of runs, settled months and decisions about findings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from qizhi.core import clock, periods
from qizhi.core.days import read_month
from qizhi.core.ids import new_id
from qizhi.core.periods import Period
from qizhi.org.forms.units import DateInput
from qizhi.regulations.rules.runs import doubt_as_of

_WRONG = "没有认出月份，请写成 2018-01 或 2018年1月。"


class MonthInput(forms.TextInput):
    """The browser's own month picker, where it has one."""

    input_type = "month"

    def format_value(self, value: Any) -> str | None:
        """A day as its month."""
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else super().format_value(value)


class MonthField(forms.Field):
    """A month; gives its first day."""

    widget = MonthInput

    def to_python(self, value: Any) -> dt.date | None:
        """The first day of the month; empty is None."""
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        found = read_month(str(value))
        if found is None:
            raise forms.ValidationError(_WRONG)
        return found.start


class _MonthsForm(forms.Form):
    """From one month to another; `span` holds their days."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    start = MonthField(label="起始月份")
    end = MonthField(label="截止月份")

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            self.add_error("end", "截止月份早于起始月份，请调换。")
        return values

    @property
    def span(self) -> Period:
        """The days of the months, once the form is valid."""
        return Period(self.cleaned_data["start"], periods.month_of(self.cleaned_data["end"]).end)


class RunForm(_MonthsForm):
    """Which months a run judges, and up to which day records count."""

    as_of = forms.DateField(
        label="核算日", widget=DateInput(), help_text="晚于这一天的记录不计，一般就是今天"
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        """Nothing is reckoned on a day to come, nor before the months begin."""
        values = super().clean()
        as_of, start = values.get("as_of"), values.get("start")
        if as_of and (doubt := doubt_as_of(as_of, start or as_of, clock.today())):
            self.add_error("as_of", doubt)
        return values


class PeriodForm(_MonthsForm):
    """Months to settle."""


class RevokeForm(forms.Form):
    """Why a finding is withdrawn."""

    because = forms.CharField(
        label="撤销理由", max_length=200, help_text="写明依据的事实，例如“当日经批准外出，补交了审批单”"
    )


class OpenAgainForm(forms.Form):
    """Why settled months are opened again."""

    because = forms.CharField(label="取消结账的理由", max_length=200)
