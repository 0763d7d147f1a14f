import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0002_no_overlap'),
        ('regulations', '0003_quoted_or_sense'),
        ('tasks', '0001_initial'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='DutyList',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('kind', models.CharField(choices=[('responsibility', '责任清单'), ('incentive', '激励清单'), ('negative', '负面清单')], max_length=20, verbose_name='类别')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('issued_on', models.DateField(blank=True, help_text='印发前各支部看不到', null=True, verbose_name='印发日期')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='发布组织')),
                    ],
                    options={
                        'verbose_name': '清单',
                        'ordering': ['-year', 'kind'],
                        'indexes': [models.Index(fields=['bureau', 'year', 'kind'], name='tasks_list_year')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'issuer', 'year', 'kind'), name='tasks_list_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Duty',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('position', models.PositiveSmallIntegerField(default=1, verbose_name='序号')),
                        ('text', models.CharField(max_length=300, verbose_name='内容')),
                        ('provision', models.CharField(blank=True, help_text='例如 第三条', max_length=40, verbose_name='条款')),
                        ('owner_role', models.CharField(blank=True, choices=[('leader', '局领导'), ('party_group_secretary', '党组书记'), ('party_group_member', '党组成员'), ('centre_group_member', '中心组成员'), ('study_secretary', '学习秘书'), ('committee_secretary', '机关党委书记'), ('committee_member', '机关党委委员'), ('secretary', '支部书记'), ('deputy_secretary', '支部副书记'), ('branch_committee_member', '支部委员'), ('group_leader', '党小组组长'), ('department_head', '处室负责人'), ('affairs_officer', '政工处'), ('discipline_officer', '纪检干部'), ('personnel_officer', '人事干部'), ('union_officer', '工会干部')], max_length=30, verbose_name='责任职务')),
                        ('due_on', models.DateField(blank=True, null=True, verbose_name='完成期限')),
                        ('start_on', models.DateField(blank=True, null=True, verbose_name='起算日')),
                        ('working_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='工作日数')),
                        ('figure', models.CharField(blank=True, max_length=80, verbose_name='对应指标')),
                        ('target', models.PositiveIntegerField(blank=True, null=True, verbose_name='至少')),
                        ('issued_on', models.DateField(blank=True, null=True, verbose_name='布置日期')),
                        ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='撤回日期')),
                        ('withdrawn_because', models.CharField(blank=True, max_length=120, verbose_name='撤回原因')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='布置组织')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='责任人')),
                        ('regulation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regulations.regulation', verbose_name='依据')),
                        ('duty_list', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='tasks.dutylist', verbose_name='清单')),
                    ],
                    options={
                        'verbose_name': '清单项与任务',
                        'ordering': ['position'],
                        'indexes': [models.Index(fields=['bureau', 'year'], name='tasks_duty_year')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('due_on', None), ('working_days', None), _connector='OR'), name='tasks_duty_one_due'), models.CheckConstraint(condition=models.Q(models.Q(('start_on', None), ('working_days', None)), models.Q(('start_on__isnull', False), ('working_days__isnull', False)), _connector='OR'), name='tasks_duty_working_days'), models.CheckConstraint(condition=models.Q(models.Q(('figure', ''), ('target', None)), models.Q(('figure__gt', ''), ('target__gte', 1), ('target__isnull', False)), _connector='OR'), name='tasks_duty_target'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_because', ''), ('withdrawn_on', None)), models.Q(('withdrawn_because__gt', ''), ('withdrawn_on__isnull', False)), _connector='OR'), name='tasks_duty_withdrawn')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyNote',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('noted_on', models.DateField(verbose_name='日期')),
                        ('words', models.CharField(max_length=300, verbose_name='说明')),
                        ('link_label', models.CharField(blank=True, max_length=120, verbose_name='关联记录')),
                        ('link_address', models.CharField(blank=True, max_length=200, verbose_name='记录地址')),
                        ('withdrawn_because', models.CharField(blank=True, max_length=120, verbose_name='撤回原因')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='tasks.duty', verbose_name='清单项')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='人员')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='组织')),
                    ],
                    options={
                        'verbose_name': '清单记事',
                        'ordering': ['-noted_on'],
                        'indexes': [models.Index(fields=['bureau', 'unit', 'noted_on'], name='tasks_note_unit')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyPart',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('settled_as', models.CharField(blank=True, choices=[('done', '已完成'), ('na', '不适用'), ('excused', '已批准不办')], max_length=10, verbose_name='办理情况')),
                        ('settled_on', models.DateField(blank=True, null=True, verbose_name='办理日期')),
                        ('words', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                        ('link_label', models.CharField(blank=True, max_length=120, verbose_name='关联记录')),
                        ('link_address', models.CharField(blank=True, max_length=200, verbose_name='记录地址')),
                        ('extended_to', models.DateField(blank=True, null=True, verbose_name='延期至')),
                        ('extended_because', models.CharField(blank=True, max_length=120, verbose_name='延期原因')),
                        ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='批准人')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='tasks.duty', verbose_name='事项')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='组织')),
                    ],
                    options={
                        'verbose_name': '支部办理情况',
                        'ordering': ['duty', 'unit'],
                        'indexes': [models.Index(fields=['bureau', 'unit'], name='tasks_part_unit')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'duty', 'unit'), name='tasks_part_once'), models.CheckConstraint(condition=models.Q(models.Q(('settled_as', ''), ('settled_on', None)), models.Q(('settled_as__gt', ''), ('settled_on__isnull', False)), _connector='OR'), name='tasks_part_settled'), models.CheckConstraint(condition=models.Q(models.Q(('approved_by', None), ('extended_to', None)), models.Q(('approved_by__isnull', False), ('extended_to__isnull', False)), _connector='OR'), name='tasks_part_extended')],
                    },
                ),
            ],
        ),
    ]
