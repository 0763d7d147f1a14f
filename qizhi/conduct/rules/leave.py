"""Annual leave: how many days somebody has, how many are left, and who says yes.

Sources: 《职工带薪年休假条例》 articles 3 and 4, 《机关事业单位工作人员带薪年休假实施办法》 articles 2
and 4. Days of annual and of personal leave are working days (rest days and holidays do not count); sick leave
is counted by calendar days. A balance is derived each time and never stored; what is not known is None,
never 0.
"""

from __future__ import annotations

import calendar as month_tables
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from qizhi.core.periods import Period, say_day, year
from qizhi.core.values import dataclass
from qizhi.regulations.rules import UnknownCalendarError, WorkingCalendar

ONE_DAY = dt.timedelta(days=1)


class Away(StrEnum):
    """Kinds of leave that the arithmetic looks at; the values are those of `org.LeaveKind`."""

    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"


@dataclass(frozen=True)
class Band:
    """From so many full years of work on: days of annual leave a year."""

    years: int
    days: int


@dataclass(frozen=True)
class Entitlement:
    """What the clause in force gives.

    Attributes:
        bands: by years of work, ascending.
        is_from_next_month: whether a band begins with the month after its anniversary, not on the day.
        source: how a page quotes the clause.
    """

    bands: tuple[Band, ...]
    is_from_next_month: bool = True
    source: str = ""


@dataclass(frozen=True)
class Loss:
    """When a year's annual leave is lost.

    Attributes:
        personal_days: working days of personal leave in a year from which on.
        sick_months: (from so many years of work, months of sick leave), ascending.
        month_days: calendar days that make a month where sick leave was taken in parts.
        source: how a page quotes the clause.
    """

    personal_days: int
    sick_months: tuple[tuple[int, int], ...]
    month_days: int = 30
    source: str = ""


ENTITLEMENT, LOSS = "leave_entitlement", "leave_loss"
"""The kinds of clause that give annual leave and take it."""
BANDS = ("first", "second", "third")
"""What the names of a clause's parameters begin with, one a band."""


def entitlement_of(parameters: Mapping[str, Any], source: str = "") -> Entitlement:
    """What a clause gives, from parameters that its kind has read."""
    bands = tuple(Band(parameters[f"{of}_years"], parameters[f"{of}_days"]) for of in BANDS)
    return Entitlement(bands, parameters["starts"] == "next_month", source)


def loss_of(parameters: Mapping[str, Any], source: str = "") -> Loss:
    """When a year is lost, from parameters that its kind has read."""
    sick = tuple((parameters[f"{of}_years"], parameters[f"{of}_sick_months"]) for of in BANDS)
    return Loss(parameters["personal_days"], sick, parameters["month_days"], source)


@dataclass(frozen=True)
class Spell:
    """Leave from one day to another, both included; without an end it goes on."""

    kind: str
    from_on: dt.date
    to_on: dt.date | None = None

    def within(self, days: Period) -> Period | None:
        """The part inside; None where there is none."""
        start, end = max(self.from_on, days.start), min(self.to_on or days.end, days.end)
        return Period(start, end) if start <= end else None


@dataclass(frozen=True)
class Step:
    """The first day on which so many days are due, after so many years of work."""

    on: dt.date
    years: int
    days: int


def anniversary(began: dt.date, years: int) -> dt.date:
    """The day so many years later; 29 February falls on the last day of the month."""
    number = began.year + years
    if number >= dt.MAXYEAR:
        return dt.date.max
    last = month_tables.monthrange(number, began.month)[1]
    return dt.date(number, began.month, min(began.day, last))


def steps(began: dt.date, terms: Entitlement) -> list[Step]:
    """When each band begins for somebody who has worked since `began`."""
    found = []
    for band in terms.bands:
        day = anniversary(began, band.years)
        if terms.is_from_next_month and day != dt.date.max:
            day = day.replace(day=month_tables.monthrange(day.year, day.month)[1]) + ONE_DAY
        found.append(Step(day, band.years, band.days))
    return found


def entitled_on(began: dt.date, day: dt.date, terms: Entitlement) -> int:
    """Days of annual leave a year that somebody has on the day; 0 before the first band begins."""
    return max((step.days for step in steps(began, terms) if step.on <= day), default=0)


def working_days(spells: Iterable[Spell], days: Period, calendar: WorkingCalendar) -> list[dt.date]:
    """The working days of the spells inside the days, each once; UnknownCalendarError if one is unknown."""
    parts = [part for spell in spells if (part := spell.within(days))]
    return sorted(
        {day for part in parts for day in calendar.working_days(part.start - ONE_DAY, part.end)},
    )


