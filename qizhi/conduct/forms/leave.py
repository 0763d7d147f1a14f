"""Forms for leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from qizhi.conduct.services.leave import LeaveFact, Paper
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.org.enums import LeaveKind
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person

FIRST_YEAR, LAST_YEAR = 1990, 2100
FindPerson = Callable[[str], Person]


class _DaysForm(forms.Form):
    """Days that somebody is away."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    kind = forms.ChoiceField(label="假别", choices=LeaveKind.choices)
    from_on = forms.DateField(label="第一天", widget=DateInput())
    to_on = forms.DateField(label="最后一天", widget=DateInput())
    note = forms.CharField(label="说明", max_length=100, required=False, help_text="不要写病情等个人情况")

    def clean(self) -> dict[str, Any]:
        """Days that can be, in order."""
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("from_on"), values.get("to_on")
        for name in ("from_on", "to_on"):
            if values.get(name) and not FIRST_YEAR <= values[name].year <= LAST_YEAR:
                self.add_error(name, f"年份应在{FIRST_YEAR}到{LAST_YEAR}之间，请核对。")
        if start and end and end < start:
            self.add_error("to_on", "最后一天早于第一天，请核对。")
        return values

    @property
    def fact(self) -> LeaveFact:
        """What is asked; only after `is_valid`."""
        values = self.cleaned_data
        return LeaveFact(values["kind"], values["from_on"], values["to_on"], values["note"])


class AskLeaveForm(_DaysForm):
    """Days that somebody wants to be away."""

    approver = forms.ChoiceField(label="请谁审批", choices=[], required=False)

    def __init__(self, *args: Any, approvers: Sequence[Person], **kwargs: Any) -> None:
        """Take who may approve; a single one is not asked for."""
        super().__init__(*args, **kwargs)
        self._approvers = {str(one.pk): one for one in approvers}
        choices = [("", "任何一位"), *((key, one.name) for key, one in self._approvers.items())]
        self.fields["approver"].choices = choices  # type: ignore[attr-defined]
        if len(self._approvers) <= 1:
            del self.fields["approver"]

    @property
    def chosen(self) -> Person | None:
        """Who was asked to approve."""
        return self._approvers.get(self.cleaned_data.get("approver", ""))


class RegisterLeaveForm(_DaysForm):
    """The same for somebody else, from a paper: it may be signed already."""

    person = forms.CharField(label="请假人", max_length=60, help_text="姓名或工号；重名时写成 姓名(工号)")
    decided_by = forms.CharField(
        label="批准人",
        max_length=60,
        required=False,
        help_text="纸质请假条上已经签字的写明；还没有批准的留空，会转给有权审批的人",
    )
    decided_on = forms.DateField(label="批准日期", widget=DateInput(), required=False)
    reason = forms.CharField(label="批复意见", max_length=200, required=False)
    field_order = ("id", "person", "kind", "from_on", "to_on", "note", "decided_by", "decided_on", "reason")

    def __init__(self, *args: Any, find: FindPerson, **kwargs: Any) -> None:
        """Take the way to find a person by name or number."""
        super().__init__(*args, **kwargs)
        self._find = find

    def clean_person(self) -> Person:
        """Who is away."""
        return self._found(self.cleaned_data["person"])

    def clean_decided_by(self) -> Person | None:
        """Who signed."""
        words = self.cleaned_data["decided_by"].strip()
        return self._found(words) if words else None

    def _found(self, words: str) -> Person:
        try:
            return self._find(words)
        except Refused as error:
            raise forms.ValidationError(error.message) from None

    def clean(self) -> dict[str, Any]:
        """A signature has its day."""
        values = super().clean()
        if values.get("decided_by") and not values.get("decided_on"):
            self.add_error("decided_on", "写了批准人的，请写明批准日期。")
        return values

    @property
    def paper(self) -> Paper | None:
        """What was signed by hand; None for a request that still waits."""
        values = self.cleaned_data
        if not values["decided_on"]:
            return None
        return Paper(values["decided_on"], values["decided_by"], values["reason"])


class DecideLeaveForm(forms.Form):
    """Yes or no, and why."""

    verdict = forms.ChoiceField(
        label="审批", choices=(("yes", "批准"), ("no", "不批准")), widget=forms.RadioSelect, initial="yes"
    )
    reason = forms.CharField(
        label="批复意见", max_length=200, required=False, help_text="不批准的必须写明理由，请假人会看到"
    )


class ReturnLeaveForm(forms.Form):
    """The day of the return."""

    returned_on = forms.DateField(
        label="回来上班的日期",
        widget=DateInput(),
        help_text="提前回来的，请假算到这一天的前一天",
    )


class VoidLeaveForm(forms.Form):
    """Why approved leave is void."""

    because = forms.CharField(
        label="为什么作废", max_length=200, help_text="例如“日期登记错了，另登记一份”；留在变更记录里"
    )
