"""The form with which a person names a gathering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.gatherings.models import Gathering


class LinkForm(forms.Form):
    """One of the gatherings of the plan's unit and year."""

    gathering = forms.ModelChoiceField(
        Gathering.objects.none(),
        label="活动",
        error_messages={
            "required": "请先选择一次活动。",
            "invalid_choice": "这次活动已撤销，或不属于本组织本年度，请另选一次。",
        },
    )

    def __init__(self, *args: Any, gatherings: QuerySet[Gathering], **kwargs: Any) -> None:
        """Take the gatherings that may be named."""
        super().__init__(*args, **kwargs)
        self.fields["gathering"].queryset = gatherings  # type: ignore[attr-defined]
