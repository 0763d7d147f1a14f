"""Changes to campaigns, and people's word on what covered a topic; each one transaction and one event."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from qizhi.core import audit, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.gatherings.models import Gathering
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.models import Regulation
from qizhi.study.models import Campaign, CampaignMatch, CampaignPhase, CampaignTopic
from qizhi.study.queries.campaigns import LAYERS


@transaction.atomic
def save_campaign(
    campaign: Campaign | None = None,
    *,
    name: str,
    from_on: dt.date,
    to_on: dt.date | None,
    note: str = "",
    regulation: Regulation | None = None,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Campaign:
    """Make or correct a campaign; asking again with the same id returns the one that is there.

    Raises:
        Refused: the name is taken, or the days are the wrong way round.
    """
    if (known := made_before(Campaign, id, by.bureau_id)) is not None:
        return known
    before = audit.snapshot(campaign) if campaign else None
    row = campaign or Campaign(bureau_id=by.bureau_id, **({"id": id} if id else {}))
    if Campaign.objects.filter(bureau_id=by.bureau_id, name=name).exclude(pk=row.pk).exists():
        message = f"已有名为“{name}”的专题教育，请直接修改它，或换一个名称。"
        raise Refused(message, "name")
    _check_days(from_on, to_on)
    row.name, row.from_on, row.to_on, row.note, row.regulation = name, from_on, to_on, note, regulation
    row.save()
    audit.record("study.save_campaign", row, by=by, before=before)
    return row


@transaction.atomic
def save_phase(
    phase: CampaignPhase | None = None,
    *,
    campaign: Campaign,
    name: str,
    from_on: dt.date,
    to_on: dt.date | None,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002
) -> CampaignPhase:
    """Make or correct a phase.

    Raises:
        Refused: the name is taken in the campaign, or the days lie outside it.
    """
    if (known := made_before(CampaignPhase, id, by.bureau_id)) is not None:
        return known
    before = audit.snapshot(phase) if phase else None
    row = phase or CampaignPhase(bureau_id=by.bureau_id, campaign=campaign, **({"id": id} if id else {}))
    same = CampaignPhase.objects.filter(bureau_id=by.bureau_id, campaign=campaign, name=name)
    if same.exclude(pk=row.pk).exists():
        message = f"“{campaign}”已有阶段“{name}”。"
        raise Refused(message, "name")
    _check_days(from_on, to_on)
    last = to_on or from_on
    if from_on < campaign.from_on or (campaign.to_on and last > campaign.to_on):
        end = periods.say_day(campaign.to_on) if campaign.to_on else "今"
        message = f"阶段应在专题教育期间（{periods.say_day(campaign.from_on)}至{end}）之内，请核对日期。"
        raise Refused(message, "from_on")
    row.name, row.from_on, row.to_on = name, from_on, to_on
    row.save()
    audit.record("study.save_phase", row, by=by, before=before)
    return row


@transaction.atomic
def save_topic(
    topic: CampaignTopic | None = None,
    *,
    campaign: Campaign,
    title: str,
    words: str,
    layers: Sequence[str],
    phase: CampaignPhase | None = None,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002
) -> CampaignTopic:
    """Make or correct what is to be studied.

    Raises:
        Refused: the title is taken in the campaign.
    """
    if (known := made_before(CampaignTopic, id, by.bureau_id)) is not None:
        return known
    before = audit.snapshot(topic) if topic else None
    others = CampaignTopic.objects.filter(bureau_id=by.bureau_id, campaign=campaign)
    row = topic or CampaignTopic(
        bureau_id=by.bureau_id, campaign=campaign, position=others.count() + 1, **({"id": id} if id else {})
    )
    if others.filter(title=title).exclude(pk=row.pk).exists():
        message = f"“{campaign}”已有必学内容“{title}”。"
        raise Refused(message, "title")
    row.title, row.words, row.layers, row.phase = title, words, list(layers), phase
    row.save()
    audit.record("study.save_topic", row, by=by, before=before)
    return row


@transaction.atomic
def remove_part(row: CampaignPhase | CampaignTopic, *, by: Actor) -> None:
    """Remove a phase (its topics stay, for the whole campaign) or a topic; the log keeps it."""
    audit.record("study.remove_part", row, by=by, before=audit.snapshot(row), after={})
    row.delete()


@transaction.atomic
def decide_topic(
    topic: CampaignTopic, unit: Unit, gathering: Gathering, *, is_rejected: bool, by: Actor
) -> CampaignMatch:
    """Say that a gathering of the unit was on the topic, or that it was not.

    Raises:
        Refused: the gathering is withdrawn, or neither the unit's nor one of its groups'.
    """
    here = gathering.unit_id == unit.pk or (
        gathering.unit.kind == UnitKind.GROUP and gathering.unit.parent_id == unit.pk
    )
    if gathering.withdrawn_at or not here or unit.kind not in LAYERS:
        message = f"“{gathering}”不是{unit}的有效活动，请另选一次活动。"
        raise Refused(message, "gathering")
    known = CampaignMatch.objects.filter(bureau_id=by.bureau_id, topic=topic, gathering=gathering).first()
    if known is not None and known.is_rejected == is_rejected:
        return known  # said already, perhaps by the first of two clicks
    before = audit.snapshot(known) if known else None
    made, _ = CampaignMatch.objects.update_or_create(
        bureau_id=by.bureau_id, topic=topic, gathering=gathering, defaults={"is_rejected": is_rejected}
    )
    audit.record("study.decide_topic", made, by=by, before=before)
    return made


def _check_days(from_on: dt.date, to_on: dt.date | None) -> None:
    if to_on is not None and to_on < from_on:
        message = "结束日期早于开始日期，请核对。"
        raise Refused(message, "to_on")
