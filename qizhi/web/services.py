"""What several apps must do together, by the floor above them."""

from __future__ import annotations

import uuid
from typing import IO, cast

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor, system
from qizhi.culture.services import load_standard_work_kinds
from qizhi.gatherings.services.standard import load_standard_kinds, load_standard_templates
from qizhi.org.models import Account, Bureau, Unit
from qizhi.org.permissions import MANAGE_PEOPLE
from qizhi.org.queries import actor_of
from qizhi.org.services.transfer import import_bureau
from qizhi.org.services.units import FirstStart, start_bureau
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.regulations.services.national import load_national_regulations
from qizhi.web.models import Feed, FeedScope
from qizhi.web.queries.feeds import may_read, token_digest


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
    load_standard_work_kinds(bureau, by=by)


@transaction.atomic
def restore_house(source: IO[bytes], *, username: str, password: str) -> Account:
    """Take an archive into an empty copy and let one of its accounts log in.

    Raises:
        Refused: the copy is not empty, the archive cannot be read, or the account is not in it, is disabled,
            or could give nobody else a password.
    """
    if Bureau.objects.exists():
        message = "这个库里已经有单位了，归档只能导入空库。"
        raise Refused(message)
    import_bureau(source, by_label="首次启动")
    account = Account.objects.filter(username=username).first()
    if account is None:
        message = f"归档里没有用户名“{username}”，没有导入。请核对用户名。"
        raise Refused(message, "username")
    if not account.is_active:
        raise Refused(f"归档里的账号“{username}”已停用，没有导入。请换一个账号。", "username")
    others = Account.objects.filter(is_active=True).exclude(pk=account.pk).select_related("bureau", "person")
    if not _may_open(account) and any(map(_may_open, others)):
        message = (
            f"账号“{username}”不能为别人重设密码，没有导入：其他人会都登录不了。请换人事或政工处的账号。"
        )
        raise Refused(message, "username")
    account.set_password(password)
    account.save(update_fields=["password"])
    return account


def _may_open(account: Account) -> bool:
    return actor_of(account).may(MANAGE_PEOPLE)


@transaction.atomic
def open_feed(
    *,
    scope: str,
    unit: Unit | None,
    token: str,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Feed:
    """Let a calendar be read under a secret address; neither the row nor the log holds the secret.

    Args:
        scope: whose calendar, a value of `FeedScope`.
        unit: which unit's, for that scope only.
        token: the secret part of the address.
        by: for whom; what they may see decides at every reading what stands in it.
        id: of the row to make; a second click finds it and makes no other.

    Raises:
        Refused: the account belongs to no person, or that calendar is not for them.
    """
    known: Feed | None = Feed.objects.filter(bureau_id=by.bureau_id, pk=id).first() if id else None
    if known is not None and known.owner_id == by.person_id and known.token_digest == token_digest(token):
        return known
    if by.person_id is None or known is not None:
        message = "这个账号没有对应的人员，不能订阅日历。请联系人事干部。"
        raise Refused(message if known is None else "这份表单已经提交过。请重新打开页面。")
    unit = unit if scope == FeedScope.UNIT else None
    if not may_read(by, scope, unit):
        message = "这个范围的日历不在您可以查看的范围内。请另选一个。"
        raise Refused(message, "unit" if scope == FeedScope.UNIT else "scope")
    feed = Feed(
        bureau_id=by.bureau_id,
        owner_id=by.person_id,
        scope=scope,
        unit=unit,
        token_digest=token_digest(token),
        made_at=clock.now(),
    )
    feed.pk = id or feed.pk
    feed.save(force_insert=True)
    audit.record("web.issue_feed", feed, by=by, after=_told(feed))
    return feed


@transaction.atomic
def revoke_feed(feed: Feed, *, by: Actor) -> Feed:
    """Let the address open nothing any more; asking again changes nothing."""
    if feed.revoked_at is None:
        before = _told(feed)
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at"])
        audit.record("web.revoke_feed", feed, by=by, before=before, after=_told(feed))
    return feed


def _told(feed: Feed) -> audit.Snapshot:
    values = audit.snapshot(feed)
    return {name: values[name] for name in ("scope", "unit_id", "revoked_at")}
