"""Forms for what the office prepares, and the small forms on the page of a gathering."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from qizhi.core.ids import new_id
from qizhi.core.inputs import NewMixin
from qizhi.core.tables.values.plain import compact
from qizhi.gatherings.enums import Audience, Ledger
from qizhi.gatherings.forms.fields import FilesField, HoursField
from qizhi.gatherings.models import Kind, Series
from qizhi.org.enums import UnitKind
from qizhi.regulations.rules.due_days import (
    DAY_OF_MONTH,
    FIRST_WORKING_DAY,
    LAST_WEEKDAY,
    NEAREST_TO_DATE,
    WEEKDAYS,
    parse_due_rule,
)

_RULE_CHOICES = [
    (FIRST_WORKING_DAY, "每年第一个工作日"),
    (NEAREST_TO_DATE, "每年固定日期，逢休息日取最近的工作日"),
    (LAST_WEEKDAY, "每月最后一个星期几"),
    (DAY_OF_MONTH, "每月固定日"),
]
_MONTH_DAY = re.compile(r"([0-9]{1,2})[月./-]([0-9]{1,2})[日号]?")


def _rule_argument(day: str) -> str:
    """7月1日 → 07-01, 周五 → friday, 15日 → 15; what is none of these stays as it is."""
    names = {label[-1]: word for word, label in WEEKDAYS.items()}
    if match := _MONTH_DAY.fullmatch(day):
        return f"{int(match[1]):02}-{int(match[2]):02}"
    if day[:-1] in {"星期", "周"}:
        return names.get(day[-1].replace("天", "日"), day)
    return day.rstrip("日号").lstrip("0")


def rule_parts(day_rule: str) -> dict[str, str]:
    """The two inputs for a stored rule."""
    if not day_rule:
        return {"rule": "", "rule_day": ""}
    rule = parse_due_rule(day_rule)
    day = {
        FIRST_WORKING_DAY: "",
        NEAREST_TO_DATE: f"{rule.month}月{rule.day}日",
        LAST_WEEKDAY: list(WEEKDAYS.values())[rule.weekday],
        DAY_OF_MONTH: str(rule.day),
    }
    return {"rule": rule.name, "rule_day": day[rule.name]}


class KindForm(forms.Form):
    """A kind of gathering."""

    name = forms.CharField(label="名称", max_length=40)
    audience = forms.ChoiceField(label="应到范围", choices=Audience.choices, initial=Audience.MEMBERS)
    unit_kinds = forms.MultipleChoiceField(
        label="适用组织",
        choices=UnitKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不选表示不限",
    )
    ledgers = forms.MultipleChoiceField(
        label="计入台账",
        choices=Ledger.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="改动后，这一类型以往的活动会按新的台账重新计入",
    )
    default_hours = HoursField(label="默认学时", required=False)
    position = forms.IntegerField(
        label="排序", min_value=0, max_value=9_999, required=False, help_text="小的在前"
    )
    is_active = forms.BooleanField(label="启用", required=False, initial=True)

    def clean_default_hours(self) -> Any:
        """Nothing is 0."""
        return self.cleaned_data["default_hours"] or 0

    def clean_position(self) -> int:
        """Nothing is 0."""
        return self.cleaned_data["position"] or 0


class NewKindForm(NewMixin, KindForm):
    """A kind to make."""

    field_order = ("id", "name")


class SeriesForm(forms.Form):
    """A series."""

    name = forms.CharField(label="名称", max_length=80)
    note = forms.CharField(label="说明", max_length=200, required=False)
    month = forms.TypedChoiceField(
        label="月份",
        choices=[("", "不限月份"), *((month, f"{month}月") for month in range(1, 13))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="月度主题教育每年开展的月份，例如感恩月",
    )
    is_active = forms.BooleanField(
        label="延续中", required=False, initial=True, help_text="不再举办的取消勾选，历年记录都保留"
    )


class NewSeriesForm(NewMixin, SeriesForm):
    """A series to make."""

    field_order = ("id", "name")


class TemplateForm(forms.Form):
    """A prepared gathering."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    name = forms.CharField(label="模板名称", max_length=60)
    title = forms.CharField(
        label="活动名称", max_length=120, help_text="可用 {年} {季度} {月} {日} 代替日期里的数字"
    )
    kinds = forms.MultipleChoiceField(label="活动类型", widget=forms.CheckboxSelectMultiple, choices=[])
    unit_kind = forms.ChoiceField(label="适用组织", choices=[("", "不限"), *UnitKind.choices], required=False)
    rule = forms.ChoiceField(label="日期规则", choices=[("", "不定"), *_RULE_CHOICES], required=False)
    rule_day = forms.CharField(
        label="哪一天", max_length=20, required=False, help_text="按规则填：7月1日，星期五，或 15"
    )
    place = forms.CharField(label="地点", max_length=80, required=False)
    topics = forms.CharField(
        label="议题", max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    hours = HoursField(label="学时", required=False, help_text="留空则取活动类型的默认学时")
    series = forms.ChoiceField(label="系列", choices=[], required=False)
    is_active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, kinds: Iterable[Kind], series: Iterable[Series], **kwargs: Any) -> None:
        """Take the kinds and series to choose from."""
        super().__init__(*args, **kwargs)
        self._kinds = {str(kind.pk): kind for kind in kinds}
        self._series = {str(one.pk): one for one in series}
        choice: dict[str, Any] = dict(self.fields)
        choice["kinds"].choices = [(key, kind.name) for key, kind in self._kinds.items()]
        choice["series"].choices = [("", "—"), *((key, one.name) for key, one in self._series.items())]

    def clean(self) -> dict[str, Any]:
        """Put rule and day together as the rules of days write them."""
        values = super().clean() or {}
        rule, day = values.get("rule", ""), compact(values.get("rule_day", ""))
        values["day_rule"] = rule
        if rule and rule != FIRST_WORKING_DAY:
            values["day_rule"] = f"{rule}:{_rule_argument(day)}"
        if rule:
            try:
                parse_due_rule(values["day_rule"])
            except ValueError:
                self.add_error(
                    "rule_day", f"“{day}”不能用于这条规则。请写成 7月1日、星期五 或 15 这样的日子。"
                )
        return values

    def clean_hours(self) -> Any:
        """Nothing is 0."""
        return self.cleaned_data["hours"] or 0

    def clean_series(self) -> Series | None:
        """The series itself."""
        key: str = self.cleaned_data["series"]
        return self._series.get(key)

    def chosen_kinds(self) -> list[Kind]:
        """The kinds themselves."""
        return [self._kinds[key] for key in self.cleaned_data["kinds"]]


class WithdrawForm(forms.Form):
    """Why a gathering is withdrawn."""

    reason = forms.CharField(
        label="撤销原因",
        max_length=200,
        help_text="例如：重复登记。撤销后不再计入任何台账，记录仍可查看和恢复",
    )


class CommentForm(forms.Form):
    """An auditor's comment."""

    comment = forms.CharField(
        label="我的点评",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="支部能看到；可以以后再改",
    )


class AttachForm(forms.Form):
    """Files to add."""

    attachments = FilesField(label="添加附件", help_text="每个不超过 10 MB")
