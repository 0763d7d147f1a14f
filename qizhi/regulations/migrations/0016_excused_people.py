"""What somebody is excused from is found and costs nothing; the database holds to it."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.operations import Refuses

VERDICTS = [("met", "符合"), ("violated", "未达到"), ("unknown", "未知"), ("excused", "免予记分")]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0015_turns_by_month")]
    operations: ClassVar = [
        # Only the words of the choices: no table is made anew.
        migrations.AlterField(
            model_name="finding",
            name="verdict",
            field=models.CharField(choices=VERDICTS, max_length=20, verbose_name="结论"),
        ),
        Refuses(
            "Finding",
            rule="excused",
            verbs=["insert", "update"],
            when="NEW.\"verdict\" = 'excused' AND NEW.\"points\" <> 0",
            says="costs points although somebody is excused",
        ),
    ]
