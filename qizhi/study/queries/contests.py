"""A contest as host, hall and teams see it: always worked out from the stored answers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from functools import partial

from django.db.models import Count, QuerySet

from qizhi.core import kept
from qizhi.core.values import dataclass
from qizhi.study.models import Contest, ContestQuestion, ContestRound, ContestTeam, TeamAnswer
from qizhi.study.rules.contests import Standing, counting, scores
from qizhi.study.rules.questions import is_right

Place = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Results:
    """Everything about a contest that does not depend on the hour."""

    teams: list[ContestTeam]
    rounds: list[ContestRound]
    questions: dict[uuid.UUID, list[ContestQuestion]]
    scores: dict[Place, int]
    given: dict[Place, str]
    numbers: dict[Place, int]
    """By team and question, the answer that counts and its number."""

    def solved(self, round_id: uuid.UUID) -> list[tuple[ContestQuestion, int]]:
        """The questions of a round, each with how many teams were right."""
        found = []
        for one in self.questions[round_id]:
            key = one.asked
            texts = (self.given.get((team.pk, one.pk), "") for team in self.teams)
            number = sum(
                is_right(key.shape, right=key.right, accepted=key.accepted, given=text) for text in texts
            )
            found.append((one, number))
        return found

    def current(self, now: dt.datetime) -> list[ContestQuestion]:
        """The questions that are open at an instant."""
        every = (one for round_ in self.rounds for one in self.questions[round_.pk])
        return [one for one in every if one.standing(now) is Standing.OPEN]

    def asked_now(self, now: dt.datetime) -> list[Asking]:
        """The questions that are open at an instant, each with the teams that have answered it."""
        found = []
        for question in self.current(now):
            done = [team for team in self.teams if self.given.get((team.pk, question.pk))]
            found.append(Asking(question, done, [team for team in self.teams if team not in done]))
        return found


@dataclass(frozen=True)
class Asking:
    """A question that is open: who has answered it, and who has not."""

    question: ContestQuestion
    answered: list[ContestTeam]
    waiting: list[ContestTeam]


@dataclass(frozen=True)
class Line:
    """A team on the board: points by round, None where they are not shown yet, and their sum."""

    team: ContestTeam
    cells: list[int | None]
    total: int
    has_answered: bool


def contests_of(bureau_id: uuid.UUID) -> QuerySet[Contest]:
    """The contests of a bureau, newest first, with how many teams and rounds they have."""
    contests: QuerySet[Contest] = Contest.objects.filter(bureau_id=bureau_id).annotate(
        team_count=Count("teams", distinct=True), round_count=Count("rounds", distinct=True)
    )
    return contests.order_by("-held_on", "name")


def results_of(contest: Contest) -> Results:
    """Teams, rounds, questions and points, in four queries; kept until the next answer or change."""
    return kept.keep(partial(_results, contest), "study.contest", contest.pk)


def _results(contest: Contest) -> Results:
    own = {"bureau_id": contest.bureau_id}
    teams = list(ContestTeam.objects.filter(**own, contest=contest).order_by("position"))
    rounds = list(ContestRound.objects.filter(**own, contest=contest).order_by("position"))
    by_key = {round_.pk: round_ for round_ in rounds}
    questions: dict[uuid.UUID, list[ContestQuestion]] = defaultdict(list, {key: [] for key in by_key})
    for question in ContestQuestion.objects.filter(**own, round__contest=contest).order_by("position"):
        question.round = by_key[question.round_id]
        questions[question.round_id].append(question)
    answers = [row.value for row in TeamAnswer.objects.filter(**own, team__contest=contest)]
    asked = [one.asked for some in questions.values() for one in some]
    last = counting(answers)
    given = {place: answer.text for place, answer in last.items()}
    numbers = {place: answer.number for place, answer in last.items()}
    return Results(teams, rounds, dict(questions), scores(asked, answers), given, numbers)


def counting_answer(team: ContestTeam, question: ContestQuestion) -> TeamAnswer:
    """The answer of a team that counts, once it gave any to that question."""
    given = TeamAnswer.objects.filter(bureau_id=team.bureau_id, team=team, question=question)
    rows = {row.pk: row for row in given}
    (last,) = counting(row.value for row in rows.values()).values()
    return rows[last.id]


def board_lines(
    results: Results, now: dt.datetime, *, is_by_total: bool, is_host: bool = False
) -> list[Line]:
    """The teams in their fixed order, or by total where the host chose so; only revealed rounds count."""
    current = [one.pk for one in results.current(now)]
    lines = []
    for team in results.teams:
        cells = [
            results.scores.get((team.pk, round_.pk), 0) if round_.revealed_at or is_host else None
            for round_ in results.rounds
        ]
        has_answered = bool(current) and all(results.given.get((team.pk, key)) for key in current)
        lines.append(Line(team, cells, sum(cell or 0 for cell in cells), has_answered))
    return sorted(lines, key=lambda line: -line.total) if is_by_total else lines
