"""Testing oneself.

Nobody else learns of it: these changes alone leave no event in the log, which others read.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping

from django.db import transaction

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.study.models import Bank, BankQuestion, SelfAnswer, SelfTest
from qizhi.study.rules.questions import MOST_ACCEPTED, letters

_draw = random.SystemRandom()


@transaction.atomic
def begin_test(
    *,
    bank_id: uuid.UUID,
    topic: str,
    number: int,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002
) -> SelfTest:
    """Draw questions for the person who asks; asking again with the same id draws no others.

    Raises:
        Refused: the account has no person, or the bank is not open, or nothing is there to draw from.
    """
    if by.person_id is None:
        message = "这个账号没有对应的人员，不能保存自测。请联系人事干部，把账号与人员记录连起来。"
        raise Refused(message)
    if (known := made_before(SelfTest, id, by.bureau_id)) is not None:
        return known
    bank = Bank.objects.filter(bureau_id=by.bureau_id, pk=bank_id, is_open=True).first()
    questions = BankQuestion.objects.filter(bureau_id=by.bureau_id, bank=bank, is_retired=False)
    keys = list((questions.filter(topic=topic) if topic else questions).values_list("pk", flat=True))
    if bank is None or not keys:
        message = "这个题库现在没有开放，或没有这个主题的题目。请刷新页面，另选一个。"
        raise Refused(message, "source")
    test = SelfTest(
        bureau_id=by.bureau_id, person_id=by.person_id, bank=bank, topic=topic, begun_at=clock.now()
    )
    if id is not None:
        test.pk = id
    test.save(force_insert=True)
    drawn = _draw.sample(keys, min(number, len(keys)))
    SelfAnswer.objects.bulk_create(
        SelfAnswer(bureau_id=by.bureau_id, test=test, question_id=key, position=position)
        for position, key in enumerate(drawn, start=1)
    )
    return test


@transaction.atomic
def save_answers(test: SelfTest, given: Mapping[int, list[str]]) -> int:
    """Keep what was answered so far, by the place of the question; what is not named stays.

    Returns:
        How many questions have an answer now.

    Raises:
        Refused: the test was handed in.
    """
    rows = list(SelfAnswer.objects.filter(bureau_id=test.bureau_id, test=test).select_related("question"))
    if SelfTest.objects.filter(pk=test.pk, finished_at__isnull=False).exists():
        message = "这次自测已经交卷，答案不能再改。可以再抽一次。"
        raise Refused(message)
    changed = []
    for row in rows:
        if row.position not in given:
            continue
        words = given[row.position]
        is_short = row.question.is_short
        text = " ".join(words).strip()[:MOST_ACCEPTED] if is_short else _letters(row, words)
        if text != row.given:
            row.given, row.answered_at = text, clock.now()
            changed.append(row)
    SelfAnswer.objects.bulk_update(changed, ["given", "answered_at"])
    return sum(1 for row in rows if row.given)


def _letters(row: SelfAnswer, picked: list[str]) -> str:
    found = letters(picked, len(row.question.choices))
    return found if row.question.is_multiple else found[:1]


@transaction.atomic
def finish_test(test: SelfTest) -> SelfTest:
    """Hand in; the answers stand, and their explanations are shown."""
    if test.finished_at is None:
        test.finished_at = clock.now()
        test.save(update_fields=["finished_at"])
    return test


@transaction.atomic
def remove_test(test: SelfTest) -> None:
    """Forget a test with all its answers."""
    test.delete()
