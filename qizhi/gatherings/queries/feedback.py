"""Who may hear what was said of a gathering without a name, and who may say something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Remark
from qizhi.gatherings.models import Feedback, Gathering, Kind
from qizhi.gatherings.queries.roster import Roster, due_at
from qizhi.gatherings.rules.feedback import FEWEST_DUE, OPEN_DAYS, Voices, is_open
from qizhi.org.enums import UnitKind
from qizhi.org.models import Membership


@dataclass(frozen=True)
class Heard:
    """What a member of the branch hears and may do.

    Attributes:
        number: voices that are shown.
        words: each word that was said, with how many said it.
        lines: what was written.
        struck: lines that the branch has struck out.
        due: how many were due at the gathering.
        why_not: why nothing can be said (any more); empty where it can.
    """

    number: int
    words: list[tuple[str, int]]
    lines: tuple[str, ...]
    struck: int
    due: int
    why_not: str


def heard_by(actor: Actor, gathering: Gathering, kinds: Iterable[Kind], today: dt.date) -> Heard | None:
    """What the actor hears of a gathering; None for everybody who is no member of its branch or group today.

    No post changes that: the office hears nothing of a branch that it does not belong to.

    Args:
        actor: who asks.
        gathering: with its unit loaded.
        kinds: its kinds.
        today: the day of asking.
    """
    unit = gathering.unit
    if (
        actor.person_id is None
        or gathering.withdrawn_at
        or unit.kind not in {UnitKind.BRANCH, UnitKind.GROUP}
    ):
        return None
    own = Membership.objects.on(today).filter(bureau_id=gathering.bureau_id, person=actor.person_id)
    if not own.filter(Q(unit=unit) | Q(group=unit)).exists():
        return None
    day = Period(gathering.held_on, gathering.held_on)
    roster = Roster.load(gathering.bureau_id, [unit], day)
    due = due_at(roster, gathering, {kind.audience for kind in kinds})
    row = Feedback.objects.filter(bureau_id=gathering.bureau_id, gathering=gathering).first()
    voices = Voices.read(row.shown if row else {})
    return Heard(
        number=voices.number,
        words=[(str(one.label), voices.words[one]) for one in Remark if voices.words.get(one)],
        lines=voices.lines,
        struck=row.struck if row else 0,
        due=len(due or ()),
        why_not=_why_not(actor, gathering, due or frozenset(), today),
    )


def _why_not(actor: Actor, gathering: Gathering, due: frozenset[object], today: dt.date) -> str:
    if actor.person_id not in due:
        return "您不在这次活动的应到名单里，只看不说。"
    if len(due) < FEWEST_DUE:
        return f"这次活动应到{len(due)}人，不足{FEWEST_DUE}人，说什么都容易认出是谁，所以不收匿名反馈。"
    if not is_open(gathering.held_on, today):
        return f"活动过去{OPEN_DAYS}天以后，不再收匿名反馈。"
    return ""
