"""What people have to say about the house, and what they were answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from qizhi.org.models import BureauRow, Person
from qizhi.publishing.enums import ComplaintKind, ComplaintState, ReplyKind


class Complaint(BureauRow):
    """A complaint or suggestion; without a name there is nothing in it that leads to the writer."""

    kind = models.CharField("类别", max_length=20, choices=ComplaintKind, default=ComplaintKind.SUGGESTION)
    text = models.TextField("内容", max_length=2000)
    page = models.CharField("关于页面", max_length=200, blank=True, help_text="在哪个页面上遇到的，可以清空")
    sent_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="提出人", null=True, blank=True, related_name="complaints"
    )
    code_digest = models.CharField("查询码摘要", max_length=64, blank=True)
    sent_at = models.DateTimeField("提出时间")
    waits_since = models.DateField("起算日期")
    working_days = models.PositiveSmallIntegerField("答复期限（工作日）")
    state = models.CharField("情况", max_length=20, choices=ComplaintState, default=ComplaintState.WAITING)

    class Meta:
        """Either a name or a code leads to the answer."""

        verbose_name = "投诉建议"
        ordering: ClassVar = ["-sent_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "code_digest"],
                condition=Q(code_digest__gt=""),
                name="publishing_complaint_code",
            ),
            models.CheckConstraint(
                condition=Q(sent_by__isnull=False, code_digest="")
                | Q(sent_by__isnull=True, code_digest__gt=""),
                name="publishing_complaint_way_back",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "state", "sent_at"], name="publishing_waiting")]

    def __str__(self) -> str:
        """Its kind alone: the text belongs to those who may read it, not to lists and logs."""
        return self.get_kind_display()

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publishing:complaint", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self.state == ComplaintState.WAITING

    @property
    def sender_label(self) -> str:
        """Who wrote it, or that they would rather not say."""
        return str(self.sent_by) if self.sent_by else "未署名"


class Reply(BureauRow):
    """An answer, or why the answer was not enough."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, verbose_name="投诉建议", related_name="replies")
    kind = models.CharField("类别", max_length=20, choices=ReplyKind)
    text = models.TextField("内容", max_length=2000)
    said_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="答复人", null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField("时间")

    class Meta:
        """In the order in which it was said."""

        verbose_name = "答复"
        ordering: ClassVar = ["said_at", "id"]

    def __str__(self) -> str:
        """What it is."""
        return self.get_kind_display()
