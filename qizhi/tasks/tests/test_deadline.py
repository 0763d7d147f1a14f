"""The kind `deadline` on rows: what a run finds, whom it names, and what it leaves as it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import clock
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of
from qizhi.regulations.models import CalendarPaper, Clause, Finding, Regulation, Version
from qizhi.regulations.services.behind import months_behind
from qizhi.regulations.services.calendar import put_calendar_paper, remove_calendar_paper
from qizhi.regulations.services.comparing import find
from qizhi.regulations.services.ordinals import number_days
from qizhi.regulations.services.runs import run_clauses
from qizhi.tasks.models import Document
from qizhi.tasks.services import documents as services
from qizhi.tasks.services import handlings
from qizhi.tasks.tests.documents import day, extend, make_document

FEBRUARY = Period(dt.date(2018, 2, 1), dt.date(2018, 2, 28))
LATER = day("2018-06-29")


def make_clause(cast, *, grace=2, start="2015-07-01", end=None, points=-1):
    """A clause of the kind in a version of its own."""
    regulation, _ = Regulation.objects.get_or_create(
        bureau=cast.bureau, code="mv", defaults={"title": "考核办法", "level": "bureau"}
    )
    version = Version.objects.create(
        bureau=cast.bureau,
        regulation=regulation,
        label=start,
        effective_from=day(start),
        effective_to=day(end) if end else None,
        loaded_from="例",
    )
    clause = Clause.objects.create(
        bureau=cast.bureau,
        version=version,
        key="MV-2",
        number="第二项",
        text="逾期超过2个工作日的扣1分。",
        kind="deadline",
        parameters={"register": "documents", "grace": grace},
        points=points,
        subject="person",
        applies_by="due",
    )
    Version.objects.filter(pk=version.pk).update(status="published")
    return clause


def found(cast, period=FEBRUARY, as_of=LATER, **ask):
    """What the clauses of the bureau find, in the order of the versions."""
    clauses = Clause.objects.filter(bureau=cast.bureau, kind="deadline").order_by("version__effective_from")
    asked = Ask(cast.bureau.pk, period, as_of, **ask)
    return [one for clause in clauses.select_related("version__regulation") for one in find(clause, asked)]


@pytest.fixture
def vector(cast, calendar):
    """The worked example: due Thursday 2018-02-08, done Monday the 12th after a make-up Sunday."""
    make_clause(cast)
    with clock.at(LATER):
        document = make_document(cast, received_on=day("2018-02-01"), due_on=day("2018-02-08"))
        services.finish_document(document, on=day("2018-02-12"), by=cast.actor("member"))
        yield document


def test_the_worked_example_is_three_days_late(cast, vector):
    (one,) = found(cast)
    assert (one.judgement.verdict, one.points) == ("violated", -1)
    assert one.place.person_id == cast.person("member").pk
    assert one.place.unit_id == cast.department.pk
    assert one.place.period == Period(day("2018-02-08"), day("2018-02-08"))
    days = one.judgement.evidence["days_late"]
    assert [row["on"] for row in days] == ["2018-02-09", "2018-02-11", "2018-02-12"]
    assert days[1] == {"on": "2018-02-11", "name": "春节", "paper": "国办发明电〔2017〕12号"}
    assert one.judgement.evidence["would_comply"] == "2018-02-11"
    assert "逾期3个工作日（2月9日、2月11日、2月12日）。承办人党员丁。依据《考核办法》第二项" in one.sentence


def test_done_on_the_make_up_sunday_it_is_within_the_grace(cast, vector):
    services.finish_document(vector, on=day("2018-02-11"), by=cast.actor("officer"))
    assert found(cast) == []


def test_only_the_month_of_the_last_day_finds_it(cast, vector):
    assert found(cast, month_of(day("2018-01-31"))) == []
    assert found(cast, month_of(day("2018-03-01"))) == []
    assert len(found(cast, FEBRUARY, unit_ids=(cast.department.pk,))) == 1
    assert found(cast, FEBRUARY, unit_ids=(cast.first.pk,)) == []


def test_an_open_document_is_found_when_the_grace_is_over_and_left_as_it_is(cast, vector):
    services.reopen_document(vector, by=cast.actor("officer"))
    assert found(cast, as_of=day("2018-02-11")) == []
    first, later = found(cast, as_of=day("2018-02-12")), found(cast, as_of=LATER)
    assert first[0].fingerprint == later[0].fingerprint
    assert "尚未办结，逾期已满3个工作日" in first[0].sentence


def test_runs_keep_replace_and_drop_the_finding(cast, vector):
    by = cast.actor("officer")

    def run(as_of=LATER):
        run_clauses(bureau_id=cast.bureau.pk, span=FEBRUARY, as_of=as_of, by=by)
        return {one.status: one for one in Finding.objects.filter(bureau=cast.bureau)}

    services.reopen_document(vector, by=by)
    opened = run(day("2018-02-12"))["live"]
    assert run()["live"] == opened
    services.finish_document(vector, on=day("2018-02-13"), by=by)
    states = run()
    assert states["superseded"] == opened
    assert "逾期4个工作日" in states["live"].sentence
    services.finish_document(vector, on=day("2018-02-09"), by=by)
    assert "live" not in run()


def test_an_approved_extension_is_honoured(cast, vector):
    services.reopen_document(vector, by=cast.actor("officer"))
    extend(cast, vector, day("2018-02-12"), day("2018-02-07"), day("2018-02-08"))
    services.finish_document(vector, on=day("2018-02-14"), by=cast.actor("officer"))
    assert found(cast) == []
    services.finish_document(vector, on=day("2018-02-22"), by=cast.actor("officer"))
    (one,) = found(cast)
    assert one.place.period.start == day("2018-02-12")
    assert one.judgement.evidence["extension"] == "2018年2月7日申请，2018年2月8日干事壬批准"


def test_who_answered_on_the_last_day_is_named(cast, vector):
    services.reopen_document(vector, by=cast.actor("officer"))
    handlings.hand_over(
        vector, handler=cast.person("neighbour"), on=day("2018-02-09"), by=cast.actor("officer")
    )
    services.finish_document(vector, on=day("2018-02-14"), by=cast.actor("officer"))
    assert found(cast)[0].place.person_id == cast.person("member").pk
    second = vector.handlings.latest("from_on")
    handlings.change_handling(second, handler=second.person, on=day("2018-02-08"), by=cast.actor("officer"))
    assert found(cast)[0].place.person_id == cast.person("neighbour").pk


def test_the_version_in_force_on_the_last_day_judges(cast, calendar):
    make_clause(cast, end="2018-02-28")
    make_clause(cast, start="2018-03-01", grace=0, points=-2)
    with clock.at(LATER):
        for number, due in enumerate(("2018-02-28", "2018-03-01")):
            document = make_document(cast, f"文{number}", received_on=day("2018-02-01"), due_on=day(due))
            services.finish_document(document, on=day("2018-03-02"), by=cast.actor("officer"))
    both = found(cast, Period(day("2018-02-01"), day("2018-03-31")))
    assert [(one.points, one.place.period.start) for one in both] == [(-2, day("2018-03-01"))]


def test_a_calendar_amended_after_the_fact_is_counted_anew(cast, vector):
    values = {
        "scope": "unit",
        "year": 2018,
        "title": "补班调整",
        "doc_no": "局办〔2018〕1号",
        "published_on": day("2018-01-31"),
        "notice": "春节：2月11日放假。",
        "confirmation": "L",
    }
    paper = put_calendar_paper(values=values, by=cast.actor("officer"))
    assert found(cast) == []
    back = {**values, "notice": "春节：2月10日放假。"}
    put_calendar_paper(values=back, paper=paper, by=cast.actor("officer"))
    assert len(found(cast)) == 1


def test_a_year_without_a_paper_is_unknown_and_named(cast, calendar):
    make_clause(cast)
    with clock.at(LATER.replace(year=2019)):
        document = make_document(cast, received_on=day("2018-12-27"), working_days=5)
        early = make_document(cast, "按时的", received_on=day("2018-12-27"), working_days=5)
        services.finish_document(early, on=day("2018-12-29"), by=cast.actor("officer"))
    CalendarPaper.objects.filter(bureau=cast.bureau, year__gte=2019).delete()
    number_days(cast.bureau.pk)
    (one,) = found(cast, month_of(day("2018-12-27")), LATER.replace(year=2019))
    assert (one.judgement.verdict, one.points) == ("unknown", 0)
    assert one.place.occurrence == str(document.pk)
    assert "缺少2019年的放假安排通知" in one.sentence


def test_withdrawn_documents_and_other_bureaus_are_left_out(cast, vector):
    services.withdraw_document(vector, because="重复登记", by=cast.actor("officer"))
    assert found(cast) == []
    services.restore_document(vector, by=cast.actor("officer"))
    clause = Clause.objects.filter(kind="deadline").select_related("version__regulation").get()
    assert list(find(clause, Ask(cast.outsider.bureau_id, FEBRUARY, LATER))) == []


def test_the_queries_do_not_grow_with_the_documents(cast, vector):
    numbers = []
    found(cast)
    for extra in (0, 2):
        for number in range(extra):
            more = make_document(cast, f"又{number}", received_on=day("2018-02-01"), due_on=day("2018-02-08"))
            services.finish_document(more, on=day("2018-02-14"), by=cast.actor("officer"))
        with CaptureQueriesContext(connection) as captured:
            found(cast)
        numbers.append(len(captured))
    # The clauses; the calendar; documents, handlings, extensions; what the clause excuses, leaves, memberships, people.
    assert numbers == [9, 9]
    assert Document.objects.count() == 3


def test_what_was_judged_by_a_paper_taken_back_is_judged_anew_by_the_next_run(cast, vector):
    asked = {"bureau_id": cast.bureau.pk, "span": FEBRUARY, "as_of": LATER, "by": cast.actor("officer")}
    with clock.at(LATER):
        run_clauses(**asked)
    paper = CalendarPaper.objects.get(bureau=cast.bureau, year=2018)
    with clock.at(LATER + dt.timedelta(days=1)):
        remove_calendar_paper(paper=paper, because="录错了", by=cast.actor("officer"))
        (month,) = months_behind(cast.bureau.pk).months
        assert (month.month.start, month.said) == (FEBRUARY.start, "放假安排通知1条")
        run_clauses(**asked)
    old, new = Finding.objects.order_by("found_at")
    assert (old.verdict, old.status, new.verdict) == ("violated", "superseded", "unknown")
    assert new.points == 0
    assert "缺少2018年的放假安排通知" in new.sentence
