"""An agenda to look at; it travels in the address and is kept nowhere."""

from __future__ import annotations

from django import forms

MOST = 360
"""Characters: nine bytes each in an address, of which servers take some four thousand."""


class AgendaForm(forms.Form):
    """Lines with their minutes."""

    topics = forms.CharField(
        label="议程",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一项，行末写时长，例如 传达文件 40分钟；没有写时长的也可以",
    )
    title = forms.CharField(label="会议名称", max_length=40, required=False)
    starts_at = forms.TimeField(
        label="开始时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
