"""Forms of the status registers; none has an input for what a report or a file says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.conduct.enums import CheckKind, CheckResult, RiskLevel
from qizhi.conduct.forms.inspections import reason
from qizhi.conduct.queries.matters import Line
from qizhi.conduct.services.risks import RiskFacts
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person, Unit
from qizhi.org.queries import PeopleIndex

MOST_NAMES = 500
_BETWEEN = re.compile(r"[\n\r\t,，、;；]+")


class PeopleField(forms.CharField):
    """People written as names or staff numbers, as they are copied from a list; cleaned to people."""

    def __init__(self, **kwargs: Any) -> None:
        """The index of people comes with the form."""
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)
        self.index: PeopleIndex | None = None

    def clean(self, value: Any) -> list[Person]:
        """Each word one person.

        Raises:
            ValidationError: a sentence for each word that names nobody or several.
        """
        words = [word.strip() for word in _BETWEEN.split(super().clean(value)) if word.strip()]
        if len(words) > MOST_NAMES:
            raise forms.ValidationError(f"一次最多 {MOST_NAMES} 人，现在有 {len(words)} 个。请分几次登记。")
        found, wrong = [], []
        for word in words:
            try:
                found.append(self.index.find(word)) if self.index else None
            except Refused as problem:
                wrong.append(f"“{word[:30]}”：{problem.message}")
        if wrong:
            raise forms.ValidationError(wrong[:20])
        return found


class PersonField(PeopleField):
    """One person, written as a name or a staff number."""

    def __init__(self, **kwargs: Any) -> None:
        """One line."""
        super().__init__(max_length=60, **kwargs)
        self.widget = forms.TextInput(attrs={"maxlength": 60})

    def clean(self, value: Any) -> Any:
        """The person, or None where nothing is written."""
        found = super().clean(value)
        if len(found) > 1:
            raise forms.ValidationError("这里只写一个人。")
        return found[0] if found else None


class NamesPeople(forms.Form):
    """A form in which people are written as names."""

    def __init__(self, *args: Any, index: PeopleIndex, **kwargs: Any) -> None:
        """Take the roll of people, read once."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PeopleField):
                field.index = index


class HandInForm(NamesPeople):
    """Who has handed in, on which day: ticked, or pasted from a list."""

    handed_in_on = forms.DateField(label="报告日期", widget=DateInput())
    received_by_label = forms.CharField(label="收件人", max_length=100, required=False)
    people = forms.MultipleChoiceField(
        label="还没有登记的", choices=[], widget=forms.CheckboxSelectMultiple, required=False
    )
    pasted = PeopleField(
        label="或者贴名单",
        required=False,
        help_text="姓名或工号，一行一个，或用“、”隔开；从表格里整列复制也行；重名写 姓名(工号)",
    )

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        """Offer those who have not handed in yet; who was sent before is known, so that a second click is."""
        super().__init__(*args, **kwargs)
        sent = set(self["people"].data or ()) if self.is_bound else set()
        lines = [line for line in lines if line.is_open or str(line.person.pk) in sent]
        self._people = {str(line.person.pk): line.person for line in lines}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(line.person.pk), f"{line.person.name}（{line.person.staff_no} {line.unit} {line.rank}）")
            for line in lines
        ]

    def clean_people(self) -> list[Person]:
        """The people ticked."""
        return [self._people[key] for key in self.cleaned_data["people"]]

    @property
    def everybody(self) -> list[Person]:
        """Ticked and pasted; only after `is_valid`."""
        return [*self.cleaned_data["people"], *self.cleaned_data["pasted"]]


class ReportForm(forms.Form):
    """A report to correct: when it came, who took it."""

    handed_in_on = forms.DateField(label="报告日期", widget=DateInput(), required=False)
    received_by_label = forms.CharField(label="收件人", max_length=100, required=False)


