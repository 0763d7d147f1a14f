"""Forms for courses and for what one completed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from qizhi.core import clock
from qizhi.core.ids import new_id
from qizhi.core.inputs import PlainDecimalField
from qizhi.org.forms.units import DateInput
from qizhi.study.models import Course

LEAST, MOST = Decimal("0.5"), Decimal(200)


def _hours(**more: Any) -> PlainDecimalField:
    return PlainDecimalField(
        label="学时", min_value=LEAST, max_value=MOST, max_digits=4, decimal_places=1, **more
    )


class CourseForm(forms.Form):
    """A course to correct."""

    name = forms.CharField(label="课程", max_length=120)
    provider = forms.CharField(
        label="学习平台", max_length=60, required=False, help_text="例如 廉石之光、网上党性培训"
    )
    hours = _hours(required=False, help_text="平台认定的学时；各人不同的空着")
    is_central = forms.BooleanField(
        label="集中培训",
        required=False,
        help_text="上级举办的集中轮训班、培训班；支部书记和委员每年至少参加一次",
    )
    is_active = forms.BooleanField(label="可以选用", required=False, initial=True)


class NewCourseForm(CourseForm):
    """A course to make."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class CourseField(forms.ModelChoiceField[Course]):
    """A course to choose, with its platform."""

    def label_from_instance(self, obj: Course) -> str:
        """The name and the platform."""
        return obj.label


class CompletionForm(forms.Form):
    """What one completed."""

    course = CourseField(Course.objects.none(), label="课程", empty_label="请选择")
    hours = _hours(required=False, help_text="空着则按课程的学时")
    completed_on = forms.DateField(label="完成日期", widget=DateInput())

    def __init__(self, *args: Any, courses: QuerySet[Course], **kwargs: Any) -> None:
        """Take the courses that may be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        self.fields["completed_on"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """The hours written, or those of the course."""
        values: dict[str, Any] = super().clean() or {}
        course = values.get("course")
        if course and not values.get("hours") and "hours" not in self.errors:
            values["hours"] = course.hours
            if not course.hours:
                self.add_error("hours", "这门课程没有固定学时，请填写。")
        return values


class NewCompletionForm(CompletionForm):
    """What one says to have completed."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
