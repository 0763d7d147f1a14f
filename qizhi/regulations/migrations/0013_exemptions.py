"""Branches excused from a clause: by the office, with an end, of one bureau, never undone but withdrawn."""

import django.db.models.deletion
import qizhi.core.ids
from django.db import migrations, models

from qizhi.core.db.operations import Refuses, Sealed

# A unit or clause that is not there yet says nothing: archives bring rows in any order.
STRANGE = """
    EXISTS (SELECT 1 FROM "org_unit" u WHERE u."id" = NEW."unit_id"
            AND (u."bureau_id" <> NEW."bureau_id" OR u."kind" <> 'branch'))
    OR EXISTS (SELECT 1 FROM "regulations_clause" c WHERE c."id" = NEW."clause_id"
               AND (c."bureau_id" <> NEW."bureau_id" OR c."subject" <> 'branch'))
"""
# Nobody excuses the branch on whose committee they sit.
OWN = """
    EXISTS (SELECT 1 FROM "org_account" a JOIN "org_post" p ON p."person_id" = a."person_id"
            WHERE a."id" = NEW."recorded_by_id" AND p."unit_id" = NEW."unit_id"
            AND p."role" IN ('secretary', 'deputy_secretary', 'branch_committee_member')
            AND p."from_on" <= NEW."recorded_on" AND (p."to_on" IS NULL OR p."to_on" >= NEW."recorded_on"))
"""
CORRECTED = [
    "from_on", "to_on", "reason", "approver", "approved_on",
    "recorded_by_id", "recorded_by_label", "recorded_on",
    "withdrawn_on", "withdrawn_by_label", "withdrawn_because",
]


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0004_began_work_on'),
        ('regulations', '0012_by_whom'),
    ]

    operations = [
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.UUIDField(default=qizhi.core.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                ('from_on', models.DateField(verbose_name='起始日期')),
                ('to_on', models.DateField(blank=True, help_text='空白表示至今', null=True, verbose_name='截止日期')),
                ('reason', models.CharField(max_length=120, verbose_name='免除理由')),
                ('approver', models.CharField(max_length=60, verbose_name='批准的组织或负责人')),
                ('approved_on', models.DateField(verbose_name='批准日期')),
                ('recorded_by_id', models.UUIDField(null=True, verbose_name='登记账号')),
                ('recorded_by_label', models.CharField(max_length=100, verbose_name='登记人')),
                ('recorded_on', models.DateField(verbose_name='登记日期')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('withdrawn_by_label', models.CharField(blank=True, max_length=100, verbose_name='撤销人')),
                ('withdrawn_because', models.CharField(blank=True, max_length=120, verbose_name='撤销理由')),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.bureau', verbose_name='单位')),
                ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='regulations.clause', verbose_name='条款')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='org.unit', verbose_name='党支部')),
            ],
            options={
                'verbose_name': '免除',
                'ordering': ['-from_on', '-id'],
                'abstract': False,
                'indexes': [models.Index(fields=['bureau', 'unit'], name='regulations_exemption_unit')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='regulations_exemption_days'),
                    models.CheckConstraint(condition=models.Q(('to_on__isnull', False)), name='regulations_exemption_ends'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('approver', ''), _negated=True)), name='regulations_exemption_grounds'),
                    models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_because', ''), ('withdrawn_by_label', ''), ('withdrawn_on__isnull', True)), models.Q(('withdrawn_on__isnull', False), models.Q(('withdrawn_because', ''), _negated=True), models.Q(('withdrawn_by_label', ''), _negated=True)), _connector='OR'), name='regulations_exemption_withdrawn'),
                ],
            },
        ),
        Sealed("Exemption", free=CORRECTED),
        Refuses("Exemption", rule="one_bureau", verbs=["insert", "update"], when=STRANGE, says="is of another bureau"),
        Refuses("Exemption", rule="by_office", verbs=["insert", "update"], when=OWN, says="is given by the branch itself"),
        Refuses("Exemption", rule="withdrawn", verbs=["update"], when='OLD."withdrawn_on" IS NOT NULL', says="is withdrawn"),
    ]
