"""Documents as pages, figures and clauses want them: until when, who answers, how each stands."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import field

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from qizhi.core.periods import Period
from qizhi.core.permissions import Actor, Permission
from qizhi.core.values import dataclass
from qizhi.org.models import Person, Placement, Unit
from qizhi.regulations.queries import calendar_for, with_working_days
from qizhi.regulations.rules import DayFact, WorkingCalendar
from qizhi.tasks.enums import ExtensionState
from qizhi.tasks.models import Document, Extension, Handling
from qizhi.tasks.permissions import documents_for
from qizhi.tasks.rules import DocumentState, Due, Lateness, document_state, document_term, lateness

OPEN_STATES = (DocumentState.LATE, DocumentState.SOON, DocumentState.DUE, DocumentState.UNKNOWN)
NOBODY = uuid.UUID(int=0)
"""Whoever has no person: no row carries it."""
# Calendar days that so many working days never exceed, the longest rests included.
_SPANS = ((10, 45), (60, 150), (500, 900))


@dataclass(frozen=True)
class DocumentLine:
    """A document as it stands on a day.

    Attributes:
        document: with its handlings and extensions.
        due: its last day with the approved extension, or what is missing to know it.
        state: how it stands.
        late: how late it is, counted without any grace; None where its last day is unknown.
        handling: who answers for it now.
        responsible: who answered for it on its last day; `handling` where that is unknown.
        approved: the extension that gave it its last day, if one did.
        calendar: working days.
    """

    document: Document
    due: Due
    state: DocumentState
    late: Lateness | None
    handling: Handling
    responsible: Handling
    approved: Extension | None
    calendar: WorkingCalendar = field(compare=False, repr=False)

    @property
    def waiting(self) -> Extension | None:
        """The extension that waits to be decided."""
        asked = (one for one in self.document.extensions.all() if one.state == ExtensionState.ASKED)
        return next(asked, None)

    @property
    def days_late(self) -> int:
        """Working days after the last day, as far as they are known."""
        return len(self.late.days) if self.late else 0

    @property
    def late_days(self) -> list[DayFact]:
        """Each of them with the paper that says it was worked."""
        return [self.calendar.explain(day) for day in self.late.days] if self.late else []


def approved_extension(document: Document, as_of: dt.date, but: uuid.UUID | None = None) -> Extension | None:
    """The extension that counts on a day: of those approved by then (`but` left out) the one decided last."""
    approved = [
        one
        for one in document.extensions.all()
        if one.state == ExtensionState.APPROVED
        and one.pk != but
        and one.decided_on is not None
        and one.decided_on <= as_of
    ]
    return max(approved, key=lambda one: (one.decided_on, one.asked_on, one.pk), default=None)


def term_of(
    document: Document, calendar: WorkingCalendar, as_of: dt.date, but: uuid.UUID | None = None
) -> Due:
    """Its last day as it was known on a day, without the extension `but`."""
    approved = approved_extension(document, as_of, but)
    return document_term(
        received_on=document.received_on,
        due_on=document.due_on,
        working_days=document.working_days,
        extended_to=approved.approved_until if approved else None,
        calendar=calendar,
    )


def handling_on(document: Document, day: dt.date) -> Handling:
    """Who answers for it on the day; before its receipt the first of them."""
    handlings: list[Handling] = list(document.handlings.all())
    return next((one for one in reversed(handlings) if one.from_on <= day), handlings[0])


def document_line(document: Document, calendar: WorkingCalendar, today: dt.date) -> DocumentLine:
    """The document as it stands on a day."""
    due = term_of(document, calendar, today)
    done_on = document.done_on if document.done_on and document.done_on <= today else None
    late = lateness(due.on, done_on, as_of=today, grace=0, calendar=calendar) if due.on else None
    if late is not None and done_on is None and due.on and due.on < today:
        late = _until_today(due.on, today, late, calendar)
    state = document_state(
        due,
        done_on=done_on,
        is_withdrawn=document.withdrawn_on is not None,
        remind_days=document.remind_days,
        today=today,
        calendar=calendar,
    )
    current = handling_on(document, today)
    responsible = handling_on(document, due.on) if due.on else current
    approved = approved_extension(document, today)
    return DocumentLine(document, due, state, late, current, responsible, approved, calendar)


def _until_today(due_on: dt.date, today: dt.date, late: Lateness, calendar: WorkingCalendar) -> Lateness:
    """For pages: all working days that have gone by, not only those that settle it."""
    if not calendar.is_known(today):
        return late
    return Lateness(late.pace, tuple(calendar.working_days(due_on, today)), late.is_open_ended, late.why)


def with_history(documents: QuerySet[Document]) -> QuerySet[Document]:
    """The documents with who answered for them and their extensions, in two more queries."""
    handlings = Handling.objects.select_related("person", "unit").order_by("from_on")
    extensions = Extension.objects.select_related("asked_by", "decided_by").order_by("asked_on", "pk")
    return documents.prefetch_related(
        Prefetch("handlings", queryset=handlings), Prefetch("extensions", queryset=extensions)
    )


def document_lines(documents: Iterable[Document], today: dt.date) -> list[DocumentLine]:
    """Each document (fetched with `with_history`) as it stands on a day; one query for the calendar."""
    documents = list(documents)
    if not documents:
        return []
    calendar = calendar_for(documents[0].bureau_id)
    return [document_line(one, calendar, today) for one in documents]


@dataclass(frozen=True)
class DocumentFilter:
    """What a list of documents is narrowed to; whoever handles them by name or staff number, or by key."""

    text: str = ""
    unit_id: uuid.UUID | None = None
    handler: str = ""
    handler_id: uuid.UUID | None = None
    month: Period | None = None


def documents_of(actor: Actor, wanted: Permission, asked: DocumentFilter) -> QuerySet[Document]:
    """Documents that the actor may see, the latest received first."""
    found = Document.objects.filter(documents_for(actor, wanted))
    if asked.text:
        words = Q(title__icontains=asked.text) | Q(number__icontains=asked.text)
        found = found.filter(words | Q(sender__icontains=asked.text))
    current = Handling.objects.filter(bureau_id=actor.bureau_id, to_on=None)
    if asked.unit_id is not None:
        found = found.filter(pk__in=current.filter(unit_id=asked.unit_id).values("document_id"))
    if asked.handler:
        found = found.filter(pk__in=current.filter(Person.asked(asked.handler)).values("document_id"))
    if asked.handler_id is not None:
        found = found.filter(pk__in=current.filter(person_id=asked.handler_id).values("document_id"))
    if asked.month is not None:
        found = found.filter(received_on__range=(asked.month.start, asked.month.end))
    return with_history(found).order_by("-received_on", "number", "-pk")


def open_lines(documents: QuerySet[Document], today: dt.date) -> list[DocumentLine]:
    """What of these is still open, what is due first first; those of unknown day last."""
    lines = document_lines(documents.filter(done_on=None, withdrawn_on=None), today)
    return sorted(lines, key=lambda one: (one.due.on or dt.date.max, one.document.received_on))


def own_documents(actor: Actor, today: dt.date) -> list[DocumentLine]:
    """Open documents for which the person answers, due first first; four queries, two when there are none."""
    if actor.person_id is None:
        return []
    current = Handling.objects.filter(bureau_id=actor.bureau_id, person_id=actor.person_id, to_on=None)
    found = Document.objects.filter(bureau_id=actor.bureau_id, pk__in=current.values("document_id")).open()
    return open_lines(with_history(found), today)


def reached_documents(bureau_id: uuid.UUID, days: Period, as_of: dt.date) -> QuerySet[Document]:
    """Documents whose last day may lie in the days: more than these have none there.

    The last day of some is known only to the calendar; they are told apart afterwards.
    """
    by_day = Q(due_on__range=(days.start, days.end))
    for most, span in _SPANS:
        since = days.start - dt.timedelta(days=span)
        by_day |= Q(working_days__lte=most, received_on__range=(since, days.end))
    moved = Extension.objects.filter(
        bureau_id=bureau_id,
        state=ExtensionState.APPROVED,
        approved_until__range=(days.start, days.end),
    )
    by_day |= Q(pk__in=moved.values("document_id"))
    found = Document.objects.standing().filter(by_day, bureau_id=bureau_id, received_on__lte=as_of)
    return with_history(found).order_by("received_on", "pk")


def late_documents(bureau_id: uuid.UUID, days: Period, as_of: dt.date, grace: int) -> QuerySet[Document]:
    """Of `reached_documents` those that are late by more than the grace, or of which that cannot be told.

    The database counts: working days from the last day (from receipt, for what is due within working days)
    to the end, or to the day of reckoning for what is open.
    """
    approved = Extension.objects.filter(
        document=OuterRef("pk"), state=ExtensionState.APPROVED, decided_on__lte=as_of
    ).order_by("-decided_on", "-asked_on", "-pk")
    rows = reached_documents(bureau_id, days, as_of).annotate(
        extended=Subquery(approved.values("approved_until")[:1]),
        counted_from=Coalesce("extended", "due_on", "received_on"),
        counted_to=Case(When(done_on__lte=as_of, then=F("done_on")), default=Value(as_of)),
        allowed=Case(
            When(Q(extended=None, due_on=None), then=F("working_days")),
            default=Value(0),
            output_field=IntegerField(),
        ),
    )
    rows = with_working_days(rows, into="passed", start="counted_from", end="counted_to")
    return rows.filter(Q(passed=None) | Q(passed__gt=F("allowed") + grace))


def due_lines(
    bureau_id: uuid.UUID, days: Period, as_of: dt.date, unit_ids: Sequence[uuid.UUID] | None = None
) -> list[DocumentLine]:
    """Documents whose last day lies in the days, of the departments that answered on it; four queries."""
    lines = document_lines(reached_documents(bureau_id, days, as_of), as_of)
    return [
        one
        for one in lines
        if one.due.on is not None
        and one.due.on in days
        and (unit_ids is None or one.responsible.unit_id in unit_ids)
    ]


class Departments:
    """Where people work on a day; the placements of a bureau are read once."""

    def __init__(self, bureau_id: uuid.UUID, person: Person | None = None) -> None:
        """Read the placements, of one person where only one is asked for."""
        places = Placement.objects.filter(bureau_id=bureau_id).select_related("unit").order_by("from_on")
        self._places: dict[uuid.UUID, list[Placement]] = defaultdict(list)
        for place in places.filter(person=person) if person else places:
            self._places[place.person_id].append(place)
        self._bureau_id = bureau_id

    def of(self, person: Person, day: dt.date) -> Unit:
        """Where somebody works on the day, else where they worked before or will; else the bureau itself."""
        places = self._places[person.pk]
        before = [place for place in places if place.from_on <= day]
        if places:
            return (before or places[:1])[-1].unit
        root: Unit = Unit.objects.filter(bureau_id=self._bureau_id, parent=None).order_by("position")[0]
        return root


def department_of(person: Person, day: dt.date) -> Unit:
    """Where somebody works on the day; see `Departments`."""
    return Departments(person.bureau_id, person).of(person, day)


def received_months(actor: Actor, wanted: Permission, shown: Period | None = None) -> list[tuple[str, str]]:
    """Months in which documents that the actor may see came in, and the one shown: 2018-02, 2018年2月."""
    found = Document.objects.filter(documents_for(actor, wanted)).order_by()
    months = found.annotate(month=TruncMonth("received_on")).values_list("month", flat=True).distinct()
    known = {*months, *([shown.start] if shown else [])}
    return [(f"{day:%Y-%m}", f"{day.year}年{day.month}月") for day in sorted(known, reverse=True)]


def waiting_extensions(actor: Actor, wanted: Permission) -> QuerySet[Extension]:
    """Requests for more time that the actor may decide: not those made by or for themselves."""
    me = actor.person_id or NOBODY
    covered = Document.objects.filter(documents_for(actor, wanted, is_current=True))
    own = Handling.objects.filter(bureau_id=actor.bureau_id, person_id=me, to_on=None)
    waiting = Extension.objects.filter(
        bureau_id=actor.bureau_id, state=ExtensionState.ASKED, document__in=covered.values("pk")
    )
    waiting = waiting.exclude(document__in=own.values("document_id")).exclude(asked_by_id=me)
    return waiting.select_related("document", "asked_by").order_by("asked_on", "pk")


def handling_units(actor: Actor, wanted: Permission) -> list[Unit]:
    """Departments that answer for documents that the actor may see, in their fixed order."""
    documents = Document.objects.filter(documents_for(actor, wanted))
    current = Handling.objects.filter(document__in=documents, to_on=None)
    units = Unit.objects.filter(bureau_id=actor.bureau_id, pk__in=current.values("unit_id"))
    return list(units.order_by("position", "code"))
