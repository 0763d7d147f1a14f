"""Of several enabled accounts of a person the first stays enabled; the office can change over to another."""

from typing import Any, ClassVar

from django.db import migrations


def disable(apps: Any, schema_editor: Any) -> None:
    """All but the first of each person."""
    rows = apps.get_model("org", "Account").objects.using(schema_editor.connection.alias)
    seen = set()
    for account in rows.filter(is_active=True, person__isnull=False).order_by("pk"):
        key = (account.bureau_id, account.person_id)
        if key in seen:
            rows.filter(pk=account.pk).update(is_active=False)
        seen.add(key)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("org", "0008_arrivals")]
    operations: ClassVar = [migrations.RunPython(disable, migrations.RunPython.noop)]
