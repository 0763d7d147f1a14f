"""Who answers for a document on the day does not give it more time: held by the database as by the service."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import Refuses

OWN = """NEW.state IN ('approved', 'refused') AND NEW.decided_by_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM tasks_handling h WHERE h.document_id = NEW.document_id AND h.person_id = NEW.decided_by_id
    AND h.from_on <= NEW.decided_on AND (h.to_on IS NULL OR h.to_on >= NEW.decided_on))"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tasks", "0003_documents_in_time")]
    operations: ClassVar = [
        Refuses(
            "Extension",
            rule="other_person",
            verbs=["insert", "update"],
            when=OWN,
            says="is decided by who answers for it",
        )
    ]
