"""Excusing a branch from a clause for some time, correcting that, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.periods import Every, Period, say_day
from qizhi.core.permissions import Actor
from qizhi.core.text import one_line
from qizhi.core.values import dataclass
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.models import Post, Unit
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import excusable_kinds, kind_by_key
from qizhi.regulations.models import Clause, Exemption
from qizhi.regulations.permissions import EXCUSE_BRANCHES
from qizhi.regulations.queries import known_during

EVERY_LABELS = {
    Every.MONTH: "每月",
    Every.QUARTER: "每季度",
    Every.HALF_YEAR: "每半年",
    Every.YEAR: "每年",
}
FIXED_DAY = "fixed_day"
"""The kind that asks for single days: an exemption takes in a day, and need not take in its month."""
LONGEST = 366 * 3
"""Days for which one exemption may run; who needs longer changes the rule or asks again."""


@dataclass(frozen=True)
class ExemptionValues:
    """What is said of an exemption: its days, why, and who has approved it when."""

    from_on: dt.date
    to_on: dt.date
    reason: str
    approver: str
    approved_on: dt.date


@transaction.atomic
def excuse_branches(
    *,
    asked: Iterable[tuple[Unit, Iterable[Clause]]],
    values: ExemptionValues,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - of the form: a second click makes no other
) -> list[Exemption]:
    """Excuse branches from clauses, in all their versions, from one day to another: all of it or nothing.

    `asked`: each branch with the clause and those that ask for the same; a row for each of them.

    Raises:
        Refused: no branch is named; one is no branch or a clause none of the bureau, one's own branch, days
            that take in no whole period of the clause, or a branch is excused on one of the days already.
    """
    if made_before(Exemption, id, by.bureau_id) is not None:
        return []
    wanted = [(unit, clause) for unit, clauses in asked for clause in clauses]
    if not wanted:
        raise Refused("还没有选党支部，请至少选一个。", "unit")
    for unit in dict.fromkeys(unit for unit, _ in wanted):
        check_reach(unit, by)
    keys = [id or new_id(), *(new_id() for _ in wanted[1:])]
    return [_excuse(key, *one, values, by) for key, one in zip(keys, wanted, strict=True)]


def excuse_branch(*, unit: Unit, clause: Clause, values: ExemptionValues, by: Actor) -> Exemption:
    """Excuse one branch from one clause.

    Raises:
        Refused: as for several.
    """
    (row,) = excuse_branches(asked=[(unit, [clause])], values=values, by=by)
    return row


def check_exemption(
    *,
    unit: Unit,
    clause: Clause,
    values: ExemptionValues,
    by: Actor,
    exemption: Exemption | None = None,
) -> None:
    """Check what `excuse_branch`, or `correct_exemption` with the one that is there, would refuse.

    Raises:
        Refused: as for these.
    """
    check_reach(unit, by)
    row = _row(exemption.pk if exemption else new_id(), unit, clause, by)
    _say(row, values)


def _excuse(key: uuid.UUID, unit: Unit, clause: Clause, values: ExemptionValues, by: Actor) -> Exemption:
    row = _row(key, unit, clause, by)
    _fill(row, values, by)
    row.save(force_insert=True)
    audit.record("regulations.excuse", row, by=by)
    return row


def _row(key: uuid.UUID, unit: Unit, clause: Clause, by: Actor) -> Exemption:
    if clause.bureau_id != by.bureau_id or not can_be_excused(clause):
        raise Refused("这一条不是对党支部的、可以免除的要求，请另选一条。", "clause")
    return Exemption(pk=key, bureau_id=by.bureau_id, unit=unit, clause=clause)


@transaction.atomic
def correct_exemption(
    exemption: Exemption, *, values: ExemptionValues, by: Actor, alike: Iterable[Exemption] = ()
) -> Exemption:
    """Correct days, reason or approval; for another branch or clause it is withdrawn and given anew.

    `alike`: those given in the same breath (`queries.given_together`), which are corrected with it.

    Raises:
        Refused: as for a new one, or one of them is withdrawn.
    """
    for one in (exemption, *alike):
        check_reach(one.unit, by)
        _check_standing(one)
        before = audit.snapshot(one)
        _fill(one, values, by)
        one.save()
        audit.record("regulations.correct_exemption", one, by=by, before=before)
    return exemption


@transaction.atomic
def withdraw_exemption(
    exemption: Exemption, *, because: str, by: Actor, alike: Iterable[Exemption] = ()
) -> Exemption:
    """Take an exemption back: what the clause asks is asked again of all its days.

    `alike`: those given in the same breath (`queries.given_together`), which are taken back with it.

    Raises:
        Refused: no reason is given, or one of them is withdrawn already.
    """
    for one in (exemption, *alike):
        _withdraw(one, because, by)
    return exemption


def _withdraw(exemption: Exemption, because: str, by: Actor) -> None:
    check_reach(exemption.unit, by)
    _check_standing(exemption)
    because = one_line(because)
    if not because:
        raise Refused("请写明撤销的理由；撤销以后这些日子又按条款要求。", "because")
    before = audit.snapshot(exemption)
    exemption.withdrawn_on, exemption.withdrawn_by_label = clock.today(), by.label[:100]
    exemption.withdrawn_because = because
    exemption.save()
    audit.record("regulations.withdraw_exemption", exemption, by=by, before=before)


def doubt_of(exemption: Exemption) -> str:
    """Chinese: why a standing exemption should be looked at again, as its kind says; mostly empty."""
    if exemption.withdrawn_on is not None:
        return ""
    return doubt_about(exemption.clause, Period(exemption.from_on, exemption.last_day))


def doubt_about(clause: Clause, days: Period) -> str:
    """Chinese: what speaks against excusing a branch from a clause on all these days, and by which clause.

    The clause in force on the first day is named; where none was, that in which the bureau has set the bound.
    """
    kind = kind_by_key(clause.kind)
    doubt = "" if kind is None else kind.doubt_exemption(kind.read(clause.parameters), days)
    if kind is None or not doubt:
        return ""
    known = known_during(clause.bureau_id, Period(days.start, days.start))
    source = next((one for one in known if one.key == kind.doubted_by), clause)
    return f"{doubt}依据{source.source}（{source.key}）。"


def can_be_excused(clause: Clause) -> bool:
    """Whether a branch can be excused from a clause: one that is judged, and asks something of branches."""
    is_asked = clause.is_enabled and not clause.version.is_draft and clause.subject == Subject.BRANCH
    return is_asked and clause.kind in excusable_kinds()


def check_reach(unit: Unit, by: Actor) -> None:
    """Refused: a branch that is not the actor's to excuse, one's own, or no branch."""
    if unit.bureau_id != by.bureau_id or not by.may(EXCUSE_BRANCHES, unit.pk, unit.path):
        raise Refused(f"免除“{unit}”的要求由政工处登记，您的职务不能登记。请与政工处联系。")
    if unit.kind != UnitKind.BRANCH:
        raise Refused(f"“{unit}”不是党支部，这里只登记党支部的免除。", "unit")
    own = Post.objects.on(clock.today()).filter(
        bureau_id=by.bureau_id, unit=unit, person_id=by.person_id, role__in=BRANCH_COMMITTEE_ROLES
    )
    if by.person_id is not None and own.exists():
        raise Refused(f"您现任“{unit}”的支部职务，不能免除本支部的要求。请政工处另一位同志登记。", "unit")


def _check_standing(exemption: Exemption) -> None:
    if exemption.withdrawn_on is not None:
        day = say_day(exemption.withdrawn_on)
        raise Refused(f"这条免除已于{day}撤销，不能再改。仍要免除的，请重新登记。")


def _fill(row: Exemption, values: ExemptionValues, by: Actor) -> None:
    row.recorded_by_id, row.recorded_by_label = by.account_id, by.label[:100]
    row.recorded_on = clock.today()
    _say(row, values)


def _say(row: Exemption, values: ExemptionValues) -> None:
    row.from_on, row.to_on, row.approved_on = values.from_on, values.to_on, values.approved_on
    row.reason, row.approver = one_line(values.reason), one_line(values.approver)
    _check(row)


def _check(row: Exemption) -> None:
    if not row.reason:
        raise Refused("请写明免除的理由，例如“全员驻村防汛”；它会显示在支部的组织生活页上。", "reason")
    if not row.approver:
        raise Refused("请写明由谁批准，例如“机关党委会议”。", "approver")
    check_approved(row.approved_on)
    check_span(row.from_on, row.last_day)
    unit = row.unit
    if row.last_day < unit.from_on or (unit.to_on and row.from_on > unit.to_on):
        raise Refused(f"“{unit}”在这些日子不存在，本来就不要求。请核对日期或党支部。", "from_on")
    _check_periods(row)
    _check_others(row)


def check_approved(approved_on: dt.date) -> None:
    """Refused: an approval of the future."""
    if approved_on > clock.today():
        raise Refused("批准日期在今天之后。批准以后再登记，或核对日期。", "approved_on")


def check_span(from_on: dt.date, to_on: dt.date) -> None:
    """Refused: days in the wrong order, or too many of them."""
    if to_on < from_on:
        message = f"截止日期早于起始日期（{say_day(from_on)}），请核对。"
        raise Refused(message, "to_on")
    if (to_on - from_on).days >= LONGEST:
        raise Refused("一次最多免除三年。更久的请到期再批，或修改制度。", "to_on")


def _check_periods(row: Exemption) -> None:
    """An exemption that takes in no whole period would change nothing, and nobody would notice."""
    word = row.clause.parameters.get("every") or row.clause.period
    if word not in set(Every) or row.clause.kind == FIXED_DAY:
        return
    every = Every(word)
    days = Period(row.from_on, row.last_day)
    if not any(days.start <= one.start and one.end <= days.end for one in periods.split(days, every)):
        first, last = periods.period_of(every, days.start), periods.period_of(every, days.end)
        message = (
            f"这一条按{EVERY_LABELS[every]}要求，所填的日子没有盖住一个完整的周期，免除不起作用。"
            f"请改为{say_day(first.start)}至{say_day(last.end)}。"
        )
        raise Refused(message, "to_on")


def _check_others(row: Exemption) -> None:
    same = Exemption.objects.standing().within(row.from_on, row.last_day)
    same = same.filter(
        bureau_id=row.bureau_id,
        unit=row.unit,
        clause__key=row.clause.key,
        clause__version__regulation_id=row.clause.version.regulation_id,
    )
    other = same.exclude(pk=row.pk).first()
    if other is not None:
        days = f"{say_day(other.from_on)}至{say_day(other.last_day)}"
        key = row.clause.key
        message = f"“{row.unit}”{days}已经免除这一条（{key}），日期重叠。请更正那次登记，或核对日期。"
        raise Refused(message, "from_on")
