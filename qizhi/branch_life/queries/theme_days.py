"""On which day of the month branches hold their theme day, as they have fixed it themselves."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from qizhi.branch_life.models import ThemeDay
from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.rules import Days
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.org.models import DatedQuerySet

OwnRules = Mapping[uuid.UUID, Sequence[tuple[Days, str]]]


def own_rules(bureau_id: uuid.UUID, span: Period) -> OwnRules:
    """By branch what it has fixed for days of the span; one query."""
    found: dict[uuid.UUID, list[tuple[Days, str]]] = defaultdict(list)
    rows = ThemeDay.objects.within(span.start, span.end).filter(bureau_id=bureau_id)
    for unit_id, from_on, to_on, rule in rows.order_by("from_on").values_list(
        "unit_id", "from_on", "to_on", "day_rule"
    ):
        found[unit_id].append((Days(from_on, to_on), rule))
    return dict(found)


def theme_days_of(actor: Actor, unit_id: uuid.UUID | None = None) -> DatedQuerySet:
    """What branches have fixed, of those that the reader may see, in their order and newest first."""
    rows: DatedQuerySet = ThemeDay.objects.filter(actor.reach(SEE_BRANCH_LIFE).units()).select_related("unit")
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    return rows.order_by("unit__position", "unit__code", "-from_on")
