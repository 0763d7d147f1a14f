"""What one may draw questions from, and one's own tests."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.db.models import Count, F, Q, QuerySet

from qizhi.core.values import dataclass
from qizhi.study.models import BankQuestion, SelfAnswer, SelfTest
from qizhi.study.rules.questions import is_right

MOST_TESTS = 50


@dataclass(frozen=True)
class Answered:
    """A question of a test with whether the answer is right."""

    answer: SelfAnswer
    is_right: bool

    @property
    def said(self) -> str:
        """The answer in words."""
        return self.answer.question.say(self.answer.given)


def topics_to_ask(
    bureau_id: uuid.UUID, *, is_open_only: bool = True
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Banks with their topics, as the choices of a select: `bank` or `bank|topic`."""
    questions = BankQuestion.objects.filter(bureau_id=bureau_id, is_retired=False)
    rows = (
        (questions.filter(bank__is_open=True) if is_open_only else questions)
        .order_by("bank__name", "topic")
        .values_list("bank_id", "bank__name", "topic")
        .annotate(number=Count("pk"))
    )
    found: dict[tuple[uuid.UUID, str], list[tuple[str, int]]] = defaultdict(list)
    for bank_id, name, topic, number in rows:
        found[bank_id, name].append((topic, number))
    return [(name, _choices(bank_id, topics)) for (bank_id, name), topics in found.items()]


def _choices(bank_id: uuid.UUID, topics: list[tuple[str, int]]) -> list[tuple[str, str]]:
    every = (str(bank_id), f"全部主题（{sum(number for _, number in topics)} 题）")
    return [every, *((f"{bank_id}|{topic}", f"{topic}（{number} 题）") for topic, number in topics if topic)]


def tests_of(bureau_id: uuid.UUID, person_id: uuid.UUID) -> QuerySet[SelfTest]:
    """One's own tests, newest first, with how many questions they have and how many were answered."""
    tests = SelfTest.objects.filter(bureau_id=bureau_id, person_id=person_id).select_related("bank")
    answered = Count("answers", filter=~Q(answers__given=""))
    return tests.annotate(asked=Count("answers"), answered=answered).order_by("-begun_at")[:MOST_TESTS]


def answers_of(test: SelfTest) -> list[Answered]:
    """The questions of a test in order, each judged by its key as it is now."""
    rows = SelfAnswer.objects.filter(bureau_id=test.bureau_id, test=test).select_related("question")
    return [Answered(row, _judged(row)) for row in rows.order_by(F("position"))]


def _judged(row: SelfAnswer) -> bool:
    question = row.question
    return is_right(question.shape, right=question.right, accepted=question.accepted, given=row.given)
