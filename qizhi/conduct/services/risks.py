"""Changes to liaison officers, risk points and what conduct supervisors say."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from qizhi.conduct.models import Liaison, Opinion, RiskPoint
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering
from qizhi.org.models import Person, Unit
from qizhi.tasks.services.duties import DutyValues, give_task


@transaction.atomic
def name_liaison(
    *,
    person: Person,
    unit: Unit,
    from_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Liaison:
    """Make somebody a department's liaison officer from a day on; a department may have several.

    Raises:
        Refused: they are that already.
    """
    if (known := made_before(Liaison, id, by.bureau_id)) is not None:
        return known
    row = Liaison(bureau_id=by.bureau_id, person=person, unit=unit, from_on=from_on)
    row.pk = id or row.pk
    _check_liaison(row)
    row.save(force_insert=True)
    audit.record("conduct.name_liaison", row, by=by)
    return row


@transaction.atomic
def end_liaison(liaison: Liaison, *, to_on: dt.date, by: Actor) -> Liaison:
    """End a term.

    Raises:
        Refused: the last day lies before the first, or reaches into another term of theirs.
    """
    before = audit.snapshot(liaison)
    liaison.to_on = to_on
    _check_liaison(liaison)
    liaison.save(update_fields=["to_on"])
    audit.record("conduct.end_liaison", liaison, by=by, before=before)
    return liaison


@transaction.atomic
def correct_liaison(
    liaison: Liaison, *, person: Person, unit: Unit, from_on: dt.date, to_on: dt.date | None, by: Actor
) -> Liaison:
    """Correct what was entered wrongly about a term: who, where, from when, until when.

    Raises:
        Refused: the last day lies before the first, or they hold another term there on one of the days.
    """
    before = audit.snapshot(liaison)
    liaison.person, liaison.unit, liaison.from_on, liaison.to_on = person, unit, from_on, to_on
    _check_liaison(liaison)
    liaison.save()
    audit.record("conduct.correct_liaison", liaison, by=by, before=before)
    return liaison


@transaction.atomic
def remove_liaison(liaison: Liaison, *, because: str, by: Actor) -> None:
    """Remove a term that was entered by mistake; the log keeps what it said and why it went.

    Raises:
        Refused: no reason is given.
    """
    if not because.strip():
        raise Refused("请写明为什么删除，例如“登记错了人”。", "because")
    said = {"联络员": str(liaison), "起始日期": str(liaison.from_on), "截止日期": str(liaison.to_on or "")}
    after = {"删除原因": because.strip()}
    audit.record("conduct.remove_liaison", liaison.person, by=by, before=said, after=after)
    liaison.delete()


def _check_liaison(row: Liaison) -> None:
    """Whether a term can be: its days in order, and nobody twice in one department on a day."""
    if row.to_on is not None and row.to_on < row.from_on:
        raise Refused(f"最后一天早于起始日期（{periods.say_day(row.from_on)}），请核对。", "to_on")
    held = Liaison.objects.within(row.from_on, row.to_on or dt.date.max).exclude(pk=row.pk)
    if held.filter(bureau_id=row.bureau_id, person=row.person, unit=row.unit).exists():
        raise Refused(f"{row.person.name}已是“{row.unit}”的联络员，不用再登记。", "person")


@dataclass(frozen=True)
class RiskFacts:
    """A risk point as it was filled in."""

    unit: Unit
    name: str
    level: str
    measures: str
    review_on: dt.date


@transaction.atomic
def save_risk(
    risk: RiskPoint | None = None,
    *,
    facts: RiskFacts,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> RiskPoint:
    """Make or correct a risk point.

    Raises:
        Refused: the department has an open one of that name, or this one is closed.
    """
    if (known := made_before(RiskPoint, id, by.bureau_id)) is not None and risk is None:
        return known
    if risk is not None and risk.closed_on is not None:
        raise Refused(f"这个风险点已于{periods.say_day(risk.closed_on)}销号，不能再改。需要时请重新登记。")
    row = risk or RiskPoint(bureau_id=by.bureau_id, **({"id": id} if id else {}))
    same = RiskPoint.objects.filter(
        bureau_id=by.bureau_id, unit=facts.unit, name=facts.name, closed_on__isnull=True
    )
    if same.exclude(pk=row.pk).exists():
        raise Refused(f"“{facts.unit}”已有名为“{facts.name}”的风险点，请打开它修改。", "name")
    before = audit.snapshot(risk) if risk else None
    for name, value in vars(facts).items():
        setattr(row, name, value)
    row.save()
    audit.record("conduct.save_risk", row, by=by, before=before)
    return row


@transaction.atomic
def review_risk(risk: RiskPoint, *, reviewed_on: dt.date, review_on: dt.date, by: Actor) -> RiskPoint:
    """Note that a risk point was looked at, and when that is due again.

    Raises:
        Refused: it is closed, the day lies ahead, or the next review does not come after it.
    """
    if risk.closed_on is not None:
        raise Refused(f"这个风险点已于{periods.say_day(risk.closed_on)}销号，不用再复核。")
    if reviewed_on > clock.today():
        raise Refused("复核日期在今天之后，请核对。", "reviewed_on")
    if review_on <= reviewed_on:
        raise Refused("下次复核日期应在这次复核之后，请核对。", "review_on")
    before = audit.snapshot(risk)
    risk.reviewed_on, risk.review_on = reviewed_on, review_on
    risk.save(update_fields=["reviewed_on", "review_on"])
    audit.record("conduct.review_risk", risk, by=by, before=before)
    return risk


@transaction.atomic
def close_risk(risk: RiskPoint, *, closed_on: dt.date, by: Actor) -> RiskPoint:
    """Close a risk point: the risk is gone.

    Raises:
        Refused: the day lies ahead.
    """
    if closed_on > clock.today():
        raise Refused("销号日期在今天之后，请核对。", "closed_on")
    before = audit.snapshot(risk)
    risk.closed_on = closed_on
    risk.save(update_fields=["closed_on"])
    audit.record("conduct.close_risk", risk, by=by, before=before)
    return risk


@transaction.atomic
def record_opinion(
    *,
    gathering: Gathering,
    supervisor: str,
    text: str,
    by: Actor,
    answer: str = "",
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Opinion:
    """Write down what a supervisor said at a meeting; with an answer it waits for no task.

    Raises:
        Refused: nothing is said.
    """
    if (known := made_before(Opinion, id, by.bureau_id)) is not None:
        return known
    if not text.strip():
        raise Refused("还没有写意见。", "text")
    row = Opinion(
        bureau_id=by.bureau_id,
        gathering=gathering,
        supervisor=supervisor.strip(),
        text=text.strip(),
        answer=answer.strip(),
    )
    row.pk = id or row.pk
    row.save(force_insert=True)
    audit.record("conduct.record_opinion", row, by=by)
    return row


@transaction.atomic
def correct_opinion(opinion: Opinion, *, supervisor: str, text: str, by: Actor, answer: str = "") -> Opinion:
    """Correct the words, and write down or take back what was answered.

    Raises:
        Refused: nothing is left of them.
    """
    if not text.strip():
        raise Refused("还没有写意见。", "text")
    before = audit.snapshot(opinion)
    opinion.supervisor, opinion.text, opinion.answer = supervisor.strip(), text.strip(), answer.strip()
    opinion.save(update_fields=["supervisor", "text", "answer"])
    audit.record("conduct.correct_opinion", opinion, by=by, before=before)
    return opinion


@transaction.atomic
def follow_opinion(
    opinion: Opinion,
    *,
    issuer: Unit,
    values: DutyValues,
    units: Sequence[Unit],
    issued_on: dt.date,
    by: Actor,
) -> Opinion:
    """Make a tracked task of an opinion; an opinion that has one keeps it.

    Raises:
        Refused: as for any task.
    """
    if opinion.duty_id is not None:
        return opinion
    before = audit.snapshot(opinion)
    opinion.duty = give_task(issuer=issuer, values=values, units=units, issued_on=issued_on, by=by)
    opinion.save(update_fields=["duty"])
    audit.record("conduct.follow_opinion", opinion, by=by, before=before)
    return opinion
