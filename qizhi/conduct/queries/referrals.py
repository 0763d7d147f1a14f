"""Clues that were handed over to a discipline body."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from qizhi.conduct.enums import ReferralOutcome
from qizhi.conduct.models import Case, Observation, Referral
from qizhi.conduct.models.referrals import STANDING

STATES = (("waiting", "待答复"), ("accepted", "已受理"), ("returned", "退回"), ("withdrawn", "已撤销"))
_NAMED = ("case__person", "case__unit", "observation__person", "observation__unit", "handed_by")


def referrals_of(
    bureau_id: uuid.UUID, *, year: int | None = None, state: str = "", text: str = ""
) -> QuerySet[Referral]:
    """What was handed over, newest first; what was entered by mistake only if it is asked for."""
    rows = Referral.objects.filter(bureau_id=bureau_id, withdrawn_at__isnull=state != "withdrawn")
    if year:
        rows = rows.filter(handed_on__year=year)
    outcomes = {"waiting": ReferralOutcome.WAITING, **{one.value: one for one in ReferralOutcome if one}}
    if state in outcomes:
        rows = rows.filter(outcome=outcomes[state])
    for word in text.split():
        said = Q(receiver__icontains=word) | Q(doc_no__icontains=word)
        for ground in ("case", "observation"):
            said |= Q(**{f"{ground}__person__name__icontains": word}) | Q(
                **{f"{ground}__fact__icontains": word}
            )
        rows = rows.filter(said)
    return rows.select_related(*_NAMED)


def standing_of(ground: Case | Observation | None) -> Referral | None:
    """With whom a case or an observation is now; a case of an observation is where that is. One query."""
    if ground is None:
        return None
    own = Q(case=ground) if isinstance(ground, Case) else Q(observation=ground)
    if isinstance(ground, Case) and ground.observation_id is not None:
        own |= Q(observation_id=ground.observation_id)
    return Referral.objects.filter(STANDING, own, bureau_id=ground.bureau_id).first()
