"""Changes to contests; each is one transaction and one event.

The answers of teams are the exception: their rows are themselves the log, none is ever changed or removed.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.study.models import (
    Bank,
    BankQuestion,
    Contest,
    ContestQuestion,
    ContestRound,
    ContestTeam,
    TeamAnswer,
)
from qizhi.study.rules.contests import Pace, Standing
from qizhi.study.rules.questions import MOST_ACCEPTED, Question, Shape, fault, letters, tidy

_draw = random.SystemRandom()


@dataclass(frozen=True)
class RoundFacts:
    """A round as it was filled in."""

    name: str
    pace: str
    points: int
    seconds: int | None = None
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None


@transaction.atomic
def save_contest(
    *,
    name: str,
    held_on: dt.date,
    note: str,
    by: Actor,
    contest: Contest | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Contest:
    """Make a contest or change one; asking again with the same id makes no other."""
    if contest is None and (known := made_before(Contest, id, by.bureau_id)) is not None:
        return known
    before = audit.snapshot(contest) if contest else None
    made = contest or Contest(bureau_id=by.bureau_id)
    if contest is None and id is not None:
        made.pk = id
    made.name, made.held_on, made.note = name, held_on, note
    made.save()
    audit.record("study.change_contest" if contest else "study.create_contest", made, by=by, before=before)
    return made


@transaction.atomic
def set_teams(contest: Contest, teams: Sequence[tuple[str, str]], *, by: Actor) -> None:
    """The teams of a contest in their fixed order, each with its members; a team is known by its name.

    Raises:
        Refused: a team that answered already is no longer named.
    """
    known = {team.name: team for team in ContestTeam.objects.filter(bureau_id=by.bureau_id, contest=contest)}
    gone = [team for name, team in known.items() if name not in dict(teams)]
    if playing := next((team for team in gone if team.answers.exists()), None):
        message = f"“{playing}”已经答过题，不能去掉。请把这一队写回来。"
        raise Refused(message, "teams")
    for team in gone:
        audit.record("study.remove_team", team, by=by, before=_team(team), after={})
        team.delete()
    for position, (name, members) in enumerate(teams, start=1):
        former = known.get(name)
        before = _team(former) if former else None
        team = former or ContestTeam(bureau_id=by.bureau_id, contest=contest, name=name)
        team.position, team.members = position, members
        team.save()
        audit.record("study.set_team", team, by=by, before=before, after=_team(team))


def _team(team: ContestTeam) -> audit.Snapshot:
    # The secret address stays out of the log.
    return {key: value for key, value in audit.snapshot(team).items() if key != "key"}


@transaction.atomic
def add_round(
    contest: Contest,
    facts: RoundFacts,
    *,
    bank: Bank,
    topic: str,
    number: int,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> ContestRound:
    """Add a round with questions drawn from a bank that the contest has not asked yet.

    Raises:
        Refused: the bank has not as many, or the round closes before it opens.
    """
    if (known := made_before(ContestRound, id, by.bureau_id)) is not None:
        return known
    asked = ContestQuestion.objects.filter(bureau_id=by.bureau_id, round__contest=contest)
    free = BankQuestion.objects.filter(bureau_id=by.bureau_id, bank=bank, is_retired=False)
    free = free.exclude(pk__in=asked.filter(source__isnull=False).values("source"))
    rows = list(free.filter(topic=topic) if topic else free)
    if len(rows) < number:
        message = (
            f"“{bank}”{topic}里还没有出过的题只有 {len(rows)} 道，不够 {number} 道。请减少题数或换一个题库。"
        )
        raise Refused(message, "number")
    last = contest.rounds.aggregate(last=Max("position"))["last"] or 0
    made = ContestRound(bureau_id=by.bureau_id, contest=contest, position=last + 1)
    if id is not None:
        made.pk = id
    _fill(made, facts)
    made.save(force_insert=True)
    drawn = _draw.sample(rows, number)
    ContestQuestion.objects.bulk_create(copied(made, row, place) for place, row in enumerate(drawn, start=1))
    audit.record("study.add_round", made, by=by, after={**audit.snapshot(made), "questions": number})
    return made


def copied(round_: ContestRound, row: BankQuestion, position: int) -> ContestQuestion:
    """A question of a bank as it is asked in a round, not yet saved."""
    return ContestQuestion(
        bureau_id=round_.bureau_id,
        round=round_,
        source=row,
        position=position,
        shape=row.shape,
        text=row.text,
        choices=row.choices,
        right=row.right,
        accepted=row.accepted,
        explanation=row.explanation,
        clause=row.clause,
    )


@transaction.atomic
def change_round(round_: ContestRound, facts: RoundFacts, *, by: Actor) -> ContestRound:
    """Change the name, times and worth of a round; what was answered stays answered."""
    before = audit.snapshot(round_)
    _fill(round_, facts)
    round_.save()
    audit.record("study.change_round", round_, by=by, before=before)
    return round_


def _fill(round_: ContestRound, facts: RoundFacts) -> None:
    if facts.opens_at and facts.closes_at and facts.closes_at < facts.opens_at:
        message = "截止时间早于开始时间，请核对。"
        raise Refused(message, "closes_at")
    if facts.pace == Pace.CLOCK and not facts.seconds:
        message = "按每题秒数自动出题，请填每题秒数。"
        raise Refused(message, "seconds")
    round_.name, round_.pace, round_.points = facts.name, facts.pace, facts.points
    round_.seconds, round_.opens_at, round_.closes_at = facts.seconds, facts.opens_at, facts.closes_at


@transaction.atomic
def start_round(round_: ContestRound, *, by: Actor) -> ContestRound:
    """Open a round now; a round that runs already is left as it is.

    Raises:
        Refused: it is closed.
    """
    round_, now = _locked(round_), clock.now()
    standing = round_.window.standing(now)
    if standing is Standing.CLOSED:
        message = f"“{round_}”已经截止。要重新开放，请在“修改这一轮”里改截止时间。"
        raise Refused(message)
    if standing is Standing.OPEN:
        return round_
    before = audit.snapshot(round_)
    round_.opens_at = now
    round_.save()
    audit.record("study.start_round", round_, by=by, before=before)
    if round_.pace == Pace.HOST:
        _show(round_.questions.order_by("position").first(), now)
    return round_


@transaction.atomic
def next_question(round_: ContestRound, *, after: int, by: Actor) -> ContestRound:
    """Take in the question of that place and show the next; a second click, for the same place, does nothing.

    Raises:
        Refused: the round is not open, or there is no next question.
    """
    round_, now = _locked(round_), clock.now()
    if round_.window.standing(now) is not Standing.OPEN or round_.pace != Pace.HOST:
        message = f"“{round_}”现在没有开放，不能出下一题。请先开始这一轮。"
        raise Refused(message)
    last = round_.questions.filter(opened_at__isnull=False).order_by("-position").first()
    if last is not None and last.position != after:
        return round_
    following = round_.questions.filter(position=after + 1).first()
    if following is None:
        message = "这一轮已经是最后一题。请结束这一轮。"
        raise Refused(message)
    _take_in(last, now)
    _show(following, now)
    audit.record("study.next_question", following, by=by, before={"opened_at": None})
    return round_


@transaction.atomic
def close_round(round_: ContestRound, *, by: Actor) -> ContestRound:
    """Close a round now; one that is closed stays as it is."""
    round_, now = _locked(round_), clock.now()
    if round_.window.standing(now) is Standing.CLOSED:
        return round_
    before = audit.snapshot(round_)
    round_.opens_at, round_.closes_at = round_.opens_at and min(round_.opens_at, now), now
    round_.save()
    _take_in(round_.questions.filter(opened_at__isnull=False).order_by("-position").first(), now)
    audit.record("study.close_round", round_, by=by, before=before)
    return round_


@transaction.atomic
def reveal_round(round_: ContestRound, *, is_revealed: bool, by: Actor) -> ContestRound:
    """Show the points of a round to the hall, or hide them again.

    Raises:
        Refused: it is not closed yet.
    """
    round_ = _locked(round_)
    if is_revealed and round_.window.standing(clock.now()) is not Standing.CLOSED:
        message = f"“{round_}”还没有截止，先结束这一轮再公布。"
        raise Refused(message)
    before = audit.snapshot(round_)
    if bool(round_.revealed_at) != is_revealed:
        round_.revealed_at = clock.now() if is_revealed else None
        round_.save()
    audit.record("study.reveal_round", round_, by=by, before=before)
    return round_


@transaction.atomic
def order_board(contest: Contest, *, is_by_total: bool, by: Actor) -> Contest:
    """Let the board keep the fixed order of teams, or order them by what they have."""
    before = audit.snapshot(contest)
    contest.is_by_total = is_by_total
    contest.save(update_fields=["is_by_total"])
    audit.record("study.order_board", contest, by=by, before=before)
    return contest


@transaction.atomic
def correct_key(
    question: ContestQuestion, *, answer: str, is_void: bool, because: str, by: Actor
) -> ContestQuestion:
    """Correct the key of a question that was asked, or make it void; every total follows by itself.

    Args:
        question: as it was asked; the bank is not touched.
        answer: letters, or the accepted answers each on a line.
        is_void: nobody gets points for it.
        because: why, for the log and for the teams.
        by: who says so.

    Raises:
        Refused: no such key can be.
    """
    short = question.is_short
    key = tidy(
        Question(
            Shape(question.shape),
            question.text,
            tuple(question.choices),
            right="" if short else "".join(letter for letter in answer.upper() if letter.isalnum()),
            accepted=tuple(answer.split("\n")) if short else (),
        )
    )
    if wrong := fault(key):
        message = f"{wrong.reason}。{wrong.fix}。"
        raise Refused(message, "answer")
    before = audit.snapshot(question)
    question.right, question.accepted = key.right, list(key.accepted)
    question.is_void, question.corrected_because = is_void, because
    question.save()
    audit.record("study.correct_key", question, by=by, before=before)
    return question


@transaction.atomic
def give_answer(
    team: ContestTeam,
    question: ContestQuestion,
    *,
    id: uuid.UUID,  # noqa: A002 - the row's key
    words: Sequence[str],
    number: int,
) -> TeamAnswer:
    """Keep an answer of a team; the same id sent again, after a lost connection, is the answer that is there.

    Raises:
        Refused: the question is not open by the server's clock.
    """
    if (known := made_before(TeamAnswer, id, team.bureau_id)) is not None:
        return known
    now = clock.now()
    standing = question.standing(now)
    if standing is not Standing.OPEN:
        why = "还没有开放" if standing is Standing.WAITING else "已经截止"
        message = f"第 {question.position} 题{why}，这个答案没有收下。"
        raise Refused(message)
    if question.is_short:
        given = " ".join(words).strip()[:MOST_ACCEPTED]
    else:
        given = letters(words, len(question.choices))
        given = given if question.is_multiple else given[:1]
    answer = TeamAnswer(
        id=id,
        bureau_id=team.bureau_id,
        team=team,
        question=question,
        given=given,
        number=number,
        received_at=now,
    )
    answer.save(force_insert=True)
    return answer


def _locked(round_: ContestRound) -> ContestRound:
    """The round as it is now; two hosts at once come one after the other."""
    rows = ContestRound.objects.select_for_update().filter(bureau_id=round_.bureau_id)
    found: ContestRound = rows.get(pk=round_.pk)
    return found


def _show(question: ContestQuestion | None, now: dt.datetime) -> None:
    if question is not None:
        question.opened_at = now
        question.save(update_fields=["opened_at"])


def _take_in(question: ContestQuestion | None, now: dt.datetime) -> None:
    if question is not None and question.closed_at is None:
        question.closed_at = now
        question.save(update_fields=["closed_at"])
