"""While a bureau comes in as a whole, and only before it is there, the database lets its rows in as they stood."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from qizhi.core.db.operations import Refuses

THERE = 'EXISTS (SELECT 1 FROM "org_bureau" b WHERE b."id" = NEW."bureau_id")'


class Migration(migrations.Migration):
    dependencies: ClassVar = [("org", "0007_aspects_apart")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "bureau",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="org.bureau",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={"verbose_name": "单位迁入"},
        ),
        Refuses(
            "Arrival", rule="before_bureau", verbs=["insert", "update"], when=THERE, says="is there already"
        ),
    ]
