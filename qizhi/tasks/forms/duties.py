"""Forms for lists, tasks, what branches did about them, and notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from qizhi.core import clock
from qizhi.core.figures import Figure
from qizhi.core.ids import new_id
from qizhi.org.enums import Role
from qizhi.org.forms.units import DateInput, UnitsField
from qizhi.org.models import Person, Unit
from qizhi.regulations.models import Regulation
from qizhi.tasks.enums import ListKind, Settlement
from qizhi.tasks.forms.people import FindsPeople
from qizhi.tasks.models import Duty
from qizhi.tasks.services.duties import DutyValues
from qizhi.tasks.services.parts import Reference

MOST_LINES = 60
MOST_WORDS = 300
OWNER_ROLES = (
    Role.SECRETARY,
    Role.DEPUTY_SECRETARY,
    Role.BRANCH_COMMITTEE_MEMBER,
    Role.GROUP_LEADER,
    Role.DEPARTMENT_HEAD,
)


class ListForm(forms.Form):
    """A list to write: its head, its branches and its items, one a line."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    issuer = forms.ModelChoiceField(Unit.objects.none(), label="发布组织", empty_label=None)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="类别", choices=ListKind.choices)
    name = forms.CharField(
        label="名称", max_length=80, required=False, help_text="空着则按组织、年度、类别取名"
    )
    lines = forms.CharField(
        label="内容",
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
        help_text="一行一项；期限、责任人和指标保存后逐项填写",
    )
    units = UnitsField()

    def __init__(self, *args: Any, issuers: QuerySet[Unit], units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take who may issue, and the branches there are."""
        super().__init__(*args, **kwargs)
        self.fields["issuer"].queryset = issuers  # type: ignore[attr-defined]
        self.fields["units"].queryset = units  # type: ignore[attr-defined]

    def clean_lines(self) -> str:
        """Short lines, and not too many of them."""
        text: str = self.cleaned_data["lines"]
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"一份清单最多 {MOST_LINES} 项，现在有 {len(lines)} 项。")
        if long := [line for line in lines if len(line) > MOST_WORDS]:
            raise forms.ValidationError(f"每项最多 {MOST_WORDS} 字，请缩短：{long[0][:20]}……")
        return "\n".join(lines)

    @property
    def items(self) -> list[DutyValues]:
        """The lines as items; only after `is_valid`."""
        return [DutyValues(line) for line in self.cleaned_data["lines"].splitlines()]


class ChangeListForm(forms.Form):
    """A list to correct; issuer, year and kind are what it is and stay."""

    name = forms.CharField(label="名称", max_length=80)
    units = UnitsField()

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the branches there are."""
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class IssueListForm(forms.Form):
    """From which day a list is issued."""

    issued_on = forms.DateField(label="印发日期", widget=DateInput())


class _BaseDutyForm(FindsPeople):
    """What is asked, by whom it is done, until when, and the paper it comes from."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    text = forms.CharField(
        label="内容", max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 2, "maxlength": MOST_WORDS})
    )
    due_on = forms.DateField(
        label="完成期限", widget=DateInput(), required=False, help_text="或者填下面两项，按工作日推算"
    )
    start_on = forms.DateField(label="起算日", widget=DateInput(), required=False)
    working_days = forms.IntegerField(
        label="工作日数", min_value=1, max_value=500, required=False, help_text="从起算日的次日数起"
    )
    owner_role = forms.ChoiceField(
        label="责任职务", choices=[("", "—"), *((r.value, r.label) for r in OWNER_ROLES)], required=False
    )
    owner = forms.CharField(
        label="责任人", max_length=60, required=False, help_text="有专人负责的填姓名；重名写 姓名(工号)"
    )

    regulation = forms.ModelChoiceField(
        Regulation.objects.none(), label="依据", required=False, empty_label="—", help_text="来自哪份制度文件"
    )
    provision = forms.CharField(label="条款", max_length=40, required=False, help_text="例如 第三条")

    def __init__(self, *args: Any, regulations: QuerySet[Regulation], **kwargs: Any) -> None:
        """Take the documents to choose from."""
        super().__init__(*args, **kwargs)
        self.fields["regulation"].queryset = regulations  # type: ignore[attr-defined]

    def clean_owner(self) -> Person | None:
        """The person named."""
        return self.found("owner")

    @property
    def values(self) -> DutyValues:
        """What was filled in; only after `is_valid`."""
        known = self.cleaned_data
        return DutyValues(**{name: known[name] for name in DutyValues.__dataclass_fields__ if name in known})


class DutyForm(_BaseDutyForm):
    """An item of a list, which may be counted by a figure."""

    figure = forms.ChoiceField(
        label="对应指标", required=False, help_text="选了指标的项，数字达到后自动记为完成，不用填报"
    )
    target = forms.IntegerField(label="全年至少", min_value=1, required=False)

    def __init__(
        self,
        *args: Any,
        figures: Iterable[Figure],
        is_owed: bool,
        **kwargs: Any,
    ) -> None:
        """Take the figures to choose from; the other two lists count nothing."""
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((one.key, f"{one.label}（{one.measure}）") for one in figures)]
        self.fields["figure"].choices = choices  # type: ignore[attr-defined]
        if not is_owed:
            for name in ("figure", "target", "due_on", "start_on", "working_days"):
                del self.fields[name]


class TaskForm(_BaseDutyForm):
    """A task to split over branches and departments."""

    issuer = forms.ModelChoiceField(Unit.objects.none(), label="布置组织", empty_label=None)
    issued_on = forms.DateField(label="布置日期", widget=DateInput())
    units = UnitsField("承办组织")

    def __init__(self, *args: Any, issuers: QuerySet[Unit], units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take who may ask, and the branches there are."""
        super().__init__(*args, **kwargs)
        self.fields["issuer"].queryset = issuers  # type: ignore[attr-defined]
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class ChangeTaskForm(_BaseDutyForm):
    """A task to correct; who asked stays."""

    issued_on = forms.DateField(label="布置日期", widget=DateInput())
    units = UnitsField("承办组织")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the branches there are."""
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


def filled(duty: Duty) -> dict[str, Any]:
    """What a form of a known item or task starts from."""
    known = {name: getattr(duty, name) for name in DutyValues.__dataclass_fields__}
    owner = f"{duty.owner.name}({duty.owner.staff_no})" if duty.owner else ""
    return {**known, "owner": owner, "id": duty.pk}


class DoneForm(forms.Form):
    """A branch's own word that something is done."""

    on = forms.DateField(label="完成日期", widget=DateInput())
    words = forms.CharField(
        label="怎么办的",
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="可以不填",
    )
    is_unlinked = forms.BooleanField(label="不再关联", required=False)

    def __init__(self, *args: Any, record: str = "", **kwargs: Any) -> None:
        """Take what the record is called that shows it; without one there is nothing to part with."""
        super().__init__(*args, **kwargs)
        if record:
            self.fields["is_unlinked"].label = f"不再关联“{record}”"
        else:
            del self.fields["is_unlinked"]


class ExemptForm(forms.Form):
    """Why a branch need not do it."""

    how = forms.ChoiceField(
        label="情况",
        choices=[(one.value, one.label) for one in (Settlement.NA, Settlement.EXCUSED)],
    )
    on = forms.DateField(label="日期", widget=DateInput())
    words = forms.CharField(label="原因", max_length=MOST_WORDS, required=False)


class ExtendForm(FindsPeople):
    """More time for one branch; an empty day takes it back."""

    until = forms.DateField(label="延期至", widget=DateInput(), required=False, help_text="空着则取消延期")
    because = forms.CharField(label="延期原因", max_length=120, required=False)
    approved_by = forms.CharField(label="批准人", max_length=60, required=False, help_text="姓名")

    def clean_approved_by(self) -> Person | None:
        """The person named."""
        return self.found("approved_by")


class NoteForm(FindsPeople):
    """Something that happened under an item: a good thing, or one to be looked into."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="党支部", empty_label=None)
    person = forms.CharField(label="人员", max_length=60, required=False, help_text="只说支部的不填")
    noted_on = forms.DateField(label="日期", widget=DateInput())
    words = forms.CharField(label="说明", max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}))
    link_label = forms.CharField(label="关联记录名称", max_length=120, required=False)
    link_address = forms.CharField(
        label="关联记录地址",
        max_length=200,
        required=False,
        help_text="打开那条记录，把浏览器里的地址复制到这里",
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the branches that the person may note something for."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_person(self) -> Person | None:
        """The person named."""
        return self.found("person")

    def clean_link_address(self) -> str:
        """The address within this house: of one copied whole from the browser, what stands after the host."""
        typed: str = self.cleaned_data["link_address"]
        parts = urlsplit(typed)
        if parts.scheme not in {"http", "https"}:
            return typed
        try:
            resolve(parts.path)
        except Resolver404:
            return typed
        return parts._replace(scheme="", netloc="").geturl()

    @property
    def facts(self) -> dict[str, Any]:
        """What a service of notes takes; only after `is_valid`."""
        known = self.cleaned_data
        label = known["link_label"] or (known["link_address"] and "记录")
        record = Reference(label, known["link_address"])
        return {**{name: known[name] for name in ("person", "noted_on", "words")}, "record": record}


class BecauseForm(forms.Form):
    """Why something is withdrawn."""

    because = forms.CharField(label="撤回原因", max_length=120)


def today_first(**values: Any) -> dict[str, Any]:
    """What a form about today starts from."""
    return {"on": clock.today(), "noted_on": clock.today(), "issued_on": clock.today(), **values}
