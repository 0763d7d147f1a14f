"""Forms for excusing a branch from a clause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit
from qizhi.regulations.models import Clause

_SHOWN = 30


class ChangeExemptionForm(forms.Form):
    """An exemption to correct."""

    from_on = forms.DateField(label="自哪一天起", widget=DateInput())
    to_on = forms.DateField(
        label="至哪一天",
        widget=DateInput(),
        help_text="要盖住整个月、季度或年才免除那一期，只盖住一部分的仍要完成",
    )
    reason = forms.CharField(
        label="免除理由", max_length=120, help_text="例如“全员驻村防汛”；支部的组织生活页上显示"
    )
    approver = forms.CharField(
        label="批准的组织或负责人", max_length=60, help_text="例如“机关党委会议”“机关党委书记”"
    )
    approved_on = forms.DateField(label="批准日期", widget=DateInput())


class ExemptionForm(ChangeExemptionForm):
    """An exemption to register: which branch, from which clause."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="党支部", empty_label="请选择")
    clause = forms.ChoiceField(
        label="免除哪一条", choices=[], help_text="只列系统判定的、对党支部的要求；表决的规则不能免除"
    )
    field_order = ("id", "unit", "clause")

    def __init__(self, *args: Any, units: QuerySet[Unit], clauses: Iterable[Clause], **kwargs: Any) -> None:
        """Take the branches and clauses to choose from."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self._clauses = {str(clause.pk): clause for clause in clauses}
        self.fields["clause"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *((key, _label(clause)) for key, clause in self._clauses.items()),
        ]

    def clean_clause(self) -> Clause:
        """The clause."""
        return self._clauses[self.cleaned_data["clause"]]


def _label(clause: Clause) -> str:
    words = clause.text if len(clause.text) <= _SHOWN else f"{clause.text[:_SHOWN]}…"
    return f"{clause.key} {clause.source}：{words}"


class WithdrawExemptionForm(forms.Form):
    """Why an exemption is taken back."""

    because = forms.CharField(
        label="撤销理由", max_length=120, help_text="撤销以后，这些日子又按条款要求；原来的登记保留可查"
    )
