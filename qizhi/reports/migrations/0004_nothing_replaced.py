"""No new row takes the place of one that must stay (SQLite's OR REPLACE), and no such table is emptied at once."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0003_issued_append_only")]
    operations: ClassVar = [AppendOnly("IssuedOverview")]
