"""What the services hold of cases, checks and points, held by the database as well, whoever writes."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.expressions import DaysAfter
from qizhi.core.db.operations import AppendOnly, Moves, Refuses, Sealed

OF_APPEAL = ["appealed_on", "appeal", "is_appeal_late", "is_appeal_open", "admitted_by_id", "review_until"]
OF_REVIEW = ["is_appeal_open", "reviewed_by_id", "reviewed_on", "outcome", "review_reason"]
OF_REVIEW += ["final_points", "final_on"]
OF_HEARING = ["stated_on", "statement", "decided_by_id", "decided_on", "decision", "decision_reason"]
OF_HEARING += ["appeal_until"]
PROCESS = ["status", "notified_on", "statement_until", "statement_days", *OF_HEARING, *OF_APPEAL, *OF_REVIEW[1:]]
WAYS = {
    "draft": ["notified", "dropped"],
    "notified": ["decided", "cleared"],
    "decided": ["appealed", "final", "cleared"],
    "appealed": ["final", "cleared"],
    "final": ["cleared"],
}
FREE = {
    "notified": OF_HEARING,
    "decided": [*OF_APPEAL, *OF_REVIEW],
    "appealed": OF_REVIEW,
    "final": [*OF_APPEAL, *OF_REVIEW],
}
# A review answers an appeal, or follows where the finding behind the case has ended.
ANSWERED = "(OLD.is_appeal_open AND NOT NEW.is_appeal_open)"
REVIEWED = """(OLD.outcome {differs} NEW.outcome OR OLD.reviewed_by_id {differs} NEW.reviewed_by_id
    OR OLD.reviewed_on {differs} NEW.reviewed_on OR OLD.review_reason {differs} NEW.review_reason)"""
ENDED = """EXISTS (SELECT 1 FROM regulations_finding f
    WHERE f.id = NEW.finding_id AND f.status <> 'live')"""
LAST_WORD = f"""(OLD.status = 'appealed' AND NEW.status = 'final' AND NEW.outcome = '')
    OR ({REVIEWED} AND NOT {ANSWERED} AND NOT {ENDED})
    OR (OLD.status = 'final' AND NEW.status = 'final'
        AND (OLD.final_on {{differs}} NEW.final_on
            OR (OLD.final_points {{differs}} NEW.final_points AND NOT {ANSWERED} AND NOT {REVIEWED})))"""
# Lines of an archive come before their cases: then there is nothing to fit yet.
FITS = """EXISTS (SELECT 1 FROM conduct_case c WHERE c.id = NEW.case_id AND (
    (NEW.kind = 'deducted' AND NOT (c.status = 'final' AND c.final_points = NEW.points
        AND c.final_on = NEW.counted_on AND NOT (c.person_id {differs} NEW.person_id)
        AND (c.person_id IS NOT NULL OR NOT (c.unit_id {differs} NEW.unit_id))
        AND NOT EXISTS (SELECT 1 FROM conduct_pointsentry e WHERE e.case_id = NEW.case_id
            AND e.kind = 'deducted' AND NOT EXISTS
                (SELECT 1 FROM conduct_pointsentry r WHERE r.reverses_id = e.id))))
    OR (NEW.kind = 'reversed' AND NOT EXISTS (SELECT 1 FROM conduct_pointsentry e
        WHERE e.id = NEW.reverses_id AND e.case_id = NEW.case_id AND e.points = -NEW.points
        AND e.counted_on = NEW.counted_on AND NOT (e.person_id {differs} NEW.person_id)
        AND NOT (e.unit_id {differs} NEW.unit_id)
        AND (c.status = 'cleared' OR c.final_points <> e.points)))))"""
OTHERS = """EXISTS (SELECT 1 FROM conduct_case c WHERE c.id = NEW.case_id AND (
    (NEW.kind IN ('admitted', 'not_admitted', 'reviewed')
        AND (NEW.by_id IS NULL OR NEW.by_id IN (c.recorded_by_id, c.decided_by_id, c.person_id)))
    OR (NEW.kind = 'decided' AND (NEW.by_id IS NULL OR NEW.by_id IN (c.recorded_by_id, c.person_id)))))"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0006_open_appeals"), ("regulations", "0009_nothing_replaced")]
    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name='case',
            name='conduct_case_decider',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='conduct_case_reviewer',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='conduct_case_not_own',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='conduct_case_final',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='conduct_case_reviewed',
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_by', models.F('person')), _negated=True), name='conduct_case_recorder'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by', models.F('person')), _negated=True), models.Q(('decided_by', models.F('recorded_by')), _negated=True)), name='conduct_case_decider'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_by', models.F('person')), _negated=True), models.Q(('reviewed_by', models.F('recorded_by')), _negated=True), models.Q(('reviewed_by', models.F('decided_by')), _negated=True)), name='conduct_case_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('admitted_by', models.F('person')), _negated=True), models.Q(('admitted_by', models.F('recorded_by')), _negated=True), models.Q(('admitted_by', models.F('decided_by')), _negated=True)), name='conduct_case_admitter'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fact', ''), _negated=True), models.Q(('evidence', ''), _negated=True), ('points__lt', 0), ('rule__has_key', 'document'), ('rule__has_key', 'version'), ('rule__has_key', 'text')), name='conduct_case_grounds'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'dropped']), models.Q(('notified_on__gte', models.F('recorded_on')), ('statement_days__gte', 5), ('statement_until__gte', DaysAfter(models.F('notified_on'), models.F('statement_days'))), ('notified_on__isnull', False), ('statement_days__isnull', False), ('statement_until__isnull', False)), _connector='OR'), name='conduct_case_told'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('decided_on__isnull', True), ('decision', ''), ('outcome', ''), ('status__in', ['draft', 'dropped', 'notified'])), models.Q(models.Q(models.Q(('appeal_until__gt', models.F('decided_on')), ('appeal_until__isnull', False), ('decision', 'confirmed'), ('status__in', ['decided', 'appealed', 'final', 'cleared'])), models.Q(('decision', 'withdrawn'), ('outcome', ''), ('status', 'cleared')), _connector='OR'), models.Q(('decision_reason', ''), _negated=True), ('decided_by__isnull', False), ('decided_on__gte', models.F('notified_on')), ('decided_on__isnull', False)), _connector='OR'), name='conduct_case_decided'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status', 'appealed'), _negated=True), models.Q(('is_appeal_open', True), ('review_until__isnull', False)), _connector='OR'), models.Q(('is_appeal_open', False), models.Q(('appealed_on__gte', models.F('decided_on')), ('appealed_on__isnull', False), ('status__in', ['decided', 'appealed', 'final'])), _connector='OR'), models.Q(('appealed_on__isnull', True), ('is_appeal_late', True), models.Q(('appeal_until__isnull', False), ('appealed_on__lte', models.F('appeal_until'))), _connector='OR')), name='conduct_case_appealed'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'cleared'), ('is_appeal_late', False), ('review_until__isnull', True), ('admitted_by__isnull', False), _connector='OR'), name='conduct_case_admitted'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('reviewed_by__isnull', True), ('reviewed_on__isnull', True)), models.Q(models.Q(models.Q(('outcome__in', ['upheld', 'changed']), ('status', 'final')), models.Q(('outcome', 'cancelled'), ('status', 'cleared')), _connector='OR'), models.Q(('review_reason', ''), _negated=True), ('reviewed_by__isnull', False), ('reviewed_on__gte', models.F('decided_on')), ('reviewed_on__isnull', False)), _connector='OR'), name='conduct_case_reviewed'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status', 'final'), _negated=True), ('final_on__isnull', True), ('final_points__isnull', True)), models.Q(models.Q(('outcome__in', ['upheld', 'changed']), models.Q(('final_on__gt', models.F('appeal_until')), ('final_points', models.F('points')), ('outcome', ''), models.Q(('appealed_on__isnull', True), ('is_appeal_open', True), _connector='OR')), _connector='OR'), ('decision', 'confirmed'), ('final_on__gte', models.F('decided_on')), ('final_on__isnull', False), ('final_points__gte', models.F('points')), ('final_points__isnull', False), ('final_points__lt', 0), ('status', 'final')), _connector='OR'), name='conduct_case_final'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'cleared'), _negated=True), ('decision', 'withdrawn'), ('outcome', 'cancelled'), _connector='OR'), name='conduct_case_cleared'),
        ),
        migrations.AddConstraint(
            model_name='papercheck',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', models.F('person')), _negated=True), name='conduct_check_other_person'),
        ),
        migrations.AddConstraint(
            model_name='papercheck',
            constraint=models.CheckConstraint(condition=models.Q(('result', ''), ('approved_by__isnull', False), _connector='OR'), name='conduct_check_approved'),
        ),
        migrations.AddConstraint(
            model_name='pointsentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'deducted'), ('points__lt', 0)), models.Q(('kind', 'reversed'), ('points__gt', 0)), _connector='OR'), name='conduct_points_sign'),
        ),
        Sealed("Case", unless={"status": "draft"}, free=PROCESS),
        Moves("Case", column="status", ways=WAYS, free=FREE),
        Refuses("Case", rule="last_word", verbs=["update"], when=LAST_WORD, says="has no such last word"),
        AppendOnly("PointsEntry"),
        Refuses("PointsEntry", rule="fits_case", verbs=["insert"], when=FITS, says="does not fit its case"),
        Refuses("CaseStep", rule="other_people", verbs=["insert"], when=OTHERS, says="is taken by the same"),
    ]
