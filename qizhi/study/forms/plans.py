"""Forms with which a person names a gathering, or puts the next speaker into a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.gatherings.models import Gathering
from qizhi.org.models import Person

MONTHS = [(number, f"{number}月") for number in range(1, 13)]


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


class RotaForm(forms.Form):
    """Who gives the next micro lesson, in which month, about what."""

    lead = forms.ChoiceField(label="主讲人", choices=[], help_text="从轮到的人起排；本人不便的，另选一位")
    month = forms.TypedChoiceField(label="月份", choices=MONTHS, coerce=int)
    topic = forms.CharField(
        label="题目", max_length=180, required=False, help_text="空着则记为“微党课（姓名）”，以后可在计划里改"
    )

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        """Take those whose turn it is, in their order, and the others behind them."""
        super().__init__(*args, **kwargs)
        self._people = {str(person.pk): person for person in people}
        self.fields["lead"].choices = [  # type: ignore[attr-defined]
            (key, f"{person.name}({person.staff_no})") for key, person in self._people.items()
        ]

    def clean_lead(self) -> Person:
        """The person."""
        return self._people[self.cleaned_data["lead"]]
