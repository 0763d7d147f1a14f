"""Forms for inspections and what they see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.conduct.forms.cases import ClauseField
from qizhi.conduct.forms.parts import FindsPeople, area
from qizhi.core.ids import new_id
from qizhi.gatherings.forms.fields import MonthField
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person, Unit
from qizhi.regulations.models import Clause


def reason(label: str, **more: Any) -> forms.CharField:
    """Why something that was laid down is changed, on one line."""
    return forms.CharField(label=label, max_length=200, **more)


class InspectionForm(FindsPeople):
    """An inspection."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    month = MonthField(label="月份")
    title = forms.CharField(label="名称", max_length=100, help_text="如“2018年1月作风纪律检查”")
    led_by = forms.CharField(label="检查负责人", max_length=60, help_text="姓名或工号")
    held_on = forms.DateField(label="检查日期", widget=DateInput(), required=False)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="受检组织", widget=forms.CheckboxSelectMultiple, required=False
    )
    scope = area("检查范围", rows=2, required=False, help_text="查哪些方面")
    sampling = area("抽样办法", rows=3, required=False, help_text="由系统抽取的不填；人工确定的写明怎样确定")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the units that may be inspected."""
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]

    def clean_led_by(self) -> Person | None:
        """The person named."""
        return self.found("led_by")

    def clean_units(self) -> tuple[Unit, ...]:
        """The units, in their order."""
        return tuple(self.cleaned_data["units"])


class SampleForm(forms.Form):
    """How many people are drawn, by which seed."""

    number = forms.IntegerField(label="抽取人数", min_value=1, max_value=9999)
    on = forms.DateField(label="以哪一天在册的人为总体", widget=DateInput())
    seed = forms.CharField(
        label="抽取口令",
        max_length=40,
        help_text="事先公开的任何文字，如检查日期；同一口令、同一名单总是抽到同样的人",
    )
    because = reason("重抽的理由", help_text="第一次抽取不填；重抽的必填，原来的样本会保留", required=False)


class ObservationForm(FindsPeople):
    """What an inspection has seen."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    person = forms.CharField(
        label="人员", max_length=60, required=False, help_text="姓名或工号；只说组织的不填"
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="组织", required=False, empty_label="不指定", help_text="没有写人员的必选"
    )
    happened_on = forms.DateField(label="发生日期", widget=DateInput())
    clause = ClauseField(
        Clause.objects.none(),
        label="依据条款",
        required=False,
        empty_label="只记情况，不立案",
        help_text="要立案的必选；对个人的写明人员，对组织的不写人员、只选组织",
    )
    fact = area("情况", rows=3)
    evidence = area("依据", rows=2, help_text="看了什么、在哪里、谁在场；不上传照片")
    seen_by = forms.CharField(
        label="检查人",
        max_length=200,
        required=False,
        help_text="谁看到的；几个人用“、”隔开，重名写 姓名(工号)。立案时写进告知书",
    )

    def __init__(self, *args: Any, clauses: QuerySet[Clause], units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the clauses that cost points, and the units."""
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = clauses  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_person(self) -> Person | None:
        """The person named."""
        return self.found("person")

    def clean_seen_by(self) -> tuple[Person, ...]:
        """Who has seen it."""
        return self.found_all("seen_by")


class CorrectObservationForm(ObservationForm):
    """What an inspection has seen, corrected."""

    because = reason("更正的理由", help_text="例如“看错了日期”；和更正前后的内容一起留在变更记录里")


class WithdrawObservationForm(forms.Form):
    """Why a line of an inspection is taken back."""

    because = reason("撤销的理由", help_text="例如“重复登记”；撤销以后不再计入，内容仍可查到")


class ReopenInspectionForm(forms.Form):
    """Why an inspection that is over is opened once more."""

    because = reason("重新打开的理由", help_text="例如“漏记了第三科的情况”；会留在检查的经过里")
