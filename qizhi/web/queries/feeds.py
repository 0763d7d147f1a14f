"""What stands in a calendar: what was held, and until when something is due. No rolls, no minutes."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet

from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.queries import OWED_BY, Wait, accountable_units, outlook, waits
from qizhi.core import kept, periods
from qizhi.core.figures import report_year
from qizhi.core.ical import Event
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Audience, DatePrecision
from qizhi.gatherings.models import GatheringKind, GatheringQuerySet
from qizhi.gatherings.permissions import visible_to
from qizhi.gatherings.rules import fill_placeholders
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, Role, UnitKind
from qizhi.org.models import Account, Membership, Placement, Unit
from qizhi.org.queries import actor_of
from qizhi.study.queries.plans import compare
from qizhi.study.rules.plans import Progress
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.permissions import SEE_DUTIES, SEE_PLANS
from qizhi.tasks.queries.duties import Standing as PartStanding
from qizhi.tasks.queries.duties import open_parts
from qizhi.tasks.rules import State as PartState
from qizhi.web.models import Feed, FeedScope
from qizhi.web.queries.prepared import coming

DAYS_BACK, DAYS_AHEAD = 180, 180
NAMED = 3
"""So many units are named of a day that is theirs."""
_PROGRESS = {Progress.DONE: "已开展", Progress.DUE: "未到期", Progress.MISSING: "未开展"}
PLANS = "study.plans."
"""Lines of the outlook that tell items of plans, which stand in a calendar already."""
_SHARED = (UnitKind.BUREAU, UnitKind.COMMITTEE)


def token_digest(token: str) -> str:
    """What is stored of a secret address: 256 random bits need no salt."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def feed_by_token(token: str) -> tuple[Feed, Actor] | None:
    """The calendar of a secret address and the person for whom it is read, if both still may.

    A revoked address, a closed account and a post that is no longer held all open nothing.
    """
    feed = Feed.objects.filter(token_digest=token_digest(token), revoked_at__isnull=True)
    found = feed.select_related("unit", "owner").first()
    if found is None:
        return None
    account = Account.objects.filter(person=found.owner, is_active=True).order_by("pk").first()
    if account is None:
        return None
    actor = actor_of(account)
    return (found, actor) if may_read(actor, found.scope, found.unit) else None


def may_read(actor: Actor, scope: str, unit: Unit | None) -> bool:
    """Whether somebody may have that calendar: one's own always, others' with organisational life."""
    if scope == FeedScope.BUREAU:
        return actor.reach(SEE_BRANCH_LIFE).is_all
    if scope == FeedScope.UNIT:
        if unit is None or unit.bureau_id != actor.bureau_id:
            return False
        return actor.may(SEE_BRANCH_LIFE, unit.pk, unit.path)
    return actor.person_id is not None


def feed_units(actor: Actor, today: dt.date) -> QuerySet[Unit]:
    """Branches and the centre group whose calendar somebody may have."""
    units: QuerySet[Unit] = Unit.objects.on(today).filter(
        actor.reach(SEE_BRANCH_LIFE).units(""), kind__in=(UnitKind.BRANCH, UnitKind.CENTRE_GROUP)
    )
    return units.order_by("position", "code")


def own_feeds(actor: Actor) -> QuerySet[Feed]:
    """Somebody's own addresses, with those that were revoked."""
    own = Feed.objects.filter(bureau_id=actor.bureau_id, owner_id=actor.person_id)
    return own.select_related("unit") if actor.person_id else own.none()


@dataclass(frozen=True)
class Reading:
    """One calendar as it is read now.

    Attributes:
        actor: for whom.
        today: the day.
        stamp: when what is derived was first said: the same at every reading.
        address: makes an absolute address.
        gatherings: what was held.
        plans: plans whose items stand in it.
        owing: units whose missing and coming duties stand in it.
        tasked: units whose items of lists and tasks stand in it.
        units: units whose prepared gatherings stand in it.
        seats: of these, in whose committees the reader sits; None where it is a calendar for everybody there.
    """

    actor: Actor
    today: dt.date
    stamp: dt.datetime
    address: Callable[[str], str]
    gatherings: GatheringQuerySet
    plans: QuerySet[Plan]
    owing: list[Unit] = field(default_factory=list)
    tasked: list[Unit] = field(default_factory=list)
    units: Sequence[Unit] = ()
    seats: frozenset[uuid.UUID] | None = None

    @property
    def window(self) -> Period:
        """The days that are told."""
        return Period(self.today - dt.timedelta(days=DAYS_BACK), self.today + dt.timedelta(days=DAYS_AHEAD))


