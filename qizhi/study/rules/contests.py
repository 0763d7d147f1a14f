"""Contests: when a question is open, which answer of a team counts, and what the teams have.

The server's clock alone decides. Whatever is shown is worked out from the stored answers and the keys as they
stand now: a key that is corrected afterwards changes every total by itself.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from enum import StrEnum

from qizhi.core.values import dataclass
from qizhi.study.rules.questions import is_right


class Pace(StrEnum):
    """How the questions of a round follow one another."""

    ALL = "all"
    CLOCK = "clock"
    HOST = "host"


class Standing(StrEnum):
    """How a question or a round stands at an instant."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Window:
    """From when until when; without a start it has not begun, without an end it stays open."""

    start: dt.datetime | None
    end: dt.datetime | None

    def standing(self, now: dt.datetime) -> Standing:
        """How it stands; at the instant of the end it is closed."""
        if self.end is not None and now >= self.end:
            return Standing.CLOSED
        if self.start is None or now < self.start:
            return Standing.WAITING
        return Standing.OPEN


def window(round_: Window, *, pace: str, seconds: int | None, index: int, shown: Window) -> Window:
    """When the question of a round is open.

    Args:
        round_: the round.
        pace: all questions together; one after the other, `seconds` each; or as the host shows them.
        seconds: how long a question stays open, where that is limited.
        index: the place of the question, from 0.
        shown: when the host opened and closed it.
    """
    if pace == Pace.HOST:
        start, ends = shown.start, [shown.end, round_.end]
    elif pace == Pace.CLOCK and seconds and round_.start is not None:
        start, ends = round_.start + dt.timedelta(seconds=seconds * index), [round_.end]
    else:
        return round_
    if seconds and start is not None:
        ends.append(start + dt.timedelta(seconds=seconds))
    return Window(start, min((end for end in ends if end is not None), default=None))


@dataclass(frozen=True)
class Given:
    """An answer as it was sent; `number` is counted by the team's own page, for each question."""

    id: uuid.UUID
    team: uuid.UUID
    question: uuid.UUID
    text: str
    number: int
    at: dt.datetime


@dataclass(frozen=True)
class Asked:
    """A question of a round with its key and what a right answer is worth; a void one is worth nothing."""

    id: uuid.UUID
    round: uuid.UUID
    shape: str
    right: str
    accepted: Collection[str]
    points: int
    is_void: bool = False


def counting(answers: Iterable[Given]) -> dict[tuple[uuid.UUID, uuid.UUID], Given]:
    """The last answer of each team to each question, whatever the order in which they arrived."""
    found: dict[tuple[uuid.UUID, uuid.UUID], Given] = {}
    for answer in answers:
        place = answer.team, answer.question
        known = found.get(place)
        if known is None or (known.number, known.at, known.id) < (answer.number, answer.at, answer.id):
            found[place] = answer
    return found


def scores(asked: Iterable[Asked], answers: Iterable[Given]) -> dict[tuple[uuid.UUID, uuid.UUID], int]:
    """Points by team and round; what nobody answered is left out."""
    questions = {one.id: one for one in asked}
    found: dict[tuple[uuid.UUID, uuid.UUID], int] = {}
    for (team, key), answer in counting(answers).items():
        question = questions.get(key)
        if question is None or question.is_void:
            continue
        is_good = is_right(
            question.shape, right=question.right, accepted=question.accepted, given=answer.text
        )
        place = team, question.round
        found[place] = found.get(place, 0) + (question.points if is_good else 0)
    return found
