"""Recording, correcting, withdrawing and restoring gatherings, and an auditor's comment."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from qizhi.core import audit, clock, periods
from qizhi.core.db.inserts import Inserts
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.text import clean, one_line
from qizhi.gatherings import rules
from qizhi.gatherings.enums import DatePrecision, VisitorRole
from qizhi.gatherings.models import (
    LATE_AFTER_DAYS,
    Gathering,
    GatheringKind,
    Kind,
    Lecturer,
    LedgerEntry,
    Resolution,
    RollEntry,
    Visitor,
)
from qizhi.gatherings.permissions import AUDIT
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.services.checks import check, check_reach, check_visitors_kept
from qizhi.gatherings.services.facts import (
    COLUMNS,
    GatheringFacts,
    VisitorFact,
    facts_of,
    fingerprint,
    snapshot,
)
from qizhi.org.models import BureauRow

BATCH = 500
LONGEST_COMMENT = 2_000
Child = TypeVar("Child", bound=BureauRow)
_CHILDREN: tuple[Any, ...] = (GatheringKind, LedgerEntry, Lecturer, RollEntry, Visitor, Resolution)


def entries_for(gathering: Gathering, kinds: Iterable[Kind]) -> list[LedgerEntry]:
    """The ledger entries of a gathering of these kinds, unsaved; none once it is withdrawn."""
    if gathering.withdrawn_at is not None:
        return []
    ledgers = dict.fromkeys(ledger for kind in kinds for ledger in kind.ledgers)
    return [
        LedgerEntry(
            bureau_id=gathering.bureau_id,
            gathering=gathering,
            ledger=ledger,
            unit_id=gathering.unit_id,
            held_on=gathering.held_on,
        )
        for ledger in ledgers
    ]


def record_gathering(*, facts: GatheringFacts, by: Actor, id: uuid.UUID | None = None) -> Gathering:  # noqa: A002
    """Record one gathering; asking again with the same id (a double click) returns the one that is there.

    Raises:
        Refused: see `checks.check`; or somebody else recorded that id.
    """
    try:
        return record_many([facts], by=by, ids=[id or new_id()])[0]
    except IntegrityError:
        # A second click: the first has won, the second finds its row.
        if id is not None and (known := _known(id, by)):
            return known
        raise


def _known(key: uuid.UUID, by: Actor) -> Gathering | None:
    found = Gathering.objects.filter(pk=key).first()
    if found is None:
        return None
    mine = AuditEvent.objects.filter(
        bureau_id=by.bureau_id, object_id=key, verb="gatherings.record", by_id=by.account_id
    )
    if found.bureau_id != by.bureau_id or not mine.exists():
        raise Refused("这张表单已经被使用过。请重新打开“登记活动”再填。")
    return found


def record_many(
    facts: Sequence[GatheringFacts], *, by: Actor, ids: Sequence[uuid.UUID] = ()
) -> list[Gathering]:
    """Record gatherings together, in a constant number of queries for any number of them.

    Raises:
        Refused: the first that cannot have been; nothing is recorded then.
    """
    settled = [one.settled() for one in facts]
    # Before the transaction, which on SQLite keeps every other writer waiting: all this lies in the past.
    _check_all(settled, by)
    keys = list(ids) or [new_id() for _ in settled]
    rows = [_new_row(key, one, by) for key, one in zip(keys, settled, strict=True)]
    known = dict(zip(keys, settled, strict=True))
    inserts = Inserts()
    inserts.add(Gathering, rows)
    _add_children(inserts, rows, settled)
    events = audit.events_for(
        "gatherings.record", rows, by=by, after=lambda row: snapshot(row, known[row.pk])
    )
    inserts.add(AuditEvent, events)
    with transaction.atomic():
        inserts.run()
    return rows


def _new_row(key: uuid.UUID, facts: GatheringFacts, by: Actor) -> Gathering:
    row = Gathering(pk=key, bureau_id=by.bureau_id, recorded_at=clock.now(), recorded_by=by.label[:100])
    _put(row, facts)
    return row


def _put(row: Gathering, facts: GatheringFacts) -> None:
    row.unit, row.chair, row.series = facts.unit, facts.chair, facts.series
    for name in COLUMNS:
        setattr(row, name, getattr(facts, name))
    recorded_on = clock.local_date(row.recorded_at)
    row.is_recorded_late = rules.days_late(facts.days.end, recorded_on) > LATE_AFTER_DAYS


def _check_all(facts: Sequence[GatheringFacts], by: Actor, before: Sequence[GatheringFacts] = ()) -> None:
    if not facts:
        return
    roster = roster_for(facts, by.bureau_id)
    today = clock.today()
    for number, one in enumerate(facts):
        check(one, by=by, roster=roster, today=today, before=before[number] if before else None)


def roster_for(facts: Sequence[GatheringFacts], bureau_id: uuid.UUID) -> Roster:
    """The ties of the units of these gatherings over all their days; one query."""
    if not facts:
        return Roster(())
    days = Period(min(one.days.start for one in facts), max(one.days.end for one in facts))
    units = {one.unit.pk: one.unit for one in facts}.values()
    if any(one.precision == DatePrecision.MONTH for one in facts):
        return Roster.load(bureau_id, units, days)  # whoever has any tie may stand on such a roll
    audiences: dict[uuid.UUID, set[str]] = defaultdict(set)
    for one in facts:
        audiences[one.unit.pk].update(kind.audience for kind in one.kinds)
    return Roster.load(bureau_id, units, days, audiences)


def _add_children(inserts: Inserts, rows: Sequence[Gathering], facts: Sequence[GatheringFacts]) -> None:
    pairs = list(zip(rows, facts, strict=True))
    inserts.add(
        GatheringKind, (_child(GatheringKind, row, kind=kind) for row, one in pairs for kind in one.kinds)
    )
    inserts.add(LedgerEntry, (entry for row, one in pairs for entry in entries_for(row, one.kinds)))
    named: list[tuple[Any, str]] = [(Lecturer, "lecturers"), (RollEntry, "roll"), (Visitor, "visitors")]
    for model, name in named:
        inserts.add(
            model, (_child(model, row, **vars(fact)) for row, one in pairs for fact in getattr(one, name))
        )
    inserts.add(
        Resolution,
        (
            _child(Resolution, row, position=number, **vars(fact))
            for row, one in pairs
            for number, fact in enumerate(one.resolutions, start=1)
        ),
    )


def _child(model: type[Child], row: Gathering, **values: object) -> Child:
    return model(bureau_id=row.bureau_id, gathering=row, **values)


@transaction.atomic
def correct_gathering(gathering: Gathering, *, facts: GatheringFacts, by: Actor, seen: str = "") -> Gathering:
    """Correct anything about a gathering; its ledger entries follow in the same transaction.

    `seen` is the `fingerprint` of the facts that the person had before them; empty: they are not asked for.

    Raises:
        Refused: as for recording; or it is withdrawn; or an auditor's comment would be lost; or somebody
            else corrected it since it was seen (field `seen`).
    """
    if seen:
        # PostgreSQL: the second of two corrections waits here; SQLite lets one write at a time anyway.
        Gathering.objects.select_for_update().get(pk=gathering.pk)
        _check_seen(gathering, seen, facts)
    correct_many([(gathering, facts)], by=by)
    return gathering


def _check_seen(gathering: Gathering, seen: str, facts: GatheringFacts) -> None:
    now = facts_of([gathering])[gathering.pk]
    if fingerprint(now) == seen or fingerprint(now) == fingerprint(_retitled(now, facts).settled()):
        return
    event = audit.history(gathering).filter(verb="gatherings.correct").first()
    at = event.at.astimezone(clock.ZONE) if event else None
    who = f"{event.by_label}在{periods.say_day(at)} {at:%H:%M}" if event and at else "别人"
    raise Refused(
        f"您打开本页以后，{who}更正过这次活动，所以没有保存，对方的更正没有被覆盖。您填写的内容都还在本页："
        "请在活动页的“变更记录”里看对方改了什么；再点一次“保存”，就以您填写的为准。",
        "seen",
    )


@transaction.atomic
def correct_many(pairs: Sequence[tuple[Gathering, GatheringFacts]], *, by: Actor) -> int:
    """Correct gatherings together; returns how many really changed. What is equal leaves no event."""
    before = facts_of([row for row, _ in pairs])
    changed = []
    for row, facts in pairs:
        after = _with_comments(before[row.pk], _retitled(before[row.pk], facts).settled())
        if after != before[row.pk]:
            changed.append((row, after))
    for row, after in changed:
        check_reach(by, row.unit)
        if row.withdrawn_at is not None:
            raise Refused(f"“{row}”已撤销，不能更正。请先恢复，再更正。")
        check_visitors_kept(row, before[row.pk], after)
    _check_all([after for _, after in changed], by, [before[row.pk] for row, _ in changed])
    old = {row.pk: snapshot(row, before[row.pk]) for row, _ in changed}
    _rewrite(changed)
    new = {row.pk: after for row, after in changed}
    audit.record_many(
        "gatherings.correct",
        [row for row, _ in changed],
        by=by,
        before=lambda row: old[row.pk],
        after=lambda row: snapshot(row, new[row.pk]),
    )
    return len(changed)


def _rewrite(changed: Sequence[tuple[Gathering, GatheringFacts]]) -> None:
    rows = [row for row, _ in changed]
    for row, after in changed:
        _put(row, after)
    columns = [*COLUMNS, "unit", "chair", "series", "is_recorded_late"]
    Gathering.objects.bulk_update(rows, columns, batch_size=BATCH)
    for model in _CHILDREN:
        model.objects.filter(gathering__in=rows).delete()
    inserts = Inserts()
    _add_children(inserts, rows, [after for _, after in changed])
    inserts.run()


def _retitled(before: GatheringFacts, after: GatheringFacts) -> GatheringFacts:
    """A title that was only suggested is suggested anew when the day or the kinds change."""
    suggested = replace(before, title="").settled().title
    is_untouched = after.title.strip() == before.title == suggested
    return replace(after, title="") if is_untouched else after


def _with_comments(before: GatheringFacts, after: GatheringFacts) -> GatheringFacts:
    """The visitors of `after` with the comments that they have left."""
    comments = {(visitor.person, visitor.guest_name): visitor.comment for visitor in before.visitors}
    kept = tuple(
        replace(visitor, comment=comments.get((visitor.person, visitor.guest_name), ""))
        for visitor in after.visitors
    )
    return replace(after, visitors=kept)


@transaction.atomic
def withdraw_gathering(gathering: Gathering, *, reason: str, by: Actor) -> Gathering:
    """Take a gathering out of every ledger; it stays to be read, and can be restored.

    Raises:
        Refused: no reason is given.
    """
    check_reach(by, gathering.unit)
    reason = one_line(reason)
    if not reason or len(reason) > 200:  # noqa: PLR2004 - the column's length
        raise Refused("请写明撤销原因，最多 200 个字，例如“重复登记”。", "reason")
    if gathering.withdrawn_at is not None:
        return gathering
    before = audit.snapshot(gathering)
    gathering.withdrawn_at, gathering.withdrawn_because = clock.now(), reason
    gathering.save(update_fields=["withdrawn_at", "withdrawn_because"])
    LedgerEntry.objects.filter(gathering=gathering).delete()
    audit.record("gatherings.withdraw", gathering, by=by, before=before)
    return gathering


@transaction.atomic
def restore_gathering(gathering: Gathering, *, by: Actor) -> Gathering:
    """Put a withdrawn gathering back into its ledgers."""
    check_reach(by, gathering.unit)
    if gathering.withdrawn_at is None:
        return gathering
    before = audit.snapshot(gathering)
    gathering.withdrawn_at, gathering.withdrawn_because = None, ""
    gathering.save(update_fields=["withdrawn_at", "withdrawn_because"])
    LedgerEntry.objects.bulk_create(entries_for(gathering, gathering.kinds.all()))
    audit.record("gatherings.restore", gathering, by=by, before=before)
    return gathering


@transaction.atomic
def comment_as_auditor(gathering: Gathering, *, comment: str, by: Actor) -> Visitor:
    """Say that one attended a gathering as an auditor, with a comment or (empty) without.

    Who holds `gatherings.audit` for the unit becomes an auditor by this: there is no second record.

    Raises:
        Refused: not an auditor, withdrawn, or too long.
    """
    text = clean(comment).strip()
    if by.person_id is None or gathering.bureau_id != by.bureau_id:
        raise Refused("当前账号没有对应的人员，不能点评。")
    if gathering.withdrawn_at is not None:
        raise Refused("这次活动已撤销，不能点评。")
    if len(text) > LONGEST_COMMENT:
        raise Refused(f"点评有 {len(text)} 个字，最多 {LONGEST_COMMENT} 个字，请写短一些。", "comment")
    visitor = Visitor.objects.filter(gathering=gathering, person_id=by.person_id).first()
    may_audit = by.may(AUDIT, gathering.unit_id, gathering.unit.path)
    if (visitor is None or visitor.role != VisitorRole.AUDITOR) and not may_audit:
        raise Refused("只有登记为联系旁听的人员可以点评。请先请登记人把您加入旁听人员。")
    if visitor is not None and (visitor.role, visitor.comment) == (VisitorRole.AUDITOR, text):
        return visitor
    is_new = visitor is None
    visitor = visitor or Visitor(bureau_id=by.bureau_id, gathering=gathering, person_id=by.person_id)
    before = {"comment": visitor.comment}
    visitor.role, visitor.comment = VisitorRole.AUDITOR, text
    visitor.save()
    fact = VisitorFact(visitor.person, "", visitor.role, text)
    after = {"comment": text, "visitor": str(fact)} | ({"visitors": str(fact)} if is_new else {})
    audit.record("gatherings.comment", gathering, by=by, before=before, after=after)
    return visitor


@transaction.atomic
def leave_audit(gathering: Gathering, *, by: Actor) -> None:
    """Take back that one attended as an auditor, as long as no comment says otherwise.

    Raises:
        Refused: there is a comment of one's own.
    """
    own = Visitor.objects.filter(gathering=gathering, bureau_id=by.bureau_id, role=VisitorRole.AUDITOR)
    visitor = own.filter(person_id=by.person_id).first() if by.person_id else None
    if visitor is None:
        return
    if visitor.comment:
        raise Refused("您对这次活动写过点评。请先清空点评，再取消旁听。")
    fact = VisitorFact(visitor.person, "", visitor.role)
    visitor.delete()
    audit.record("gatherings.leave_audit", gathering, by=by, before={"visitors": str(fact)}, after={})
