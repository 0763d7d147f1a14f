"""Status registers: that something was done and when, never what it says."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.conduct.enums import CheckKind, CheckReason, CheckResult, ReportKind, RiskLevel
from qizhi.gatherings.models import Gathering
from qizhi.org.models import BureauRow, DatedRow, Person, Unit
from qizhi.tasks.models import Duty


class MatterReport(BureauRow):
    """That a leading cadre handed in a report of personal matters; nothing of what stands in it."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="报告人", related_name="+")
    kind = models.CharField("类别", max_length=20, choices=ReportKind, default=ReportKind.ANNUAL)
    year = models.PositiveSmallIntegerField("年度")
    happened_on = models.DateField("变化日期", null=True, blank=True)
    due_on = models.DateField("应报日期")
    handed_in_on = models.DateField("报告日期", null=True, blank=True)
    received_by_label = models.CharField("收件人", max_length=100, blank=True)

    years_by: ClassVar = "year"

    class Meta:
        """One yearly report a year; a change is known by its day."""

        verbose_name = "个人有关事项报告登记"
        ordering: ClassVar = ["-year", "due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "person", "year"],
                condition=Q(kind=ReportKind.ANNUAL),
                name="conduct_report_once_a_year",
            )
        ]

    def __str__(self) -> str:
        """Who, which year."""
        return f"{self.person} {self.year}年{self.get_kind_display().removeprefix('年')}"


class PaperCheck(BureauRow):
    """That somebody's report or file was verified, why, and the code of the result."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="核查对象", related_name="+")
    kind = models.CharField("核查内容", max_length=20, choices=CheckKind)
    reason = models.CharField("核查原因", max_length=20, choices=CheckReason)
    year = models.PositiveSmallIntegerField("年度")
    drawn_on = models.DateField("确定日期")
    draw = models.CharField(
        "抽取办法", max_length=200, blank=True, help_text="总体、比例、口令：可以重新抽出"
    )
    result = models.CharField("结果", max_length=20, choices=CheckResult, blank=True)
    checked_on = models.DateField("核查日期", null=True, blank=True)
    approved_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="审批人", related_name="+", null=True, blank=True
    )

    years_by: ClassVar = "year"

    class Meta:
        """Each once a day for each reason: who was drawn at random may be proposed for promotion as well."""

        verbose_name = "核查登记"
        ordering: ClassVar = ["-drawn_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "person", "kind", "reason", "drawn_on"], name="conduct_check_once"
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(checked_on__isnull=False), name="conduct_check_day"
            ),
            # Who is checked does not approve it; a result has somebody who did.
            models.CheckConstraint(condition=~Q(approved_by=F("person")), name="conduct_check_other_person"),
            models.CheckConstraint(
                condition=Q(result="") | Q(approved_by__isnull=False), name="conduct_check_approved"
            ),
        ]

    def __str__(self) -> str:
        """Who, what."""
        return f"{self.person} {self.get_kind_display()}"


class Liaison(DatedRow):
    """Somebody who keeps watch on risks in a department (廉政风险防控联络员)."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="联络员", related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="处室", related_name="+")

    class Meta(DatedRow.Meta):
        """By department."""

        verbose_name = "廉政风险防控联络员"
        ordering: ClassVar = ["unit__position", "from_on"]

    def __str__(self) -> str:
        """Who, where."""
        return f"{self.unit}：{self.person}"


class RiskPoint(BureauRow):
    """A place where power could be misused, what is done about it, and when that is looked at again."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="处室", related_name="risk_points")
    name = models.CharField("风险点", max_length=100)
    level = models.CharField("等级", max_length=20, choices=RiskLevel)
    measures = models.TextField("防控措施")
    review_on = models.DateField("下次复核日期")
    reviewed_on = models.DateField("上次复核日期", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)

    class Meta:
        """Each name once in a department while it is open."""

        verbose_name = "廉政风险点"
        ordering: ClassVar = ["unit__position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "unit", "name"],
                condition=Q(closed_on__isnull=True),
                name="conduct_risk_name",
            )
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:risk", args=[self.pk])


class Opinion(BureauRow):
    """What a conduct supervisor said at a meeting, what was answered there, and the task that follows."""

    gathering = models.ForeignKey(
        Gathering, models.CASCADE, verbose_name="行风监督员会议", related_name="opinions"
    )
    supervisor = models.CharField("提出人", max_length=60, blank=True, help_text="可以只写身份，如“监督员甲”")
    text = models.TextField("意见建议")
    answer = models.CharField("当场答复", max_length=200, blank=True, help_text="写了的，不用再转为任务")
    duty = models.ForeignKey(
        Duty, models.SET_NULL, verbose_name="督办事项", related_name="opinions", null=True, blank=True
    )

    class Meta:
        """As they were said."""

        verbose_name = "行风监督意见"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        """Its beginning."""
        return self.text[:40]
