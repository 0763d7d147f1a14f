"""Versions that nobody has put into force came with the product, or before it asked who did."""

from typing import Any, ClassVar

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """Say so."""
    rows = apps.get_model("regulations", "Version").objects.using(schema_editor.connection.alias)
    rows.filter(status="published", published_by_id__isnull=True).update(loaded_from="升级前已发布")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0010_loaded_from")]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
