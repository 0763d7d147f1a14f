"""Contests of teams: rounds on the server's clock, questions as asked, every answer that was sent."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.org.models import BureauRow
from qizhi.study.enums import RoundPace
from qizhi.study.models.banks import AskedRow, BankQuestion
from qizhi.study.rules.contests import Asked, Given, Standing, Window, window

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """The secret end of a team's address, to be typed from a wall or from paper; 59 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(3))


class Contest(BureauRow):
    """A contest between teams."""

    name = models.CharField("名称", max_length=80)
    held_on = models.DateField("日期")
    note = models.CharField("说明", max_length=200, blank=True)
    is_by_total = models.BooleanField("大屏按总分排列", default=False)

    class Meta:
        """Newest first."""

        verbose_name = "知识竞赛"
        ordering: ClassVar = ["-held_on", "name"]
        indexes: ClassVar = [models.Index(fields=["bureau", "-held_on"], name="study_contest_day")]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("study:contest", args=[self.pk])


class ContestTeam(BureauRow):
    """A team; it answers on a page of its own, whose address nobody can guess."""

    contest = models.ForeignKey(Contest, models.CASCADE, verbose_name="竞赛", related_name="teams")
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("队名", max_length=40)
    members = models.CharField("队员", max_length=200, blank=True)
    key = models.CharField("答题地址", max_length=32, default=new_key, editable=False)

    class Meta:
        """In their fixed order."""

        verbose_name = "参赛队"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "contest", "name"], name="study_team_name"),
            models.UniqueConstraint(fields=["bureau", "key"], name="study_team_key"),
        ]
        indexes: ClassVar = [models.Index(fields=["key"], name="study_team_address")]

    def __str__(self) -> str:
        """The name."""
        return self.name


class ContestRound(BureauRow):
    """A round: open between two instants of the server's clock."""

    contest = models.ForeignKey(Contest, models.CASCADE, verbose_name="竞赛", related_name="rounds")
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=40)
    pace = models.CharField("出题方式", max_length=10, choices=RoundPace, default=RoundPace.HOST)
    opens_at = models.DateTimeField("开始时间", null=True, blank=True)
    closes_at = models.DateTimeField("截止时间", null=True, blank=True)
    seconds = models.PositiveSmallIntegerField("每题秒数", null=True, blank=True)
    points = models.PositiveSmallIntegerField("每题分值", default=10)
    revealed_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        """In order."""

        verbose_name = "竞赛轮次"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "contest", "position"], name="study_round_once"),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gte=models.F("opens_at")),
                name="study_round_times",
            ),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def window(self) -> Window:
        """From when until when."""
        return Window(self.opens_at, self.closes_at)


class ContestQuestion(AskedRow):
    """A question as it was asked: a copy, so that the bank may change without changing what was played."""

    round = models.ForeignKey(ContestRound, models.CASCADE, verbose_name="轮次", related_name="questions")
    source = models.ForeignKey(
        BankQuestion, models.SET_NULL, verbose_name="题库题目", null=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField("序号")
    opened_at = models.DateTimeField("出题时间", null=True)
    closed_at = models.DateTimeField("收题时间", null=True)
    is_void = models.BooleanField("作废", default=False)
    corrected_because = models.CharField("更正原因", max_length=200, blank=True)

    class Meta:
        """In order."""

        verbose_name = "竞赛题目"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "round", "position"], name="study_contest_question")
        ]

    @property
    def window(self) -> Window:
        """From when until when it is open; asks for the round."""
        return window(
            self.round.window,
            pace=self.round.pace,
            seconds=self.round.seconds,
            index=self.position - 1,
            shown=Window(self.opened_at, self.closed_at),
        )

    def standing(self, now: dt.datetime) -> Standing:
        """How it stands at an instant."""
        return self.window.standing(now)

    @property
    def asked(self) -> Asked:
        """What the rules need to know."""
        return Asked(
            self.pk, self.round_id, self.shape, self.right, self.accepted, self.round.points, self.is_void
        )


class TeamAnswer(BureauRow):
    """An answer that a team sent; none is ever changed, the last one counts."""

    team = models.ForeignKey(ContestTeam, models.CASCADE, verbose_name="参赛队", related_name="answers")
    question = models.ForeignKey(ContestQuestion, models.CASCADE, verbose_name="题目", related_name="answers")
    given = models.CharField("所答", max_length=200, blank=True)
    number = models.PositiveIntegerField("第几次作答")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        """Found by question and team."""

        verbose_name = "参赛队作答"
        indexes: ClassVar = [models.Index(fields=["bureau", "question", "team"], name="study_team_answer")]

    def __str__(self) -> str:
        """What was answered."""
        return self.given

    @property
    def value(self) -> Given:
        """What the rules need to know."""
        return Given(self.pk, self.team_id, self.question_id, self.given, self.number, self.received_at)
