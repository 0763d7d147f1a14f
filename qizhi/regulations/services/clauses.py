"""Clauses of a draft."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import free_key, new_id
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.regulations.kinds import ParameterError, kind_by_key
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.services.drafts import check_draft, mark_changed
from qizhi.regulations.services.index import index_clause

FIELDS = (
    "key",
    "number",
    "text",
    "is_quoted",
    "kind",
    "parameters",
    "points",
    "subject",
    "period",
    "applies_by",
    "area",
    "evidence",
    "is_general",
    "is_enabled",
    "confirmation",
    "note",
    "position",
)


@transaction.atomic
def add_clause(
    *,
    version: Version,
    values: Mapping[str, Any],
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Clause:
    """Add a clause to a draft; the same `id` twice (a double click) returns the first row.

    Raises:
        Refused: the version is published, the key is taken, or the kind cannot use the parameters.
    """
    key = id or new_id()
    existing = made_before(Clause, key, version.bureau_id)
    if existing is not None:
        return existing
    clause = Clause(pk=key, bureau_id=version.bureau_id, version=version, **_known(values))
    if not clause.key:  # it stays the same through all versions, so no other clause of the bureau may have it
        keys = Clause.objects.filter(bureau_id=version.bureau_id).values_list("key", flat=True)
        clause.key = free_key("T", set(keys))
    if "position" not in values:
        clause.position = version.clauses.count() + 1
    _check(clause)
    clause.save(force_insert=True)
    index_clause(clause)
    mark_changed(version, by)
    audit.record("regulations.add_clause", clause, by=by)
    return clause


@transaction.atomic
def edit_clause(*, clause: Clause, values: Mapping[str, Any], by: Actor) -> Clause:
    """Change a clause of a draft; Refused as in `add_clause`."""
    before = audit.snapshot(clause)
    for name, value in _known(values).items():
        if value or name != "key":
            setattr(clause, name, value)
    _check(clause)
    clause.save()
    index_clause(clause)
    mark_changed(clause.version, by)
    audit.record("regulations.edit_clause", clause, by=by, before=before)
    return clause


@transaction.atomic
def remove_clause(*, clause: Clause, by: Actor) -> None:
    """Take a clause out of a draft; Refused for a published version."""
    check_draft(clause.version)
    audit.record("regulations.remove_clause", clause, by=by, before=audit.snapshot(clause), after={})
    clause.delete()
    mark_changed(clause.version, by)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in FIELDS if name in values}


def _check(clause: Clause) -> None:
    check_draft(clause.version)
    twins = Clause.objects.filter(bureau_id=clause.bureau_id, version_id=clause.version_id, key=clause.key)
    if twins.exclude(pk=clause.pk).exists():
        raise Refused(f"条款代码“{clause.key}”在本版本中已有，没有保存。请换一个代码。", "key")
    if clause.points > 0:
        raise Refused("分值是正数，没有保存。扣分写负数，例如 -1；不扣分的写 0。", "points")
    kind = kind_by_key(clause.kind)
    if kind is None:
        return
    try:
        kind.read(clause.parameters)
    except ParameterError as error:
        raise Refused(f"参数有误，没有保存。{error}", "parameters") from error
    clause.period = kind.period_of(clause.parameters) or clause.period
