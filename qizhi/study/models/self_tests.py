"""What people answered when they tested themselves; only they see it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.org.models import BureauRow, Person
from qizhi.study.models.banks import Bank, BankQuestion


class SelfTest(BureauRow):
    """Questions that a person drew."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="本人", related_name="self_tests")
    bank = models.ForeignKey(Bank, models.PROTECT, verbose_name="题库", related_name="+")
    topic = models.CharField("主题", max_length=80, blank=True)
    begun_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("交卷时间", null=True)

    class Meta:
        """Found by person, newest first."""

        verbose_name = "自测"
        ordering: ClassVar = ["-begun_at"]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "person", "-begun_at"], name="study_self_test_person")
        ]

    def __str__(self) -> str:
        """Bank and topic."""
        return f"{self.bank} {self.topic}".strip()

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("study:self_test", args=[self.pk])


class SelfAnswer(BureauRow):
    """A question of a test with the answer so far; whether it is right is worked out when one looks."""

    test = models.ForeignKey(SelfTest, models.CASCADE, verbose_name="自测", related_name="answers")
    question = models.ForeignKey(BankQuestion, models.PROTECT, verbose_name="题目", related_name="+")
    position = models.PositiveSmallIntegerField("序号")
    given = models.CharField("所答", max_length=200, blank=True)
    answered_at = models.DateTimeField("作答时间", null=True)

    class Meta:
        """In order."""

        verbose_name = "自测作答"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "test", "position"], name="study_self_answer_once")
        ]

    def __str__(self) -> str:
        """What was answered."""
        return self.given
