"""A check for each reason: drawn at random and proposed for promotion on the same day are two."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0009_leave_decided")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="papercheck", name="conduct_check_once"),
        migrations.AddConstraint(
            model_name="papercheck",
            constraint=models.UniqueConstraint(
                fields=["bureau", "person", "kind", "reason", "drawn_on"], name="conduct_check_once"
            ),
        ),
    ]
