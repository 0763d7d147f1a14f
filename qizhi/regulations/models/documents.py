"""Documents, their versions and clauses.

Days are inclusive on both ends. National documents and papers are held once for each bureau, not shared:
a bureau confirms and corrects its own copy, and no office can change what another one is judged by.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.org.models import BureauRow
from qizhi.regulations.enums import (
    AppliesBy,
    Area,
    ClausePeriod,
    Confirmation,
    Level,
    Subject,
    VersionStatus,
)


class Regulation(BureauRow):
    """A document that binds the bureau; what it says stands in its versions."""

    code = models.SlugField("代码", max_length=60)
    title = models.CharField("名称", max_length=200)
    doc_no = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=100)
    level = models.CharField("层级", max_length=20, choices=Level, default=Level.BUREAU)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name="被替代为", related_name="replaces", null=True, blank=True
    )
    confirmation = models.CharField(
        "核对状态", max_length=1, choices=Confirmation, default=Confirmation.RECALLED
    )

    class Meta:
        """Codes are unique in a bureau."""

        verbose_name = "制度文件"
        ordering: ClassVar = ["level", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "code"], name="regulations_regulation_code")
        ]

    def __str__(self) -> str:
        """The title in book marks, as documents quote it."""
        return f"《{self.title}》"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("regulations:regulation", args=[self.pk])


class RegulationAlias(BureauRow):
    """Another name people use for a document."""

    regulation = models.ForeignKey(
        Regulation, models.CASCADE, verbose_name="制度文件", related_name="aliases"
    )
    name = models.CharField("别名", max_length=100)

    class Meta:
        """Each name once."""

        verbose_name = "制度别名"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "regulation", "name"], name="regulations_alias_name")
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name


class VersionQuerySet(models.QuerySet["Version"]):
    """Questions asked of versions."""

    def published(self) -> Self:
        """Those that bind or have bound."""
        return self.filter(status=VersionStatus.PUBLISHED)

    def in_force(self, on: dt.date) -> Self:
        """Published and in force on the day."""
        return self.published().filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=on), effective_from__lte=on
        )


class Version(BureauRow):
    """A document as it stood from one day to another; once published it never changes but for its end."""

    named_with: ClassVar = ("regulation",)

    regulation = models.ForeignKey(
        Regulation, models.CASCADE, verbose_name="制度文件", related_name="versions"
    )
    label = models.CharField("版本", max_length=60)
    published_on = models.DateField("印发日期", null=True, blank=True)
    effective_from = models.DateField("施行日期")
    effective_to = models.DateField(
        "失效日期", null=True, blank=True, help_text="最后有效的一天；空白表示现行"
    )
    status = models.CharField("状态", max_length=20, choices=VersionStatus, default=VersionStatus.DRAFT)
    text = models.TextField("正文或摘录", blank=True)
    confirmation = models.CharField(
        "核对状态", max_length=1, choices=Confirmation, default=Confirmation.RECALLED
    )
    # Accounts, by key alone: the account may go, that two people saw the words must stay.
    changed_by_id = models.UUIDField("最后修改的账号", null=True, editable=False)
    published_by_id = models.UUIDField("发布的账号", null=True, editable=False)
    loaded_from = models.CharField(
        "装入来源",
        max_length=120,
        blank=True,
        editable=False,
        help_text="没有经人发布的：由哪份文件或命令装入",
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        """No two published versions on one day (trigger); one draft at a time."""

        verbose_name = "制度版本"
        ordering: ClassVar = ["-effective_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="regulations_version_days",
            ),
            # Who made the last change does not put it into force.
            models.CheckConstraint(
                condition=Q(published_by_id__isnull=True)
                | Q(changed_by_id__isnull=True)
                | ~Q(published_by_id=F("changed_by_id")),
                name="regulations_version_two_people",
            ),
            # In force by somebody's word, or as it came from a file that nobody here has touched.
            models.CheckConstraint(
                condition=~Q(status=VersionStatus.PUBLISHED)
                | Q(published_by_id__isnull=False)
                | Q(~Q(loaded_from=""), changed_by_id__isnull=True),
                name="regulations_version_publisher",
            ),
            models.UniqueConstraint(
                fields=["bureau", "regulation"],
                condition=Q(status=VersionStatus.DRAFT),
                name="regulations_version_one_draft",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "status", "effective_from"], name="regulations_version_force")
        ]

    def __str__(self) -> str:
        """Document and version."""
        return f"{self.regulation}（{self.label}）"

    def get_absolute_url(self) -> str:
        """Its place on the document's page."""
        return f"{self.regulation.get_absolute_url()}#version-{self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it may still be edited."""
        return self.status == VersionStatus.DRAFT


