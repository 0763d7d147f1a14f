"""Forms for bulletins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from qizhi.conduct.services.bulletins import BulletinText
from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput

MOST = 2000


def _words(label: str, hint: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=MOST, required=False, widget=widget, help_text=hint)


class ChangeBulletinForm(forms.Form):
    """The words of a bulletin; its numbers come from the final cases."""

    opening = _words("引言", "留空则写“现将……情况通报如下”。不写身份证号、电话")
    closing = _words("工作要求", "一行一段；可以留空")
    has_names = forms.BooleanField(label="点名", required=False, help_text="只有办理程序的条款允许时才能勾选")

    def __init__(self, *args: Any, may_name: bool, **kwargs: Any) -> None:
        """Names are not even offered where no clause allows them."""
        super().__init__(*args, **kwargs)
        if not may_name:
            del self.fields["has_names"]

    @property
    def text(self) -> BulletinText:
        """What was written; only after `is_valid`."""
        values = self.cleaned_data
        return BulletinText(values["opening"], values["closing"], values.get("has_names", False))


class BulletinForm(ChangeBulletinForm):
    """A bulletin to prepare."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    period = forms.ChoiceField(label="哪一期", choices=[])
    field_order = ("id", "period", "opening", "closing", "has_names")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Take the bulletins that can be prepared now."""
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = choices  # type: ignore[attr-defined]

    @property
    def place(self) -> tuple[int, int]:
        """Year and number; only after `is_valid`."""
        year, _, number = self.cleaned_data["period"].partition("-")
        return int(year), int(number)


class ApproveBulletinForm(forms.Form):
    """What makes a draft an official document."""

    seen = forms.CharField(widget=forms.HiddenInput)
    doc_no = forms.CharField(
        label="发文字号", max_length=60, help_text="例如“示检党通〔2018〕1号”；括号用〔〕，序号不加 0 和“第”"
    )
    issued_on = forms.DateField(label="印发日期", widget=DateInput())
