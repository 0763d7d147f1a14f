"""Forms for cases, a step each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator

from qizhi.conduct.enums import Decision, ReviewOutcome
from qizhi.conduct.forms.parts import FindsPeople, area
from qizhi.core.ids import new_id
from qizhi.core.inputs import PlainDecimalField
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person, Unit
from qizhi.regulations.models import Clause


class _BySubject(ModelChoiceIterator):  # type: ignore[type-arg]  # of rows, as Django has it
    """Clauses under a heading that says of whom they ask something."""

    def __iter__(self) -> Iterator[Any]:
        """Nothing chosen, then group by group."""
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        groups: dict[str, list[Any]] = {}
        for clause in self.queryset:
            groups.setdefault(str(clause.get_subject_display()), []).append(self.choice(clause))
        for label, clauses in groups.items():
            yield (f"对{label}的", clauses)


class ClauseField(forms.ModelChoiceField[Clause]):
    """A clause, named by its document, its version and what it says; by whom it asks something."""

    iterator = _BySubject

    def label_from_instance(self, obj: Clause) -> str:
        """Which document, which number, how many points, from when."""
        text = f"{obj.text[:24]}…" if len(obj.text) > 25 else obj.text  # noqa: PLR2004 - fits a list
        shown = f"；须有：{obj.evidence}" if obj.evidence else ""
        return f"{obj.source}（{obj.version.label}，{obj.points.normalize():f}分）{text}{shown}"


def _points(label: str, hint: str) -> PlainDecimalField:
    return PlainDecimalField(
        label=label, max_digits=5, decimal_places=2, max_value=0, required=False, help_text=hint
    )


class CaseForm(FindsPeople):
    """What a case says, drafted by hand."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    person = forms.CharField(
        label="当事人", max_length=60, required=False, help_text="姓名或工号；只追究组织的不填"
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="责任组织",
        required=False,
        empty_label="按当事人所在处室",
        help_text="没有当事人的必选",
    )
    clause = ClauseField(
        Clause.objects.none(),
        label="依据条款",
        empty_label="请选择",
        help_text="须在发生之日有效；对个人的写明当事人，对组织的不写当事人、只选组织",
    )
    happened_on = forms.DateField(label="发生日期", widget=DateInput())
    fact = area("事实", help_text="何时、何地、何事，不作评价")
    evidence = area("依据材料", help_text="查了什么、在哪里、谁在场；不上传照片")
    points = _points("拟记分值", "如 -1；留空按条款")
    despite = area(
        "有免予记分的情形或已有同类事项、仍要立案的理由",
        rows=2,
        required=False,
        help_text="请假、借调、试用期和同一天同一条款的事项由系统先查；没有的不填",
    )

    def __init__(self, *args: Any, clauses: QuerySet[Clause], units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the clauses that cost points, and the units."""
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = clauses  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_person(self) -> Person | None:
        """The person named."""
        return self.found("person")


class DespiteForm(forms.Form):
    """A case of a finding or an observation: all is known but why one goes on in spite of an excuse."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    despite = area(
        "仍要立案的理由", rows=2, required=False, help_text="当日有请假、借调、试用期等免予记分的情形时必填"
    )


class DropForm(forms.Form):
    """Why a draft is given up."""

    reason = area("撤回理由", rows=2)


class NoticeForm(forms.Form):
    """When somebody was told, and how long they have to answer."""

    notified_on = forms.DateField(label="告知日期", widget=DateInput(), help_text="告知书交给本人的日期")
    statement_days = forms.IntegerField(
        label="陈述期（工作日）", min_value=1, max_value=60, required=False, help_text="留空按制度；不能更短"
    )


class StatementForm(forms.Form):
    """What the person concerned says."""

    statement = area("陈述申辩", rows=6, help_text="事实哪里不对、有什么理由、可以向谁核实")
    stated_on = forms.DateField(label="陈述日期", widget=DateInput(), help_text="纸质材料上的日期")


class DecisionForm(forms.Form):
    """What is decided, and why."""

    decision = forms.ChoiceField(label="决定", choices=Decision.choices, widget=forms.RadioSelect)
    decision_reason = area("决定理由", help_text="陈述过的，写明采纳与否及为什么")
    decided_on = forms.DateField(label="决定日期", widget=DateInput())

    def clean_decision(self) -> Decision:
        """The decision."""
        return Decision(self.cleaned_data["decision"])


class AppealForm(forms.Form):
    """Why the person concerned does not accept it."""

    appeal = area("申诉理由", rows=6, help_text="由第三人复核；逾期的也可以提出，由人决定是否受理")
    appealed_on = forms.DateField(label="申诉日期", widget=DateInput(), help_text="纸质材料上的日期")


class AdmitForm(forms.Form):
    """Whether a late appeal is admitted."""

    is_admitted = forms.ChoiceField(
        label="是否受理", choices=(("yes", "受理，进入复核"), ("no", "不受理")), widget=forms.RadioSelect
    )
    reason = area("理由", rows=3)


class CaseReviewForm(forms.Form):
    """What a third person says."""

    outcome = forms.ChoiceField(label="复核结论", choices=ReviewOutcome.choices, widget=forms.RadioSelect)
    final_points = _points("变更后的分值", "只在“变更”时填写；不能更重")
    review_reason = area("复核理由")
    reviewed_on = forms.DateField(label="复核日期", widget=DateInput())

    def clean_outcome(self) -> ReviewOutcome:
        """The outcome."""
        return ReviewOutcome(self.cleaned_data["outcome"])
