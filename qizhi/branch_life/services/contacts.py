"""Who keeps contact with which branch; the visits themselves are auditors of gatherings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from qizhi.branch_life.enums import ContactKind
from qizhi.branch_life.models import Contact
from qizhi.core import audit, periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.org.enums import UnitKind
from qizhi.org.models import Person, Unit


@transaction.atomic
def add_contacts(
    *,
    person: Person,
    units: Iterable[Unit],
    kind: str,
    from_on: dt.date,
    visits_a_year: int | None,
    by: Actor,
) -> list[Contact]:
    """Make somebody the contact of branches; asking again returns those that are there.

    Raises:
        Refused: a unit is no branch or did not exist on the day, or has this contact in those days already.
    """
    found = []
    for unit in units:
        same = {"bureau_id": by.bureau_id, "person": person, "unit": unit, "kind": kind, "from_on": from_on}
        contact = Contact.objects.filter(**same).select_related("person", "unit").first()
        if contact is None:
            contact = Contact(**same, visits_a_year=visits_a_year)
            check_contact(contact)
            contact.save(force_insert=True)
            audit.record("branch_life.add_contact", contact, by=by)
        found.append(contact)
    return found


@transaction.atomic
def change_contact(
    contact: Contact, *, from_on: dt.date, to_on: dt.date | None, visits_a_year: int | None, by: Actor
) -> Contact:
    """Correct the days or the number of visits a year, or say on which day it ends.

    Raises:
        Refused: as for adding; or the last day lies before the first.
    """
    before = audit.snapshot(contact)
    contact.from_on, contact.to_on, contact.visits_a_year = from_on, to_on, visits_a_year
    check_contact(contact)
    contact.save()
    audit.record("branch_life.change_contact", contact, by=by, before=before)
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: Actor) -> None:
    """Take back a contact that never was; the log keeps what it said."""
    audit.record("branch_life.remove_contact", contact, by=by, before=audit.snapshot(contact), after={})
    contact.delete()


def check_contact(contact: Contact) -> None:
    """Whether a contact can be as it stands.

    Raises:
        Refused: the unit is no branch or did not exist on the day, the last day lies before the first, or
            they are its contact in those days already.
    """
    unit = contact.unit
    if unit.kind != UnitKind.BRANCH:
        message = f"“{unit}”不是党支部，联系点设在党支部。"
        raise Refused(message, "unit")
    if contact.from_on < unit.from_on or (unit.to_on and contact.from_on > unit.to_on):
        day = periods.say_day(contact.from_on)
        message = f"“{unit}”在{day}不存在（{periods.say_day(unit.from_on)}成立），请核对起始日期。"
        raise Refused(message, "from_on")
    if contact.to_on and contact.to_on < contact.from_on:
        message = f"截止日期早于起始日期（{periods.say_day(contact.from_on)}），请核对。"
        raise Refused(message, "to_on")
    same = Contact.objects.within(contact.from_on, contact.to_on or dt.date.max).filter(
        bureau_id=contact.bureau_id, person=contact.person, unit=unit, kind=contact.kind
    )
    other = same.exclude(pk=contact.pk).first()
    if other is not None:
        label = ContactKind(contact.kind).label
        until = periods.say_day(other.to_on) if other.to_on else "今"
        message = (
            f"{contact.person}自{periods.say_day(other.from_on)}至{until}已经是“{unit}”的联系人（{label}），"
            "请直接修改那一条。"
        )
        raise Refused(message, "from_on")
