import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0002_no_overlap'),
        ('study', '0003_completed_courses'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Bank',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('is_open', models.BooleanField(default=False, help_text='开放后，任何人都可以从中抽题自测；竞赛前请先不开放', verbose_name='开放自测')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '题库',
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'name'), name='study_bank_name')],
                    },
                ),
                migrations.CreateModel(
                    name='BankQuestion',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('shape', models.CharField(choices=[('single', '单选题'), ('multiple', '多选题'), ('true_false', '判断题'), ('short', '简答题')], max_length=10, verbose_name='题型')),
                        ('text', models.TextField(verbose_name='题干')),
                        ('choices', models.JSONField(blank=True, default=list, verbose_name='选项')),
                        ('right', models.CharField(blank=True, max_length=12, verbose_name='正确选项')),
                        ('accepted', models.JSONField(blank=True, default=list, verbose_name='可接受的答案')),
                        ('explanation', models.TextField(blank=True, verbose_name='解析')),
                        ('clause', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                        ('code', models.CharField(blank=True, max_length=80, verbose_name='编号')),
                        ('topic', models.CharField(blank=True, max_length=80, verbose_name='主题')),
                        ('position', models.PositiveIntegerField(default=1, verbose_name='序号')),
                        ('is_retired', models.BooleanField(default=False, verbose_name='已停用')),
                        ('bank', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='study.bank', verbose_name='题库')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '题目',
                        'ordering': ['position', 'id'],
                        'indexes': [models.Index(fields=['bureau', 'bank', 'is_retired', 'topic'], name='study_question_topic')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('bureau', 'bank', 'code'), name='study_question_code')],
                    },
                ),
            ],
        ),
    ]
