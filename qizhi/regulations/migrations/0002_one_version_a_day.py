"""No two published versions of a document on one day, by the database's own rule."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import NoOverlap


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0001_initial")]
    operations: ClassVar = [
        # The status is a key too: a draft may cover days of the version it is going to replace.
        NoOverlap("Version", keys=["regulation_id", "status"], start="effective_from", end="effective_to"),
    ]
