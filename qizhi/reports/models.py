"""Documents whose numbers are references."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.org.models import BureauRow


class OverviewTemplate(BureauRow):
    """The text of the overview, with figure references in place of digits; each saving is a version."""

    name = models.CharField("名称", max_length=80)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", help_text="一行一段；# 章标题；[[指标|时段|样式]] 引用指标")
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.CharField("保存人", max_length=100)
    is_current = models.BooleanField("现行", default=True)

    class Meta:
        """Versions are counted for each name."""

        verbose_name = "综述模板"
        ordering: ClassVar = ["name", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "name", "version"], name="reports_template_version"),
            models.UniqueConstraint(
                fields=["bureau", "name"],
                condition=models.Q(is_current=True),
                name="reports_template_current",
            ),
        ]

    def __str__(self) -> str:
        """Name and version."""
        return f"{self.name} 第{self.version}版"

    def get_absolute_url(self) -> str:
        """Its editor."""
        return reverse("reports:template", args=[self.pk])
