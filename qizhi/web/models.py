"""Addresses under which somebody's calendar can be read without logging in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qizhi.org.models import BureauRow, Person, Unit


class FeedScope(models.TextChoices):
    """Whose calendar it is."""

    PERSON = "person", "本人"
    UNIT = "unit", "一个组织"
    BUREAU = "bureau", "全局"


class Feed(BureauRow):
    """A secret address; the secret itself is stored nowhere, and a revoked one opens nothing."""

    owner = models.ForeignKey(Person, models.CASCADE, verbose_name="订阅人", related_name="feeds")
    scope = models.CharField("范围", max_length=10, choices=FeedScope)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="组织", null=True, blank=True, related_name="+"
    )
    token_digest = models.CharField("密钥摘要", max_length=64, db_index=True)
    made_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        """A secret opens one calendar; only a unit's has a unit."""

        verbose_name = "日历订阅"
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "token_digest"], name="web_feed_token"),
            models.CheckConstraint(
                condition=models.Q(scope="unit", unit__isnull=False)
                | (~models.Q(scope="unit") & models.Q(unit__isnull=True)),
                name="web_feed_unit",
            ),
        ]

    def __str__(self) -> str:
        """Whose calendar."""
        return str(self.unit) if self.unit_id else self.get_scope_display()
