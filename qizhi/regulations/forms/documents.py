"""Forms for documents and their versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.regulations.enums import Confirmation, Level
from qizhi.regulations.models import Regulation


class RegulationForm(forms.Form):
    """A document: what it is called and by what it is replaced."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    title = forms.CharField(label="名称", max_length=200, help_text="不写书名号")
    code = forms.SlugField(
        label="代码",
        max_length=60,
        required=False,
        help_text="案例和其他文件用它引用，例如 study-rules；不填由系统编，一般不再改",
    )
    doc_no = forms.CharField(label="文号", max_length=60, required=False)
    issuer = forms.CharField(label="发文机关", max_length=100)
    level = forms.ChoiceField(label="层级", choices=Level, initial=Level.BUREAU)
    replaced_by = forms.ModelChoiceField(
        Regulation.objects.none(),
        label="被替代为",
        required=False,
        empty_label="没有",
        help_text="已有新文件代替时选择",
    )
    confirmation = forms.ChoiceField(label="核对状态", choices=Confirmation, initial=Confirmation.RECALLED)

    def __init__(self, *args: Any, others: QuerySet[Regulation], **kwargs: Any) -> None:
        """Take the documents that may replace this one."""
        super().__init__(*args, **kwargs)
        self.fields["replaced_by"].queryset = others  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """Book marks are added where the title is shown."""
        title: str = self.cleaned_data["title"]
        return title.strip().strip("《》")


class AliasForm(forms.Form):
    """Another name of a document."""

    name = forms.CharField(label="别名", max_length=100, help_text="大家平时对这份文件的叫法")


class BeginForm(forms.Form):
    """What every version begins with."""

    label = forms.CharField(label="新版本名称", max_length=60, help_text="例如“2018年修订”")
    effective_from = forms.DateField(label="施行日期", widget=DateInput())


class CloneForm(BeginForm):
    """A new version that starts from an old one."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)


class VersionForm(BeginForm):
    """A draft: its name, days and words."""

    published_on = forms.DateField(label="印发日期", widget=DateInput(), required=False)
    effective_to = forms.DateField(
        label="失效日期", widget=DateInput(), required=False, help_text="有效的最后一天；现行的不填"
    )
    confirmation = forms.ChoiceField(label="核对状态", choices=Confirmation, initial=Confirmation.RECALLED)
    text = forms.CharField(label="正文或摘录", widget=forms.Textarea(attrs={"rows": 10}), required=False)

    def clean_effective_to(self) -> dt.date | None:
        """A version does not end before it begins."""
        start, end = self.cleaned_data.get("effective_from"), self.cleaned_data["effective_to"]
        if start and end and end < start:
            raise forms.ValidationError("失效日期早于施行日期，请核对。")
        return end  # type: ignore[no-any-return]


class NewVersionForm(VersionForm):
    """A draft to begin, with a key of its own against double clicks."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
