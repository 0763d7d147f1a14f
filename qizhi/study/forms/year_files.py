"""Forms for the study file of a year."""

from __future__ import annotations

from django import forms

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput


class CloseFileForm(forms.Form):
    """The day on which the file is closed."""

    closed_on = forms.DateField(label="归档日期", widget=DateInput())
    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class ReopenFileForm(forms.Form):
    """Why a file is opened again."""

    because = forms.CharField(
        label="理由", max_length=120, help_text="例如：漏记一次学习；原来的归档记录和理由都会保留"
    )
