"""Talks: that they were held, when, and between whom; never a word of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from qizhi.branch_life.models import Talk
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.models import Membership, Person, Unit


@dataclass(frozen=True)
class TalkFact:
    """What is known of a talk: two people of a branch, and the day or only the month."""

    unit: Unit
    one: Person
    other: Person
    held_on: dt.date
    is_month_only: bool = False

    @property
    def day(self) -> dt.date:
        """The day as it is kept: of a month the first."""
        return self.held_on.replace(day=1) if self.is_month_only else self.held_on

    @property
    def pair(self) -> tuple[Person, Person]:
        """The two people, the lower key first: who spoke to whom makes no difference."""
        return (self.one, self.other) if self.one.pk < self.other.pk else (self.other, self.one)

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID, dt.date, bool]:
        """What makes it the same talk."""
        one, other = self.pair
        return one.pk, other.pk, self.day, self.is_month_only


@transaction.atomic
def record_talks(facts: Sequence[TalkFact], *, by: Actor) -> list[Talk]:
    """Record talks; those that are there already are not recorded twice, a withdrawn one comes back.

    Returns:
        The talks that were not there before.

    Raises:
        Refused: see `check_talks`.
    """
    check_talks(facts)
    wanted = {fact.key: fact for fact in facts}
    known = known_talks(by.bureau_id, facts)
    made = [_new(fact, by) for key, fact in wanted.items() if key not in known]
    Talk.objects.bulk_create(made, batch_size=500)
    audit.record_many("branch_life.record_talk", made, by=by)
    back = [known[key] for key in wanted if key in known and known[key].withdrawn_at is not None]
    for talk in back:
        restore_talk(talk, by=by)
    return [*made, *back]


def known_talks(
    bureau_id: uuid.UUID, facts: Iterable[TalkFact]
) -> dict[tuple[uuid.UUID, uuid.UUID, dt.date, bool], Talk]:
    """Talks of these days, withdrawn ones too, by what makes them the same; one query."""
    rows = Talk.objects.filter(bureau_id=bureau_id, held_on__in={fact.day for fact in facts})
    return {
        (row.one_id, row.other_id, row.held_on, row.is_month_only): row
        for row in rows.select_related("one", "other")
    }


def _new(fact: TalkFact, by: Actor) -> Talk:
    one, other = fact.pair
    return Talk(
        bureau_id=by.bureau_id,
        unit=fact.unit,
        one=one,
        other=other,
        held_on=fact.day,
        is_month_only=fact.is_month_only,
        recorded_at=clock.now(),
    )


@transaction.atomic
def correct_talk(talk: Talk, *, fact: TalkFact, by: Actor) -> Talk:
    """Correct day or people.

    Raises:
        Refused: as for recording; or it is withdrawn, or there is such a talk already.
    """
    if talk.withdrawn_at is not None:
        raise Refused("这次谈话已撤销，不能更正。请先恢复，再更正。")
    check_talks([fact])
    other = known_talks(by.bureau_id, [fact]).get(fact.key)
    if other is not None and other.pk != talk.pk:
        raise Refused("这两个人这一天的谈话已经登记过。多登记的一次请撤销。")
    before = audit.snapshot(talk)
    talk.one, talk.other = fact.pair
    talk.held_on, talk.is_month_only = fact.day, fact.is_month_only
    talk.save()
    audit.record("branch_life.correct_talk", talk, by=by, before=before)
    return talk


@transaction.atomic
def withdraw_talk(talk: Talk, *, by: Actor) -> Talk:
    """Take a talk out of every count; it can be restored."""
    if talk.withdrawn_at is None:
        before = audit.snapshot(talk)
        talk.withdrawn_at = clock.now()
        talk.save(update_fields=["withdrawn_at"])
        audit.record("branch_life.withdraw_talk", talk, by=by, before=before)
    return talk


@transaction.atomic
def restore_talk(talk: Talk, *, by: Actor) -> Talk:
    """Count a withdrawn talk again."""
    if talk.withdrawn_at is not None:
        before = audit.snapshot(talk)
        talk.withdrawn_at = None
        talk.save(update_fields=["withdrawn_at"])
        audit.record("branch_life.restore_talk", talk, by=by, before=before)
    return talk


Belonging = Mapping[tuple[uuid.UUID, uuid.UUID], Sequence[Membership]]
"""Memberships by branch and person."""


def check_talks(facts: Sequence[TalkFact]) -> None:
    """Whether the talks can have been; one query however many.

    Raises:
        Refused: see `check_talk`.
    """
    belonging = belonging_of(facts)
    for fact in facts:
        check_talk(fact, belonging)


def check_talk(fact: TalkFact, belonging: Belonging) -> None:
    """Whether the talk can have been.

    Raises:
        Refused: of the future, of one person, of no branch, or of people who were not in it then.
    """
    if fact.unit.kind != UnitKind.BRANCH:
        message = f"“{fact.unit}”不是党支部，谈心谈话登记在党支部名下。"
        raise Refused(message, "unit")
    check_held(fact.day)
    check_pair(fact.one, fact.other)
    for person in (fact.one, fact.other):
        _check_member(fact, person, belonging.get((fact.unit.pk, person.pk), ()))


def check_held(day: dt.date) -> None:
    """Refused: a talk of the future."""
    if day > clock.today():
        raise Refused("谈话日期在今天之后，请核对。", "held_on")


def check_pair(one: Person, other: Person) -> None:
    """Refused: a talk of one person."""
    if one.pk == other.pk:
        message = f"谈话的两个人都是{one}，请另选一位。"
        raise Refused(message, "other")


def belonging_of(facts: Sequence[TalkFact]) -> Belonging:
    """The memberships of all their people in their branches; one query."""
    if not facts:
        return {}
    people = {person.pk for fact in facts for person in (fact.one, fact.other)}
    units = {fact.unit.pk for fact in facts}
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Membership]] = {}
    for row in Membership.objects.filter(
        bureau_id=facts[0].unit.bureau_id, unit_id__in=units, person_id__in=people
    ):
        found.setdefault((row.unit_id, row.person_id), []).append(row)
    return found


def _check_member(fact: TalkFact, person: Person, rows: Iterable[Membership]) -> None:
    last = periods.month_of(fact.day).end if fact.is_month_only else fact.day
    if not any(row.from_on <= last and (row.to_on is None or row.to_on >= fact.day) for row in rows):
        message = f"{person}在{periods.say_day(fact.day)}不是“{fact.unit}”的党员，请核对日期或人员。"
        raise Refused(message, "held_on")
