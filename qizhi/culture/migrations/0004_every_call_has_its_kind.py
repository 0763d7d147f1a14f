import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("culture", "0003_kinds_of_calls")]

    operations = [
        migrations.AlterField(
            model_name="call",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="culture.workkind",
                verbose_name="类别",
            ),
        ),
        migrations.RemoveField(model_name="call", name="kind_code"),
    ]
