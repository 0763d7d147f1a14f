import django.db.models.deletion
from django.db import migrations, models

import qizhi.core.ids


class Migration(migrations.Migration):

    dependencies = [("org", "0005_offices_apart"), ("culture", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="WorkKind",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=qizhi.core.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="编号",
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "lists",
                    models.CharField(
                        blank=True,
                        help_text="几类作品合称的名目，属于几个名目的用顿号隔开",
                        max_length=120,
                        verbose_name="所属名目",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("is_collected", models.BooleanField(default=True, verbose_name="征集作品")),
                ("is_one_line", models.BooleanField(default=False, verbose_name="一句话作品")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="排序")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.bureau",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={"verbose_name": "作品类别", "ordering": ["position", "key"]},
        ),
        migrations.AddConstraint(
            model_name="workkind",
            constraint=models.UniqueConstraint(fields=("bureau", "key"), name="culture_workkind_key"),
        ),
        migrations.AddConstraint(
            model_name="workkind",
            constraint=models.UniqueConstraint(fields=("bureau", "name"), name="culture_workkind_name"),
        ),
        migrations.RenameField(model_name="call", old_name="kind", new_name="kind_code"),
        migrations.AlterField(
            model_name="call",
            name="kind_code",
            field=models.CharField(blank=True, max_length=12, verbose_name="类别代码"),
        ),
        migrations.AddField(
            model_name="call",
            name="kind",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="culture.workkind",
                verbose_name="类别",
            ),
        ),
    ]
