"""What each post has to do, by days."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import qizhi.core.ids
from qizhi.core.db.operations import NoOverlap


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("conduct", "0012_case_of_note"),
        ("org", "0005_offices_apart"),
        ("regulations", "0014_area_and_evidence"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PostDuty",
            fields=[
                ("id", models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="编号")),
                ("from_on", models.DateField(verbose_name="起始日期")),
                ("to_on", models.DateField(blank=True, help_text="空白表示至今", null=True, verbose_name="截止日期")),
                ("name", models.CharField(help_text="例如“综合科科长”“窗口受理”", max_length=60, verbose_name="岗位")),
                ("duties", models.TextField(help_text="一行一项", verbose_name="岗位职责")),
                ("demands", models.TextField(blank=True, help_text="一行一项", verbose_name="工作要求和日常行为规范")),
                ("bureau", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.bureau", verbose_name="单位")),
                ("regulation", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regulations.regulation", verbose_name="依据")),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit", verbose_name="处室")),
            ],
            options={
                "verbose_name": "岗位职责清单",
                "ordering": ["unit__position", "name", "-from_on"],
                "abstract": False,
                "indexes": [models.Index(fields=["bureau", "unit"], name="conduct_post_duty_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                        name="conduct_postduty_days",
                    )
                ],
            },
        ),
        NoOverlap("PostDuty", keys=["unit_id", "name"], start="from_on", end="to_on"),
    ]