class ChangeReportForm(NamesPeople):
    """That something had to be reported anew."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    person = PersonField(label="报告人", help_text="姓名或工号")
    happened_on = forms.DateField(
        label="变化日期", widget=DateInput(), help_text="只记哪一天，变化的内容不进系统"
    )
    handed_in_on = forms.DateField(
        label="报告日期", widget=DateInput(), required=False, help_text="还没有报告的留空，逾期会列出"
    )


class DrawChecksForm(forms.Form):
    """A draw, made at once."""

    seed = forms.CharField(
        label="抽取口令",
        max_length=80,
        help_text="抽取前当众定下的一句话，如日期加监督人；同一口令、同一名单总是抽出同样的人",
    )
    drawn_on = forms.DateField(label="抽取日期", widget=DateInput())
    kinds = forms.MultipleChoiceField(
        label="核查内容",
        choices=CheckKind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=CheckKind.values,
    )


class ProposeForm(NamesPeople):
    """People proposed for promotion."""

    names = PeopleField(label="拟提拔人选", help_text="姓名或工号，一行一个，或用“、”隔开")
    drawn_on = forms.DateField(label="确定日期", widget=DateInput())
    kinds = forms.MultipleChoiceField(
        label="核查内容",
        choices=CheckKind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=CheckKind.values,
    )


class CheckForm(NamesPeople):
    """The code with which a check ended."""

    result = forms.ChoiceField(
        label="结果",
        choices=[one for one in CheckResult.choices if one[0]],
        help_text="只登记代码；查到什么留在纸质材料里",
    )
    checked_on = forms.DateField(label="核查日期", widget=DateInput())
    approved_by = PersonField(label="审批人", help_text="姓名或工号，不能是核查对象本人")


class _TermForm(NamesPeople):
    """Who keeps watch, where, and from when on."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="处室", empty_label="请选择")
    person = PersonField(label="联络员", help_text="姓名或工号")
    from_on = forms.DateField(label="自哪一天起", widget=DateInput())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the departments."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class LiaisonForm(_TermForm):
    """A liaison officer to name."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class EndLiaisonForm(forms.Form):
    """The end of a term."""

    to_on = forms.DateField(label="最后一天", widget=DateInput())


class EditLiaisonForm(_TermForm):
    """A term to correct: anything about it may have been entered wrongly."""

    to_on = forms.DateField(label="最后一天", widget=DateInput(), required=False, help_text="仍在任的留空")


class RemoveLiaisonForm(forms.Form):
    """Why a term was no term."""

    because = reason("删除的理由", help_text="只删登记错的，例如“登记错了人”；不再担任的，用“结束”")


class RiskForm(forms.Form):
    """A risk point to make or correct."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="处室", empty_label="请选择")
    name = forms.CharField(label="风险点", max_length=100)
    level = forms.ChoiceField(label="等级", choices=RiskLevel.choices)
    measures = forms.CharField(label="防控措施", widget=forms.Textarea(attrs={"rows": 4}))
    review_on = forms.DateField(label="下次复核日期", widget=DateInput())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the departments whose points the person keeps."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    @property
    def facts(self) -> RiskFacts:
        """What was filled in; only after `is_valid`."""
        return RiskFacts(**{name: self.cleaned_data[name] for name in RiskFacts.__dataclass_fields__})


class ReviewRiskForm(forms.Form):
    """That a point was looked at again."""

    reviewed_on = forms.DateField(label="复核日期", widget=DateInput())
    review_on = forms.DateField(label="下次复核日期", widget=DateInput())


class CloseRiskForm(forms.Form):
    """That a risk is gone."""

    closed_on = forms.DateField(label="销号日期", widget=DateInput())


class OpinionForm(forms.Form):
    """What a supervisor said."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    supervisor = forms.CharField(
        label="提出人", max_length=60, required=False, help_text="可以只写身份，如“监督员甲”"
    )
    text = forms.CharField(label="意见建议", widget=forms.Textarea(attrs={"rows": 4}))
    answer = forms.CharField(
        label="当场答复",
        max_length=200,
        required=False,
        help_text="会上已经答复、不用再办的写在这里；要办的留空，在列表里转为任务",
    )


def today_first(*names: str) -> dict[str, Any]:
    """Days that are mostly today's."""
    return dict.fromkeys(names, clock.today())
