import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('gatherings', '0004_series_month'),
        ('org', '0003_no_last_login'),
        ('regulations', '0003_quoted_or_sense'),
        ('study', '0005_self_tests'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Campaign',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('regulation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regulations.regulation', verbose_name='方案')),
                    ],
                    options={
                        'verbose_name': '专题教育',
                        'ordering': ['-from_on', 'name'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='study_campaign_days'), models.UniqueConstraint(fields=('bureau', 'name'), name='study_campaign_name')],
                    },
                ),
                migrations.CreateModel(
                    name='CampaignPhase',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('name', models.CharField(max_length=60, verbose_name='阶段')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='study.campaign', verbose_name='专题教育')),
                    ],
                    options={
                        'verbose_name': '专题教育阶段',
                        'ordering': ['from_on', 'name'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='study_campaignphase_days'), models.UniqueConstraint(fields=('bureau', 'campaign', 'name'), name='study_phase_name')],
                    },
                ),
                migrations.CreateModel(
                    name='CampaignTopic',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('position', models.PositiveSmallIntegerField(default=1, verbose_name='序号')),
                        ('title', models.CharField(max_length=80, verbose_name='必学内容')),
                        ('words', models.TextField(blank=True, help_text='一行一个；空着则用必学内容本身', verbose_name='识别词')),
                        ('layers', models.JSONField(default=list, verbose_name='学习层级')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topics', to='study.campaign', verbose_name='专题教育')),
                        ('phase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='topics', to='study.campaignphase', verbose_name='阶段')),
                    ],
                    options={
                        'verbose_name': '必学内容',
                        'ordering': ['position', 'title'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'campaign', 'title'), name='study_topic_title')],
                    },
                ),
                migrations.CreateModel(
                    name='CampaignMatch',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('is_rejected', models.BooleanField(default=False, verbose_name='认定不是')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='campaign_matches', to='gatherings.gathering', verbose_name='活动')),
                        ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='study.campaigntopic', verbose_name='必学内容')),
                    ],
                    options={
                        'verbose_name': '专题教育开展情况的认定',
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'topic', 'gathering'), name='study_campaign_pair')],
                    },
                ),
                migrations.CreateModel(
                    name='Resource',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('kind', models.CharField(choices=[('base', '现场教育基地'), ('role_model', '先进典型')], default='base', max_length=12, verbose_name='类别')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('place', models.CharField(blank=True, max_length=80, verbose_name='所在地或单位')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '学习资源',
                        'ordering': ['kind', 'name'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='study_resource_days'), models.UniqueConstraint(fields=('bureau', 'kind', 'name'), name='study_resource_name')],
                    },
                ),
                migrations.CreateModel(
                    name='ResourceLink',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resource_links', to='gatherings.gathering', verbose_name='活动')),
                        ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='study.resource', verbose_name='学习资源')),
                    ],
                    options={
                        'verbose_name': '活动的学习资源',
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'resource', 'gathering'), name='study_resource_pair')],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name='resource',
            name='gatherings',
            field=models.ManyToManyField(related_name='study_resources', through='study.ResourceLink', to='gatherings.gathering', verbose_name='活动'),
        ),
    ]
