"""A branch is temporary once a day, and covers each department once a day."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import NoOverlap


class Migration(migrations.Migration):
    dependencies: ClassVar = [("org", "0006_temporary_and_joint_branches")]
    operations: ClassVar = [
        NoOverlap("TemporaryBranch", keys=["unit_id"], start="from_on", end="to_on"),
        NoOverlap("JointUnit", keys=["unit_id", "covered_id"], start="from_on", end="to_on"),
    ]
