"""Documents to be finished in time: until when, who answered for each from which day, and more time given."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.core import clock
from qizhi.org.models import BureauRow, DatedRow, Person, Unit
from qizhi.tasks.enums import DocumentKind, ExtensionState

REMIND_DAYS = 2
"""Working days before the due day from which the handler is reminded, unless a document says otherwise."""
MOST_WORKING_DAYS = 500


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents as one asks for them."""

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)

    def open(self) -> Self:
        """Those that somebody still has to finish."""
        return self.standing().filter(done_on=None)


class Document(BureauRow):
    """A document that must be finished by a day, or within so many working days of its receipt.

    The last day is never stored: it follows from the day or the number here, from the calendar, and from the
    extensions. Who answers for it on a day says the `Handling` of that day.
    """

    number = models.CharField("文号", max_length=60, blank=True, help_text="没有文号的可以空着")
    title = models.CharField("标题", max_length=200)
    sender = models.CharField("来文单位", max_length=80, blank=True)
    kind = models.CharField("类别", max_length=20, choices=DocumentKind, default=DocumentKind.INCOMING)
    received_on = models.DateField("收文日期")
    due_on = models.DateField("办结期限", null=True, blank=True)
    working_days = models.PositiveSmallIntegerField("办理时限（工作日）", null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField("提前提醒（工作日）", default=REMIND_DAYS)
    done_on = models.DateField("办结日期", null=True, blank=True)
    done_recorded_at = models.DateTimeField("办结登记时间", null=True, blank=True)
    result = models.CharField("办理结果", max_length=200, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    withdrawn_because = models.CharField("撤销原因", max_length=120, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=clock.now)

    objects = DocumentQuerySet.as_manager()

    years_by: ClassVar = "received_on"

    class Meta:
        """A day or working days, never both nor neither; nothing ends before it came in."""

        verbose_name = "限时办结公文"
        ordering: ClassVar = ["-received_on", "number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=False, working_days=None)
                | Q(due_on=None, working_days__isnull=False),
                name="tasks_document_one_due",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("received_on")), name="tasks_document_due_after"
            ),
            models.CheckConstraint(
                condition=Q(working_days=None) | Q(working_days__range=(1, MOST_WORKING_DAYS)),
                name="tasks_document_working_days",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_recorded_at=None)
                | Q(done_on__gte=F("received_on"), done_recorded_at__isnull=False),
                name="tasks_document_done_after",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_because="")
                | Q(withdrawn_on__isnull=False, withdrawn_because__gt=""),
                name="tasks_document_withdrawn",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "received_on"], name="tasks_document_received"),
            models.Index(fields=["bureau", "due_on"], name="tasks_document_due"),
            models.Index(
                fields=["bureau", "received_on"],
                name="tasks_document_open",
                condition=Q(done_on=None, withdrawn_on=None),
            ),
        ]

    def __str__(self) -> str:
        """The title, with the number where it has one."""
        return f"{self.title}（{self.number}）" if self.number else self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tasks:document", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to finish it."""
        return self.done_on is None and self.withdrawn_on is None

    @property
    def done_written_on(self) -> dt.date | None:
        """The day on which its end was written down, where that was later than the end itself."""
        if self.done_on is None or self.done_recorded_at is None:
            return None
        written_on = clock.local_date(self.done_recorded_at)
        return written_on if written_on > self.done_on else None


class Handling(DatedRow):
    """Who answers for a document from one day to another; a hand-over ends one row and begins the next.

    The department is the one in which the person worked on the first of these days: it answers together with
    them, wherever they go later.
    """

    document = models.ForeignKey(Document, models.CASCADE, verbose_name="公文", related_name="handlings")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="承办人", related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="承办处室", related_name="+")
    because = models.CharField("转办原因", max_length=120, blank=True)

    class Meta(DatedRow.Meta):
        """One person a day (trigger)."""

        verbose_name = "公文承办"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "person", "from_on"], name="tasks_handling_person"),
            models.Index(fields=["bureau", "unit", "from_on"], name="tasks_handling_unit"),
        ]

    def __str__(self) -> str:
        """Who, of which department."""
        return f"{self.person}（{self.unit}）"


class Extension(BureauRow):
    """More time for a document: asked for by one person, decided by another, each with its day."""

    document = models.ForeignKey(Document, models.CASCADE, verbose_name="公文", related_name="extensions")
    until = models.DateField("申请延至")
    because = models.CharField("延期原因", max_length=200)
    asked_on = models.DateField("申请日期")
    asked_by = models.ForeignKey(Person, models.PROTECT, verbose_name="申请人", related_name="+")
    state = models.CharField("状态", max_length=10, choices=ExtensionState, default=ExtensionState.ASKED)
    approved_until = models.DateField("批准延至", null=True, blank=True)
    decided_on = models.DateField("批准日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="批准人", null=True, blank=True, related_name="+"
    )
    words = models.CharField("批准意见", max_length=200, blank=True)

    class Meta:
        """Nobody decides what they have asked for; one waits at a time; what is approved has its day."""

        verbose_name = "公文延期"
        ordering: ClassVar = ["asked_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="tasks_extension_other_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ExtensionState.ASKED, ExtensionState.WITHDRAWN])
                | Q(decided_by__isnull=False, decided_on__gte=F("asked_on")),
                name="tasks_extension_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.APPROVED) | Q(approved_until__isnull=False),
                name="tasks_extension_approved",
            ),
            models.UniqueConstraint(
                fields=["bureau", "document"],
                condition=Q(state=ExtensionState.ASKED),
                name="tasks_extension_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        """Until when it was asked for."""
        return f"申请延至{self.until.year}年{self.until.month}月{self.until.day}日"
