"""Forms for people and their dated changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.core.periods import say_day
from qizhi.org.enums import Gender, LeaveKind, MemberStatus, Rank, Role
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Unit
from qizhi.org.services.accounts import new_password

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


class UnitChoice(forms.ModelChoiceField[Unit]):
    """A unit to choose: a group with its branch before it, a closed one with its last day."""

    def __init__(self, label: str, *, empty_label: str = "请选择", required: bool = True) -> None:
        """Nothing to choose yet; the form takes the units."""
        super().__init__(Unit.objects.none(), label=label, empty_label=empty_label, required=required)

    def label_from_instance(self, obj: Unit) -> str:
        """What its line says."""
        return f"{obj.full_label}（{say_day(obj.to_on)}撤销）" if obj.to_on else obj.full_label


class ChangeForm(forms.Form):
    """A dated change; `units` are those the person who asks may choose."""

    id: forms.UUIDField | None = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    from_on = forms.DateField(label="自哪一天起", widget=DateInput())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Narrow each choice of a unit to the kinds it is for."""
        super().__init__(*args, **kwargs)
        for name, kinds in getattr(self, "unit_fields", {}).items():
            chosen = units.filter(kind__in=kinds) if kinds else units
            self.fields[name].queryset = chosen.select_related("parent")  # type: ignore[attr-defined]


class PostForm(ChangeForm):
    """A post."""

    unit_fields: dict[str, tuple[str, ...]] = {"unit": ()}
    unit = UnitChoice("组织")
    role = forms.ChoiceField(label="职务类别", choices=Role.choices, help_text="决定登录后能办哪些事")
    title = forms.CharField(label="职务名称", max_length=40, required=False, help_text="如“组织委员”")
    field_order: Sequence[str] = ("unit", "role", "title", "from_on")


class PlacementForm(ChangeForm):
    """A department."""

    unit_fields: dict[str, tuple[str, ...]] = {"unit": ("department", "bureau")}
    unit = UnitChoice("处室")
    field_order: Sequence[str] = ("unit", "from_on")


class RankForm(ChangeForm):
    """A rank."""

    rank = forms.ChoiceField(label="职级", choices=Rank.choices)
    field_order: Sequence[str] = ("rank", "from_on")


class MembershipForm(ChangeForm):
    """A branch, a group in it, and the standing."""

    unit_fields: dict[str, tuple[str, ...]] = {"unit": ("branch",), "group": ("group",)}
    unit = UnitChoice("党支部")
    group = UnitChoice("党小组", empty_label="不编入", required=False)
    status = forms.ChoiceField(label="党员类别", choices=MemberStatus.choices, initial=MemberStatus.FULL)
    field_order: Sequence[str] = ("unit", "group", "status", "from_on")

    def clean(self) -> dict[str, Any]:
        """Who goes to another branch leaves the group in which the form began."""
        values: dict[str, Any] = super().clean() or {}
        unit, group = values.get("unit"), values.get("group")
        if unit and group and group.parent_id != unit.pk and group.pk == self.initial.get("group"):
            values["group"] = None
        return values


class LeaveForm(ChangeForm):
    """Leave that was approved."""

    kind = forms.ChoiceField(label="事由", choices=LeaveKind.choices)
    to_on = forms.DateField(label="最后一天", widget=DateInput(), required=False, help_text="未定可留空")
    note = forms.CharField(label="说明", max_length=100, required=False, help_text="不要写病情等个人情况")
    field_order: Sequence[str] = ("kind", "from_on", "to_on", "note")


class _CorrectionForm(ChangeForm):
    """What was entered about a row, to be corrected: it has a last day as well, and no key of its own."""

    id = None
    to_on = forms.DateField(label="最后一天", widget=DateInput(), required=False, help_text="至今的留空")


class _LinkForm(_CorrectionForm):
    """A row of a chain, in which one follows another without a gap."""

    is_joined = forms.BooleanField(
        label="紧挨着的前一条、后一条跟着改，中间不留空、不重叠", required=False, initial=True
    )


class CorrectPostForm(_CorrectionForm, PostForm):
    """A post that was entered wrongly."""

    field_order: Sequence[str] = ("unit", "role", "title", "from_on", "to_on")


class CorrectPlacementForm(_LinkForm, PlacementForm):
    """A department that was entered wrongly."""

    field_order: Sequence[str] = ("unit", "from_on", "to_on", "is_joined")


class CorrectRankForm(_LinkForm, RankForm):
    """A rank that was entered wrongly."""

    field_order: Sequence[str] = ("rank", "from_on", "to_on", "is_joined")


class CorrectMembershipForm(_LinkForm, MembershipForm):
    """A membership that was entered wrongly."""

    field_order: Sequence[str] = ("unit", "group", "status", "from_on", "to_on", "is_joined")


class CorrectLeaveForm(_CorrectionForm, LeaveForm):
    """Leave that was entered wrongly."""

    field_order: Sequence[str] = ("kind", "from_on", "to_on", "note")


class RemoveRowForm(forms.Form):
    """Why a row goes that was entered by mistake."""

    because = forms.CharField(
        label="为什么删除",
        max_length=200,
        help_text="例如“登记到别人名下”“重复登记”；会和删去的内容一起留在变更记录里",
    )
    is_joined = forms.BooleanField(label="前一条接续下去", required=False, initial=True)

    def __init__(self, *args: Any, former: str = "", **kwargs: Any) -> None:
        """Take the words for the row before, which can go on where there is one."""
        super().__init__(*args, **kwargs)
        if former:
            self.fields["is_joined"].label = f"前一条（{former}）接续到这一条的最后一天"
        else:
            del self.fields["is_joined"]


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


class ResetPasswordForm(forms.Form):
    """A password to begin with; it travels in the form, so that a double click shows the same one."""

    password = forms.CharField(widget=forms.HiddenInput, initial=new_password, max_length=40)

    def clean_password(self) -> str:
        """Apply Django's own checks."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
