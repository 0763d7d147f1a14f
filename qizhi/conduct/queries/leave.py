"""Leave as pages want it: who approves, what was taken, how many days are left; constant queries each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.permissions.leave import APPROVE_LEAVE, SEE_LEAVES, whose
from qizhi.conduct.rules.leave import (
    ENTITLEMENT,
    LOSS,
    ONE_DAY,
    Away,
    Balance,
    Level,
    Service,
    Spell,
    Terms,
    approval_level,
    balance,
    entitlement_of,
    loss_of,
    needed,
)
from qizhi.core import clock, periods
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import DatePrecision
from qizhi.gatherings.models import RollEntry
from qizhi.org.enums import RANK_ORDER, Rank, Role
from qizhi.org.models import Leave, Person, Placement, Post, RankTenure, Unit
from qizhi.regulations.kinds import ParameterError, kind_by_key
from qizhi.regulations.queries import calendar_for, clauses_in_force
from qizhi.regulations.rules import UnknownCalendarError

OFFICES = (Role.DEPARTMENT_HEAD, Role.LEADER, Role.PARTY_GROUP_SECRETARY)


@dataclass(frozen=True)
class Approval:
    """Who may say yes to somebody's leave on a day: the level, and the people of that level."""

    level: Level
    people: tuple[Person, ...]
    department: str = ""

    def has(self, person_id: uuid.UUID | None) -> bool:
        """Whether the person is one of them."""
        return any(one.pk == person_id for one in self.people)


def approvals(
    bureau_id: uuid.UUID, person_ids: Iterable[uuid.UUID], day: dt.date
) -> dict[uuid.UUID, Approval]:
    """Who approves the leave of each of these people, as posts and ranks are on the day; three queries."""
    wanted = set(person_ids)
    placed = Placement.objects.on(day).filter(bureau_id=bureau_id, person_id__in=wanted)
    units = {row.person_id: row.unit for row in placed.select_related("unit")}
    ranked = RankTenure.objects.on(day).filter(bureau_id=bureau_id, person_id__in=wanted)
    ranks = {row.person_id: row.rank for row in ranked}
    posts = list(
        Post.objects.on(day)
        .filter(bureau_id=bureau_id, role__in=OFFICES)
        .select_related("person")
        .order_by("from_on", "pk")
    )
    return {pk: _approval(pk, units.get(pk), ranks.get(pk, ""), posts) for pk in wanted}


def _approval(pk: uuid.UUID, unit: Unit | None, rank: str, posts: Sequence[Post]) -> Approval:
    held = {post.role for post in posts if post.person_id == pk}
    heads = _holders(posts, Role.DEPARTMENT_HEAD, pk, unit)
    level = approval_level(
        is_principal=Role.PARTY_GROUP_SECRETARY in held,
        is_leader=Role.LEADER in held,
        is_head=Role.DEPARTMENT_HEAD in held,
        is_division=RANK_ORDER.get(Rank(rank), 0) >= RANK_ORDER[Rank.DEPUTY_DIVISION] if rank else False,
        has_head=bool(heads),
    )
    people = {
        Level.HEAD: heads,
        Level.LEADER: _holders(posts, Role.LEADER, pk),
        Level.PRINCIPAL: _holders(posts, Role.PARTY_GROUP_SECRETARY, pk),
        Level.SUPERIOR: [],
    }[level]
    return Approval(level, tuple(people), str(unit or ""))


def _holders(posts: Iterable[Post], role: Role, but: uuid.UUID, unit: Unit | None = None) -> list[Person]:
    """Who holds the role (as head: of that department), nobody twice and never the one who asks."""
    held = [post for post in posts if post.role == role and post.person_id != but]
    if role is Role.DEPARTMENT_HEAD:
        held = [post for post in held if unit is not None and post.unit_id == unit.pk]
    return list({post.person_id: post.person for post in held}.values())


