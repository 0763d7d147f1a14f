"""Where whoever recorded a case has left the office, another tells it again and has recorded it from then on."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import Moves, Refuses, Sealed

ARRIVING = 'EXISTS (SELECT 1 FROM "org_arrival" a WHERE a."bureau_id" = NEW."bureau_id")'
OF_APPEAL = ["appealed_on", "appeal", "is_appeal_late", "is_appeal_open", "admitted_by_id", "review_until"]
OF_REVIEW = ["is_appeal_open", "reviewed_by_id", "reviewed_on", "outcome", "review_reason"]
OF_REVIEW += ["final_points", "final_on"]
OF_HEARING = ["stated_on", "statement", "decided_by_id", "decided_on", "decision", "decision_reason"]
OF_HEARING += ["appeal_until"]
OF_FACT = ["clause_id", "unit_id", "happened_on", "fact", "evidence", "rule", "excuses", "points"]
OF_NOTICE = ["notified_on", "statement_until", "statement_days"]
OF_DRAFT = ["person_id", *OF_FACT, *OF_NOTICE]
TOLD = ["finding_id", "recorded_by_id", *OF_FACT, *OF_NOTICE]
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
# Only what stands in the place of a finding that has ended, by a step of that day and of who has recorded it
# from then on, and undecided.
TOLD_AGAIN = f"""OLD.status <> 'draft' AND ({CHANGED}) AND NOT (
    OLD.status = 'notified' AND NEW.status = 'notified' AND NEW.decision = ''
    AND NEW.notified_on >= OLD.notified_on
    AND EXISTS (SELECT 1 FROM regulations_finding o, regulations_finding n
        WHERE o.id = OLD.finding_id AND n.id = NEW.finding_id AND o.slot = n.slot
        AND o.status <> 'live' AND n.status = 'live')
    AND EXISTS (SELECT 1 FROM conduct_casestep s WHERE s.case_id = OLD.id AND s.kind = 'renotified'
        AND s."on" = NEW.notified_on AND s.by_id = NEW.recorded_by_id))"""
IN_OFFICE = """EXISTS (SELECT 1 FROM org_post p WHERE p.person_id = c.recorded_by_id
    AND p.role = 'discipline_officer' AND p.from_on <= NEW."on" AND (p.to_on IS NULL OR p.to_on >= NEW."on"))"""
# Who tells it anew has recorded it, or does so now since nobody else is there who has, and keeps what was told.
RECORDER = f"""NEW.kind = 'renotified' AND NOT {ARRIVING} AND (NEW.earlier IS NULL OR NEW.by_id IS NULL
    OR EXISTS (SELECT 1 FROM conduct_case c WHERE c.id = NEW.case_id AND c.recorded_by_id <> NEW.by_id
        AND {IN_OFFICE}))"""
# Nor may who recorded it before another did.
BEFORE = """EXISTS (SELECT 1 FROM conduct_casestep s WHERE s.case_id = NEW.id
    AND s.kind IN ('drafted', 'renotified')
    AND s.by_id IN (NEW.decided_by_id, NEW.admitted_by_id, NEW.reviewed_by_id))"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conduct", "0019_told_again"), ("org", "0010_one_account_a_person")]
    operations: ClassVar = [
        Sealed("Case", unless={"status": "draft"}, free=PROCESS),
        Moves("Case", column="status", ways=WAYS, free=FREE),
        Refuses("Case", rule="told_again", verbs=["update"], when=TOLD_AGAIN, says="is sealed as it was told"),
        Refuses("CaseStep", rule="recorder", verbs=["insert"], when=RECORDER, says="is taken by another"),
        Refuses("Case", rule="recorders", verbs=["update"], when=BEFORE, says="is decided by who recorded it"),
    ]