def reading_of(feed: Feed, actor: Actor, today: dt.date, address: Callable[[str], str]) -> Reading:
    """What a calendar tells: of one's own units, of one unit, or of all."""
    plans = Plan.objects.filter(actor.reach(SEE_PLANS).units()).select_related("unit")
    seen = visible_to(actor).held()
    read = partial(Reading, actor, today, feed.made_at, address)
    if feed.scope == FeedScope.BUREAU:
        owing = accountable_units(actor.bureau_id, periods.year(today.year), *OWED_BY.values())
        there = Unit.objects.on(today).filter(bureau_id=actor.bureau_id).order_by("path")
        return read(seen, plans, list(owing), _tasked(actor, there), list(there))
    if feed.unit is not None:
        unit = feed.unit
        here = seen.filter(Q(unit=unit) | Q(unit__parent=unit, unit__kind=UnitKind.GROUP))
        return read(here, plans.filter(unit=unit), [unit], _tasked(actor, [unit]), [unit])
    units = _own_units(actor, today)
    own = [unit.pk for unit in units]
    grants = (grant for grant in actor.grants if grant.role in BRANCH_COMMITTEE_ROLES)
    posts = frozenset(grant.unit_id for grant in grants if grant.unit_id is not None)
    headed = {grant.unit_id for grant in actor.grants if grant.role == Role.DEPARTMENT_HEAD}
    # Meetings of a committee are of those who sit in it.
    kinds = GatheringKind.objects.filter(bureau_id=OuterRef("bureau_id"), gathering_id=OuterRef("pk"))
    others = kinds.exclude(kind__audience=Audience.COMMITTEE)
    open_here = Q(unit_id__in=posts) | Exists(others) | ~Exists(kinds)
    mine = Q(Q(unit_id__in=own) & open_here) | Q(chair_id=actor.person_id) | Q(unit__kind__in=_SHARED)
    led = PlanItem.objects.filter(bureau_id=actor.bureau_id, lead_id=actor.person_id)
    return read(
        seen.filter(mine),
        plans.filter(Q(unit_id__in=own) | Q(pk__in=led.values("plan_id"))),
        [unit for unit in units if unit.pk in posts],
        _tasked(actor, [unit for unit in units if unit.pk in posts | headed]),
        [*Unit.objects.on(today).filter(bureau_id=actor.bureau_id, kind=UnitKind.BUREAU), *units],
        posts,
    )


def _tasked(actor: Actor, units: Iterable[Unit]) -> list[Unit]:
    return [unit for unit in units if actor.may(SEE_DUTIES, unit.pk, unit.path)]


def _own_units(actor: Actor, today: dt.date) -> list[Unit]:
    mine = {"bureau_id": actor.bureau_id, "person_id": actor.person_id}
    keys = {grant.unit_id for grant in actor.grants}
    for unit_id, group_id in Membership.objects.on(today).filter(**mine).values_list("unit_id", "group_id"):
        keys |= {unit_id, group_id}
    keys |= set(Placement.objects.on(today).filter(**mine).values_list("unit_id", flat=True))
    return list(Unit.objects.filter(bureau_id=actor.bureau_id, pk__in=keys - {None}).order_by("path"))


@kept.sharing()  # what is owed is asked of the past and of the days ahead
def events_of(reading: Reading) -> list[Event]:
    """Every entry, in a fixed order; a number of queries that does not grow with the entries."""
    found = [*_held(reading), *_planned(reading), *_owed(reading), *_tasks(reading), *_prepared(reading)]
    return sorted(found, key=lambda event: (event.day, event.starts_at or dt.time(0), event.uid))


def _held(reading: Reading) -> Iterator[Event]:
    """What was or will be held on a known day; what is known to the month only has no day to stand on."""
    rows = reading.gatherings.between(reading.window).filter(precision=DatePrecision.DAY)
    for row in rows.select_related("unit__parent", "chair").defer("minutes", "topics"):
        chair = f"\n主持：{row.chair}" if row.chair else ""
        yield Event(
            uid=f"gathering-{row.pk}@qizhi",
            summary=f"{row.title}（{row.unit.full_label}）",
            day=row.held_on,
            stamp=row.recorded_at,
            starts_at=row.starts_at,
            description=f"{row.unit.full_label}{chair}",
            location=row.place,
            url=reading.address(row.get_absolute_url()),
        )


