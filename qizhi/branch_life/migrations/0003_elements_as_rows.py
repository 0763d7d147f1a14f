"""The lines of each method's text become rows in their order."""

from django.db import migrations


def to_rows(apps, schema_editor):
    Method = apps.get_model("branch_life", "WorkingMethod")
    Element = apps.get_model("branch_life", "MethodElement")
    for method in Method.objects.exclude(elements_text=""):
        lines = [line.strip() for line in method.elements_text.splitlines() if line.strip()]
        Element.objects.bulk_create(
            Element(bureau_id=method.bureau_id, method=method, position=number, text=line)
            for number, line in enumerate(lines, start=1)
        )


def to_text(apps, schema_editor):
    Method = apps.get_model("branch_life", "WorkingMethod")
    Element = apps.get_model("branch_life", "MethodElement")
    for method in Method.objects.all():
        rows = Element.objects.filter(method=method).order_by("position")
        method.elements_text = "\n".join(rows.values_list("text", flat=True))
        method.save(update_fields=["elements_text"])


class Migration(migrations.Migration):

    dependencies = [("branch_life", "0002_contacts_talks_reviews")]

    operations = [migrations.RunPython(to_rows, to_text)]
