"""The words of study."""

from __future__ import annotations

from django.db import models


class Origin(models.TextChoices):
    """Where a completed course is known from."""

    IMPORTED = "imported", "导入"
    SELF = "self", "本人登记"
