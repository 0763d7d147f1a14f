"""What is published, found or settled cannot be changed afterwards, by the database's own rule."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import NoOverlap, Sealed

PUBLISHED = {"status": "published"}
OF_VERSION = ["version_id", "regulations_version"]
OF_CLAUSE = ["clause_id", "regulations_clause"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0005_runs_and_two_people")]
    operations: ClassVar = [
        # The migration before has made the table of versions anew on SQLite, without its trigger.
        NoOverlap("Version", keys=["regulation_id", "status"], start="effective_from", end="effective_to"),
        Sealed("Version", when=PUBLISHED, free=["effective_to"]),
        Sealed("Clause", when=PUBLISHED, owners=[OF_VERSION]),
        Sealed("ClauseCase", when=PUBLISHED, owners=[OF_CLAUSE, OF_VERSION]),
        Sealed("Run", when={"status": "done"}),
        Sealed(
            "Finding",
            free=["status", "closed_at", "closed_by_label", "closed_because"],
            until={"status": "live"},
        ),
        NoOverlap("PeriodClose", keys=["bureau_id"], start="start", end="end"),
    ]
