"""What each post has to do and how (岗位职责): dated, so that the words of any day can be read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.org.models import DatedRow, Unit
from qizhi.regulations.models import Regulation


class PostDuty(DatedRow):
    """The duties of a post in a department from one day to another; nothing about how somebody does them."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="处室", related_name="+")
    name = models.CharField("岗位", max_length=60, help_text="例如“综合科科长”“窗口受理”")
    duties = models.TextField("岗位职责", help_text="一行一项")
    demands = models.TextField("工作要求和日常行为规范", blank=True, help_text="一行一项")
    regulation = models.ForeignKey(
        Regulation, models.PROTECT, verbose_name="依据", related_name="+", null=True, blank=True
    )

    class Meta(DatedRow.Meta):
        """By department and post, the newest words first."""

        verbose_name = "岗位职责清单"
        ordering: ClassVar = ["unit__position", "name", "-from_on"]
        indexes: ClassVar = [models.Index(fields=["bureau", "unit"], name="conduct_post_duty_unit")]

    def __str__(self) -> str:
        """Where, which post."""
        return f"{self.unit}{self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:post_duty", args=[self.pk])
