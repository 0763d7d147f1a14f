"""Changes to calls and works; each one transaction and one event."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Max

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.culture.enums import WorkState
from qizhi.culture.models import Call, Work, WorkKind
from qizhi.culture.queries import home_of
from qizhi.org.models import Person, Unit


@transaction.atomic
def save_call(
    call: Call | None = None,
    *,
    kind: WorkKind,
    title: str,
    unit: Unit,
    opened_on: dt.date,
    due_on: dt.date | None = None,
    is_blind: bool = False,
    note: str = "",
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Call:
    """Make or correct a call; asking again with the same id returns the one that is there.

    Raises:
        Refused: the title is taken, the days are the wrong way round, or the kind is not collected.
    """
    if call is None and (known := made_before(Call, id, by.bureau_id)) is not None:
        return known
    if (call is None or call.kind_id != kind.pk) and not (kind.is_active and kind.is_collected):
        why = "已停用" if kind.is_collected else "不征集作品"
        message = f"“{kind}”{why}，没有保存。请选别的类别，或先在作品类别里改回来。"
        raise Refused(message, "kind")
    before = audit.snapshot(call) if call else None
    row = call or Call(bureau_id=by.bureau_id, **({"id": id} if id else {}))
    if Call.objects.filter(bureau_id=by.bureau_id, title=title).exclude(pk=row.pk).exists():
        message = f"已有名为“{title}”的征集，请直接修改它，或在名称里写明年度。"
        raise Refused(message, "title")
    if due_on is not None and due_on < opened_on:
        message = f"截止日期早于发布日期（{say_day(opened_on)}），请核对。"
        raise Refused(message, "due_on")
    row.kind, row.title, row.unit, row.note = kind, title, unit, note
    row.opened_on, row.due_on, row.is_blind = opened_on, due_on, is_blind
    row.save()
    audit.record("culture.save_call", row, by=by, before=before)
    return row


@transaction.atomic
def remove_call(call: Call, *, by: Actor) -> None:
    """Remove a call that was made by mistake.

    Raises:
        Refused: something was handed in for it.
    """
    if number := call.works.count():
        message = f"“{call}”已登记 {number} 件作品，不能删除；不再征集的，请把截止日期改为最后一天。"
        raise Refused(message)
    audit.record("culture.remove_call", call, by=by, before=audit.snapshot(call), after={})
    call.delete()


@dataclass(frozen=True)
class WorkFacts:
    """A work as it was handed in; without an author it is the unit's as a whole."""

    title: str
    handed_in_on: dt.date
    text: str = ""
    author: Person | None = None
    unit: Unit | None = None
    may_show: bool = False


