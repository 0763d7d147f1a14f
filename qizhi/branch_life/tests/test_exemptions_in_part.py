"""Excused on a part of the days only: one sentence, whichever month, quarter or year one looks at."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import outlook
from qizhi.branch_life.queries.findings import check_clauses
from qizhi.core.periods import month_of, quarter_of, year
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.models import Resolution
from qizhi.regulations.kinds import Standing
from qizhi.regulations.services import ExemptionValues, excuse_branch

D = dt.date
SEEN_ON = D(2018, 9, 20)


@pytest.fixture
def elected(cast, hold):
    """The first branch elected its committee on 9 February 2015."""
    gathering = hold(cast.first, D(2015, 2, 9), "congress")
    return Resolution.objects.create(
        bureau=cast.bureau,
        gathering=gathering,
        position=1,
        title="选举支部委员会",
        threshold=Threshold.ELECTION,
        due=4,
        present=4,
        yes=4,
    )


def _told(cast, label, span, as_of=SEEN_ON):
    found = outlook(cast.bureau.pk, [cast.first], span, as_of).of(cast.first.pk)
    (cell,) = (cell for line, cells in found if line.label == label for cell in cells)
    return cell


def test_a_term_put_off_reads_alike_by_month_quarter_and_year(cast, ask_for, elected):
    """The term ends on 8 February; the delay is approved from the day after it until 9 August."""
    clause = ask_for("term", kind="term", years=3)
    excuse_branch(
        unit=cast.first,
        clause=clause,
        values=ExemptionValues(D(2018, 2, 9), D(2018, 8, 9), "换届筹备", "机关党委会议", D(2018, 2, 1)),
        by=cast.actor("officer"),
    )
    words = "2018年2月9日至2018年8月9日已免除：换届筹备（2018年2月1日机关党委会议批准）"
    sentence = f"上次选举为2015年2月9日，2018年2月8日届满；{words}"
    for span, state in (
        (month_of(D(2018, 2, 1)), Standing.EXCUSED),  # though the month began before the delay
        (month_of(D(2018, 5, 1)), Standing.EXCUSED),
        (quarter_of(D(2018, 1, 1)), Standing.EXCUSED),
        (quarter_of(D(2018, 4, 1)), Standing.EXCUSED),
        (month_of(D(2018, 8, 1)), Standing.MISSING),
        (quarter_of(D(2018, 7, 1)), Standing.MISSING),
        (year(2018), Standing.MISSING),
    ):
        cell = _told(cast, "支部委员会换届", span)
        assert (cell.state, cell.reason) == (state, sentence), span
    running = _told(cast, "支部委员会换届", month_of(D(2018, 8, 1)), D(2018, 8, 5))
    assert running.state is Standing.EXCUSED, "on the day on which one looks the delay has not ended"
    for month, verdict in ((2, "excused"), (7, "excused"), (8, "violated")):
        span = month_of(D(2018, month, 1))
        (one,) = check_clauses(cast.bureau.pk, span, SEEN_ON, (cast.first.pk,))
        assert [found.verdict for found in one.found] == [verdict]


def test_what_is_excused_in_part_is_owed_and_says_of_which_days_it_is_not(cast, ask_for, hold):
    clause = ask_for("congress", counts="congress", every="quarter", at_least=1)
    hold(cast.second, D(2018, 1, 8), "congress")
    excuse_branch(
        unit=cast.first,
        clause=clause,
        values=ExemptionValues(D(2018, 1, 1), D(2018, 4, 30), "抗洪", "机关党委会议", D(2018, 1, 5)),
        by=cast.actor("officer"),
    )
    words = "抗洪（2018年1月5日机关党委会议批准）"
    said = f"2018年1月1日至2018年4月30日已免除：{words}；没有免除整个期间，仍应办"
    for span in (month_of(D(2018, 2, 1)), quarter_of(D(2018, 1, 1))):
        cell = _told(cast, "支部党员大会", span)
        assert (cell.state, cell.reason) == (Standing.EXCUSED, words)
    for span in (month_of(D(2018, 4, 1)), month_of(D(2018, 6, 1)), quarter_of(D(2018, 4, 1))):
        cell = _told(cast, "支部党员大会", span)
        assert (cell.state, cell.period.label, cell.reason) == (Standing.MISSING, "2018年第2季度", said)
    page = cast.client("secretary").get(reverse("branch_life:unit", args=[cast.first.pk]))
    assert page.content.decode().count(said) >= 1
