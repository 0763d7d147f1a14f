"""On which day of the month a branch holds its theme day: one at a time, of a branch of the same bureau."""

import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import NoOverlap, Refuses

# A unit that is not there yet says nothing: archives bring rows in any order.
STRANGE = """
    EXISTS (SELECT 1 FROM "org_unit" u WHERE u."id" = NEW."unit_id"
            AND (u."bureau_id" <> NEW."bureau_id" OR u."kind" <> 'branch'))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('branch_life', '0004_drop_elements_text'),
        ('org', '0004_began_work_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='ThemeDay',
            fields=[
                ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                ('from_on', models.DateField(verbose_name='起始日期')),
                ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                ('day_rule', models.CharField(max_length=60, verbose_name='日期规则')),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='theme_days', to='org.unit', verbose_name='党支部')),
            ],
            options={
                'verbose_name': '固定活动日',
                'ordering': ['from_on'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='branch_life_themeday_days'),
                    models.UniqueConstraint(fields=('bureau', 'unit', 'from_on'), name='branch_life_theme_day_once'),
                ],
            },
        ),
        NoOverlap("ThemeDay", keys=["unit_id"], start="from_on", end="to_on"),
        Refuses("ThemeDay", rule="one_bureau", verbs=["insert", "update"], when=STRANGE, says="is of another bureau"),
    ]
