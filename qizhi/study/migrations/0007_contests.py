import django.db.models.deletion
import qizhi.core.ids
import qizhi.study.models.contests
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0003_no_last_login'),
        ('study', '0006_campaigns_and_resources'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Contest',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('held_on', models.DateField(verbose_name='日期')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('is_by_total', models.BooleanField(default=False, verbose_name='大屏按总分排列')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '知识竞赛',
                        'ordering': ['-held_on', 'name'],
                        'indexes': [models.Index(fields=['bureau', '-held_on'], name='study_contest_day')],
                    },
                ),
                migrations.CreateModel(
                    name='ContestRound',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('pace', models.CharField(choices=[('host', '主持人逐题出题'), ('all', '整轮题目同时开放'), ('clock', '按每题秒数自动出下一题')], default='host', max_length=10, verbose_name='出题方式')),
                        ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='开始时间')),
                        ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='截止时间')),
                        ('seconds', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='每题秒数')),
                        ('points', models.PositiveSmallIntegerField(default=10, verbose_name='每题分值')),
                        ('revealed_at', models.DateTimeField(null=True, verbose_name='公布时间')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='study.contest', verbose_name='竞赛')),
                    ],
                    options={
                        'verbose_name': '竞赛轮次',
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'contest', 'position'), name='study_round_once'), models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('closes_at__isnull', True), ('closes_at__gte', models.F('opens_at')), _connector='OR'), name='study_round_times')],
                    },
                ),
                migrations.CreateModel(
                    name='ContestQuestion',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('shape', models.CharField(choices=[('single', '单选题'), ('multiple', '多选题'), ('true_false', '判断题'), ('short', '简答题')], max_length=10, verbose_name='题型')),
                        ('text', models.TextField(verbose_name='题干')),
                        ('choices', models.JSONField(blank=True, default=list, verbose_name='选项')),
                        ('right', models.CharField(blank=True, max_length=12, verbose_name='正确选项')),
                        ('accepted', models.JSONField(blank=True, default=list, verbose_name='可接受的答案')),
                        ('explanation', models.TextField(blank=True, verbose_name='解析')),
                        ('clause', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                        ('opened_at', models.DateTimeField(null=True, verbose_name='出题时间')),
                        ('closed_at', models.DateTimeField(null=True, verbose_name='收题时间')),
                        ('is_void', models.BooleanField(default=False, verbose_name='作废')),
                        ('corrected_because', models.CharField(blank=True, max_length=200, verbose_name='更正原因')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='study.bankquestion', verbose_name='题库题目')),
                        ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='study.contestround', verbose_name='轮次')),
                    ],
                    options={
                        'verbose_name': '竞赛题目',
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'round', 'position'), name='study_contest_question')],
                    },
                ),
                migrations.CreateModel(
                    name='ContestTeam',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                        ('name', models.CharField(max_length=40, verbose_name='队名')),
                        ('members', models.CharField(blank=True, max_length=200, verbose_name='队员')),
                        ('key', models.CharField(default=qizhi.study.models.contests.new_key, editable=False, max_length=32, verbose_name='答题地址')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='study.contest', verbose_name='竞赛')),
                    ],
                    options={
                        'verbose_name': '参赛队',
                        'ordering': ['position'],
                        'indexes': [models.Index(fields=['key'], name='study_team_address')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'contest', 'name'), name='study_team_name'), models.UniqueConstraint(fields=('bureau', 'key'), name='study_team_key')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamAnswer',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('given', models.CharField(blank=True, max_length=200, verbose_name='所答')),
                        ('number', models.PositiveIntegerField(verbose_name='第几次作答')),
                        ('received_at', models.DateTimeField(verbose_name='收到时间')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='study.contestquestion', verbose_name='题目')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='study.contestteam', verbose_name='参赛队')),
                    ],
                    options={
                        'verbose_name': '参赛队作答',
                        'indexes': [models.Index(fields=['bureau', 'question', 'team'], name='study_team_answer')],
                    },
                ),
            ],
        ),
    ]
