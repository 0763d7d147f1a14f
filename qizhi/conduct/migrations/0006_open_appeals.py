"""Which appeals wait, who admitted them, and reviews that a later appeal has wiped from the case: all from steps."""

from typing import Any, ClassVar

from django.db import migrations

OUTCOMES = {"维持": "upheld", "变更": "changed"}


def fill(apps: Any, schema_editor: Any) -> None:
    """Cases that were cleared rest as they are."""
    cases = apps.get_model("conduct", "Case").objects.using(schema_editor.connection.alias)
    for case in cases.filter(status__in=("decided", "appealed", "final")):
        steps = list(case.steps.order_by("at", "id"))
        was_wiped = case.outcome == "" and case.appealed_on is not None
        case.is_appeal_open = case.status == "appealed" or was_wiped
        admitted = [step for step in steps if step.kind == "admitted"]
        if case.is_appeal_late and case.review_until is not None and admitted:
            case.admitted_by_id = admitted[-1].by_id
        reviews = [step for step in steps if step.kind == "reviewed"]
        if case.outcome == "" and case.status == "final" and reviews:
            word, _, case.review_reason = reviews[-1].text.partition("：")
            case.outcome = OUTCOMES.get(word, "")
            case.reviewed_by_id, case.reviewed_on = reviews[-1].by_id, reviews[-1].on
        case.save()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0005_who_admits")]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
