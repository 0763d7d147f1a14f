"""A person closes the study file of a year, or opens it again; each is one transaction and one event."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import Period, say_day
from qizhi.core.permissions import Actor
from qizhi.org.models import Unit
from qizhi.study.models import YearFile
from qizhi.study.queries.year_files import file_of
from qizhi.study.rules.year_files import Part, PartState


@transaction.atomic
def close_file(
    *,
    unit: Unit,
    year: Period,
    closed_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> YearFile:
    """Close the file of a year, with its parts as they stand; again with the same id changes nothing.

    Raises:
        Refused: the year is not over, a part is missing, the day cannot be, or the file is closed.
    """
    if (known := made_before(YearFile, id, by.bureau_id)) is not None:
        return known
    today, found = clock.today(), file_of(unit, year, clock.today())
    if found.filed is not None:
        raise Refused(f"这一年的学习档案已于{say_day(found.filed.closed_on)}归档。要重新归档，请先取消归档。")
    if closed_on <= year.end or closed_on > today:
        why = f"{year.label}过完以后才能归档，归档日期也不能晚于今天（{say_day(today)}）"
        raise Refused(f"没有归档：{why}。请核对日期。", "closed_on")
    missing = [one for one in found.parts if one.state is PartState.MISSING and one.part is not Part.FILED]
    if missing:
        said = "；".join(f"{one.label}：{one.words}" for one in missing)
        raise Refused(f"没有归档，档案还缺：{said}。请先在学习档案页按“怎么补”补齐。")
    row = YearFile(
        bureau_id=by.bureau_id,
        unit=unit,
        year=year.start.year,
        closed_on=closed_on,
        closed_by_label=by.label,
        parts=[[one.label, one.words] for one in found.parts if one.part is not Part.FILED],
        **({"id": id} if id else {}),
    )
    row.save(force_insert=True)
    audit.record("study.close_year_file", row, by=by)
    return row


@transaction.atomic
def reopen_file(row: YearFile, *, because: str, by: Actor) -> YearFile:
    """Open a file again that was closed by mistake or too early; what was closed stays on record.

    Raises:
        Refused: there is no reason, or it is open already.
    """
    if not because.strip():
        raise Refused("没有取消归档：请写明理由。", "because")
    if row.reopened_on is not None:
        raise Refused(f"这次归档已于{say_day(row.reopened_on)}取消。")
    before = audit.snapshot(row)
    row.reopened_on, row.reopened_by_label = clock.today(), by.label
    row.reopened_because = because.strip()
    row.save()
    audit.record("study.reopen_year_file", row, by=by, before=before)
    return row
