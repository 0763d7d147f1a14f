"""What was sent does not change, by the database's own rule."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0002_issued_overview")]
    operations: ClassVar = [AppendOnly("IssuedOverview")]
