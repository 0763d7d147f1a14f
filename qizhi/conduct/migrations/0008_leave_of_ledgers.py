"""Leave that came from ledgers without a name says so in words."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.models import Q


def fill(apps: Any, schema_editor: Any) -> None:
    """Only where nobody and nothing is said."""
    rows = apps.get_model("conduct", "LeaveRequest").objects.using(schema_editor.connection.alias)
    unsaid = Q(decided_by__isnull=True) | Q(decided_on__isnull=True)
    rows.filter(unsaid, status__in=("approved", "returned"), reason="").update(
        reason="按台账补录，台账没有写明批准人或批准日期"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0007_separation")]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
