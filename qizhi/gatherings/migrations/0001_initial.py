import django.db.models.deletion
import django.db.models.expressions
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
                    name='Gathering',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('title', models.CharField(max_length=120, verbose_name='活动名称')),
                        ('held_on', models.DateField(verbose_name='日期')),
                        ('precision', models.CharField(choices=[('day', '具体日期'), ('month', '仅知月份')], default='day', max_length=10, verbose_name='日期精度')),
                        ('starts_at', models.TimeField(blank=True, null=True, verbose_name='开始时间')),
                        ('place', models.CharField(blank=True, max_length=80, verbose_name='地点')),
                        ('topics', models.TextField(blank=True, help_text='一行一个议题', verbose_name='议题')),
                        ('minutes', models.TextField(blank=True, verbose_name='记录')),
                        ('hours', models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name='学时')),
                        ('due_total', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='应到人数')),
                        ('present_total', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='实到人数')),
                        ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                        ('recorded_by', models.CharField(max_length=100, verbose_name='登记人')),
                        ('is_recorded_late', models.BooleanField(default=False, editable=False, verbose_name='补录')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                        ('withdrawn_because', models.CharField(blank=True, max_length=200, verbose_name='撤销原因')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('chair', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='chaired', to='org.person', verbose_name='主持人')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gatherings', to='org.unit', verbose_name='组织')),
                        ('kinds', models.ManyToManyField(related_name='gatherings', through='gatherings.GatheringKind', to='gatherings.kind', verbose_name='活动类型')),
                        ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gatherings', to='gatherings.series', verbose_name='系列')),
                    ],
                    options={
                        'verbose_name': '活动',
                        'ordering': ['-held_on', '-id'],
                        'indexes': [models.Index(fields=['bureau', 'withdrawn_at', '-held_on', '-id'], name='gatherings_day'), models.Index(fields=['bureau', 'unit', '-held_on'], name='gatherings_unit_day'), models.Index(fields=['bureau', 'series', 'held_on'], name='gatherings_series_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Attachment',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('name', models.CharField(max_length=120, verbose_name='文件名')),
                        ('content_type', models.CharField(max_length=80, verbose_name='类型')),
                        ('size', models.PositiveIntegerField(verbose_name='大小（字节）')),
                        ('content', models.BinaryField(verbose_name='内容')),
                        ('added_at', models.DateTimeField(verbose_name='添加时间')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='gatherings.gathering', verbose_name='活动')),
                    ],
                    options={
                        'verbose_name': '附件',
                    },
                ),
                migrations.CreateModel(
                    name='Kind',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('key', models.SlugField(max_length=40, verbose_name='代码')),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('audience', models.CharField(choices=[('members', '本支部全体党员'), ('committee', '支部委员'), ('group', '党小组党员'), ('posts', '在本组织任职的人员'), ('staff', '本处室（本局）全体人员'), ('none', '不设应到范围')], default='members', max_length=20, verbose_name='应到范围')),
                        ('unit_kinds', models.JSONField(default=list, help_text='适用的组织类别', verbose_name='适用组织')),
                        ('ledgers', models.JSONField(default=list, help_text='计入的台账代码', verbose_name='计入台账')),
                        ('default_hours', models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name='默认学时')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '活动类型',
                        'ordering': ['position', 'key'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'key'), name='gatherings_kind_key')],
                    },
                ),
                migrations.CreateModel(
                    name='GatheringKind',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kind_links', to='gatherings.gathering', verbose_name='活动')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gathering_links', to='gatherings.kind', verbose_name='类型')),
                    ],
                    options={
                        'verbose_name': '活动的类型',
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'gathering', 'kind'), name='gatherings_gatheringkind_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Lecturer',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('guest_name', models.CharField(blank=True, max_length=40, verbose_name='外请授课人')),
                        ('capacity', models.CharField(choices=[('principal', '主要领导'), ('party_group_member', '党组成员'), ('secretary', '支部书记'), ('member', '普通党员'), ('expert', '外请专家')], default='member', max_length=20, verbose_name='授课身份')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lecturers', to='gatherings.gathering', verbose_name='活动')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lectures', to='org.person', verbose_name='授课人')),
                    ],
                    options={
                        'verbose_name': '授课人',
                        'indexes': [models.Index(fields=['bureau', 'person'], name='gatherings_lecturer_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', False), models.Q(('guest_name', ''), _negated=True), _connector='XOR'), name='gatherings_lecturer_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='LedgerEntry',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('ledger', models.CharField(choices=[('congress', '支部党员大会'), ('committee', '支部委员会会议'), ('group', '党小组会'), ('lesson', '党课'), ('theme_day', '主题党日'), ('org_life', '组织生活会'), ('appraisal', '民主评议党员'), ('centre_study', '中心组集中学习'), ('centre_discussion', '中心组交流研讨'), ('integrity', '党风廉政教育'), ('campaign', '专题教育'), ('onsite', '现场党性教育'), ('ceremony', '升旗等仪式'), ('volunteer', '志愿服务'), ('pairing', '结对帮扶'), ('field_visit', '基层调研'), ('training', '党员教育培训学时')], max_length=20, verbose_name='台账')),
                        ('held_on', models.DateField(verbose_name='日期')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ledger_entries', to='gatherings.gathering', verbose_name='活动')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='组织')),
                    ],
                    options={
                        'verbose_name': '台账条目',
                        'indexes': [models.Index(fields=['bureau', 'ledger', 'held_on', 'unit'], name='gatherings_ledger_day')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'gathering', 'ledger'), name='gatherings_ledgerentry_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Resolution',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('position', models.PositiveSmallIntegerField(default=1, verbose_name='序号')),
                        ('title', models.CharField(max_length=120, verbose_name='事项')),
                        ('threshold', models.CharField(choices=[('ordinary', '一般事项'), ('admission', '接收（转正）党员'), ('election', '选举')], default='ordinary', max_length=20, verbose_name='表决规则')),
                        ('due', models.PositiveSmallIntegerField(verbose_name='应到有表决权人数')),
                        ('present', models.PositiveSmallIntegerField(verbose_name='实到有表决权人数')),
                        ('yes', models.PositiveSmallIntegerField(verbose_name='赞成')),
                        ('no', models.PositiveSmallIntegerField(default=0, verbose_name='反对')),
                        ('abstained', models.PositiveSmallIntegerField(default=0, verbose_name='弃权')),
                        ('written_yes', models.PositiveSmallIntegerField(default=0, verbose_name='会前书面赞成')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resolutions', to='gatherings.gathering', verbose_name='活动')),
                    ],
                    options={
                        'verbose_name': '决议',
                        'ordering': ['position'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('present__lte', models.F('due'))), name='gatherings_resolution_present'), models.CheckConstraint(condition=models.Q(('present__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('yes'), '+', models.F('no')), '+', models.F('abstained')))), name='gatherings_resolution_votes')],
                    },
                ),
                migrations.CreateModel(
                    name='RollEntry',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('state', models.CharField(choices=[('excused', '请假'), ('absent', '缺席'), ('made_up', '已补课')], max_length=10, verbose_name='情况')),
                        ('reason', models.CharField(blank=True, max_length=60, verbose_name='原因')),
                        ('made_up_on', models.DateField(blank=True, null=True, verbose_name='补课日期')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roll', to='gatherings.gathering', verbose_name='活动')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roll_entries', to='org.person', verbose_name='人员')),
                    ],
                    options={
                        'verbose_name': '到会例外',
                        'indexes': [models.Index(fields=['bureau', 'person'], name='gatherings_roll_person')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'gathering', 'person'), name='gatherings_rollentry_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Series',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('key', models.SlugField(max_length=40, verbose_name='代码')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('is_active', models.BooleanField(default=True, verbose_name='延续中')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '系列活动',
                        'ordering': ['key'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'key'), name='gatherings_series_key')],
                    },
                ),
                migrations.CreateModel(
                    name='Template',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('title', models.CharField(help_text='可用 {年} {月} 代替年份、月份', max_length=120, verbose_name='活动名称')),
                        ('unit_kind', models.CharField(blank=True, max_length=20, verbose_name='适用组织')),
                        ('day_rule', models.CharField(blank=True, max_length=60, verbose_name='日期规则')),
                        ('place', models.CharField(blank=True, max_length=80, verbose_name='地点')),
                        ('topics', models.TextField(blank=True, verbose_name='议题')),
                        ('hours', models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name='学时')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('kinds', models.ManyToManyField(related_name='templates', to='gatherings.kind', verbose_name='活动类型')),
                        ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gatherings.series', verbose_name='系列')),
                    ],
                    options={
                        'verbose_name': '活动模板',
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'name'), name='gatherings_template_name')],
                    },
                ),
                migrations.CreateModel(
                    name='Visitor',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('guest_name', models.CharField(blank=True, max_length=40, verbose_name='外单位人员')),
                        ('role', models.CharField(choices=[('auditor', '联系旁听'), ('guest', '列席')], default='guest', max_length=10, verbose_name='身份')),
                        ('comment', models.TextField(blank=True, verbose_name='点评')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visitors', to='gatherings.gathering', verbose_name='活动')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='org.person', verbose_name='人员')),
                    ],
                    options={
                        'verbose_name': '旁听与列席',
                        'indexes': [models.Index(fields=['bureau', 'person'], name='gatherings_visitor_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', False), models.Q(('guest_name', ''), _negated=True), _connector='XOR'), name='gatherings_visitor_somebody')],
                    },
                ),
            ],
        ),
    ]