def calendar_days(spells: Iterable[Spell], days: Period) -> list[dt.date]:
    """Every day of the spells inside the days, each once."""
    parts = [part for spell in spells if (part := spell.within(days))]
    return sorted(
        {part.start + dt.timedelta(days=n) for part in parts for n in range((part.end - part.start).days + 1)}
    )


@dataclass(frozen=True)
class Lost:
    """The day on which so much leave had been taken that annual leave is lost, and why in words."""

    on: dt.date
    reason: str


def lost_in(
    began: dt.date, days: Period, spells: Sequence[Spell], terms: Loss, calendar: WorkingCalendar
) -> Lost | None:
    """When personal or sick leave of the days first reached what the clause names; None if it did not.

    Args:
        began: first day of work.
        days: a calendar year, or its part that is known.
        spells: the leave of the person, of all kinds.
        terms: the clause.
        calendar: personal leave is counted by working days.
    """
    personal = working_days(_of(spells, Away.PERSONAL), days, calendar)
    found = []
    if len(personal) >= terms.personal_days:
        day = personal[terms.personal_days - 1]
        found.append(Lost(day, f"{day.year}年事假累计满{terms.personal_days}天"))
    for number, day in enumerate(calendar_days(_of(spells, Away.SICK), days), start=1):
        months = _sick_months(began, day, terms)
        if months is not None and number >= months * terms.month_days:
            found.append(Lost(day, f"{day.year}年病假累计满{months}个月"))
            break
    return min(found, key=lambda one: one.on, default=None)


def _of(spells: Iterable[Spell], kind: Away) -> list[Spell]:
    return [spell for spell in spells if spell.kind == kind]


def _sick_months(began: dt.date, day: dt.date, terms: Loss) -> int | None:
    """Months of sick leave at which somebody loses the year; None before the first band."""
    held = [months for years, months in terms.sick_months if anniversary(began, years) <= day]
    return held[-1] if held else None


@dataclass(frozen=True)
class Balance:
    """A year of somebody's annual leave.

    Attributes:
        year: the calendar year.
        entitled: days due on the day of reckoning; None when it is not known.
        taken: working days taken until that day.
        ahead: working days approved for later in the year.
        asked: working days of requests that wait.
        lines: the arithmetic in words, a sentence each.
        unknown: what is missing; empty when everything is known.
    """

    year: int
    entitled: int | None = None
    taken: int | None = None
    ahead: int | None = None
    asked: int | None = None
    lines: tuple[str, ...] = ()
    unknown: str = ""

    @property
    def left(self) -> int | None:
        """Days that may still be asked for; None when it is not known."""
        known = (self.entitled, self.taken, self.ahead, self.asked)
        if any(one is None for one in known):
            return None
        return (self.entitled or 0) - (self.taken or 0) - (self.ahead or 0) - (self.asked or 0)

    @property
    def over(self) -> int:
        """Days beyond what was due, as after a correction or where the year's leave was lost; else 0."""
        return max(-(self.left or 0), 0)

    @property
    def words(self) -> str:
        """Chinese: what is left, what is too much, or that nobody knows."""
        return "天数未知" if self.left is None else say_left(self.left)


def say_left(days: int) -> str:
    """还可申请9天; below zero: 已超出3天，不能再申请."""
    return f"还可申请{days}天" if days >= 0 else f"已超出{-days}天，不能再申请"


@dataclass(frozen=True)
class Terms:
    """The clauses in force for a year; None where none is."""

    entitlement: Entitlement | None
    loss: Loss | None = None


@dataclass(frozen=True)
class Service:
    """What is known of somebody.

    Attributes:
        began: first day of work; None when nobody has written it down.
        spells: approved leave of the year and the one before, of all kinds.
        waiting: requests of annual leave that nobody has decided.
    """

    began: dt.date | None
    spells: Sequence[Spell] = ()
    waiting: Sequence[Spell] = ()


def balance(who: Service, as_of: dt.date, terms: Terms, calendar: WorkingCalendar) -> Balance:
    """A year of annual leave as it stands on a day of it.

    Args:
        who: the person's days.
        as_of: the day of reckoning; its year is the year.
        terms: the clauses in force.
        calendar: working days.
    """
    number = as_of.year
    if terms.entitlement is None:
        return Balance(number, unknown="这一年没有施行年休假规定的条款，请在“制度”中补录。")
    if who.began is None:
        return Balance(number, unknown="没有登记参加工作日期，工作年限未知。请人事部门在人员页补登。")
    try:
        return _reckon(who, who.began, as_of, terms, calendar)
    except UnknownCalendarError as error:
        return Balance(number, unknown=error.message)


