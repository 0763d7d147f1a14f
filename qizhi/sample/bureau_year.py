"""What the bureau did as a whole: centre group, ceremonies, lessons by leaders, visits, old editions."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from qizhi.gatherings.enums import Capacity, VisitorRole
from qizhi.gatherings.models import Series
from qizhi.org.enums import RANK_ORDER, Rank, Role
from qizhi.org.models import Person, RankTenure
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary, Entry, Key
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import LEADERS, START

SESSIONS = {2015: (14, 5), 2016: (15, 6), 2017: (16, 7)}
"""Sessions and discussions of the centre group, so that the three years average 15 and 6 (F02, F03)."""
DISCUSSION_ONLY = 2
"""Discussions of a year that are no session; the others are both at once and count once in each."""
VISIT_MONTHS = (3, 9, 11)
FIELD_VISIT = dt.date(2017, 5, 1)
"""Known to the month only (F19)."""
ARCHIVED_ON = dt.date(2015, 3, 18)
LEADING = (Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER)
MORNING = dt.time(8, 30)


@dataclass
class Session:
    """A day of the centre group."""

    on: dt.date
    is_study: bool
    is_discussion: bool


def sessions(number: int, agenda: Agenda, year: int) -> list[Session]:
    """The centre group's days of a year: at least one a month, a discussion at least every quarter."""
    draw = chance(number, "centre group", year)
    study, discussions = SESSIONS.get(year, (draw.choice([14, 15, 16]), draw.choice([5, 6, 7])))
    extra = sorted(draw.sample(range(1, 13), study - 12))
    days = [agenda.in_month("centre", year, month, 4, 14) for month in range(1, 13)]
    days += [agenda.in_month("centre again", year, month, 18, 25) for month in extra]
    found = [Session(day, is_study=True, is_discussion=False) for day in sorted(days)]
    both = discussions - DISCUSSION_ONLY
    quarters = [1, 2, 3, 4, *draw.sample([1, 2, 3, 4], max(both - 4, 0))][:both]
    for quarter in quarters:
        free = [s for s in found if (s.on.month + 2) // 3 == quarter and not s.is_discussion]
        draw.choice(free).is_discussion = True
    taken = {s.on for s in found}
    covered = {(s.on.month + 2) // 3 for s in found if s.is_discussion}
    rest = [quarter for quarter in (4, 2, 3, 1) if quarter not in covered] or [2, 4]
    for index in range(DISCUSSION_ONLY):
        month = rest[index % len(rest)] * 3 - index % 3
        day = agenda.in_month("centre discussion", year, month, 26, 28)
        if day in taken:
            day = agenda.before(day - dt.timedelta(days=1))
        found.append(Session(day, is_study=False, is_discussion=True))
    return sorted(found, key=lambda session: session.on)


@dataclass
class BureauYear:
    """Writes what the bureau did into the diary."""

    diary: Diary
    agenda: Agenda
    number: int

    def __post_init__(self) -> None:
        """Make the series."""
        self._said: dict[str, Any] = words("topics")
        self._titles: dict[str, str] = self._said["titles"]
        for said in self._said["series"]:
            row = self.diary.rows.add(
                Series, START, **{name: said.get(name) for name in ("key", "name", "note", "month")}
            )
            self.diary.series[said["key"]] = row

    def archive(self) -> None:
        """Editions of before the system, known to the month only and entered later by the office."""
        months = {"gratitude-month": 11, "pairing": 10, "boai": 5, "discipline-month": 7}
        ledgers = {"pairing": Key.PAIRING, "boai": Key.VOLUNTEER}
        for said in self._said["series"]:
            key = said["key"]
            for year in range(said["first"], START.year):
                self.diary.hold(
                    Entry(
                        "oc",
                        self._titles["archived"].format(year=year, name=said["name"]),
                        dt.date(year, months[key], 1),
                        [ledgers.get(key, Key.CAMPAIGN)],
                        hours="0",
                        series=key,
                        is_month_only=True,
                        recorded_on=ARCHIVED_ON,
                    )
                )

    def tell(self, year: int) -> None:
        """A year of the bureau."""
        self._centre(year)
        self._new_year(year)
        self._july(year)
        self._boai(year)
        self._martyrs(year)
        self._warning(year)
        self._field_visits(year)

    def _draw(self, *key: object) -> random.Random:
        return chance(self.number, *key)

    def _centre(self, year: int) -> None:
        number = 0
        for session in sessions(self.number, self.agenda, year):
            draw = self._draw("centre session", session.on)
            number += session.is_study
            topic = draw.choice(self._said["discussion" if session.is_discussion else "centre"])
            key = "centre" if session.is_study else "centre_discussion"
            key = "centre_both" if session.is_study and session.is_discussion else key
            kinds = [Key.CENTRE_STUDY] * session.is_study + [Key.CENTRE_DISCUSSION] * session.is_discussion
            gathering = self.diary.hold(
                Entry(
                    "cg",
                    self._titles[key].format(number=number, topic=topic),
                    session.on,
                    kinds,
                    hours="3",
                    place=self._said["places"][3],
                    topics=[topic],
                    chair=self.diary.chair("pg", session.on, *LEADING),
                    recorded_by=self._study_secretary(session.on),
                )
            )
            if session.is_study and draw.random() < 0.12:  # noqa: PLR2004
                self.diary.lecture(gathering, draw.choice(self._said["experts"]), Capacity.EXPERT)
            if draw.random() < 0.2:  # noqa: PLR2004
                heads = self.diary.holders("oc", session.on, Role.COMMITTEE_MEMBER)
                inside = self.diary.holders("cg", session.on, Role.CENTRE_GROUP_MEMBER)
                others = [person for person in heads if person not in inside]
                if others:
                    self.diary.visit(gathering, draw.choice(others), VisitorRole.AUDITOR)

    def _study_secretary(self, day: dt.date) -> str:
        secretary = self.diary.holder("cg", Role.STUDY_SECRETARY, day)
        return secretary.name if secretary else ""

    def _new_year(self, year: int) -> None:
        day = self.agenda.first_of_year(year)
        flag = Entry(
            LEADERS,
            self._titles["flag"].format(year=year),
            day,
            [Key.FLAG],
            starts_at=MORNING,
            hours="0.5",
            place=self._said["square"],
            series="new-year-flag",
        )
        self.diary.hold(flag)
        self._leaders_lesson(self._titles["new_year_lesson"].format(year=year), day, dt.time(9, 15))

    def _july(self, year: int) -> None:
        day = self.agenda.near(dt.date(year, 7, 1))
        self._leaders_lesson(self._titles["july_lesson"], day, dt.time(14, 30))

    def _leaders_lesson(self, title: str, day: dt.date, starts_at: dt.time) -> None:
        director = self.diary.chair("pg", day, *LEADING)
        gathering = self.diary.hold(
            Entry(
                "oc",
                title,
                day,
                [Key.LESSON],
                starts_at=starts_at,
                hours="1.5",
                place=self._said["places"][3],
                chair=self.diary.chair("oc", day, Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER),
                lecturer=director,
            )
        )
        if director is not None:
            self.diary.lecture(gathering, director, Capacity.PRINCIPAL)

    def _boai(self, year: int) -> None:
        day = self.agenda.in_month("boai", year, 5, 15, 28)
        self.diary.hold(
            Entry("oc", self._titles["boai"], day, [Key.VOLUNTEER], place=self._said["school"], series="boai")
        )

    def _martyrs(self, year: int) -> None:
        day = dt.date(year, 9, 30)
        self.diary.hold(
            Entry(
                LEADERS,
                self._titles["martyrs"],
                day,
                [Key.MEMORIAL],
                starts_at=dt.time(9, 0),
                hours="1",
                place=self._said["onsite_places"][4],
            )
        )

    def _warning(self, year: int) -> None:
        day = self.agenda.in_month("warning", year, 12, 5, 15)
        self.diary.hold(
            Entry(
                LEADERS,
                self._titles["warning"],
                day,
                [Key.WARNING],
                place=self._said["places"][3],
                chair=self.diary.chair("pg", day, *LEADING),
                invited=self._cadres(day),
            )
        )

    def _cadres(self, day: dt.date) -> list[Person]:
        """Those of deputy division rank and above on the day."""
        least = RANK_ORDER[Rank.DEPUTY_DIVISION]
        return [
            held.person
            for held in self.diary.rows.of(RankTenure)
            if RANK_ORDER[held.rank] >= least and held.holds(day)
        ]

    def _field_visits(self, year: int) -> None:
        for month in VISIT_MONTHS:
            day = self.agenda.in_month("field visit", year, month, 6, 24)
            self.diary.hold(
                Entry(
                    LEADERS,
                    self._titles["field_visit"],
                    day,
                    [Key.FIELD_VISIT],
                    starts_at=None,
                    chair=self.diary.chair("pg", day, *LEADING),
                )
            )
        if year == FIELD_VISIT.year:
            self.diary.hold(
                Entry(
                    LEADERS,
                    self._titles["field_visit"],
                    FIELD_VISIT,
                    [Key.FIELD_VISIT],
                    is_month_only=True,
                    recorded_on=dt.date(2017, 6, 2),
                )
            )
