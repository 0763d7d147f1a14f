from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.org.queries import actor_of
from qizhi.tasks.models import Document, Extension, Handling
from qizhi.tasks.queries.documents import document_lines, with_history
from qizhi.tasks.rules import DocumentState
from qizhi.tasks.services import documents as services
from qizhi.tasks.services import extensions, handlings
from qizhi.tasks.services.documents import DocumentValues, values_of
from qizhi.tasks.services.extensions import Decision, ExtensionValues
from qizhi.tasks.tests.documents import RECEIVED, day, extend, make_department, make_document, make_head


def line_of(document, on=None):
    """The document as it stands."""
    rows = with_history(Document.objects.filter(pk=document.pk))
    return document_lines(rows, on or clock.today())[0]


def test_a_document_is_due_so_many_working_days_after_its_receipt(cast, calendar):
    # Tuesday 2018-01-02; the 3rd, 4th, 5th, 8th, 9th are the five working days.
    line = line_of(make_document(cast))
    assert line.due.on == day("2018-01-09")
    assert line.state is DocumentState.LATE
    assert [str(fact.on) for fact in line.late_days] == [
        *("2018-01-10", "2018-01-11", "2018-01-12", "2018-01-15")
    ]
    assert {fact.doc_no for fact in line.late_days} == {"国办发明电〔2017〕12号"}


def test_without_a_paper_the_last_day_is_unknown(cast):
    line = line_of(make_document(cast))
    assert line.due.on is None
    assert line.state is DocumentState.UNKNOWN
    assert "缺少2018年的放假安排通知" in line.due.why


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"due_on": None, "working_days": None}, "working_days", "没有写明什么时候办结"),
        ({"due_on": day("2018-01-09"), "working_days": 5}, "due_on", "只填一种"),
        ({"due_on": day("2018-01-01")}, "due_on", "早于收文日期"),
        ({"received_on": day("2018-01-16")}, "received_on", "不能晚于今天"),
        ({"working_days": 501}, "working_days", "1到500之间"),
    ],
)
def test_values_that_do_not_hold_are_refused(cast, values, field, words):
    with pytest.raises(Refused) as refused:
        make_document(cast, **values)
    assert refused.value.field == field
    assert words in refused.value.message
    assert not Document.objects.exists()


def test_the_same_document_is_not_registered_twice(cast):
    key = new_id()
    first = make_document(cast, key=key)
    assert make_document(cast, key=key) == first
    with pytest.raises(Refused, match="已经登记过"):
        make_document(cast)
    make_document(cast, handler=cast.person("neighbour"))
    assert Document.objects.count() == 2


def test_the_end_is_corrected_and_a_late_record_shows(cast, calendar):
    document = make_document(cast)
    by = cast.actor("member")
    services.finish_document(document, on=day("2018-01-09"), result="已报送", by=by)
    line = line_of(document)
    assert line.state is DocumentState.DONE
    assert document.done_written_on == day("2018-01-15")
    services.finish_document(document, on=day("2018-01-10"), result="已报送", by=by)
    assert line_of(document).state is DocumentState.DONE_LATE
    services.reopen_document(document, by=by)
    assert line_of(document).state is DocumentState.LATE
    verbs = [event.verb for event in audit.history(document)]
    assert verbs == ["tasks.reopen_document", *["tasks.finish_document"] * 2, "tasks.register_document"]
    for on, words in ((day("2018-01-16"), "不能晚于今天"), (day("2018-01-01"), "早于收文日期")):
        with pytest.raises(Refused, match=words):
            services.finish_document(document, on=on, by=by)


def test_a_corrected_receipt_moves_the_last_day_and_the_first_hands(cast, calendar):
    document = make_document(cast)
    values = DocumentValues(**{**vars(values_of(document)), "received_on": day("2018-01-04")})
    services.change_document(document, values=values, by=cast.actor("officer"))
    assert line_of(document).due.on == day("2018-01-11")
    assert document.handlings.get().from_on == day("2018-01-04")
    event = audit.history(document).first()
    assert event.before["received_on"] == "2018-01-02"
    assert event.after["received_on"] == "2018-01-04"


