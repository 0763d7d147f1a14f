import django.db.models.deletion
import qizhi.core.clock
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_no_overlap'),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='CalendarPaper',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('scope', models.CharField(choices=[('national', '全国'), ('region', '地区'), ('unit', '本单位')], default='national', max_length=20, verbose_name='层级')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                        ('title', models.CharField(max_length=200, verbose_name='标题')),
                        ('doc_no', models.CharField(max_length=60, verbose_name='文号')),
                        ('published_on', models.DateField(blank=True, null=True, verbose_name='印发日期')),
                        ('confirmed_until', models.DateField(help_text='这份通知确定到哪一天；一般为当年12月31日', verbose_name='确认至')),
                        ('notice', models.TextField(help_text='通知中关于放假和上班日期的各条', verbose_name='放假安排')),
                        ('confirmation', models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态')),
                        ('revision', models.PositiveIntegerField(default=1, verbose_name='修订次数')),
                        ('updated_at', models.DateTimeField(default=qizhi.core.clock.now, verbose_name='更新时间')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '放假安排通知',
                        'ordering': ['year', 'published_on', 'title'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'scope', 'year', 'title'), name='regulations_paper_title')],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('is_working', models.BooleanField(verbose_name='上班')),
                        ('name', models.CharField(blank=True, max_length=40, verbose_name='节日')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='regulations.calendarpaper', verbose_name='通知')),
                    ],
                    options={
                        'verbose_name': '放假或上班日',
                        'ordering': ['on'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'paper', 'on'), name='regulations_day_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Regulation',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('code', models.SlugField(max_length=60, verbose_name='代码')),
                        ('title', models.CharField(max_length=200, verbose_name='名称')),
                        ('doc_no', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                        ('issuer', models.CharField(max_length=100, verbose_name='发文机关')),
                        ('level', models.CharField(choices=[('national', '全国'), ('local', '地方或系统'), ('bureau', '本局')], default='bureau', max_length=20, verbose_name='层级')),
                        ('confirmation', models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='regulations.regulation', verbose_name='被替代为')),
                    ],
                    options={
                        'verbose_name': '制度文件',
                        'ordering': ['level', 'title'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'code'), name='regulations_regulation_code')],
                    },
                ),
                migrations.CreateModel(
                    name='RegulationAlias',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('name', models.CharField(max_length=100, verbose_name='别名')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('regulation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='regulations.regulation', verbose_name='制度文件')),
                    ],
                    options={
                        'verbose_name': '制度别名',
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'regulation', 'name'), name='regulations_alias_name')],
                    },
                ),
                migrations.CreateModel(
                    name='Version',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('label', models.CharField(max_length=60, verbose_name='版本')),
                        ('published_on', models.DateField(blank=True, null=True, verbose_name='印发日期')),
                        ('effective_from', models.DateField(verbose_name='施行日期')),
                        ('effective_to', models.DateField(blank=True, help_text='最后有效的一天；空白表示现行', null=True, verbose_name='失效日期')),
                        ('status', models.CharField(choices=[('draft', '草稿'), ('published', '已发布')], default='draft', max_length=20, verbose_name='状态')),
                        ('text', models.TextField(blank=True, verbose_name='正文或摘录')),
                        ('confirmation', models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('regulation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='regulations.regulation', verbose_name='制度文件')),
                    ],
                    options={
                        'verbose_name': '制度版本',
                        'ordering': ['-effective_from'],
                        'indexes': [models.Index(fields=['bureau', 'status', 'effective_from'], name='regulations_version_force')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='regulations_version_days'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('bureau', 'regulation'), name='regulations_version_one_draft')],
                    },
                ),
                migrations.CreateModel(
                    name='Clause',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('key', models.SlugField(max_length=40, verbose_name='条款代码')),
                        ('number', models.CharField(blank=True, max_length=40, verbose_name='条款号')),
                        ('text', models.TextField(verbose_name='原文')),
                        ('kind', models.SlugField(blank=True, help_text='空白：只供引用，不由系统判定', max_length=40, verbose_name='判定类型')),
                        ('parameters', models.JSONField(blank=True, default=dict, verbose_name='参数')),
                        ('points', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='分值')),
                        ('subject', models.CharField(choices=[('branch', '党支部'), ('committee', '机关党委'), ('party_group', '党组'), ('department', '部门'), ('person', '个人'), ('bureau', '全局')], default='branch', max_length=20, verbose_name='对象')),
                        ('period', models.CharField(choices=[('each', '每次'), ('month', '每月'), ('quarter', '每季度'), ('year', '每年'), ('term', '每届任期'), ('standing', '持续')], default='each', max_length=20, verbose_name='周期')),
                        ('applies_by', models.CharField(choices=[('event', '事情发生之日'), ('due', '应当完成之日'), ('period_end', '所属期间末日')], default='event', max_length=20, verbose_name='适用版本依据')),
                        ('is_general', models.BooleanField(default=False, help_text='只提醒，不阻止', verbose_name='原文为“一般”')),
                        ('is_enabled', models.BooleanField(default=True, verbose_name='启用')),
                        ('confirmation', models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='regulations.version', verbose_name='版本')),
                    ],
                    options={
                        'verbose_name': '条款',
                        'ordering': ['position', 'key'],
                        'indexes': [models.Index(fields=['bureau', 'key'], name='regulations_clause_find')],
                        'constraints': [models.UniqueConstraint(fields=('bureau', 'version', 'key'), name='regulations_clause_key')],
                    },
                ),
            ],
        ),
    ]
