"""Changes to the duties of posts: written, corrected with a reason, laid down anew from a day, ended."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import fields

from django.db import transaction

from qizhi.conduct.models import PostDuty
from qizhi.conduct.services.inspections import reason_of
from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Unit
from qizhi.regulations.models import Regulation

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class DutyFacts:
    """What is laid down for a post."""

    unit: Unit
    name: str
    from_on: dt.date
    duties: str
    demands: str = ""
    regulation: Regulation | None = None


@transaction.atomic
def add_duties(facts: DutyFacts, *, by: Actor, id: uuid.UUID | None = None) -> PostDuty:  # noqa: A002 - the row's key
    """Lay down what a post has to do from a day on; where it has duties already, they end the day before.

    Raises:
        Refused: duties of the post begin on that day or later.
    """
    if (known := made_before(PostDuty, id, by.bureau_id)) is not None:
        return known
    same = PostDuty.objects.filter(bureau_id=by.bureau_id, unit=facts.unit, name=facts.name)
    later = same.filter(from_on__gte=facts.from_on).order_by("from_on").first()
    if later is not None:
        message = f"“{later}”已有{say_day(later.from_on)}起的清单，没有重复登记。请打开它更正，或另选日期。"
        raise Refused(message, "from_on")
    before = same.on(facts.from_on).first()
    if before is not None:
        _end(before, facts.from_on - ONE_DAY, by)
    row = PostDuty(bureau_id=by.bureau_id, **({"id": id} if id else {}))
    _write(row, facts)
    row.save(force_insert=True)
    audit.record("conduct.add_post_duty", row, by=by)
    return row


@transaction.atomic
def correct_duties(row: PostDuty, facts: DutyFacts, *, because: str, by: Actor) -> PostDuty:
    """Correct a slip in what was laid down; what changes from a day on is laid down anew instead.

    Raises:
        Refused: no reason, an end before the beginning, or other duties of the post on one of the days.
    """
    before = audit.snapshot(row)
    _write(row, facts)
    if audit.snapshot(row) == before:
        return row
    if row.to_on is not None and row.to_on < row.from_on:
        message = f"这份清单到{say_day(row.to_on)}止，起始日期不能在它之后。"
        raise Refused(message, "from_on")
    others = PostDuty.objects.within(row.from_on, row.to_on or dt.date.max)
    others = others.filter(bureau_id=row.bureau_id, unit=row.unit, name=row.name).exclude(pk=row.pk)
    if (other := others.order_by("from_on").first()) is not None:
        message = f"和“{other}”{say_day(other.from_on)}起的清单日期重叠。请先更正那一份，或另选日期。"
        raise Refused(message, "from_on")
    after = {"because": reason_of(because, "更正", "漏写一项")}
    row.save()
    audit.record(
        "conduct.correct_post_duty", row, by=by, before=before, after={**audit.snapshot(row), **after}
    )
    return row


@transaction.atomic
def end_duties(row: PostDuty, *, to_on: dt.date, by: Actor) -> PostDuty:
    """The post is given up: its duties end with a day.

    Raises:
        Refused: the day lies before the first, or after an end that is there.
    """
    if to_on < row.from_on:
        message = f"最后一天早于起始日期（{say_day(row.from_on)}），请核对。"
        raise Refused(message, "to_on")
    if row.to_on is not None and to_on > row.to_on:
        message = f"这份清单到{say_day(row.to_on)}为止，不能再延后。需要时请重新登记。"
        raise Refused(message, "to_on")
    return _end(row, to_on, by)


def _end(row: PostDuty, to_on: dt.date, by: Actor) -> PostDuty:
    before = audit.snapshot(row)
    row.to_on = to_on
    row.save(update_fields=["to_on"])
    audit.record("conduct.end_post_duty", row, by=by, before=before)
    return row


def _write(row: PostDuty, facts: DutyFacts) -> None:
    for field in fields(facts):
        setattr(row, field.name, getattr(facts, field.name))
