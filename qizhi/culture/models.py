"""Calls for essays, maxims and micro works, and what was handed in for them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.culture.enums import WorkState
from qizhi.culture.rules import lists_in
from qizhi.org.models import BureauRow, Person, Unit


class WorkKind(BureauRow):
    """A kind of work that calls ask for: data of the bureau.

    `lists` names the lists that the bureau speaks of (五微 …), a kind may stand in several. One that is not
    collected stands in its list all the same, and its note says where it is done.
    """

    key = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=40)
    lists = models.CharField(
        "所属名目", max_length=120, blank=True, help_text="几类作品合称的名目，属于几个名目的用顿号隔开"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    is_collected = models.BooleanField("征集作品", default=True)
    is_one_line = models.BooleanField("一句话作品", default=False)
    position = models.PositiveSmallIntegerField("排序", default=0)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        """Codes and names are unique in a bureau."""

        verbose_name = "作品类别"
        ordering: ClassVar = ["position", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "key"], name="culture_workkind_key"),
            models.UniqueConstraint(fields=["bureau", "name"], name="culture_workkind_name"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def named_lists(self) -> list[str]:
        """The lists in which it stands."""
        return lists_in(self.lists)


class Call(BureauRow):
    """That the bureau asks for works of a kind, until a day."""

    kind = models.ForeignKey(WorkKind, models.PROTECT, verbose_name="类别", related_name="calls")
    title = models.CharField("名称", max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="征集组织", related_name="+")
    opened_on = models.DateField("发布日期")
    due_on = models.DateField("截止日期", null=True, blank=True, help_text="长期征集的空着")
    is_blind = models.BooleanField("匿名评审", default=False, help_text="评审材料只印编号，不印作者和组织")
    note = models.TextField("要求", blank=True)

    years_by: ClassVar = "opened_on"

    class Meta:
        """Newest first; titles are unique, the last day is not before the first."""

        verbose_name = "征集"
        ordering: ClassVar = ["-opened_on", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "title"], name="culture_call_title"),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("opened_on")), name="culture_call_days"
            ),
        ]

    def __str__(self) -> str:
        """The title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("culture:call", args=[self.pk])

    def is_open(self, day: dt.date) -> bool:
        """Whether works are in time on the day."""
        return self.opened_on <= day and (self.due_on is None or day <= self.due_on)


class WorkQuerySet(models.QuerySet["Work"]):
    """Works as one asks for them."""

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(withdrawn_because="")


class Work(BureauRow):
    """One work that was handed in: by a person or by a unit as a whole.

    Its words are for those who collect and read them, not for everybody: only the author can agree to more
    (`may_show`). What was sent on was selected before.
    """

    call = models.ForeignKey(Call, models.PROTECT, verbose_name="征集", related_name="works")
    number = models.PositiveIntegerField("编号")
    title = models.CharField("题目", max_length=120)
    text = models.TextField("内容", blank=True)
    author = models.ForeignKey(
        Person, models.PROTECT, verbose_name="作者", null=True, blank=True, related_name="works"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="组织", related_name="+")
    handed_in_on = models.DateField("收到日期")
    may_show = models.BooleanField("作者同意公开", default=False)
    state = models.CharField("结果", max_length=12, choices=WorkState, default=WorkState.RECEIVED)
    forwarded_on = models.DateField("报送日期", null=True, blank=True)
    forwarded_to = models.CharField("报送单位", max_length=60, blank=True)
    withdrawn_because = models.CharField("撤回原因", max_length=120, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        """In the order in which they came; what was sent on was selected, and says to whom."""

        verbose_name = "作品"
        ordering: ClassVar = ["call", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "call", "number"], name="culture_work_number"),
            models.CheckConstraint(
                condition=Q(forwarded_on=None, forwarded_to="")
                | Q(forwarded_on__isnull=False, forwarded_to__gt="", state=WorkState.SELECTED),
                name="culture_work_forwarded",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "author"], name="culture_work_author"),
            models.Index(fields=["bureau", "unit"], name="culture_work_unit"),
        ]

    def __str__(self) -> str:
        """The title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("culture:work", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether it came after the last day of its call; it counts all the same."""
        return self.call.due_on is not None and self.handed_in_on > self.call.due_on

    @property
    def author_label(self) -> str:
        """Whose it is: a person's, or the unit's as a whole."""
        return str(self.author) if self.author else "集体"
