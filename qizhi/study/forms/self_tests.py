"""The form with which one draws questions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from qizhi.core.ids import new_id

NUMBERS = (5, 10, 20, 30)


class DrawForm(forms.Form):
    """From which bank and topic, and how many."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    source = forms.ChoiceField(label="题库和主题", choices=())
    number = forms.TypedChoiceField(
        label="抽几题", choices=[(number, f"{number} 题") for number in NUMBERS], coerce=int, initial=10
    )

    def __init__(self, *args: Any, sources: Sequence[Any], **kwargs: Any) -> None:
        """Take the banks and topics that are open."""
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]

    @property
    def bank_id(self) -> uuid.UUID:
        """The bank that was chosen."""
        return uuid.UUID(self.cleaned_data["source"].partition("|")[0])

    @property
    def topic(self) -> str:
        """The topic that was chosen; empty for all."""
        topic: str = self.cleaned_data["source"].partition("|")[2]
        return topic
