"""Who has admitted a late appeal, and whether an appeal waits: until now read off what a new appeal wiped out."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from qizhi.core.db.operations import Moves, Sealed

PROCESS = [
    *("status", "notified_on", "statement_until", "statement_days", "stated_on", "statement"),
    *("decided_by_id", "decided_on", "decision", "decision_reason", "appeal_until"),
    *("appealed_on", "appeal", "is_appeal_late", "is_appeal_open", "admitted_by_id", "review_until"),
    *("reviewed_by_id", "reviewed_on", "outcome", "review_reason", "final_points", "final_on"),
]
WAYS = {
    "draft": ["notified", "dropped"],
    "notified": ["decided", "cleared"],
    "decided": ["appealed", "final", "cleared"],
    "appealed": ["final", "cleared"],
    "final": ["cleared"],
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0004_nothing_replaced"), ("org", "0004_began_work_on")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="case",
            name="admitted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.person",
                verbose_name="受理人",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="is_appeal_open",
            field=models.BooleanField(default=False, verbose_name="申诉待办理"),
        ),
        # SQLite has made the table anew, without its triggers.
        Sealed("Case", unless={"status": "draft"}, free=PROCESS),
        Moves("Case", column="status", ways=WAYS),
    ]
