"""How branches work: contacts, talks, working methods. What is due and missing is derived, never stored."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.branch_life.enums import Conclusion, ContactKind
from qizhi.core import periods
from qizhi.core.periods import Period
from qizhi.gatherings.models import Gathering
from qizhi.org.models import BureauRow, DatedRow, Person, Unit
from qizhi.regulations.rules import parse_due_rule


class WorkingMethod(DatedRow):
    """A branch's own working method (支部工作法), active from one day to another."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="working_methods")
    name = models.CharField("名称", max_length=60)

    class Meta(DatedRow.Meta):
        """Names are unique in a branch."""

        verbose_name = "支部工作法"
        ordering: ClassVar = ["from_on"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["bureau", "unit", "name"], name="branch_life_method_once"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("branch_life:method", args=[self.pk])

    @property
    def ends_on(self) -> dt.date | None:
        """The last day on which it was followed: of the method or of its branch; None while it goes on."""
        return min(filter(None, (self.to_on, self.unit.to_on)), default=None)

    def is_active_in(self, period: Period) -> bool:
        """Whether it was followed on at least one of the days."""
        return self.from_on <= period.end and (self.ends_on is None or period.start <= self.ends_on)


class MethodElement(BureauRow):
    """One of the elements of a working method, in its place; what no source says is left out."""

    method = models.ForeignKey(
        WorkingMethod, models.CASCADE, verbose_name="支部工作法", related_name="elements"
    )
    position = models.PositiveSmallIntegerField("序号")
    text = models.TextField("要素")

    class Meta:
        """One element for each place."""

        verbose_name = "支部工作法要素"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "method", "position"], name="branch_life_element_position"
            )
        ]

    def __str__(self) -> str:
        """The element."""
        return self.text


class MethodReview(BureauRow):
    """That a branch looked at its working method, and what it came to."""

    method = models.ForeignKey(
        WorkingMethod, models.CASCADE, verbose_name="支部工作法", related_name="reviews"
    )
    reviewed_on = models.DateField("评议日期")
    conclusion = models.CharField("结论", max_length=10, choices=Conclusion)

    class Meta:
        """One review a day."""

        verbose_name = "支部工作法评议"
        ordering: ClassVar = ["-reviewed_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "method", "reviewed_on"], name="branch_life_review_day")
        ]

    def __str__(self) -> str:
        """The conclusion."""
        return self.get_conclusion_display()


class MethodUse(BureauRow):
    """That a gathering put a working method into practice."""

    method = models.ForeignKey(WorkingMethod, models.CASCADE, verbose_name="支部工作法", related_name="uses")
    gathering = models.ForeignKey(Gathering, models.CASCADE, verbose_name="活动", related_name="method_uses")

    class Meta:
        """Each gathering once for a method."""

        verbose_name = "支部工作法的活动"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "method", "gathering"], name="branch_life_use_once")
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "gathering"], name="branch_life_use_gathering")]

    def __str__(self) -> str:
        """Both keys."""
        return f"{self.method_id} {self.gathering_id}"


class Contact(DatedRow):
    """Whose branch it is to visit: a committee member's contact point, or a leader's second duty.

    Visits are no rows of their own: they are the auditors of gatherings.
    """

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="联系人", related_name="contacts")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="contacts")
    kind = models.CharField("类别", max_length=10, choices=ContactKind, default=ContactKind.CONTACT)
    visits_a_year = models.PositiveSmallIntegerField(
        "每年计划旁听次数", null=True, blank=True, help_text="计划没有写明次数的留空"
    )

    class Meta(DatedRow.Meta):
        """Found by branch and by person."""

        verbose_name = "联系点"
        ordering: ClassVar = ["from_on"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["bureau", "person", "unit", "kind", "from_on"], name="branch_life_contact_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "unit", "from_on"], name="branch_life_contact_unit")
        ]

    def __str__(self) -> str:
        """Who, where."""
        return f"{self.person} → {self.unit}"


class ThemeDay(DatedRow):
    """On which day of the month a branch holds its theme day, for whole months (BR-09: 相对固定1天).

    Where a clause lets branches fix their own day, it is judged by this one.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="theme_days")
    day_rule = models.CharField("日期规则", max_length=60)

    class Meta(DatedRow.Meta):
        """One in a month for each branch (trigger)."""

        verbose_name = "固定活动日"
        ordering: ClassVar = ["from_on"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["bureau", "unit", "from_on"], name="branch_life_theme_day_once"),
        ]

    def __str__(self) -> str:
        """Which branch, which day."""
        return f"{self.unit}{self.label}"

    def get_absolute_url(self) -> str:
        """The page on which it is corrected."""
        return reverse("branch_life:theme_day_edit", args=[self.pk])

    @property
    def label(self) -> str:
        """The day in words: 每月15日."""
        return parse_due_rule(self.day_rule).label


class TalkQuerySet(models.QuerySet["Talk"]):
    """Questions asked of talks."""

    def held(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def between(self, period: Period) -> Self:
        """Of the period."""
        return self.filter(held_on__range=(period.start, period.end))


class Talk(BureauRow):
    """That two people had a talk (谈心谈话), and when.

    No column can hold a word of what was said, nor why a row was withdrawn: the log says who and when.
    A talk known only to the month is kept on the first of it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="talks")
    held_on = models.DateField("日期")
    is_month_only = models.BooleanField("仅知月份", default=False)
    one = models.ForeignKey(Person, models.PROTECT, verbose_name="谈话人", related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, verbose_name="谈话对象", related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = TalkQuerySet.as_manager()

    years_by: ClassVar = "held_on"

    class Meta:
        """The same two once a day, whoever is named first: the service puts the lower key first."""

        verbose_name = "谈心谈话"
        ordering: ClassVar = ["-held_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="branch_life_talk_two"),
            models.UniqueConstraint(
                fields=["bureau", "one", "other", "held_on", "is_month_only"], name="branch_life_talk_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "unit", "held_on"], name="branch_life_talk_unit"),
            models.Index(fields=["bureau", "one", "held_on"], name="branch_life_talk_one"),
            models.Index(fields=["bureau", "other", "held_on"], name="branch_life_talk_other"),
        ]

    def __str__(self) -> str:
        """Who with whom, when."""
        return f"{self.one}、{self.other} {self.day_label}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("branch_life:talk", args=[self.pk])

    @property
    def day_label(self) -> str:
        """The day as far as it is known."""
        if self.is_month_only:
            return f"{self.held_on.year}年{self.held_on.month}月"
        return periods.say_day(self.held_on)

    @property
    def last_day(self) -> dt.date:
        """The last day on which it can have been."""
        return periods.month_of(self.held_on).end if self.is_month_only else self.held_on
