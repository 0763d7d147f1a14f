"""What part of conduct a clause is about, and what shows that it was not kept."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.operations import Lift, Refuses, Sealed

PUBLISHED = {"status": "published"}
OF_VERSION = ["version_id", "regulations_version"]
OF_CLAUSE = ["clause_id", "regulations_clause"]
STRANGE = """
    EXISTS (SELECT 1 FROM "org_unit" u WHERE u."id" = NEW."unit_id"
            AND (u."bureau_id" <> NEW."bureau_id" OR u."kind" <> 'branch'))
    OR EXISTS (SELECT 1 FROM "regulations_clause" c WHERE c."id" = NEW."clause_id"
               AND (c."bureau_id" <> NEW."bureau_id" OR c."subject" <> 'branch'))
"""
AREAS = [
    ("daily", "日常规范"),
    ("service", "文明服务"),
    ("political", "政治纪律"),
    ("organisation", "组织纪律"),
    ("integrity", "廉洁纪律"),
    ("masses", "群众纪律"),
    ("work", "工作纪律"),
    ("life", "生活纪律"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0013_exemptions")]
    operations: ClassVar = [
        Lift("Exemption", rule="one_bureau"),
        Lift("ClauseCase", rule="sealed"),
        Lift("Clause", rule="sealed"),
        migrations.AddField(
            model_name="clause",
            name="area",
            field=models.CharField(blank=True, choices=AREAS, max_length=20, verbose_name="类别"),
        ),
        migrations.AddField(
            model_name="clause",
            name="evidence",
            field=models.CharField(
                blank=True, help_text="凭什么认定，例如检查笔录", max_length=200, verbose_name="所需证据"
            ),
        ),
        Sealed("Clause", when=PUBLISHED, owners=[OF_VERSION]),
        Sealed("ClauseCase", when=PUBLISHED, owners=[OF_CLAUSE, OF_VERSION]),
        Refuses(
            "Exemption",
            rule="one_bureau",
            verbs=["insert", "update"],
            when=STRANGE,
            says="is of another bureau",
        ),
    ]
