"""Pages of runs: the difference first, then the run; settled months and what is proposed for them."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import clock
from qizhi.core.ids import new_id
from qizhi.core.periods import Period, month_of
from qizhi.regulations.models import Finding, PeriodClose, Proposal, Run
from qizhi.regulations.services import close_period, run_clauses
from qizhi.regulations.tests.planted import LATE

D = dt.date
NEW = "/regulations/runs/new/"
MONTHS = {"start": "2018-01", "end": "2018-02", "as_of": "2018-03-01"}
SPAN = Period(D(2018, 1, 1), D(2018, 2, 28))


@pytest.fixture(autouse=True)
def today(_clock):
    with clock.at(D(2018, 3, 1)):
        yield


@pytest.fixture
def office(cast, clause):
    return cast.client("officer")


def judge(cast, by="officer"):
    return run_clauses(bureau_id=cast.bureau.pk, span=SPAN, as_of=clock.today(), by=cast.actor(by))


def sent(page):
    """What the button of the difference sends."""
    return {**MONTHS, "seen": page.context["outcome"].digest, "id": str(page.context["key"])}


def test_the_first_page_offers_the_month_before_and_changes_nothing(office):
    page = office.get(NEW)
    assert page.status_code == 200
    assert 'name="start" value="2018-02"' in page.content.decode()
    assert page.context["outcome"] is None
    assert not Run.objects.exists()


def test_the_difference_comes_first_and_then_the_run_does_just_that(cast, office):
    LATE.update({"a": (D(2018, 1, 5), 3), "b": (D(2018, 2, 6), 5)})
    page = office.get(NEW, MONTHS)
    text = page.content.decode()
    assert "核算会更改 <strong>2</strong> 处" in text
    assert "a：晚3天" in text
    assert not Run.objects.exists()
    values = sent(page)
    first, again = office.post(NEW, values), office.post(NEW, values)
    assert first.status_code == again.status_code == 302
    run = Run.objects.get()
    assert first["Location"] == again["Location"] == run.get_absolute_url()
    shown = office.get(run.get_absolute_url()).content.decode()
    assert "2018年1月至2月" in shown
    assert "新增2条" in shown
    assert "b：晚5天" in shown
    LATE.update({"a": (D(2018, 1, 5), 4), "b": (D(2018, 2, 6), 1)})
    text = office.get(NEW, MONTHS).content.decode()
    assert "a：晚3天</td><td>a：晚4天" in text
    assert "b：晚5天</td><td>—" in text
    file = office.get(NEW, {**MONTHS, "format": "csv"}).content.decode("utf-8-sig")
    assert "替代,2018年1月5日,a：晚3天,a：晚4天," in file


def test_what_changed_after_it_was_shown_is_shown_again_before_it_is_written(cast, office):
    LATE["a"] = (D(2018, 1, 5), 3)
    values = sent(office.get(NEW, MONTHS))
    LATE["n"] = (D(2018, 1, 9), 9)
    page = office.post(NEW, values)
    assert page.status_code == 422
    text = page.content.decode()
    assert "记录又有变化" in text
    assert "n：晚9天" in text
    assert not Run.objects.exists()
    assert office.post(NEW, sent(page)).status_code == 302
    assert Finding.objects.live().count() == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"end": "2017-12"}, "早于起始月份"),
        ({"start": "一月"}, "没有认出月份"),
        ({"as_of": "2018-03-02"}, "核算日还没有到"),
        ({"as_of": "2017-12-31"}, "核算日早于起始月份"),
        ({"start": "2012-01"}, "一次最多核算36个月"),
    ],
)
def test_months_that_make_no_sense_are_said_and_kept(office, changed, said):
    for ask in (office.get, office.post):
        page = ask(NEW, {**MONTHS, **changed})
        assert page.status_code == 422
        assert said in page.content.decode()
        (name, value), *_ = changed.items()
        assert f'name="{name}" value="{value}"' in page.content.decode()


def test_only_the_office_runs_and_only_its_readers_read(cast, clause):
    LATE["a"] = (D(2018, 1, 5), 3)
    run = judge(cast)
    for role, may_read, may_run in (
        ("officer", 200, 200),
        ("inspector", 200, 200),
        ("leader", 200, 403),
        ("secretary", 403, 403),
        ("member", 403, 403),
        ("personnel", 403, 403),
    ):
        client = cast.client(role)
        assert client.get("/regulations/runs/").status_code == may_read, role
        assert client.get("/regulations/findings/").status_code == may_read, role
        assert client.get(NEW).status_code == may_run, role
        assert client.post(NEW, MONTHS).status_code == (403 if may_run == 403 else 302), role
    outsider = cast.client("outsider")
    assert outsider.get(run.get_absolute_url()).status_code == 404
    assert outsider.get("/regulations/runs/").context["page_of_runs"].paginator.count == 0


def test_the_library_leads_the_office_there_and_nobody_else(cast, clause):
    assert "/regulations/runs/" in cast.client("inspector").get("/regulations/").content.decode()
    assert "/regulations/runs/" not in cast.client("secretary").get("/regulations/").content.decode()


def test_months_are_settled_and_opened_again(cast, office):
    address = "/regulations/periods/new/"
    values = {"id": str(new_id()), "start": "2018-01", "end": "2018-01"}
    assert office.get(address).status_code == 200
    assert office.post(address, values).status_code == 302
    assert office.post(address, values).status_code == 302, "a second click settles nothing more"
    closed = PeriodClose.objects.get()
    assert (closed.start, closed.end) == (D(2018, 1, 1), D(2018, 1, 31))
    page = office.post(address, {**values, "id": str(new_id())})
    assert page.status_code == 422
    assert "已经结账" in page.content.decode()
    again = office.post(address, {**values, "id": str(new_id()), "start": "2018-03", "end": "2018-03"})
    assert "还没有过完" in again.content.decode()
    assert "2018年1月" in office.get("/regulations/periods/").content.decode()
    reopen = f"/regulations/periods/{closed.pk}/reopen/"
    assert cast.client("outsider").post(reopen, {"because": "x"}).status_code == 404
    assert office.post(reopen, {"because": ""}).status_code == 422
    assert office.post(reopen, {"because": "原始记录更正"}).status_code == 302
    assert not PeriodClose.objects.exists()


@pytest.fixture
def waiting(cast, clause):
    """One proposal of each kind for January."""
    LATE.update({"a": (D(2018, 1, 5), 3), "r": (D(2018, 1, 6), 3)})
    judge(cast)
    close_period(bureau_id=cast.bureau.pk, span=month_of(D(2018, 1, 1)), by=cast.actor("officer"))
    LATE.update({"a": (D(2018, 1, 5), 1), "r": (D(2018, 1, 6), 7), "n": (D(2018, 1, 9), 8)})
    judge(cast)
    return {one.change: one for one in Proposal.objects.all()}


def test_proposals_are_accepted_or_set_aside(cast, waiting):
    office = cast.client("inspector")
    page = office.get("/regulations/proposals/")
    assert page.context["page_of_proposals"].paginator.count == 3
    assert "3 条变更建议" in office.get("/regulations/runs/").content.decode().replace(
        "<strong>3</strong>", "3"
    )
    replaced = waiting["replaced"]
    text = office.get(replaced.get_absolute_url()).content.decode()
    assert "r：晚3天" in text
    assert "r：晚7天" in text
    assert "逾期2天以上，每件扣1分。" in text
    assert office.post(replaced.get_absolute_url(), {}).status_code == 422
    assert office.post(replaced.get_absolute_url(), {"answer": "accept"}).status_code == 302
    assert office.post(waiting["gone"].get_absolute_url(), {"answer": "aside"}).status_code == 302
    said = office.post(replaced.get_absolute_url(), {"answer": "aside"})
    assert said.status_code == 422
    assert "已经处理过" in said.content.decode()
    standing = {one.occurrence: one.actual for one in Finding.objects.live()}
    assert standing == {"a": "晚3天", "r": "晚7天"}
    assert office.get("/regulations/proposals/").context["page_of_proposals"].paginator.count == 1
    assert office.get("/regulations/proposals/?all=1").context["page_of_proposals"].paginator.count == 3
    for stranger, status in (("outsider", 404), ("leader", 404), ("secretary", 403)):
        answer = cast.client(stranger).post(waiting["added"].get_absolute_url(), {"answer": "accept"})
        assert answer.status_code == status, stranger


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(cast, clause, django_assert_num_queries, rows):
    LATE.update({f"k{number}": (D(2018, 1, 5 + number), 5) for number in range(rows)})
    client = cast.client("officer")
    with django_assert_num_queries(12):
        assert len(client.get(NEW, MONTHS).context["lines"]) == rows
    run = judge(cast)
    for _ in range(rows - 1):
        judge(cast)
    with django_assert_num_queries(8):
        assert len(client.get("/regulations/runs/").context["page_of_runs"]) == rows
    with django_assert_num_queries(10):
        assert len(client.get(run.get_absolute_url()).context["page_of_findings"]) == rows
    close_period(bureau_id=cast.bureau.pk, span=month_of(D(2018, 1, 1)), by=cast.actor("officer"))
    LATE.update({f"k{number}": (D(2018, 1, 5 + number), 9) for number in range(rows)})
    judge(cast)
    with django_assert_num_queries(5):
        assert len(client.get("/regulations/proposals/").context["page_of_proposals"]) == rows
