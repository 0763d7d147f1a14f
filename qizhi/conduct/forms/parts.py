"""What forms of conduct share: people written as names, units to choose."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from qizhi.core.errors import Refused
from qizhi.gatherings.queries.names import Typed, split_names
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

    def found_all(self, name: str) -> tuple[Person, ...]:
        """Everybody whom an input names, nobody twice; the names stand apart by 、."""
        try:
            typed = split_names(str(self.cleaned_data[name]))
            index = PeopleIndex(self.bureau_id) if typed else None
            people = [index.find(_said(one)) for one in typed] if index else []
        except Refused as error:
            raise forms.ValidationError(error.message) from None
        return tuple(dict.fromkeys(people))


def _said(one: Typed) -> str:
    if one.is_outside:
        raise Refused(f"{one.name}是外单位的，人员库里没有。请写在依据里，这里只写本局的人。")
    return f"{one.name}({one.number})" if one.name and one.number else one.name or one.number


def written(person: Person | None) -> str:
    """A person as the form takes them back."""
    return f"{person.name}({person.staff_no})" if person else ""


def area(label: str, *, rows: int = 4, **more: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, widget=widget, **more)
