"""That the study file of a year was closed; what belongs into it stands in the records themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from qizhi.org.models import BureauRow, Unit


class YearFile(BureauRow):
    """That a person closed the study file of a centre group for a year (归档), with its parts as they stood.

    It seals nothing: a record that is corrected afterwards shows as such beside what was filed. What was
    closed by mistake is opened again with the reason and stays on record.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="中心组", related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    closed_on = models.DateField("归档日期")
    closed_by_label = models.CharField("归档人", max_length=100)
    parts = models.JSONField("归档时的各项", default=list)
    reopened_on = models.DateField("取消归档日期", null=True, blank=True)
    reopened_by_label = models.CharField("取消人", max_length=100, blank=True)
    reopened_because = models.CharField("取消归档的理由", max_length=120, blank=True)

    class Meta:
        """Closed once at a time; opened again only with a reason."""

        verbose_name = "学习档案归档"
        ordering: ClassVar = ["-year", "-closed_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "unit", "year"],
                condition=Q(reopened_on__isnull=True),
                name="study_yearfile_once",
            ),
            models.CheckConstraint(
                condition=Q(reopened_on__isnull=True, reopened_because="", reopened_by_label="")
                | (Q(reopened_on__isnull=False) & ~Q(reopened_because="") & ~Q(reopened_by_label="")),
                name="study_yearfile_reopened",
            ),
        ]

    def __str__(self) -> str:
        """Which file."""
        return f"{self.unit}{self.year}年学习档案"

    def get_absolute_url(self) -> str:
        """The page of the file."""
        return f"{reverse('study:year_file', args=[self.unit_id])}?year={self.year}"
