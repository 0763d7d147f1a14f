"""What we owe: plans and their items."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.org.models import BureauRow, Person, Unit
from qizhi.tasks.enums import STUDY_PURPOSES, Deed, Purpose


class Plan(BureauRow):
    """A unit's plan for a year."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="组织", related_name="plans")
    year = models.PositiveSmallIntegerField("年度")
    purpose = models.CharField("类别", max_length=20, choices=Purpose)
    name = models.CharField("名称", max_length=80)
    adopted_on = models.DateField("通过日期", null=True, blank=True)

    class Meta:
        """One plan for a purpose, unit and year."""

        verbose_name = "计划"
        ordering: ClassVar = ["-year", "purpose"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "unit", "year", "purpose"], name="tasks_plan_once")
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "year", "purpose"], name="tasks_plan_year")]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tasks:plan", args=[self.pk])

    @property
    def is_study(self) -> bool:
        """Whether gatherings carry it out."""
        return self.purpose in STUDY_PURPOSES


class PlanItem(BureauRow):
    """A month's topic in a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="计划", related_name="items")
    month = models.PositiveSmallIntegerField("月份")
    position = models.PositiveSmallIntegerField("序号", default=1)
    topic = models.CharField("内容", max_length=200)
    lead = models.ForeignKey(
        Person, models.PROTECT, verbose_name="牵头人", null=True, blank=True, related_name="+"
    )
    ledger = models.CharField(
        "对应台账", max_length=20, blank=True, help_text="哪类活动可视为完成，例如中心组集中学习"
    )
    cancelled_because = models.CharField("取消原因", max_length=120, blank=True)

    class Meta:
        """In order of the year."""

        verbose_name = "计划项"
        ordering: ClassVar = ["month", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "plan", "month", "position"], name="tasks_planitem_once"
            ),
            models.CheckConstraint(condition=models.Q(month__range=(1, 12)), name="tasks_planitem_month"),
        ]

    def __str__(self) -> str:
        """The topic."""
        return self.topic

    @property
    def ledger_label(self) -> str:
        """The deed that carries it out, in words; empty when none is named."""
        return str(Deed(self.ledger).label) if self.ledger in Deed else self.ledger
