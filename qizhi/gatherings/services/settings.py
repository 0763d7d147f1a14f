"""Kinds, series and templates: what the office prepares so that others type less."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.once import code_for, made_before
from qizhi.core.permissions import Actor
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering, GatheringKind, Kind, LedgerEntry, Series, Template
from qizhi.gatherings.permissions import MANAGE_KINDS
from qizhi.gatherings.services.records import entries_for
from qizhi.org.enums import UnitKind
from qizhi.org.models import BureauRow
from qizhi.regulations.rules import parse_due_rule

BATCH = 500
R = TypeVar("R", Kind, Series)
KIND_FIELDS = ("name", "audience", "unit_kinds", "ledgers", "default_hours", "position", "is_active")
SERIES_FIELDS = ("name", "note", "month", "is_active")
TEMPLATE_FIELDS = (
    "name",
    "title",
    "unit_kind",
    "day_rule",
    "place",
    "topics",
    "hours",
    "series",
    "is_active",
)


@transaction.atomic
def save_kind(
    *,
    values: Mapping[str, Any],
    by: Actor,
    kind: Kind | None = None,
    id: uuid.UUID | None = None,  # noqa: A002
) -> Kind:
    """Make or change a kind; when its ledgers change, all its gatherings are counted anew.

    Args:
        values: the fields of `KIND_FIELDS`, and `key` for a new one.
        by: who does it.
        kind: the one to change; a new one if not given.
        id: the key made with the form; the same key twice returns the first row.

    Raises:
        Refused: the code is taken, or a ledger or kind of unit does not exist.
    """
    _check_manager(by)
    if kind is None and (known := made_before(Kind, id, by.bureau_id)):
        return known
    unknown = set(values["ledgers"]) - set(Ledger.values) | set(values["unit_kinds"]) - set(UnitKind.values)
    if unknown:
        raise Refused("选择的台账或组织类别不存在，请重新选择。", "ledgers")
    row = kind or _new(Kind, values["key"], by, id)
    before = audit.snapshot(row) if kind else None
    had = list(row.ledgers) if kind else []
    _put(row, values, KIND_FIELDS)
    row.save()
    if kind is not None and set(had) != set(row.ledgers):
        _count_anew(row)
    audit.record(f"gatherings.{'change' if kind else 'create'}_kind", row, by=by, before=before)
    return row


def _count_anew(kind: Kind) -> None:
    """Derive the ledger entries of every gathering of the kind again; five queries."""
    links = GatheringKind.objects.filter(bureau_id=kind.bureau_id, kind=kind)
    gatherings = list(
        Gathering.objects.held()
        .filter(bureau_id=kind.bureau_id, pk__in=links.values("gathering_id"))
        .prefetch_related("kinds")
    )
    LedgerEntry.objects.filter(bureau_id=kind.bureau_id, gathering__in=gatherings).delete()
    LedgerEntry.objects.bulk_create(
        (entry for gathering in gatherings for entry in entries_for(gathering, gathering.kinds.all())),
        batch_size=BATCH,
    )


@transaction.atomic
def save_series(
    *,
    values: Mapping[str, Any],
    by: Actor,
    series: Series | None = None,
    id: uuid.UUID | None = None,  # noqa: A002
) -> Series:
    """Make or change a series; arguments as `save_kind`, with the fields of `SERIES_FIELDS`.

    Raises:
        Refused: the code is taken.
    """
    _check_manager(by)
    if series is None and (known := made_before(Series, id, by.bureau_id)):
        return known
    row = series or _new(Series, values["key"], by, id)
    before = audit.snapshot(row) if series else None
    _put(row, values, SERIES_FIELDS)
    row.save()
    audit.record(f"gatherings.{'change' if series else 'create'}_series", row, by=by, before=before)
    return row


@transaction.atomic
def save_template(
    *,
    values: Mapping[str, Any],
    kinds: Iterable[Kind],
    by: Actor,
    template: Template | None = None,
    id: uuid.UUID | None = None,  # noqa: A002
) -> Template:
    """Make or change a template with the fields of `TEMPLATE_FIELDS`.

    Raises:
        Refused: the name is taken, there is no kind, or the day rule cannot be read.
    """
    _check_manager(by)
    chosen = list(kinds)
    if template is None:
        known = made_before(Template, id, by.bureau_id)
        if known is not None:
            return known
    if not chosen or any(kind.bureau_id != by.bureau_id for kind in chosen):
        raise Refused("请至少选择一种活动类型。", "kinds")
    row = template or Template(bureau_id=by.bureau_id, **({"pk": id} if id else {}))
    before = _template_snapshot(row) if template else None
    _put(row, values, TEMPLATE_FIELDS)
    _check_template(row)
    row.save()
    row.kinds.set(chosen)
    row.refresh_from_db()  # 0 hours are 0.0 there: what is equal leaves no event
    after = _template_snapshot(row)
    verb = f"gatherings.{'change' if template else 'create'}_template"
    audit.record(verb, row, by=by, before=before, after=after)
    return row


def _check_template(row: Template) -> None:
    taken = Template.objects.filter(bureau_id=row.bureau_id, name=row.name).exclude(pk=row.pk)
    if taken.exists():
        raise Refused(f"已有名为“{row.name}”的模板，请换一个名称，或直接修改那个模板。", "name")
    if row.day_rule:
        try:
            row.day_rule = parse_due_rule(row.day_rule).key
        except ValueError as error:
            raise Refused(str(error), "day_rule") from error


def _template_snapshot(row: Template) -> audit.Snapshot:
    return audit.snapshot(row) | {"kinds": [kind.name for kind in row.kinds.all()]}


def _check_manager(by: Actor) -> None:
    if not by.may(MANAGE_KINDS):
        raise Refused("活动类型、系列和模板由政工处维护。需要增加或修改时请与政工处联系。")


def _new(model: type[R], code: str, by: Actor, key: uuid.UUID | None) -> R:
    row = model(bureau_id=by.bureau_id, key=code_for(model, code, by.bureau_id))
    if key is not None:
        row.pk = key
    return row


def _put(row: BureauRow, values: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        if name in values:
            setattr(row, name, values[name])
