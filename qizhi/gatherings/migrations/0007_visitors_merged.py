"""Who was written down twice as a visitor of one gathering stays once, with every comment."""

from typing import ClassVar

from django.db import migrations
from django.db.models import Count


def merge(apps, _editor):
    visitors = apps.get_model("gatherings", "Visitor").objects.filter(person__isnull=False)
    twice = visitors.values("gathering_id", "person_id").annotate(rows=Count("pk")).filter(rows__gt=1)
    for pair in list(twice.values_list("gathering_id", "person_id")):
        # The auditor is the one who may comment: that row stays, the oldest of several.
        rows = sorted(
            visitors.filter(gathering_id=pair[0], person_id=pair[1]),
            key=lambda row: (row.role != "auditor", not row.comment, row.pk),
        )
        kept, *others = rows
        comments = dict.fromkeys(row.comment for row in rows if row.comment)
        kept.comment = "\n".join(comments)
        kept.save(update_fields=["comment"])
        visitors.filter(pk__in=[row.pk for row in others]).delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("gatherings", "0006_words_without_a_name")]
    operations: ClassVar = [migrations.RunPython(merge, migrations.RunPython.noop)]
