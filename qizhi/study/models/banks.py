"""Banks of questions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.org.models import BureauRow
from qizhi.study.enums import QuestionShape
from qizhi.study.rules.questions import (
    LETTERS,
    MOST_CLAUSE,
    MOST_CODE,
    MOST_TOPIC,
    TRUE_FALSE_CHOICES,
    Question,
    Shape,
)


class AskedRow(BureauRow):
    """A question with its key, wherever it is kept."""

    shape = models.CharField("题型", max_length=10, choices=QuestionShape)
    text = models.TextField("题干")
    choices = models.JSONField("选项", default=list, blank=True)
    right = models.CharField("正确选项", max_length=len(LETTERS), blank=True)
    accepted = models.JSONField("可接受的答案", default=list, blank=True)
    explanation = models.TextField("解析", blank=True)
    clause = models.CharField("依据", max_length=MOST_CLAUSE, blank=True)

    class Meta:
        """Shared base."""

        abstract = True

    def __str__(self) -> str:
        """The first line of what is asked."""
        return self.text.split("\n")[0][:60]

    @property
    def lettered(self) -> list[tuple[str, str]]:
        """The choices with their letters."""
        return list(zip(LETTERS, self.choices, strict=False))

    @property
    def is_short(self) -> bool:
        """Whether it is answered with a text."""
        return self.shape == Shape.SHORT

    @property
    def is_multiple(self) -> bool:
        """Whether several choices may be picked."""
        return self.shape == Shape.MULTIPLE

    def say(self, given: str) -> str:
        """An answer in words: for letters with what they stand for."""
        if self.is_short or not given:
            return given
        if self.shape == Shape.TRUE_FALSE:
            return TRUE_FALSE_CHOICES[LETTERS.index(given[0])]
        return "；".join(f"{letter}. {words}" for letter, words in self.lettered if letter in given)

    @property
    def key_said(self) -> str:
        """What is right, in words."""
        return " 或 ".join(self.accepted) if self.is_short else self.say(self.right)


class Bank(BureauRow):
    """Questions that belong together."""

    name = models.CharField("名称", max_length=60)
    note = models.CharField("说明", max_length=200, blank=True)
    is_open = models.BooleanField(
        "开放自测", default=False, help_text="开放后，任何人都可以从中抽题自测；竞赛前请先不开放"
    )

    class Meta:
        """Names are unique in a bureau."""

        verbose_name = "题库"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["bureau", "name"], name="study_bank_name")]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("study:bank", args=[self.pk])


class BankQuestion(AskedRow):
    """A question of a bank; it is retired rather than deleted, because answers point to it."""

    bank = models.ForeignKey(Bank, models.CASCADE, verbose_name="题库", related_name="questions")
    code = models.CharField("编号", max_length=MOST_CODE, blank=True)
    topic = models.CharField("主题", max_length=MOST_TOPIC, blank=True)
    position = models.PositiveIntegerField("序号", default=1)
    is_retired = models.BooleanField("已停用", default=False)

    class Meta:
        """Codes are unique in a bank."""

        verbose_name = "题目"
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "bank", "code"],
                condition=~models.Q(code=""),
                name="study_question_code",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "bank", "is_retired", "topic"], name="study_question_topic")
        ]

    @property
    def value(self) -> Question:
        """The question as plain values."""
        return Question(
            shape=Shape(self.shape),
            text=self.text,
            choices=tuple(self.choices),
            right=self.right,
            accepted=tuple(self.accepted),
            explanation=self.explanation,
            clause=self.clause,
            topic=self.topic,
            code=self.code,
        )

    @value.setter
    def value(self, question: Question) -> None:
        self.shape, self.text = question.shape.value, question.text
        self.choices, self.right = list(question.choices), question.right
        self.accepted = list(question.accepted)
        self.explanation, self.clause = question.explanation, question.clause
        self.topic, self.code = question.topic, question.code