def _reckon(who: Service, began: dt.date, as_of: dt.date, terms: Terms, calendar: WorkingCalendar) -> Balance:
    days, entitlement, spells = year(as_of.year), terms.entitlement, who.spells
    assert entitlement is not None  # noqa: S101 - `balance` has looked
    past = working_days(_of(spells, Away.ANNUAL), Period(days.start, as_of), calendar)
    # Leave without an end goes on until the day of reckoning and is not counted beyond it.
    ended = [spell for spell in _of(spells, Away.ANNUAL) if spell.to_on]
    later = Period(as_of + ONE_DAY, days.end) if as_of < days.end else None
    ahead = working_days(ended, later, calendar) if later else []
    asked = [day for day in working_days(who.waiting, days, calendar) if day not in {*past, *ahead}]
    lost = _why_lost(began, as_of, spells, terms.loss, calendar)
    entitled = 0 if lost else entitled_on(began, as_of, entitlement)
    lines = [*_say_service(began, as_of, entitlement)]
    if lost:
        lines.append(f"{lost}，不享受{as_of.year}年的年休假（{terms.loss.source if terms.loss else ''}）。")
    lines.append(
        f"应休{entitled}天，已休{len(past)}天，已批准还没休{len(ahead)}天，待批{len(asked)}天，"
        f"{say_left(entitled - len(past) - len(ahead) - len(asked))}；周末和节假日不计。"
    )
    return Balance(as_of.year, entitled, len(past), len(ahead), len(asked), tuple(lines))


def _say_service(began: dt.date, as_of: dt.date, terms: Entitlement) -> list[str]:
    said = [
        f"{say_day(began)}参加工作（{terms.source}）。" if terms.source else f"{say_day(began)}参加工作。"
    ]
    found = steps(began, terms)
    held = [step for step in found if step.on <= as_of]
    if held:
        said.append(
            f"工作满{held[-1].years}年，自{say_day(held[-1].on)}起每年{held[-1].days}天。",
        )
    coming = next((step for step in found if step.on > as_of), None)
    if coming:
        said.append(f"满{coming.years}年后，自{say_day(coming.on)}起每年{coming.days}天。")
    return said


def _why_lost(
    began: dt.date, as_of: dt.date, spells: Sequence[Spell], terms: Loss | None, calendar: WorkingCalendar
) -> str:
    """Why the year of the day of reckoning is lost; empty when it is not.

    Whoever had taken annual leave before the leave became too much keeps that year and loses the next.
    """
    if terms is None:
        return ""
    before, now = year(as_of.year - 1), Period(year(as_of.year).start, as_of)
    own = [spell for spell in spells if spell.within(now)]
    lost = lost_in(began, now, own, terms, calendar)
    if lost and not _had_taken(spells, now, lost.on, calendar):
        return lost.reason
    earlier = [spell for spell in spells if spell.within(before)]
    if not _of(earlier, Away.ANNUAL) or not (_of(earlier, Away.SICK) + _of(earlier, Away.PERSONAL)):
        return ""  # nothing to carry over, and no need to know the calendar of that year
    lost = lost_in(began, before, earlier, terms, calendar)
    if lost and _had_taken(spells, before, lost.on, calendar):
        return f"{lost.reason}，而当年的年休假已经休过"
    return ""


def _had_taken(spells: Sequence[Spell], days: Period, until: dt.date, calendar: WorkingCalendar) -> bool:
    return any(day < until for day in working_days(_of(spells, Away.ANNUAL), days, calendar))


def needed(spell: Spell, calendar: WorkingCalendar) -> dict[int, int]:
    """Working days of a spell with an end, by the calendar year in which they lie."""
    found: dict[int, int] = {}
    if spell.to_on:
        for day in working_days([spell], Period(spell.from_on, spell.to_on), calendar):
            found[day.year] = found.get(day.year, 0) + 1
    return found


class Level(StrEnum):
    """Who says yes to a leave."""

    HEAD = "head"
    LEADER = "leader"
    PRINCIPAL = "principal"
    SUPERIOR = "superior"


LEVELS = {
    Level.HEAD: "处室负责人",
    Level.LEADER: "局领导",
    Level.PRINCIPAL: "主要负责人",
    Level.SUPERIOR: "上级机关",
}


def approval_level(
    *, is_principal: bool, is_leader: bool, is_head: bool, is_division: bool, has_head: bool
) -> Level:
    """By rank: staff ask the head of their department, heads and division ranks a leader.

    Leaders ask the one who leads them, who asks the superior body (it answers on paper).

    Args:
        is_principal: holds the first post of the bureau.
        is_leader: is one of its leaders.
        is_head: leads a department.
        is_division: has a division-level rank or a higher one.
        has_head: whether the own department has a head who is somebody else.
    """
    if is_principal:
        return Level.SUPERIOR
    if is_leader:
        return Level.PRINCIPAL
    return Level.LEADER if is_head or is_division or not has_head else Level.HEAD
