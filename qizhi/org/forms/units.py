"""Forms for units and for the first start."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet

from qizhi.core import clock
from qizhi.core.ids import new_id
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        """ISO days, which is what the picker sends."""
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class UnitBoxes(forms.CheckboxSelectMultiple):
    """Boxes that know the kind of their unit, so that all of a kind can be ticked at once."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The box of a unit."""
        option = super().create_option(name, value, *args, **kwargs)
        if unit := getattr(value, "instance", None):
            option["attrs"] |= {"data-choose": "", "data-group": unit.get_kind_display()}
        return option


class UnitsField(forms.ModelMultipleChoiceField[Unit]):
    """Units to tick."""

    def __init__(self, label: str = "适用党支部", *, required: bool = False, **kwargs: Any) -> None:
        """Boxes to tick; where none is no mistake of the form, the service says what is wrong with it."""
        super().__init__(Unit.objects.none(), label=label, widget=UnitBoxes(), required=required, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The unit's full name."""
        return str(obj.name)


class UnitForm(forms.Form):
    """A unit to found."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    kind = forms.ChoiceField(label="类别", choices=UnitKind.choices, initial=UnitKind.BRANCH)
    name = forms.CharField(label="名称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    parent = forms.ModelChoiceField(Unit.objects.none(), label="上级", empty_label="请选择")
    from_on = forms.DateField(label="成立日期", widget=DateInput())
    code = forms.SlugField(
        label="代码",
        max_length=20,
        required=False,
        help_text="表格用它认出同名的组织，例如 z14；不填由系统编，确定后不再改",
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the units that may be parents."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]


class RenameForm(forms.Form):
    """A unit to correct."""

    name = forms.CharField(label="名称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    parent = forms.ModelChoiceField(
        Unit.objects.none(),
        label="上级",
        required=False,
        empty_label=None,
        help_text="只记当前的上级；改了以后，查看权限和汇总立即按新的上级",
    )
    from_on = forms.DateField(label="成立日期", widget=DateInput())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the units under which it may hang."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """A unit to close or merge."""

    last_day = forms.DateField(label="最后一天", widget=DateInput(), help_text="此后一天起不再存在")
    successor = forms.ModelChoiceField(
        Unit.objects.none(),
        label="并入",
        required=False,
        empty_label="不并入",
        help_text="人员、党小组和其他下级组织从次日起转入；里面没有人员和下级组织时可不选",
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the units that may take the people over."""
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = units  # type: ignore[attr-defined]


def _prefix(hint: str) -> forms.RegexField:
    """The characters with which the bureau's document numbers begin."""
    return forms.RegexField(
        r"^[\u4e00-\u9fff]{1,10}$",
        label="发文字号代字",
        required=False,
        help_text=f"例如“某检党”，文号会是“某检党〔2026〕1号”；{hint}",
        error_messages={"invalid": "代字只能用汉字，最多十个字。"},
    )


class BureauForm(forms.Form):
    """The bureau itself: its names, what stands at the head of its papers, and since when it is on record."""

    name = forms.CharField(label="单位全称", max_length=80, help_text="公文署名用全称")
    short_name = forms.CharField(label="单位简称", max_length=40, help_text="显示在每一页的左上角")
    mark = forms.CharField(
        label="发文机关标志",
        max_length=100,
        required=False,
        help_text="红头文字，例如“某某局党组文件”；留空就用单位全称",
    )
    doc_prefix = _prefix("留空则每次出文手填字号")
    from_on = forms.DateField(
        label="从哪一天开始记录",
        widget=DateInput(),
        help_text="此前的日期不能登记活动；要补录以前的，可以提前，同一天成立的组织一起提前",
    )


class FirstStartForm(forms.Form):
    """The first-run page: the bureau and its first officer."""

    name = forms.CharField(label="单位全称", max_length=80, help_text="用于公文红头，例如“某某局”")
    short_name = forms.CharField(label="单位简称", max_length=40)
    doc_prefix = _prefix("可以以后在“组织—单位信息”里再填")
    founded_on = forms.DateField(
        label="从哪一天开始记录", widget=DateInput(), help_text="此前的日期不能登记活动"
    )
    officer_name = forms.CharField(label="第一位管理人员（政工处）姓名", max_length=40)
    staff_no = forms.CharField(label="工号", max_length=20)
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,60}$",
        label="登录用户名",
        error_messages={"invalid": "用户名用字母、数字、点、横线，至少两个字符。"},
    )
    password = forms.CharField(
        label="密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少八位，不能太常见",
    )

    def clean_password(self) -> str:
        """Apply Django's own checks."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean_founded_on(self) -> Any:
        """No bureau begins in the future."""
        day = self.cleaned_data["founded_on"]
        if day > clock.today():
            message = "开始日期在今天之后，请核对。"
            raise forms.ValidationError(message)
        return day
