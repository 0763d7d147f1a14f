"""The index of the library: what is looked through when somebody searches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qizhi.org.models import BureauRow
from qizhi.regulations.enums import IndexedPart
from qizhi.regulations.models.documents import Clause, Regulation, Version


class IndexEntry(BureauRow):
    """A name, a paragraph or a clause in the forms of `core.search`; follows from the documents."""

    derived_by: ClassVar = "qizhi.regulations.services.index.index_bureau"

    regulation = models.ForeignKey(Regulation, models.CASCADE, verbose_name="制度文件", related_name="+")
    version = models.ForeignKey(Version, models.CASCADE, verbose_name="版本", related_name="+", null=True)
    clause = models.ForeignKey(Clause, models.CASCADE, verbose_name="条款", related_name="+", null=True)
    part = models.CharField("部分", max_length=20, choices=IndexedPart)
    position = models.PositiveIntegerField("排序", default=0)
    text = models.TextField("文字")
    folded = models.TextField("统一写法")
    syllables = models.TextField("拼音")
    initials = models.TextField("首字母")

    class Meta:
        """Found by bureau, then read through."""

        verbose_name = "检索条目"
        ordering: ClassVar = ["regulation", "position"]
        indexes: ClassVar = [models.Index(fields=["bureau", "part"], name="regulations_index_part")]

    def __str__(self) -> str:
        """The text."""
        return self.text
