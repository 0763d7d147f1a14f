"""The tables of contacts and of talks, in and out: one row a contact, one row a talk."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.branch_life.enums import ContactKind
from qizhi.branch_life.models import Contact, Talk
from qizhi.branch_life.permissions import MANAGE_CONTACTS, RECORD_TALKS
from qizhi.branch_life.services import add_contacts, change_contact, record_talks
from qizhi.branch_life.services.contacts import check_contact
from qizhi.branch_life.services.talks import (
    TalkFact,
    belonging_of,
    check_held,
    check_pair,
    check_talk,
    known_talks,
)
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor, Permission
from qizhi.core.tables import MISSING, BadCell, Column, RecordRow, RowCheck, TableReading, TableSchema
from qizhi.core.tables.values import Choices, DayOrMonth, integer, parse_day, parse_day_or_month, text
from qizhi.org.enums import UnitKind
from qizhi.org.importers.cells import check_order
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Person, Unit
from qizhi.org.queries import PeopleIndex

_BRANCH = Column(
    key="unit",
    is_from_above=True,
    label="党支部",
    parse=text(80),
    aliases=("支部", "支部名称", "党支部名称", "所在支部", "联系支部", "联系党支部"),
    help="一张表只有一个支部的，写在标题或工作表名里也行",
    width=20,
)
_NAME_HELP = "重名时写成 姓名(工号)"
CONTACTS = TableSchema(
    "contacts",
    "联系点",
    (
        Column(
            key="person",
            label="联系人",
            parse=text(60),
            required=True,
            aliases=("姓名", "委员", "联系委员", "机关党委委员", "联系领导", "分管领导"),
            help=_NAME_HELP,
            width=16,
        ),
        _BRANCH,
        Column(
            key="kind",
            label="类别",
            parse=Choices(ContactKind.choices, {"联系点": "contact", "旁听": "contact"}),
            aliases=("联系类别",),
            help="留空按联系旁听",
            width=14,
        ),
        Column(
            key="visits_a_year",
            label="每年计划旁听次数",
            parse=integer(1, 99),
            aliases=("计划次数", "次数", "每年次数"),
            width=16,
        ),
        Column(
            key="from_on",
            label="起始日期",
            parse=parse_day,
            required=True,
            example="2018-01-02",
            width=14,
        ),
        Column(key="to_on", label="截止日期", parse=parse_day, width=14),
    ),
)
TALKS = TableSchema(
    "talks",
    "谈心谈话",
    (
        _BRANCH,
        Column(
            key="held_on",
            label="日期",
            parse=parse_day_or_month,
            required=True,
            aliases=("谈话日期", "谈话时间", "时间"),
            help="只记得月份的写成 2018年3月",
            example="2018-03-05",
            width=14,
        ),
        Column(
            key="one",
            label="谈话人",
            parse=text(60),
            required=True,
            aliases=("主谈人", "甲方"),
            help=_NAME_HELP,
            width=16,
        ),
        Column(
            key="other",
            label="谈话对象",
            parse=text(60),
            required=True,
            aliases=("谈话对象姓名", "被谈话人", "乙方"),
            help=_NAME_HELP,
            width=16,
        ),
    ),
)


def run_contacts(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Make contacts, and bring last day and number of visits up to date; empty cells change nothing.

    Person, branch, kind and first day say which contact.
    """
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    people, units = PeopleIndex(by.bureau_id), UnitWords(by.bureau_id, (UnitKind.BRANCH,))
    rows = Contact.objects.filter(bureau_id=by.bureau_id).select_related("person", "unit")
    known: dict[tuple[Any, ...], Contact] = {
        (one.person_id, one.unit_id, one.kind, one.from_on): one for one in rows
    }
    for row in reading.all_rows:
        check = outcome.check(row)
        kind = ContactKind.CONTACT.value if check["kind"] is None else check["kind"]
        unit = check.take(_branch, row, units, by, MANAGE_CONTACTS, "联系点")
        person = check.take(people.find, check["person"], on="person")
        check.take(check_order, check["from_on"], check["to_on"])
        stored = check.take(known.get, check.take(_key, row, person, unit, kind))
        contact = check.take(_contact, row, person, unit, kind, stored)
        check.take(check_contact, contact, on="from_on")
        what = check.last(_contact_step, contact, stored, by, write=write)
        if check.is_sound:
            known[_key(row, person, unit, kind)] = contact
            words = f"{person} → {unit}（{ContactKind(kind).label}）"
            outcome.lines.append(LineResult(row.sheet, row.number, what, words))
    outcome.notes += units.say_guesses()
    return outcome


def _key(row: RecordRow, person: Person, unit: Unit, kind: str) -> tuple[Any, ...]:
    return person.pk, unit.pk, kind, row.values["from_on"]


def _contact(row: RecordRow, person: Person, unit: Unit, kind: str, stored: Contact | None) -> Contact:
    """The contact as the row leaves it."""
    values, new = row.values, {"bureau_id": unit.bureau_id, "person": person, "unit": unit, "kind": kind}
    contact = Contact(**new, from_on=values["from_on"]) if stored is None else copy.copy(stored)
    contact.to_on = values.get("to_on") or contact.to_on
    contact.visits_a_year = values.get("visits_a_year") or contact.visits_a_year
    return contact


