"""A form in which people are written as names."""

from __future__ import annotations

from typing import Any

from django import forms

from qizhi.core.errors import Refused
from qizhi.org.models import Person
from qizhi.tasks.forms.plans import FindPerson


class FindsPeople(forms.Form):
    """A form in which people are written as names."""

    def __init__(self, *args: Any, find: FindPerson, **kwargs: Any) -> None:
        """Take the way to find a person by name or name(staff number)."""
        super().__init__(*args, **kwargs)
        self.find = find

    def found(self, name: str) -> Person | None:
        """The person that an input names, checked against the roll of people; None when it is empty."""
        words = self.cleaned_data[name].strip()
        try:
            return self.find(words) if words else None
        except Refused as error:
            raise forms.ValidationError(error.message) from None
