"""Forms for what a branch is for a time: temporary, or covering a department."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit


class _AspectForm(forms.Form):
    """From when to when."""

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the departments that may be covered."""
        super().__init__(*args, **kwargs)
        if "covered" in self.fields:
            self.fields["covered"].queryset = units  # type: ignore[attr-defined]


class CorrectTemporaryForm(_AspectForm):
    """That a branch is a temporary one, to correct."""

    purpose = forms.CharField(
        label="设立缘由", max_length=80, required=False, help_text="例如 援建工作队、集中培训班"
    )
    from_on = forms.DateField(label="起始日期", widget=DateInput())
    to_on = forms.DateField(
        label="截止日期", widget=DateInput(), required=False, help_text="最后一天；仍是临时党支部的留空"
    )


class TemporaryForm(CorrectTemporaryForm):
    """That a branch is a temporary one."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class CorrectJointUnitForm(_AspectForm):
    """A department that a branch covers, to correct."""

    covered = forms.ModelChoiceField(Unit.objects.none(), label="覆盖单位", empty_label="请选择")
    from_on = forms.DateField(label="起始日期", widget=DateInput())
    to_on = forms.DateField(
        label="截止日期", widget=DateInput(), required=False, help_text="最后一天；仍覆盖的留空"
    )


class JointUnitForm(CorrectJointUnitForm):
    """A department that a branch covers."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class RemoveAspectForm(forms.Form):
    """Why it goes that was entered by mistake."""

    because = forms.CharField(
        label="为什么删除", max_length=200, help_text="例如“重复登记”；会留在变更记录里"
    )
