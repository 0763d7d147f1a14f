"""No leave stands without somebody who has said yes, or the words of a paper from above."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0008_leave_of_ledgers")]
    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=~models.Q(status__in=["approved", "returned"])
                | models.Q(decided_by__isnull=False, decided_on__isnull=False)
                | ~models.Q(reason=""),
                name="conduct_leave_decided",
            ),
        )
    ]