class Clause(BureauRow):
    """One rule of a version: its words or their sense, and parameters if a kind of rule can judge it."""

    sealed_by: ClassVar = ("version",)
    named_with: ClassVar = ("version__regulation",)

    version = models.ForeignKey(Version, models.CASCADE, verbose_name="版本", related_name="clauses")
    key = models.SlugField("条款代码", max_length=40)
    number = models.CharField("条款号", max_length=40, blank=True)
    text = models.TextField("条文")
    is_quoted = models.BooleanField("逐字引用", default=True, help_text="不勾：这里写的是大意")
    kind = models.SlugField("判定类型", max_length=40, blank=True, help_text="空白：只供引用，不由系统判定")
    parameters = models.JSONField("参数", default=dict, blank=True)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2, default=0)
    subject = models.CharField("对象", max_length=20, choices=Subject, default=Subject.BRANCH)
    period = models.CharField("周期", max_length=20, choices=ClausePeriod, default=ClausePeriod.EACH)
    applies_by = models.CharField("适用版本依据", max_length=20, choices=AppliesBy, default=AppliesBy.EVENT)
    area = models.CharField("类别", max_length=20, choices=Area, blank=True)
    evidence = models.CharField("所需证据", max_length=200, blank=True, help_text="凭什么认定，例如检查笔录")
    is_general = models.BooleanField("原文为“一般”", default=False, help_text="只提醒，不阻止")
    is_enabled = models.BooleanField("启用", default=True)
    confirmation = models.CharField(
        "核对状态", max_length=1, choices=Confirmation, default=Confirmation.RECALLED
    )
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        """Keys are unique in a version."""

        verbose_name = "条款"
        ordering: ClassVar = ["position", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "version", "key"], name="regulations_clause_key")
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "key"], name="regulations_clause_find")]

    def __str__(self) -> str:
        """Key and number."""
        return f"{self.key} {self.number}".strip()

    @property
    def source(self) -> str:
        """How a finding or a page quotes it: 《…》第十一条."""
        return f"{self.version.regulation}{self.number}"

    @property
    def said(self) -> str:
        """How the log of changes names it."""
        return self.source

    @property
    def is_confirmed(self) -> bool:
        """Whether words and numbers were checked, or are the bureau's own; the others wait for a person."""
        return self.confirmation in {Confirmation.SEEN, Confirmation.DESCRIBED}

    @property
    def asked_by(self) -> str:
        """Document and clause, whatever the version; as slots of findings begin."""
        return f"{self.version.regulation.code}|{self.key}"

    def get_absolute_url(self) -> str:
        """Its place on the document's page."""
        return f"{self.version.regulation.get_absolute_url()}#clause-{self.pk}"


class ClauseCase(BureauRow):
    """A golden case of a clause: facts in words, and what the clause must say of them."""

    sealed_by: ClassVar = ("clause",)

    clause = models.ForeignKey(Clause, models.CASCADE, verbose_name="条款", related_name="cases")
    position = models.PositiveSmallIntegerField("排序", default=0)
    name = models.CharField("案例", max_length=120)
    given = models.JSONField("给定", default=dict)
    expected = models.JSONField("结果", help_text="一个词，或各期间的词")
    contains = models.JSONField("理由含", default=list)

    class Meta:
        """In the order in which they were written."""

        verbose_name = "案例"
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        """What it is about."""
        return self.name
