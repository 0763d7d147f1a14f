"""The ledger of documents to be finished in time, in and out: one row a document and who answers for it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.tables import MISSING, BadCell, RecordRow, RowCheck, TableReading
from qizhi.org.models import Person
from qizhi.org.queries import PeopleIndex
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar
from qizhi.tasks.enums import DocumentKind
from qizhi.tasks.importers.cells import HandOver
from qizhi.tasks.importers.ledger import DOCUMENTS, document_row
from qizhi.tasks.models import Document, Handling
from qizhi.tasks.models.documents import REMIND_DAYS
from qizhi.tasks.permissions import MANAGE_DOCUMENTS, SEE_DOCUMENTS, documents_for
from qizhi.tasks.queries.documents import Departments, approved_extension, with_history
from qizhi.tasks.rules import document_term
from qizhi.tasks.services.documents import (
    DocumentValues,
    change_document,
    check_values,
    finish_document,
    register_document,
    values_of,
)
from qizhi.tasks.services.extensions import (
    Decision,
    ExtensionValues,
    ask_extension,
    check_days,
    decide_extension,
)
from qizhi.tasks.services.handlings import hand_over

HandedOver = tuple[Person, dt.date]
"""Who answers, and from which day."""


@dataclass
class _Line:
    """A row of the file, understood: what it says, and the document that it means.

    Of a row with wrong cells `values` hold only what tells documents apart: nothing is written of it.
    """

    check: RowCheck
    values: DocumentValues
    handler: Person
    handovers: list[HandedOver]
    asked: ExtensionValues | None = None
    decision: Decision | None = None
    known: Document | None = None
    what: What = What.NEW
    taken: set[str] = field(default_factory=set)
    fresh_hands: list[HandedOver] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, dt.date, uuid.UUID]:
        """Two rows of one key are the same document in the same hands."""
        return (self.values.number, self.values.title, self.values.received_on, self.handler.pk)

    @property
    def row(self) -> RecordRow:
        """The row as it was read."""
        return self.check.row


def _handler_on(handler: Person, handovers: Iterable[HandedOver], day: dt.date) -> Person:
    """Who answers on the day."""
    held = [person for person, since in handovers if since <= day]
    return held[-1] if held else handler


class _Run:
    """One reading of a file: what is known, and what each row does."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.people = PeopleIndex(by.bureau_id)
        self.departments = Departments(by.bureau_id)
        self.calendar: WorkingCalendar = calendar_for(by.bureau_id)
        self.known: dict[tuple[str, dt.date], list[Document]] = defaultdict(list)
        managed = Document.objects.filter(documents_for(by, MANAGE_DOCUMENTS, is_current=True))
        self.managed = set(managed.values_list("pk", flat=True))
        found = Document.objects.standing().filter(documents_for(by, SEE_DOCUMENTS))
        for document in with_history(found).order_by("recorded_at", "pk"):
            self.known[_place(document.number, document.title, document.received_on)].append(document)
        self.claimed: set[uuid.UUID] = set()

    def read(self, check: RowCheck) -> _Line | None:
        """A row with its people found and its days checked; None where it is open which document it means."""
        received = check.take(_received, check["received_on"])
        term = check.take(_term, received, check["due"])
        handler = check.take(self.people.find, check["handler"], on="handler")
        check.take(self._may_register, handler)
        handovers = check.take(self._handovers, check["handovers"])
        check.take(_check_handovers, handler, handovers, received)
        check.take(_is_over, check["done_on"])
        check.take(_check_end, check["done_on"], received)
        hands = check.take(lambda *pair: pair, handler, handovers)
        asked, decision = self._extension(check, term, hands)
        identity = check.take(_identity, check["title"], received, check["number"])
        values = check.last(_values, check.row, term)
        if identity is MISSING or handler is MISSING:
            return None
        if not check.is_sound:
            return _Line(check, identity, handler, [] if handovers is MISSING else handovers)
        return _Line(check, values, handler, handovers, asked, decision)

    def _may_register(self, handler: Person) -> None:
        unit = self.departments.of(handler, clock.today())
        if not self.by.may(MANAGE_DOCUMENTS, unit.pk, unit.path):
            raise BadCell("handler", f"“{handler}”是{unit}的，不由您登记", "核对姓名，或请政工处导入")

    def _handovers(self, told: Iterable[HandOver] | None) -> list[HandedOver]:
        try:
            return [(self.people.find(name), day) for name, day in told or ()]
        except Refused as problem:
            raise BadCell.of("handovers", problem) from None

    def _extension(
        self, check: RowCheck, term: DocumentValues, hands: tuple[Person, list[HandedOver]]
    ) -> tuple[ExtensionValues | None, Decision | None]:
        """The extension that a row tells; MISSING where something of it is wrong."""
        until = check["extended_to"]
        if until is None:
            return None, None
        keys = {"extension_decided_on": "批准日期", "extension_decided_by": "批准人"}
        decided_on, name = (check.take(_beside, check[key], key, label) for key, label in keys.items())
        decider = check.take(self.people.find, name, on="extension_decided_by")
        asked_on = check["extension_asked_on"] or decided_on
        asked = check.take(ExtensionValues, until, check["extension_because"] or "见台账", asked_on)
        check.take(self._check_asked, term, asked)
        check.take(_check_decided, asked_on, decided_on)
        check.take(self._check_decider, hands, asked_on, decided_on, decider)
        decision = check.take(
            Decision, is_approved=True, decided_on=decided_on, decided_by=decider, until=until
        )
        return asked, decision

    def _check_asked(self, term: DocumentValues, asked: ExtensionValues) -> None:
        due = document_term(
            received_on=term.received_on,
            due_on=term.due_on,
            working_days=term.working_days,
            extended_to=None,
            calendar=self.calendar,
        )
        keys = {"until": "extended_to", "asked_on": "extension_asked_on"}
        _checked(keys, check_days, term.received_on, due.on, asked)

    def _check_decider(
        self, hands: tuple[Person, list[HandedOver]], asked_on: dt.date, decided_on: dt.date, decider: Person
    ) -> None:
        own = {_handler_on(*hands, asked_on).pk, _handler_on(*hands, decided_on).pk}
        if own & {decider.pk, self.by.person_id}:
            reason = "承办人不能批准、也不能自己登记批准自己的延期"
            raise BadCell("extension_decided_by", reason, "填处室负责人或政工处的批准人，由另一人导入")

    def claim_same(self, line: _Line) -> None:
        """Find the document that is the same in every respect but its days."""
        for one in self._candidates(line):
            if one.title == line.values.title and _first(one).person_id == line.handler.pk:
                self._claim(line, one)
                return

    def claim_similar(self, line: _Line) -> None:
        """Find the document of the same number with another title; BadCell for other hands."""
        if line.known is not None:
            return
        candidates = self._candidates(line)
        own = [one for one in candidates if _first(one).person_id == line.handler.pk]
        if line.values.number and own:
            self._claim(line, own[0])
            return
        if others := [one for one in candidates if one.title == line.values.title]:
            reason = f"系统里这份公文最初由“{_first(others[0]).person}”承办，表里是“{line.handler}”"
            raise BadCell("handler", reason, "转办的请填在“转办”一列，写明从哪天起；填错的请在系统里更正")

    def _candidates(self, line: _Line) -> list[Document]:
        place = _place(line.values.number, line.values.title, line.values.received_on)
        return [one for one in self.known[place] if one.pk not in self.claimed]

    def _claim(self, line: _Line, document: Document) -> None:
        self.claimed.add(document.pk)
        line.known = document

    def compare(self, line: _Line) -> None:
        """What the row changes of a known document; empty cells and what says the same change nothing."""
        known, told = line.known, line.row.values
        if known is None:
            return
        self._compare_hands(line, known)
        if not line.check.is_sound:
            return
        line.values = _merged(line)
        if line.values != values_of(known):
            line.taken.add("values")
        end = (told["done_on"], told["result"] or known.result)
        if told["done_on"] and end != (known.done_on, known.result):
            line.taken.add("end")
        if line.decision is not None and _said_of(known) != _wanted(line.decision):
            line.taken.add("extension")
        line.what = What.CHANGED if line.taken else What.SAME
        if line.taken and known.pk not in self.managed:
            raise BadCell("handler", "这份公文已转到别的处室，不由您更正", "请现在的承办处室或政工处更正")

    def _compare_hands(self, line: _Line, known: Document) -> None:
        """Hand-overs that the file has and the system has not; BadCell where they contradict each other."""
        handed = [(one.person, one.from_on) for one in list(known.handlings.all())[1:]]
        if line.handovers and line.handovers[: len(handed)] != handed:
            fix = "请在系统里更正转办，或把表里的改成一致"
            raise BadCell("handovers", "和系统里登记的转办不一致", fix)
        if len(line.handovers) > len(handed):
            if not known.is_open:
                raise BadCell("handovers", "系统里已登记办结，不能再转办", "先在系统里撤回办结")
            line.taken.add("handovers")
            line.fresh_hands = line.handovers[len(handed) :]

    def write(self, line: _Line) -> None:
        """Take the row over; a refusal leaves the whole file out."""
        told, by = line.row.values, self.by
        is_new = line.known is None
        document = line.known or register_document(values=line.values, handler=line.handler, by=by)
        if "values" in line.taken:
            change_document(document, values=line.values, by=by)
        for person, day in line.handovers if is_new else line.fresh_hands:
            hand_over(document, handler=person, on=day, by=by)
        if line.asked and line.decision and (is_new or "extension" in line.taken):
            document = Document.objects.get(bureau_id=by.bureau_id, pk=document.pk)
            asked_by = _handler_on(line.handler, line.handovers, line.asked.asked_on)
            made = ask_extension(document, values=line.asked, asked_by=asked_by, by=by)
            decide_extension(made, decision=line.decision, by=by)
        if told["done_on"] and (is_new or "end" in line.taken):
            finish_document(document, on=told["done_on"], result=told["result"] or document.result, by=by)


