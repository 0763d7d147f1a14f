"""What came of notes under the negative list: the case that was drafted, or the way to draft one.

A note decides nothing: whether a case comes of it is the word of whoever records cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.permissions.cases import RECORD_CASES, cases_for
from qizhi.core.permissions import Actor
from qizhi.regulations.models import Clause
from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import DutyNote
from qizhi.tasks.queries.mentions import NoteMention, register_note_mentions


def clause_of_note(note: DutyNote, clauses: Sequence[Clause]) -> Clause | None:
    """The clause that the item of the list names, in the version of the day; None where it names none."""
    duty = note.duty
    if duty.regulation_id is None or not duty.provision:
        return None
    bound = (
        clause
        for clause in clauses
        if clause.version.regulation_id == duty.regulation_id
        and clause.number == duty.provision.strip()
        and clause.version.effective_from is not None
        and clause.version.effective_from <= note.noted_on
        and (clause.version.effective_to is None or clause.version.effective_to >= note.noted_on)
    )
    return next(bound, None)


def _mentions(actor: Actor, notes: Sequence[DutyNote]) -> Iterator[NoteMention]:
    negative = [
        note for note in notes if note.duty.duty_list and note.duty.duty_list.kind == ListKind.NEGATIVE
    ]
    if not negative:
        return
    # Whoever may not see a case does not learn from the list that somebody has drafted one.
    rows = cases_for(actor).filter(note__in=negative).order_by("year", "serial")
    live = set()
    for case in rows:
        live |= {case.note_id} if case.status != CaseStatus.DROPPED else set()
        text = f"{case}（{case.status_said}）"
        yield NoteMention(case.note_id, text, case.get_absolute_url())  # type: ignore[arg-type] # filtered by it
    if not actor.reach(RECORD_CASES).is_all:
        return
    for note in negative:
        if note.pk not in live and not note.withdrawn_because:
            yield NoteMention(note.pk, "草拟事项", reverse("conduct:case_from_note", args=[note.pk]))


register_note_mentions("conduct.cases", _mentions)
