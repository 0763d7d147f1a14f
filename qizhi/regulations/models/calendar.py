"""The papers that make the working calendar; days are inclusive on both ends.

National papers are held once for each bureau, not shared: a bureau confirms and corrects its own copy, and
no office can change what another one is judged by.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from qizhi.core import clock
from qizhi.org.models import BureauRow
from qizhi.regulations.enums import CalendarScope, Confirmation


class CalendarPaper(BureauRow):
    """A notice on holidays and make-up working days; without a national one a year is unknown."""

    scope = models.CharField("层级", max_length=20, choices=CalendarScope, default=CalendarScope.NATIONAL)
    year = models.PositiveSmallIntegerField("年份")
    title = models.CharField("标题", max_length=200)
    doc_no = models.CharField("文号", max_length=60)
    published_on = models.DateField("印发日期", null=True, blank=True)
    confirmed_until = models.DateField("确认至", help_text="这份通知确定到哪一天；一般为当年12月31日")
    notice = models.TextField("放假安排", help_text="通知中关于放假和上班日期的各条")
    confirmation = models.CharField(
        "核对状态", max_length=1, choices=Confirmation, default=Confirmation.RECALLED
    )
    revision = models.PositiveIntegerField("修订次数", default=1)
    updated_at = models.DateTimeField("更新时间", default=clock.now)
    vouches_until: dt.date | None = None
    """How far it settles its year: of half a notice less than it was confirmed to (set by `queries`)."""

    class Meta:
        """A notice once."""

        verbose_name = "放假安排通知"
        ordering: ClassVar = ["year", "published_on", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "scope", "year", "title"], name="regulations_paper_title"
            )
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.title}（{self.doc_no}）"

    def get_absolute_url(self) -> str:
        """The calendar of its year."""
        return f"{reverse('regulations:calendar')}?year={self.year}"


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    """Days of papers."""

    def plain(self) -> models.QuerySet[CalendarDay, tuple[Any, ...]]:
        """Paper, day, worked or not, name: no model instances, since a calendar holds hundreds."""
        return self.values_list("paper_id", "on", "is_working", "name")


class CalendarDay(BureauRow):
    """A day that a paper speaks of; derived from the notice's words by the service, never typed."""

    paper = models.ForeignKey(CalendarPaper, models.CASCADE, verbose_name="通知", related_name="days")
    on = models.DateField("日期")
    is_working = models.BooleanField("上班")
    name = models.CharField("节日", max_length=40, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        """Each day once in a paper."""

        verbose_name = "放假或上班日"
        ordering: ClassVar = ["on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "paper", "on"], name="regulations_day_once")
        ]

    def __str__(self) -> str:
        """The day."""
        return f"{self.on}"


class DayOrdinal(BureauRow):
    """A day whose calendar is known, with the number of working days up to it: overdue is a subtraction.

    Follows from the papers, written by the service that changes them. Also the day before each unbroken
    stretch of known days stands here (`is_working` empty), so that what was due then can be counted from.
    """

    derived_by: ClassVar = "qizhi.regulations.services.ordinals.number_days"

    on = models.DateField("日期")
    is_working = models.BooleanField("上班", null=True)
    ordinal = models.PositiveIntegerField("工作日序号")
    stretch = models.PositiveIntegerField("连续已知段")

    class Meta:
        """Each day once."""

        verbose_name = "工作日序号"
        ordering: ClassVar = ["on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "on"], name="regulations_ordinal_day")
        ]

    def __str__(self) -> str:
        """The day."""
        return f"{self.on}"
