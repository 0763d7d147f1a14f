"""Forms for excusing a branch from a clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.core.periods import Period
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import asked_alike

_SHOWN = 30
ALL, ONE = "all", "one"


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
    field_order = ("id", "unit", "clause", "alike")

    def __init__(self, *args: Any, units: QuerySet[Unit], clauses: Iterable[Clause], **kwargs: Any) -> None:
        """Take the branches and clauses to choose from."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self._clauses = {str(clause.pk): clause for clause in clauses}
        self.fields["clause"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *((key, _label(clause)) for key, clause in self._clauses.items()),
        ]
        self._alike = self._asked_alike()
        if self._alike:
            self._ask(self._alike)

    def clean_clause(self) -> Clause:
        """The clause."""
        return self._clauses[self.cleaned_data["clause"]]

    def clean(self) -> dict[str, Any]:
        """What else the branch is excused from: the clauses that ask for the same, where that was chosen."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["alike"] = self._alike if values.get("alike") == ALL else []
        return values

    def _asked_alike(self) -> list[Clause]:
        """The clauses that ask for the same as the one chosen; none while branch, clause or days lack."""
        try:
            unit = self.fields["unit"].clean(self["unit"].value())
            first, last = (self.fields[name].clean(self[name].value()) for name in ("from_on", "to_on"))
        except forms.ValidationError:
            return []
        clause = self._clauses.get(str(self["clause"].value()))
        kind = kind_by_key(clause.kind) if clause else None
        if clause is None or kind is None or first > last:
            return []
        found = asked_alike(clause, unit, Period(first, last), kind.same_by)
        return [one for one in self._clauses.values() if one.asked_by in found]

    def _ask(self, alike: list[Clause]) -> None:
        """Say that other clauses ask for the same, and let the person choose."""
        named, own = (
            "、".join(f"{one.key} {one.source}" for one in alike),
            self._clauses[str(self["clause"].value())],
        )
        said = f"{named}在这些日子也要求同样的，支部只看到一项要求：只免除{own.key}的，这一项仍要完成"
        self.fields["alike"] = forms.ChoiceField(
            label="要求相同的条款",
            choices=[
                (ALL, f"一并免除：{'、'.join([own.key, *(one.key for one in alike)])}"),
                (ONE, f"只免除{own.key}"),
            ],
            initial=ALL,
            help_text=said,
            error_messages={"required": f"{said}。请选择是否一并免除，再保存一次。"},
        )
        self.order_fields(self.field_order)


def _label(clause: Clause) -> str:
    """Code, source, what is judged and the first words: two clauses may quote the same sentence."""
    words = clause.text if len(clause.text) <= _SHOWN else f"{clause.text[:_SHOWN]}…"
    kind = kind_by_key(clause.kind)
    return f"{clause.key} {clause.source}{f'（{kind.label}）' if kind else ''}：{words}"


class WithdrawExemptionForm(forms.Form):
    """Why an exemption is taken back, and whether those given with it are."""

    because = forms.CharField(
        label="撤销理由", max_length=120, help_text="撤销以后，这些日子又按条款要求；原来的登记保留可查"
    )

    def __init__(self, *args: Any, own: str, together: Sequence[str], **kwargs: Any) -> None:
        """Take the key of the clause, and those of the clauses that were excused with it."""
        super().__init__(*args, **kwargs)
        if together:
            self.fields["together"] = forms.ChoiceField(
                label="同时登记的免除",
                choices=[(ALL, f"一并撤销：{'、'.join([own, *together])}"), (ONE, f"只撤销{own}")],
                initial=ALL,
                help_text="支部、日子、理由和批准都相同，是一次登记的",
            )

    @property
    def is_all(self) -> bool:
        """Whether those given with it are taken back as well; only after `is_valid`."""
        return self.cleaned_data.get("together") == ALL
