"""What runs of the clauses have found, and what people have said to it.

A finding is frozen when it is made: it carries copies of the words, the parameters and the facts. The
database refuses to change or delete it; only how it stands may change.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from qizhi.core import clock, periods
from qizhi.org.models import BureauRow, Membership, Person, Placement, Unit
from qizhi.regulations.enums import Change, FindingStatus, RunStatus, Verdict
from qizhi.regulations.models.documents import Clause


def _say(start: dt.date, end: dt.date) -> str:
    """Days in words; whole months that have no name of their own are shortened: 2018年1月至2月."""
    label = periods.Period(start, end).label
    if "至" not in label or start.day > 1 or end != periods.month_of(end).end:
        return label
    last = f"{end.month}月" if start.year == end.year else f"{end.year}年{end.month}月"
    return f"{start.year}年{start.month}月至{last}"


class Run(BureauRow):
    """One judging of all clauses over some days; who asked, by which rules and calendar, what came of it."""

    start = models.DateField("起")
    end = models.DateField("止")
    as_of = models.DateField("核算日", help_text="晚于这一天的记录不计")
    status = models.CharField("状态", max_length=20, choices=RunStatus, default=RunStatus.RUNNING)
    rules_hash = models.CharField("条款指纹", max_length=64)
    calendar_hash = models.CharField("日历指纹", max_length=64)
    counts = models.JSONField("结果", default=dict)
    by_id = models.UUIDField("操作账号", null=True)
    by_label = models.CharField("操作人", max_length=100)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        """One run of the same days at a time; within a month the second waits for the first (service)."""

        verbose_name = "核算"
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="regulations_run_days"),
            models.UniqueConstraint(
                fields=["bureau", "start", "end"],
                condition=Q(status=RunStatus.RUNNING),
                name="regulations_run_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        """Its days."""
        return _say(self.start, self.end)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("regulations:run", args=[self.pk])


class FindingQuerySet(models.QuerySet["Finding"]):
    """Questions asked of findings."""

    def live(self) -> FindingQuerySet:
        """Those that stand."""
        return self.filter(status=FindingStatus.LIVE)

    def within(self, start: dt.date | None, end: dt.date | None) -> FindingQuerySet:
        """Whose period ends on one of the days; None leaves that side open."""
        rows = self if start is None else self.filter(end__gte=start)
        return rows if end is None else rows.filter(end__lte=end)

    def about_unit(self, unit: Unit) -> FindingQuerySet:
        """Of the unit itself and of the people who belonged to it on the last day of their period."""
        tied = Q(to_on__isnull=True) | Q(to_on__gte=OuterRef("end"))
        people = [
            Exists(
                ties.filter(
                    tied,
                    bureau_id=unit.bureau_id,
                    unit=unit,
                    person=OuterRef("person_id"),
                    from_on__lte=OuterRef("end"),
                )
            )
            for ties in (Membership.objects.all(), Placement.objects.all())
        ]
        return self.filter(Q(unit=unit) | people[0] | people[1])

    def about_person(self, words: str) -> FindingQuerySet:
        """Of people by staff number, name or both: 张三(0012)."""
        return self.filter(Person.asked(words))

    def by_clause(self, key: str) -> FindingQuerySet:
        """Of a clause in all its versions; `key` is document and clause as in `Clause.asked_by`."""
        return self.filter(slot__startswith=f"{key}|")

    def shown(self) -> FindingQuerySet:
        """With all that a list shows; no further query."""
        rows = self.select_related("clause__version__regulation", "unit__parent", "person")
        return rows.defer("evidence", "clause__text", "clause__version__text")


class Finding(BureauRow):
    """A fact that a clause does not bear, or that cannot be known, as it was when it was found.

    `slot` says what it is about whatever the version: document, clause, subject, and the row that is the fact
    or else period and occurrence (`rules.runs.slot_of`). Only one finding of a slot stands at a time, and
    none is made again where a person has withdrawn one, on whatever day the fact is corrected to lie.
    """

    run = models.ForeignKey(Run, models.PROTECT, verbose_name="核算", related_name="findings")
    clause = models.ForeignKey(Clause, models.PROTECT, verbose_name="条款", related_name="findings")
    slot = models.CharField("标识", max_length=240)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="组织", related_name="findings", null=True, blank=True
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="人员", related_name="findings", null=True, blank=True
    )
    start = models.DateField("期间起")
    end = models.DateField("期间止")
    occurrence = models.CharField("事项", max_length=120, blank=True)
    address = models.CharField("原始记录", max_length=200, blank=True)
    verdict = models.CharField("结论", max_length=20, choices=Verdict)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2, default=0)
    required = models.TextField("应当")
    actual = models.TextField("实际")
    sentence = models.TextField("说明")
    evidence = models.JSONField("依据", default=dict)
    fingerprint = models.CharField("指纹", max_length=64)
    status = models.CharField("状态", max_length=20, choices=FindingStatus, default=FindingStatus.LIVE)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, verbose_name="替代", related_name="superseded_by", null=True, blank=True
    )
    found_at = models.DateTimeField("发现时间", default=clock.now)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    closed_by_label = models.CharField("处理人", max_length=100, blank=True)
    closed_because = models.CharField("处理理由", max_length=200, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        """One of a slot stands; found by unit, person and days."""

        verbose_name = "检查发现"
        ordering: ClassVar = ["-end", "slot"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "slot"],
                condition=Q(status=FindingStatus.LIVE),
                name="regulations_finding_one_live",
            ),
            # What cannot be known earns no points.
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.UNKNOWN) | Q(points=0),
                name="regulations_finding_unknown_no_points",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "slot"], name="regulations_finding_slot"),
            models.Index(fields=["bureau", "status", "end"], name="regulations_finding_days"),
            models.Index(fields=["bureau", "person", "end"], name="regulations_finding_person"),
            models.Index(fields=["bureau", "unit", "end"], name="regulations_finding_unit"),
        ]

    def __str__(self) -> str:
        """The sentence."""
        return self.sentence

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("regulations:finding", args=[self.pk])

    @property
    def period_label(self) -> str:
        """Its days in words."""
        return _say(self.start, self.end)

    @property
    def subject(self) -> str:
        """Whom it is about; the bureau as a whole where it is neither a person nor a unit."""
        if self.person is not None:
            return f"{self.person.name}({self.person.staff_no})"
        return self.unit.full_label if self.unit is not None else "全局"


class PeriodClose(BureauRow):
    """Days that are settled: a run changes nothing in them and only proposes."""

    start = models.DateField("起")
    end = models.DateField("止")
    by_id = models.UUIDField("操作账号", null=True)
    by_label = models.CharField("操作人", max_length=100)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        """No day is settled twice (trigger)."""

        verbose_name = "结账期间"
        ordering: ClassVar = ["-start"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="regulations_close_days")
        ]

    def __str__(self) -> str:
        """Its days."""
        return _say(self.start, self.end)


class Proposal(BureauRow):
    """What a run would have changed in settled days; a person takes it over or sets it aside."""

    run = models.ForeignKey(Run, models.PROTECT, verbose_name="核算", related_name="proposals")
    change = models.CharField("变更", max_length=20, choices=Change)
    slot = models.CharField("标识", max_length=240)
    finding = models.ForeignKey(
        Finding, models.PROTECT, verbose_name="现有发现", related_name="proposals", null=True, blank=True
    )
    values = models.JSONField("拟写入", default=dict)
    sentence = models.TextField("说明")
    fingerprint = models.CharField("指纹", max_length=64, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by_label = models.CharField("处理人", max_length=100, blank=True)
    is_accepted = models.BooleanField("采纳", null=True, blank=True)

    class Meta:
        """One that waits for each slot."""

        verbose_name = "结账期内的变更建议"
        ordering: ClassVar = ["slot"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "slot"],
                condition=Q(decided_at__isnull=True),
                name="regulations_proposal_one_waiting",
            )
        ]

    def __str__(self) -> str:
        """What it is about."""
        return self.sentence

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("regulations:proposal", args=[self.pk])
