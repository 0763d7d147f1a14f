"""A case comes from its steps alone, a line from its case, an ended finding from no case that counts."""

from typing import ClassVar

from django.db import migrations, models

from qizhi.core.db.operations import Checked, Moves, Refuses, Sealed

ARRIVING = 'EXISTS (SELECT 1 FROM "org_arrival" a WHERE a."bureau_id" = NEW."bureau_id")'
OF_APPEAL = ["appealed_on", "appeal", "is_appeal_late", "is_appeal_open", "admitted_by_id", "review_until"]
OF_REVIEW = ["is_appeal_open", "reviewed_by_id", "reviewed_on", "outcome", "review_reason"]
OF_REVIEW += ["final_points", "final_on"]
OF_HEARING = ["stated_on", "statement", "decided_by_id", "decided_on", "decision", "decision_reason"]
OF_HEARING += ["appeal_until"]
# Not who recorded it, when and under which number, nor what it came from.
OF_DRAFT = ["clause_id", "person_id", "unit_id", "happened_on", "fact", "evidence", "rule", "excuses", "points"]
OF_DRAFT += ["notified_on", "statement_until", "statement_days"]
WAYS = {
    "draft": ["notified", "dropped"],
    "notified": ["decided", "cleared"],
    "decided": ["appealed", "final", "cleared"],
    "appealed": ["final", "cleared"],
    "final": ["cleared"],
}
FREE = {
    "draft": OF_DRAFT,
    "notified": OF_HEARING,
    "decided": [*OF_APPEAL, *OF_REVIEW],
    "appealed": OF_REVIEW,
    "final": [*OF_APPEAL, *OF_REVIEW],
}
# A deduction that no counter-entry has taken back.
STANDS = """{e}.kind = 'deducted'
    AND NOT EXISTS (SELECT 1 FROM conduct_pointsentry r WHERE r.reverses_id = {e}.id)"""
OTHER_SUBJECT = """(NEW.person_id {differs} e.person_id
    OR (NEW.person_id IS NULL AND NEW.unit_id {differs} e.unit_id))"""
# Lines of an archive come before their cases: then the case has to fit its lines.
BORN = f"""(NEW.status <> 'draft' AND NOT {ARRIVING})
    OR EXISTS (SELECT 1 FROM conduct_case c WHERE c.id = NEW.id
        OR (c.bureau_id = NEW.bureau_id AND c.year = NEW.year AND c.serial = NEW.serial))
    OR EXISTS (SELECT 1 FROM conduct_pointsentry e WHERE e.case_id = NEW.id AND (
        {OTHER_SUBJECT}
        OR ({STANDS.format(e="e")} AND NOT (NEW.status = 'final'
            AND NEW.final_points = e.points AND NEW.final_on = e.counted_on))
        OR (e.kind = 'reversed' AND NOT EXISTS (SELECT 1 FROM conduct_pointsentry d
            WHERE d.id = e.reverses_id AND d.case_id = e.case_id AND d.kind = 'deducted'
            AND d.points = -e.points AND d.counted_on = e.counted_on))))
    OR (SELECT count(*) FROM conduct_pointsentry e WHERE e.case_id = NEW.id
        AND {STANDS.format(e="e")}) > 1"""
FITS = f"""(NOT EXISTS (SELECT 1 FROM conduct_case c WHERE c.id = NEW.case_id) AND NOT {ARRIVING})
    OR EXISTS (SELECT 1 FROM conduct_case c WHERE c.id = NEW.case_id AND (
    (NEW.kind = 'deducted' AND NOT (c.status = 'final' AND c.final_points = NEW.points
        AND c.final_on = NEW.counted_on AND NOT (c.person_id {{differs}} NEW.person_id)
        AND (c.person_id IS NOT NULL OR NOT (c.unit_id {{differs}} NEW.unit_id))
        AND NOT EXISTS (SELECT 1 FROM conduct_pointsentry e WHERE e.case_id = NEW.case_id
            AND {STANDS.format(e="e")})))
    OR (NEW.kind = 'reversed' AND NOT EXISTS (SELECT 1 FROM conduct_pointsentry e
        WHERE e.id = NEW.reverses_id AND e.case_id = NEW.case_id AND e.points = -NEW.points
        AND e.counted_on = NEW.counted_on AND NOT (e.person_id {{differs}} NEW.person_id)
        AND NOT (e.unit_id {{differs}} NEW.unit_id)
        AND (c.status = 'cleared' OR c.final_points <> e.points)))))"""
COUNTS = """OLD.status = 'live' AND NEW.status = 'withdrawn'
    AND EXISTS (SELECT 1 FROM conduct_case c WHERE c.finding_id = OLD.id AND c.status = 'final')"""
SEEN = ["clause_id", "person_id", "unit_id", "happened_on", "fact", "evidence"]
CORRECTED = ["corrected_at", "corrected_by_label", "corrected_because"]
WITHDRAWN = ["withdrawn_at", "withdrawn_because"]
CHANGED = " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in SEEN)
# Of what a case rests on nothing changes; before that nothing without who and why.
KEPT = f"""(NEW.withdrawn_at IS NULL AND NEW.withdrawn_because <> '')
    OR (NEW.withdrawn_at IS NOT NULL AND NEW.withdrawn_because = '')
    OR (({CHANGED}) AND (OLD.withdrawn_at IS NOT NULL OR NEW.corrected_at IS NULL
        OR NOT (NEW.corrected_at {{differs}} OLD.corrected_at)
        OR NEW.corrected_by_label = '' OR NEW.corrected_because = ''))
    OR (({CHANGED} OR OLD.withdrawn_at {{differs}} NEW.withdrawn_at)
        AND EXISTS (SELECT 1 FROM conduct_case c WHERE c.observation_id = OLD.id AND c.status <> 'dropped'))"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("conduct", "0017_answers_to_opinions"),
        ("regulations", "0018_what_ends_and_how"),
        ("org", "0010_one_account_a_person"),
    ]
    operations: ClassVar = [
        migrations.AddField(
            model_name="observation",
            name="corrected_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="更正时间"),
        ),
        migrations.AddField(
            model_name="observation",
            name="corrected_by_label",
            field=models.CharField(blank=True, max_length=100, verbose_name="更正人"),
        ),
        migrations.AddField(
            model_name="observation",
            name="corrected_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="更正理由"),
        ),
        Moves("Case", column="status", ways=WAYS, free=FREE),
        Refuses("Case", rule="born", verbs=["insert"], when=BORN, says="begins as a draft"),
        Refuses("Case", rule="stays", verbs=["delete"], when="OLD.id IS NOT NULL", says="stays"),
        Checked("Case"),
        Checked("CaseStep"),
        Checked("PointsEntry"),
        Checked("Bulletin"),
        Refuses("PointsEntry", rule="fits_case", verbs=["insert"], when=FITS, says="does not fit its case"),
        Refuses("Finding", app="regulations", rule="counts", verbs=["update"], when=COUNTS, says="bears a case"),
        Sealed("Observation", free=[*SEEN, *CORRECTED, *WITHDRAWN]),
        Refuses("Observation", rule="kept", verbs=["update"], when=KEPT, says="is kept as it was seen"),
    ]
