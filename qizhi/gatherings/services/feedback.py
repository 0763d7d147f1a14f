"""Words without a name: nothing here knows who speaks, and nothing goes into the log of it (ADR 9)."""

from __future__ import annotations

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.core.text import one_line
from qizhi.gatherings.enums import Remark
from qizhi.gatherings.models import Feedback, Gathering
from qizhi.gatherings.rules.feedback import Voices, take_in

LONGEST_LINE = 60


@transaction.atomic
def say_unnamed(gathering: Gathering, *, word: str, line: str, token: str, most: int) -> Feedback:
    """Take in one voice; the same form a second time changes nothing.

    There is no `by` on purpose, and no event: its time, or its place among others, would tell who it was.

    Args:
        gathering: of which something is said.
        word: a `Remark`; empty if none.
        line: a line of one's own; empty if none.
        token: random, made with the form.
        most: how many people were due: there cannot be more voices.

    Raises:
        Refused: nothing is said, or as many voices are there as people were due.
    """
    line = one_line(line)[:LONGEST_LINE]
    if word not in Remark and not line:
        raise Refused("还没有说什么。请点一个词，或写一句话。", "line")
    Gathering.objects.select_for_update().get(pk=gathering.pk)  # one after the other
    row = _row(gathering) or Feedback(bureau_id=gathering.bureau_id, gathering=gathering)
    if token in row.tokens:
        return row
    shown, waiting = Voices.read(row.shown), Voices.read(row.waiting)
    if shown.number + waiting.number >= most:
        raise Refused(
            f"这次活动应到{most}人，反馈已经收满{most}份，没有再收。有话可以在支部会上说，或提投诉建议。"
        )
    shown, waiting = take_in(shown, waiting, word=word if word in Remark else "", line=line)
    row.shown, row.waiting = shown.plain(), waiting.plain()
    row.tokens = sorted([*row.tokens, token])
    row.save()
    return row


@transaction.atomic
def strike_line(gathering: Gathering, line: str, *, by: Actor) -> bool:
    """Strike out a line that speaks of a person; whether it was there.

    That it was done, and by whom, stands in the log of the gathering; the line does not.
    """
    Gathering.objects.select_for_update().get(pk=gathering.pk)
    row = _row(gathering)
    shown = Voices.read(row.shown if row else {})
    if row is None or line not in shown.lines:
        return False
    row.shown = shown.without_line(line).plain()
    row.struck += 1
    row.save()
    audit.record("gatherings.strike_line", gathering, by=by, after={"匿名反馈": "划去一句，不留底稿"})
    return True


def _row(gathering: Gathering) -> Feedback | None:
    return Feedback.objects.filter(bureau_id=gathering.bureau_id, gathering=gathering).first()
