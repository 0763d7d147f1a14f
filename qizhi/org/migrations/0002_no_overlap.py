"""One rank, one department, one branch a day; the same post not twice."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import NoOverlap


class Migration(migrations.Migration):
    dependencies: ClassVar = [("org", "0001_initial")]
    operations: ClassVar = [
        NoOverlap("RankTenure", keys=["person_id"], start="from_on", end="to_on"),
        NoOverlap("Placement", keys=["person_id"], start="from_on", end="to_on"),
        NoOverlap("Membership", keys=["person_id"], start="from_on", end="to_on"),
        NoOverlap("Post", keys=["person_id", "unit_id", "role"], start="from_on", end="to_on"),
    ]
