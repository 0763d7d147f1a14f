"""How many reading notes people say they kept: a number a month, voluntary; the notes stay with them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from qizhi.core.periods import month_of
from qizhi.org.models import BureauRow, Person

MOST = 99


class ReadingNotes(BureauRow):
    """The number that a person has declared for a month; nothing declared is no zero."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="人员", related_name="reading_notes")
    month = models.DateField("月份", help_text="当月1日")
    number = models.PositiveSmallIntegerField("次数")

    class Meta:
        """Once a month."""

        verbose_name = "读书学习笔记（自报）"
        ordering: ClassVar = ["-month"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "person", "month"], name="study_notes_once"),
            models.CheckConstraint(
                condition=Q(month__day=1, number__lte=MOST), name="study_notes_month_and_number"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "month"], name="study_notes_month")]

    def __str__(self) -> str:
        """Month and number."""
        return f"{month_of(self.month).label}{self.number}次"

    def get_absolute_url(self) -> str:
        """One's own list."""
        return reverse("study:my_notes")
