"""Samples are kept with whom they were drawn from; what an inspection wrote down is withdrawn with a reason."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import qizhi.core.clock
import qizhi.core.ids
from qizhi.core.db.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0010_checks_by_reason"), ("org", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="observation",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
        ),
        migrations.AddField(
            model_name="observation",
            name="withdrawn_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="撤销理由"),
        ),
        migrations.CreateModel(
            name="SampleDraw",
            fields=[
                ("id", models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="编号")),
                ("at", models.DateTimeField(default=qizhi.core.clock.now, verbose_name="抽取时间")),
                ("by_label", models.CharField(max_length=100, verbose_name="抽取人")),
                ("on", models.DateField(help_text="以哪一天在册的人为总体", verbose_name="总体日期")),
                ("seed", models.CharField(max_length=40, verbose_name="种子")),
                ("number", models.PositiveIntegerField(verbose_name="抽取人数")),
                ("units", models.JSONField(default=list, verbose_name="总体组织")),
                ("frame", models.JSONField(default=list, help_text="全部工号", verbose_name="总体")),
                ("drawn", models.JSONField(default=list, help_text="工号、姓名、所在组织", verbose_name="抽中")),
                ("because", models.CharField(blank=True, max_length=200, verbose_name="重抽理由")),
                ("bureau", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.bureau", verbose_name="单位")),
                ("inspection", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="conduct.inspection", verbose_name="月度检查")),
            ],
            options={"verbose_name": "抽样", "ordering": ["at", "id"]},
        ),
        AppendOnly("SampleDraw"),
    ]
