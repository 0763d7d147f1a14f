"""Where clauses and documents are used: what is drawn from them, and the rows that point at them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from django.db.models import Count, Model, QuerySet, Value

from qizhi.core.values import dataclass
from qizhi.regulations.models import Clause, ClauseCase, Regulation, RegulationAlias, Version

_OWN: frozenset[type[Model]] = frozenset({ClauseCase, RegulationAlias, Version, Regulation})
"""What a document consists of is no use of it, nor is what follows from it."""


@dataclass(frozen=True)
class Use:
    """Rows of one sort that point at a clause or a document."""

    label: str
    count: int


def clause_uses(clauses: Iterable[Clause]) -> dict[uuid.UUID, list[Use]]:
    """How many rows of each sort point at each clause; one query, whatever the floor they are on."""
    return _uses(Clause, [clause.pk for clause in clauses])


def regulation_uses(regulation: Regulation) -> list[Use]:
    """How many rows of each sort point at a document; one query."""
    return _uses(Regulation, [regulation.pk])[regulation.pk]


def _uses(model: type[Model], keys: list[uuid.UUID]) -> dict[uuid.UUID, list[Use]]:
    labels: list[str] = []
    counts: list[QuerySet[Any, Any]] = []
    for relation in model._meta.get_fields(include_hidden=True):
        other = relation.related_model
        if (
            not relation.auto_created
            or not relation.one_to_many
            or other in _OWN
            or hasattr(other, "derived_by")
        ):
            continue
        name = relation.field.name  # type: ignore[union-attr]
        rows = other._base_manager.filter(**{f"{name}__in": keys}).order_by()  # type: ignore[union-attr]
        tally = rows.values_list(name).annotate(rows=Count("pk"), sort=Value(len(labels)))
        counts.append(tally)
        labels.append(str(other._meta.verbose_name))  # type: ignore[union-attr]
    found: dict[uuid.UUID, list[Use]] = {key: [] for key in keys}
    if keys and counts:
        for key, number, sort in sorted(counts[0].union(*counts[1:], all=True), key=itemgetter(2)):
            found[key].append(Use(labels[sort], number))
    return found