def _received(day: dt.date) -> dt.date:
    _checked("received_on", check_values, DocumentValues("", day, None, 1))
    return day


def _identity(title: str, received: dt.date, number: str | None) -> DocumentValues:
    """What tells documents apart, and nothing else."""
    return DocumentValues(title, received, None, 1, number or "")


def _term(received: dt.date, due: dt.date | int) -> DocumentValues:
    """Nothing but the days: when it came, and when it is to be finished."""
    days = (due, None) if isinstance(due, dt.date) else (None, due)
    term = DocumentValues("", received, *days)
    _checked("due", check_values, term)
    return term


def _values(row: RecordRow, term: DocumentValues) -> DocumentValues:
    told = row.values
    return replace(
        term,
        title=told["title"],
        number=told["number"] or "",
        sender=told["sender"] or "",
        kind=told["kind"] or DocumentKind.INCOMING,
        remind_days=REMIND_DAYS if told["remind_days"] is None else told["remind_days"],
        note=told["note"] or "",
    )


def _check_handovers(handler: Person, handovers: Iterable[HandedOver], received: dt.date) -> None:
    last, since = handler, received
    for person, day in handovers:
        if day <= since or day > clock.today() or person == last:
            reason = f"“{person}”从{say_day(day)}起承办，和收文日期、前后的转办或今天对不上"
            raise BadCell("handovers", reason, "转办要在收文以后，一次比一次晚，不晚于今天，换成另一个人")
        last, since = person, day


