"""Random steps on random days keep what must hold, whatever is tried and refused in between."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.conduct.enums import CaseStatus, Decision, ReviewOutcome
from qizhi.conduct.models import Case, PointsEntry
from qizhi.conduct.queries.cases import final_cases
from qizhi.conduct.queries.points import sheet_of
from qizhi.conduct.services import appeals, drafts, hearing
from qizhi.core import clock, periods
from qizhi.core.errors import Refused

ENDED = (CaseStatus.CLEARED, CaseStatus.DROPPED)
YEAR = periods.year(2018)
STEPS = ("notify", "state", "decide", "withdraw", "appeal", "admit", "refuse", "review", "change", "cancel")
MOVES = st.lists(
    st.tuples(
        st.sampled_from((*STEPS, "finalize", "drop")),
        st.integers(0, 2),
        st.integers(0, 12),
        st.integers(0, 3),
    ),
    min_size=6,
    max_size=16,
)


class Desk:
    """Tries a step by one of four people."""

    def __init__(self, story, cases):
        self.story, self.cases = story, cases
        member = story.cast.actor("member")
        self.people = (story.recorder, story.desk, story.third, member)

    def take(self, step, case, by):
        today = clock.today()
        reviewed = {"reason": "理由", "reviewed_on": today, "by": by}
        decided = {"reason": "理由", "decided_on": today, "by": by}
        moves = {
            "notify": lambda: hearing.notify_case(case, notified_on=today, by=by),
            "state": lambda: hearing.state_case(case, text="话", stated_on=today, by=by),
            "decide": lambda: hearing.decide_case(case, decision=Decision.CONFIRMED, **decided),
            "withdraw": lambda: hearing.decide_case(case, decision=Decision.WITHDRAWN, **decided),
            "appeal": lambda: appeals.appeal_case(case, text="不服", appealed_on=today, by=by),
            "admit": lambda: appeals.admit_appeal(case, is_admitted=True, reason="理由", by=by),
            "refuse": lambda: appeals.admit_appeal(case, is_admitted=False, reason="理由", by=by),
            "review": lambda: appeals.review_case(case, outcome=ReviewOutcome.UPHELD, **reviewed),
            "change": lambda: appeals.review_case(
                case, outcome=ReviewOutcome.CHANGED, points=Decimal("-0.5"), **reviewed
            ),
            "cancel": lambda: appeals.review_case(case, outcome=ReviewOutcome.CANCELLED, **reviewed),
            "finalize": lambda: appeals.finalize_case(case, by=by),
            "drop": lambda: drafts.drop_case(case, reason="理由", by=by),
        }
        moves[step]()


def check(case, ended):
    """What must hold of a case after each step."""
    if case.pk in ended:
        assert case.status == ended[case.pk]
    total = sum(case.points_entries.values_list("points", flat=True), Decimal(0))
    assert total == (case.final_points if case.status == CaseStatus.FINAL else 0)
    people = [one for one in (case.recorded_by_id, case.decided_by_id, case.reviewed_by_id) if one]
    assert len(people) == len(set(people))
    assert case.person_id not in people
    if case.status == CaseStatus.FINAL:
        assert case.decision == Decision.CONFIRMED
        assert case.notified_on
        assert case.statement_days >= 5
        assert case.decided_on > case.statement_until
        assert case.reviewed_by_id or case.final_on > case.appeal_until
        kinds = list(case.steps.values_list("kind", flat=True))
        assert {"notified", "decided", "final"} <= set(kinds)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves=MOVES)
def test_whatever_is_tried_the_ledger_and_the_cases_agree(cast, story, moves):
    with transaction.atomic():
        ended: dict[object, str] = {}
        cases, day = [story.drafted(), story.decided(), _final(story)], dt.date(2018, 2, 7)
        desk = Desk(story, cases)
        for step, which, days, who in moves:
            day += dt.timedelta(days=days)
            with clock.at(day), suppress(Refused):
                desk.take(step, cases[which], desk.people[who])
            for case in Case.objects.all():
                check(case, ended)
                if case.status in ENDED:
                    ended[case.pk] = case.status
        final = final_cases(story.cast.bureau.pk, YEAR)
        total = sum((case.final_points or Decimal(0) for case in final), Decimal(0))
        assert sheet_of(story.cast.person("member"), YEAR).score.total == total
        assert sum(PointsEntry.objects.values_list("points", flat=True), Decimal(0)) == total
        transaction.set_rollback(True)


def _final(story):
    case = story.decided()
    with clock.at(dt.date(2018, 2, 7)):
        return appeals.finalize_case(case, by=story.recorder)
