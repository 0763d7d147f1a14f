"""Courses that people complete outside gatherings: what is learnt together is derived from the roll."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from qizhi.org.models import BureauRow, Person
from qizhi.study.enums import Origin


class Course(BureauRow):
    """A course of a learning platform or a school; how long somebody looked at a screen is nowhere kept."""

    name = models.CharField("课程", max_length=120)
    provider = models.CharField("学习平台", max_length=60, blank=True)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1, null=True, blank=True)
    is_central = models.BooleanField("集中培训", default=False, help_text="上级举办的集中轮训班、培训班")
    is_active = models.BooleanField("可以选用", default=True)

    class Meta:
        """One platform has one course of a name; another may have one too."""

        verbose_name = "课程"
        ordering: ClassVar = ["provider", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "provider", "name"], name="study_course_of_provider"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def label(self) -> str:
        """The name with the platform, which tells courses of one name apart."""
        return f"{self.name}（{self.provider}）" if self.provider else self.name


class Completion(BureauRow):
    """That a person completed a course, with the hours that it is worth."""

    course = models.ForeignKey(Course, models.PROTECT, verbose_name="课程", related_name="completions")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="人员", related_name="completions")
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1)
    completed_on = models.DateField("完成日期")
    origin = models.CharField("来源", max_length=10, choices=Origin, default=Origin.IMPORTED)

    years_by: ClassVar = "completed_on"

    class Meta:
        """Once a day."""

        verbose_name = "课程完成记录"
        ordering: ClassVar = ["-completed_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "person", "course", "completed_on"], name="study_completion_once"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="study_completion_hours"),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "completed_on"], name="study_completion_day")]

    def __str__(self) -> str:
        """The course."""
        return str(self.course)

    def get_absolute_url(self) -> str:
        """The hours of the person in that year."""
        return f"{reverse('study:hours_person', args=[self.person_id])}?year={self.completed_on.year}"