def _is_over(done_on: dt.date | None) -> None:
    if done_on is not None and done_on > clock.today():
        raise BadCell("done_on", f"办结日期（{say_day(done_on)}）晚于今天", "没有办结的空着")


def _check_end(done_on: dt.date | None, received: dt.date) -> None:
    if done_on is not None and done_on < received:
        raise BadCell("done_on", f"办结日期早于收文日期（{say_day(received)}）", "核对两个日期")


def _beside(value: Any, key: str, label: str) -> Any:
    """What has to stand beside an extension."""
    if value is None:
        raise BadCell(key, f"写了延期，没有写{label}", "没有批准的延期不要填；批准了的把三格都填上")
    return value


def _check_decided(asked_on: dt.date, decided_on: dt.date) -> None:
    if not asked_on <= decided_on <= clock.today():
        raise BadCell("extension_decided_on", "批准日期应在申请日期和今天之间", "核对两个日期")


def _place(number: str, title: str, received_on: dt.date) -> tuple[str, dt.date]:
    """Where a document is looked for: by number and day or, without a number, by title and day."""
    return (f"№{number}" if number else title, received_on)


def _first(document: Document) -> Handling:
    first: Handling = document.handlings.all()[0]
    return first


def _merged(line: _Line) -> DocumentValues:
    """What the document is with the row taken over: empty cells leave what is there."""
    assert line.known is not None  # noqa: S101 - for the type checker
    there, told = values_of(line.known), line.row.values
    keys = ("number", "sender", "kind", "remind_days", "note")
    return replace(line.values, **{key: getattr(there, key) for key in keys if told[key] is None})


