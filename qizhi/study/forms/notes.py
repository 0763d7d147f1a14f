"""Forms for the number of reading notes that one declares."""

from __future__ import annotations

from django import forms

from qizhi.core.ids import new_id
from qizhi.gatherings.forms.fields import MonthField
from qizhi.study.models.notes import MOST


class NotesForm(forms.Form):
    """A month and its number to correct."""

    month = MonthField(label="月份", help_text="写成 2018-01 或 2018年1月")
    number = forms.IntegerField(
        label="次数", min_value=0, max_value=MOST, help_text="一次没有记的填0；不想说的不用登记"
    )


class NewNotesForm(NotesForm):
    """A month and its number."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
