"""Requests for leave; what is approved becomes a row of `org.Leave`, which rolls read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.conduct.enums import LeaveStatus
from qizhi.org.enums import LeaveKind
from qizhi.org.models import BureauRow, Leave, Person


class LeaveRequest(BureauRow):
    """Days that somebody asks to be away, who said yes, and when they were back; no balance is stored."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="请假人", related_name="leave_requests")
    kind = models.CharField("假别", max_length=20, choices=LeaveKind)
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    note = models.CharField("说明", max_length=100, blank=True)
    asked_on = models.DateField("申请日期")
    asked_by_label = models.CharField("登记人", max_length=100)
    approver = models.ForeignKey(
        Person, models.PROTECT, verbose_name="审批人", related_name="+", null=True, blank=True
    )
    status = models.CharField("状态", max_length=20, choices=LeaveStatus, default=LeaveStatus.REQUESTED)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="批准人", related_name="+", null=True, blank=True
    )
    decided_on = models.DateField("批准日期", null=True, blank=True)
    reason = models.CharField("批复意见", max_length=200, blank=True)
    returned_on = models.DateField("销假日期", null=True, blank=True)
    leave = models.OneToOneField(
        Leave, models.PROTECT, verbose_name="批准的请假", related_name="request", null=True, blank=True
    )

    years_by: ClassVar = "from_on"

    class Meta:
        """Nobody approves the own leave; requests that wait or stand do not overlap (service)."""

        verbose_name = "请销假"
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="conduct_leave_days"),
            models.CheckConstraint(condition=~Q(decided_by=F("person")), name="conduct_leave_not_own"),
            # Somebody has said yes, or the words of a paper from above stand there.
            models.CheckConstraint(
                condition=~Q(status__in=[LeaveStatus.APPROVED, LeaveStatus.RETURNED])
                | Q(decided_by__isnull=False, decided_on__isnull=False)
                | ~Q(reason=""),
                name="conduct_leave_decided",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "person", "from_on"], name="conduct_leave_person"),
            models.Index(fields=["bureau", "status", "from_on"], name="conduct_leave_status"),
        ]

    def __str__(self) -> str:
        """Who, what, when."""
        return f"{self.person} {self.get_kind_display()} {self.from_on}—{self.to_on}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:leave", args=[self.pk])
