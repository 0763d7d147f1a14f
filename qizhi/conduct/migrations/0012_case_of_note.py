"""A case may come from a note under the negative list; what was told keeps where it came from."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from qizhi.core.db.operations import Moves, Sealed

OF_APPEAL = ["appealed_on", "appeal", "is_appeal_late", "is_appeal_open", "admitted_by_id", "review_until"]
OF_REVIEW = ["is_appeal_open", "reviewed_by_id", "reviewed_on", "outcome", "review_reason"]
OF_REVIEW += ["final_points", "final_on"]
OF_HEARING = ["stated_on", "statement", "decided_by_id", "decided_on", "decision", "decision_reason"]
OF_HEARING += ["appeal_until"]
PROCESS = ["status", "notified_on", "statement_until", "statement_days", *OF_HEARING, *OF_APPEAL, *OF_REVIEW[1:]]
WAYS = {
    "draft": ["notified", "dropped"],
    "notified": ["decided", "cleared"],
    "decided": ["appealed", "final", "cleared"],
    "appealed": ["final", "cleared"],
    "final": ["cleared"],
}
FREE = {
    "notified": OF_HEARING,
    "decided": [*OF_APPEAL, *OF_REVIEW],
    "appealed": OF_REVIEW,
    "final": [*OF_APPEAL, *OF_REVIEW],
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0011_samples"), ("tasks", "0004_other_person")]
    operations: ClassVar = [
        # Without a default SQLite adds the column to the table that is there, with its triggers; those that
        # hold every column have to learn of this one.
        migrations.AddField(
            model_name="case",
            name="note",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="tasks.dutynote",
                verbose_name="负面清单记事",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("note__isnull", False), models.Q(("status", "dropped"), _negated=True)),
                fields=("bureau", "note"),
                name="conduct_case_one_a_note",
            ),
        ),
        Sealed("Case", unless={"status": "draft"}, free=PROCESS),
        Moves("Case", column="status", ways=WAYS, free=FREE),
    ]
