import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0002_no_overlap'),
        ('study', '0002_people_decide'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Course',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('name', models.CharField(max_length=120, verbose_name='课程')),
                        ('provider', models.CharField(blank=True, max_length=60, verbose_name='学习平台')),
                        ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='学时')),
                        ('is_active', models.BooleanField(default=True, verbose_name='可以选用')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '课程',
                        'ordering': ['provider', 'name'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'name'), name='study_course_name')],
                    },
                ),
                migrations.CreateModel(
                    name='Completion',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('hours', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='学时')),
                        ('completed_on', models.DateField(verbose_name='完成日期')),
                        ('origin', models.CharField(choices=[('imported', '导入'), ('self', '本人登记')], default='imported', max_length=10, verbose_name='来源')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='completions', to='org.person', verbose_name='人员')),
                        ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='completions', to='study.course', verbose_name='课程')),
                    ],
                    options={
                        'verbose_name': '课程完成记录',
                        'ordering': ['-completed_on', '-id'],
                        'indexes': [models.Index(fields=['bureau', 'completed_on'], name='study_completion_day')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'person', 'course', 'completed_on'), name='study_completion_once'), models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='study_completion_hours')],
                    },
                ),
            ],
        ),
    ]
