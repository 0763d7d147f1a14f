"""Kinds of works: data that the office keeps, and those that most bodies need, ready to be edited."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.once import code_for, made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.culture.enums import StandardKind
from qizhi.culture.models import WorkKind
from qizhi.culture.rules import lists_in
from qizhi.org.models import Bureau

FIELDS = ("name", "lists", "note", "is_collected", "is_one_line", "position", "is_active")
FIVE, CONDUCT = "五微", "纪律教育微活动"
"""Two lists of five kinds each that are not the same five."""


@dataclass(frozen=True)
class _Kind:
    key: StandardKind
    lists: tuple[str, ...] = ()
    note: str = ""
    is_collected: bool = True
    is_one_line: bool = False


STANDARD_KINDS = (
    _Kind(StandardKind.ESSAY),
    _Kind(StandardKind.MAXIM, is_one_line=True),
    _Kind(StandardKind.LETTER, (FIVE, CONDUCT), "家人的姓名可以不写；不愿公开的只登记题目"),
    _Kind(StandardKind.LESSON, (FIVE, CONDUCT), "这里收讲稿；讲了的微党课登记为活动，计入党课台账"),
    _Kind(StandardKind.VIDEO, (FIVE, CONDUCT), "内容里写存放的地方，不上传视频"),
    _Kind(StandardKind.STORY, (FIVE,)),
    _Kind(StandardKind.INTERVIEW, (FIVE, CONDUCT), "公开前请受访人同意"),
    _Kind(
        StandardKind.CONDUCT_TEST,
        (CONDUCT,),
        "不收作品：从题库出题，办知识竞赛或由各人自测",
        is_collected=False,
    ),
    _Kind(StandardKind.OTHER),
)


@transaction.atomic
def save_kind(
    kind: WorkKind | None = None,
    *,
    by: Actor,
    key: str = "",
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
    **values: Any,
) -> WorkKind:
    """Make or change a kind of works with the fields of `FIELDS`; its code stays, and so do its calls.

    Args:
        kind: the one to change; a new one if not given.
        by: who does it.
        key: the code of a new one; a free one if it is empty.
        id: the key made with the form; the same key twice returns the first row.
        values: the fields.

    Raises:
        Refused: the code or the name is taken.
    """
    if kind is None and (known := made_before(WorkKind, id, by.bureau_id)) is not None:
        return known
    before = audit.snapshot(kind) if kind else None
    row = kind or _new(key, id, by)
    same = WorkKind.objects.filter(bureau_id=by.bureau_id, name=values["name"]).exclude(pk=row.pk)
    if (other := same.first()) is not None:
        state = "" if other.is_active else "（已停用，可以重新启用）"
        raise Refused(f"已有名为“{other}”的作品类别{state}，请直接修改它。", "name")
    for name in FIELDS:
        setattr(row, name, values[name])
    row.lists = "、".join(lists_in(row.lists))
    row.save()
    audit.record("culture.save_kind", row, by=by, before=before)
    return row


def _new(key: str, pk: uuid.UUID | None, by: Actor) -> WorkKind:
    code = code_for(WorkKind, key, by.bureau_id)
    return WorkKind(bureau_id=by.bureau_id, key=code, **({"id": pk} if pk else {}))


@transaction.atomic
def load_standard_work_kinds(bureau: Bureau, *, by: Actor) -> list[WorkKind]:
    """Add the standard kinds that the bureau has neither by code nor by name; edited ones stay as they are.

    Returns:
        Those that were added.
    """
    known: set[str] = set()
    for pair in WorkKind.objects.filter(bureau=bureau).values_list("key", "name"):
        known.update(pair)
    fresh = [kind for kind in standard_work_kinds(bureau) if not known & {kind.key, kind.name}]
    WorkKind.objects.bulk_create(fresh)
    audit.record_many("culture.save_kind", fresh, by=by)
    return fresh


def standard_work_kinds(bureau: Bureau) -> list[WorkKind]:
    """The standard kinds as rows of a bureau, not yet saved."""
    return [
        WorkKind(
            bureau_id=bureau.pk,
            key=kind.key.value,
            name=str(kind.key.label),
            lists="、".join(kind.lists),
            note=kind.note,
            is_collected=kind.is_collected,
            is_one_line=kind.is_one_line,
            position=number * 10,
        )
        for number, kind in enumerate(STANDARD_KINDS, start=1)
    ]
