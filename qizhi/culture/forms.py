"""Forms for calls, for what is handed in, and for what becomes of it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.inputs import NewMixin
from qizhi.culture.models import WorkKind
from qizhi.culture.rules import title_of
from qizhi.culture.services import WorkFacts
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person, Unit
from qizhi.org.queries import PeopleIndex

MOST_WORDS = 20_000


class CallForm(forms.Form):
    """A call."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    kind = forms.ModelChoiceField(
        WorkKind.objects.none(), label="类别", to_field_name="key", empty_label=None
    )
    title = forms.CharField(label="名称", max_length=80, help_text="例如 2018年党建和思想政治工作征文")
    unit = forms.ModelChoiceField(Unit.objects.none(), label="征集组织", empty_label=None)
    opened_on = forms.DateField(label="发布日期", widget=DateInput(), initial=clock.today)
    due_on = forms.DateField(
        label="截止日期", widget=DateInput(), required=False, help_text="长期征集的空着；逾期的照收，标明逾期"
    )
    is_blind = forms.BooleanField(
        label="匿名评审", required=False, help_text="评审材料只印编号，不印作者和组织"
    )
    note = forms.CharField(
        label="要求", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], kinds: QuerySet[WorkKind], **kwargs: Any) -> None:
        """Take who may ask, and for what."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]


class WorkKindForm(forms.Form):
    """A kind of works."""

    name = forms.CharField(label="名称", max_length=40)
    lists = forms.CharField(
        label="所属名目",
        max_length=120,
        required=False,
        help_text="几类作品合称的名目，例如 五微；属于几个名目的用顿号隔开",
    )
    note = forms.CharField(label="说明", max_length=200, required=False)
    position = forms.IntegerField(
        label="排序", min_value=0, max_value=9_999, required=False, help_text="小的在前"
    )
    is_collected = forms.BooleanField(
        label="征集作品",
        required=False,
        initial=True,
        help_text="列在名目里、但不收作品的取消勾选，并在说明里写明在哪里开展",
    )
    is_one_line = forms.BooleanField(
        label="一句话作品", required=False, help_text="像格言那样，一句话就是一件作品，也就是它的题目"
    )
    is_active = forms.BooleanField(
        label="启用", required=False, initial=True, help_text="停用的不能再发布征集，以往的征集和数字都保留"
    )

    def clean_position(self) -> int:
        """Nothing is 0."""
        return self.cleaned_data["position"] or 0


class NewWorkKindForm(NewMixin, WorkKindForm):
    """A kind of works to make."""

    field_order = ("id", "name")


class WorkForm(forms.Form):
    """A work that is handed in."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    title = forms.CharField(label="题目", max_length=120, required=False, help_text="格言等没有题目的空着")
    text = forms.CharField(
        label="内容",
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="可以只登记题目；纸质或另存的作品不必录入全文",
    )
    author = forms.CharField(
        label="作者", max_length=60, required=False, help_text="姓名，重名写 姓名(工号)；集体作品空着"
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="组织", required=False, empty_label="按作者所在支部或处室"
    )
    handed_in_on = forms.DateField(label="收到日期", widget=DateInput(), initial=clock.today)
    may_show = forms.BooleanField(label="作者同意公开", required=False, help_text="没有同意的，只用于评选")

    def __init__(
        self, *args: Any, bureau_id: uuid.UUID, units: QuerySet[Unit], owner: Person | None, **kwargs: Any
    ) -> None:
        """Take the units to choose from; the owner of a work is asked neither who nor where."""
        super().__init__(*args, **kwargs)
        self.bureau_id, self.owner = bureau_id, owner
        if owner is not None:
            del self.fields["author"], self.fields["unit"]
        else:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_author(self) -> Person | None:
        """The person named."""
        words = str(self.cleaned_data["author"]).strip()
        try:
            return PeopleIndex(self.bureau_id).find(words) if words else None
        except Refused as error:
            raise forms.ValidationError(error.message) from None

    def clean(self) -> dict[str, Any]:
        """A work has a title or words."""
        values = super().clean() or {}
        if (
            not values.get("title")
            and not str(values.get("text") or "").strip()
            and "title" not in self.errors
        ):
            self.add_error("title", "题目和内容至少写一样。")
        return values

    def facts(self, kind: WorkKind) -> WorkFacts:
        """What was filled in; only after `is_valid`."""
        known = self.cleaned_data
        typed = " ".join(known["title"].split())
        title = typed or title_of(known["text"], is_one_line=kind.is_one_line)
        return WorkFacts(
            title=title,
            handed_in_on=known["handed_in_on"],
            text=known["text"].strip(),
            author=self.owner or known.get("author"),
            unit=known.get("unit"),
            may_show=known["may_show"],
        )


class WithdrawWorkForm(forms.Form):
    """Why a work is taken back."""

    because = forms.CharField(label="撤回原因", max_length=120)


class ForwardForm(forms.Form):
    """To whom works are sent on, and when."""

    forwarded_on = forms.DateField(label="报送日期", widget=DateInput(), required=False)
    forwarded_to = forms.CharField(label="报送单位", max_length=60, required=False)
