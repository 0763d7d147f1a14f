"""Cases of small misconduct: what was found, who said what, who decided; and the points that follow.

Machines propose, people decide: the three people of a case (who recorded it, who decided it, who reviewed it)
are three different people and none of them is the person concerned. The database itself holds this.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from qizhi.conduct.enums import (
    CaseStatus,
    Decision,
    PointsKind,
    ReviewOutcome,
    StepKind,
)
from qizhi.conduct.models.inspections import Inspection, Observation
from qizhi.conduct.models.separation import NUMBERS, PEOPLE, STEPS
from qizhi.conduct.rules.quotes import cite
from qizhi.core import clock
from qizhi.org.models import BureauRow, Person, Unit
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.models import Clause, Finding
from qizhi.tasks.models import DutyNote

HEARD, LATE, UNDER_REVIEW = "已陈述，待决定", "逾期申诉待受理", "申诉待复核"
LAPSED = "已决定，申诉期满"


class Case(BureauRow):
    """One fact judged by one clause, from the draft to the final word.

    Dates are those of the papers, `*_on`; the three people stand beside theirs. Once a person has been told,
    fact, clause and points of the draft never change (trigger), but by telling them again what a run found
    in the place of the finding that the case rests on.
    """

    year = models.PositiveSmallIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    clause = models.ForeignKey(Clause, models.PROTECT, verbose_name="依据条款", related_name="conduct_cases")
    finding = models.ForeignKey(
        Finding, models.PROTECT, verbose_name="检查发现", related_name="cases", null=True, blank=True
    )
    observation = models.ForeignKey(
        Observation, models.PROTECT, verbose_name="检查记录", related_name="cases", null=True, blank=True
    )
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, verbose_name="月度检查", related_name="cases", null=True, blank=True
    )
    note = models.ForeignKey(
        DutyNote, models.PROTECT, verbose_name="负面清单记事", related_name="cases", null=True, blank=True
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="当事人", related_name="cases", null=True, blank=True
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="责任组织", related_name="cases", null=True, blank=True
    )
    happened_on = models.DateField("发生日期")
    fact = models.TextField("事实")
    evidence = models.TextField("依据材料")
    rule = models.JSONField("条款原文", default=dict, help_text="当时有效的文号、版本和条文")
    excuses = models.TextField("免予记分的情形", blank=True, help_text="请假、借调、试用期等，先由系统算出")
    points = models.DecimalField("拟记分值", max_digits=5, decimal_places=2)
    recorded_by = models.ForeignKey(Person, models.PROTECT, verbose_name="记录人", related_name="+")
    recorded_on = models.DateField("记录日期")
    status = models.CharField("状态", max_length=20, choices=CaseStatus, default=CaseStatus.DRAFT)

    notified_on = models.DateField("告知日期", null=True, blank=True)
    statement_until = models.DateField("陈述截止", null=True, blank=True)
    statement_days = models.PositiveSmallIntegerField("陈述期（工作日）", null=True, blank=True)
    stated_on = models.DateField("陈述日期", null=True, blank=True)
    statement = models.TextField("陈述申辩", blank=True)

    decided_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="决定人", related_name="+", null=True, blank=True
    )
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decision = models.CharField("决定", max_length=20, choices=Decision, blank=True)
    decision_reason = models.TextField("决定理由", blank=True)
    appeal_until = models.DateField("申诉截止", null=True, blank=True)

    appealed_on = models.DateField("申诉日期", null=True, blank=True)
    appeal = models.TextField("申诉", blank=True)
    is_appeal_late = models.BooleanField("逾期申诉", default=False)
    is_appeal_open = models.BooleanField("申诉待办理", default=False)
    admitted_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="受理人", related_name="+", null=True, blank=True
    )
    review_until = models.DateField("复核期限", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="复核人", related_name="+", null=True, blank=True
    )
    reviewed_on = models.DateField("复核日期", null=True, blank=True)
    outcome = models.CharField("复核结论", max_length=20, choices=ReviewOutcome, blank=True)
    review_reason = models.TextField("复核理由", blank=True)
    final_points = models.DecimalField("最终分值", max_digits=5, decimal_places=2, null=True, blank=True)
    final_on = models.DateField("生效日期", null=True, blank=True)

    years_by: ClassVar = "happened_on"

    class Meta:
        """Three people, none of them the one concerned; nothing counts unless they were heard."""

        verbose_name = "微违规事项"
        ordering: ClassVar = ["-year", "-serial"]
        constraints: ClassVar = [*NUMBERS, *PEOPLE, *STEPS]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "status", "final_on"], name="conduct_case_status"),
            models.Index(fields=["bureau", "person", "status"], name="conduct_case_person"),
            models.Index(fields=["bureau", "unit", "status"], name="conduct_case_unit"),
        ]

    def __str__(self) -> str:
        """Its number, as papers quote it."""
        return f"微〔{self.year}〕{self.serial}号"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:case", args=[self.pk])

    @property
    def cited(self) -> str:
        """The rule with the version by which it was judged."""
        return cite(self.rule)

    @property
    def status_said(self) -> str:
        """Chinese: how it stands today; nobody is said to be waited for who has spoken or is too late."""
        is_heard = self.status == CaseStatus.NOTIFIED and bool(self.statement)
        if is_heard:
            return HEARD
        said = LAPSED if self.is_lapsed(clock.today()) else str(self.get_status_display())
        if not self.is_appeal_open or self.status == CaseStatus.APPEALED:
            return said
        return f"{said}，{LATE if self.awaits_admission else UNDER_REVIEW}"

    def is_lapsed(self, day: dt.date) -> bool:
        """Whether it is decided, and the time for an appeal is over on the day; it waits to become final."""
        is_over = self.appeal_until is not None and self.appeal_until < day
        return self.status == CaseStatus.DECIDED and is_over

    @property
    def evidence_said(self) -> str:
        """What shows the fact, without addresses inside the system: those lead nowhere from a paper."""
        lines = self.evidence.splitlines()
        return "\n".join(line for line in lines if not line.startswith("原始记录：/"))

    @property
    def is_groundless(self) -> bool:
        """Whether the finding behind it has ended: the fact may have changed."""
        return self.finding is not None and self.finding.status != FindingStatus.LIVE

    @property
    def ground_ended(self) -> str:
        """Chinese: that the finding behind it has ended, and why; empty while it stands."""
        if self.finding is None or not self.is_groundless:
            return ""
        because = f"（{self.finding.closed_because}）" if self.finding.closed_because else ""
        return f"依据的检查发现已是“{self.finding.get_status_display()}”{because}。"

    @property
    def awaits_admission(self) -> bool:
        """Whether a late appeal waits for a person to admit it or not."""
        return self.is_appeal_open and self.is_appeal_late and self.review_until is None

    @property
    def is_under_review(self) -> bool:
        """Whether an appeal, in time or admitted, waits for its review."""
        return self.is_appeal_open and not self.awaits_admission

    @property
    def is_reviewable(self) -> bool:
        """Whether a third person may say the last word now: on an appeal, or because the fact has changed."""
        is_decided = self.status in {CaseStatus.DECIDED, CaseStatus.FINAL}
        return self.is_under_review or (is_decided and self.is_groundless and not self.awaits_admission)


class CaseStep(BureauRow):
    """What happened to a case on a day, by whom; the table only grows."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name="事项", related_name="steps")
    kind = models.CharField("步骤", max_length=20, choices=StepKind)
    on = models.DateField("日期")
    at = models.DateTimeField("登记时间", default=clock.now)
    by = models.ForeignKey(
        Person, models.PROTECT, verbose_name="经办人", related_name="+", null=True, blank=True
    )
    by_label = models.CharField("经办", max_length=100)
    text = models.TextField("内容", blank=True)
    earlier = models.JSONField(
        "更正前的告知", null=True, blank=True, help_text="更正告知的：原来告知的事实、分值、期限和陈述"
    )

    class Meta:
        """In order of time."""

        verbose_name = "事项步骤"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        """What, when."""
        return f"{self.on} {self.get_kind_display()}"


