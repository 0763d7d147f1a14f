"""Small tables of a bureau that many ask: each read once until something is written."""

from __future__ import annotations

import uuid
from functools import partial

from qizhi.core import kept
from qizhi.gatherings.models import Kind, Series


def known_kinds(bureau_id: uuid.UUID) -> list[Kind]:
    """Every kind of gathering, also those not used any more, in their order; nobody may change one."""
    return kept.keep(partial(_kinds, bureau_id), "gatherings.kinds", bureau_id)


def _kinds(bureau_id: uuid.UUID) -> list[Kind]:
    return list(Kind.objects.filter(bureau_id=bureau_id).order_by("position", "key"))


def known_series(bureau_id: uuid.UUID) -> list[Series]:
    """Every series, also those that ended, in the order of their table; nobody may change one."""
    return kept.keep(partial(_series, bureau_id), "gatherings.known_series", bureau_id)


def _series(bureau_id: uuid.UUID) -> list[Series]:
    return list(Series.objects.filter(bureau_id=bureau_id))