@transaction.atomic
def hand_in(
    call: Call,
    facts: WorkFacts,
    *,
    by: Actor,
    allowed: Collection[uuid.UUID] | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Work:
    """Take in a work; late ones too, which is shown. Asking again with the same id returns the one there.

    Args:
        call: for which.
        facts: what it is.
        by: who enters it.
        allowed: units for which they may, besides their own works; None: all.
        id: key of the row.

    Raises:
        Refused: it is nobody's, somebody else's, of the future, or handed in already.
    """
    if (known := made_before(Work, id, by.bureau_id)) is not None:
        return known
    unit = _checked(call, facts, by, allowed)
    Call.objects.select_for_update().get(pk=call.pk)  # numbers follow each other
    last = call.works.aggregate(last=Max("number"))["last"] or 0
    work = Work(bureau_id=by.bureau_id, call=call, number=last + 1, **({"id": id} if id else {}))
    _fill(work, facts, unit)
    work.save(force_insert=True)
    audit.record("culture.hand_in", work, by=by)
    return work


@transaction.atomic
def change_work(
    work: Work, facts: WorkFacts, *, by: Actor, allowed: Collection[uuid.UUID] | None = None
) -> Work:
    """Correct a work; its number and what was decided about it stay.

    Raises:
        Refused: as for `hand_in`, or it was taken back.
    """
    if work.withdrawn_because:
        message = f"这件作品已撤回（{work.withdrawn_because}），请先恢复再修改。"
        raise Refused(message)
    before = audit.snapshot(work)
    _fill(work, facts, _checked(work.call, facts, by, allowed, own=work))
    work.save()
    audit.record("culture.change_work", work, by=by, before=before)
    return work


@transaction.atomic
def withdraw_work(work: Work, *, because: str, by: Actor) -> Work:
    """Take a work back and say why; it stays readable and counts no more.

    Raises:
        Refused: it was sent on, or there is no reason.
    """
    if not because.strip():
        message = "请写明撤回的原因。"
        raise Refused(message, "because")
    if work.forwarded_on:
        message = f"这件作品已于{say_day(work.forwarded_on)}报送{work.forwarded_to}，请先取消报送再撤回。"
        raise Refused(message)
    before = audit.snapshot(work)
    work.withdrawn_because = because.strip()
    work.save(update_fields=["withdrawn_because"])
    audit.record("culture.withdraw_work", work, by=by, before=before)
    return work


@transaction.atomic
def restore_work(work: Work, *, by: Actor) -> Work:
    """Count a work again that was taken back."""
    before = audit.snapshot(work)
    work.withdrawn_because = ""
    work.save(update_fields=["withdrawn_because"])
    audit.record("culture.restore_work", work, by=by, before=before)
    return work


@transaction.atomic
def decide_works(works: Sequence[Work], *, state: str, by: Actor) -> list[Work]:
    """Say what became of works; those of which it is said already are left alone.

    Raises:
        Refused: one was taken back, or was sent on and is no longer to be selected.
    """
    changed = []
    for work in works:
        _check_stands(work)
        if work.forwarded_on and state != WorkState.SELECTED:
            message = f"“{work}”已报送{work.forwarded_to}，请先取消报送，再改结果。"
            raise Refused(message)
        if work.state != state:
            before = audit.snapshot(work)
            work.state = state
            work.save(update_fields=["state"])
            audit.record("culture.decide_work", work, by=by, before=before)
            changed.append(work)
    return changed


@transaction.atomic
def forward_works(works: Sequence[Work], *, on: dt.date | None, to: str, by: Actor) -> list[Work]:
    """Say that works were sent on, to whom and when; `on` None takes that back.

    Raises:
        Refused: one was not selected or was taken back, the day lies ahead, or nobody is named.
    """
    if on is not None and on > clock.today():
        message = "报送日期不能晚于今天。"
        raise Refused(message, "on")
    if on is not None and not to.strip():
        message = "请写明报送给哪个单位。"
        raise Refused(message, "to")
    changed = []
    for work in works:
        _check_stands(work)
        if on is not None and work.state != WorkState.SELECTED:
            message = f"“{work}”还没有入选，不能报送。请先选为入选。"
            raise Refused(message)
        if on is not None and on < work.handed_in_on:
            message = f"“{work}”{say_day(work.handed_in_on)}才收到，报送日期早于收到日期，请核对。"
            raise Refused(message, "on")
        before = audit.snapshot(work)
        work.forwarded_on, work.forwarded_to = on, to.strip() if on else ""
        if audit.snapshot(work) != before:
            work.save(update_fields=["forwarded_on", "forwarded_to"])
            audit.record("culture.forward_work", work, by=by, before=before)
            changed.append(work)
    return changed


def _check_stands(work: Work) -> None:
    if work.withdrawn_because:
        message = f"“{work}”已撤回（{work.withdrawn_because}），不能评选和报送。"
        raise Refused(message)


def _fill(work: Work, facts: WorkFacts, unit: Unit) -> None:
    work.title, work.text, work.author, work.unit = facts.title, facts.text, facts.author, unit
    work.handed_in_on, work.may_show = facts.handed_in_on, facts.may_show


def _checked(
    call: Call,
    facts: WorkFacts,
    by: Actor,
    allowed: Collection[uuid.UUID] | None,
    own: Work | None = None,
) -> Unit:
    """The unit of a work that may be taken in."""
    if facts.handed_in_on > clock.today():
        message = "收到日期不能晚于今天。"
        raise Refused(message, "handed_in_on")
    if facts.handed_in_on < call.opened_on:
        message = f"这次征集{say_day(call.opened_on)}才发布，收到日期早于发布日期，请核对。"
        raise Refused(message, "handed_in_on")
    if facts.author is None and facts.unit is None:
        message = "请写明作者；集体作品请选择组织。"
        raise Refused(message, "author")
    unit = facts.unit or (home_of(facts.author, facts.handed_in_on) if facts.author else None)
    if unit is None:
        message = f"{facts.author}当天没有所在支部和处室，请选择组织。"
        raise Refused(message, "unit")
    is_own = facts.author is not None and facts.author.pk == by.person_id
    if allowed is not None and not is_own and unit.pk not in allowed:
        message = f"您只能登记本人和本支部的作品；{unit}的作品请由该支部或政工处登记。"
        raise Refused(message, "author")
    same = call.works.standing().filter(title=facts.title, author=facts.author, unit=unit)
    if own is not None:
        same = same.exclude(pk=own.pk)
    # Maxims are their own titles: the same one a second time is the same work.
    if (known := same.first()) is not None:
        message = f"{known.author_label}的“{known}”已经登记（第{known.number}号），没有重复登记。"
        raise Refused(message, "title")
    return unit