def terms_for(bureau_id: uuid.UUID, year: int) -> Terms:
    """The clauses on annual leave in force on the last day of the year; one query."""
    clauses = clauses_in_force(bureau_id, periods.year(year).end).filter(kind__in=[ENTITLEMENT, LOSS])
    found: dict[str, Terms] = {}
    for clause in clauses.order_by("-version__effective_from"):
        kind = kind_by_key(clause.kind)
        try:
            values = kind.read(clause.parameters) if kind else {}
        except ParameterError:
            continue  # a clause that cannot be read gives nothing, and the balance says so
        if clause.kind == ENTITLEMENT:
            found.setdefault(ENTITLEMENT, Terms(entitlement_of(values, clause.source)))
        else:
            found.setdefault(LOSS, Terms(None, loss_of(values, clause.source)))
    given, lost = found.get(ENTITLEMENT), found.get(LOSS)
    return Terms(given.entitlement if given else None, lost.loss if lost else None)


def balances(bureau_id: uuid.UUID, people: Sequence[Person], as_of: dt.date) -> dict[uuid.UUID, Balance]:
    """The annual leave of these people in the year of the day; four queries however many."""
    span = Period(periods.year(as_of.year - 1).start, periods.year(as_of.year).end)
    own = Q(bureau_id=bureau_id, person__in=people)
    spells: dict[uuid.UUID, list[Spell]] = defaultdict(list)
    for row in Leave.objects.within(span.start, span.end).filter(own).order_by():
        spells[row.person_id].append(Spell(row.kind, row.from_on, row.to_on))
    waiting: dict[uuid.UUID, list[Spell]] = defaultdict(list)
    asked = LeaveRequest.objects.filter(own, status=LeaveStatus.REQUESTED, kind=Away.ANNUAL)
    for one in asked.order_by():
        waiting[one.person_id].append(Spell(one.kind, one.from_on, one.to_on))
    terms, calendar = terms_for(bureau_id, as_of.year), calendar_for(bureau_id)
    return {
        one.pk: balance(Service(one.began_work_on, spells[one.pk], waiting[one.pk]), as_of, terms, calendar)
        for one in people
    }


def balance_of(person: Person, as_of: dt.date) -> Balance:
    """The annual leave of one person."""
    return balances(person.bureau_id, [person], as_of)[person.pk]


def reckoning_day(year: int, today: dt.date) -> dt.date:
    """On which day the balance of a year is told: today, or its last day (its first, before it begins)."""
    whole = periods.year(year)
    return min(max(today, whole.start), whole.end)


def balances_asked(person: Person, days: Period) -> list[Balance]:
    """What is left in each year that these days touch, as whoever says yes has to know it.

    Bands grow within the year: what is due on the last day that is asked for decides.
    """
    return [
        balance_of(person, max(min(days.end, periods.year(year).end), reckoning_day(year, clock.today())))
        for year in range(days.start.year, days.end.year + 1)
    ]


def requests_of(person: Person) -> QuerySet[LeaveRequest]:
    """Everything that somebody ever asked, newest first."""
    rows = LeaveRequest.objects.filter(bureau_id=person.bureau_id, person=person)
    return rows.select_related("person", "approver", "decided_by")


@dataclass(frozen=True)
class Waiting:
    """A request that waits, with who may decide it and what annual leave is left in the years it touches."""

    row: LeaveRequest
    approval: Approval
    balances: list[Balance]


