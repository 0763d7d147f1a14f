"""One reason a day for a member left out in a branch; one version of the steps a day for a kind."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import NoOverlap


class Migration(migrations.Migration):
    dependencies: ClassVar = [("gatherings", "0002_votes_and_instructions")]
    operations: ClassVar = [
        NoOverlap("VotingExclusion", keys=["person_id", "unit_id"], start="from_on", end="to_on"),
        NoOverlap("Instruction", keys=["kind_id"], start="from_on", end="to_on"),
    ]
