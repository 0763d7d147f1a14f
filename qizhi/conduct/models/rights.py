"""What a person may do about the own records, with or without an account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qizhi.conduct.enums import CorrectionStatus
from qizhi.core import clock
from qizhi.org.models import BureauRow, Person


class Correction(BureauRow):
    """Somebody says that a record about them is wrong; an answer is due."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="本人", related_name="corrections")
    about = models.CharField("哪条记录", max_length=200)
    address = models.CharField("记录的页面", max_length=200, blank=True)
    text = models.TextField("哪里不对、应是什么")
    asked_on = models.DateField("提出日期")
    due_on = models.DateField("答复期限", null=True, blank=True)
    status = models.CharField(
        "状态", max_length=20, choices=CorrectionStatus, default=CorrectionStatus.WAITING
    )
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="答复人", related_name="+", null=True, blank=True
    )
    answered_on = models.DateField("答复日期", null=True, blank=True)

    class Meta:
        """Nobody answers the own request."""

        verbose_name = "更正申请"
        ordering: ClassVar = ["-asked_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(answered_by=F("person")), name="conduct_correction_not_own")
        ]

    def __str__(self) -> str:
        """What it is about."""
        return self.about


class PrintedCode(BureauRow):
    """A code on paper that opens the own page once, without an account; only its hash is kept."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="本人", related_name="+")
    hash = models.CharField("指纹", max_length=128, unique=True)
    made_at = models.DateTimeField("制作时间", default=clock.now)
    made_by_label = models.CharField("制作人", max_length=100)
    expires_on = models.DateField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        """Newest first."""

        verbose_name = "一次性查询码"
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        """Whose, until when."""
        return f"{self.person}（{self.expires_on}止）"
