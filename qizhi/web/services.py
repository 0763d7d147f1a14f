"""What several apps must do together, by the floor above them."""

from __future__ import annotations

from typing import IO, cast

from django.db import transaction

from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor, system
from qizhi.gatherings.services.standard import load_standard_kinds, load_standard_templates
from qizhi.org.models import Account, Bureau
from qizhi.org.services.transfer import import_bureau
from qizhi.org.services.units import FirstStart, start_bureau
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.regulations.services.national import load_national_regulations


@transaction.atomic
def open_house(first: FirstStart) -> Account:
    """Start a bureau with everything that no bureau should have to type: calendar, rules, kinds, texts.

    Raises:
        Refused: a bureau exists already.
    """
    account = start_bureau(first)
    bureau = cast("Bureau", account.bureau)
    load_standards(bureau, by=system(bureau.pk, "首次启动"))
    return account


def load_standards(bureau: Bureau, *, by: Actor) -> None:
    """Load what is the same everywhere; safe to repeat."""
    load_national_calendar(bureau, by=by)
    load_national_regulations(bureau, by=by)
    load_standard_kinds(bureau, by=by)
    load_standard_templates(bureau, by=by)


@transaction.atomic
def restore_house(source: IO[bytes], *, username: str, password: str) -> Account:
    """Take an archive into an empty copy and let one of its accounts log in.

    Raises:
        Refused: the copy is not empty, the archive cannot be read, or the account is not in it.
    """
    if Bureau.objects.exists():
        message = "这个库里已经有单位了，归档只能导入空库。"
        raise Refused(message)
    import_bureau(source, by_label="首次启动")
    account = Account.objects.filter(username=username).first()
    if account is None:
        message = f"归档里没有用户名“{username}”，没有导入。请核对用户名。"
        raise Refused(message, "username")
    account.set_password(password)
    account.save(update_fields=["password"])
    return account
