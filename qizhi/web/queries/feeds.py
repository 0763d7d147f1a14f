"""What stands in a calendar: what was held, and until when something is due. No rolls, no minutes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import field
from functools import partial

from django.db.models import Q, QuerySet

from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.queries import OWED_BY, Cell, accountable_units, states, urgent
from qizhi.branch_life.rules import State
from qizhi.core import periods
from qizhi.core.figures import report_year
from qizhi.core.ical import Event
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import DatePrecision
from qizhi.gatherings.models import GatheringQuerySet, Template
from qizhi.gatherings.permissions import visible_to
from qizhi.gatherings.rules import fill_placeholders
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.models import Account, Membership, Placement, Unit
from qizhi.org.queries import actor_of
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar, occurrences
from qizhi.regulations.rules.working_days import UnknownCalendarError
from qizhi.study.queries.plans import compare
from qizhi.study.rules.plans import Progress
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.permissions import SEE_PLANS
from qizhi.web.models import Feed, FeedScope

DAYS_BACK, DAYS_AHEAD = 180, 180
_PROGRESS = {Progress.DONE: "已开展", Progress.DUE: "未到期", Progress.MISSING: "未开展"}
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
        kinds: kinds of unit whose prepared gatherings stand in it.
    """

    actor: Actor
    today: dt.date
    stamp: dt.datetime
    address: Callable[[str], str]
    gatherings: GatheringQuerySet
    plans: QuerySet[Plan]
    owing: list[Unit] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()

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
        return read(seen, plans, list(owing), frozenset(UnitKind.values))
    if feed.unit is not None:
        unit = feed.unit
        here = seen.filter(Q(unit=unit) | Q(unit__parent=unit, unit__kind=UnitKind.GROUP))
        return read(here, plans.filter(unit=unit), [unit], frozenset({unit.kind}))
    units = _own_units(actor, today)
    own = [unit.pk for unit in units]
    posts = {grant.unit_id for grant in actor.grants if grant.role in BRANCH_COMMITTEE_ROLES}
    mine = Q(unit_id__in=own) | Q(chair_id=actor.person_id) | Q(unit__kind__in=_SHARED)
    led = PlanItem.objects.filter(bureau_id=actor.bureau_id, lead_id=actor.person_id)
    return read(
        seen.filter(mine),
        plans.filter(Q(unit_id__in=own) | Q(pk__in=led.values("plan_id"))),
        [unit for unit in units if unit.pk in posts],
        frozenset({*(unit.kind for unit in units), UnitKind.BUREAU}),
    )


def _own_units(actor: Actor, today: dt.date) -> list[Unit]:
    mine = {"bureau_id": actor.bureau_id, "person_id": actor.person_id}
    keys = {grant.unit_id for grant in actor.grants}
    for unit_id, group_id in Membership.objects.on(today).filter(**mine).values_list("unit_id", "group_id"):
        keys |= {unit_id, group_id}
    keys |= set(Placement.objects.on(today).filter(**mine).values_list("unit_id", flat=True))
    return list(Unit.objects.filter(bureau_id=actor.bureau_id, pk__in=keys - {None}).order_by("path"))


def events_of(reading: Reading) -> list[Event]:
    """Every entry, in a fixed order; a number of queries that does not grow with the entries."""
    found = [*_held(reading), *_planned(reading), *_owed(reading), *_prepared(reading)]
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
    if not reading.owing:
        return
    today = reading.today
    span = Period(periods.year(report_year(today)).start, periods.quarter_of(today).end)
    found = states(reading.actor.bureau_id, reading.owing, span, today)
    for cell in urgent(found.cells, today):
        if cell.period.end in reading.window:
            yield _duty(cell, reading)


def _duty(cell: Cell, reading: Reading) -> Event:
    words = f"缺{cell.short_by}次" if cell.state is State.MISSING else f"未到期，还差{cell.short_by}次"
    source = cell.judged.rule.source if cell.judged.rule else ""
    return Event(
        uid=f"duty-{cell.unit.pk}-{cell.line.key}-{cell.period.start.isoformat()}@qizhi",
        summary=f"{words}：{cell.line.label}（{cell.unit}{cell.period.label}）",
        day=cell.period.end,
        stamp=reading.stamp,
        description=f"依据{source}" if source else "",
        url=reading.address(f"/branch-life/units/{cell.unit.pk}/"),
    )


def _prepared(reading: Reading) -> Iterator[Event]:
    """The coming days of prepared gatherings, as far as the papers say which days are worked."""
    calendar = calendar_for(reading.actor.bureau_id)
    first = reading.today + dt.timedelta(days=1)
    rows = Template.objects.filter(bureau_id=reading.actor.bureau_id, is_active=True).exclude(day_rule="")
    for row in rows:
        if row.unit_kind and row.unit_kind not in reading.kinds:
            continue
        for day in _days(row.day_rule, first, reading.window.end, calendar):
            yield Event(
                uid=f"template-{row.pk}-{day.isoformat()}@qizhi",
                summary=fill_placeholders(row.title or row.name, day),
                day=day,
                stamp=reading.stamp,
                description=row.name,
                location=row.place,
            )


def _days(rule: str, first: dt.date, last: dt.date, calendar: WorkingCalendar) -> list[dt.date]:
    ends = [last, *(dt.date(year, 12, 31) for year in range(last.year - 1, first.year - 1, -1))]
    for end in ends:
        try:
            return occurrences(rule, first, end, calendar)
        except UnknownCalendarError:
            continue
    return []
