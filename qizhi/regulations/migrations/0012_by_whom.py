"""No version is in force without somebody who has put it there, or the file it came from."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.operations import Lift, NoOverlap, Sealed

PUBLISHED = {"status": "published"}
OF_VERSION = ["version_id", "regulations_version"]
OF_CLAUSE = ["clause_id", "regulations_clause"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0011_loaded_before")]
    operations: ClassVar = [
        Lift("Clause", rule="sealed"),
        Lift("ClauseCase", rule="sealed"),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(published_by_id__isnull=False)
                | models.Q(~models.Q(loaded_from=""), changed_by_id__isnull=True),
                name="regulations_version_publisher",
            ),
        ),
        NoOverlap("Version", keys=["regulation_id", "status"], start="effective_from", end="effective_to"),
        Sealed("Version", when=PUBLISHED, free=["effective_to"]),
        Sealed("Clause", when=PUBLISHED, owners=[OF_VERSION]),
        Sealed("ClauseCase", when=PUBLISHED, owners=[OF_CLAUSE, OF_VERSION]),
    ]
