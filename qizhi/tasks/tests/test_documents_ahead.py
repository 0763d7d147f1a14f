"""What members of a branch have to finish in time stands on its screen: numbers and days, never titles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import clock, periods
from qizhi.regulations.kinds import Look, Standing, kind_by_key
from qizhi.regulations.models import Clause
from qizhi.tasks.services import documents as services
from qizhi.tasks.tests.documents import day, make_document
from qizhi.tasks.tests.test_deadline import make_clause

SEEN_ON = day("2018-03-14")


@pytest.fixture
def clause(cast, calendar):
    """Overdue by more than two working days costs a point."""
    made = make_clause(cast)
    with clock.at(SEEN_ON):
        yield Clause.objects.select_related("version__regulation").get(pk=made.pk)


def told(cast, clause, span=None, as_of=SEEN_ON):
    look = Look(cast.bureau.pk, (cast.first, cast.second), span or periods.year(2018), as_of)
    (line,) = kind_by_key("deadline").outlook([clause], look)
    return line


def finished(cast, received, due, done, **more):
    document = make_document(cast, received_on=day(received), due_on=day(due), **more)
    services.finish_document(document, on=day(done), by=cast.actor("member"))
    return document


def test_open_overdue_and_finished_documents_of_a_branch_month_by_month(cast, clause):
    finished(cast, "2018-01-02", "2018-01-10", "2018-01-10")
    finished(cast, "2018-02-01", "2018-02-08", "2018-02-12", title="晚了")
    make_document(cast, received_on=day("2018-03-01"), due_on=day("2018-03-09"), title="过期")
    make_document(cast, received_on=day("2018-03-01"), due_on=day("2018-03-30"), title="还早")
    line = told(cast, clause)
    assert (line.label, line.asks) == ("限时办结公文", "承办的公文按期办结，逾期不超过2个工作日")
    january, february, march = line.prospects
    assert {one.unit_id for one in line.prospects} == {cast.first.pk}, "the branch of whoever answers"
    assert (january.state, january.said, january.counted) == (Standing.DONE, "已完成", 1)
    assert (february.state, february.said, february.lacking()) == (Standing.LATE, "1件逾期办结", [])
    assert (march.state, march.until) == (Standing.MISSING, day("2018-03-09"))
    assert march.said == "1件逾期未办结、1件未到期"
    (who,) = march.lacking()
    assert (who.name, who.words) == (cast.person("member").name, march.said)
    assert march.source == clause.source
    assert not any("晚了" in str(one) or "过期（" in str(one) for one in line.prospects)


def test_within_the_grace_is_in_time_and_an_unknown_last_day_is_unknown(cast, clause):
    finished(cast, "2018-02-01", "2018-02-08", "2018-02-11")
    (february,) = told(cast, clause).prospects
    assert february.state is Standing.DONE
    with clock.at(day("2026-12-20")):
        make_document(cast, received_on=day("2026-12-20"), due_on=None, working_days=20)
        (unknown,) = told(cast, clause, periods.month_of(day("2026-12-20")), day("2026-12-20")).prospects
    assert (unknown.state, unknown.said) == (Standing.UNKNOWN, "1件算不出期限")


def test_only_those_who_may_open_the_register_are_led_to_it(cast, clause):
    make_document(cast, received_on=day("2018-03-01"), due_on=day("2018-03-09"), title="过期的公文")
    (march,) = told(cast, clause).prospects
    (step,) = march.lacking()[0].steps
    assert step.is_for(cast.actor("officer"))
    assert not step.is_for(cast.actor("secretary"))
    page = cast.client("secretary").get(f"/branch-life/units/{cast.first.pk}/").content.decode()
    assert "1件逾期未办结" in page
    assert "过期的公文" not in page
    assert "tasks/documents/?person=" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_outlook_asks_the_same_however_many(cast, clause, number):
    for one in range(number):
        make_document(cast, received_on=day("2018-03-01"), due_on=day("2018-03-09"), title=f"第{one}件")
    with CaptureQueriesContext(connection) as captured:
        told(cast, clause)
    assert len(captured) <= 8
    assert len([one for one in captured if "tasks_" in one["sql"]]) == 3