def test_a_hand_over_keeps_who_answered_when(cast, calendar):
    document = make_document(cast)
    other, by = cast.person("neighbour"), cast.actor("officer")
    handlings.hand_over(document, handler=other, on=day("2018-01-08"), because="休假", by=by)
    rows = list(document.handlings.values_list("person__name", "from_on", "to_on"))
    assert rows == [
        ("党员丁", RECEIVED, day("2018-01-07")),
        ("书记己", day("2018-01-08"), None),
    ]
    line = line_of(document)
    assert line.handling.person == other
    assert line.responsible.person == other  # due on the 9th
    second = document.handlings.latest("from_on")
    handlings.change_handling(second, handler=other, on=day("2018-01-10"), by=by)
    assert str(line_of(document).responsible.person) == "党员丁"
    assert document.handlings.earliest("from_on").to_on == day("2018-01-09")
    handlings.change_handling(second, handler=other, on=day("2018-01-05"), by=by)
    assert document.handlings.earliest("from_on").to_on == day("2018-01-04")
    handlings.undo_hand_over(second, by=by)
    assert list(document.handlings.values_list("to_on")) == [(None,)]


@pytest.mark.parametrize(
    ("who", "on", "words"),
    [
        ("member", "2018-01-08", "现在就由“党员丁”承办"),
        ("neighbour", "2018-01-02", "从2018年1月2日起承办"),
        ("neighbour", "2018-01-16", "不能晚于今天"),
    ],
)
def test_a_hand_over_that_does_not_hold_is_refused(cast, who, on, words):
    document = make_document(cast)
    with pytest.raises(Refused, match=words):
        handlings.hand_over(document, handler=cast.person(who), on=day(on), by=cast.actor("officer"))


def test_the_database_holds_one_person_a_day(cast):
    document = make_document(cast)
    row = {"bureau": cast.bureau, "document": document, "unit": cast.department}
    with pytest.raises(IntegrityError), transaction.atomic():
        Handling.objects.create(**row, person=cast.person("neighbour"), from_on=day("2018-01-08"))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE tasks_document SET due_on = received_on")


def test_an_extension_gives_time_once_another_person_has_approved_it(cast, calendar):
    document = make_document(cast)
    officer = cast.actor("officer")
    asked = ExtensionValues(day("2018-01-19"), "等外单位回复", day("2018-01-08"))
    extension = extensions.ask_extension(
        document, values=asked, asked_by=cast.person("member"), by=cast.actor("member")
    )
    assert line_of(document).due.on == day("2018-01-09")
    with pytest.raises(Refused, match="已有一次延期申请等待批准"):
        extensions.ask_extension(document, values=asked, asked_by=cast.person("member"), by=officer)
    decision = Decision(
        is_approved=True,
        decided_on=day("2018-01-09"),
        decided_by=cast.person("officer"),
        until=day("2018-01-18"),
    )
    extensions.decide_extension(extension, decision=decision, by=officer)
    line = line_of(document)
    assert line.due.on == day("2018-01-18")
    assert line.approved == extension
    assert line_of(document, day("2018-01-08")).due.on == day("2018-01-09")
    with pytest.raises(Refused, match="没有再次处理"):
        extensions.decide_extension(extension, decision=decision, by=officer)
    extensions.withdraw_extension(extension, by=officer)
    assert line_of(document).due.on == day("2018-01-09")


