"""Bulletins: prepared by one person, approved by another, and then as they are for good."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from django.db import IntegrityError, transaction

from qizhi.conduct.enums import BulletinStatus
from qizhi.conduct.models import Bulletin, Case
from qizhi.conduct.queries.bulletins import compose, fingerprint, people_concerned
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.rules.bulletins import days_of, names_in, private_in
from qizhi.core import audit, clock, periods
from qizhi.core.documents.wording import is_document_number
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau, Person

_NUMBER = re.compile(r".+〔(?P<year>\d{4})〕(?P<serial>[1-9]\d*)号")


@dataclass(frozen=True)
class BulletinText:
    """What people write into a bulletin: words before and after the numbers, and whether it names people."""

    opening: str = ""
    closing: str = ""
    has_names: bool = False


@transaction.atomic
def prepare_bulletin(
    *,
    year: int,
    number: int,
    text: BulletinText,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Bulletin:
    """Draft bulletin `number` of a year; the same form again makes no other.

    Raises:
        Refused: its two months are not over; there is one already; or the words hold what must not stand
            there.
    """
    if (known := made_before(Bulletin, id, by.bureau_id)) is not None:
        return known
    days = days_of(year, number)
    if days.end >= clock.today():
        raise Refused(f"{days.label}还没有过完，过完以后才能起草这一期。", "period")
    if Bulletin.objects.filter(bureau_id=by.bureau_id, year=year, number=number).exists():
        raise Refused(f"{year}年第{number}期已经有了，请打开那一期修改。", "period")
    _check_text(text, days, by)
    row = Bulletin(
        **({"id": id} if id else {}),
        bureau_id=by.bureau_id,
        year=year,
        number=number,
        start=days.start,
        end=days.end,
        prepared_by=_writer(by),
        **vars(text),
    )
    row.save(force_insert=True)
    audit.record("conduct.prepare_bulletin", row, by=by)
    return row


@transaction.atomic
def change_bulletin(row: Bulletin, *, text: BulletinText, by: Actor) -> Bulletin:
    """Change the words of a draft; whoever changed it last has prepared it and cannot approve it.

    Raises:
        Refused: it is approved; or the words hold what must not stand there.
    """
    row = _draft(row)
    _check_text(text, Period(row.start, row.end), by)
    before = audit.snapshot(row)
    row.opening, row.closing, row.has_names = text.opening, text.closing, text.has_names
    row.prepared_by = _writer(by)
    row.save()
    audit.record("conduct.change_bulletin", row, by=by, before=before)
    return row


@transaction.atomic
def remove_bulletin(row: Bulletin, *, by: Actor) -> None:
    """Give up a draft.

    Raises:
        Refused: it is approved.
    """
    row = _draft(row)
    audit.record("conduct.remove_bulletin", row, by=by, before=audit.snapshot(row), after={})
    row.delete()


@transaction.atomic
def approve_bulletin(row: Bulletin, *, doc_no: str, issued_on: dt.date, seen: str, by: Actor) -> Bulletin:
    """Approve a draft: what it says today is frozen, with number and day.

    Args:
        row: the draft.
        doc_no: its number.
        issued_on: day of the paper.
        seen: fingerprint of what the approver looked at.
        by: who approves.

    Raises:
        Refused: it is approved already; the approver prepared it or is concerned by one of its cases; number
            or day cannot be; the words hold what must not stand there; or cases moved since somebody looked.
    """
    row = _draft(row)
    if row.prepared_by_id == by.person_id or by.person_id is None:
        raise Refused("起草人不能签发自己起草的通报，请由另一位有权签发的人签发。")
    text = BulletinText(row.opening, row.closing, row.has_names)
    _check_text(text, Period(row.start, row.end), by)
    _check_number(row, doc_no, issued_on)
    content = compose(row)
    if Case.objects.filter(pk__in=content["case_ids"], person_id=by.person_id).exists():
        raise Refused("本期事项中有涉及您本人的，请由另一位有权签发的人签发。")
    if seen != fingerprint(row, content):
        raise Refused("没有签发：您查看之后，事项或文字有了变化。请重新核对正文，再签发。")
    before = audit.snapshot(row)
    # The head too is frozen: the bureau may be renamed later.
    bureau = Bureau.objects.get(pk=by.bureau_id)
    row.content = {**content, "mark": bureau.mark or bureau.name, "signer": bureau.signer}
    row.doc_no, row.issued_on = doc_no, issued_on
    row.status, row.approved_by_id = BulletinStatus.APPROVED, by.person_id
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("没有签发：起草和签发必须是两个人。") from error
    audit.record("conduct.approve_bulletin", row, by=by, before=before)
    return row


def next_doc_no(bureau: Bureau, day: dt.date) -> str:
    """The next free number of bulletins of the year; empty where the bureau has no prefix.

    Bulletins have a row of numbers of their own (代字加“通”), so that they never take one of another paper.
    """
    if not bureau.doc_prefix:
        return ""
    start = f"{bureau.doc_prefix}通〔{day.year}〕"
    used = Bulletin.objects.filter(bureau_id=bureau.pk, doc_no__startswith=start)
    found = (_NUMBER.fullmatch(number) for number in used.values_list("doc_no", flat=True))
    return f"{start}{max((int(one['serial']) for one in found if one), default=0) + 1}号"


def _draft(row: Bulletin) -> Bulletin:
    """The draft as it is now, held against a second click."""
    held = Bulletin.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.status == BulletinStatus.APPROVED:
        raise Refused(f"{held}已经签发，不能再改。事项以后有变化的，在下一期更正。")
    return held


def _writer(by: Actor) -> Person:
    person = Person.objects.filter(bureau_id=by.bureau_id, pk=by.person_id).first() if by.person_id else None
    if person is None:
        raise Refused("这个账号没有对应的人员，不能起草通报。请人事干部把账号与人员连起来。")
    return person


def _check_text(text: BulletinText, days: Period, by: Actor) -> None:
    procedure = procedure_on(by.bureau_id, days.end)
    if text.has_names and not procedure.names_in_bulletins:
        raise Refused("办理程序的条款没有允许点名（“通报可以点名”为否），请不要勾选。", "has_names")
    names = () if text.has_names else people_concerned(by.bureau_id, days)
    for field, words in (("opening", text.opening), ("closing", text.closing)):
        if private_in(words):
            raise Refused("文字里有像是身份证号或电话号码的数字，通报不得载明，请删去。", field)
        if found := names_in(words, names):
            raise Refused(f"文字里出现了事项当事人的姓名（{'、'.join(found)}），本期不点名，请删去。", field)


def _check_number(row: Bulletin, doc_no: str, issued_on: dt.date) -> None:
    if not is_document_number(doc_no):
        raise Refused(
            "发文字号的写法不对。应为“代字〔四位年份〕序号号”，例如“示检党通〔2018〕1号”。", "doc_no"
        )
    if f"〔{issued_on.year}〕" not in doc_no:
        raise Refused("发文字号的年份与印发日期的年份不一致。请改其中一个。", "doc_no")
    if not row.end < issued_on <= clock.today():
        first = periods.say_day(row.end + dt.timedelta(days=1))
        raise Refused(f"印发日期应在{first}到今天之间，请核对。", "issued_on")
    if Bulletin.objects.filter(bureau_id=row.bureau_id, doc_no=doc_no).exists():
        raise Refused(f"“{doc_no}”已经用过，请换下一个序号。", "doc_no")
