"""What is published ends by its successor alone and goes by its name; what was found ends with who and why."""

from typing import ClassVar

from django.db import migrations

from qizhi.core.db.operations import Checked, Refuses, Sealed

ARRIVING = 'EXISTS (SELECT 1 FROM "org_arrival" a WHERE a."bureau_id" = NEW."bureau_id")'
BORN = f"""NOT {ARRIVING} AND (NEW."status" <> 'draft' OR NEW."published_by_id" IS NOT NULL)"""
# By whichever account: two people are two persons.
SAME = """EXISTS (SELECT 1 FROM "org_account" p JOIN "org_account" c ON c."person_id" = p."person_id"
    WHERE p."id" = NEW."published_by_id" AND c."id" = NEW."changed_by_id")"""
WORDS = " OR ".join(
    f'OLD."{name}" {{differs}} NEW."{name}"'
    for name in ("changed_by_id", "published_by_id", "effective_from", "effective_to", "regulation_id", "label", "text")
)
# A draft is signed first, by a second person; then the version before ends, then it comes into force. What
# was loaded by a command and touched by nobody needs no signature, and ends nothing.
FORCE = f"""OLD."status" = 'draft' AND (
    (NEW."loaded_from" <> '' AND NEW."loaded_from" <> OLD."loaded_from")
    OR (OLD."changed_by_id" IS NOT NULL AND NEW."changed_by_id" IS NULL)
    OR (OLD."published_by_id" IS NULL AND NEW."published_by_id" IS NOT NULL AND NEW."status" <> 'draft')
    OR (OLD."published_by_id" IS NOT NULL AND (NEW."status" <> 'published' OR {WORDS}))
    OR (NEW."published_by_id" IS NOT NULL AND {SAME})
    OR (NEW."status" = 'published' AND NEW."published_by_id" IS NULL
        AND (NEW."changed_by_id" IS NOT NULL OR NEW."loaded_from" = '')))"""
SIGNED = """OLD."status" = 'draft' AND OLD."published_by_id" IS NOT NULL"""
ENDS = """OLD."status" = 'published' AND OLD."effective_to" {differs} NEW."effective_to"
    AND (OLD."effective_to" IS NOT NULL OR NOT EXISTS (SELECT 1 FROM "regulations_version" n
        WHERE n."regulation_id" = NEW."regulation_id" AND n."status" = 'draft'
        AND n."published_by_id" IS NOT NULL AND n."effective_from" = {day_after:NEW."effective_to"}))"""
IN_FORCE = """EXISTS (SELECT 1 FROM "regulations_version" v
    WHERE v."regulation_id" = {row}."id" AND v."status" = 'published')"""
NAMES = ["title", "doc_no", "issuer"]
# A name that waits for its check is corrected together with it, once.
NAMED = f"""{IN_FORCE.format(row="NEW")} AND (
    (({" OR ".join(f'OLD."{name}" {{differs}} NEW."{name}"' for name in NAMES)})
        AND NOT (OLD."confirmation" NOT IN ('V', 'D') AND NEW."confirmation" IN ('V', 'D')))
    OR (OLD."confirmation" IN ('V', 'D') AND NEW."confirmation" NOT IN ('V', 'D')))"""
CLOSED = f"""(NEW."status" = 'live'
        AND (NEW."closed_at" IS NOT NULL OR NEW."closed_by_label" <> '' OR NEW."closed_because" <> ''))
    OR (NEW."status" <> 'live'
        AND (NEW."closed_at" IS NULL OR NEW."closed_by_label" = '' OR NEW."closed_because" = ''))"""
BORN_LIVE = f"""NEW."status" <> 'live' AND NOT {ARRIVING}"""
# What a run no longer finds ends by a run that is under way, or by a proposal of one.
BY_RUN = """OLD."status" = 'live' AND NEW."status" IN ('gone', 'superseded')
    AND NOT EXISTS (SELECT 1 FROM "regulations_run" r
        WHERE r."bureau_id" = NEW."bureau_id" AND r."status" = 'running')
    AND NOT EXISTS (SELECT 1 FROM "regulations_proposal" p
        WHERE p."finding_id" = NEW."id" AND p."decided_at" IS NULL)"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0017_rows_on_any_day"), ("org", "0010_one_account_a_person")]
    operations: ClassVar = [
        Refuses("Version", rule="born", verbs=["insert"], when=BORN, says="begins as a draft"),
        Refuses("Version", rule="force", verbs=["update"], when=FORCE, says="comes into force by two people"),
        Refuses("Version", rule="signed", verbs=["delete"], when=SIGNED, says="is signed"),
        Refuses("Version", rule="ends", verbs=["update"], when=ENDS, says="ends by its successor"),
        Checked("Version"),
        Sealed("Regulation", where=IN_FORCE, free=[*NAMES, "level", "replaced_by_id", "confirmation"]),
        Refuses("Regulation", rule="named", verbs=["update"], when=NAMED, says="keeps its name"),
        Refuses("Finding", rule="closed", verbs=["insert", "update"], when=CLOSED, says="ends with who and why"),
        Refuses("Finding", rule="born", verbs=["insert"], when=BORN_LIVE, says="begins as it stands"),
        Refuses("Finding", rule="by_run", verbs=["update"], when=BY_RUN, says="ends by a run"),
        Checked("Exemption"),
    ]
