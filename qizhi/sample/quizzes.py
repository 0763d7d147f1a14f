"""The question bank of the invented bureau, and the contest that it held once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qizhi.core.clock import ZONE
from qizhi.sample.rows import DATA, Rows, chance, words
from qizhi.study.gateways.gift import read_gift
from qizhi.study.models import (
    Bank,
    BankQuestion,
    Contest,
    ContestQuestion,
    ContestRound,
    ContestTeam,
    TeamAnswer,
)
from qizhi.study.rules.contests import Pace
from qizhi.study.services.contests import copied

BANK_ON, CONTEST_ON = dt.date(2017, 9, 4), dt.date(2017, 10, 20)
FIRST_AT = dt.datetime.combine(CONTEST_ON, dt.time(9), ZONE)
ROUND_MINUTES, QUESTIONS_A_ROUND, SECONDS = 30, 8, 60
RIGHT_SHARE, SECOND_THOUGHT_SHARE = 0.7, 0.1
"""Answers that are right; answers that a team changes before the time is up."""


@dataclass
class Quizzes:
    """Writes the bank and the contest."""

    rows: Rows
    number: int
    until: dt.date

    def __post_init__(self) -> None:
        """Read the words."""
        self._said = words("quizzes")

    def tell(self) -> None:
        """The bank, once its day has come, and then the contest."""
        if self.until >= BANK_ON:
            questions = self._bank()
            if self.until >= CONTEST_ON:
                self._contest(questions)

    def _bank(self) -> list[BankQuestion]:
        said = self._said["bank"]
        bank = self.rows.add(Bank, BANK_ON, name=said["name"], note=said["note"], is_open=True)
        text = (DATA / "questions" / "rules.gift.txt").read_text(encoding="utf-8")
        made = []
        for position, found in enumerate(read_gift(text).found, start=1):
            row = self.rows.add(BankQuestion, BANK_ON, bank=bank, position=position)
            row.value = found.question
            made.append(row)
        return made

    def _contest(self, questions: list[BankQuestion]) -> None:
        said = self._said["contest"]
        contest = self.rows.add(Contest, CONTEST_ON, name=said["name"], held_on=CONTEST_ON, note=said["note"])
        teams = [
            self.rows.add(
                ContestTeam,
                CONTEST_ON,
                contest=contest,
                position=place,
                name=name,
                key=f"sample-{self.number:03}-{place}",
            )
            for place, name in enumerate(said["teams"], start=1)
        ]
        drawn = chance(self.number, "contest").sample(questions, QUESTIONS_A_ROUND * len(said["rounds"]))
        for place, name in enumerate(said["rounds"]):
            opens_at = FIRST_AT + dt.timedelta(minutes=ROUND_MINUTES * place)
            closes_at = opens_at + dt.timedelta(seconds=SECONDS * QUESTIONS_A_ROUND)
            round_ = self.rows.add(
                ContestRound,
                CONTEST_ON,
                contest=contest,
                position=place + 1,
                name=name,
                pace=Pace.CLOCK.value,
                opens_at=opens_at,
                closes_at=closes_at,
                seconds=SECONDS,
                revealed_at=closes_at + dt.timedelta(minutes=1),
            )
            own = drawn[QUESTIONS_A_ROUND * place :][:QUESTIONS_A_ROUND]
            for position, question in enumerate(own, start=1):
                asked = self.rows.adopt(copied(round_, question, position), CONTEST_ON)
                self._answers(asked, teams)

    def _answers(self, asked: ContestQuestion, teams: list[ContestTeam]) -> None:
        for team in teams:
            draw = chance(self.number, "answer", asked.round.position, asked.position, team.position)
            right = asked.accepted[0] if asked.is_short else asked.right
            other = "" if asked.is_short else next(one for one, _ in asked.lettered if one not in right[:1])
            given = [right if draw.random() < RIGHT_SHARE else other]
            given = [other, *given] if draw.random() < SECOND_THOUGHT_SHARE else given
            opened_at = asked.window.start or FIRST_AT
            for number, text in enumerate(given, start=1):
                after = dt.timedelta(seconds=draw.randint(5, 25) * number)
                self.rows.add(
                    TeamAnswer,
                    CONTEST_ON,
                    team=team,
                    question=asked,
                    given=text,
                    number=number,
                    received_at=opened_at + after,
                )
