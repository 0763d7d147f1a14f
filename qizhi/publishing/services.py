"""Changes to complaints: each in one transaction, with one event in the log that never holds the text.

Who writes without a name is not in the log either: the event says 未署名 and nothing else.
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor, system
from qizhi.org.models import Person
from qizhi.publishing.enums import ComplaintKind, ComplaintState, ReplyKind
from qizhi.publishing.models import Complaint, Reply
from qizhi.publishing.queries import working_days_on
from qizhi.publishing.rules import CODE_LENGTH, CODE_SIGNS, code_digest, plain_code

_LOGGED = ("kind", "state", "waits_since", "working_days")


def new_code() -> str:
    """A code that nobody guesses; the form carries it, so that a double click shows the same one."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


@transaction.atomic
def send_complaint(
    *,
    kind: str,
    text: str,
    page: str,
    by: Actor,
    code: str = "",
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Complaint:
    """Take a complaint or suggestion.

    Args:
        kind: which of the two.
        text: what is said.
        page: address of the page it speaks of, without its questions: they may hold what was searched for.
        by: who sends; with a code it is stored nowhere.
        code: the way back to the answer for who gives no name; empty to sign.
        id: of the row to make; a second click finds it and makes no other.

    Raises:
        Refused: nothing is said, there is neither name nor code, or the id was used for another one.
    """
    signer = None if code else _person(by)
    digest = code_digest(plain_code(code)) if plain_code(code) else ""
    if id is not None and (known := _known_complaint(id, signer, digest, by)) is not None:
        return known
    _check(text, has_way_back=signer is not None or bool(digest))
    complaint = Complaint(
        bureau_id=by.bureau_id,
        kind=ComplaintKind(kind),
        text=text.strip(),
        page=page.partition("?")[0],
        sent_by=signer,
        code_digest=digest,
        sent_at=clock.now(),
        waits_since=clock.today(),
        working_days=working_days_on(by.bureau_id, clock.today()),
    )
    complaint.pk = id or complaint.pk
    complaint.save(force_insert=True)
    audit.record("publishing.send", complaint, by=_logged_as(complaint, by), after=_told(complaint))
    return complaint


@transaction.atomic
def answer_complaint(
    complaint: Complaint,
    *,
    text: str,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Reply:
    """Answer; a further answer to an answered one adds to it, the same id sent again adds nothing.

    Raises:
        Refused: nothing is said.
    """
    if (known := _known(complaint, id)) is not None:
        return known
    if not text.strip():
        message = "还没有写答复。"
        raise Refused(message, "text")
    reply = _say(complaint, ReplyKind.ANSWER, text, _person(by), id)
    before = _told(complaint)
    complaint.state = ComplaintState.ANSWERED
    complaint.save(update_fields=["state"])
    audit.record("publishing.answer", complaint, by=by, before=before, after=_told(complaint))
    return reply


@transaction.atomic
def reopen_complaint(
    complaint: Complaint,
    *,
    because: str,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Reply:
    """Say that the answer was not enough; a new term begins. The same id sent again adds nothing.

    Raises:
        Refused: there is no answer yet, or nothing is said.
    """
    if (known := _known(complaint, id)) is not None:
        return known
    if complaint.is_waiting:
        message = "这一条还在等待答复，不用再次提出。"
        raise Refused(message)
    if not because.strip():
        message = "请写明还有什么没有说清楚。"
        raise Refused(message, "because")
    reply = _say(complaint, ReplyKind.REOPENING, because, complaint.sent_by, id)
    before = _told(complaint)
    complaint.state, complaint.waits_since = ComplaintState.WAITING, clock.today()
    complaint.working_days = working_days_on(complaint.bureau_id, clock.today())
    complaint.save(update_fields=["state", "waits_since", "working_days"])
    by = _logged_as(complaint, by)
    audit.record("publishing.reopen", complaint, by=by, before=before, after=_told(complaint))
    return reply


def _person(by: Actor) -> Person | None:
    return Person.objects.filter(bureau_id=by.bureau_id, pk=by.person_id).first() if by.person_id else None


def _check(text: str, *, has_way_back: bool) -> None:
    if not has_way_back:
        message = "这个账号没有对应的人员，无法署名。请勾选“不署名”，凭查询码看答复。"
        raise Refused(message, "is_unsigned")
    if not text.strip():
        message = "还没有写内容。"
        raise Refused(message, "text")


def _known_complaint(key: uuid.UUID, signer: Person | None, digest: str, by: Actor) -> Complaint | None:
    """The row of that key if the same person (or code) asks again; to anybody else it is not shown."""
    known: Complaint | None = Complaint.objects.filter(pk=key).first()
    is_same = known is None or (
        known.bureau_id == by.bureau_id
        and known.code_digest == digest
        and known.sent_by_id == (signer.pk if signer else None)
    )
    if not is_same:
        message = "这份表单已经提交过。请重新打开页面再写一条。"
        raise Refused(message)
    return known


def _known(complaint: Complaint, reply_id: uuid.UUID | None) -> Reply | None:
    return complaint.replies.filter(pk=reply_id).first() if reply_id else None


def _say(
    complaint: Complaint, kind: ReplyKind, text: str, said_by: Person | None, reply_id: uuid.UUID | None
) -> Reply:
    reply = Reply(
        bureau_id=complaint.bureau_id,
        complaint=complaint,
        kind=kind,
        text=text.strip(),
        said_by=said_by,
        said_at=clock.now(),
    )
    reply.pk = reply_id or reply.pk
    reply.save(force_insert=True)
    return reply


def _told(complaint: Complaint) -> dict[str, Any]:
    values = audit.snapshot(complaint)
    return {name: values[name] for name in _LOGGED}


def _logged_as(complaint: Complaint, by: Actor) -> Actor:
    return by if complaint.sent_by_id else system(complaint.bureau_id, "未署名")
