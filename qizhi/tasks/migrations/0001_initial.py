import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0001_initial'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Plan',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('purpose', models.CharField(choices=[('centre_study', '中心组学习计划'), ('branch_study', '支部学习计划'), ('inspection', '月度检查计划'), ('bulletin', '通报计划'), ('other', '其他计划')], max_length=20, verbose_name='类别')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('adopted_on', models.DateField(blank=True, null=True, verbose_name='通过日期')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='org.unit', verbose_name='组织')),
                    ],
                    options={
                        'verbose_name': '计划',
                        'ordering': ['-year', 'purpose'],
                        'indexes': [models.Index(fields=['bureau', 'year', 'purpose'], name='tasks_plan_year')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'unit', 'year', 'purpose'), name='tasks_plan_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanItem',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('month', models.PositiveSmallIntegerField(verbose_name='月份')),
                        ('position', models.PositiveSmallIntegerField(default=1, verbose_name='序号')),
                        ('topic', models.CharField(max_length=200, verbose_name='内容')),
                        ('ledger', models.CharField(blank=True, help_text='哪类活动可视为完成，例如中心组集中学习', max_length=20, verbose_name='对应台账')),
                        ('cancelled_because', models.CharField(blank=True, max_length=120, verbose_name='取消原因')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='牵头人')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='tasks.plan', verbose_name='计划')),
                    ],
                    options={
                        'verbose_name': '计划项',
                        'ordering': ['month', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'plan', 'month', 'position'), name='tasks_planitem_once'), models.CheckConstraint(condition=models.Q(('month__range', (1, 12))), name='tasks_planitem_month')],
                    },
                ),
            ],
        ),
    ]
