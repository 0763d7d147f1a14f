"""What people decided about plans and what was held.

Only decisions are stored. That a gathering carried out an item is worked out from month, ledger and topic
each time one looks (`rules.match`): a stored automatic match would be wrong as soon as the gathering moved to
another month, was renamed or withdrawn, and no signal may tell this app of it. A decision names its item and
its gathering and stays right whatever moves.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qizhi.gatherings.models import Gathering
from qizhi.org.models import BureauRow
from qizhi.tasks.models import PlanItem


class PlanMatch(BureauRow):
    """A person's word that a gathering carried out a plan item, or that it did not."""

    item = models.ForeignKey(PlanItem, models.CASCADE, verbose_name="计划项", related_name="matches")
    gathering = models.ForeignKey(Gathering, models.CASCADE, verbose_name="活动", related_name="plan_matches")
    is_rejected = models.BooleanField("认定不是", default=False)

    class Meta:
        """One gathering for each item; a gathering may carry out several items."""

        verbose_name = "计划完成情况的认定"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "item", "gathering"], name="study_match_pair"),
            models.UniqueConstraint(
                fields=["bureau", "item"],
                condition=models.Q(is_rejected=False),
                name="study_match_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "gathering"], name="study_match_gathering")]

    def __str__(self) -> str:
        """Both, with the word between."""
        return f"{self.item} {'≠' if self.is_rejected else '→'} {self.gathering}"