class PointsEntry(BureauRow):
    """A line of the points ledger: never changed, never deleted; a counter-entry takes it back.

    It fits its case (trigger): a deduction has the points of a final case, a counter-entry follows where the
    case was changed or cleared. Archives therefore bring lines before their cases.
    """

    sealed_by: ClassVar = ("case",)

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="人员", related_name="points_entries", null=True, blank=True
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="组织", related_name="points_entries", null=True, blank=True
    )
    case = models.ForeignKey(Case, models.PROTECT, verbose_name="事项", related_name="points_entries")
    kind = models.CharField("类别", max_length=20, choices=PointsKind)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)
    reverses = models.OneToOneField(
        "self", models.PROTECT, verbose_name="冲回的行", related_name="reversal", null=True, blank=True
    )
    counted_on = models.DateField("计入日期")
    at = models.DateTimeField("登记时间", default=clock.now)
    by_label = models.CharField("经办", max_length=100)
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        """A reversal names what it takes back."""

        verbose_name = "记分"
        ordering: ClassVar = ["counted_on", "at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=PointsKind.DEDUCTED, reverses__isnull=True)
                | Q(kind=PointsKind.REVERSED, reverses__isnull=False),
                name="conduct_points_reversal",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(unit__isnull=False), name="conduct_points_somebody"
            ),
            models.CheckConstraint(
                condition=Q(kind=PointsKind.DEDUCTED, points__lt=0)
                | Q(kind=PointsKind.REVERSED, points__gt=0),
                name="conduct_points_sign",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "person", "counted_on"], name="conduct_points_person"),
            models.Index(fields=["bureau", "unit", "counted_on"], name="conduct_points_unit"),
        ]

    def __str__(self) -> str:
        """Points and case."""
        return f"{self.points} {self.case}"
