"""Who worked where from when to when, told year by year."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import field
from typing import Any

from qizhi.core import periods
from qizhi.core.values import dataclass
from qizhi.org.enums import Gender, MemberStatus, Rank
from qizhi.sample.names import Namer
from qizhi.sample.rows import chance, words

START = dt.date(2015, 1, 1)
FOUNDED = dt.date(2000, 1, 1)
"""The bureau is older than the records of its people, so that old editions of series fit in."""
ONE_DAY = dt.timedelta(days=1)
RETIREMENT_AGE = {Gender.MALE: 60, Gender.FEMALE: 55}
LEADERS = "b"
"""Where leaders are placed: the bureau itself, not a department."""
MEMBER_SHARE, SECTION_SHARE = 0.57, 0.35
YEARLY_EXIT = 0.012
MEMBER_FOLLOWS_MEMBER = 0.6
ADMISSIONS_A_YEAR = 5
SWAP_DAYS = ((4, 16), (9, 16))
SWAPS = 3
YOUNG = 1980


@dataclass
class Stay:
    """Work in a department (or with the leaders) from one day to another."""

    place: str
    from_on: dt.date
    to_on: dt.date | None = None


@dataclass
class Staff:
    """A person of the invented bureau, before rows are made of them."""

    number: int
    name: str
    gender: Gender
    born: int
    entered_on: dt.date
    stays: list[Stay]
    ranks: list[tuple[dt.date, Rank]]
    standing: list[tuple[dt.date, MemberStatus]] = field(default_factory=list)
    left_on: dt.date | None = None
    began_on: dt.date | None = None
    home: str = ""
    office: str = ""
    is_namesake: bool = False

    @property
    def place(self) -> str:
        """The latest department."""
        return self.stays[-1].place

    @property
    def is_member(self) -> bool:
        """Whether they are or will be a Party member."""
        return bool(self.standing)

    @property
    def retires_on(self) -> dt.date:
        """The end of the month in which the retirement age is reached."""
        month = self.number % 12 + 1
        return periods.month_of(dt.date(self.born + RETIREMENT_AGE[self.gender], month, 1)).end

    def move(self, place: str, on: dt.date) -> None:
        """Change the department on a day."""
        self.stays[-1].to_on = on - ONE_DAY
        self.stays.append(Stay(place, on))

    def leave(self, on: dt.date) -> None:
        """The last day at the bureau."""
        self.left_on = on
        self.stays[-1].to_on = on


@dataclass(frozen=True)
class Seat:
    """An office with a rank of its own: leaders, heads and deputies of departments."""

    code: str
    place: str
    title: str
    rank: Rank
    opens_on: dt.date
    home: str = ""


@dataclass
class Tenure:
    """Who held a seat from when to when."""

    seat: Seat
    staff: Staff
    from_on: dt.date
    to_on: dt.date | None = None


def seats() -> list[Seat]:
    """All seats of the organisation file."""
    said = words("organisation")
    found = [
        Seat(leader["code"], LEADERS, leader["title"], Rank(leader["rank"]), START, leader["branch"])
        for leader in said["leaders"]
    ]
    for place in said["departments"]:
        name = place.get("short", place["name"])
        head = f"{name}{said['titles']['head']}"
        opens_on = place.get("from_on", START)
        # Departments of many people are led one rank higher; the rank follows the seat.
        rank = Rank.DIVISION if place["staff"] >= 12 else Rank.DEPUTY_DIVISION  # noqa: PLR2004
        found.append(Seat(f"{place['code']}-head", place["code"], head, rank, opens_on))
        found += [
            Seat(
                f"{place['code']}-deputy-{number}",
                place["code"],
                f"{name}{said['titles']['deputy']}",
                Rank.DEPUTY_DIVISION,
                opened_on,
            )
            for number, opened_on in enumerate(place["deputies"], 1)
        ]
    return found


class Workforce:
    """The people, moved forward a year at a time."""

    def __init__(self, number: int, last_year: int) -> None:
        """Tell the story of bureau `number` to the end of `last_year`."""
        self._number = number
        self._namer = Namer(chance(number, "names"))
        self._seats = seats()
        self._fixed_members: dict[str, int] = words("organisation")["members"]
        self.people: list[Staff] = []
        self.tenures: list[Tenure] = []
        self._begin()
        self._two_of_one_name()
        for year in range(START.year, last_year + 1):
            self._tell(year)

    def at_work(self, place: str | None = None) -> list[Staff]:
        """Those who have not left yet, in the order they came."""
        return [s for s in self.people if s.left_on is None and (place is None or s.place == place)]

    def _begin(self) -> None:
        for place in words("organisation")["departments"]:
            if place.get("from_on", START) == START:
                self._fill_department(place)
        for seat in self._seats:
            if seat.place == LEADERS:
                self._take_from_outside(seat, START)

    def _fill_department(self, place: dict[str, Any]) -> None:
        draw = chance(self._number, "department", place["code"])
        wanted = self._fixed_members.get(place["code"], round(place["staff"] * MEMBER_SHARE))
        seats_here = [s for s in self._seats if s.place == place["code"] and s.opens_on == START]
        for index in range(place["staff"]):
            seat = seats_here[index] if index < len(seats_here) else None
            staff = self._person(draw, START, place["code"], is_senior=seat is not None)
            if seat is not None:
                self._appoint(seat, staff, START)
            if index < wanted:
                staff.standing.append((START, MemberStatus.FULL))

    def _person(
        self, draw: random.Random, on: dt.date, place: str, *, is_senior: bool = False, is_new: bool = False
    ) -> Staff:
        gender = draw.choice(
            [Gender.MALE, Gender.FEMALE] if not is_senior else [*[Gender.MALE] * 3, Gender.FEMALE]
        )
        oldest = RETIREMENT_AGE[gender] - 3
        age = draw.randint(42, oldest - 4) if is_senior else draw.randint(24, oldest)
        age = draw.randint(22, 28) if is_new else age
        entered = on if is_new else dt.date(min(on.year - 1, on.year - age + 23), draw.randint(3, 11), 1)
        rank = Rank.CLERK if age < 31 else draw.choice([Rank.CLERK, Rank.DEPUTY_SECTION])  # noqa: PLR2004
        if age >= 36 and draw.random() < SECTION_SHARE:  # noqa: PLR2004
            rank = Rank.SECTION
        staff = Staff(
            number=len(self.people) + 1,
            name=self._namer.name(gender),
            gender=gender,
            born=on.year - age,
            entered_on=entered,
            stays=[Stay(place, on)],
            ranks=[(on, rank)],
        )
        self.people.append(staff)
        return staff

    def _tell(self, year: int) -> None:
        draw = chance(self._number, "year", year)
        leaving = dict(self._exits(draw, year))
        happenings: list[tuple[dt.date, int, str, Any]] = [
            (day, number, "exit", staff) for number, (staff, day) in leaving.items()
        ]
        happenings += [
            (seat.opens_on, 0, "open", seat)
            for seat in self._seats
            if seat.opens_on.year == year and seat.opens_on > START
        ]
        happenings += [
            (place["from_on"], -1, "found", place)
            for place in words("organisation")["departments"]
            if place.get("from_on", START).year == year and place.get("from_on", START) > START
        ]
        happenings += [(dt.date(year, month, day), 0, "swap", None) for month, day in SWAP_DAYS]
        going = set(leaving)
        for day, _, what, about in sorted(happenings, key=lambda each: each[:3]):
            if what == "exit":
                self._replace(draw, about, day, going)
            elif what == "open":
                self._promote(draw, about, day, going)
            elif what == "found":
                self._found(draw, about, day, going)
            else:
                self._swap(draw, day, going)
        self._raise_ranks(draw, year, going)

    def _exits(self, draw: random.Random, year: int) -> Iterator[tuple[int, tuple[Staff, dt.date]]]:
        for staff in self.at_work():
            month_end = periods.month_of(dt.date(year, draw.randint(1, 12), 1)).end
            moves_away = draw.random() < YEARLY_EXIT and staff.entered_on.year < year
            if staff.is_namesake:  # both are there for good, so that lists always have to tell them apart
                continue
            if staff.retires_on.year <= year:
                yield staff.number, (staff, staff.retires_on)
            elif moves_away and not staff.office:
                yield staff.number, (staff, month_end)

    def _replace(self, draw: random.Random, staff: Staff, day: dt.date, leaving: set[int]) -> None:
        place, seat_code = staff.place, staff.office
        staff.leave(day)
        if seat_code:
            held = next(t for t in reversed(self.tenures) if t.staff is staff and t.to_on is None)
            held.to_on = day
            if held.seat.place == LEADERS:
                self._take_from_outside(held.seat, day + ONE_DAY)
                return
            self._promote(draw, held.seat, day + ONE_DAY, leaving)
        entered = periods.month_of(day).end + dt.timedelta(days=draw.randint(5, 80))
        new = self._person(draw, entered, place, is_new=True)
        is_small = place in self._fixed_members
        if staff.is_member and (is_small or draw.random() < MEMBER_FOLLOWS_MEMBER):
            new.standing.append((entered, MemberStatus.FULL))

    def _promote(self, draw: random.Random, seat: Seat, day: dt.date, leaving: set[int]) -> None:
        here = [
            s
            for s in self.at_work(seat.place)
            if not s.office and s.number not in leaving and s.stays[-1].from_on <= day
        ]
        able = [s for s in here if s.is_member and 33 <= day.year - s.born <= RETIREMENT_AGE[s.gender] - 5]  # noqa: PLR2004
        older = sorted(able or here, key=lambda s: (s.born, s.number))
        self._appoint(seat, draw.choice(older[: max(3, len(older) // 3)]), day)

    def _appoint(self, seat: Seat, staff: Staff, on: dt.date) -> None:
        staff.office = seat.code
        staff.home = seat.home
        # A rank promised for a later day (see `_raise_ranks`) is overtaken by the office.
        staff.ranks = [held for held in staff.ranks if held[0] < on]
        staff.ranks.append((on, seat.rank))
        self.tenures.append(Tenure(seat, staff, on))

    def _take_from_outside(self, seat: Seat, on: dt.date) -> None:
        draw = chance(self._number, "leader", seat.code, on)
        staff = self._person(draw, on, LEADERS, is_senior=True)
        staff.began_on = staff.entered_on
        staff.entered_on = on if on > START else staff.entered_on
        staff.standing.append((on, MemberStatus.FULL))
        self._appoint(seat, staff, on)

    def _found(self, draw: random.Random, place: dict[str, Any], day: dt.date, leaving: set[int]) -> None:
        for source, number in place["moves"].items():
            free = [s for s in self.at_work(source) if self._may_move(s, day, leaving) and s.is_member]
            for staff in draw.sample(free, number):
                staff.move(place["code"], day)
        for index in range(place["staff"]):
            new = self._person(draw, day, place["code"], is_new=True)
            if index < self._fixed_members.get(place["code"], 0):
                new.standing.append((day, MemberStatus.FULL))

    def _may_move(self, staff: Staff, day: dt.date, leaving: set[int]) -> bool:
        settled = staff.stays[-1].from_on < day - dt.timedelta(days=400)
        return settled and not staff.office and staff.number not in leaving

    def _swap(self, draw: random.Random, day: dt.date, leaving: set[int]) -> None:
        for is_member in [True] * (SWAPS - 1) + [False]:
            free = [
                s
                for s in self.at_work()
                if self._may_move(s, day, leaving)
                and s.is_member is is_member
                and s.stays[-1].from_on < day
                and (not s.standing or s.standing[-1][1] == MemberStatus.FULL)
            ]
            if not free:  # in the first year nobody has been long enough in one place
                continue
            one = draw.choice(free)
            others = [s for s in free if s.place != one.place]
            if others:
                other = draw.choice(others)
                here, there = one.place, other.place
                one.move(there, day)
                other.move(here, day)

    def _raise_ranks(self, draw: random.Random, year: int, leaving: set[int]) -> None:
        next_rank = {Rank.CLERK: (Rank.DEPUTY_SECTION, 5), Rank.DEPUTY_SECTION: (Rank.SECTION, 6)}
        for staff in self.at_work():
            since, rank = staff.ranks[-1]
            if staff.office or staff.number in leaving or rank not in next_rank:
                continue
            better, years = next_rank[rank]
            if year - since.year >= years and draw.random() < 0.3:  # noqa: PLR2004
                staff.ranks.append((dt.date(year, 12, draw.randint(1, 20)), better))

    def _two_of_one_name(self) -> None:
        young = [s for s in self.people if s.is_member and not s.office and s.born >= YOUNG]
        one = next(s for s in young if s.gender is Gender.FEMALE)
        other = next(s for s in young if s.gender is one.gender and s.place != one.place)
        other.name = one.name
        one.is_namesake = other.is_namesake = True
