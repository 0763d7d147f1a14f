"""Documents whose numbers are references."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.org.models import BureauRow


class OverviewTemplate(BureauRow):
    """The text of the overview, with figure references in place of digits; each saving is a version."""

    name = models.CharField("名称", max_length=80)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", help_text="一行一段；# 章标题；[[指标|时段|样式]] 引用指标")
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.CharField("保存人", max_length=100)
    is_current = models.BooleanField("现行", default=True)

    class Meta:
        """Versions are counted for each name."""

        verbose_name = "综述模板"
        ordering: ClassVar = ["name", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "name", "version"], name="reports_template_version"),
            models.UniqueConstraint(
                fields=["bureau", "name"],
                condition=models.Q(is_current=True),
                name="reports_template_current",
            ),
        ]

    def __str__(self) -> str:
        """Name and version."""
        return f"{self.name} 第{self.version}版"

    def get_absolute_url(self) -> str:
        """Its editor."""
        return reverse("reports:template", args=[self.pk])


class IssuedOverview(BureauRow):
    """An overview as it was sent: its files byte for byte, and each number with the rows it came from.

    Rows go on changing; what was sent does not. The table only grows: the database refuses changes.
    """

    title = models.CharField("标题", max_length=200)
    doc_no = models.CharField("发文字号", max_length=60)
    mark = models.CharField("发文机关标志", max_length=100)
    signer = models.CharField("署名", max_length=100)
    issued_on = models.DateField("成文日期")
    year = models.PositiveSmallIntegerField("报告年度")
    as_of = models.DateField("核算日")
    template = models.ForeignKey(
        OverviewTemplate, models.PROTECT, verbose_name="模板版本", related_name="issued"
    )
    content = models.JSONField("正文与数字", help_text="每个数字连同当时的明细")
    docx = models.BinaryField("Word 文件")
    pdf = models.BinaryField("PDF 文件")
    docx_sha256 = models.CharField("Word 文件摘要", max_length=64)
    pdf_sha256 = models.CharField("PDF 文件摘要", max_length=64)
    issued_at = models.DateTimeField("出文时间")
    issued_by = models.CharField("出文人", max_length=100)

    class Meta:
        """A document number is given once."""

        verbose_name = "已出文综述"
        ordering: ClassVar = ["-issued_on", "-issued_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "doc_no"], name="reports_issued_doc_no")
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "-issued_on"], name="reports_issued_day")]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.doc_no} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:issued", args=[self.pk])
