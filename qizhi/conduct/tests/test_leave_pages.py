"""The pages of leave: who sees and does what, what they say, how many questions they ask."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.services.leave import (
    LeaveFact,
    Paper,
    decide_leave,
    register_leave,
    request_leave,
    void_leave,
)
from qizhi.core import clock, imports
from qizhi.core.ids import new_id
from qizhi.core.tables.reading import read_table
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, RollFact, record_gathering
from qizhi.org.models import Leave, Person, Placement

D = dt.date
DAYS = {"id": str(new_id()), "kind": "annual", "from_on": "2018-01-22", "to_on": "2018-01-26", "note": ""}


def body(response):
    return response.content.decode().split("<main")[1]


def url(name, *args):
    return reverse(f"conduct:{name}", args=args)


@pytest.fixture
def asked(offices):
    return request_leave(
        person=offices.person("member"),
        fact=LeaveFact("annual", D(2018, 1, 22), D(2018, 1, 26)),
        by=offices.actor("member"),
    )


@pytest.fixture
def approved(offices, asked):
    return decide_leave(asked, is_approved=True, reason="", by=offices.actor("secretary"))


def test_one_asks_and_sees_the_arithmetic(offices):
    client = offices.client("member")
    page = body(client.get(url("my_leave")))
    assert "2018年的年休假还可申请 <strong>10</strong> 天" in page
    assert "自2014年7月1日起每年10天" in page
    assert "书记甲" in body(client.get(url("leave_new")))
    assert client.post(url("leave_new"), {**DAYS, "to_on": "2018-01-21"}).status_code == 422
    reply = client.post(url("leave_new"), {**DAYS, "to_on": "2018-02-28"})
    assert reply.status_code == 422
    assert 'value="2018-02-28"' in body(reply)
    assert "还可申请10天" in body(reply)
    assert client.post(url("leave_new"), DAYS).status_code == 302
    page = body(client.get(url("my_leave")))
    assert "还可申请 <strong>5</strong> 天" in page
    assert "待批" in page


def test_without_a_first_day_of_work_the_page_says_unknown(offices):
    person = offices.person("member")
    person.began_work_on = None
    person.save()
    page = body(offices.client("member").get(url("my_leave")))
    assert "未知" in page
    assert "没有登记参加工作日期" in page


def test_the_head_finds_it_on_the_first_screen_and_decides(offices, asked):
    client = offices.client("secretary")
    assert "1</strong> 份请假" in body(client.get("/"))
    page = body(client.get(url("leave_waiting")))
    assert "党员丁" in page
    assert "2018年还可申请5天" in page
    assert "5 个工作日；批准以后2018年年休假还可申请5天" in body(client.get(url("leave_decide", asked.pk)))
    refused = client.post(url("leave_decide", asked.pk), {"verdict": "no", "reason": ""})
    assert refused.status_code == 422
    assert client.post(url("leave_decide", asked.pk), {"verdict": "yes"}).status_code == 302
    assert Leave.objects.get().person == offices.person("member")
    assert "没有等您审批的请假" in body(client.get(url("leave_waiting")))
    assert "份请假" not in body(client.get("/"))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *(("member", 200), ("secretary", 200), ("personnel", 200), ("leader", 200)),
        *(("neighbour", 404), ("officer", 404), ("inspector", 404), ("outsider", 404)),
    ],
)
def test_who_sees_a_request(offices, asked, name, status):
    assert offices.client(name).get(url("leave", asked.pk)).status_code == status


@pytest.mark.parametrize("name", ["member", "personnel", "neighbour", "officer", "leader"])
def test_who_may_not_decide_finds_no_page_for_it(offices, asked, name):
    client = offices.client(name)
    assert client.get(url("leave_decide", asked.pk)).status_code == 404
    assert client.post(url("leave_decide", asked.pk), {"verdict": "yes"}).status_code == 404
    asked.refresh_from_db()
    assert asked.status == LeaveStatus.REQUESTED


def test_the_return_is_registered_by_oneself_or_personnel(offices, approved):
    with clock.at(D(2018, 1, 25)):
        assert offices.client("secretary").get(url("leave_return", approved.pk)).status_code == 404
        client = offices.client("member")
        assert "销假" in body(client.get(url("leave", approved.pk)))
        late = client.post(url("leave_return", approved.pk), {"returned_on": "2018-01-26"})
        assert late.status_code == 422
        done = client.post(url("leave_return", approved.pk), {"returned_on": "2018-01-24"})
        assert done.status_code == 302
        page = body(client.get(url("leave", approved.pk)))
        assert "请假只算到2018年1月23日" in page
        assert ">2 天<" in page, "working days that were taken, not those that were asked"
    assert Leave.objects.get().to_on == D(2018, 1, 23)


def test_who_comes_back_late_is_told_on_the_first_screen_and_what_is_no_leave(offices, approved):
    client, page = offices.client("member"), url("leave_return", approved.pk)
    assert "还没有销假" not in body(client.get("/"))
    with clock.at(D(2018, 2, 1)):
        home = body(client.get("/"))
        assert "2018年1月26日</strong>已经休完，还没有销假" in home
        assert page in home
        assert 'value="2018-01-29"' in body(client.get(page)), "the first working day after it"
        assert client.post(page, {"returned_on": "2018-02-01"}).status_code == 302
        assert "还有 <strong>3</strong> 个工作日，不算请假" in body(client.get(url("leave", approved.pk)))
        assert "还没有销假" not in body(client.get("/"))


def test_one_takes_it_back_before_it_begins(offices, approved):
    client = offices.client("member")
    assert "撤回" in body(client.get(url("leave", approved.pk)))
    assert client.post(url("leave_cancel", approved.pk)).status_code == 302
    assert not Leave.objects.exists()
    assert client.post(url("leave_cancel", approved.pk)).status_code == 409


def test_personnel_enter_a_signed_paper(offices):
    client, page = offices.client("personnel"), url("leave_register")
    values = {**DAYS, "person": "党员丁", "kind": "sick", "decided_by": "书记甲"}
    reply = client.post(page, values)
    assert reply.status_code == 422
    assert "请写明批准日期" in body(reply)
    assert client.post(page, {**values, "person": "无此人"}).status_code == 422
    assert client.post(page, {**values, "decided_on": "2018-01-12"}).status_code == 302
    assert Leave.objects.get().kind == "sick"
    assert offices.client("secretary").get(page).status_code == 403


def test_the_register_narrows_and_leaves_as_a_file(offices, approved):
    client = offices.client("personnel")
    page = body(client.get(url("leaves")))
    assert "党员丁" in page
    assert "已批准" in page
    for query in ("kind=sick", "status=requested", "q=书记", "year=2017"):
        assert "党员丁" not in body(client.get(f"{url('leaves')}?{query}"))
    for query in ("kind=annual", "status=approved", "q=党员", f"unit={offices.department.pk}"):
        assert "党员丁" in body(client.get(f"{url('leaves')}?{query}"))
    text = client.get(f"{url('leaves')}?format=csv").content.decode("utf-8-sig")
    assert "党员丁(0004),年休假,2018-01-22,2018-01-26" in text
    with clock.at(D(2018, 1, 29)):
        assert "还没有销假" in body(client.get(url("leaves")))
    assert offices.client("member").get(url("leaves")).status_code == 403


def test_leave_entered_on_the_page_of_a_person_stands_in_the_register_too(offices):
    make = {"bureau": offices.bureau, "person": offices.person("member"), "kind": "duty"}
    Leave.objects.create(**make, from_on=D(2018, 1, 8), to_on=D(2018, 1, 9))
    assert "在人员页直接登记的请假" in body(offices.client("personnel").get(url("leaves")))


def test_a_head_sees_the_own_department_alone(offices, approved):
    Placement.objects.filter(person=offices.person("member")).update(to_on=D(2018, 1, 14))
    assert "党员丁" not in body(offices.client("secretary").get(url("leaves")))
    assert "党员丁" in body(offices.client("leader").get(url("leaves")))
    calendar = body(offices.client("secretary").get(f"{url('leave_calendar')}?month=2018-01"))
    assert "党员丁" not in calendar


def test_a_month_at_a_glance(offices, approved):
    client = offices.client("personnel")
    page = body(client.get(f"{url('leave_calendar')}?month=2018-01"))
    assert page.count('title="年休假"') == 5
    assert "这个月没有人请假" in body(client.get(f"{url('leave_calendar')}?month=2018-02"))
    assert client.get(f"{url('leave_calendar')}?month=9999-99").status_code == 200
    text = client.get(f"{url('leave_calendar')}?month=2018-01&format=csv").content.decode("utf-8-sig")
    assert text.count("年休假") == 5


def test_balances_of_a_department(offices, approved):
    client = offices.client("personnel")
    page = body(client.get(f"{url('leave_balances')}?unit={offices.department.pk}"))
    assert "还可申请5天" in page
    assert "未知" in page  # those whose first day of work nobody has written down
    text = client.get(f"{url('leave_balances')}?unit={offices.department.pk}&format=csv").content.decode()
    assert "党员丁,2004-06-15,10,0,5,0,5" in text


def test_balances_of_everybody_are_one_table_for_personnel_and_nobody_else(offices, approved):
    address = f"{url('leave_balances')}?unit="
    client = offices.client("personnel")
    assert "全局共" in body(client.get(address))
    text = client.get(f"{address}&format=csv").content.decode()
    assert "党员丁,2004-06-15,10,0,5,0,5" in text
    assert text.count("\n") - 1 == Person.objects.filter(bureau=offices.bureau).count()
    assert "全局共" not in body(offices.client("secretary").get(address)), "a head has the own department"


def test_leave_over_new_year_tells_what_is_left_in_both_years(offices):
    over = LeaveFact("annual", D(2018, 12, 27), D(2019, 1, 4))
    row = request_leave(person=offices.person("member"), fact=over, by=offices.actor("member"))
    said = ("2018年的年休假还可申请 <strong>7</strong> 天", "2019年的年休假还可申请 <strong>7</strong> 天")
    for name, address in (("member", url("leave", row.pk)), ("secretary", url("leave", row.pk))):
        page = body(offices.client(name).get(address))
        assert all(words in page for words in said)
    told = body(offices.client("secretary").get(url("leave_decide", row.pk)))
    assert "批准以后2018年年休假还可申请7天；批准以后2019年年休假还可申请7天" in told
    waiting = body(offices.client("secretary").get(url("leave_waiting")))
    assert "2018年还可申请7天<br>2019年还可申请7天" in waiting


def test_a_leave_tells_what_rolls_of_its_days_say(offices, approved):
    kind = Kind.objects.create(bureau=offices.bureau, key="x", name="学习", audience="members", ledgers=[])
    row = record_gathering(
        facts=GatheringFacts(
            unit=offices.first,
            held_on=D(2018, 1, 12),
            kinds=(kind,),
            title="集中学习",
            roll=(RollFact(offices.person("member"), "absent"),),
        ),
        by=offices.actor("officer"),
    )
    assert "集中学习" not in body(offices.client("personnel").get(url("leave", approved.pk)))
    sick = LeaveFact("sick", D(2018, 1, 12), D(2018, 1, 12))
    paper = Paper(D(2018, 1, 12), offices.person("secretary"))
    by = offices.actor("personnel")
    late = register_leave(person=offices.person("member"), fact=sick, paper=paper, by=by)
    page = body(offices.client("personnel").get(url("leave", late.pk)))
    assert "集中学习" in page
    assert "请假（病假）" in page
    void_leave(late, because="登记错了", by=by)
    assert "缺席（原认作病假，请假已改）" in body(offices.client("personnel").get(url("leave", late.pk)))
    assert row.roll.get().state == "absent"


FILE = """姓名,请假类型,开始日期,结束日期,审批人,审批日期,返岗日期,备注
党员丁,年假,2017.8.7,2017-08-11,书记甲,2017-08-01,2017-08-10,
书记甲,公出,2017-09-04,2017-09-06,,,,
""".encode()


def run(cast, content, *, write):
    importer = imports.get("conduct.leaves")
    reading = read_table(content, "请假.csv", importer.schema(cast.bureau.pk))
    return importer.run(reading, cast.actor("personnel"), write=write)


def test_past_leave_comes_in_once(offices):
    outcome = run(offices, FILE, write=True)
    assert outcome.errors == []
    assert outcome.count(imports.What.NEW) == 2
    row = LeaveRequest.objects.get(kind="annual")
    assert (row.status, row.leave.to_on) == (LeaveStatus.RETURNED, D(2017, 8, 9))
    again = run(offices, FILE, write=True)
    assert again.count(imports.What.SAME) == 2
    assert LeaveRequest.objects.count() == Leave.objects.count() == 2
    lines = list(imports.get("conduct.leaves").export(offices.actor("personnel")))
    assert [line["person"] for line in lines] == ["书记甲(0001)", "党员丁(0004)"]


def test_a_ledger_brings_the_return_of_leave_that_is_there_and_says_what_it_leaves(offices, approved):
    head = "请假人,请假类型,请假起始时间,请假结束时间,返岗时间\n"
    line = "党员丁,年假,2018.1.22,2018.1.26,{}\n"
    ahead = run(offices, (head + line.format("2018-01-24")).encode(), write=True)
    assert "今天之后" in ahead.errors[0].reason
    with clock.at(D(2018, 2, 1)):
        outcome = run(offices, (head + line.format("2018-01-24")).encode(), write=True)
        (done,) = outcome.lines
        assert (done.what, done.text.endswith("；补登销假2018-01-24")) == (imports.What.CHANGED, True)
        approved.refresh_from_db()
        assert (approved.status, approved.leave.to_on) == (LeaveStatus.RETURNED, D(2018, 1, 23))
        other = run(offices, (head + line.format("2018-01-29")).encode(), write=True)
        assert other.lines[0].what is imports.What.SAME
        assert "系统里是2018-01-24销假，表里的2018-01-29没有采用" in other.lines[0].text
        request_leave(
            person=offices.person("neighbour"),
            fact=LeaveFact("annual", D(2018, 2, 5), D(2018, 2, 6)),
            by=offices.actor("neighbour"),
        )
        waits = run(offices, f"{head}书记己,年假,2018-02-05,2018-02-06,\n".encode(), write=True)
        assert "系统里还在待批" in waits.lines[0].text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("党员丁,病假,2017-08-09,2017-08-12,,,,", "重叠"),
        ("党员丁,病假,2017-10-12,2017-10-09,,,,", "早于"),
        ("党员丁,病假,2017-10-09,2017-10-12,党员丁,,,", "自己"),
        ("党员丁,病假,2017-10-09,2017-10-12,,,2017-10-09,", "销假"),
        ("没有此人,病假,2017-10-09,2017-10-12,,,,", "没有"),
    ],
)
def test_a_bad_row_is_named(offices, line, words):
    outcome = run(offices, FILE + f"{line}\n".encode(), write=False)
    (error,) = outcome.errors
    assert words in f"{error.reason}{error.fix}"
    assert not LeaveRequest.objects.exists()


PAGES = {
    ("secretary", "leave_waiting"): 12,
    ("personnel", "leaves"): 13,
    ("personnel", "leave_calendar"): 6,
    ("personnel", "leave_balances"): 10,
    ("member", "my_leave"): 11,
}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("asked_by", PAGES)
def test_queries_do_not_grow(offices, number, asked_by, django_assert_num_queries):
    for place in range(number):
        other = Person.objects.create(bureau=offices.bureau, staff_no=f"99{place}", name=f"某{place}")
        Placement.objects.create(
            bureau=offices.bureau, person=other, unit=offices.department, from_on=D(2015, 1, 1)
        )
        week = D(2018, 1, 22) + dt.timedelta(days=7 * place)
        for person in (other, offices.person("member")):
            fact = LeaveFact("annual", week, week + dt.timedelta(days=1))
            request_leave(person=person, fact=fact, by=offices.actor("personnel"))
    name, page = asked_by
    client, address = offices.client(name), f"{url(page)}?unit={offices.department.pk}"
    client.get(address)
    with django_assert_num_queries(PAGES[asked_by]):
        assert client.get(address).status_code == 200
