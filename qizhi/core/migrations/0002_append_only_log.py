"""The log only grows, by the database's own rule."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0001_initial")]
    operations: ClassVar = [AppendOnly("AuditEvent")]