def _contact_step(contact: Contact, stored: Contact | None, by: Actor, *, write: bool) -> What:
    more: dict[str, Any] = {"from_on": contact.from_on, "visits_a_year": contact.visits_a_year, "by": by}
    what = What.CHANGED
    if stored is None:
        what = What.NEW
        if write:
            stored = add_contacts(person=contact.person, units=[contact.unit], kind=contact.kind, **more)[0]
            contact.pk = stored.pk
    elif (contact.to_on, contact.visits_a_year) == (stored.to_on, stored.visits_a_year):
        return What.SAME
    if write and stored and (contact.to_on, contact.visits_a_year) != (stored.to_on, stored.visits_a_year):
        change_contact(stored, to_on=contact.to_on, **more)
    return what


def run_talks(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Record talks; those that are there already stay as they are."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    people, units = PeopleIndex(by.bureau_id), UnitWords(by.bureau_id, (UnitKind.BRANCH,))
    read: list[tuple[RowCheck, TalkFact]] = []
    for row in reading.all_rows:
        check = outcome.check(row)
        unit = check.take(_branch, row, units, by, RECORD_TALKS, "谈心谈话")
        one, other = (check.take(people.find, check[key], on=key) for key in ("one", "other"))
        check.take(_check_day, row)
        check.take(check_pair, one, other)
        read.append((check, check.take(_talk, row, unit, one, other)))
    belonging = belonging_of([fact for _, fact in read if fact is not MISSING])
    for check, fact in read:
        check.take(check_talk, fact, belonging, on="held_on")
    sound = [(check.row, fact) for check, fact in read if check.is_sound]
    facts = [fact for _, fact in sound]
    seen = {key for key, talk in known_talks(by.bureau_id, facts).items() if talk.withdrawn_at is None}
    for row, fact in sound:
        what = What.SAME if fact.key in seen else What.NEW
        seen.add(fact.key)
        words = f"{fact.unit} {fact.one}、{fact.other}"
        outcome.lines.append(LineResult(row.sheet, row.number, what, words))
    if write:
        record_talks(facts, by=by)
    outcome.notes += units.say_guesses()
    return outcome


def _check_day(row: RecordRow) -> None:
    check_held(row.values["held_on"].first_day)


def _talk(row: RecordRow, unit: Unit, one: Person, other: Person) -> TalkFact:
    day = row.values["held_on"]
    return TalkFact(unit, one, other, day.first_day, is_month_only=day.precision == "month")


def _branch(row: RecordRow, units: UnitWords, by: Actor, wanted: Permission, what: str) -> Unit:
    word = row.values["unit"]
    try:
        unit = units.find(word, row=row.number) if word else units.around(row)
    except Refused as problem:
        raise BadCell.of("unit", problem) from None
    if unit is None:
        raise BadCell("unit", "没有写明是哪个党支部", "加一列“党支部”，或写在标题或工作表名里")
    if not by.may(wanted, unit.pk, unit.path):
        raise BadCell("unit", f"“{unit}”的{what}不由您登记", "核对名称，或请政工处导入")
    return unit


def contact_rows(contacts: Iterable[Contact]) -> Iterable[Mapping[str, Any]]:
    """Contacts as the importer reads them."""
    for one in contacts:
        yield {
            "person": _named(one.person),
            "unit": one.unit.name,
            "kind": one.kind,
            "visits_a_year": one.visits_a_year,
            "from_on": one.from_on,
            "to_on": one.to_on,
        }


def talk_rows(talks: Iterable[Talk]) -> Iterable[Mapping[str, Any]]:
    """Talks as the importer reads them; withdrawn ones are left out."""
    for one in talks:
        if one.withdrawn_at is None:
            yield {
                "unit": one.unit.name,
                "held_on": DayOrMonth(one.held_on, "month" if one.is_month_only else "day"),
                "one": _named(one.one),
                "other": _named(one.other),
            }


def _named(person: Person) -> str:
    return f"{person.name}({person.staff_no})"


def _all_contacts(by: Actor) -> Iterable[Mapping[str, Any]]:
    rows = Contact.objects.filter(by.reach(MANAGE_CONTACTS).units()).select_related("person", "unit")
    return contact_rows(rows.order_by("unit__position", "kind", "from_on", "pk"))


def _all_talks(by: Actor) -> Iterable[Mapping[str, Any]]:
    rows = Talk.objects.held().filter(by.reach(RECORD_TALKS).units()).select_related("unit", "one", "other")
    return talk_rows(rows.order_by("unit__position", "held_on", "pk"))


register(
    Importer(
        key="branch_life.contacts",
        label="联系点",
        wanted=MANAGE_CONTACTS,
        schema=lambda _bureau: CONTACTS,
        run=run_contacts,
        export=_all_contacts,
        note="一行一个联系点；同一联系人、党支部、类别和起始日期视为同一个。旁听次数由活动登记得出，不在这里填。",
    )
)
register(
    Importer(
        key="branch_life.talks",
        label="谈心谈话",
        wanted=RECORD_TALKS,
        schema=lambda _bureau: TALKS,
        run=run_talks,
        export=_all_talks,
        note="一行一次谈话，只有日期和两个人；谈话内容不进系统，表里有这样的列也不读取。",
    )
)
