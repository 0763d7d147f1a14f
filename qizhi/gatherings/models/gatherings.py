"""What we did together: entered once, counted everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from qizhi.core import periods
from qizhi.gatherings.enums import (
    Audience,
    Capacity,
    DatePrecision,
    Ledger,
    LeftOutReason,
    RollState,
    Threshold,
    VisitorRole,
)
from qizhi.gatherings.rules.days import last_day_of
from qizhi.org.models import BureauRow, DatedRow, Person, Unit
from qizhi.regulations.models import Regulation

LATE_AFTER_DAYS = 30
"""Days after the last day on which a gathering can have happened; recorded later than that is "补录"."""


class Kind(BureauRow):
    """A kind of gathering: data, with the ledgers it counts for."""

    key = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=40)
    audience = models.CharField("应到范围", max_length=20, choices=Audience, default=Audience.MEMBERS)
    unit_kinds = models.JSONField("适用组织", default=list, help_text="适用的组织类别")
    ledgers = models.JSONField("计入台账", default=list, help_text="计入的台账代码")
    default_hours = models.DecimalField("默认学时", max_digits=4, decimal_places=1, default=0)
    position = models.PositiveSmallIntegerField("排序", default=0)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        """Keys are unique in a bureau."""

        verbose_name = "活动类型"
        ordering: ClassVar = ["position", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "key"], name="gatherings_kind_key")
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def counts_for(self, ledger: str) -> bool:
        """Whether gatherings of the kind count for the ledger."""
        return ledger in self.ledgers


class Series(BureauRow):
    """Something done year after year; its editions are the years of its gatherings."""

    key = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    note = models.CharField("说明", max_length=200, blank=True)
    month = models.PositiveSmallIntegerField("月份", null=True, blank=True, help_text="每年开展的月份")
    is_active = models.BooleanField("延续中", default=True)

    class Meta:
        """Keys are unique in a bureau."""

        verbose_name = "系列活动"
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "key"], name="gatherings_series_key")
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("gatherings:series", args=[self.pk])


class Template(BureauRow):
    """A prepared gathering with a rule for its day; `day_rule` is a text that `regulations.rules` reads."""

    name = models.CharField("名称", max_length=60)
    title = models.CharField("活动名称", max_length=120, help_text="可用 {年} {月} 代替年份、月份")
    kinds = models.ManyToManyField(Kind, verbose_name="活动类型", related_name="templates")
    unit_kind = models.CharField("适用组织", max_length=20, blank=True)
    day_rule = models.CharField("日期规则", max_length=60, blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    topics = models.TextField("议题", blank=True)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1, default=0)
    series = models.ForeignKey(
        Series, models.SET_NULL, verbose_name="系列", null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        """Names are unique in a bureau."""

        verbose_name = "活动模板"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "name"], name="gatherings_template_name")
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """Questions asked of gatherings."""

    def held(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def for_ledger(self, *ledgers: str) -> Self:
        """Those that count for any of the ledgers; each once, however many of its kinds count."""
        # Row by row, by an index that begins with the bureau: a list of keys would hold those of all bureaus.
        own = LedgerEntry.objects.filter(bureau_id=OuterRef("bureau_id"), gathering_id=OuterRef("pk"))
        return self.filter(Exists(own.filter(ledger__in=ledgers)))

    def between(self, period: periods.Period | None) -> Self:
        """Held inside the period (None: none)."""
        return self.none() if period is None else self.filter(held_on__range=(period.start, period.end))


class Gathering(BureauRow):
    """One gathering, of one or several kinds at once.

    A gathering known only to the month is kept on the first of it. `is_recorded_late` is derived by the
    service from the day and the time of recording, so that lists can be narrowed to it on both engines.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="组织", related_name="gatherings")
    title = models.CharField("活动名称", max_length=120)
    held_on = models.DateField("日期")
    precision = models.CharField("日期精度", max_length=10, choices=DatePrecision, default=DatePrecision.DAY)
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    chair = models.ForeignKey(
        Person, models.PROTECT, verbose_name="主持人", null=True, blank=True, related_name="chaired"
    )
    kinds = models.ManyToManyField(
        Kind, verbose_name="活动类型", through="GatheringKind", related_name="gatherings"
    )
    topics = models.TextField("议题", blank=True, help_text="一行一个议题")
    minutes = models.TextField("记录", blank=True)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1, default=0)
    series = models.ForeignKey(
        Series, models.SET_NULL, verbose_name="系列", null=True, blank=True, related_name="gatherings"
    )
    due_total = models.PositiveSmallIntegerField("应到人数", null=True, blank=True)
    present_total = models.PositiveSmallIntegerField("实到人数", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.CharField("登记人", max_length=100)
    is_recorded_late = models.BooleanField("补录", default=False, editable=False)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_because = models.CharField("撤销原因", max_length=200, blank=True)

    objects = GatheringQuerySet.as_manager()

    years_by: ClassVar = "held_on"

    class Meta:
        """Found by unit and by day."""

        verbose_name = "活动"
        ordering: ClassVar = ["-held_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "withdrawn_at", "-held_on", "-id"], name="gatherings_day"),
            models.Index(fields=["bureau", "unit", "-held_on"], name="gatherings_unit_day"),
            models.Index(fields=["bureau", "series", "held_on"], name="gatherings_series_day"),
        ]

    def __str__(self) -> str:
        """The title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("gatherings:detail", args=[self.pk])

    @property
    def day_label(self) -> str:
        """The day as far as it is known."""
        if self.precision == DatePrecision.MONTH:
            return f"{self.held_on.year}年{self.held_on.month}月"
        return periods.say_day(self.held_on)

    @property
    def day_or_month(self) -> dt.date | str:
        """For tables: the day as a day; of one that is known by its month alone, the month in words."""
        return self.day_label if self.precision == DatePrecision.MONTH else self.held_on

    @property
    def last_day(self) -> dt.date:
        """The last day on which it can have happened."""
        return last_day_of(self.held_on, is_month=self.precision == DatePrecision.MONTH)


class GatheringKind(BureauRow):
    """One of the kinds of a gathering."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="kind_links", verbose_name="活动")
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="gathering_links", verbose_name="类型")

    class Meta:
        """Each kind once."""

        verbose_name = "活动的类型"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "gathering", "kind"], name="gatherings_gatheringkind_once"
            )
        ]

    def __str__(self) -> str:
        """Both."""
        return f"{self.gathering_id} {self.kind_id}"


