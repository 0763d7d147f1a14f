"""That a branch is excused from a clause for some time, by whoever stands above it."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from qizhi.core import periods
from qizhi.org.models import DatedQuerySet, DatedRow, Unit
from qizhi.regulations.models.documents import Clause


class ExemptionQuerySet(DatedQuerySet):
    """Questions asked of exemptions."""

    def standing(self) -> ExemptionQuerySet:
        """Not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)


class Exemption(DatedRow):
    """That a branch need not do what a clause asks, from one day to another: why, and who has approved it.

    It holds for the clause in all its versions. It is given by the office and never by the branch itself,
    always ends, and is never deleted: what was given by mistake is withdrawn, with the reason (triggers).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="exemptions")
    clause = models.ForeignKey(Clause, models.PROTECT, verbose_name="条款", related_name="exemptions")
    reason = models.CharField("免除理由", max_length=120)
    approver = models.CharField("批准的组织或负责人", max_length=60)
    approved_on = models.DateField("批准日期")
    recorded_by_id = models.UUIDField("登记账号", null=True)
    recorded_by_label = models.CharField("登记人", max_length=100)
    recorded_on = models.DateField("登记日期")
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    withdrawn_by_label = models.CharField("撤销人", max_length=100, blank=True)
    withdrawn_because = models.CharField("撤销理由", max_length=120, blank=True)

    objects: ClassVar[Any] = ExemptionQuerySet.as_manager()

    years_by: ClassVar = "from_on"

    class Meta(DatedRow.Meta):
        """It ends, says why and by whom; withdrawn only with a reason."""

        verbose_name = "免除"
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(to_on__isnull=False), name="regulations_exemption_ends"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(approver=""), name="regulations_exemption_grounds"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="", withdrawn_by_label="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="") & ~Q(withdrawn_by_label="")),
                name="regulations_exemption_withdrawn",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "unit"], name="regulations_exemption_unit")]

    def __str__(self) -> str:
        """Whom, from what, for which days."""
        return f"{self.unit}免除{self.clause.number or self.clause.key}（{self.days_label}）"

    @property
    def last_day(self) -> dt.date:
        """The last day; the database holds that there is one."""
        return self.to_on or self.from_on

    @property
    def days_label(self) -> str:
        """Its days in words: 2018年第1季度, 2018年1月8日至2018年3月31日."""
        return periods.Period(self.from_on, self.last_day).label

    @property
    def words(self) -> str:
        """Why, and who has approved it when, as every page says it."""
        return f"{self.reason}（{periods.say_day(self.approved_on)}{self.approver}批准）"

    def get_absolute_url(self) -> str:
        """The page on which it is corrected."""
        return reverse("regulations:exemption_edit", args=[self.pk])