def test_nobody_approves_what_they_handle_or_asked_for(cast, calendar):
    head = make_head(cast)
    document = make_document(cast, handler=head.person)
    asked = ExtensionValues(day("2018-01-19"), "等回复", day("2018-01-08"))
    extension = extensions.ask_extension(document, values=asked, asked_by=head.person, by=actor_of(head))
    own = Decision(is_approved=True, decided_on=day("2018-01-09"), decided_by=head.person)
    with pytest.raises(Refused, match="不能批准自己的延期"):
        extensions.decide_extension(extension, decision=own, by=actor_of(head))
    # Nor does the handler write down that somebody else has approved it.
    other = Decision(is_approved=True, decided_on=day("2018-01-09"), decided_by=cast.person("officer"))
    with pytest.raises(Refused, match="不能批准自己的延期"):
        extensions.decide_extension(extension, decision=other, by=actor_of(head))
    extensions.decide_extension(extension, decision=other, by=cast.actor("officer"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=extension.pk).update(decided_by=head.person)


@pytest.mark.parametrize(
    ("days", "field", "words"),
    [
        (("2018-01-19", "2018-01-10"), "asked_on", "已过办结期限"),
        (("2018-01-09", "2018-01-08"), "until", "没有晚于现在的办结期限"),
        (("2018-01-19", "2018-01-16"), "asked_on", "不能晚于今天"),
        (("2018-01-19", "2018-01-01"), "asked_on", "早于收文日期"),
    ],
)
def test_an_extension_that_comes_too_late_is_refused(cast, calendar, days, field, words):
    document = make_document(cast)
    values = ExtensionValues(day(days[0]), "等回复", day(days[1]))
    with pytest.raises(Refused, match=words) as refused:
        extensions.ask_extension(
            document, values=values, asked_by=cast.person("member"), by=cast.actor("member")
        )
    assert refused.value.field == field


def test_the_database_lets_nobody_give_more_time_to_what_they_answer_for(cast, calendar):
    document = make_document(cast)
    asked = ExtensionValues(day("2018-01-19"), "等外单位回复", day("2018-01-08"))
    extension = extensions.ask_extension(
        document, values=asked, asked_by=cast.person("secretary"), by=cast.actor("officer")
    )
    values = {"state": "approved", "decided_on": day("2018-01-09"), "approved_until": day("2018-01-18")}
    rows = Extension.objects.filter(pk=extension.pk)
    for name in ("member", "secretary"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values, decided_by=cast.person(name))
    rows.update(**values, decided_by=cast.person("officer"))


def test_the_days_of_an_extension_are_corrected(cast, calendar):
    document = make_document(cast)
    extension = extend(cast, document, day("2018-01-19"), day("2018-01-08"), day("2018-01-09"))
    values = ExtensionValues(day("2018-01-19"), "等回复", day("2018-01-05"))
    decision = Decision(
        is_approved=True,
        decided_on=day("2018-01-08"),
        decided_by=cast.person("officer"),
        until=day("2018-01-17"),
    )
    extensions.change_extension(extension, values=values, decision=decision, by=cast.actor("officer"))
    assert line_of(document).due.on == day("2018-01-17")
    assert audit.history(document).first().before["extension_decided_on"] == "2018-01-09"


def test_a_withdrawn_document_is_nobodys_work_and_comes_back(cast, calendar):
    document = make_document(cast)
    by = cast.actor("officer")
    with pytest.raises(Refused, match="写明撤销的原因"):
        services.withdraw_document(document, because=" ", by=by)
    services.withdraw_document(document, because="重复登记", by=by)
    assert line_of(document).state is DocumentState.WITHDRAWN
    with pytest.raises(Refused, match="请先恢复"):
        services.finish_document(document, on=day("2018-01-09"), by=by)
    services.restore_document(document, by=by)
    assert line_of(document).state is DocumentState.LATE


def test_a_head_registers_for_the_own_department_only(cast):
    unit, person = make_department(cast)
    head = make_head(cast, unit=unit)
    values = DocumentValues("通知", RECEIVED, working_days=3)
    made = services.register_document(values=values, handler=person, by=actor_of(head))
    assert made.handlings.get().unit == unit
    with pytest.raises(Refused, match="不由您指定承办"):
        services.register_document(values=values, handler=cast.person("member"), by=actor_of(head))
