"""The day of the month on which a branch holds its theme day: fixed, corrected, ended, removed."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.branch_life.models import ThemeDay
from qizhi.branch_life.permissions import MANAGE_THEME_DAYS
from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.periods import month_of, say_day
from qizhi.core.permissions import Actor
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.rules import parse_due_rule


@transaction.atomic
def fix_theme_day(
    *,
    unit: Unit,
    day_rule: str,
    from_on: dt.date,
    to_on: dt.date | None,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - of the form: a second click makes no other
) -> ThemeDay:
    """Write down on which day a branch holds its theme day, for whole months.

    Raises:
        Refused: it is no branch of one's own, the rule is none of months, the branch did not exist, or it has
            fixed another day in one of the months.
    """
    _check_reach(unit, by)
    if (made := made_before(ThemeDay, id, by.bureau_id)) is not None:
        return made
    row = ThemeDay(pk=id or new_id(), bureau_id=by.bureau_id, unit=unit)
    _fill(row, day_rule, from_on, to_on)
    row.save(force_insert=True)
    audit.record("branch_life.fix_theme_day", row, by=by)
    return row


@transaction.atomic
def change_theme_day(
    row: ThemeDay, *, day_rule: str, from_on: dt.date, to_on: dt.date | None, by: Actor
) -> ThemeDay:
    """Correct the day or the months, or say with which month it ends.

    Raises:
        Refused: as for a new one.
    """
    _check_reach(row.unit, by)
    before = audit.snapshot(row)
    _fill(row, day_rule, from_on, to_on)
    row.save()
    audit.record("branch_life.change_theme_day", row, by=by, before=before)
    return row


@transaction.atomic
def remove_theme_day(row: ThemeDay, *, by: Actor) -> None:
    """Take out what was entered by mistake; the log keeps what it said."""
    _check_reach(row.unit, by)
    audit.record("branch_life.remove_theme_day", row, by=by, before=audit.snapshot(row), after={})
    row.delete()


def _check_reach(unit: Unit, by: Actor) -> None:
    if unit.bureau_id != by.bureau_id or not by.may(MANAGE_THEME_DAYS, unit.pk, unit.path):
        raise Refused(f"您的职务不能登记“{unit}”的固定活动日，请与该支部书记或政工处联系。")
    if unit.kind != UnitKind.BRANCH:
        raise Refused(f"“{unit}”不是党支部，固定活动日登记在党支部名下。", "unit")


def _fill(row: ThemeDay, day_rule: str, from_on: dt.date, to_on: dt.date | None) -> None:
    try:
        rule = parse_due_rule(day_rule)
    except ValueError as error:
        raise Refused(str(error), "day_rule") from error
    if rule.is_yearly:
        raise Refused("固定活动日是每月的一天，请另选。", "day_rule")
    first, last = month_of(from_on).start, month_of(to_on).end if to_on else None
    if last is not None and last < first:
        raise Refused("截止月份早于起始月份，请核对。", "to_on")
    unit = row.unit
    if (last is not None and last < unit.from_on) or (unit.to_on and first > unit.to_on):
        raise Refused(f"“{unit}”在这些月份不存在，请核对月份或党支部。", "from_on")
    row.day_rule, row.from_on, row.to_on = rule.key, first, last
    same = ThemeDay.objects.within(first, last or dt.date.max).filter(bureau_id=row.bureau_id, unit=unit)
    other = same.exclude(pk=row.pk).first()
    if other is not None:
        until = f"至{say_day(other.to_on)}" if other.to_on else "至今"
        message = (
            f"“{unit}”自{say_day(other.from_on)}{until}已登记为{other.label}，月份重叠。"
            "请先更正那一条，或给它填上截止月份。"
        )
        raise Refused(message, "from_on")
