"""Forms for people and their dated changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.org.enums import Gender, LeaveKind, MemberStatus, Rank, Role
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit

FIRST_YEAR, LAST_YEAR = 1930, 2100


class PersonForm(forms.Form):
    """What is kept about a person; nothing else is."""

    staff_no = forms.CharField(label="工号", max_length=20)
    name = forms.CharField(label="姓名", max_length=40)
    gender = forms.ChoiceField(label="性别", choices=[("", "—"), *Gender.choices], required=False)
    birth_year = forms.IntegerField(label="出生年份", min_value=1900, max_value=2100, required=False)
    began_work_on = forms.DateField(
        label="参加工作日期",
        widget=DateInput(),
        required=False,
        help_text="工作年限自这一天起算，年休假按它计算；中断过的填折算后的起算日",
    )
    entered_on = forms.DateField(label="到岗日期", widget=DateInput(), required=False)
    left_on = forms.DateField(label="离岗日期", widget=DateInput(), required=False)

    def clean(self) -> dict[str, Any]:
        """Nobody leaves before arriving."""
        values: dict[str, Any] = super().clean() or {}
        entered, left = values.get("entered_on"), values.get("left_on")
        began = values.get("began_work_on")
        if began and not FIRST_YEAR <= began.year <= LAST_YEAR:
            self.add_error("began_work_on", f"年份应在{FIRST_YEAR}到{LAST_YEAR}之间，请核对。")
        if began and entered and entered < began:
            self.add_error("began_work_on", "参加工作日期晚于到岗日期，请核对。")
        if entered and left and left < entered:
            self.add_error("left_on", "离岗日期早于到岗日期，请核对。")
        return values


class NewPersonForm(PersonForm):
    """A person to add, with a key of their own against double clicks."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class ChangeForm(forms.Form):
    """A dated change; `units` are those the person who asks may choose."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    from_on = forms.DateField(label="自哪一天起", widget=DateInput())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Narrow each choice of a unit to the kinds it is for."""
        super().__init__(*args, **kwargs)
        for name, kinds in getattr(self, "unit_fields", {}).items():
            self.fields[name].queryset = units.filter(kind__in=kinds) if kinds else units  # type: ignore[attr-defined]


class PostForm(ChangeForm):
    """A post."""

    unit_fields: dict[str, tuple[str, ...]] = {"unit": ()}
    unit = forms.ModelChoiceField(Unit.objects.none(), label="组织", empty_label="请选择")
    role = forms.ChoiceField(label="职务类别", choices=Role.choices, help_text="决定登录后能办哪些事")
    title = forms.CharField(label="职务名称", max_length=40, required=False, help_text="如“组织委员”")
    field_order = ("unit", "role", "title", "from_on")


class PlacementForm(ChangeForm):
    """A department."""

    unit_fields: dict[str, tuple[str, ...]] = {"unit": ("department", "bureau")}
    unit = forms.ModelChoiceField(Unit.objects.none(), label="处室", empty_label="请选择")
    field_order = ("unit", "from_on")


class RankForm(ChangeForm):
    """A rank."""

    rank = forms.ChoiceField(label="职级", choices=Rank.choices)
    field_order = ("rank", "from_on")


class MembershipForm(ChangeForm):
    """A branch, a group in it, and the standing."""

    unit_fields: dict[str, tuple[str, ...]] = {"unit": ("branch",), "group": ("group",)}
    unit = forms.ModelChoiceField(Unit.objects.none(), label="党支部", empty_label="请选择")
    group = forms.ModelChoiceField(Unit.objects.none(), label="党小组", required=False, empty_label="不编入")
    status = forms.ChoiceField(label="党员类别", choices=MemberStatus.choices, initial=MemberStatus.FULL)
    field_order = ("unit", "group", "status", "from_on")


class LeaveForm(ChangeForm):
    """Leave that was approved."""

    kind = forms.ChoiceField(label="事由", choices=LeaveKind.choices)
    to_on = forms.DateField(label="最后一天", widget=DateInput(), required=False, help_text="未定可留空")
    note = forms.CharField(label="说明", max_length=100, required=False, help_text="不要写病情等个人情况")
    field_order = ("kind", "from_on", "to_on", "note")


class EndForm(forms.Form):
    """The last day of something."""

    last_day = forms.DateField(label="最后一天", widget=DateInput())


class AccountForm(forms.Form):
    """A log-in for a person."""

    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,60}$",
        label="用户名",
        error_messages={"invalid": "用户名用字母、数字、点、横线，至少两个字符。"},
    )
    password = forms.CharField(
        label="初始密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password(self) -> str:
        """Apply Django's own checks."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
