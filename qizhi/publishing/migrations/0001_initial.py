import django.db.models.deletion
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
                    name='Complaint',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('kind', models.CharField(choices=[('complaint', '投诉'), ('suggestion', '建议')], default='suggestion', max_length=20, verbose_name='类别')),
                        ('text', models.TextField(max_length=2000, verbose_name='内容')),
                        ('page', models.CharField(blank=True, help_text='在哪个页面上遇到的，可以清空', max_length=200, verbose_name='关于页面')),
                        ('code_digest', models.CharField(blank=True, max_length=64, verbose_name='查询码摘要')),
                        ('sent_at', models.DateTimeField(verbose_name='提出时间')),
                        ('waits_since', models.DateField(verbose_name='起算日期')),
                        ('working_days', models.PositiveSmallIntegerField(verbose_name='答复期限（工作日）')),
                        ('state', models.CharField(choices=[('waiting', '待答复'), ('answered', '已答复')], default='waiting', max_length=20, verbose_name='情况')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='org.person', verbose_name='提出人')),
                    ],
                    options={
                        'verbose_name': '投诉建议',
                        'ordering': ['-sent_at'],
                        'indexes': [models.Index(fields=['bureau', 'state', 'sent_at'], name='publishing_waiting')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('code_digest__gt', '')), fields=('bureau', 'code_digest'), name='publishing_complaint_code'), models.CheckConstraint(condition=models.Q(models.Q(('code_digest', ''), ('sent_by__isnull', False)), models.Q(('code_digest__gt', ''), ('sent_by__isnull', True)), _connector='OR'), name='publishing_complaint_way_back')],
                    },
                ),
                migrations.CreateModel(
                    name='Reply',
                    fields=[
                        ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                        ('kind', models.CharField(choices=[('answer', '答复'), ('reopening', '要求再答复')], max_length=20, verbose_name='类别')),
                        ('text', models.TextField(max_length=2000, verbose_name='内容')),
                        ('said_at', models.DateTimeField(verbose_name='时间')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                        ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='publishing.complaint', verbose_name='投诉建议')),
                        ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='答复人')),
                    ],
                    options={
                        'verbose_name': '答复',
                        'ordering': ['said_at', 'id'],
                    },
                ),
            ],
        ),
    ]
