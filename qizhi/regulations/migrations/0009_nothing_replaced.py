"""No new row takes the place of one that must stay (SQLite's OR REPLACE), and no such table is emptied at once."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import Sealed

PUBLISHED = {"status": "published"}
OF_VERSION = ["version_id", "regulations_version"]
OF_CLAUSE = ["clause_id", "regulations_clause"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0008_search_index")]
    operations: ClassVar = [
        Sealed("Version", when=PUBLISHED, free=["effective_to"]),
        Sealed("Clause", when=PUBLISHED, owners=[OF_VERSION]),
        Sealed("ClauseCase", when=PUBLISHED, owners=[OF_CLAUSE, OF_VERSION]),
        Sealed("Run", when={"status": "done"}),
        Sealed(
            "Finding",
            free=["status", "closed_at", "closed_by_label", "closed_because"],
            until={"status": "live"},
        ),
    ]
