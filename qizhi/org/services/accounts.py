"""Accounts after they were opened: passwords, and whether somebody may log in. No event holds a secret.

A changed password ends every session that began with the former one; so does a disabled account.
"""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.org.models import Account, Person

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_password() -> str:
    """A password to begin with, easy to copy from paper; 60 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(3))


@transaction.atomic
def change_password(account: Account, *, old: str, new: str, by: Actor) -> Account:
    """Change the own password.

    Raises:
        Refused: the old one is wrong, or the new one is none.
    """
    if not account.check_password(old):
        raise Refused("现在的密码不对，没有修改。忘记密码请找人事或政工处重设。", "old")
    if old == new:
        raise Refused("新密码和现在的一样，请换一个。", "new")
    _put(account, new, "new")
    _record("org.change_password", account, by)
    return account


@transaction.atomic
def reset_password(account: Account, *, password: str, by: Actor) -> Account:
    """Give somebody a password to begin with; the same again (a second click) changes nothing.

    Raises:
        Refused: it is the own account.
    """
    if account.is_of(by):
        raise Refused("这是您自己的账号，请在“我的记录”里改密码。")
    if account.has_usable_password() and account.check_password(password):
        return account
    _put(account, password, "")
    _record("org.reset_password", account, by)
    return account


@transaction.atomic
def switch_account(account: Account, *, is_active: bool, by: Actor) -> Account:
    """Let somebody log in or not; whoever is logged in is out at once.

    Raises:
        Refused: it is an account of one's own, or the person has another one that is enabled.
    """
    if account.is_of(by):
        raise Refused("不能停用、启用自己的账号，请由另一位人事或政工处的人员办理。")
    if account.is_active == is_active:
        return account
    if is_active:
        check_only(account.person)
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    verb = "org.enable_account" if is_active else "org.disable_account"
    words = ("停用", "启用") if is_active else ("启用", "停用")
    _record(verb, account, by, before={"状态": words[0]}, after={"状态": words[1]})
    return account


def check_only(person: Person | None) -> None:
    """A person has one account to log in with: two would let one person be two where a rule asks for two.

    Raises:
        Refused: there is one already.
    """
    if person is None:
        return
    rows = Account.objects.filter(bureau_id=person.bureau_id, person=person, is_active=True)
    known = rows.order_by("pk").first()
    if known is not None:
        message = (
            f"{person}已有启用的账号“{known.username}”，一个人只能有一个。"
            "忘记密码的，请重设它的密码；要换用户名的，先停用它。"
        )
        raise Refused(message, see=person)


def _put(account: Account, password: str, field: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("".join(error.messages), field) from None
    account.set_password(password)
    account.save(update_fields=["password"])


def _record(
    verb: str,
    account: Account,
    by: Actor,
    before: audit.Snapshot | None = None,
    after: audit.Snapshot | None = None,
) -> None:
    """The event stands with the person, as that of the opening does."""
    row: Person | Account = account.person or account
    audit.record(verb, row, by=by, before=before, after={"用户名": account.username} | (after or {}))