def waiting_for(actor: Actor) -> list[Waiting]:
    """Requests that the person who asks may decide, longest waiting first; two queries, and four a year."""
    reach = actor.reach(APPROVE_LEAVE)
    rows = LeaveRequest.objects.filter(whose(reach), status=LeaveStatus.REQUESTED)
    rows = rows.select_related("person", "approver").order_by("asked_on", "pk")
    found = [row for row in rows if row.person_id != actor.person_id]
    if not found:
        return []
    today = clock.today()
    levels = approvals(actor.bureau_id, [row.person_id for row in found], today)
    mine = [row for row in found if levels[row.person_id].has(actor.person_id)]
    left: dict[uuid.UUID, list[Balance]] = defaultdict(list)
    annual = [row for row in mine if row.kind == Away.ANNUAL]
    for year in sorted({day.year for row in annual for day in (row.from_on, row.to_on)}):
        touching = [row for row in annual if row.from_on.year <= year <= row.to_on.year]
        known = balances(actor.bureau_id, [row.person for row in touching], reckoning_day(year, today))
        for row in touching:
            left[row.pk].append(known[row.person_id])
    return [Waiting(row, levels[row.person_id], left[row.pk]) for row in mine]


def without_superior(bureau_id: uuid.UUID) -> list[LeaveRequest]:
    """Requests that wait for a body above: personnel enters its answer; four queries."""
    rows = LeaveRequest.objects.filter(bureau_id=bureau_id, status=LeaveStatus.REQUESTED)
    found = list(rows.select_related("person").order_by("asked_on", "pk"))
    levels = approvals(bureau_id, [row.person_id for row in found], clock.today()) if found else {}
    return [row for row in found if levels[row.person_id].level is Level.SUPERIOR]


def unreturned(actor: Actor) -> QuerySet[LeaveRequest]:
    """Approved leave whose last day is over while nobody has registered the return."""
    rows = LeaveRequest.objects.filter(
        whose(actor.reach(SEE_LEAVES)), status=LeaveStatus.APPROVED, to_on__lt=clock.today()
    )
    return rows.select_related("person").order_by("to_on", "pk")


def own_unreturned(actor: Actor) -> list[LeaveRequest]:
    """Own approved leave whose last day is over while nobody has registered the return; one query."""
    if actor.person_id is None:
        return []
    rows = LeaveRequest.objects.filter(bureau_id=actor.bureau_id, person_id=actor.person_id)
    return list(rows.filter(status=LeaveStatus.APPROVED, to_on__lt=clock.today()).order_by("to_on", "pk"))


@dataclass(frozen=True)
class Taken:
    """What of a leave was taken.

    Attributes:
        to_on: its last day: where somebody came back earlier, the day before.
        working_days: of it; None where a year is without a paper.
        unknown: Chinese; which paper is missing.
        beyond: working days after it on which somebody was neither on leave nor back.
    """

    to_on: dt.date
    working_days: int | None
    unknown: str = ""
    beyond: int = 0


def taken_of(row: LeaveRequest) -> Taken:
    """The days of a leave as they were taken, or are asked; no query where the calendar is kept."""
    calendar = calendar_for(row.bureau_id)
    last = row.returned_on - ONE_DAY if row.returned_on else row.to_on
    to_on = min(last, row.to_on)
    try:
        number = sum(needed(Spell(row.kind, row.from_on, to_on), calendar).values())
        late = Spell(row.kind, row.to_on + ONE_DAY, last)
        beyond = sum(needed(late, calendar).values()) if last > row.to_on else 0
    except UnknownCalendarError as error:
        return Taken(to_on, None, error.message)
    return Taken(to_on, number, beyond=beyond)


def rolls_of(row: LeaveRequest) -> list[RollEntry]:
    """What rolls of the days of a leave say of the person, in the order of days; one query.

    Who was there stands on none, and a gathering of which only the month is known says nothing of a day.
    """
    entries = RollEntry.objects.filter(
        bureau_id=row.bureau_id,
        person_id=row.person_id,
        gathering__precision=DatePrecision.DAY,
        gathering__withdrawn_at__isnull=True,
        gathering__held_on__range=(row.from_on, row.to_on),
    )
    return list(entries.select_related("gathering__unit").order_by("gathering__held_on", "pk"))


def back_on(row: LeaveRequest) -> dt.date:
    """When somebody was probably back: on the first working day after the leave, or today before that."""
    try:
        due = calendar_for(row.bureau_id).add_working_days(row.to_on, 1)
    except UnknownCalendarError:
        return clock.today()
    return min(due, clock.today())


