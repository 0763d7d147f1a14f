"""Versions of documents: a draft is edited freely, a published one stands."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qizhi.core import audit, periods
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.regulations.enums import VersionStatus
from qizhi.regulations.kinds import ParameterError, kind_by_key
from qizhi.regulations.models import Clause, ClauseCase, Regulation, Version
from qizhi.regulations.rules import overlap
from qizhi.regulations.services.clause_cases import check_cases
from qizhi.regulations.services.drafts import check_draft, check_second_person
from qizhi.regulations.services.index import index_clauses, index_version

FIELDS = ("label", "published_on", "effective_from", "effective_to", "text", "confirmation")
ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def add_version(
    *,
    regulation: Regulation,
    values: Mapping[str, Any],
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Version:
    """Begin an empty draft; asking again with the same id returns the one that is there.

    Raises:
        Refused: the document has a draft already, or its days are those of a published version.
    """
    if (known := made_before(Version, id, regulation.bureau_id)) is not None:
        return known
    _check_no_draft(regulation)
    version = Version(
        pk=id or new_id(),
        bureau_id=regulation.bureau_id,
        regulation=regulation,
        changed_by_id=by.account_id,
        loaded_from=_source(by),
        **{name: values[name] for name in FIELDS if name in values},
    )
    _followed(version, "没有保存")
    version.save(force_insert=True)
    index_version(version)
    audit.record("regulations.add_version", version, by=by)
    return version


@transaction.atomic
def clone_version(
    *,
    version: Version,
    label: str,
    effective_from: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Version:
    """Begin a draft with the words and clauses of a version.

    Args:
        version: what to start from, usually the one in force.
        label: name of the new version.
        effective_from: its first day; it can still be changed.
        by: who begins it.
        id: the key made with the form; the same key twice (a double click) returns the first row.

    Raises:
        Refused: the document has a draft already, or its days are those of a published version.
    """
    if (known := made_before(Version, id, version.bureau_id)) is not None:
        return known
    _check_no_draft(version.regulation)
    draft = Version(
        pk=id or new_id(),
        bureau_id=version.bureau_id,
        regulation=version.regulation,
        label=label,
        effective_from=effective_from,
        text=version.text,
        confirmation=version.confirmation,
        changed_by_id=by.account_id,
        loaded_from=_source(by),
    )
    _followed(draft, "没有保存")
    draft.save(force_insert=True)
    clauses = _copy_clauses(version, draft)
    index_clauses(draft)
    audit.record(
        "regulations.clone_version",
        draft,
        by=by,
        after={**audit.snapshot(draft), "cloned_from": str(version.pk), "clauses": clauses},
    )
    return draft


def _copy_clauses(version: Version, draft: Version) -> int:
    """Give the draft the clauses of a version with their golden cases; how many clauses."""
    clauses = list(Clause.objects.filter(bureau_id=version.bureau_id, version=version))
    cases = list(ClauseCase.objects.filter(bureau_id=version.bureau_id, clause__version=version))
    copies = {clause.pk: new_id() for clause in clauses}
    for case in cases:
        case.pk, case.clause_id = new_id(), copies[case.clause_id]
        case._state.adding = True  # noqa: SLF001 - Django's documented way to copy a row
    for clause in clauses:
        clause.pk, clause.version = copies[clause.pk], draft
        clause._state.adding = True  # noqa: SLF001 - as above
    Clause.objects.bulk_create(clauses)
    ClauseCase.objects.bulk_create(cases)
    return len(clauses)


@transaction.atomic
def edit_version(*, version: Version, values: Mapping[str, Any], by: Actor) -> Version:
    """Change a draft's name, dates and words; Refused for a published version and for days of another one."""
    check_draft(version)
    before = audit.snapshot(version)
    for name in FIELDS:
        if name in values:
            setattr(version, name, values[name])
    _followed(version, "没有保存")
    version.changed_by_id = by.account_id or version.changed_by_id
    version.save()
    index_version(version)
    audit.record("regulations.edit_version", version, by=by, before=before)
    return version