class LedgerEntry(BureauRow):
    """That a gathering counts for a ledger; derived from its kinds by the service, never typed.

    It exists because `ledgers` of a kind is a list: figures join on this narrow, indexed table on both
    engines. `held_on` is repeated so that a count over a period reads one index; the service that
    moves a gathering moves its entries in the same transaction, and a test compares them.
    """

    gathering = models.ForeignKey(
        Gathering, models.CASCADE, related_name="ledger_entries", verbose_name="活动"
    )
    ledger = models.CharField("台账", max_length=20, choices=Ledger)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="组织")
    held_on = models.DateField("日期")

    class Meta:
        """Once for each ledger, however many kinds count for it."""

        verbose_name = "台账条目"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "gathering", "ledger"], name="gatherings_ledgerentry_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "ledger", "held_on", "unit"], name="gatherings_ledger_day")
        ]

    def __str__(self) -> str:
        """The ledger."""
        return self.get_ledger_display()


class Lecturer(BureauRow):
    """Who gave the lesson, in what capacity."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="lecturers", verbose_name="活动")
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="授课人", null=True, blank=True, related_name="lectures"
    )
    guest_name = models.CharField("外请授课人", max_length=40, blank=True)
    capacity = models.CharField("授课身份", max_length=20, choices=Capacity, default=Capacity.MEMBER)

    class Meta:
        """A person of ours or a guest."""

        verbose_name = "授课人"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ ~Q(guest_name=""), name="gatherings_lecturer_somebody"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "person"], name="gatherings_lecturer_person")]

    def __str__(self) -> str:
        """The name."""
        return str(self.person) if self.person_id else self.guest_name


class RollEntry(BureauRow):
    """An exception from the roll: everybody else who was due was present."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="roll", verbose_name="活动")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="人员", related_name="roll_entries")
    state = models.CharField("情况", max_length=10, choices=RollState)
    reason = models.CharField("原因", max_length=60, blank=True)
    made_up_on = models.DateField("补课日期", null=True, blank=True)

    class Meta:
        """One exception for each person."""

        verbose_name = "到会例外"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "gathering", "person"], name="gatherings_rollentry_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "person"], name="gatherings_roll_person")]

    def __str__(self) -> str:
        """Who and what."""
        return f"{self.person}：{self.get_state_display()}"