def _said_of(document: Document) -> tuple[object, ...] | None:
    known = approved_extension(document, clock.today())
    return (known.approved_until, known.decided_on, known.decided_by_id) if known else None


def _wanted(decision: Decision) -> tuple[object, ...]:
    return (decision.until, decision.decided_on, decision.decided_by.pk)


def _checked(keys: str | Mapping[str, str], check: Any, *values: Any) -> None:
    """What a service would refuse, as the error of a cell."""
    try:
        check(*values)
    except Refused as problem:
        key = keys if isinstance(keys, str) else keys.get(problem.field, "extended_to")
        raise BadCell.of("received_on" if problem.field == "received_on" else key, problem) from None


def run_documents(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Register documents and bring known ones up to date; empty cells change nothing.

    Number (or title) and day of receipt and who first answered say which document.
    """
    outcome, run = Outcome(errors=list(reading.errors), notes=list(reading.notes)), _Run(by)
    read = [run.read(outcome.check(row)) for row in reading.all_rows]
    lines = [line for line in read if line is not None]
    seen: set[object] = set()
    for line in lines:
        run.claim_same(line)
        if line.key in seen and line.known is None:
            line.what = What.SAME
        seen.add(line.key)
    fresh = [line for line in lines if line.what is not What.SAME]
    for step in (run.claim_similar, run.compare):
        for line in fresh:
            line.check.take(step, line)
    for line in lines:
        if not line.check.is_sound:
            continue
        words = f"{line.values.title}（{line.handler}）"
        outcome.lines.append(LineResult(line.row.sheet, line.row.number, line.what, words))
        if write and not outcome.errors and line.what is not What.SAME:
            run.write(line)
    return outcome


def _all_documents(by: Actor) -> Iterable[Mapping[str, Any]]:
    found = Document.objects.standing().filter(documents_for(by, MANAGE_DOCUMENTS))
    return (document_row(one) for one in with_history(found).order_by("received_on", "number", "pk"))


register(
    Importer(
        key="tasks.documents",
        label="限时办结公文",
        wanted=MANAGE_DOCUMENTS,
        schema=lambda _bureau: DOCUMENTS,
        run=run_documents,
        export=_all_documents,
        note="一行一份公文；同一文号（没有文号的按标题）、收文日期和最初承办人视为同一份，重复导入不会重复。",
    )
)
