"""Plans held against what was done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qizhi.gatherings.models import Gathering
from qizhi.org.models import BureauRow
from qizhi.tasks.models import PlanItem


class PlanMatch(BureauRow):
    """That a gathering carried out a plan item; proposed by a rule, decided or made by a person."""

    item = models.ForeignKey(PlanItem, models.CASCADE, verbose_name="计划项", related_name="matches")
    gathering = models.ForeignKey(Gathering, models.CASCADE, verbose_name="活动", related_name="plan_matches")
    is_automatic = models.BooleanField("自动匹配", default=False)

    class Meta:
        """One gathering for each item; a gathering may carry out several items."""

        verbose_name = "计划完成情况"
        constraints: ClassVar = [models.UniqueConstraint(fields=["bureau", "item"], name="study_match_once")]
        indexes: ClassVar = [models.Index(fields=["bureau", "gathering"], name="study_match_gathering")]

    def __str__(self) -> str:
        """Both."""
        return f"{self.item} → {self.gathering}"
