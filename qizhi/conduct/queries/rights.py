"""Requests for correction and codes on paper, as lists want them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet

from qizhi.conduct.enums import CorrectionStatus
from qizhi.conduct.models import Correction, PrintedCode
from qizhi.org.models import Person
from qizhi.regulations.queries import clauses_in_force

CORRECTION_TERM = "correction_term"
"""Key of the kind of clause that says in how many working days an answer is due."""
DEFAULT_WORKING_DAYS = 15
"""Working days where no clause says otherwise: our own measure, to be confirmed by the office."""


def correction_days_on(bureau_id: uuid.UUID, day: dt.date) -> tuple[int, str]:
    """Working days in which a request of the day is answered, and the clause that says so (empty: none)."""
    clauses = list(clauses_in_force(bureau_id, day, kind=CORRECTION_TERM))
    if not clauses:
        return DEFAULT_WORKING_DAYS, ""
    shortest = min(clauses, key=lambda clause: int(clause.parameters["working_days"]))
    return int(shortest.parameters["working_days"]), shortest.source


def corrections_of(bureau_id: uuid.UUID, *, status: str = "") -> QuerySet[Correction]:
    """Requests of a bureau: those that wait first, by the day until which an answer is due."""
    rows = Correction.objects.filter(bureau_id=bureau_id).select_related("person", "answered_by")
    if status:
        return rows.filter(status=status).order_by("due_on", "asked_on", "pk")
    # "waiting" is the last of the three in the alphabet.
    return rows.order_by("-status", "due_on", "asked_on", "pk")


def waiting_corrections(bureau_id: uuid.UUID) -> QuerySet[Correction]:
    """Those that wait for an answer."""
    return Correction.objects.filter(bureau_id=bureau_id, status=CorrectionStatus.WAITING)


def own_corrections(person: Person) -> QuerySet[Correction]:
    """What a person has asked to be corrected, newest first."""
    return Correction.objects.filter(bureau_id=person.bureau_id, person=person).select_related("answered_by")


def codes_of(bureau_id: uuid.UUID) -> QuerySet[PrintedCode]:
    """Codes on paper that were made, newest first; the codes themselves are nowhere."""
    return PrintedCode.objects.filter(bureau_id=bureau_id).select_related("person")


def own_codes(person: Person) -> QuerySet[PrintedCode]:
    """Codes that were made for a person: they see by whom and when each was used."""
    return PrintedCode.objects.filter(bureau_id=person.bureau_id, person=person)
