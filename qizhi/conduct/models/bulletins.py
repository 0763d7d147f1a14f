"""Bulletins: what has become final in two months, told once it is approved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.conduct.enums import BulletinStatus
from qizhi.org.models import BureauRow, Person


class Bulletin(BureauRow):
    """Two months of final cases, counted; `content` is frozen when it is approved (trigger)."""

    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveSmallIntegerField("期号")
    start = models.DateField("起")
    end = models.DateField("止")
    doc_no = models.CharField("文号", max_length=60, blank=True)
    opening = models.TextField("引言", blank=True)
    closing = models.TextField("要求", blank=True)
    has_names = models.BooleanField("点名", default=False, help_text="只有制度允许时才能点名")
    content = models.JSONField("数据", default=dict)
    status = models.CharField("状态", max_length=20, choices=BulletinStatus, default=BulletinStatus.DRAFT)
    prepared_by = models.ForeignKey(Person, models.PROTECT, verbose_name="拟稿人", related_name="+")
    approved_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="签发人", related_name="+", null=True, blank=True
    )
    issued_on = models.DateField("印发日期", null=True, blank=True)

    years_by: ClassVar = "year"

    class Meta:
        """Six a year; one prepares, another approves."""

        verbose_name = "通报"
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "year", "number"], name="conduct_bulletin_number"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="conduct_bulletin_days"),
            models.CheckConstraint(
                condition=~Q(approved_by=F("prepared_by")), name="conduct_bulletin_approver"
            ),
            models.CheckConstraint(
                condition=~Q(status=BulletinStatus.APPROVED)
                | Q(approved_by__isnull=False, issued_on__isnull=False),
                name="conduct_bulletin_approved",
            ),
        ]

    def __str__(self) -> str:
        """Year and number."""
        return f"{self.year}年第{self.number}期通报"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:bulletin", args=[self.pk])
