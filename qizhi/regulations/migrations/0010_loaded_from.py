"""Where a version came from that nobody has put into force."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.operations import Lift, NoOverlap, Sealed

PUBLISHED = {"status": "published"}
OF_VERSION = ["version_id", "regulations_version"]
OF_CLAUSE = ["clause_id", "regulations_clause"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0009_nothing_replaced")]
    operations: ClassVar = [
        Lift("Clause", rule="sealed"),
        Lift("ClauseCase", rule="sealed"),
        migrations.AddField(
            model_name="version",
            name="loaded_from",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="没有经人发布的：由哪份文件或命令装入",
                max_length=120,
                verbose_name="装入来源",
            ),
            preserve_default=False,
        ),
        # SQLite has made the table anew, without its triggers. The next step fills the new column.
        NoOverlap("Version", keys=["regulation_id", "status"], start="effective_from", end="effective_to"),
        Sealed("Version", when=PUBLISHED, free=["effective_to", "loaded_from"]),
        Sealed("Clause", when=PUBLISHED, owners=[OF_VERSION]),
        Sealed("ClauseCase", when=PUBLISHED, owners=[OF_CLAUSE, OF_VERSION]),
    ]