@transaction.atomic
def discard_draft(*, version: Version, by: Actor) -> None:
    """Throw a draft away; Refused for a published version."""
    check_draft(version)
    audit.record("regulations.discard_draft", version, by=by, before=audit.snapshot(version), after={})
    version.delete()


@transaction.atomic
def publish_version(*, version: Version, by: Actor) -> Version:
    """Put a draft into force from its first day on.

    An open version that began earlier ends on the day before. Any other shared day is refused: which of two
    versions held on a day decides how people were judged.

    Raises:
        Refused: not a draft; days shared with a published version; a clause whose kind is unknown or whose
            parameters the kind cannot use; a golden case that does not hold; the same person made the last
            change; a command would end what people have put into force.
    """
    check_draft(version)
    check_second_person(version, by)
    _check_clauses(version)
    check_cases(version)
    earlier = _followed(version, "没有发布")
    before = audit.snapshot(version)
    _sign(version, earlier, by)
    if earlier is not None:
        _end(earlier, version, by)
    version.status = VersionStatus.PUBLISHED
    version.save(update_fields=["status"])
    after = audit.snapshot(version)
    if earlier is not None:
        after["follows"] = str(earlier.pk)
    audit.record("regulations.publish_version", version, by=by, before=before, after=after)
    return version


def _check_no_draft(regulation: Regulation) -> None:
    draft = regulation.versions.filter(status=VersionStatus.DRAFT).first()
    if draft is not None:
        raise Refused(f"{regulation}已有草稿“{draft.label}”，没有新建。请先发布或删除那份草稿。")


def _check_clauses(version: Version) -> None:
    if (wrong := version.clauses.filter(points__gt=0).first()) is not None:
        raise Refused(f"条款 {wrong.key} 的分值是正数，不能发布。扣分写负数，不扣分的写 0。")
    for clause in version.clauses.filter(is_enabled=True).exclude(kind=""):
        kind = kind_by_key(clause.kind)
        if kind is None:
            raise Refused(
                f"条款 {clause.key} 的判定类型“{clause.kind}”系统里没有，不能发布。请改选或停用该条款。"
            )
        try:
            kind.read(clause.parameters)
        except ParameterError as error:
            raise Refused(f"条款 {clause.key} 的参数有误，不能发布。{error}请修改后再发布。") from error


def _followed(version: Version, done: str) -> Version | None:
    """The open version that the draft will end; refuse any other shared day, at once when it is written."""
    days = (version.effective_from, version.effective_to)
    earlier = None
    for other in version.regulation.versions.published().order_by("effective_from"):
        if other.effective_to is None and other.effective_from < version.effective_from:
            earlier = other
        elif overlap((other.effective_from, other.effective_to), days):
            begun = periods.say_day(other.effective_from)
            message = (
                f"与已发布的“{other.label}”（{begun}起施行）有重叠的日期，{done}。请修改施行日期或失效日期。"
            )
            raise Refused(message, "effective_from")
    return earlier


def _source(by: Actor) -> str:
    """Where a draft comes from that a command begins; empty for one by a person."""
    return "" if by.account_id else by.label[:120]


def _sign(version: Version, earlier: Version | None, by: Actor) -> None:
    """Say by whom it comes into force: the database lets nothing be ended for a draft that nobody has signed.

    A command has no account and signs nothing: of what it has loaded itself it says that it did.
    """
    if by.account_id is None and earlier is not None:
        raise Refused(
            f"现行的“{earlier.label}”不能由命令终止，没有发布。请由有发布权限的同志登录后核对、发布。"
        )
    if by.account_id is None and not version.loaded_from:
        raise Refused("这份草稿没有装入来源，不能由命令发布。请由有发布权限的同志登录后核对、发布。")
    version.published_by_id = by.account_id
    version.loaded_from = "" if by.account_id else version.loaded_from
    version.save(update_fields=["published_by_id", "loaded_from"])


def _end(earlier: Version, version: Version, by: Actor) -> None:
    """Let the open version before hold until the day before."""
    before = audit.snapshot(earlier)
    earlier.effective_to = version.effective_from - ONE_DAY
    earlier.save(update_fields=["effective_to"])
    audit.record("regulations.end_version", earlier, by=by, before=before)
