"""A case is told again where a run has replaced the finding behind it; what was told before stays in the step."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.operations import Checked, Moves, Refuses, Sealed

OF_APPEAL = ["appealed_on", "appeal", "is_appeal_late", "is_appeal_open", "admitted_by_id", "review_until"]
OF_REVIEW = ["is_appeal_open", "reviewed_by_id", "reviewed_on", "outcome", "review_reason"]
OF_REVIEW += ["final_points", "final_on"]
OF_HEARING = ["stated_on", "statement", "decided_by_id", "decided_on", "decision", "decision_reason"]
OF_HEARING += ["appeal_until"]
OF_FACT = ["clause_id", "unit_id", "happened_on", "fact", "evidence", "rule", "excuses", "points"]
OF_NOTICE = ["notified_on", "statement_until", "statement_days"]
OF_DRAFT = ["person_id", *OF_FACT, *OF_NOTICE]
TOLD = ["finding_id", *OF_FACT, *OF_NOTICE]
PROCESS = ["status", *OF_HEARING, *OF_APPEAL, *OF_REVIEW[1:], *TOLD]
WAYS = {
    "draft": ["notified", "dropped"],
    "notified": ["decided", "cleared"],
    "decided": ["appealed", "final", "cleared"],
    "appealed": ["final", "cleared"],
    "final": ["cleared"],
}
FREE = {
    "draft": OF_DRAFT,
    "notified": [*OF_HEARING, *TOLD],
    "decided": [*OF_APPEAL, *OF_REVIEW],
    "appealed": OF_REVIEW,
    "final": [*OF_APPEAL, *OF_REVIEW],
}
CHANGED = " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in TOLD)
# Only what stands in the place of a finding that has ended, by a step of that day, and undecided.
TOLD_AGAIN = f"""OLD.status <> 'draft' AND ({CHANGED}) AND NOT (
    OLD.status = 'notified' AND NEW.status = 'notified' AND NEW.decision = ''
    AND NEW.notified_on >= OLD.notified_on
    AND EXISTS (SELECT 1 FROM regulations_finding o, regulations_finding n
        WHERE o.id = OLD.finding_id AND n.id = NEW.finding_id AND o.slot = n.slot
        AND o.status <> 'live' AND n.status = 'live')
    AND EXISTS (SELECT 1 FROM conduct_casestep s WHERE s.case_id = OLD.id AND s.kind = 'renotified'
        AND s."on" = NEW.notified_on))"""
# Who tells it anew has recorded it, and keeps what was told.
RECORDER = """NEW.kind = 'renotified' AND (NEW.earlier IS NULL OR NEW.by_id IS NULL
    OR EXISTS (SELECT 1 FROM conduct_case c WHERE c.id = NEW.case_id AND c.recorded_by_id <> NEW.by_id))"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0018_born_of_steps")]
    operations: ClassVar = [
        # Without a default SQLite adds the column to the table that is there, with its triggers.
        migrations.AddField(
            model_name="casestep",
            name="earlier",
            field=models.JSONField(
                blank=True,
                help_text="更正告知的：原来告知的事实、分值、期限和陈述",
                null=True,
                verbose_name="更正前的告知",
            ),
        ),
        migrations.AlterField(
            model_name="casestep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("drafted", "草拟"),
                    ("dropped", "撤回"),
                    ("notified", "告知"),
                    ("stated", "陈述申辩"),
                    ("renotified", "更正告知"),
                    ("decided", "决定"),
                    ("appealed", "申诉"),
                    ("late_appeal", "逾期申诉"),
                    ("admitted", "受理逾期申诉"),
                    ("not_admitted", "不受理逾期申诉"),
                    ("reviewed", "复核"),
                    ("final", "生效"),
                ],
                max_length=20,
                verbose_name="步骤",
            ),
        ),
        Sealed("Case", unless={"status": "draft"}, free=PROCESS),
        Moves("Case", column="status", ways=WAYS, free=FREE),
        Refuses("Case", rule="told_again", verbs=["update"], when=TOLD_AGAIN, says="is sealed as it was told"),
        Refuses("CaseStep", rule="recorder", verbs=["insert"], when=RECORDER, says="is taken by another"),
        Checked("CaseStep"),
    ]
