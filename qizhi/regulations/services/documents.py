"""Documents and their other names."""

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
from qizhi.regulations.enums import Confirmation
from qizhi.regulations.models import Regulation, RegulationAlias
from qizhi.regulations.services.index import index_names

FIELDS = ("code", "title", "doc_no", "issuer", "level", "replaced_by", "confirmation")
NAMES = {"title": "名称", "doc_no": "文号", "issuer": "发文机关"}
CHECKED = (Confirmation.SEEN, Confirmation.DESCRIBED)
"""The states of somebody having looked."""


@transaction.atomic
def add_regulation(
    *,
    values: Mapping[str, Any],
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Regulation:
    """Add a document to the actor's bureau.

    Args:
        values: the fields of `FIELDS`; without a code it gets the next free one.
        by: who adds it.
        id: the key made with the form; the same key twice (a double click) returns the first row.

    Raises:
        Refused: the code is taken in this bureau.
    """
    key = id or new_id()
    existing = made_before(Regulation, key, by.bureau_id)
    if existing is not None:
        return existing
    known = {name: values[name] for name in FIELDS if name in values}
    row = Regulation(pk=key, bureau_id=by.bureau_id, **known)
    if not row.code:
        codes = Regulation.objects.filter(bureau_id=by.bureau_id).values_list("code", flat=True)
        row.code = free_key("document", set(codes))
    _check_code(row)
    row.save(force_insert=True)
    index_names(row)
    audit.record("regulations.add", row, by=by)
    return row


@transaction.atomic
def edit_regulation(*, regulation: Regulation, values: Mapping[str, Any], by: Actor) -> Regulation:
    """Change what a document is called and by what it is replaced; its words are changed by a new version.

    Raises:
        Refused: the code is taken, the chain of replacements would lead back to the document itself, or a
            version is published: then the document keeps its code, and its name once that was checked.
    """
    _check_names(regulation, values)
    before = audit.snapshot(regulation)
    _check_replacement(regulation, values.get("replaced_by"))
    for name in FIELDS:
        if name in values and (values[name] or name != "code"):
            setattr(regulation, name, values[name])
    _check_code(regulation)
    regulation.save()
    index_names(regulation)
    audit.record("regulations.edit", regulation, by=by, before=before)
    return regulation


@transaction.atomic
def add_alias(*, regulation: Regulation, name: str, by: Actor) -> RegulationAlias:
    """Give a document another name; the same name again changes nothing."""
    clean = name.strip().strip("《》")
    if not clean:
        raise Refused("别名是空的，没有添加。请填写大家平时对这份文件的叫法。", "name")
    alias, is_new = RegulationAlias.objects.get_or_create(
        bureau_id=regulation.bureau_id, regulation=regulation, name=clean
    )
    if is_new:
        index_names(regulation)
        audit.record("regulations.add_alias", alias, by=by)
    return alias


@transaction.atomic
def remove_alias(*, alias: RegulationAlias, by: Actor) -> None:
    """Take a name away."""
    audit.record("regulations.remove_alias", alias, by=by, before=audit.snapshot(alias), after={})
    regulation = alias.regulation
    alias.delete()
    index_names(regulation)


def kept_names(regulation: Regulation) -> list[str]:
    """The fields of a document that no longer change."""
    if not regulation.versions.published().exists():
        return []
    return ["code", *NAMES] if regulation.confirmation in CHECKED else ["code"]


def _check_names(regulation: Regulation, values: Mapping[str, Any]) -> None:
    """What people are judged by keeps its name; one that waits for its check is corrected with that check."""
    if not regulation.versions.published().exists():
        return
    if values.get("code") and values["code"] != regulation.code:
        message = f"{regulation}已有发布的版本，核算结果按代码“{regulation.code}”对应，代码不能再改。"
        raise Refused(message, "code")
    changed = [name for name in NAMES if name in values and values[name] != getattr(regulation, name)]
    was, now = regulation.confirmation, values.get("confirmation", regulation.confirmation)
    if was in CHECKED and now not in CHECKED:
        raise Refused(f"{regulation}已有发布的版本，核对过的不能改回待核实。", "confirmation")
    if not changed or (was not in CHECKED and now in CHECKED):
        return
    advice = (
        "名称、文号以新文件为准的，请登记新文件，并在这里写明被它替代。"
        if was in CHECKED
        else "核对原文以后，请把核对状态改为“已核对原文”，与更正一并保存。"
    )
    word = NAMES[changed[0]]
    message = f"{regulation}已有发布的版本，{word}不能再改：已有的发现和事项都引用它。{advice}"
    raise Refused(message, changed[0])


def _check_code(row: Regulation) -> None:
    taken = Regulation.objects.filter(bureau_id=row.bureau_id, code=row.code).exclude(pk=row.pk).first()
    if taken is not None:
        raise Refused(f"代码“{row.code}”已用于{taken}，没有保存。请换一个代码。", "code")


def _check_replacement(regulation: Regulation, replaced_by: Regulation | None) -> None:
    seen = {regulation.pk}
    follow = replaced_by
    while follow is not None:
        if follow.pk in seen:
            raise Refused(f"{replaced_by}已被本文件替代，不能互相替代。请另选或留空。", "replaced_by")
        seen.add(follow.pk)
        follow = follow.replaced_by