@dataclass(frozen=True)
class Wanted:
    """What narrows the register: days, and the values of its filters (empty: everything)."""

    days: Period
    kind: str = ""
    status: str = ""
    unit: uuid.UUID | None = None
    text: str = ""

    def people(self) -> Q:
        """People by name, number and department."""
        found = Q()
        if self.text:
            found &= Q(person__name__icontains=self.text) | Q(person__staff_no__icontains=self.text)
        if self.unit:
            placed = Placement.objects.within(self.days.start, self.days.end).filter(unit_id=self.unit)
            found &= Q(person_id__in=placed.values("person_id"))
        return found

    def rows(self) -> Q:
        """The same with days and kind."""
        found = self.people() & Q(from_on__lte=self.days.end)
        return found & Q(kind=self.kind) if self.kind else found


def register_of(actor: Actor, wanted: Wanted) -> QuerySet[LeaveRequest]:
    """Requests that touch the days, of people whom the reader may see, newest first."""
    rows = LeaveRequest.objects.filter(
        whose(actor.reach(SEE_LEAVES)), wanted.rows(), to_on__gte=wanted.days.start
    )
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return rows.select_related("person", "decided_by").order_by("-from_on", "person__staff_no")


def direct_of(actor: Actor, wanted: Wanted) -> QuerySet[Leave]:
    """Approved leave that was entered on the page of a person, without a request."""
    rows = Leave.objects.within(wanted.days.start, wanted.days.end).filter(
        whose(actor.reach(SEE_LEAVES)), wanted.rows(), request__isnull=True
    )
    found: QuerySet[Leave] = rows.select_related("person").order_by("-from_on", "person__staff_no")
    return found


@dataclass(frozen=True)
class CalendarLine:
    """Somebody with approved leave in a month: for each of its days the kind, empty where they are there."""

    person: Person
    days: tuple[str, ...]


def calendar_lines(actor: Actor, wanted: Wanted) -> list[CalendarLine]:
    """Who is away on which days of a month, in the order of the roll and of nothing else; one query."""
    rows = Leave.objects.within(wanted.days.start, wanted.days.end).filter(
        whose(actor.reach(SEE_LEAVES)), wanted.rows()
    )
    span = (wanted.days.end - wanted.days.start).days + 1
    people: dict[uuid.UUID, Person] = {}
    marks: dict[uuid.UUID, list[str]] = {}
    for row in rows.select_related("person").order_by("person__staff_no", "from_on"):
        people[row.person_id] = row.person
        days = marks.setdefault(row.person_id, [""] * span)
        part = Spell(row.kind, row.from_on, row.to_on).within(wanted.days)
        if part:
            for place in range(
                (part.start - wanted.days.start).days, (part.end - wanted.days.start).days + 1
            ):
                days[place] = row.get_kind_display()
    return [CalendarLine(person, tuple(marks[pk])) for pk, person in people.items()]


def overlapping(
    person: Person, days: Period, *, but: LeaveRequest | None = None
) -> list[tuple[dt.date, dt.date | None, str]]:
    """Leave and waiting requests of somebody that touch the days: first day, last day, what it is."""
    rows = Leave.objects.within(days.start, days.end).filter(bureau_id=person.bureau_id, person=person)
    asked = LeaveRequest.objects.filter(
        bureau_id=person.bureau_id,
        person=person,
        status=LeaveStatus.REQUESTED,
        from_on__lte=days.end,
        to_on__gte=days.start,
    )
    if but is not None:
        asked = asked.exclude(pk=but.pk)
    found = [(row.from_on, row.to_on, f"已批准的{row.get_kind_display()}") for row in rows]
    found += [(row.from_on, row.to_on, f"待批的{row.get_kind_display()}") for row in asked]
    return sorted(found, key=lambda one: one[0])
