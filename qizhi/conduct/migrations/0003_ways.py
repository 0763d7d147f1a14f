"""A case goes on from state to state and never back: what was told stays told, who was cleared stays cleared."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import Moves

WAYS = {
    "draft": ["notified", "dropped"],
    "notified": ["decided", "cleared"],
    "decided": ["appealed", "final", "cleared"],
    "appealed": ["final", "cleared"],
    "final": ["cleared"],
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0002_sealed")]
    operations: ClassVar = [Moves("Case", column="status", ways=WAYS)]
