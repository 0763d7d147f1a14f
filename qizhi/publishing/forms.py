"""Forms for complaints and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from qizhi.core.ids import new_id
from qizhi.org.models import Bureau
from qizhi.publishing.enums import ComplaintKind
from qizhi.publishing.rules import plain_code
from qizhi.publishing.services import new_code

LONGEST = 2000


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ComplaintForm(forms.Form):
    """Something to complain of or to suggest."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    code = forms.CharField(widget=forms.HiddenInput, initial=new_code, max_length=20)
    kind = forms.ChoiceField(label="类别", choices=ComplaintKind.choices, initial=ComplaintKind.SUGGESTION)
    text = forms.CharField(
        label="内容", max_length=LONGEST, widget=_text(6), help_text="请不要写身份证号、电话等个人信息"
    )
    page = forms.CharField(
        label="关于页面", max_length=200, required=False, help_text="在哪个页面上遇到的，可以清空"
    )
    is_unsigned = forms.BooleanField(
        label="不署名", required=False, help_text="不保存您是谁；提交后给您一个查询码，凭它看答复"
    )

    def values(self) -> dict[str, Any]:
        """What the service takes: the code only from those who do not sign."""
        values = dict(self.cleaned_data)
        if not values.pop("is_unsigned"):
            values["code"] = ""
        return values

    def clean_code(self) -> str:
        """The code that the page was given."""
        code = plain_code(self.cleaned_data["code"])
        if not code:
            message = "页面已过期，请重新打开再写。"
            raise forms.ValidationError(message)
        return code


class OpenComplaintForm(ComplaintForm):
    """The same from somebody without an account: never signed; with several bureaus it names one."""

    is_unsigned = None  # type: ignore[assignment]  # so a form of Django drops an input of its base
    bureau = forms.ModelChoiceField(Bureau.objects.none(), label="向哪个单位提出")
    field_order = ("bureau", "kind", "text", "page")

    def __init__(self, *args: Any, bureaus: Sequence[Bureau], **kwargs: Any) -> None:
        """Offer these bureaus; the only one is not asked for."""
        super().__init__(*args, **kwargs)
        self.only = bureaus[0] if len(bureaus) == 1 else None
        if self.only is not None:
            del self.fields["bureau"]
            return
        asked = cast("forms.ModelChoiceField[Bureau]", self.fields["bureau"])
        asked.queryset = Bureau.objects.filter(pk__in=[one.pk for one in bureaus])

    @property
    def sent_to(self) -> Bureau:
        """The bureau that is to answer."""
        return self.only or self.cleaned_data["bureau"]

    def values(self) -> dict[str, Any]:
        """What the service takes; to which bureau it goes is said by its actor."""
        return {name: value for name, value in self.cleaned_data.items() if name != "bureau"}


class AnswerForm(forms.Form):
    """An answer."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    text = forms.CharField(label="答复", max_length=LONGEST, widget=_text(6))


class ReopenForm(forms.Form):
    """Why the answer was not enough."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    because = forms.CharField(label="还有什么没有说清楚", max_length=LONGEST, widget=_text(4))


class CodeForm(forms.Form):
    """The code of an unsigned complaint."""

    code = forms.CharField(
        label="查询码", max_length=20, help_text="提交时给您的 12 位字母和数字", widget=forms.TextInput()
    )
