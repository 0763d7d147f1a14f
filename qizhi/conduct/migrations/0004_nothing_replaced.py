"""No new row takes the place of one that must stay (SQLite's OR REPLACE), and no such table is emptied at once."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import AppendOnly, Sealed

PROCESS = [
    *("status", "notified_on", "statement_until", "statement_days", "stated_on", "statement"),
    *("decided_by_id", "decided_on", "decision", "decision_reason", "appeal_until"),
    *("appealed_on", "appeal", "is_appeal_late", "review_until"),
    *("reviewed_by_id", "reviewed_on", "outcome", "review_reason", "final_points", "final_on"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0003_ways")]
    operations: ClassVar = [
        Sealed("Case", unless={"status": "draft"}, free=PROCESS),
        AppendOnly("CaseStep"),
        AppendOnly("PointsEntry"),
        Sealed("Bulletin", when={"status": "approved"}),
    ]
