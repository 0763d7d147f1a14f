"""Complaints and suggestions with their answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qizhi.core import clock
from qizhi.org.enums import Role
from qizhi.org.models import Membership, Person, Post
from qizhi.publishing.enums import ComplaintState, ReplyKind
from qizhi.publishing.models import Complaint, Reply
from qizhi.publishing.rules import CODE_LENGTH, CODE_SIGNS, DEFAULT_WORKING_DAYS, code_digest
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import ONE_DAY


@dataclass
class Complaints:
    """Writes what was said, and what was answered so many working days later."""

    diary: Diary
    agenda: Agenda
    number: int

    def tell(self) -> None:
        """Everything up to the last day, in the order of the file."""
        for place, said in enumerate(words("complaints")["said"]):
            if said["sent_on"] <= self.diary.until:
                self._one(said, place)

    def _one(self, said: dict[str, Any], place: int) -> None:
        rows, draw = self.diary.rows, chance(self.number, "complaint", place)
        is_unsigned = said.get("is_unsigned", False)
        code = "".join(draw.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
        complaint = rows.add(
            Complaint,
            said["sent_on"],
            kind=said["kind"],
            text=said["text"],
            page=said["page"],
            sent_by=None if is_unsigned else self._member(said["sent_on"], place),
            code_digest=code_digest(code) if is_unsigned else "",
            sent_at=_at(said["sent_on"], 9),
            waits_since=said["sent_on"],
            working_days=DEFAULT_WORKING_DAYS,
            state=ComplaintState.WAITING,
        )
        day = self._reply(complaint, said, "answer", "after", said["sent_on"])
        day = self._reply(complaint, said, "again", "again_after", day)
        self._reply(complaint, said, "final", "final_after", day)

    def _reply(
        self, complaint: Complaint, said: dict[str, Any], key: str, after: str, since: dt.date | None
    ) -> dt.date | None:
        """The next thing that was said; None when nothing more was, or not yet."""
        if since is None or key not in said:
            return None
        day = self._later(since, said[after])
        if day > self.diary.until:
            return None
        is_answer = key != "again"
        self.diary.rows.add(
            Reply,
            day,
            complaint=complaint,
            kind=ReplyKind.ANSWER if is_answer else ReplyKind.REOPENING,
            text=said[key],
            said_by=self._officer(day) if is_answer else complaint.sent_by,
            said_at=_at(day, 15),
        )
        complaint.state = ComplaintState.ANSWERED if is_answer else ComplaintState.WAITING
        complaint.waits_since = complaint.waits_since if is_answer else day
        return day

    def _later(self, day: dt.date, working_days: int) -> dt.date:
        for _ in range(working_days):
            day = self.agenda.after(day + ONE_DAY)
        return day

    def _member(self, day: dt.date, place: int) -> Person:
        """Somebody who is a member on the day: a different one for each place in the file."""
        there = [one.person for one in self.diary.rows.of(Membership) if one.holds(day)]
        return there[place * 29 % len(there)]

    def _officer(self, day: dt.date) -> Person | None:
        held = [
            post.person
            for post in self.diary.rows.of(Post)
            if post.role == Role.AFFAIRS_OFFICER and post.holds(day)
        ]
        return held[0] if held else None


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), clock.ZONE)
