"""What inspections have seen: written down, corrected with a reason, withdrawn and restored."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import fields

from django.db import transaction

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Inspection, Observation
from qizhi.conduct.services.inspections import open_now, reason_of
from qizhi.conduct.services.steps import check_subject
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Person, Unit
from qizhi.regulations.models import Clause

_EXAMPLE = "看错了日期"


@dataclass(frozen=True)
class Seen:
    """What an inspection has seen: whom it concerns, when, what, what shows it, and who has seen it."""

    happened_on: dt.date
    fact: str
    evidence: str
    person: Person | None = None
    unit: Unit | None = None
    clause: Clause | None = None
    seen_by: tuple[Person, ...] = ()


@transaction.atomic
def save_observation(
    inspection: Inspection,
    seen: Seen,
    *,
    by: Actor,
    observation: Observation | None = None,
    because: str = "",
    id: uuid.UUID | None = None,  # noqa: A002 - the row's own
) -> Observation:
    """Write down what was seen, or correct it (with a reason) while no case was made of it.

    Raises:
        Refused: the inspection is over, nobody is named, of the future, somebody has seen it of themselves,
            the clause asks it of others, a case was made of it, it was withdrawn, or it is corrected without
            a reason.
    """
    if (known := made_before(Observation, id, by.bureau_id)) is not None:
        return known
    inspection = open_now(inspection)
    if seen.person is None and seen.unit is None:
        raise Refused("没有写明人员或组织，没有保存。", "person")
    if seen.happened_on > clock.today():
        raise Refused("发生日期在今天之后，请核对。", "happened_on")
    if seen.person is not None and seen.person in seen.seen_by:
        raise Refused(f"{seen.person}是当事人，不能同时是检查人。请核对。", "seen_by")
    if seen.clause is not None:
        check_subject(seen.clause, seen.person, seen.unit)
    if observation is not None:
        return _correct(_free(observation), seen, because, by)
    row = Observation(pk=id or new_id(), bureau_id=by.bureau_id, inspection=inspection)
    _write(row, seen)
    row.save(force_insert=True)
    row.seen_by.set(seen.seen_by)
    audit.record("conduct.save_observation", row, by=by, after=_snapshot(row))
    return row


def _correct(row: Observation, seen: Seen, because: str, by: Actor) -> Observation:
    if row.withdrawn_at is not None:
        raise Refused("这条检查记录已经撤销，不能更正。请先恢复，再更正。")
    before = _snapshot(row)
    _write(row, seen)
    row.seen_by.set(seen.seen_by)
    if _snapshot(row) == before:
        return row
    more = {"because": reason_of(because, "更正", _EXAMPLE)}
    # The database tells a correction by its time: two are never of one.
    later = (row.corrected_at or clock.now()) + dt.timedelta(microseconds=1)
    row.corrected_at, row.corrected_because = max(clock.now(), later), more["because"]
    row.corrected_by_label = by.label[:100]
    row.save()
    after = {**_snapshot(row), **more}
    audit.record("conduct.save_observation", row, by=by, before=before, after=after)
    return row


def _write(row: Observation, seen: Seen) -> None:
    for field in fields(seen):
        if field.name != "seen_by":
            setattr(row, field.name, getattr(seen, field.name))


def _snapshot(row: Observation) -> audit.Snapshot:
    """The row with the names of those who have seen it, which are no column; who corrected it: the log."""
    columns = {
        name: value for name, value in audit.snapshot(row).items() if not name.startswith("corrected_")
    }
    return {**columns, "seen_by": "、".join(str(one) for one in row.seen_by.all())}


@transaction.atomic
def withdraw_observation(observation: Observation, *, because: str, by: Actor) -> Observation:
    """Take a mistaken line away: it stays to be read and counts for nothing; a withdrawn one stays so.

    Raises:
        Refused: the inspection is over, a case was made of it, or no reason is given.
    """
    open_now(observation.inspection)
    row = _free(observation)
    if row.withdrawn_at is not None:
        return row
    before = audit.snapshot(row)
    row.withdrawn_at, row.withdrawn_because = clock.now(), reason_of(because, "撤销", "重复登记")
    row.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("conduct.withdraw_observation", row, by=by, before=before)
    return row


@transaction.atomic
def restore_observation(observation: Observation, *, by: Actor) -> Observation:
    """Take a withdrawal back.

    Raises:
        Refused: the inspection is over.
    """
    open_now(observation.inspection)
    row = _free(observation)
    if row.withdrawn_at is None:
        return row
    before = audit.snapshot(row)
    row.withdrawn_at, row.withdrawn_because = None, ""
    row.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("conduct.restore_observation", row, by=by, before=before)
    return row


def _free(observation: Observation) -> Observation:
    """The row, held, as long as no case was made of it."""
    rows = Observation.objects.select_for_update().filter(bureau_id=observation.bureau_id)
    row = rows.get(pk=observation.pk)
    known = row.cases.exclude(status=CaseStatus.DROPPED).first()
    if known is not None:
        message = f"已经据此立案（{known}），检查记录不能再改。有误的，在事项里更正或撤销。"
        raise Refused(message)
    return row
