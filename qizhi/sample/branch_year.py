"""What the branches did: meetings, lessons, party days, month by month."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from qizhi.gatherings.enums import Capacity, Ledger, Threshold, VisitorRole
from qizhi.gatherings.models import Gathering
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, MemberStatus, Role
from qizhi.org.models import Membership, Person
from qizhi.sample.agenda import QUARTER_MONTHS, THEME_BRANCH, VISITED_ON, Agenda, quarter_of
from qizhi.sample.contacts import contact_on
from qizhi.sample.diary import Diary, Entry, Key
from qizhi.sample.organisation import FIRST_BRANCH, Branch
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import START

MONTHS = range(1, 13)
AUDIT_SHARE = 0.16
WITHOUT_SURPLUS = "z06"
"""The branch whose elections have as many candidates as seats."""
SERIES_MONTHS = {7: "discipline-month", 10: "pairing", 11: "gratitude-month"}


def topic_for(draw: random.Random, day: dt.date) -> tuple[str, bool]:
    """A topic of the time, and whether it belongs to a campaign."""
    said = words("topics")
    for campaign in said["campaigns"]:
        if campaign["from_on"] <= day <= campaign["to_on"] and draw.random() < 0.75:  # noqa: PLR2004
            return draw.choice(campaign["topics"]), True
    return draw.choice(said["general"]), False


@dataclass
class BranchYear:
    """Writes the gatherings of branches into the diary."""

    diary: Diary
    agenda: Agenda
    number: int
    changes: dict[tuple[str, dt.date], list[tuple[Person, MemberStatus]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        """Know who was admitted or confirmed at which congress."""
        self._said: dict[str, Any] = words("topics")
        self._titles: dict[str, str] = self._said["titles"]
        seen: dict[Any, MemberStatus] = {}
        for row in sorted(self.diary.rows.of(Membership), key=lambda row: (row.from_on, row.pk)):
            is_new = row.status == MemberStatus.PROBATIONARY and row.person_id not in seen
            is_confirmed = (
                row.status == MemberStatus.FULL and seen.get(row.person_id) == MemberStatus.PROBATIONARY
            )
            if (is_new or is_confirmed) and row.from_on > START:
                self.changes[row.unit.code, row.from_on].append((row.person, MemberStatus(row.status)))
            seen[row.person_id] = MemberStatus(row.status)

    def tell(self, branch: Branch, year: int) -> None:
        """A year of a branch."""
        for quarter in range(1, 5):
            self._congress(branch, year, quarter)
            self._separate_lesson(branch, year, quarter)
        for month in MONTHS:
            self._theme_day(branch, year, month)
            self._committee(branch, year, month)
            for group in branch.group_codes:
                self._group(branch, group, year, month)
        self._org_life(branch, year)
        for month, series in SERIES_MONTHS.items():
            self._edition(branch, year, month, series)

    def _draw(self, *key: object) -> random.Random:
        return chance(self.number, *key)

    def _place(self, draw: random.Random) -> str:
        place: str = draw.choice(self._said["places"])
        return place

    def _chair(self, branch: Branch, day: dt.date) -> Person | None:
        return self.diary.chair(branch.code, day, *BRANCH_COMMITTEE_ROLES)

    def _congress(self, branch: Branch, year: int, quarter: int) -> None:
        day = self.agenda.congress(branch, year, quarter)
        if day is None or day == self.agenda.theme_day(branch, year, day.month):
            return  # held together with the theme day, see there
        draw = self._draw("congress entry", branch.code, day)
        is_founding = day == branch.from_on
        title = self._titles["founding"] if is_founding else self._titles["congress"].format(quarter=quarter)
        topics = draw.sample(self._said["congress"], 2)
        entry = Entry(
            branch.code,
            title,
            day,
            [Key.CONGRESS],
            place=self._place(draw),
            topics=topics,
            minutes=draw.choice(self._said["minutes"]["congress"]),
            chair=self._chair(branch, day),
        )
        self._decide(branch, self.diary.hold(entry), draw)

    def _decide(self, branch: Branch, gathering: Gathering | None, draw: random.Random) -> None:
        """What a congress decides: members, elections, plans."""
        if gathering is None:
            return
        day = gathering.held_on
        for person, status in self.changes.get((branch.code, day), []):
            key = "confirm" if status == MemberStatus.FULL else "admit"
            title = self._titles[key].format(name=person.name)
            self.diary.resolve(gathering, [title], Threshold.ADMISSION, person)
        if self.diary.was_elected(branch.code, day):
            places = _places(branch, day)
            self.diary.resolve(gathering, [self._titles["election"]], Threshold.ELECTION, places=places)
        if draw.random() < 0.35:  # noqa: PLR2004
            self.diary.resolve(gathering, [draw.choice(self._said["resolutions"])], Threshold.ORDINARY)

    def _lesson_month(self, branch: Branch, year: int, quarter: int) -> int:
        """The month of the quarter's lesson; the first branch keeps the last month: something is due."""
        first = (quarter - 1) * QUARTER_MONTHS + 1
        if branch.code == FIRST_BRANCH:
            return first + QUARTER_MONTHS - 1
        return first + self._draw("lesson", branch.code, year, quarter).randrange(QUARTER_MONTHS)

    def _is_separate(self, branch: Branch, year: int, quarter: int) -> bool:
        return self._draw("separate lesson", branch.code, year, quarter).random() < 0.3  # noqa: PLR2004

    def _separate_lesson(self, branch: Branch, year: int, quarter: int) -> None:
        is_out = self.agenda.is_left_out(branch.code, Ledger.LESSON, year, quarter)
        if is_out or not self._is_separate(branch, year, quarter):
            return
        day = self.agenda.in_month(
            f"{branch.code} lesson", year, self._lesson_month(branch, year, quarter), 5, 24
        )
        if not branch.exists_on(day):
            return
        draw = self._draw("lesson entry", branch.code, day)
        title = self._titles["lesson"].format(topic=draw.choice(self._said["lessons"]))
        entry = Entry(
            branch.code,
            title,
            day,
            [Key.LESSON],
            hours="1.5",
            place=self._place(draw),
            chair=self._chair(branch, day),
        )
        self._give_lesson(entry, *self._lecturer(branch, day, quarter, draw))

    def _lecturer(
        self, branch: Branch, day: dt.date, quarter: int, draw: random.Random
    ) -> tuple[Person | str, Capacity]:
        """Who gives the quarter's lesson: the secretary, a member, a leader of this branch, a guest."""
        here = self.diary.here(branch.code, day)
        leading = {person.pk for person in self.diary.holders("pg", day, Role.PARTY_GROUP_MEMBER)}
        leaders = [person for person in here if person.pk in leading]
        secretary = self.diary.chair(branch.code, day, Role.SECRETARY)
        if quarter == 3 and leaders:  # noqa: PLR2004
            return leaders[0], Capacity.PARTY_GROUP_MEMBER
        if quarter == 4 and draw.random() < 0.25:  # noqa: PLR2004
            return str(draw.choice(self._said["experts"])), Capacity.EXPERT
        if secretary is not None and (quarter == 1 or draw.random() < 0.3):  # noqa: PLR2004
            return secretary, Capacity.SECRETARY
        principal = self.diary.holder("pg", Role.PARTY_GROUP_SECRETARY, day)
        ordinary = [p for p in here if p not in (secretary, principal) and p.pk not in leading]
        return draw.choice(ordinary), Capacity.MEMBER

    def _give_lesson(self, entry: Entry, who: Person | str, capacity: Capacity) -> Gathering | None:
        entry.lecturer = None if isinstance(who, str) else who
        gathering = self.diary.hold(entry)
        self.diary.lecture(gathering, who, capacity)
        return gathering

    def _theme_day(self, branch: Branch, year: int, month: int) -> None:
        day = self.agenda.theme_day(branch, year, month)
        if day is None:
            return
        draw = self._draw("theme day", branch.code, day)
        quarter = quarter_of(day)
        is_congress = self.agenda.congress(branch, year, quarter) == day
        is_lesson = self._has_lesson(branch, year, month)
        entry = self._theme_day_entry(branch, day, draw)
        entry.kinds = [
            *entry.kinds,
            *[Key.CONGRESS] * is_congress,
            *[Key.LESSON] * is_lesson,
        ]
        if is_congress:
            entry.topics = [*entry.topics, draw.choice(self._said["congress"])]
        if is_lesson:
            gathering = self._give_lesson(entry, *self._lecturer(branch, day, quarter, draw))
        else:
            gathering = self.diary.hold(entry)
        if is_congress:
            self._decide(branch, gathering, draw)
        self._visitors(branch, gathering, draw)

    def _has_lesson(self, branch: Branch, year: int, month: int) -> bool:
        """Whether the quarter's lesson is part of this month's theme day."""
        quarter = (month + 2) // QUARTER_MONTHS
        return (
            self._lesson_month(branch, year, quarter) == month
            and not self._is_separate(branch, year, quarter)
            and not self.agenda.is_left_out(branch.code, Ledger.LESSON, year, quarter)
        )

    def _theme_day_entry(self, branch: Branch, day: dt.date, draw: random.Random) -> Entry:
        kinds = [Key.THEME_DAY]
        topic, is_campaign = topic_for(draw, day)
        if is_campaign:
            kinds.append(Key.CAMPAIGN)
        topic = self._add_something(kinds, branch, day.month, draw, topic)
        is_visited = branch.code == THEME_BRANCH and day == VISITED_ON
        title = self._titles["theme_day"].format(month=day.month, topic=topic)
        return Entry(
            branch.code,
            self._said["visit_title"] if is_visited else title,
            day,
            kinds,
            starts_at=dt.time(10, 30) if is_visited else dt.time(14, 0),
            place=self._place(draw),
            topics=[topic],
            chair=self._chair(branch, day),
        )

    def _add_something(
        self, kinds: list[Key], branch: Branch, month: int, draw: random.Random, topic: str
    ) -> str:
        """Integrity once a quarter, a place to see or something to do now and then; returns the topic."""
        integrity_month = (int(branch.code[1:]) + month) % QUARTER_MONTHS == 0
        if integrity_month and draw.random() < 0.93:  # noqa: PLR2004
            kinds.append(Key.INTEGRITY)
            return str(draw.choice(self._said["integrity"]))
        if month in {4, 6, 9} and draw.random() < 0.3:  # noqa: PLR2004
            kinds.append(Key.ONSITE)
            return self._titles["onsite"].format(place=draw.choice(self._said["onsite_places"]))
        if month in {3, 8, 12} and draw.random() < 0.35:  # noqa: PLR2004
            kinds.append(Key.VOLUNTEER)
            return str(draw.choice(self._said["volunteer"]))
        return topic

    def _visitors(self, branch: Branch, gathering: Gathering | None, draw: random.Random) -> None:
        """A member of the organ committee comes to the branches they keep contact with."""
        if gathering is None:
            return
        day = gathering.held_on
        if branch.code == THEME_BRANCH and day == VISITED_ON:
            secretary = self.diary.holder("oc", Role.COMMITTEE_SECRETARY, day)
            if secretary is not None:
                self.diary.visit(gathering, secretary, VisitorRole.AUDITOR, self._said["visit_comment"])
            return
        contact = contact_on(self.diary, branch.code, day)
        if draw.random() < AUDIT_SHARE and self.diary.leave(contact, day) is None:
            comment = draw.choice(self._said["comments"]) if draw.random() < 0.8 else ""  # noqa: PLR2004
            self.diary.visit(gathering, contact, VisitorRole.AUDITOR, comment)
        elif draw.random() < 0.03:  # noqa: PLR2004
            self.diary.visit(gathering, draw.choice(self._said["guests"]), VisitorRole.GUEST)

    def _committee(self, branch: Branch, year: int, month: int) -> None:
        day = self.agenda.in_month(f"{branch.code} committee", year, month, 3, 15)
        is_out = self.agenda.is_left_out(branch.code, Ledger.COMMITTEE, year, month)
        if is_out or not branch.has_committee_on(day):
            return
        draw = self._draw("committee", branch.code, day)
        title = self._titles["committee"].format(month=month)
        topics = draw.sample(self._said["committee"], draw.choice([1, 2, 2, 3]))
        self.diary.hold(
            Entry(
                branch.code,
                title,
                day,
                [Key.COMMITTEE],
                starts_at=dt.time(9, 0),
                hours="1",
                place=self._place(draw),
                topics=topics,
                minutes=draw.choice(self._said["minutes"]["committee"]),
                chair=self._chair(branch, day),
            )
        )

    def _group(self, branch: Branch, code: str, year: int, month: int) -> None:
        day = self.agenda.in_month(f"{code} group", year, month, 9, 21)
        if self.agenda.is_left_out(code, Ledger.GROUP, year, month) or not branch.exists_on(day):
            return
        draw = self._draw("group", code, day)
        title = self._titles["group"].format(month=month, group=self.diary.units[code].name)
        topics = draw.sample(self._said["group"], draw.choice([1, 2]))
        self.diary.hold(
            Entry(
                code,
                title,
                day,
                [Key.GROUP],
                starts_at=dt.time(16, 0),
                hours="1",
                topics=topics,
                chair=self.diary.chair(code, day, Role.GROUP_LEADER),
            )
        )

    def _org_life(self, branch: Branch, year: int) -> None:
        draw = self._draw("org life", branch.code, year)
        is_together = draw.random() < 0.85  # noqa: PLR2004
        if draw.random() < 0.03:  # noqa: PLR2004
            return
        day = self.agenda.in_month(f"{branch.code} org life", year, draw.choice([11, 12, 12]), 4, 26)
        kinds = [Key.ORG_LIFE, Key.APPRAISAL] if is_together else [Key.ORG_LIFE]
        title = self._titles["org_life_appraisal" if is_together else "org_life"].format(year=year)
        if branch.exists_on(day):
            entry = Entry(
                branch.code,
                title,
                day,
                kinds,
                hours="3",
                place=self._place(draw),
                chair=self._chair(branch, day),
            )
            gathering = self.diary.hold(entry)
            if draw.random() < 0.5:  # noqa: PLR2004
                leader = draw.choice(self.diary.holders("pg", day, Role.PARTY_GROUP_MEMBER))
                self.diary.visit(gathering, leader, VisitorRole.GUEST)

    def _edition(self, branch: Branch, year: int, month: int, key: str) -> None:
        """The branch's part in what the bureau does every year."""
        said = next(one for one in self._said["series"] if one["key"] == key)
        if year in said.get("missing", []):
            return
        draw = self._draw("edition", key, branch.code, year)
        day = self.agenda.in_month(f"{branch.code} {key}", year, month, 4, 20)
        kinds, title = {
            "discipline-month": (
                [Key.INTEGRITY, Key.CAMPAIGN],
                self._titles["discipline_month"].format(topic=draw.choice(self._said["integrity"])),
            ),
            "pairing": ([Key.PAIRING], self._titles["pairing"]),
            "gratitude-month": (
                [Key.CAMPAIGN],
                self._titles["gratitude"].format(topic=draw.choice(self._said["gratitude"])),
            ),
        }[key]
        if branch.exists_on(day):
            self.diary.hold(
                Entry(branch.code, title, day, kinds, hours="1.5", series=key, chair=self._chair(branch, day))
            )


def _places(branch: Branch, day: dt.date) -> tuple[int, int] | None:
    """Candidates and seats of an election, one more but in one branch; None without a committee."""
    if not branch.has_committee_on(day):
        return None
    return branch.committee + int(branch.code != WITHOUT_SURPLUS), branch.committee
