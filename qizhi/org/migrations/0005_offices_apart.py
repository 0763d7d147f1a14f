"""Nobody holds two of the three administrators' offices on one day."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import NoOverlap

OFFICES = ("affairs_officer", "personnel_officer", "discipline_officer")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("org", "0004_began_work_on")]
    operations: ClassVar = [
        NoOverlap(
            "Post",
            keys=["person_id"],
            start="from_on",
            end="to_on",
            among={"role": OFFICES},
            rule="offices_apart",
        ),
    ]