def _planned(reading: Reading) -> Iterator[Event]:
    window = reading.window
    plans = list(reading.plans.filter(year__range=(window.start.year, window.end.year)))
    study = compare([plan for plan in plans if plan.is_study], reading.today)
    states_of = {line.item.pk: line.progress for one in study.values() for line in one.lines}
    items = PlanItem.objects.filter(bureau_id=reading.actor.bureau_id, plan__in=plans, cancelled_because="")
    for item in items.select_related("plan__unit"):
        last = periods.month_of(dt.date(item.plan.year, item.month, 1)).end
        if last not in window or states_of.get(item.pk) is Progress.GONE:
            continue
        state = _PROGRESS.get(states_of.get(item.pk, Progress.CANCELLED), "计划")
        yield Event(
            uid=f"plan-item-{item.pk}@qizhi",
            summary=f"{state}：{item.topic}（{item.plan.unit}{item.month}月计划）",
            day=last,
            stamp=reading.stamp,
            description=item.plan.name,
            url=reading.address(item.plan.get_absolute_url()),
        )


def _owed(reading: Reading) -> Iterator[Event]:
    """What organisational life asks of the units: the lines of the first screen, plans apart, told above."""
    if not reading.owing:
        return
    today = reading.today
    span = Period(periods.year(report_year(today)).start, periods.quarter_of(today).end)
    found = outlook(reading.actor.bureau_id, reading.owing, span, today)
    for unit in reading.owing:
        for wait in waits(unit, found.of(unit.pk), today):
            if not wait.line.key.startswith(PLANS) and _last_day(wait) in reading.window:
                yield _duty(wait, reading)


def _last_day(wait: Wait) -> dt.date:
    return wait.prospect.until or wait.prospect.period.end


def _duty(wait: Wait, reading: Reading) -> Event:
    """One line; of people it tells how many, never who."""
    one, line = wait.prospect, wait.line
    lacks = f"还差{one.required - one.counted}次" if not one.people and one.required > one.counted else ""
    words = one.said if wait.is_missing else "，".join(filter(None, ("未到期", one.words or lacks)))
    reason = "" if one.people else one.reason
    mark = f"-{hashlib.sha256(reason.encode()).hexdigest()[:8]}" if reason else ""
    return Event(
        uid=f"duty-{wait.unit.pk}-{line.key}-{one.period.start.isoformat()}{mark}@qizhi",
        summary=f"{words}：{line.label}（{wait.unit}{one.period.label}）",
        day=_last_day(wait),
        stamp=reading.stamp,
        description="\n".join(filter(None, (reason, f"依据{one.source}" if one.source else ""))),
        url=reading.address(f"/branch-life/units/{wait.unit.pk}/"),
    )


def _tasks(reading: Reading) -> Iterator[Event]:
    """Items of lists and tasks that are still to be done, each once however many units it was given to."""
    if not reading.tasked:
        return
    by_duty: dict[tuple[uuid.UUID, dt.date], list[PartStanding]] = defaultdict(list)
    keys = [unit.pk for unit in reading.tasked]
    for one in open_parts(reading.actor.bureau_id, keys, reading.today, since=report_year(reading.today)):
        if one.due.on and one.due.on in reading.window:
            by_duty[one.part.duty_id, one.due.on].append(one)
    for (_, until), found in by_duty.items():
        first = found[0]
        units = [one.part.unit for one in found]
        whose = str(units[0]) if len(units) == 1 else f"{len(units)}个组织"
        duty = first.part.duty
        yield Event(
            uid=f"task-{duty.pk}-{until.isoformat()}@qizhi",
            summary=f"{'缺' if first.state is PartState.MISSING else '未到期'}：{duty}（{whose}）",
            day=until,
            stamp=reading.stamp,
            description=duty.source_label,
            url=reading.address((first.part if len(units) == 1 else duty).get_absolute_url()),
        )


def _prepared(reading: Reading) -> Iterator[Event]:
    """The coming days of prepared gatherings; of a day that is not that of all, whose it is."""
    ahead = Period(reading.today + dt.timedelta(days=1), reading.window.end)
    found = coming(reading.actor.bureau_id, reading.units, ahead, reading.today, reading.seats)
    for row, day, units in found:
        whose = f"（{'、'.join(map(str, units[:NAMED]))}{'等' * (len(units) > NAMED)}）" if units else ""
        yield Event(
            uid=f"template-{row.pk}-{day.isoformat()}@qizhi",
            summary=f"{fill_placeholders(row.title or row.name, day)}{whose}",
            day=day,
            stamp=reading.stamp,
            description=row.name,
            location=row.place,
        )
