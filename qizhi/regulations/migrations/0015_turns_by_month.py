"""Runs of different months of a bureau do not wait for each other."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.operations import Sealed

NAME = "regulations_run_one_at_a_time"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0014_area_and_evidence")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="run", name=NAME),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "running")), fields=("bureau", "start", "end"), name=NAME
            ),
        ),
        Sealed("Run", when={"status": "done"}),
    ]
