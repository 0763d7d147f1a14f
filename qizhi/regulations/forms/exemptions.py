"""Forms for excusing a branch from a clause."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from qizhi.core.ids import new_id
from qizhi.core.periods import Period
from qizhi.org.forms.units import DateInput, UnitsField
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
    """Exemptions to register: which branches, from which clause, and from which that ask for the same."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    units = UnitsField("党支部", required=True, help_text="理由、日子和批准都相同的，可同时选几个")
    clause = forms.ChoiceField(
        label="免除哪一条", choices=[], help_text="只列系统判定的、对党支部的要求；表决的规则不能免除"
    )
    alike = forms.MultipleChoiceField(
        label="要求相同的条款，一并免除", choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=4000, required=False)
    field_order = ("id", "units", "clause", "from_on", "to_on", "alike", "seen")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any],
        units: QuerySet[Unit],
        clauses: Iterable[Clause],
    ) -> None:
        """Take the branches and clauses to choose from; of clauses alike, those not seen yet are ticked."""
        self._sent = None if data is None else data.copy()
        super().__init__(self._sent, initial=initial)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self._clauses = {str(clause.pk): clause for clause in clauses}
        self.fields["clause"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *((key, _label(clause)) for key, clause in self._clauses.items()),
        ]
        self._asked = self._asked_alike()
        every = set().union(*self._asked.values())
        self.alike_offered = [(key, one) for key, one in self._clauses.items() if one.asked_by in every]
        self._ask()

    def clean_clause(self) -> Clause:
        """The clause."""
        return self._clauses[self.cleaned_data["clause"]]

    def clean(self) -> dict[str, Any]:
        """Refuse what asks for the same and was not shown yet: it is shown now, ticked."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self._unseen:
            named = "、".join(self._clauses[key].key for key in self._unseen)
            self.add_error("alike", f"{named}也要求同样的，已为您勾上。请看一眼，再保存一次。")
        return values

    @property
    def asked(self) -> list[tuple[Unit, list[Clause]]]:
        """Each branch with the clause and those alike that are ticked and asked of it; after `is_valid`."""
        ticked = [self._clauses[key] for key in self.cleaned_data["alike"]]
        own = self.cleaned_data["clause"]
        return [
            (unit, [own, *(one for one in ticked if one.asked_by in self._asked.get(unit.pk, ()))])
            for unit in self.cleaned_data["units"]
        ]

    @property
    def chosen(self) -> tuple[Clause, Period] | None:
        """The clause and the days as far as they are chosen, judged or not; None while one of them lacks."""
        try:
            first, last = (self.fields[name].clean(self[name].value()) for name in ("from_on", "to_on"))
        except forms.ValidationError:
            return None
        clause = self._clauses.get(str(self["clause"].value()))
        return (clause, Period(first, last)) if clause and first <= last else None

    def _asked_alike(self) -> dict[uuid.UUID, set[str]]:
        """What else asks each branch for the same; nothing while branches, clause or days lack."""
        try:
            units = self.fields["units"].clean(self["units"].value())
        except forms.ValidationError:
            return {}
        if self.chosen is None:
            return {}
        clause, days = self.chosen
        kind = kind_by_key(clause.kind)
        return asked_alike(clause, units, days, kind.same_by) if kind else {}

    def _ask(self) -> None:
        """Offer the clauses alike as a list; it keeps what was ticked, and ticks what was not seen yet."""
        first, sent = self.initial, self._sent
        kept = first.get("alike", []) if sent is None else sent.getlist("alike")
        seen = str((first if sent is None else sent).get("seen") or "").split()
        self._unseen = [key for key, _ in self.alike_offered if key not in seen]
        ticked = [key for key, _ in self.alike_offered if key in kept or key in self._unseen]
        own = self._clauses.get(str(self["clause"].value()))
        field = self.fields["alike"]
        field.choices = [(key, _label(one)) for key, one in self.alike_offered]  # type: ignore[attr-defined]
        if own is not None:
            field.help_text = f"支部只看到一项要求：不勾的，免除{own.key}以后这一项仍要完成"
        shown = " ".join(key for key, _ in self.alike_offered)
        if sent is None:
            self.initial = {**first, "alike": ticked, "seen": shown}
        else:
            sent.setlist("alike", ticked)
            sent["seen"] = shown


def _label(clause: Clause) -> str:
    """Code, source, what is judged and the first words: two clauses may quote the same sentence."""
    words = clause.text if len(clause.text) <= _SHOWN else f"{clause.text[:_SHOWN]}…"
    kind = kind_by_key(clause.kind)
    return f"{clause.key} {clause.source}{f'（{kind.label}）' if kind else ''}：{words}"


class GivenTogether(forms.Form):
    """Asks whether what is done to an exemption is done to those given with it as well."""

    verb = ""
    """Chinese: what is done."""

    def __init__(self, *args: Any, own: str, together: Sequence[str], **kwargs: Any) -> None:
        """Take the key of the clause, and those of the clauses that were excused with it."""
        super().__init__(*args, **kwargs)
        if together:
            every = "、".join([own, *together])
            self.fields["together"] = forms.ChoiceField(
                label="同时登记的免除",
                choices=[(ALL, f"一并{self.verb}：{every}"), (ONE, f"只{self.verb}{own}")],
                initial=ALL,
                help_text="支部、日子、理由和批准都相同，是一次登记的",
            )

    @property
    def is_all(self) -> bool:
        """Whether it is done to those given with it as well; only after `is_valid`."""
        return self.cleaned_data.get("together") == ALL


class CorrectExemptionForm(ChangeExemptionForm, GivenTogether):
    """An exemption to correct, and whether those given with it are corrected alike."""

    verb = "更正"


class WithdrawExemptionForm(GivenTogether):
    """Why an exemption is taken back, and whether those given with it are."""

    verb = "撤销"

    because = forms.CharField(
        label="撤销理由", max_length=120, help_text="撤销以后，这些日子又按条款要求；原来的登记保留可查"
    )
