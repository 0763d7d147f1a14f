"""Forms for members left out of the number due, and for work instructions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Case, QuerySet, When

from qizhi.core.ids import new_id
from qizhi.gatherings.enums import LeftOutReason
from qizhi.gatherings.forms.fields import DayField
from qizhi.gatherings.models import Kind
from qizhi.org.models import Person
from qizhi.regulations.models import Regulation


class ChangeExclusionForm(forms.Form):
    """A row of the register to correct."""

    reason = forms.ChoiceField(
        label="情形",
        choices=LeftOutReason.choices,
        help_text="只有这五种情形可以不计入应到；只记情形，不写经过",
    )
    from_on = DayField(label="自哪一天起")
    to_on = DayField(label="至哪一天", required=False, help_text="留空表示至今")
    consented_by = forms.CharField(
        label="同意的上级党组织", max_length=80, required=False, help_text="例如：机关党委"
    )
    consented_on = DayField(
        label="上级同意日期", required=False, help_text="还没有同意的先留空，此前仍计入应到"
    )
    approved_on = DayField(
        label="党员大会通过日期", required=False, help_text="还没有通过的先留空，此前仍计入应到"
    )


class MemberField(forms.ModelChoiceField[Person]):
    """Members by name and staff number: those of today first, then those who have left, as such."""

    here: frozenset[uuid.UUID] = frozenset()

    def label_from_instance(self, obj: Person) -> str:
        """The name with the staff number, since two may share a name."""
        return f"{obj.name}（{obj.staff_no}）{'' if obj.pk in self.here else '，已不在本支部'}"


class ExclusionForm(ChangeExclusionForm):
    """A row to make, with a key of its own against double clicks."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    person = MemberField(Person.objects.none(), label="党员", empty_label="请选择")
    field_order = ("id", "person", "reason", "from_on", "to_on")

    def __init__(
        self, *args: Any, people: QuerySet[Person], here: Iterable[uuid.UUID], **kwargs: Any
    ) -> None:
        """Take the members to choose from, and which of them are members today."""
        super().__init__(*args, **kwargs)
        member: Any = self.fields["person"]
        member.here = frozenset(here)
        away = Case(When(pk__in=member.here, then=0), default=1)
        member.queryset = people.annotate(away=away).order_by("away", "staff_no")


class InstructionForm(forms.Form):
    """A version of the steps of a kind of gathering."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    kind = forms.ModelChoiceField(Kind.objects.none(), label="活动类型", empty_label=None)
    from_on = DayField(label="自哪一天起施行", help_text="新的一版施行后，前一版自动截止在前一天")
    to_on = DayField(label="至哪一天", required=False, help_text="留空表示一直施行")
    steps = forms.CharField(
        label="步骤",
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="一行一步，按先后排列，不必编号；登记活动时显示在旁边，只供对照",
    )
    source = forms.ModelChoiceField(
        Regulation.objects.none(), label="依据文件", required=False, empty_label="—", help_text="可不选"
    )

    def __init__(
        self, *args: Any, kinds: QuerySet[Kind], sources: QuerySet[Regulation], **kwargs: Any
    ) -> None:
        """Take the kinds and documents to choose from."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
