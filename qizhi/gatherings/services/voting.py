"""The register of members who may be left out of the number due in elections and admissions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.core.text import one_line
from qizhi.gatherings.enums import LeftOutReason
from qizhi.gatherings.models import VotingExclusion
from qizhi.gatherings.permissions import MANAGE_VOTING
from qizhi.org.enums import MemberStatus, UnitKind
from qizhi.org.models import Membership, Person, Unit

FIELDS = ("reason", "from_on", "to_on", "consented_by", "consented_on", "approved_on")


@transaction.atomic
def save_exclusion(
    *,
    unit: Unit,
    person: Person,
    values: Mapping[str, Any],
    by: Actor,
    exclusion: VotingExclusion | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> VotingExclusion:
    """Register (or correct) that a member cannot come for one of the five reasons, with what was approved.

    Args:
        unit: the branch.
        person: a full member of it on the first day.
        values: the fields of `FIELDS`; either approval may be missing and then the member is counted.
        by: who does it.
        exclusion: the row to correct; a new one if not given.
        id: the key made with the form; the same key twice returns the first row.

    Raises:
        Refused: not a voter of the branch, days that cannot be, or a second row for the same days.
    """
    _check_reach(unit, by)
    if exclusion is None and id is not None:
        known: VotingExclusion | None = VotingExclusion.objects.filter(bureau_id=by.bureau_id, pk=id).first()
        if known is not None:
            return known
    row = exclusion or VotingExclusion(bureau_id=by.bureau_id, unit=unit, person=person)
    if exclusion is None and id is not None:
        row.pk = id
    before = audit.snapshot(row) if exclusion else None
    for name in FIELDS:
        setattr(row, name, values[name])
    row.consented_by = one_line(row.consented_by)
    _check(row)
    row.save()
    audit.record(f"gatherings.{'change' if exclusion else 'add'}_exclusion", row, by=by, before=before)
    return row


@transaction.atomic
def remove_exclusion(exclusion: VotingExclusion, *, by: Actor) -> None:
    """Take out a row that was entered by mistake; the log keeps what it said."""
    _check_reach(exclusion.unit, by)
    before = audit.snapshot(exclusion)
    audit.record("gatherings.remove_exclusion", exclusion, by=by, before=before, after={})
    exclusion.delete()


def _check_reach(unit: Unit, by: Actor) -> None:
    if unit.bureau_id != by.bureau_id or not by.may(MANAGE_VOTING, unit.pk, unit.path):
        raise Refused(f"您的职务不能登记“{unit}”的表决名册，请与该支部书记或政工处联系。")
    if unit.kind != UnitKind.BRANCH:
        raise Refused(f"“{unit}”不是党支部；不计入应到的党员登记在所在支部。")


def _check(row: VotingExclusion) -> None:
    if row.reason not in LeftOutReason:
        raise Refused("请选择五种情形之一；其他情形的党员仍计入应到。", "reason")
    if row.to_on and row.to_on < row.from_on:
        raise Refused(f"截止日期早于起始日期（{periods.say_day(row.from_on)}），请核对。", "to_on")
    held = Membership.objects.on(row.from_on).filter(bureau_id=row.bureau_id, person=row.person)
    if not held.filter(unit=row.unit, status=MemberStatus.FULL).exists():
        day = periods.say_day(row.from_on)
        raise Refused(
            f"{row.person}{day}不是“{row.unit}”有表决权的正式党员，本来就不计入，不用登记。请核对人员或日期。",
            "from_on",
        )
    _check_approvals(row, clock.today())
    same = VotingExclusion.objects.within(row.from_on, row.to_on or dt.date.max)
    same = same.filter(bureau_id=row.bureau_id, person=row.person, unit=row.unit).exclude(pk=row.pk)
    if (other := same.first()) is not None:
        day = periods.say_day(other.from_on)
        raise Refused(f"{row.person}自{day}起已有一条登记，日期重叠。请修改那一条，或核对日期。", "from_on")


def _check_approvals(row: VotingExclusion, today: dt.date) -> None:
    if row.consented_on and not row.consented_by:
        raise Refused("请写明同意的上级党组织，例如“机关党委”。", "consented_by")
    for name, day in (("consented_on", row.consented_on), ("approved_on", row.approved_on)):
        if day and day > today:
            raise Refused("这一天还没有到；等同意或通过以后再填写。", name)
