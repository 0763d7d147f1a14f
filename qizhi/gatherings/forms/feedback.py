"""Words without a name."""

from __future__ import annotations

import secrets

from django import forms

from qizhi.gatherings.enums import Remark
from qizhi.gatherings.services.feedback import LONGEST_LINE


def new_token() -> str:
    """A random mark of a form: it says neither who nor when."""
    return secrets.token_hex(12)


class FeedbackForm(forms.Form):
    """One word by a tap, or a line, or both."""

    token = forms.CharField(widget=forms.HiddenInput, initial=new_token, max_length=40)
    word = forms.ChoiceField(label="一个词", choices=Remark.choices, widget=forms.RadioSelect, required=False)
    line = forms.CharField(
        label="一句话（可以不写）",
        max_length=LONGEST_LINE,
        required=False,
        help_text="不写自己和别人的姓名；写到个人的，支部会划去",
    )
