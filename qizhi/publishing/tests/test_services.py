from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.publishing.enums import ComplaintState
from qizhi.publishing.models import Complaint, Reply
from qizhi.publishing.permissions import complaint_by_code
from qizhi.publishing.services import answer_complaint, reopen_complaint, send_complaint
from qizhi.publishing.tests.conftest import CODE


def told(bureau):
    """The whole log of a bureau as text."""
    return json.dumps(
        list(AuditEvent.objects.filter(bureau_id=bureau.pk).values("by_label", "after", "before"))
    )


def test_it_is_sent_answered_reopened_and_answered_again(cast, signed):
    officer, member = cast.actor("officer"), cast.actor("member")
    assert (signed.state, signed.working_days) == (ComplaintState.WAITING, 10)
    assert signed.page == "/tasks/"
    answer_complaint(signed, text=" 已改 ", by=officer)
    with clock.at(dt.date(2018, 1, 20)):
        reopen_complaint(signed, because="只改了一处", by=member)
    signed.refresh_from_db()
    assert (signed.state, signed.waits_since) == (ComplaintState.WAITING, dt.date(2018, 1, 20))
    answer_complaint(signed, text="都改了", by=officer)
    said = [(reply.kind, reply.text, str(reply.said_by)) for reply in signed.replies.all()]
    assert said == [
        ("answer", "已改", "干事壬"),
        ("answer", "都改了", "干事壬"),
        ("reopening", "只改了一处", "党员丁"),
    ]
    events = audit.history(signed)
    assert {event.verb for event in events} == {"publishing.send", "publishing.answer", "publishing.reopen"}


def test_the_log_holds_no_text_and_nobody_who_did_not_sign(cast, signed, unsigned):
    with clock.at(dt.date(2018, 1, 16)):
        answer_complaint(unsigned, text="只报一次", by=cast.actor("officer"))
        reopen_complaint(unsigned, because="还在要", by=cast.actor("member"))
    log = told(cast.bureau)
    for word in ("材料", "只报", "还在", "截止日期"):
        assert json.dumps(word)[1:-1] not in log
    who = set(audit.history(unsigned).values_list("by_label", "by_id"))
    assert who == {("未署名", None), (cast.actor("officer").label, cast.officer.pk)}
    assert audit.history(signed).get().by_id == cast.member.pk
    assert (unsigned.sent_by, unsigned.replies.get(kind="reopening").said_by) == (None, None)
    assert CODE not in log
    assert CODE not in json.dumps(list(Complaint.objects.values("code_digest", "text")))


def test_the_code_leads_back_and_only_in_its_bureau(cast, unsigned):
    assert complaint_by_code(cast.actor("secretary"), "abcd-efgh-2345") == unsigned
    assert complaint_by_code(cast.actor("outsider"), CODE) is None
    assert complaint_by_code(cast.actor("member"), "ABCDEFGH2346") is None
    assert complaint_by_code(cast.actor("member"), "") is None


def test_a_second_click_makes_no_second_row(cast):
    key, reply = uuid.uuid4(), uuid.uuid4()
    values: dict[str, Any] = {"kind": "complaint", "text": "甲", "page": "", "id": key}
    member = cast.actor("member")
    assert send_complaint(**values, by=member) == send_complaint(**values, by=member)
    complaint = Complaint.objects.get()
    for _ in range(2):
        answer_complaint(complaint, text="乙", id=reply, by=cast.actor("officer"))
    again = uuid.uuid4()
    for _ in range(2):
        reopen_complaint(complaint, because="丙", id=again, by=member)
    assert Reply.objects.count() == 2
    with pytest.raises(Refused, match="已经提交过"):
        send_complaint(**values, by=cast.actor("secretary"))
    with pytest.raises(Refused, match="已经提交过"):
        send_complaint(**values, code=CODE, by=member)
    with pytest.raises(Refused, match="已经提交过"):
        send_complaint(**values, by=cast.actor("outsider"))


def test_what_cannot_be_is_refused_with_a_sentence(cast, signed):
    member = cast.actor("member")
    with pytest.raises(Refused, match="还没有写内容"):
        send_complaint(kind="complaint", text="  ", page="", by=member)
    nobody = member.__class__(**{**member.__dict__, "person_id": None})
    with pytest.raises(Refused, match="无法署名"):
        send_complaint(kind="complaint", text="甲", page="", by=nobody)
    with pytest.raises(Refused, match="还在等待答复"):
        reopen_complaint(signed, because="快一点", by=member)
    with pytest.raises(Refused, match="还没有写答复"):
        answer_complaint(signed, text=" ", by=cast.actor("officer"))
    answer_complaint(signed, text="好", by=cast.actor("officer"))
    with pytest.raises(Refused, match="还有什么"):
        reopen_complaint(signed, because="", by=member)
