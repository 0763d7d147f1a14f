"""What we owe: plans and their items; lists and tasks, split over the branches that are asked."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from qizhi.org.enums import Role
from qizhi.org.models import BureauRow, Person, Unit
from qizhi.regulations.models import Regulation
from qizhi.tasks.enums import STUDY_PURPOSES, Deed, ListKind, Purpose, Settlement


class Plan(BureauRow):
    """A unit's plan for a year."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="组织", related_name="plans")
    year = models.PositiveSmallIntegerField("年度")
    purpose = models.CharField("类别", max_length=20, choices=Purpose)
    name = models.CharField("名称", max_length=80)
    adopted_on = models.DateField("通过日期", null=True, blank=True)

    years_by: ClassVar = "year"

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


class DutyList(BureauRow):
    """A list for a year: what is asked of branches, what is encouraged, or what must not be."""

    issuer = models.ForeignKey(Unit, models.PROTECT, verbose_name="发布组织", related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("类别", max_length=20, choices=ListKind)
    name = models.CharField("名称", max_length=80)
    issued_on = models.DateField("印发日期", null=True, blank=True, help_text="印发前各支部看不到")

    years_by: ClassVar = "year"

    class Meta:
        """One list of a kind, issuer and year."""

        verbose_name = "清单"
        ordering: ClassVar = ["-year", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "issuer", "year", "kind"], name="tasks_list_once")
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "year", "kind"], name="tasks_list_year")]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tasks:duty_list", args=[self.pk])

    @property
    def is_owed(self) -> bool:
        """Whether its items are done or missing; the other two lists only note what happened."""
        return self.kind == ListKind.RESPONSIBILITY


class Duty(BureauRow):
    """Something asked of several branches at once: an item of a list, or a task of its own."""

    issuer = models.ForeignKey(Unit, models.PROTECT, verbose_name="布置组织", related_name="+")
    duty_list = models.ForeignKey(
        DutyList, models.CASCADE, verbose_name="清单", null=True, blank=True, related_name="duties"
    )
    year = models.PositiveSmallIntegerField("年度")
    position = models.PositiveSmallIntegerField("序号", default=1)
    text = models.CharField("内容", max_length=300)
    regulation = models.ForeignKey(
        Regulation, models.PROTECT, verbose_name="依据", null=True, blank=True, related_name="+"
    )
    provision = models.CharField("条款", max_length=40, blank=True, help_text="例如 第三条")
    owner_role = models.CharField("责任职务", max_length=30, choices=Role, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name="责任人", null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("完成期限", null=True, blank=True)
    start_on = models.DateField("起算日", null=True, blank=True)
    working_days = models.PositiveSmallIntegerField("工作日数", null=True, blank=True)
    figure = models.CharField("对应指标", max_length=80, blank=True)
    target = models.PositiveIntegerField("至少", null=True, blank=True)
    issued_on = models.DateField("布置日期", null=True, blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_because = models.CharField("撤回原因", max_length=120, blank=True)

    years_by: ClassVar = "year"

    class Meta:
        """A date or working days, never both; a figure goes with its number; no withdrawal without a word."""

        verbose_name = "清单项与任务"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(due_on=None) | models.Q(working_days=None), name="tasks_duty_one_due"
            ),
            models.CheckConstraint(
                condition=models.Q(working_days=None, start_on=None)
                | models.Q(working_days__isnull=False, start_on__isnull=False),
                name="tasks_duty_working_days",
            ),
            models.CheckConstraint(
                condition=models.Q(figure="", target=None)
                | models.Q(figure__gt="", target__isnull=False, target__gte=1),
                name="tasks_duty_target",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on=None, withdrawn_because="")
                | models.Q(withdrawn_on__isnull=False, withdrawn_because__gt=""),
                name="tasks_duty_withdrawn",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "year"], name="tasks_duty_year")]

    def __str__(self) -> str:
        """What is asked."""
        return self.text

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tasks:duty", args=[self.pk])

    @property
    def is_owed(self) -> bool:
        """Whether it is done or missing."""
        return self.duty_list is None or self.duty_list.is_owed

    @property
    def owner_label(self) -> str:
        """Who is responsible: a person, a post, or the branch as a whole."""
        return str(self.owner) if self.owner else self.get_owner_role_display()

    @property
    def source_label(self) -> str:
        """The list it stands in; a task stands by itself."""
        return str(self.duty_list) if self.duty_list else "布置的任务"


