"""Forms for the duties of posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.conduct.forms.inspections import reason
from qizhi.conduct.forms.parts import area
from qizhi.conduct.services.duties import DutyFacts
from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit
from qizhi.regulations.models import Regulation


class PostDutyForm(forms.Form):
    """What a post has to do, from a day on."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="处室", empty_label="请选择")
    name = forms.CharField(label="岗位", max_length=60, help_text="例如“综合科科长”“窗口受理”")
    from_on = forms.DateField(
        label="自哪一天起", widget=DateInput(), help_text="同一岗位原有的清单到前一天为止"
    )
    duties = area("岗位职责", rows=6, help_text="一行一项")
    demands = area("工作要求和日常行为规范", required=False, help_text="一行一项；没有的不填")
    regulation = forms.ModelChoiceField(
        Regulation.objects.none(), label="依据", required=False, empty_label="没有单独的文件"
    )

    def __init__(
        self, *args: Any, units: QuerySet[Unit], regulations: QuerySet[Regulation], **kwargs: Any
    ) -> None:
        """Take the departments whose posts the person keeps, and the documents there are."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["regulation"].queryset = regulations  # type: ignore[attr-defined]

    @property
    def facts(self) -> DutyFacts:
        """What was filled in; only after `is_valid`."""
        return DutyFacts(**{name: self.cleaned_data[name] for name in DutyFacts.__dataclass_fields__})


class CorrectPostDutyForm(PostDutyForm):
    """What was laid down, corrected."""

    because = reason("更正的理由", help_text="例如“漏写一项”；从某天起有变化的，用“另立新清单”")


class EndPostDutyForm(forms.Form):
    """The last day of a post."""

    to_on = forms.DateField(label="最后一天", widget=DateInput())
