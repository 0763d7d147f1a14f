"""Forms for working methods."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit


class ChangeMethodForm(forms.Form):
    """A method to correct."""

    name = forms.CharField(label="名称", max_length=60, help_text="例如“五有工作法”")
    elements = forms.CharField(
        label="要素",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一个要素；没有写明的不要编造",
    )
    from_on = forms.DateField(label="自哪一天起施行", widget=DateInput())


class MethodForm(ChangeMethodForm):
    """A method to register."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="党支部", empty_label=None)
    field_order = ("unit", "name", "elements", "from_on")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the branches for which the person may register methods."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day on which a method is followed."""

    last_day = forms.DateField(
        label="最后一天", widget=DateInput(), required=False, help_text="留空表示继续施行"
    )