class DutyPartQuerySet(models.QuerySet["DutyPart"]):
    """Parts as one asks for them."""

    def standing(self, day: dt.date) -> Self:
        """Parts of what is issued and not withdrawn on the day."""
        issued = models.Q(duty__duty_list=None, duty__issued_on__lte=day)
        issued |= models.Q(duty__duty_list__issued_on__lte=day)
        withdrawn = models.Q(duty__withdrawn_on__lte=day)
        return self.filter(issued).exclude(withdrawn)

    def owed(self) -> Self:
        """Parts that are done or missing: of tasks and of responsibility lists."""
        return self.filter(
            models.Q(duty__duty_list=None) | models.Q(duty__duty_list__kind=ListKind.RESPONSIBILITY)
        )


class DutyPart(BureauRow):
    """What one branch has to do of it, and what it said: done (with a record or a word), or why not."""

    duty = models.ForeignKey(Duty, models.CASCADE, verbose_name="事项", related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="组织", related_name="+")
    settled_as = models.CharField("办理情况", max_length=10, choices=Settlement, blank=True)
    settled_on = models.DateField("办理日期", null=True, blank=True)
    words = models.CharField("说明", max_length=300, blank=True)
    link_label = models.CharField("关联记录", max_length=120, blank=True)
    link_address = models.CharField("记录地址", max_length=200, blank=True)
    extended_to = models.DateField("延期至", null=True, blank=True)
    extended_because = models.CharField("延期原因", max_length=120, blank=True)
    approved_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="批准人", null=True, blank=True, related_name="+"
    )

    objects = DutyPartQuerySet.as_manager()

    class Meta:
        """One part a branch; what was said has its day, an extension its approval."""

        verbose_name = "支部办理情况"
        ordering: ClassVar = ["duty", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "duty", "unit"], name="tasks_part_once"),
            models.CheckConstraint(
                condition=models.Q(settled_as="", settled_on=None)
                | models.Q(settled_as__gt="", settled_on__isnull=False),
                name="tasks_part_settled",
            ),
            models.CheckConstraint(
                condition=models.Q(extended_to=None, approved_by=None)
                | models.Q(extended_to__isnull=False, approved_by__isnull=False),
                name="tasks_part_extended",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "unit"], name="tasks_part_unit")]

    def __str__(self) -> str:
        """Who, what."""
        return f"{self.unit}：{self.duty}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tasks:part", args=[self.pk])


class DutyNote(BureauRow):
    """Something that happened under an item of the incentive or the negative list.

    Under the negative list it says that something is to be looked into, nothing more: it decides nothing
    and takes nothing away.
    """

    duty = models.ForeignKey(Duty, models.CASCADE, verbose_name="清单项", related_name="notes")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="组织", related_name="+")
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="人员", null=True, blank=True, related_name="+"
    )
    noted_on = models.DateField("日期")
    words = models.CharField("说明", max_length=300)
    link_label = models.CharField("关联记录", max_length=120, blank=True)
    link_address = models.CharField("记录地址", max_length=200, blank=True)
    withdrawn_because = models.CharField("撤回原因", max_length=120, blank=True)

    class Meta:
        """Newest first."""

        verbose_name = "清单记事"
        ordering: ClassVar = ["-noted_on"]
        indexes: ClassVar = [models.Index(fields=["bureau", "unit", "noted_on"], name="tasks_note_unit")]

    def __str__(self) -> str:
        """The words."""
        return self.words
