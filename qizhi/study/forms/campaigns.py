"""Forms for campaigns, their phases and topics, and for a person's word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.gatherings.models import Gathering
from qizhi.org.forms.units import DateInput
from qizhi.regulations.models import Regulation
from qizhi.study.enums import Layer
from qizhi.study.models import CampaignPhase


class CampaignForm(forms.Form):
    """A campaign."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    name = forms.CharField(label="名称", max_length=80)
    from_on = forms.DateField(label="开始日期", widget=DateInput())
    to_on = forms.DateField(
        label="结束日期", widget=DateInput(), required=False, help_text="常态化开展、没有期限的空着"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)
    regulation = forms.ModelChoiceField(
        Regulation.objects.none(),
        label="方案",
        required=False,
        empty_label="—",
        help_text="制度库里的实施方案",
    )

    def __init__(self, *args: Any, regulations: QuerySet[Regulation], **kwargs: Any) -> None:
        """Take the papers that may be named."""
        super().__init__(*args, **kwargs)
        self.fields["regulation"].queryset = regulations  # type: ignore[attr-defined]


class PhaseForm(forms.Form):
    """A phase."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    name = forms.CharField(label="阶段", max_length=60, help_text="例如 学习教育、查摆问题、整改落实")
    from_on = forms.DateField(label="开始日期", widget=DateInput())
    to_on = forms.DateField(label="结束日期", widget=DateInput(), required=False)


class TopicForm(forms.Form):
    """A topic."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    title = forms.CharField(label="必学内容", max_length=80)
    words = forms.CharField(
        label="识别词",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个；活动的名称或议题里有其中一个就对应上。空着则用必学内容本身",
    )
    phase = forms.ModelChoiceField(
        CampaignPhase.objects.none(), label="阶段", required=False, empty_label="整个专题教育期间"
    )
    layers = forms.MultipleChoiceField(
        label="学习层级",
        choices=Layer.choices,
        initial=Layer.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个层级。"},
    )

    def __init__(self, *args: Any, phases: QuerySet[CampaignPhase], **kwargs: Any) -> None:
        """Take the phases of the campaign."""
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = phases  # type: ignore[attr-defined]


class WordForm(forms.Form):
    """A gathering, and whether it was on the topic."""

    gathering = forms.ModelChoiceField(
        Gathering.objects.none(),
        label="活动",
        empty_label="请选择",
        error_messages={
            "required": "请先选择一次活动。",
            "invalid_choice": "这次活动已撤销，或不属于本组织，请另选一次。",
        },
    )
    is_rejected = forms.BooleanField(label="不是", required=False)

    def __init__(self, *args: Any, gatherings: QuerySet[Gathering], **kwargs: Any) -> None:
        """Take the gatherings that may be named."""
        super().__init__(*args, **kwargs)
        self.fields["gathering"].queryset = gatherings  # type: ignore[attr-defined]
