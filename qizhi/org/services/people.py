"""People: arriving, posts, departments, ranks, branches, leave, accounts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.enums import MemberStatus, UnitKind
from qizhi.org.models import Account, DatedRow, Leave, Membership, Person, Placement, Post, RankTenure, Unit
from qizhi.org.services.accounts import check_only
from qizhi.org.services.following import follow_leave
from qizhi.org.services.rows import DAY, check_offices


@transaction.atomic
def add_person(*, values: dict[str, Any], by: Actor, id: uuid.UUID | None = None) -> Person:  # noqa: A002
    """Add a person; asking again with the same id returns the one that is there.

    Raises:
        Refused: when the staff number is taken.
    """
    if (known := made_before(Person, id, by.bureau_id)) is not None:
        return known
    _free_number(values["staff_no"], by.bureau_id, None)
    person = Person(bureau_id=by.bureau_id, **values)
    if id is not None:
        person.pk = id
    person.save(force_insert=True)
    audit.record("org.add_person", person, by=by)
    return person


@transaction.atomic
def correct_person(person: Person, *, values: dict[str, Any], by: Actor) -> Person:
    """Correct what is known about a person.

    Raises:
        Refused: when the staff number belongs to somebody else.
    """
    _free_number(values["staff_no"], by.bureau_id, person.pk)
    before = audit.snapshot(person)
    for name, value in values.items():
        setattr(person, name, value)
    person.save()
    audit.record("org.correct_person", person, by=by, before=before)
    return person


@transaction.atomic
def appoint(
    *,
    person: Person,
    unit: Unit,
    role: str,
    title: str,
    from_on: dt.date,
    by: Actor,
    to_on: dt.date | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Post:
    """Give a post from a day on, or for days that are over; the same id again returns the one that is there.

    Raises:
        Refused: when the post is held then already, the unit does not exist on the day, or it would be a
            second of the administrators' offices.
    """
    if (known := made_before(Post, id, by.bureau_id)) is not None:
        return known
    _exists(unit, from_on)
    taken = Post.objects.within(from_on, to_on or dt.date.max).filter(
        bureau_id=by.bureau_id, person=person, unit=unit, role=role
    )
    if taken.exists():
        message = f"{person} 在“{unit}”已任此职，无需重复登记；如要改日期，请先结束原任职。"
        raise Refused(message, "role")
    post = Post(
        pk=id or new_id(),
        bureau_id=by.bureau_id,
        person=person,
        unit=unit,
        role=role,
        title=title,
        from_on=from_on,
        to_on=to_on,
    )
    check_offices(post)
    post.save(force_insert=True)
    audit.record("org.appoint", post, by=by)
    return post


@transaction.atomic
def place(
    *,
    person: Person,
    unit: Unit,
    from_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Placement:
    """Move a person to a department from a day on; the former placement ends on the day before.

    Asking again with the same id returns the row that is there.
    """
    if (known := made_before(Placement, id, by.bureau_id)) is not None:
        return known
    _exists(unit, from_on)
    _end_former(Placement, person, from_on, by)
    row: Placement = Placement.objects.create(
        pk=id or new_id(), bureau_id=by.bureau_id, person=person, unit=unit, from_on=from_on
    )
    audit.record("org.place", row, by=by)
    return row


@transaction.atomic
def set_rank(
    *,
    person: Person,
    rank: str,
    from_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> RankTenure:
    """Give a rank from a day on; the former one ends on the day before.

    Asking again with the same id returns the row that is there.
    """
    if (known := made_before(RankTenure, id, by.bureau_id)) is not None:
        return known
    _end_former(RankTenure, person, from_on, by)
    row: RankTenure = RankTenure.objects.create(
        pk=id or new_id(), bureau_id=by.bureau_id, person=person, rank=rank, from_on=from_on
    )
    audit.record("org.set_rank", row, by=by)
    return row


@transaction.atomic
def set_membership(
    *,
    person: Person,
    unit: Unit,
    status: str,
    from_on: dt.date,
    by: Actor,
    group: Unit | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Membership:
    """Enter a branch, transfer, become a full member or change group: the former row ends the day before.

    Asking again with the same id returns the row that is there.

    Raises:
        Refused: when the unit is no branch, the group is not of the branch, a later row exists, a full
            member would become probationary, or nothing changes.
    """
    if (known := made_before(Membership, id, by.bureau_id)) is not None:
        return known
    _exists(unit, from_on)
    if unit.kind != UnitKind.BRANCH:
        message = f"“{unit}”不是党支部，组织关系只能在党支部。"
        raise Refused(message, "unit")
    if group is not None and group.parent_id != unit.pk:
        message = f"“{group}”不属于“{unit}”，请重新选择党小组。"
        raise Refused(message, "group")
    former = _end_former(Membership, person, from_on, by)
    if isinstance(former, Membership) and status == MemberStatus.PROBATIONARY != former.status:
        message = "正式党员不能改为预备党员，请核对党员类别。"
        raise Refused(message, "status")
    if isinstance(former, Membership):
        _must_differ(former, unit, group, status)
    row: Membership = Membership.objects.create(
        pk=id or new_id(),
        bureau_id=by.bureau_id,
        person=person,
        unit=unit,
        group=group,
        status=status,
        from_on=from_on,
    )
    audit.record("org.set_membership", row, by=by)
    return row


def _must_differ(former: Membership, unit: Unit, group: Unit | None, status: str) -> None:
    if (former.unit_id, former.group_id, former.status) == (unit.pk, group and group.pk, status):
        raise Refused("党支部、党小组和党员类别都和原来一样，没有变动，所以没有登记。请改选变动的一项。")


@transaction.atomic
def record_leave(
    *,
    person: Person,
    kind: str,
    from_on: dt.date,
    to_on: dt.date | None,
    note: str,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Leave:
    """Record leave that was approved; rolls of those days excuse the person by themselves, also written ones.

    Asking again with the same id returns the row that is there.

    Raises:
        Refused: when it would end before it begins.
    """
    if (known := made_before(Leave, id, by.bureau_id)) is not None:
        return known
    if to_on and to_on < from_on:
        message = "截止日期早于起始日期，请核对。"
        raise Refused(message, "to_on")
    row: Leave = Leave.objects.create(
        pk=id or new_id(),
        bureau_id=by.bureau_id,
        person=person,
        kind=kind,
        from_on=from_on,
        to_on=to_on,
        note=note,
    )
    audit.record("org.record_leave", row, by=by)
    follow_leave(person.pk, from_on, to_on, by)
    return row


@transaction.atomic
def create_account(*, person: Person, username: str, password: str, by: Actor) -> Account:
    """Let a person log in; the same again (a second click) returns the account that is there.

    Raises:
        Refused: the user name is taken, or the person has an account already.
    """
    own = Account.objects.filter(username=username, bureau_id=by.bureau_id, person=person).first()
    if own is not None and own.check_password(password):
        return own
    if Account.objects.filter(username=username).exists():
        message = f"用户名“{username}”已被使用，请换一个。"
        raise Refused(message, "username")
    check_only(person)
    account = Account.objects.create_user(username, password, bureau_id=by.bureau_id, person=person)
    audit.record("org.create_account", person, by=by, after={"username": username})
    return account


def _free_number(staff_no: str, bureau_id: uuid.UUID, own: uuid.UUID | None) -> None:
    taken = Person.objects.filter(bureau_id=bureau_id, staff_no=staff_no).first()
    if taken is not None and taken.pk != own:
        message = f"工号 {staff_no} 已属于 {taken.name}。请核对工号；如果是同一个人，请直接修改原记录。"
        raise Refused(message, "staff_no")


def _exists(unit: Unit, day: dt.date) -> None:
    if day < unit.from_on or (unit.to_on and day > unit.to_on):
        message = f"“{unit}”在{say_day(day)}不存在（{say_day(unit.from_on)}成立），请核对日期。"
        raise Refused(message, "from_on")


def _end_former(model: type[DatedRow], person: Person, from_on: dt.date, by: Actor) -> DatedRow | None:
    """End what the person held before the day; refuse to rewrite what already stands on or after it."""
    held = model.objects.within(from_on, dt.date.max).filter(bureau_id=by.bureau_id, person=person)
    rows: list[DatedRow] = list(held.order_by("from_on"))
    later = [row for row in rows if row.from_on >= from_on]
    if later:
        label = model._meta.verbose_name
        message = f"{person} 在{say_day(later[0].from_on)}已有一条{label}记录。"
        raise Refused(f"{message}请先更正那条记录，再登记更早的变动。", "from_on")
    for row in rows:
        before = audit.snapshot(row)
        row.to_on = from_on - DAY
        row.save(update_fields=["to_on"])
        audit.record(f"org.end_{model._meta.model_name}", row, by=by, before=before)
    return rows[0] if rows else None
