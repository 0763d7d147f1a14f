"""A person says which gathering carried out an item; each is one transaction and one event."""

from __future__ import annotations

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.gatherings.models import Gathering
from qizhi.study.models import PlanMatch
from qizhi.tasks.models import PlanItem


@transaction.atomic
def link_item(item: PlanItem, gathering: Gathering, *, by: Actor) -> PlanMatch:
    """Say that the gathering carried out the item; a gathering named before for the item gives way.

    Raises:
        Refused: the item is cancelled, or the gathering is withdrawn or of another unit.
    """
    if item.cancelled_because:
        message = f"“{item}”已取消（{item.cancelled_because}）。请先在计划里恢复这一项。"
        raise Refused(message)
    if gathering.withdrawn_at or gathering.unit_id != item.plan.unit_id:
        message = f"“{gathering}”不是{item.plan.unit}的有效活动，请另选一次活动。"
        raise Refused(message)
    rows = PlanMatch.objects.filter(bureau_id=by.bureau_id, item=item)
    same = rows.filter(gathering=gathering, is_rejected=False).first()
    if same is not None and rows.filter(is_rejected=False).count() == 1:
        return same
    former = rows.filter(is_rejected=False).exclude(gathering=gathering).first()
    before = {"gathering_id": str(former.gathering_id)} if former else None
    rows.filter(is_rejected=False).exclude(gathering=gathering).delete()
    made, _ = PlanMatch.objects.update_or_create(
        bureau_id=by.bureau_id, item=item, gathering=gathering, defaults={"is_rejected": False}
    )
    audit.record("study.link_item", made, by=by, before=before)
    return made


@transaction.atomic
def unlink_item(item: PlanItem, gathering: Gathering, *, by: Actor) -> PlanMatch:
    """Say that the gathering did not carry out the item; neither a person's nor an automatic match stays."""
    rows = PlanMatch.objects.filter(bureau_id=by.bureau_id, item=item, gathering=gathering)
    if (same := rows.filter(is_rejected=True).first()) is not None:
        return same
    made, _ = PlanMatch.objects.update_or_create(
        bureau_id=by.bureau_id, item=item, gathering=gathering, defaults={"is_rejected": True}
    )
    audit.record("study.unlink_item", made, by=by)
    return made
