import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Bureau',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('code', models.SlugField(max_length=40, unique=True, verbose_name='代码')),
                        ('name', models.CharField(max_length=100, verbose_name='全称')),
                        ('short_name', models.CharField(max_length=40, verbose_name='简称')),
                        ('mark', models.CharField(blank=True, help_text='红头文字，例如“示例局党组文件”', max_length=100, verbose_name='发文机关标志')),
                        ('doc_prefix', models.CharField(blank=True, help_text='例如“示检党”', max_length=20, verbose_name='发文字号代字')),
                    ],
                    options={
                        'verbose_name': '单位',
                        'ordering': ['code'],
                    },
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('staff_no', models.CharField(max_length=20, verbose_name='工号')),
                        ('name', models.CharField(max_length=40, verbose_name='姓名')),
                        ('gender', models.CharField(blank=True, choices=[('male', '男'), ('female', '女')], max_length=10, verbose_name='性别')),
                        ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='出生年份')),
                        ('entered_on', models.DateField(blank=True, null=True, verbose_name='到岗日期')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='离岗日期')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '人员',
                        'ordering': ['staff_no'],
                        'indexes': [models.Index(fields=['bureau', 'name'], name='org_person_name')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'staff_no'), name='org_person_staff_no')],
                    },
                ),
                migrations.CreateModel(
                    name='Leave',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('kind', models.CharField(choices=[('annual', '年休假'), ('sick', '病假'), ('personal', '事假'), ('maternity', '产假'), ('secondment', '外派借调'), ('duty', '公务出差'), ('other', '其他批准事由')], max_length=20, verbose_name='事由')),
                        ('note', models.CharField(blank=True, max_length=100, verbose_name='说明')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leaves', to='org.person', verbose_name='人员')),
                    ],
                    options={
                        'verbose_name': '批准的请假',
                        'ordering': ['from_on'],
                        'abstract': False,
                        'indexes': [models.Index(fields=['bureau', 'person', 'from_on'], name='org_leave_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='org_leave_days')],
                    },
                ),
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                        ('bureau', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='accounts', to='org.person', verbose_name='人员')),
                    ],
                    options={
                        'verbose_name': '账号',
                    },
                ),
                migrations.CreateModel(
                    name='RankTenure',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('rank', models.CharField(choices=[('clerk', '科员及以下'), ('deputy_section', '副科级'), ('section', '正科级'), ('deputy_division', '副处级'), ('division', '正处级'), ('deputy_bureau', '副厅级'), ('bureau', '正厅级')], max_length=20, verbose_name='职级')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranks', to='org.person', verbose_name='人员')),
                    ],
                    options={
                        'verbose_name': '职级',
                        'ordering': ['from_on'],
                        'abstract': False,
                        'indexes': [models.Index(fields=['bureau', 'person', 'from_on'], name='org_rank_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='org_ranktenure_days')],
                    },
                ),
                migrations.CreateModel(
                    name='Unit',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('kind', models.CharField(choices=[('bureau', '局'), ('department', '处室'), ('party_group', '党组'), ('centre_group', '党组理论学习中心组'), ('committee', '机关党委'), ('branch', '党支部'), ('group', '党小组')], max_length=20, verbose_name='类别')),
                        ('code', models.SlugField(max_length=20, verbose_name='代码')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('short_name', models.CharField(blank=True, max_length=40, verbose_name='简称')),
                        ('path', models.CharField(editable=False, max_length=200, verbose_name='路径')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='org.unit', verbose_name='上级')),
                        ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='org.unit', verbose_name='并入')),
                    ],
                    options={
                        'verbose_name': '组织',
                        'ordering': ['position', 'code'],
                        'abstract': False,
                        'indexes': [models.Index(fields=['bureau', 'kind', 'from_on'], name='org_unit_kind'), models.Index(fields=['bureau', 'path'], name='org_unit_path')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='org_unit_days'), models.UniqueConstraint(fields=('bureau', 'code'), name='org_unit_code')],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('role', models.CharField(choices=[('leader', '局领导'), ('party_group_secretary', '党组书记'), ('party_group_member', '党组成员'), ('centre_group_member', '中心组成员'), ('study_secretary', '学习秘书'), ('committee_secretary', '机关党委书记'), ('committee_member', '机关党委委员'), ('secretary', '支部书记'), ('deputy_secretary', '支部副书记'), ('branch_committee_member', '支部委员'), ('group_leader', '党小组组长'), ('department_head', '处室负责人'), ('affairs_officer', '政工处'), ('discipline_officer', '纪检干部'), ('personnel_officer', '人事干部'), ('union_officer', '工会干部')], max_length=30, verbose_name='职务类别')),
                        ('title', models.CharField(blank=True, max_length=40, verbose_name='职务名称')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='org.person', verbose_name='人员')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='org.unit', verbose_name='组织')),
                    ],
                    options={
                        'verbose_name': '职务',
                        'ordering': ['from_on'],
                        'abstract': False,
                        'indexes': [models.Index(fields=['bureau', 'unit', 'role', 'from_on'], name='org_post_unit'), models.Index(fields=['bureau', 'person', 'from_on'], name='org_post_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='org_post_days')],
                    },
                ),
                migrations.CreateModel(
                    name='Placement',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='org.person', verbose_name='人员')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='org.unit', verbose_name='处室')),
                    ],
                    options={
                        'verbose_name': '任职处室',
                        'ordering': ['from_on'],
                        'abstract': False,
                        'indexes': [models.Index(fields=['bureau', 'unit', 'from_on'], name='org_placement_unit'), models.Index(fields=['bureau', 'person', 'from_on'], name='org_placement_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='org_placement_days')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('from_on', models.DateField(verbose_name='起始日期')),
                        ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                        ('status', models.CharField(choices=[('probationary', '预备党员'), ('full', '正式党员'), ('no_vote', '正式党员（暂无表决权）')], default='full', max_length=20, verbose_name='党员类别')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='org.person', verbose_name='党员')),
                        ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='group_memberships', to='org.unit', verbose_name='党小组')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='org.unit', verbose_name='党支部')),
                    ],
                    options={
                        'verbose_name': '组织关系',
                        'ordering': ['from_on'],
                        'abstract': False,
                        'indexes': [models.Index(fields=['bureau', 'unit', 'from_on'], name='org_member_unit'), models.Index(fields=['bureau', 'person', 'from_on'], name='org_member_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='org_membership_days')],
                    },
                ),
            ],
        ),
    ]
