"""Forms for contacts, talks and working methods."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.branch_life.enums import Conclusion, ContactKind
from qizhi.core.ids import new_id
from qizhi.gatherings.forms.fields import MonthField
from qizhi.gatherings.models import Gathering
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person, Unit
from qizhi.regulations.rules.due_days import WEEKDAYS


class ChangeMethodForm(forms.Form):
    """A method to correct."""

    name = forms.CharField(label="名称", max_length=60, help_text="例如“五有工作法”")
    elements = forms.CharField(
        label="要素",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一个要素；没有写明的不要编造",
    )
    from_on = forms.DateField(label="自哪一天起施行", widget=DateInput())


class MethodForm(ChangeMethodForm):
    """A method to register."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="党支部", empty_label=None)
    field_order = ("unit", "name", "elements", "from_on")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the branches for which the person may register methods."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day on which a method is followed."""

    last_day = forms.DateField(
        label="最后一天", widget=DateInput(), required=False, help_text="留空表示继续施行"
    )


class ReviewForm(forms.Form):
    """A yearly review of a method."""

    reviewed_on = forms.DateField(label="评议日期", widget=DateInput())
    conclusion = forms.ChoiceField(
        label="结论", choices=Conclusion.choices, help_text="“停止”的，工作法施行到评议当天"
    )


class UseForm(forms.Form):
    """A gathering that put a method into practice."""

    gathering = forms.ModelChoiceField(
        Gathering.objects.none(),
        label="活动",
        error_messages={
            "required": "请先选择一次活动。",
            "invalid_choice": "这次活动已撤销，或不是本支部在施行期间的活动，请另选一次。",
        },
    )

    def __init__(self, *args: Any, gatherings: QuerySet[Gathering], **kwargs: Any) -> None:
        """Take the gatherings that may be named."""
        super().__init__(*args, **kwargs)
        self.fields["gathering"].queryset = gatherings  # type: ignore[attr-defined]


_WHEN = (
    ("", "请选择"),
    *((f"last_weekday_of_month:{key}", f"每月最后一个{label}") for key, label in WEEKDAYS.items()),
    *((f"fixed_day_of_month:{day}", f"每月{day}日") for day in range(1, 32)),
)


class ChangeThemeDayForm(forms.Form):
    """The day of a branch to correct."""

    day_rule = forms.ChoiceField(label="每月哪一天", choices=_WHEN)
    from_on = MonthField(label="自哪个月起", help_text="写成 2018-01 或 2018年1月")
    to_on = MonthField(label="至哪个月", required=False, help_text="留空表示至今；改日子的，先给原来的填上")


class ThemeDayForm(ChangeThemeDayForm):
    """The day of a branch to register."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="党支部", empty_label=None)
    field_order = ("id", "unit")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take the branches for which the person may register it."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ChangeContactForm(forms.Form):
    """A contact to correct or to end."""

    from_on = forms.DateField(label="自哪一天起", widget=DateInput())
    to_on = forms.DateField(
        label="最后一天", widget=DateInput(), required=False, help_text="留空表示至今仍在联系"
    )
    visits_a_year = forms.IntegerField(
        label="每年计划旁听次数", min_value=1, max_value=99, required=False, help_text="计划没有写明的留空"
    )


class ContactForm(forms.Form):
    """Contacts to add: a person and one or several branches."""

    kind = forms.ChoiceField(
        label="类别", choices=ContactKind.choices, help_text="联系旁听：机关党委委员；一岗双责：分管领导"
    )
    person = forms.ModelChoiceField(Person.objects.none(), label="联系人", empty_label="请选择")
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="党支部", widget=forms.CheckboxSelectMultiple, help_text="可同时选几个"
    )
    from_on = forms.DateField(label="自哪一天起", widget=DateInput())
    visits_a_year = forms.IntegerField(
        label="每年计划旁听次数", min_value=1, max_value=99, required=False, help_text="计划没有写明的留空"
    )

    def __init__(self, *args: Any, people: QuerySet[Person], units: QuerySet[Unit], **kwargs: Any) -> None:
        """Take who may be a contact person, and for which branches."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class _TalkForm(forms.Form):
    """When the talk was, and one of the two."""

    held_on = forms.DateField(label="日期", widget=DateInput())
    is_month_only = forms.BooleanField(
        label="只记得月份", required=False, help_text="勾选后只保留上面日期的年和月"
    )
    one = forms.ChoiceField(label="谈话人", choices=[])

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        """Take the members of the branch."""
        super().__init__(*args, **kwargs)
        self._people = {str(person.pk): person for person in people}
        names = [person.name for person in self._people.values()]
        self._choices = [
            (key, f"{one.name}({one.staff_no})" if names.count(one.name) > 1 else one.name)
            for key, one in self._people.items()
        ]
        self.fields["one"].choices = [("", "请选择"), *self._choices]  # type: ignore[attr-defined]

    def clean_one(self) -> Person:
        """The person."""
        return self._people[self.cleaned_data["one"]]


class TalksForm(_TalkForm):
    """Talks of one person with one or several others, on one day or in one month."""

    others = forms.MultipleChoiceField(
        label="谈话对象",
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        help_text="同一天同几个人谈的，一起勾选；只记谁和谁、哪一天，谈了什么不记",
        error_messages={"required": "请至少勾选一位谈话对象。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer everybody as the other one, too."""
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = self._choices  # type: ignore[attr-defined]

    def clean_others(self) -> list[Person]:
        """The people."""
        return [self._people[key] for key in self.cleaned_data["others"]]


class CorrectTalkForm(_TalkForm):
    """A talk to correct."""

    other = forms.ChoiceField(label="谈话对象", choices=[])
    field_order = ("one", "other", "held_on", "is_month_only")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer everybody as the other one, too."""
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = self._choices  # type: ignore[attr-defined]

    def clean_other(self) -> Person:
        """The person."""
        return self._people[self.cleaned_data["other"]]
