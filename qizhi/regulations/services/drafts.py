"""What holds for every change of a draft, whichever part of it changes."""

from __future__ import annotations

from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.org.models import Account
from qizhi.regulations.models import Version


def check_draft(version: Version) -> None:
    """Refuse to touch a published version."""
    if not version.is_draft:
        raise Refused(f"“{version.label}”已发布，内容不能再改。请以它为底稿新建版本，修改后发布。")


def why_not_second(version: Version, by: Actor) -> str:
    """Why the person may not publish the draft; empty for somebody else than who made the last change."""
    if by.account_id is None and version.changed_by_id is not None:
        return "这份草稿由人修改过，没有发布。请由有发布权限的同志登录后核对、发布，不能由命令发布。"
    changed = Account.objects.filter(pk=version.changed_by_id).first() if version.changed_by_id else None
    if changed is None or not changed.is_of(by):
        return ""
    return (
        "最后修改这份草稿的是您本人，没有发布。判定条款须由两人经手："
        "请由另一位有发布权限的同志（如机关党委书记）核对后发布。"
    )


def check_second_person(version: Version, by: Actor) -> None:
    """Refuse who made the last change of a draft: rules that judge people are seen by two."""
    if problem := why_not_second(version, by):
        raise Refused(problem)


def mark_changed(version: Version, by: Actor) -> None:
    """Note who changed a draft last, for its clauses and cases as well."""
    # A command does not take away that a person has changed it.
    version.changed_by_id = by.account_id or version.changed_by_id
    version.save(update_fields=["changed_by_id"])
