"""The base of every row, and the log of changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qizhi.core.ids import new_id


class Row(models.Model):
    """A row with a key made by the application."""

    id = models.UUIDField("编号", primary_key=True, default=new_id, editable=False)

    class Meta:
        """Shared base."""

        abstract = True


class AuditEvent(Row):
    """One change: who did what to which row, with the values before and after.

    It points at nothing by key: the log outlives the rows it speaks of. The table only grows; the
    database itself refuses to change or delete a row of it.
    """

    bureau_id = models.UUIDField("单位", null=True)
    at = models.DateTimeField("时间")
    by_id = models.UUIDField("操作账号", null=True)
    by_label = models.CharField("操作人", max_length=100)
    verb = models.CharField("动作", max_length=60)
    model = models.CharField("对象类型", max_length=60)
    object_id = models.UUIDField("对象", null=True)
    object_label = models.CharField("对象名称", max_length=200, blank=True)
    unit_id = models.UUIDField("所属组织", null=True)
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)

    class Meta:
        """Found by object and by bureau in time."""

        verbose_name = "操作日志"
        indexes: ClassVar = [
            models.Index(fields=["bureau_id", "object_id", "at"], name="audit_object"),
            models.Index(fields=["bureau_id", "at"], name="audit_time"),
        ]

    def __str__(self) -> str:
        """Who did what."""
        return f"{self.by_label} {self.verb} {self.object_label}"


class ImportDraft(Row):
    """An uploaded table that waits for a person's yes; it can be left and found again."""

    bureau_id = models.UUIDField("单位")
    created_at = models.DateTimeField("上传时间")
    by_id = models.UUIDField("操作账号", null=True)
    importer = models.CharField("导入类型", max_length=60)
    filename = models.CharField("文件名", max_length=200)
    content = models.BinaryField("文件内容")
    options = models.JSONField("选项", default=dict)
    started_at = models.DateTimeField("开始导入时间", null=True)
    applied_at = models.DateTimeField("导入时间", null=True)
    summary = models.JSONField("结果", default=dict)

    class Meta:
        """Found by bureau, newest first."""

        verbose_name = "待导入文件"
        indexes: ClassVar = [models.Index(fields=["bureau_id", "-created_at"], name="importdraft_time")]

    def __str__(self) -> str:
        """The file."""
        return self.filename
