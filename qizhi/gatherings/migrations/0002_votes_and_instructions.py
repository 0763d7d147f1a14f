import django.db.models.deletion
import django.db.models.expressions
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('gatherings', '0001_initial'),
        ('org', '0002_no_overlap'),
        ('regulations', '0003_quoted_or_sense'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Instruction',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('steps', models.TextField(help_text='一行一步，按先后排列', verbose_name='步骤')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='instructions', to='gatherings.kind', verbose_name='活动类型')),
                        ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regulations.regulation', verbose_name='依据文件')),
                    ],
                    options={
                        'verbose_name': '作业指导',
                        'ordering': ['kind', '-from_on'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='gatherings_instruction_days')],
                    },
                ),
                migrations.CreateModel(
                    name='VotingExclusion',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('reason', models.CharField(choices=[('illness', '患病不能表达本人意志'), ('abroad', '自费出国半年以上'), ('serving', '未受留党察看以上处分但正在服刑'), ('frail', '年老体弱卧床不起或长期生病生活不能自理'), ('moved', '外出半年以上，应转未转正式组织关系')], max_length=10, verbose_name='情形')),
                        ('consented_by', models.CharField(blank=True, max_length=80, verbose_name='同意的上级党组织')),
                        ('consented_on', models.DateField(blank=True, null=True, verbose_name='上级同意日期')),
                        ('approved_on', models.DateField(blank=True, null=True, verbose_name='党员大会通过日期')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voting_exclusions', to='org.person', verbose_name='党员')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voting_exclusions', to='org.unit', verbose_name='党支部')),
                    ],
                    options={
                        'verbose_name': '不计入应到',
                        'ordering': ['-from_on'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='gatherings_votingexclusion_days')],
                        'indexes': [models.Index(fields=['bureau', 'unit'], name='gatherings_exclusion_unit')],
                    },
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='resolution',
            name='gatherings_resolution_votes',
        ),
        migrations.AddField(
            model_name='resolution',
            name='ballots_issued',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='发出选票'),
        ),
        migrations.AddField(
            model_name='resolution',
            name='ballots_returned',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='收回选票'),
        ),
        migrations.AddField(
            model_name='resolution',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='org.person', verbose_name='讨论对象'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('present__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('yes'), '+', models.F('no')), '+', models.F('abstained'))), models.Q(('ballots_returned__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('yes'), '+', models.F('no')), '+', models.F('abstained'))), ('ballots_returned__isnull', False)), _connector='OR'), name='gatherings_resolution_votes'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ballots_issued__isnull', True), ('ballots_returned__isnull', True)), models.Q(('ballots_issued__isnull', False), ('ballots_returned__isnull', False), ('threshold', 'election')), _connector='OR'), name='gatherings_resolution_ballots'),
        ),
    ]
