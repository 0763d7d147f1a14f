"""Forms for plans and their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person, Unit
from qizhi.tasks.enums import Deed, Purpose
from qizhi.tasks.services import ItemValues

MONTHS = [("", "—"), *((str(month), f"{month}月") for month in range(1, 13))]
MOST_ROWS = 100
FindPerson = Callable[[str], Person]


class PlanForm(forms.Form):
    """A plan to make."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="组织", empty_label=None)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    purpose = forms.ChoiceField(label="类别", choices=Purpose.choices)
    name = forms.CharField(
        label="名称", max_length=80, required=False, help_text="空着则按组织、年度、类别取名"
    )
    adopted_on = forms.DateField(
        label="通过日期", widget=DateInput(), required=False, help_text="通过后计划项只取消、不删除"
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the units for which the person may make plans."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["year"].initial = clock.today().year


class ChangePlanForm(forms.Form):
    """A plan to change; unit, year and purpose are what it is and stay."""

    name = forms.CharField(label="名称", max_length=80)
    adopted_on = forms.DateField(
        label="通过日期", widget=DateInput(), required=False, help_text="通过后计划项只取消、不删除"
    )


def _labelled(widget: type[forms.Widget], label: str, **attrs: str) -> Any:
    """An input of a table row, named for those who cannot see the heading above it."""
    return widget(attrs={"aria-label": label, **attrs})


class ItemForm(forms.Form):
    """A row of a plan; a row without topic, lead and ledger is no row."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    month = forms.TypedChoiceField(
        choices=MONTHS, coerce=int, empty_value=None, required=False, widget=_labelled(forms.Select, "月份")
    )
    topic = forms.CharField(max_length=200, required=False, widget=_labelled(forms.TextInput, "内容"))
    lead = forms.CharField(
        max_length=60, required=False, widget=_labelled(forms.TextInput, "牵头人", list="leads")
    )
    ledger = forms.ChoiceField(
        choices=[("", "—"), *Deed.choices], required=False, widget=_labelled(forms.Select, "对应活动")
    )

    def __init__(self, *args: Any, find: FindPerson, **kwargs: Any) -> None:
        """Take the way to find a person by name or name(staff number)."""
        super().__init__(*args, **kwargs)
        self.find = find

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written that would make an item."""
        return not any(self.cleaned_data.get(name) for name in ("id", "topic", "lead", "ledger"))

    def clean_lead(self) -> Person | None:
        """The person meant; names are checked against the roll of people."""
        words = self.cleaned_data["lead"].strip()
        if not words:
            return None
        try:
            return self.find(words)
        except Refused as error:
            raise forms.ValidationError(error.message) from None

    def clean(self) -> dict[str, Any]:
        """A row that is one has a month and a topic."""
        values: dict[str, Any] = super().clean() or {}
        if any(values.get(name) for name in ("id", "topic", "lead", "ledger")):
            if not values.get("topic") and "topic" not in self.errors:
                self.add_error("topic", "请写明内容；不要这一项就勾选“删除”，或整行清空。")
            if not values.get("month") and "month" not in self.errors:
                self.add_error("month", "请选择月份。")
        return values


class _DeleteInput(forms.CheckboxInput):
    """The box says by itself what it does."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"aria-label": "删除这一行", **(attrs or {})})


class _Rows(forms.BaseFormSet[ItemForm]):
    """Every row is read, so that rows copied from last year count without being touched."""

    deletion_widget = _DeleteInput

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Django would pass over rows that equal their initial values; these must not be."""
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def items(self) -> list[ItemValues]:
        """The rows that are items, in the order of the page; only after `is_valid`."""
        found = []
        for form in self.forms:
            is_removed = form in self.deleted_forms
            values = form.cleaned_data if hasattr(form, "cleaned_data") else {}
            if is_removed and values.get("id"):
                found.append(
                    ItemValues(
                        values.get("month") or 1, values.get("topic") or "", id=values["id"], is_removed=True
                    )
                )
            elif not is_removed and not form.is_blank:
                found.append(
                    ItemValues(
                        values["month"], values["topic"], values["lead"], values["ledger"], values["id"]
                    )
                )
        return found


def item_rows(
    find: FindPerson, *, data: Any = None, initial: list[dict[str, Any]] | None = None, extra: int
) -> Any:
    """The rows of a plan's page: those given, and `extra` blank ones."""
    made = forms.formset_factory(
        ItemForm, formset=_Rows, extra=extra, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    return made(data, initial=initial, prefix="items", form_kwargs={"find": find})


class CancelForm(forms.Form):
    """Why an item will not be carried out."""

    because = forms.CharField(label="取消原因", max_length=120)
