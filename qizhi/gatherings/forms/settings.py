"""Forms for what the office prepares, and the small forms on the page of a gathering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from qizhi.core.ids import new_id
from qizhi.gatherings.enums import Audience, Ledger
from qizhi.gatherings.forms.fields import FilesField, HoursField
from qizhi.gatherings.models import Kind, Series
from qizhi.org.enums import UnitKind
from qizhi.regulations.rules import DUE_RULES


class NewMixin(forms.Form):
    """A row to make, with a key of its own against double clicks."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    key = forms.SlugField(
        label="代码", max_length=40, help_text="小写字母、数字和横线，例如 theme-day；确定后不再改"
    )


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

    field_order = ("id", "name", "key")


class SeriesForm(forms.Form):
    """A series."""

    name = forms.CharField(label="名称", max_length=80)
    note = forms.CharField(label="说明", max_length=200, required=False)
    is_active = forms.BooleanField(
        label="延续中", required=False, initial=True, help_text="不再举办的取消勾选，历年记录都保留"
    )


class NewSeriesForm(NewMixin, SeriesForm):
    """A series to make."""

    field_order = ("id", "name", "key")


class TemplateForm(forms.Form):
    """A prepared gathering."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    name = forms.CharField(label="模板名称", max_length=60)
    title = forms.CharField(
        label="活动名称", max_length=120, help_text="可用 {年} {季度} {月} {日} 代替日期里的数字"
    )
    kinds = forms.MultipleChoiceField(label="活动类型", widget=forms.CheckboxSelectMultiple, choices=[])
    unit_kind = forms.ChoiceField(label="适用组织", choices=[("", "不限"), *UnitKind.choices], required=False)
    day_rule = forms.CharField(label="日期规则", max_length=60, required=False)
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
        choice["day_rule"].help_text = "可留空。写法：" + "；".join(
            f"{key} = {label}" for key, label in DUE_RULES.items()
        )

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
