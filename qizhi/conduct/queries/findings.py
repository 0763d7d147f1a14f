"""What came of a finding of the clauses: the case that was drafted, or the way to draft one.

A finding decides nothing: whether a case comes of it is the word of whoever records cases.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case, Observation
from qizhi.conduct.permissions.cases import RECORD_CASES, cases_for
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.ids import read_key
from qizhi.core.permissions import Actor
from qizhi.org.models import Post
from qizhi.regulations.enums import FindingStatus, Verdict
from qizhi.regulations.models import Finding, Version
from qizhi.regulations.queries.mentions import (
    FindingMention,
    register_finding_hold,
    register_finding_mentions,
    register_version_quotes,
)


def observation_of(finding: Finding) -> Observation | None:
    """The observation that a finding of kind `per_event` speaks of, so that it makes one case and not two."""
    key = read_key(finding.occurrence)
    if key is None:
        return None
    rows = Observation.objects.select_related("inspection__led_by", "person", "unit")
    return rows.filter(bureau_id=finding.bureau_id, pk=key).first()


def successor_of(case: Case) -> Finding | None:
    """What a run has found in the place of the finding that a case rests on: the fact as it was corrected."""
    if case.finding is None:
        return None
    rows = Finding.objects.live().filter(
        bureau_id=case.bureau_id, slot=case.finding.slot, verdict=Verdict.VIOLATED
    )
    named = rows.exclude(pk=case.finding.pk).select_related("clause__version__regulation", "person", "unit")
    return named.first()


def is_corrected(case: Case) -> bool:
    """Whether a case that was told can be told again: its finding has ended, and another took its place.

    Lists ask it for all their rows at once (`with_corrected`).
    """
    if case.status != CaseStatus.NOTIFIED or not case.is_groundless:
        return False
    known = getattr(case, "has_successor", None)
    return successor_of(case) is not None if known is None else bool(known)


def is_left(case: Case, day: dt.date | None = None) -> bool:
    """Whether whoever recorded it holds no post on the day that records cases: then another tells it again.

    Lists ask it of today for all their rows at once (`with_corrected`).
    """
    known = getattr(case, "has_recorder", None) if day is None else None
    if known is None:
        there = _recorders(day or clock.today())
        known = there.filter(bureau_id=case.bureau_id, person_id=case.recorded_by_id).exists()
    return not known


def _recorders(day: dt.date) -> QuerySet[Post]:
    return Post.objects.on(day).filter(role__in=[role for role, _ in RECORD_CASES.held_by])


def with_corrected(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases that know whether another finding is in the place of theirs, and their recorder in office."""
    found = Finding.objects.live().filter(
        bureau_id=OuterRef("bureau_id"), slot=OuterRef("finding__slot"), verdict=Verdict.VIOLATED
    )
    there = _recorders(clock.today()).filter(person_id=OuterRef("recorded_by_id"))
    return rows.annotate(
        has_successor=Exists(found.exclude(pk=OuterRef("finding_id"))), has_recorder=Exists(there)
    )


def cleared_slots(bureau_id: uuid.UUID) -> list[str]:
    """What findings were about of which a decision or a review has cleared somebody."""
    rows = Case.objects.filter(bureau_id=bureau_id, status=CaseStatus.CLEARED, finding__isnull=False)
    return list(rows.values_list("finding__slot", flat=True))


def of_same_fact(finding: Finding) -> Q:
    """Filter: cases of the fact that a finding tells, also of how it was told before it was corrected."""
    ground = Q(finding__slot=finding.slot)
    if (seen := read_key(finding.occurrence)) is not None:
        ground |= Q(observation_id=seen)
    return ground


def _mentions(actor: Actor, finding: Finding) -> Iterator[FindingMention]:
    if finding.clause.points >= 0:
        return
    # Whoever may not see a case does not learn from the finding that somebody has drafted one.
    cases = list(cases_for(actor).filter(of_same_fact(finding)).order_by("year", "serial"))
    for case in cases:
        yield FindingMention(f"{case}（{case.status_said}）", case.get_absolute_url())
    is_live = finding.status == FindingStatus.LIVE and finding.verdict != Verdict.UNKNOWN
    is_free = all(case.status == CaseStatus.DROPPED for case in cases)
    is_own = finding.person_id is not None and finding.person_id == actor.person_id
    if is_live and is_free and not is_own and actor.reach(RECORD_CASES).is_all:
        address = reverse("conduct:case_from_finding", args=[finding.pk])
        yield FindingMention("草拟事项", address, is_step=True)


register_finding_mentions("conduct.cases", _mentions)


def _held(finding: Finding) -> None:
    """A finding does not go while points of a case count for it; the case goes first."""
    case = finding.cases.filter(bureau_id=finding.bureau_id, status=CaseStatus.FINAL).first()
    if case is not None:
        message = (
            f"据此立案的{case}已经生效，这条发现不能单独撤销。当事人申诉的，由复核人在事项里撤销；"
            "事实有变的，请更正原始记录后重新核算，再复核。"
        )
        raise Refused(message, see=case)


register_finding_hold("conduct.cases", _held)


def _quotes(actor: Actor, version: Version, since: dt.date) -> Iterator[FindingMention]:
    """Cases of facts from the day on that were drafted by the version; dropped ones go nowhere any more."""
    rows = cases_for(actor).filter(clause__version=version, happened_on__gte=since)
    for case in rows.exclude(status__in=(CaseStatus.DROPPED, CaseStatus.CLEARED)).order_by("year", "serial"):
        yield FindingMention(f"{case}（{case.status_said}）", case.get_absolute_url())


register_version_quotes("conduct.cases", _quotes)
