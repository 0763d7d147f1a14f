import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gatherings', '0005_candidates_and_seats'),
        ('org', '0005_offices_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.UUIDField(default=qizhi.core.ids.random_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                ('shown', models.JSONField(default=dict, verbose_name='可以显示的')),
                ('waiting', models.JSONField(default=dict, verbose_name='未满三人、不显示的')),
                ('tokens', models.JSONField(default=list, help_text='随机数，只用来认出同一张表单提交两次', verbose_name='用过的表单')),
                ('struck', models.PositiveSmallIntegerField(default=0, verbose_name='划去的句数')),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='gatherings.gathering', verbose_name='活动')),
            ],
            options={
                'verbose_name': '匿名反馈',
                'constraints': [models.UniqueConstraint(fields=('bureau', 'gathering'), name='gatherings_feedback_once')],
            },
        ),
    ]
