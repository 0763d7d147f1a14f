"""Monthly inspections: scope, samples that can be drawn again, and what was seen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.conduct.enums import InspectionStatus
from qizhi.core import clock
from qizhi.org.models import BureauRow, Person, Unit
from qizhi.regulations.models import Clause


class Inspection(BureauRow):
    """A monthly inspection: which units, how the sample was drawn, by whom."""

    month = models.DateField("月份", help_text="当月1日")
    title = models.CharField("名称", max_length=100)
    scope = models.TextField("检查范围", blank=True)
    sampling = models.TextField("抽样办法", blank=True, help_text="总体多少、抽取多少、怎样抽取")
    units = models.ManyToManyField(Unit, verbose_name="受检组织", related_name="+", blank=True)
    held_on = models.DateField("检查日期", null=True, blank=True)
    led_by = models.ForeignKey(Person, models.PROTECT, verbose_name="检查负责人", related_name="+")
    status = models.CharField("状态", max_length=20, choices=InspectionStatus, default=InspectionStatus.OPEN)

    years_by: ClassVar = "month"

    class Meta:
        """Newest first."""

        verbose_name = "月度检查"
        ordering: ClassVar = ["-month", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "month", "title"], name="conduct_inspection_once")
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:inspection", args=[self.pk])


class SampleDraw(BureauRow):
    """A sample as it was drawn: by which seed, out of whom, and who; the table only grows.

    Who was drawn and out of whom stands in it by staff number and name, as it was then, so that anybody can
    draw again whatever is corrected later. The last one of an inspection is its sample.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, verbose_name="月度检查", related_name="draws")
    at = models.DateTimeField("抽取时间", default=clock.now)
    by_label = models.CharField("抽取人", max_length=100)
    on = models.DateField("总体日期", help_text="以哪一天在册的人为总体")
    seed = models.CharField("抽取口令", max_length=40)
    number = models.PositiveIntegerField("抽取人数")
    units = models.JSONField("总体组织", default=list)
    frame = models.JSONField("总体", default=list, help_text="全部工号")
    drawn = models.JSONField("抽中", default=list, help_text="工号、姓名、所在组织")
    because = models.CharField("重抽理由", max_length=200, blank=True)

    class Meta:
        """In order of time."""

        verbose_name = "抽样"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        """How many out of how many."""
        return f"{self.inspection}：{len(self.frame)}人抽{self.number}人"

    def get_absolute_url(self) -> str:
        """The page that draws it again."""
        return reverse("conduct:inspection_sample", args=[self.inspection_id])


class Observation(BureauRow):
    """What an inspection has seen with its own eyes: a fact with its evidence, by hand.

    It never goes, is corrected only with who and why, and stays as it is once a case rests on it (triggers).
    """

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, verbose_name="月度检查", related_name="observations"
    )
    clause = models.ForeignKey(
        Clause, models.PROTECT, verbose_name="依据条款", related_name="+", null=True, blank=True
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="人员", related_name="+", null=True, blank=True
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="组织", related_name="+", null=True, blank=True
    )
    seen_by = models.ManyToManyField(Person, verbose_name="检查人", related_name="+", blank=True)
    happened_on = models.DateField("发生日期")
    fact = models.TextField("情况")
    evidence = models.TextField("依据", help_text="看了什么、在哪里、谁在场；不上传照片")
    corrected_at = models.DateTimeField("更正时间", null=True, blank=True)
    corrected_by_label = models.CharField("更正人", max_length=100, blank=True)
    corrected_because = models.CharField("更正理由", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_because = models.CharField("撤销理由", max_length=200, blank=True)

    years_by: ClassVar = "happened_on"

    class Meta:
        """By day."""

        verbose_name = "检查记录"
        ordering: ClassVar = ["happened_on", "id"]

    def __str__(self) -> str:
        """Its beginning."""
        return self.fact[:40]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:observation", args=[self.pk])
