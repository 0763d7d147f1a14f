"""How branches work: their methods. What is due and missing is derived, never stored."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qizhi.org.models import DatedRow, Unit


class WorkingMethod(DatedRow):
    """A branch's own working method (支部工作法), active from one day to another."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="working_methods")
    name = models.CharField("名称", max_length=60)
    elements = models.TextField("要素", blank=True, help_text="一行一个要素；来源没有写明的不要编造")

    class Meta(DatedRow.Meta):
        """Names are unique in a branch."""

        verbose_name = "支部工作法"
        ordering: ClassVar = ["from_on"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["bureau", "unit", "name"], name="branch_life_method_once"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name
