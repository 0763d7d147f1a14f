"""How each part of what was asked stands, worked out from dates, numbers and what was said."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import partial

from django.db.models import Count, Q, QuerySet

from qizhi.core import figures, kept, periods
from qizhi.core.figures import Ask, Figure, Measure, Value
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor, Permission
from qizhi.core.values import dataclass
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, Role, UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import units_on
from qizhi.regulations.models import Regulation
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar
from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import Duty, DutyList, DutyNote, DutyPart
from qizhi.tasks.permissions import MANAGE_DUTIES, SEE_NEGATIVE, duties_for
from qizhi.tasks.rules import OPEN, Due, Judged, Settled, State, due_day, judge
from qizhi.tasks.rules import Count as Counted

OWN_FIGURES = "tasks."
"""An item may not count by figures about items: such a number would ask for itself."""
_NAMED = ("unit__successor", "approved_by", "duty__duty_list", "duty__regulation", "duty__owner")
Numbers = Mapping[tuple[str, int, uuid.UUID], Value]


@dataclass(frozen=True)
class Standing:
    """A part with its state on a day."""

    part: DutyPart
    judged: Judged
    due: Due
    today: dt.date
    count: Counted | None = None
    number: str = ""

    @property
    def state(self) -> State:
        """The state."""
        return self.judged.state

    @property
    def is_open(self) -> bool:
        """Whether somebody can still do something about it."""
        return self.judged.state in OPEN

    @property
    def is_done_late(self) -> bool:
        """Whether it was done, and after its last day."""
        done_on = self.part.settled_on if self.part.settled_as == State.DONE else None
        return bool(done_on and self.due.on and done_on > self.due.on)

    @property
    def figure(self) -> Figure | None:
        """The figure that ticks it by itself."""
        return figures.get(self.part.duty.figure) if self.part.duty.figure else None

    @property
    def ask(self) -> Ask:
        """What its figure is asked: the branch in the year of the item, reckoned on the day."""
        year = periods.year(self.part.duty.year)
        return Ask(self.part.bureau_id, year, self.today, (self.part.unit_id,))


def figure_choices() -> list[Figure]:
    """Figures that tell a number for each branch."""
    return [
        figure
        for figure in figures.all_figures()
        if figure.by_unit is not None
        and figure.measure is not Measure.DAY
        and not figure.key.startswith(OWN_FIGURES)
    ]


def standings(parts: Iterable[DutyPart], today: dt.date) -> list[Standing]:
    """The state of each part on the day; the same number of queries however many parts there are.

    One for the calendar when a part counts working days, and those of each figure that an item names.
    """
    parts = list(parts)
    if not parts:
        return []
    bureau_id = parts[0].bureau_id
    has_days = any(part.duty.working_days and not part.extended_to for part in parts)
    calendar = calendar_for(bureau_id) if has_days else WorkingCalendar(())
    numbers = _numbers(bureau_id, parts, today)
    return [_standing(part, calendar, numbers, today) for part in parts]


def _standing(part: DutyPart, calendar: WorkingCalendar, numbers: Numbers, today: dt.date) -> Standing:
    duty = part.duty
    due = due_day(
        due_on=duty.due_on,
        start_on=duty.start_on,
        working_days=duty.working_days,
        extended_to=part.extended_to,
        year=duty.year,
        calendar=calendar,
    )
    settled = Settled(part.settled_as, part.settled_on, part.words)
    count, number = None, ""
    figure = figures.get(duty.figure) if duty.figure else None
    if figure is not None and duty.target:
        # A count leaves out branches with nothing to count; a share tells of each branch that it knows.
        none = figures.NOTHING if figure.measure is Measure.SHARE else figures.count_value(0)
        value = numbers.get((duty.figure, duty.year, part.unit_id), none)
        number = figures.say(value, figure.measure)
        count = Counted(_amount(value, figure), duty.target)
    last = due.on or today
    ended = part.unit.why_ended(Period(last, last))
    judged = judge(settled=settled, due=due, count=count, today=today, ended=ended)
    return Standing(part, judged, due, today, count, number)


def _amount(value: Value, figure: Figure) -> Fraction | None:
    """The number as people write it: a share in per cent."""
    if value.amount is None or figure.measure is not Measure.SHARE:
        return value.amount
    return value.amount * 100


def _numbers(bureau_id: uuid.UUID, parts: Iterable[DutyPart], today: dt.date) -> Numbers:
    """What each named figure says of each branch in the year of the item."""
    asked: dict[int, tuple[set[str], set[uuid.UUID]]] = defaultdict(lambda: (set(), set()))
    for part in parts:
        if part.duty.figure and part.duty.target:
            named, units = asked[part.duty.year]
            named.add(part.duty.figure)
            units.add(part.unit_id)
    found: dict[tuple[str, int, uuid.UUID], Value] = {}
    # All figures of a year are asked of the same units: what they count they can count together.
    for year, key in ((year, key) for year, (named, _) in asked.items() for key in sorted(named)):
        figure = figures.get(key)
        if figure is not None and figure.by_unit is not None:
            ask = Ask(bureau_id, periods.year(year), today, tuple(sorted(asked[year][1])))
            values = kept.keep(partial(figure.by_unit, ask), "figure.by_unit", key, ask)
            found |= {(key, year, unit): value for unit, value in values.items()}
    return found


def owed_parts(bureau_id: uuid.UUID, day: dt.date) -> QuerySet[DutyPart]:
    """Parts that are done or missing, of what is issued and not withdrawn on the day, in a fixed order."""
    parts: QuerySet[DutyPart] = DutyPart.objects.standing(day).owed().filter(bureau_id=bureau_id)
    order = ("unit__position", "unit__code", "duty__duty_list_id", "duty__position", "duty__issued_on", "pk")
    return parts.select_related(*_NAMED).order_by(*order)


def parts_of(
    actor: Actor, wanted: Permission, day: dt.date, *, year: int, unit_id: uuid.UUID | None = None
) -> QuerySet[DutyPart]:
    """Parts of a year that the actor may see, branch by branch."""
    parts = owed_parts(actor.bureau_id, day).filter(actor.reach(wanted).units(), duty__year=year)
    return parts.filter(unit_id=unit_id) if unit_id else parts


def open_parts(
    bureau_id: uuid.UUID, unit_ids: Iterable[uuid.UUID], today: dt.date, *, since: int = 0
) -> list[Standing]:
    """What these branches still have to do of what was asked from that year on, earliest day first."""
    key = (bureau_id, tuple(sorted(unit_ids)), today, since)
    return kept.keep(partial(_open_parts, *key), "tasks.open_parts", *key)


def _open_parts(
    bureau_id: uuid.UUID, unit_ids: tuple[uuid.UUID, ...], today: dt.date, since: int
) -> list[Standing]:
    parts = owed_parts(bureau_id, today).filter(unit_id__in=unit_ids, settled_as="")
    parts = parts.filter(duty__year__gte=since)
    found = [one for one in standings(parts, today) if one.is_open]
    return sorted(found, key=lambda one: one.due.on or dt.date.max)


def parts_of_duty(duty: Duty, actor: Actor, wanted: Permission) -> QuerySet[DutyPart]:
    """The branches that were asked, in their fixed order, as far as the actor may see them."""
    parts = DutyPart.objects.filter(actor.reach(wanted).units(), duty=duty)
    return parts.select_related(*_NAMED).order_by("unit__position", "unit__code")


def notes_of(
    actor: Actor,
    wanted: Permission,
    *,
    duty: Duty | None = None,
    year: int = 0,
    unit_id: uuid.UUID | None = None,
) -> list[DutyNote]:
    """Notes that the actor may read, newest first; those under the negative list only for the few."""
    notes = DutyNote.objects.filter(actor.reach(wanted).units())
    mine = Q(duty__duty_list__kind=ListKind.NEGATIVE) & ~actor.reach(SEE_NEGATIVE).units()
    notes = notes.exclude(mine)
    if duty is not None:
        notes = notes.filter(duty=duty)
    if year:
        notes = notes.filter(duty__year=year, withdrawn_because="")
    if unit_id is not None:
        notes = notes.filter(unit_id=unit_id)
    return list(notes.select_related("unit", "person", "duty__duty_list").order_by("-noted_on", "pk"))


def lists_of(actor: Actor, wanted: Permission, *, year: int | None = None) -> list[DutyList]:
    """Lists that the actor may see, newest year first, with how many items stand in each."""
    duties = Duty.objects.filter(duties_for(actor, wanted))
    lists = DutyList.objects.filter(bureau_id=actor.bureau_id)
    if not actor.reach(wanted).is_all:
        lists = lists.filter(pk__in=duties.values("duty_list_id"))
    if not actor.may(MANAGE_DUTIES):
        lists = lists.filter(issued_on__isnull=False)
    if year is not None:
        lists = lists.filter(year=year)
    stands = Count("duties", filter=Q(duties__withdrawn_on=None))
    found = list(lists.select_related("issuer").annotate(items=stands))
    order = {kind: number for number, kind in enumerate(ListKind.values)}
    return sorted(found, key=lambda one: (-one.year, order[one.kind]))


def duties_of_list(duty_list: DutyList) -> QuerySet[Duty]:
    """The items of a list in their order."""
    duties = Duty.objects.filter(bureau_id=duty_list.bureau_id, duty_list=duty_list)
    return duties.select_related("regulation", "owner", "duty_list").order_by("position", "pk")


def tasks_of(actor: Actor, wanted: Permission, *, year: int | None = None) -> QuerySet[Duty]:
    """Tasks of their own that the actor may see, newest first."""
    duties = Duty.objects.filter(duties_for(actor, wanted), duty_list=None)
    if year is not None:
        duties = duties.filter(year=year)
    return duties.select_related("issuer", "owner", "duty_list").order_by("-issued_on", "-pk")


@dataclass(frozen=True)
class Rolled:
    """An item or task with how many of its branches are done."""

    duty: Duty
    standings: list[Standing]

    @property
    def done(self) -> int:
        """Branches that are done."""
        return sum(1 for one in self.standings if one.state is State.DONE)

    @property
    def asked(self) -> int:
        """Branches of which it is asked: all but those it does not apply to and the excused."""
        return sum(1 for one in self.standings if one.state not in {State.NA, State.EXCUSED})

    @property
    def missing(self) -> int:
        """Branches that are late."""
        return sum(1 for one in self.standings if one.state is State.MISSING)

    @property
    def due(self) -> Due:
        """Until when, as far as that is the same for all."""
        plain = [one.due for one in self.standings if one.part.extended_to is None]
        return plain[0] if plain else Due(None)


def rolled(
    duties: Iterable[Duty], actor: Actor, wanted: Permission, today: dt.date, *, is_owed: bool = True
) -> list[Rolled]:
    """Each with the state of its branches, as far as the actor may see them; none where nothing is owed."""
    duties = list(duties)
    if not is_owed:
        return [Rolled(duty, []) for duty in duties]
    parts = DutyPart.objects.filter(actor.reach(wanted).units(), duty__in=duties)
    parts = parts.select_related(*_NAMED).order_by("unit__position", "unit__code")
    by_duty: dict[uuid.UUID, list[Standing]] = defaultdict(list)
    for one in standings(parts, today):
        by_duty[one.part.duty_id].append(one)
    return [Rolled(duty, by_duty[duty.pk]) for duty in duties]


def papers(bureau_id: uuid.UUID) -> QuerySet[Regulation]:
    """The documents that an item or a task may come from, by title."""
    return Regulation.objects.filter(bureau_id=bureau_id).order_by("title")


def branches_on(bureau_id: uuid.UUID, day: dt.date) -> QuerySet[Unit]:
    """The branches that something can be asked of, in their fixed order."""
    return units_on(bureau_id, day, UnitKind.BRANCH).order_by("position", "code")


def units_on_duty(bureau_id: uuid.UUID, day: dt.date) -> QuerySet[Unit]:
    """Who can be given a task: branches, departments, the organ committee and the Party group."""
    kinds = (UnitKind.BRANCH, UnitKind.DEPARTMENT, UnitKind.COMMITTEE, UnitKind.PARTY_GROUP)
    return units_on(bureau_id, day, *kinds).order_by("kind", "position", "code")


def branches_asked(asked: DutyList | Duty) -> QuerySet[Unit]:
    """The branches that a list, an item or a task is for."""
    own = {"duty__duty_list": asked} if isinstance(asked, DutyList) else {"duty": asked}
    parts = DutyPart.objects.filter(bureau_id=asked.bureau_id, **own)
    return Unit.objects.filter(pk__in=parts.values("unit_id")).order_by("position", "code")


def units_seen(actor: Actor, wanted: Permission, day: dt.date) -> list[Unit]:
    """Units whose parts the actor may see, the actor's own first."""
    roles = (*BRANCH_COMMITTEE_ROLES, Role.DEPARTMENT_HEAD)
    own = {grant.unit_id for grant in actor.grants if grant.role in roles}
    found = units_on_duty(actor.bureau_id, day).filter(actor.reach(wanted).units(""))
    return sorted(found, key=lambda unit: unit.pk not in own)


def issuers(bureau_id: uuid.UUID, day: dt.date) -> QuerySet[Unit]:
    """Who may ask something of branches: the organ committee, the Party group, the bureau."""
    kinds = (UnitKind.COMMITTEE, UnitKind.PARTY_GROUP, UnitKind.BUREAU)
    return units_on(bureau_id, day, *kinds).order_by("position", "code")
