"""All input of the app."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from qizhi.core import clock, figures, periods
from qizhi.core.documents.wording import is_document_number
from qizhi.core.figures import SPAN_LABELS, Span
from qizhi.core.ids import new_id
from qizhi.core.periods import Period
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit
from qizhi.reports.rules.language import SPANS

EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
MOST_TYPED = 60_000


class ReckoningForm(forms.Form):
    """Which report year, reckoned on which day.

    `year_to_come`: a year that was asked for and had not begun on the day; another is told in its place.
    """

    as_of = forms.DateField(label="核算日", widget=DateInput(), required=False)
    year = forms.IntegerField(
        label="报告年度", min_value=EARLIEST_YEAR, max_value=LATEST_YEAR, required=False
    )

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        """Fill in today, and the report year that goes with the day, where nothing was chosen."""
        values = data.copy()
        values["as_of"] = values.get("as_of") or clock.today().isoformat()
        day = _day(str(values["as_of"]))
        year = str(values.get("year") or "")
        is_to_come = day is not None and year.isdecimal() and day.year < int(year) <= LATEST_YEAR
        self.year_to_come = int(year) if is_to_come else None
        if not values.get("year") or is_to_come:  # a year that had not begun on the day has no numbers
            values["year"] = str(figures.report_year(day or clock.today()))
        super().__init__(values, **kwargs)

    def clean_as_of(self) -> dt.date:
        """A day that has come; what lies ahead cannot be reckoned."""
        day: dt.date = self.cleaned_data["as_of"]
        if day > clock.today():
            raise forms.ValidationError("核算日不能晚于今天。请选今天或以前的日期。")
        if day.year < EARLIEST_YEAR:
            raise forms.ValidationError(f"核算日不能早于 {EARLIEST_YEAR} 年。")
        return day

    @property
    def said_instead(self) -> str:
        """Chinese: which year was asked for and which is told in its place; empty where it is the same."""
        if self.year_to_come is None or not self.is_valid():
            return ""
        day = periods.say_day(self.day)
        return (
            f"您要的是 {self.year_to_come} 年度，可是在核算日{day}它还没有开始，没有数可算；"
            f"这里显示的是 {self.report_year} 年度。要看 {self.year_to_come} 年度，请把核算日改到当年或以后。"
        )

    @property
    def day(self) -> dt.date:
        """The day of reckoning; today while the input is wrong."""
        found: dt.date = getattr(self, "cleaned_data", {}).get("as_of") or clock.today()
        return found

    @property
    def report_year(self) -> int:
        """The report year; the one that goes with the day while the input is wrong."""
        found: int | None = getattr(self, "cleaned_data", {}).get("year")
        return found if found is not None else figures.report_year(self.day)


def asked_day(data: QueryDict) -> dt.date:
    """The day of reckoning that an address asks for; today where it names none that can be read."""
    return _day(str(data.get("as_of") or "")) or clock.today()


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


class FiguresForm(ReckoningForm):
    """Which figures: day, year, span and unit."""

    span = forms.ChoiceField(
        label="时段",
        required=False,
        choices=[("", "各指标自己的时段"), *((span.value, label) for span, label in SPAN_LABELS.items())],
    )
    unit = forms.ChoiceField(label="组织", required=False)

    def __init__(self, data: QueryDict, *, units: Iterable[Unit], is_all: bool) -> None:
        """Offer the units that the person may see."""
        super().__init__(data)
        everything = "全局" if is_all else "我的全部组织"
        choices = [("", everything), *((unit.code, unit.name) for unit in units)]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen_span(self) -> Span | None:
        """The span for all figures, or None for each one's own."""
        text = getattr(self, "cleaned_data", {}).get("span")
        return Span(text) if text else None


class RowsForm(FiguresForm):
    """The rows of one figure: as for figures, or for days of one's own."""

    start = forms.DateField(label="从", widget=DateInput(), required=False)
    end = forms.DateField(label="到", widget=DateInput(), required=False)

    def clean(self) -> dict[str, Any]:
        """Both days or neither, in order."""
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if bool(start) != bool(end):
            self.add_error("end" if start else "start", "起止日期要一起填，或都不填。")
        elif start and end and end < start:
            self.add_error("end", "截止日期早于起始日期，请核对。")
        return values

    @property
    def days(self) -> Period | None:
        """The days of one's own, or None."""
        values = getattr(self, "cleaned_data", {})
        return Period(values["start"], values["end"]) if values.get("start") and values.get("end") else None


class TemplateForm(forms.Form):
    """The text of the overview."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(
        label="正文",
        max_length=MOST_TYPED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false", "data-insert-here": ""}),
        help_text=(
            "一行一段；# 章标题；[[指标|时段|样式]] 引用指标；{{年}} {{核算日}} {{单位}} {{简称}} 自动填写；"
            "【可略：…】在没有数字时略去。"
        ),
    )
    insert_line = forms.IntegerField(
        label="插入到第几行末尾",
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"placeholder": "最后一行"}),
    )
    insert_span = forms.ChoiceField(
        label="时段", required=False, choices=[("", "指标自己的时段"), *((name, name) for name in SPANS)]
    )

    def clean_body(self) -> str:
        """One kind of line end, whatever the browser sent."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").replace("\r", "\n")


class IssueForm(forms.Form):
    """What makes a text an official document."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    seen = forms.CharField(widget=forms.HiddenInput)
    mark = forms.CharField(label="发文机关标志", max_length=100, help_text="红头文字，例如“示例局党组文件”")
    doc_no = forms.CharField(
        label="发文字号", max_length=60, help_text="例如“示检党〔2018〕3号”；括号用〔〕，序号不加 0 和“第”"
    )
    signer = forms.CharField(label="署名", max_length=100)
    issued_on = forms.DateField(label="成文日期", widget=DateInput())

    def clean_doc_no(self) -> str:
        """Written as GB/T 9704-2012 says."""
        text = str(self.cleaned_data["doc_no"]).strip()
        if not is_document_number(text):
            message = "写法不对。应为“代字〔四位年份〕序号号”，例如“示检党〔2018〕3号”，括号用〔〕。"
            raise forms.ValidationError(message)
        return text

    def clean_issued_on(self) -> dt.date:
        """A day that can stand below a paper."""
        day: dt.date = self.cleaned_data["issued_on"]
        if day > clock.today():
            raise forms.ValidationError(f"成文日期不能晚于今天（{periods.say_day(clock.today())}）。")
        return day
