"""What people may do about the own records: ask for a correction; come in with a code on paper."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import replace

from django.db import transaction

from qizhi.conduct.enums import CorrectionStatus
from qizhi.conduct.models import Correction, PrintedCode
from qizhi.conduct.queries.rights import correction_days_on
from qizhi.conduct.rules.codes import LENGTH, MOST_DAYS, OPEN_FOR, SIGNS, code_hash, plain_code
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.org.models import Person
from qizhi.publishing.rules import answer_due_on
from qizhi.regulations.queries import calendar_for

_LOGGED = ("person_id", "asked_on", "due_on", "status", "answered_by_id", "answered_on")
MOST_WAITING = 50


@transaction.atomic
def ask_correction(
    *,
    person: Person,
    about: str,
    text: str,
    by: Actor,
    address: str = "",
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Correction:
    """Say that a record about oneself is wrong; an answer is due in working days.

    Raises:
        Refused: somebody else's record, nothing is said, or so many wait that nobody typed them.
    """
    if (known := made_before(Correction, id, by.bureau_id)) is not None:
        _own(known.person_id, by)
        return known
    _own(person.pk, by)
    if not about.strip():
        raise Refused("请写明是哪条记录。", "about")
    if not text.strip():
        raise Refused("请写明哪里不对、应是什么。", "text")
    waiting = Correction.objects.filter(
        bureau_id=by.bureau_id, person=person, status=CorrectionStatus.WAITING
    )
    if waiting.count() >= MOST_WAITING:
        raise Refused(f"您已有 {MOST_WAITING} 条申请在等待答复。请等答复以后再提，或写在一条里。")
    today = clock.today()
    days, _ = correction_days_on(by.bureau_id, today)
    row = Correction(
        bureau_id=by.bureau_id,
        person=person,
        about=about.strip(),
        address=address,
        text=text.strip(),
        asked_on=today,
        due_on=answer_due_on(today, days, calendar_for(by.bureau_id)),
    )
    row.pk = id or row.pk
    row.save(force_insert=True)
    audit.record("conduct.ask_correction", row, by=by, after=_told(row))
    return row


def _own(person_id: uuid.UUID, by: Actor) -> None:
    if by.person_id is None or by.person_id != person_id:
        raise Refused("只能就本人的记录申请更正。请由本人提出。")


@transaction.atomic
def answer_correction(correction: Correction, *, status: str, answer: str, by: Actor) -> Correction:
    """Answer: the record was corrected, or why it stays; somebody else than who asked.

    Raises:
        Refused: one's own request, an answered one, no reason, or an account without a person.
    """
    row = Correction.objects.select_for_update().get(pk=correction.pk)
    if by.person_id is None:
        raise Refused("这个账号没有对应的人员，不能答复。请联系人事干部。")
    if row.person_id == by.person_id:
        raise Refused("不能答复本人提出的申请。请由另一位有权限的人答复。")
    if row.status != CorrectionStatus.WAITING:
        raise Refused("这一条已经答复过。请刷新页面看答复。")
    if status not in {CorrectionStatus.CORRECTED, CorrectionStatus.DECLINED}:
        raise Refused("请选择已更正还是不予更正。", "status")
    if not answer.strip():
        raise Refused("请写答复：改了什么，或为什么不改。", "answer")
    before = _told(row)
    row.status, row.answer = CorrectionStatus(status), answer.strip()
    row.answered_by_id, row.answered_on = by.person_id, clock.today()
    row.save(update_fields=["status", "answer", "answered_by", "answered_on"])
    audit.record("conduct.answer_correction", row, by=by, before=before, after=_told(row))
    return row


def _told(row: Correction) -> audit.Snapshot:
    """Days and people; the words stand in the row alone, and not even which record it is."""
    values = audit.snapshot(row)
    return {name: values[name] for name in _LOGGED}


def new_code() -> str:
    """A code that nobody guesses; the form carries it, so that a double click prints the same one."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


@transaction.atomic
def make_code(
    *,
    person: Person,
    code: str,
    days: int,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> PrintedCode:
    """Make a code for a person that opens the own page once; neither row nor log holds the code.

    Raises:
        Refused: for oneself, who has an account; for somebody who left long ago; or days that cannot be.
    """
    plain = plain_code(code)
    if not plain:
        raise Refused("查询码不完整。请重新打开页面。")
    known = made_before(PrintedCode, id, by.bureau_id)
    if known is not None:
        if known.person_id != person.pk or known.hash != code_hash(plain):
            raise Refused("这份表单已经用过，没有再做新码。请重新打开页面。")
        return known
    if person.pk == by.person_id:
        raise Refused("您有账号，登录后打开“我的记录”就行，不用给自己做查询码。", "person")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"有效期为 1 至 {MOST_DAYS} 天。", "days")
    row = PrintedCode(
        bureau_id=by.bureau_id,
        person=person,
        hash=code_hash(plain),
        made_by_label=by.label[:100],
        expires_on=clock.today() + dt.timedelta(days=days),
    )
    row.pk = id or row.pk
    row.save(force_insert=True)
    audit.record("conduct.make_code", row, by=by, after=_code_told(row))
    return row


@transaction.atomic
def revoke_code(code: PrintedCode, *, by: Actor) -> PrintedCode:
    """Let a code open nothing any more, and close what it has opened."""
    before = _code_told(code)
    code.expires_on = min(code.expires_on, clock.today() - dt.timedelta(days=1))
    code.save(update_fields=["expires_on"])
    audit.record("conduct.revoke_code", code, by=by, before=before, after=_code_told(code))
    return code


@transaction.atomic
def use_code(typed: str) -> PrintedCode | None:
    """Use a code up; None for one that is wrong, used, revoked or too old, and nobody learns which.

    Two people at the same moment: the row is changed by one of them alone.
    """
    plain = plain_code(typed)
    if not plain:
        return None
    rows = PrintedCode.objects.filter(
        hash=code_hash(plain), used_at__isnull=True, expires_on__gte=clock.today()
    )
    if not rows.update(used_at=clock.now()):
        return None
    code = PrintedCode.objects.select_related("person", "bureau").get(hash=code_hash(plain))
    before = {**_code_told(code), "used_at": None}
    audit.record("conduct.use_code", code, by=holder_of(code), before=before, after=_code_told(code))
    return code


def holder_of(code: PrintedCode) -> Actor:
    """Who comes in with a code: the person, without an account and without a single permission."""
    label = f"{code.person.name}（一次性查询码）"
    nobody = Actor(None, label, code.bureau_id, code.person_id)
    return replace(nobody, bureau_name=str(code.bureau))


def is_still_open(code: PrintedCode) -> bool:
    """Whether what a code has opened is still open."""
    now = clock.now()
    is_fresh = code.used_at is not None and code.used_at <= now < code.used_at + OPEN_FOR
    return is_fresh and code.expires_on >= clock.today()


def _code_told(code: PrintedCode) -> audit.Snapshot:
    values = audit.snapshot(code)
    return {name: values[name] for name in ("person_id", "expires_on", "used_at")}
