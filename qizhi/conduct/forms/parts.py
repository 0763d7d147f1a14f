"""What forms of conduct share: people written as names, units to choose."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from qizhi.core.errors import Refused
from qizhi.org.models import Person
from qizhi.org.queries import PeopleIndex


class FindsPeople(forms.Form):
    """A form in which people are written by name, number, or name(number)."""

    def __init__(self, *args: Any, bureau_id: uuid.UUID, **kwargs: Any) -> None:
        """Keep whose people; they are read only when a name was written."""
        super().__init__(*args, **kwargs)
        self.bureau_id = bureau_id

    def found(self, name: str) -> Person | None:
        """The person that an input names; None when it is empty."""
        words = str(self.cleaned_data[name]).strip()
        try:
            return PeopleIndex(self.bureau_id).find(words) if words else None
        except Refused as error:
            raise forms.ValidationError(error.message) from None


def written(person: Person | None) -> str:
    """A person as the form takes them back."""
    return f"{person.name}({person.staff_no})" if person else ""


def area(label: str, *, rows: int = 4, **more: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, widget=widget, **more)
