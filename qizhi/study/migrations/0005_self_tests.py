import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0003_no_last_login'),
        ('study', '0004_question_banks'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='SelfTest',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('topic', models.CharField(blank=True, max_length=80, verbose_name='主题')),
                        ('begun_at', models.DateTimeField(verbose_name='开始时间')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='交卷时间')),
                        ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='study.bank', verbose_name='题库')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='self_tests', to='org.person', verbose_name='本人')),
                    ],
                    options={
                        'verbose_name': '自测',
                        'ordering': ['-begun_at'],
                        'indexes': [models.Index(fields=['bureau', 'person', '-begun_at'], name='study_self_test_person')],
                    },
                ),
                migrations.CreateModel(
                    name='SelfAnswer',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                        ('given', models.CharField(blank=True, max_length=200, verbose_name='所答')),
                        ('answered_at', models.DateTimeField(null=True, verbose_name='作答时间')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='study.bankquestion', verbose_name='题目')),
                        ('test', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='study.selftest', verbose_name='自测')),
                    ],
                    options={
                        'verbose_name': '自测作答',
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'test', 'position'), name='study_self_answer_once')],
                    },
                ),
            ],
        ),
    ]
