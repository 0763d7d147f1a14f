"""What the database holds of every case, whoever writes: three people, a hearing, a last word."""

from __future__ import annotations

from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint

from qizhi.conduct.enums import CaseStatus, Decision, ReviewOutcome
from qizhi.core.db.expressions import DaysAfter

UNTOLD = [CaseStatus.DRAFT, CaseStatus.DROPPED]
UNDECIDED = [*UNTOLD, CaseStatus.NOTIFIED]
STANDING = [CaseStatus.DECIDED, CaseStatus.APPEALED, CaseStatus.FINAL]
KEPT = [ReviewOutcome.UPHELD, ReviewOutcome.CHANGED]


def _other_than(name: str, *others: str) -> Q:
    """Whoever does this is none of the others, nor the person concerned."""
    found = ~Q(**{name: F("person")})
    for other in others:
        found &= ~Q(**{name: F(other)})
    return found


NUMBERS: list[BaseConstraint] = [
    UniqueConstraint(fields=["bureau", "year", "serial"], name="conduct_case_number"),
    UniqueConstraint(
        fields=["bureau", "finding"],
        condition=Q(finding__isnull=False) & ~Q(status=CaseStatus.DROPPED),
        name="conduct_case_one_a_finding",
    ),
    UniqueConstraint(
        fields=["bureau", "observation"],
        condition=Q(observation__isnull=False) & ~Q(status=CaseStatus.DROPPED),
        name="conduct_case_one_an_observation",
    ),
    UniqueConstraint(
        fields=["bureau", "note"],
        condition=Q(note__isnull=False) & ~Q(status=CaseStatus.DROPPED),
        name="conduct_case_one_a_note",
    ),
]

PEOPLE: list[BaseConstraint] = [
    CheckConstraint(condition=Q(person__isnull=False) | Q(unit__isnull=False), name="conduct_case_somebody"),
    CheckConstraint(condition=_other_than("recorded_by"), name="conduct_case_recorder"),
    CheckConstraint(condition=_other_than("decided_by", "recorded_by"), name="conduct_case_decider"),
    CheckConstraint(
        condition=_other_than("reviewed_by", "recorded_by", "decided_by"),
        name="conduct_case_reviewer",
    ),
    CheckConstraint(
        condition=_other_than("admitted_by", "recorded_by", "decided_by"),
        name="conduct_case_admitter",
    ),
]

STEPS: list[BaseConstraint] = [
    # A rule in its version, a fact and what shows it: without them nobody could answer.
    CheckConstraint(
        condition=~Q(fact="")
        & ~Q(evidence="")
        & Q(points__lt=0)
        & Q(rule__has_key="document")
        & Q(rule__has_key="version")
        & Q(rule__has_key="text"),
        name="conduct_case_grounds",
    ),
    # So many working days after a day never end before so many days; on a Sunday's notice just then.
    CheckConstraint(
        condition=Q(status__in=UNTOLD)
        | Q(
            notified_on__gte=F("recorded_on"),
            statement_days__gte=5,
            statement_until__gte=DaysAfter(F("notified_on"), F("statement_days")),
        )
        & Q(notified_on__isnull=False, statement_days__isnull=False, statement_until__isnull=False),
        name="conduct_case_told",
    ),
    # Confirmed only after the whole window in which the person could state their side.
    CheckConstraint(
        condition=~Q(decision=Decision.CONFIRMED)
        | Q(
            decided_by__isnull=False,
            notified_on__isnull=False,
            statement_days__gte=5,
            decided_on__gt=F("statement_until"),
            statement_until__gt=F("notified_on"),
        ),
        name="conduct_case_heard",
    ),
    CheckConstraint(
        condition=Q(
            status__in=UNDECIDED, decision="", decided_by__isnull=True, decided_on__isnull=True, outcome=""
        )
        | Q(
            Q(decision=Decision.CONFIRMED, appeal_until__isnull=False, appeal_until__gt=F("decided_on"))
            & Q(status__in=[*STANDING, CaseStatus.CLEARED])
            | Q(decision=Decision.WITHDRAWN, status=CaseStatus.CLEARED, outcome=""),
            ~Q(decision_reason=""),
            decided_by__isnull=False,
            decided_on__isnull=False,
            decided_on__gte=F("notified_on"),
        ),
        name="conduct_case_decided",
    ),
    CheckConstraint(
        condition=(~Q(status=CaseStatus.APPEALED) | Q(is_appeal_open=True, review_until__isnull=False))
        & (
            Q(is_appeal_open=False)
            | Q(appealed_on__isnull=False, status__in=STANDING, appealed_on__gte=F("decided_on"))
        )
        & (
            Q(appealed_on__isnull=True)
            | Q(is_appeal_late=True)
            | Q(appeal_until__isnull=False, appealed_on__lte=F("appeal_until"))
        ),
        name="conduct_case_appealed",
    ),
    # A late appeal goes to its review only through somebody. What was cleared in older copies rests.
    CheckConstraint(
        condition=Q(status=CaseStatus.CLEARED)
        | Q(is_appeal_late=False)
        | Q(review_until__isnull=True)
        | Q(admitted_by__isnull=False),
        name="conduct_case_admitted",
    ),
    CheckConstraint(
        condition=Q(outcome="", reviewed_by__isnull=True, reviewed_on__isnull=True)
        | Q(
            Q(outcome__in=KEPT, status=CaseStatus.FINAL)
            | Q(outcome=ReviewOutcome.CANCELLED, status=CaseStatus.CLEARED),
            ~Q(review_reason=""),
            reviewed_by__isnull=False,
            reviewed_on__isnull=False,
            reviewed_on__gte=F("decided_on"),
        ),
        name="conduct_case_reviewed",
    ),
    # The last word: the time for an appeal passed without one, or a third person has said it.
    CheckConstraint(
        condition=(~Q(status=CaseStatus.FINAL) & Q(final_on__isnull=True, final_points__isnull=True))
        | Q(
            Q(outcome__in=KEPT)
            | Q(outcome="", final_on__gt=F("appeal_until"), final_points=F("points"))
            & (Q(appealed_on__isnull=True) | Q(is_appeal_open=True)),
            status=CaseStatus.FINAL,
            decision=Decision.CONFIRMED,
            final_on__isnull=False,
            final_on__gte=F("decided_on"),
            final_points__isnull=False,
            final_points__lt=0,
            final_points__gte=F("points"),
        ),
        name="conduct_case_final",
    ),
    CheckConstraint(
        condition=~Q(status=CaseStatus.CLEARED)
        | Q(decision=Decision.WITHDRAWN)
        | Q(outcome=ReviewOutcome.CANCELLED),
        name="conduct_case_cleared",
    ),
]