class Visitor(BureauRow):
    """An auditor or guest; an auditor may leave a comment for the branch."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="visitors", verbose_name="活动")
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="人员", null=True, blank=True, related_name="visits"
    )
    guest_name = models.CharField("外单位人员", max_length=40, blank=True)
    role = models.CharField("身份", max_length=10, choices=VisitorRole, default=VisitorRole.GUEST)
    comment = models.TextField("点评", blank=True)

    class Meta:
        """A person of ours, once, or a guest."""

        verbose_name = "旁听与列席"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ ~Q(guest_name=""), name="gatherings_visitor_somebody"
            ),
            models.UniqueConstraint(
                fields=["bureau", "gathering", "person"],
                condition=Q(person__isnull=False),
                name="gatherings_visitor_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "person"], name="gatherings_visitor_person")]

    def __str__(self) -> str:
        """The name."""
        return str(self.person) if self.person_id else self.guest_name


_VOTES = models.F("yes") + models.F("no") + models.F("abstained")


class Resolution(BureauRow):
    """Something put to the vote; `person` is whom an admission concerns, one resolution for each (AD-08)."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="resolutions", verbose_name="活动")
    position = models.PositiveSmallIntegerField("序号", default=1)
    title = models.CharField("事项", max_length=120)
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="讨论对象", null=True, blank=True, related_name="resolutions"
    )
    threshold = models.CharField("表决规则", max_length=20, choices=Threshold, default=Threshold.ORDINARY)
    due = models.PositiveSmallIntegerField("应到有表决权人数")
    present = models.PositiveSmallIntegerField("实到有表决权人数")
    yes = models.PositiveSmallIntegerField("赞成")
    no = models.PositiveSmallIntegerField("反对", default=0)
    abstained = models.PositiveSmallIntegerField("弃权", default=0)
    written_yes = models.PositiveSmallIntegerField("会前书面赞成", default=0)
    ballots_issued = models.PositiveSmallIntegerField("发出选票", null=True, blank=True)
    ballots_returned = models.PositiveSmallIntegerField("收回选票", null=True, blank=True)
    candidates = models.PositiveSmallIntegerField("候选人数", null=True, blank=True)
    seats = models.PositiveSmallIntegerField("应选人数", null=True, blank=True)
    elected = models.PositiveSmallIntegerField("当选人数", null=True, blank=True)

    class Meta:
        """Votes cannot exceed those present (or the ballots that came back), nor those present those due.

        Ballots, candidates and seats belong to elections alone.
        """

        verbose_name = "决议"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(present__lte=models.F("due")), name="gatherings_resolution_present"
            ),
            models.CheckConstraint(
                condition=Q(present__gte=_VOTES)
                | Q(ballots_returned__isnull=False, ballots_returned__gte=_VOTES),
                name="gatherings_resolution_votes",
            ),
            models.CheckConstraint(
                condition=Q(ballots_issued__isnull=True, ballots_returned__isnull=True)
                | Q(
                    ballots_issued__isnull=False,
                    ballots_returned__isnull=False,
                    threshold=Threshold.ELECTION,
                ),
                name="gatherings_resolution_ballots",
            ),
            models.CheckConstraint(
                condition=Q(candidates__isnull=True, seats__isnull=True, elected__isnull=True)
                | Q(threshold=Threshold.ELECTION),
                name="gatherings_resolution_places",
            ),
        ]

    def __str__(self) -> str:
        """The matter."""
        return self.title


class VotingExclusion(DatedRow):
    """That a member of a branch cannot come, and may be left out of the number due in some votes (EL-05).

    Only the class of the reason is kept, never its circumstances. It counts from the day on which both
    approvals are there; see `rules.voting`.
    """

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="党员", related_name="voting_exclusions")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="voting_exclusions")
    reason = models.CharField("情形", max_length=10, choices=LeftOutReason)
    consented_by = models.CharField("同意的上级党组织", max_length=80, blank=True)
    consented_on = models.DateField("上级同意日期", null=True, blank=True)
    approved_on = models.DateField("党员大会通过日期", null=True, blank=True)

    class Meta(DatedRow.Meta):
        """One a day for each person in a branch (trigger)."""

        verbose_name = "不计入应到"
        ordering: ClassVar = ["-from_on"]
        constraints: ClassVar = [*DatedRow.Meta.constraints]
        indexes: ClassVar = [models.Index(fields=["bureau", "unit"], name="gatherings_exclusion_unit")]

    def __str__(self) -> str:
        """Who."""
        return str(self.person)


class Instruction(DatedRow):
    """The steps of a kind of gathering as one version of its work instruction says them.

    Shown beside the form and printed; nothing is ticked and nothing about them is stored.
    """

    kind = models.ForeignKey(Kind, models.CASCADE, verbose_name="活动类型", related_name="instructions")
    steps = models.TextField("步骤", help_text="一行一步，按先后排列")
    source = models.ForeignKey(
        Regulation, models.PROTECT, verbose_name="依据文件", null=True, blank=True, related_name="+"
    )

    class Meta(DatedRow.Meta):
        """One version a day for each kind (trigger)."""

        verbose_name = "作业指导"
        ordering: ClassVar = ["kind", "-from_on"]
        constraints: ClassVar = [*DatedRow.Meta.constraints]

    def __str__(self) -> str:
        """The kind."""
        return f"{self.kind}作业指导"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("gatherings:instruction", args=[self.pk])

    @property
    def lines(self) -> list[str]:
        """The steps in order."""
        return [line for line in self.steps.splitlines() if line.strip()]


class Attachment(BureauRow):
    """A file somebody chose to add; never asked for."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="attachments", verbose_name="活动")
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("大小（字节）")
    content = models.BinaryField("内容")
    added_at = models.DateTimeField("添加时间")

    class Meta:
        """Names."""

        verbose_name = "附件"

    def __str__(self) -> str:
        """The file's name."""
        return self.name

    @staticmethod
    def without_content() -> models.QuerySet[Any]:
        """Attachments without loading their bytes."""
        return Attachment.objects.defer("content")
