"""Forms for bases, role models, pledges, tags and projects."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.study.enums import ResourceKind
from qizhi.study.models import Resource


class ResourceForm(forms.Form):
    """A base, a role model, a pledge, a tag or a project."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    kind = forms.ChoiceField(label="类别", choices=ResourceKind.choices)
    name = forms.CharField(label="名称", max_length=80)
    place = forms.CharField(label="所在地或单位", max_length=80, required=False)
    from_on = forms.DateField(label="自哪一天起列入", widget=DateInput())
    to_on = forms.DateField(
        label="最后一天", widget=DateInput(), required=False, help_text="仍在选用的空着；历次活动都保留"
    )
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="誓词写全文；其余写一句话",
    )


class ResourcesForm(forms.Form):
    """The bases and role models of one gathering."""

    resources = forms.ModelMultipleChoiceField(
        Resource.objects.none(),
        label="学习资源和标签",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, resources: QuerySet[Resource], **kwargs: Any) -> None:
        """Take those that may be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["resources"].queryset = resources  # type: ignore[attr-defined]
