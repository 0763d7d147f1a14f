"""What a finding is about is the row, on whatever day it lies: slots leave out the day where a row is the fact."""

import datetime as dt
import hashlib
import json
from typing import ClassVar

from django.db import migrations

from qizhi.core import clock
from qizhi.core.db.operations import Lift, Sealed

KEY_LENGTH, KEY_DASHES = 36, 4
STREAM = 2000
ENDED = "同一件事另有新的发现（整理标识）"


def moved(slot):
    """The slot without its day, where it ends with the key of a row; else as it is."""
    head, _, occurrence = slot.rpartition("|")
    before, _, day = head.rpartition("|")
    is_row = len(occurrence) == KEY_LENGTH and occurrence.count("-") == KEY_DASHES
    return f"{before}||{occurrence}" if is_row and is_day(day) else slot


def is_day(text):
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def without_number(row):
    """The fingerprint without the running number of an observation, which says nothing of it; None: unchanged."""
    facts = dict(row.evidence.get("facts") or {})
    if row.clause.kind != "per_event" or "number" not in facts:
        return None
    if row.fingerprint != print_of(row, facts):
        return None
    del facts["number"]
    return print_of(row, facts)


def print_of(row, facts):
    said = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    kept = f"{row.clause_id}|{row.verdict}|{row.points}|{row.required}|{said}"
    return hashlib.sha256(kept.encode()).hexdigest()


def forwards(apps, schema_editor):
    Finding, Proposal = (apps.get_model("regulations", name) for name in ("Finding", "Proposal"))
    standing = set()
    # The newest first: of two that stand of one row the older one ends.
    for row in Finding.objects.select_related("clause").order_by("-found_at", "-id").iterator(chunk_size=STREAM):
        values = {}
        slot = moved(row.slot)
        if slot != row.slot:
            values["slot"] = slot
        if row.status == "live":
            if (row.bureau_id, slot) in standing:
                values |= {"status": "superseded", "closed_at": clock.now(), "closed_by_label": "系统"}
                values["closed_because"] = ENDED
            elif (known := without_number(row)) is not None:
                values["fingerprint"] = known
            standing.add((row.bureau_id, slot))
        if values:
            Finding.objects.filter(pk=row.pk).update(**values)
    waiting = set()
    for row in Proposal.objects.order_by("-pk").iterator(chunk_size=STREAM):
        slot, values = moved(row.slot), row.values
        if slot == row.slot:
            continue
        if "slot" in values:
            values = {**values, "slot": slot}
        row.slot, row.values = slot, values
        if row.decided_at is None and (row.bureau_id, slot) in waiting:
            row.decided_at, row.decided_by_label, row.is_accepted = clock.now(), "核算", False
        elif row.decided_at is None:
            waiting.add((row.bureau_id, slot))
        row.save(update_fields=["slot", "values", "decided_at", "decided_by_label", "is_accepted"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("regulations", "0016_excused_people")]
    operations: ClassVar = [
        Lift("Finding", rule="sealed"),
        # The way back leaves the slots: the day is in the finding.
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True),
        Sealed(
            "Finding",
            free=["status", "closed_at", "closed_by_label", "closed_because"],
            until={"status": "live"},
        ),
    ]
