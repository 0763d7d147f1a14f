"""The words of plans."""

from __future__ import annotations

from django.db import models


class Purpose(models.TextChoices):
    """What a plan is for."""

    CENTRE_STUDY = "centre_study", "中心组学习计划"
    BRANCH_STUDY = "branch_study", "支部学习计划"
    INSPECTION = "inspection", "月度检查计划"
    BULLETIN = "bulletin", "通报计划"
    OTHER = "other", "其他计划"
