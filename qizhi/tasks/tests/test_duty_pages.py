from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.tables import TableSchema, read_table
from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import Duty, DutyList, DutyNote, DutyPart
from qizhi.tasks.services.duties import DutyValues, withdraw_duty
from qizhi.tasks.services.parts import add_note, settle_part
from qizhi.tasks.tests.duties import ISSUED, LESSONS, PLAN, make_list, make_task, part_of
from qizhi.tasks.views.duties import GIVEN
from qizhi.tasks.views.lists import COLUMNS as ITEMS
from qizhi.tasks.views.parts import COLUMNS as PARTS

TODAY = dt.date(2018, 1, 15)
PAGE = "/tasks/duties/"
LISTS = f"{PAGE}lists/"
CASCADES = f"{PAGE}cascades/"


def at(name, row):
    return reverse(f"tasks:{name}", args=[row.pk])


def text_of(page):
    return page.content.decode().split("<main")[1]


@pytest.mark.parametrize("who", ["secretary", "neighbour", "officer", "inspector", "leader"])
@pytest.mark.parametrize("address", [PAGE, LISTS, CASCADES])
def test_the_pages_open(cast, who, address):
    assert cast.client(who).get(address).status_code == 200


@pytest.mark.parametrize("who", ["member", "personnel"])
@pytest.mark.parametrize("address", [PAGE, LISTS, CASCADES])
def test_the_pages_are_not_for(cast, who, address):
    assert cast.client(who).get(address).status_code == 403


def test_a_branch_sees_its_own_part_and_not_its_neighbours(cast, calendar):
    made, task = make_list(cast), make_task(cast, units=[cast.first])
    own = text_of(cast.client("secretary").get(PAGE))
    assert "制定学习计划" in own
    assert "传达会议精神" in own
    assert "第二党支部" not in own
    other = cast.client("neighbour")
    assert "传达会议精神" not in text_of(other.get(PAGE))
    assert "传达会议精神" not in text_of(other.get(CASCADES))
    assert "第一党支部" not in text_of(other.get(made.duties.get().get_absolute_url()))
    for name, row in (
        ("duty", task),
        ("part", part_of(task, cast.first)),
        ("part_done", part_of(task, cast.first)),
    ):
        for who in ("neighbour", "outsider"):
            assert cast.client(who).get(at(name, row)).status_code == 404, (who, name)


def test_a_list_not_yet_issued_is_for_those_who_write_it(cast):
    made = make_list(cast, is_issued=False)
    secretary = cast.client("secretary")
    assert made.name not in text_of(secretary.get(LISTS))
    assert secretary.get(made.get_absolute_url()).status_code == 404
    assert secretary.get(at("part", DutyPart.objects.first())).status_code == 404
    assert "还没有印发" in text_of(cast.client("officer").get(made.get_absolute_url()))


def test_two_clicks_mark_a_task_done_and_every_page_follows(cast, calendar):
    task = make_task(cast)
    part = part_of(task, cast.first)
    client = cast.client("secretary")
    assert at("part_done", part) in text_of(client.get(PAGE))
    form = client.get(at("part_done", part))
    assert reverse("web:part_record", args=[part.pk]) in text_of(form)
    done = client.post(
        at("part_done", part), {"on": form.context["form"]["on"].value(), "words": ""}, follow=True
    )
    assert done.redirect_chain == [(at("part", part), 302)]
    for words in ("已记为完成", "更正办理情况", "撤回办理情况"):
        assert words in text_of(done)
    assert "2 个组织应办，<strong>1</strong> 个已完成" in text_of(cast.client("leader").get(at("duty", task)))
    assert "1/2" in text_of(cast.client("officer").get(CASCADES))


def test_a_leader_reads_and_does_not_answer_for_a_branch(cast, calendar):
    part = part_of(make_task(cast), cast.first)
    client = cast.client("leader")
    assert at("part_done", part) not in text_of(client.get(at("part", part)))
    assert client.post(at("part_done", part)).status_code == 403
    assert client.get(CASCADES + "new/").status_code == 403


def test_a_word_of_the_branch_with_its_day_can_be_corrected_and_taken_back(cast):
    part = part_of(make_task(cast, PLAN), cast.first)
    client = cast.client("secretary")
    assert client.post(at("part_done", part), {"on": "2018-02-01", "words": "写完"}).status_code == 422
    client.post(at("part_done", part), {"on": "2018-01-12", "words": "已在支部会上落实"})
    page = text_of(client.get(at("part", part)))
    assert "已在支部会上落实" in page
    assert "2018年1月12日" in page
    client.post(at("part_done", part), {"on": "2018-01-11", "words": "已落实"})
    assert "2018年1月12日 → 2018年1月11日" in text_of(client.get(at("part", part)))
    client.post(at("part_reopen", part))
    assert part_of(part.duty, cast.first).settled_as == ""


def test_only_the_office_exempts_extends_and_takes_that_back(cast):
    part = part_of(make_task(cast, PLAN), cast.first)
    secretary, officer = cast.client("secretary"), cast.client("officer")
    for name in ("part_exempt", "part_extend"):
        assert secretary.get(at(name, part)).status_code == 403
        assert officer.get(at(name, part)).status_code == 200
    wrong = officer.post(
        at("part_extend", part), {"until": "2018-02-09", "because": "检查", "approved_by": "无"}
    )
    assert wrong.status_code == 422
    more = {"until": "2018-02-09", "because": "集中检查", "approved_by": "局长丑"}
    assert officer.post(at("part_extend", part), more).status_code == 302
    assert "局长丑批准：集中检查" in text_of(secretary.get(at("part", part)))
    assert officer.post(at("part_exempt", part), {"how": "na", "on": TODAY, "words": ""}).status_code == 422
    officer.post(at("part_exempt", part), {"how": "na", "on": TODAY, "words": "新成立"})
    page = text_of(secretary.get(at("part", part)))
    assert "不适用" in page
    assert "新成立" in page
    assert secretary.post(at("part_reopen", part)).status_code == 404


def test_a_number_ticks_the_item_and_opens_to_its_rows(cast):
    item = make_list(cast, items=[LESSONS]).duties.get()
    part = part_of(item, cast.first)
    client = cast.client("secretary")
    assert "有支部工作法的党支部" in text_of(client.get(at("part", part)))
    assert "未到期" in text_of(client.get(PAGE))
    part.unit.working_methods.create(bureau=cast.bureau, name="三联工作法", from_on=dt.date(2017, 1, 1))
    page = text_of(client.get(at("part", part)))
    assert "三联工作法" in page
    assert f"{at('part', part)}#rows" in text_of(client.get(PAGE))
    assert "没有未到期的事项" in text_of(client.get(PAGE))


def test_a_list_is_written_on_one_page_issued_and_copied(cast):
    client = cast.client("officer")
    page = client.get(LISTS + "new/")
    assert page.context["form"]["issuer"].value() == cast.committee.pk
    sent = {
        "id": page.context["form"]["id"].value(),
        "issuer": cast.committee.pk,
        "year": 2018,
        "kind": "responsibility",
        "name": "",
        "lines": "第一项\n\n第二项",
        "units": [cast.first.pk],
    }
    assert client.post(LISTS + "new/", {**sent, "lines": "字" * 301}).status_code == 422
    assert client.post(LISTS + "new/", {**sent, "units": []}).status_code == 422
    made = client.post(LISTS + "new/", sent)
    found = DutyList.objects.get()
    assert made["Location"] == found.get_absolute_url()
    assert [duty.text for duty in found.duties.all()] == ["第一项", "第二项"]
    assert client.post(at("list_issue", found), {"issued_on": "2018-01-15"}).status_code == 302
    assert client.post(at("list_edit", found), {"name": "新名", "units": [cast.second.pk]}).status_code == 302
    client.post(at("list_copy", found))
    copied = DutyList.objects.get(year=2019)
    assert "还没有印发" in text_of(client.get(copied.get_absolute_url()))
    assert client.post(at("list_delete", found)).status_code == 409
    client.post(at("list_delete", copied))
    assert DutyList.objects.get() == found


def test_an_item_is_added_corrected_withdrawn_and_restored(cast):
    made, client = make_list(cast), cast.client("officer")
    page = client.get(at("item_new", made))
    blank = {
        "due_on": "",
        "start_on": "",
        "working_days": "",
        "owner_role": "",
        "owner": "",
        "regulation": "",
    }
    blank |= {"provision": "", "figure": "", "target": "", "id": page.context["form"]["id"].value()}
    wrong = client.post(at("item_new", made), {**blank, "text": "新项", "figure": "gatherings.lesson"})
    assert wrong.status_code == 422
    client.post(at("item_new", made), {**blank, "text": "新项", "owner": "书记甲"})
    item = made.duties.get(text="新项")
    assert (item.position, item.owner) == (2, cast.person("secretary"))
    client.post(at("duty_edit", item), {**blank, "text": "改过的项", "due_on": "2018-06-30"})
    assert "改过的项" in text_of(client.get(made.get_absolute_url()))
    client.post(at("duty_withdraw", item), {"because": "与上一项合并"})
    assert "与上一项合并" in text_of(cast.client("secretary").get(at("duty", item)))
    assert "改过的项" not in text_of(cast.client("secretary").get(PAGE))
    client.post(at("duty_restore", item))
    assert "改过的项" in text_of(cast.client("secretary").get(PAGE))


def test_a_task_is_split_in_one_step_and_corrected(cast, calendar):
    client = cast.client("officer")
    form = client.get(CASCADES + "new/").context["form"]
    assert not form["units"].value()
    sent = {
        "id": form["id"].value(),
        "issuer": cast.committee.pk,
        "text": "传达会议精神",
        "start_on": "2018-01-15",
        "working_days": 5,
        "issued_on": "2018-01-15",
        "units": [cast.first.pk, cast.second.pk],
    }
    assert client.post(CASCADES + "new/", {**sent, "working_days": ""}).status_code == 422
    nobody = client.post(CASCADES + "new/", {**sent, "units": []})
    assert (nobody.status_code, "没有勾选承办组织" in text_of(nobody)) == (422, True)
    client.post(CASCADES + "new/", sent)
    task = Duty.objects.get()
    assert "2018年1月22日" in text_of(cast.client("secretary").get(PAGE))
    client.post(
        at("duty_edit", task),
        {
            **sent,
            "text": "传达",
            "start_on": "",
            "working_days": "",
            "due_on": "2018-01-31",
            "units": [cast.first.pk],
        },
    )
    assert [part.unit for part in task.parts.all()] == [cast.first]
    assert "传达" not in text_of(cast.client("neighbour").get(PAGE))


def test_what_is_to_be_looked_into_is_for_the_branch_and_two_offices(cast):
    item = make_list(cast, ListKind.NEGATIVE, [DutyValues("未按期整改")]).duties.get()
    assert cast.client("secretary").get(at("note_new", item)).status_code == 404
    client = cast.client("inspector")
    sent = {"unit": cast.first.pk, "noted_on": "2018-01-12", "words": "整改说明还没有收到"}
    sent |= {"person": "", "link_label": "", "link_address": ""}
    sent["id"] = client.get(at("note_new", item)).context["form"]["id"].value()
    assert client.post(at("note_new", item), {**sent, "link_address": "https://x.cn"}).status_code == 422
    assert client.post(at("note_new", item), sent).status_code == 302
    note = DutyNote.objects.get()
    readers = {
        who
        for who in ("secretary", "neighbour", "officer", "inspector", "leader")
        for address in (PAGE, at("duty", item))
        if "整改说明还没有收到" in text_of(cast.client(who).get(address))
    }
    assert readers == {"secretary", "officer", "inspector"}
    counted = {
        who: '">1</a></td>' in text_of(cast.client(who).get(item.duty_list.get_absolute_url()))
        for who in ("secretary", "neighbour", "officer", "leader")
    }
    assert counted == {"secretary": True, "neighbour": False, "officer": True, "leader": False}
    for who in ("secretary", "neighbour", "leader", "outsider"):
        for name in ("note_edit", "note_withdraw"):
            assert cast.client(who).get(at(name, note)).status_code in {403, 404}
    client.post(at("note_edit", note), {**sent, "words": "已收到整改说明"})
    assert client.post(at("note_withdraw", note), {"because": ""}).status_code == 422
    client.post(at("note_withdraw", note), {"because": "已核实"})
    assert "已收到整改说明" not in text_of(cast.client("secretary").get(PAGE))
    assert "已核实" in text_of(cast.client("secretary").get(at("duty", item)))


def test_a_good_thing_is_noted_by_the_branch(cast):
    item = make_list(cast, ListKind.INCENTIVE, [DutyValues("急难任务")]).duties.get()
    client = cast.client("secretary")
    sent = {"unit": cast.first.pk, "noted_on": "2018-01-12", "words": "替班", "person": "党员丁"}
    sent |= {"link_label": "", "link_address": f"http://testserver{PAGE}"}
    sent["id"] = client.get(at("note_new", item)).context["form"]["id"].value()
    assert client.post(at("note_new", item), {**sent, "unit": cast.second.pk}).status_code == 422
    client.post(at("note_new", item), sent)
    page = text_of(cast.client("leader").get(at("duty", item)))
    assert "替班" in page
    assert "党员丁" in page
    assert cast.client("neighbour").get(at("note_edit", DutyNote.objects.get())).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, calendar, number, django_assert_num_queries):
    items = [LESSONS, *(DutyValues(f"第{n}项", start_on=ISSUED, working_days=n + 1) for n in range(number))]
    made = make_list(cast, items=items)
    incentive = make_list(cast, ListKind.INCENTIVE, [DutyValues(f"激励{n}") for n in range(number)])
    task, item = make_task(cast), incentive.duties.first()
    for n in range(number):
        task = make_task(cast, DutyValues(f"任务{n}", start_on=ISSUED, working_days=3))
        settle_part(part_of(task, cast.first), how="done", on=TODAY, by=cast.actor("officer"))
        item = incentive.duties.get(text=f"激励{n}")
        add_note(item, unit=cast.first, person=None, noted_on=TODAY, words="好", by=cast.actor("officer"))
    client = cast.client("officer")
    client.get(PAGE)
    counted = {
        PAGE: 10,
        LISTS: 4,
        CASCADES: 8,
        made.get_absolute_url(): 10,
        incentive.get_absolute_url(): 7,
        at("duty", task): 7,
        at("duty", item): 7,
        at("part", part_of(task, cast.first)): 6,
    }
    for address, queries in counted.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_pages_leave_as_tables(cast, kind):
    made = make_list(cast, items=[PLAN, LESSONS])
    withdraw_duty(make_task(cast, PLAN), because="取消", by=cast.actor("officer"))
    client = cast.client("officer")
    whole = client.get(PAGE, {"format": kind, "unit": str(cast.first.pk)})
    reading = read_table(whole.content, f"x.{kind}", TableSchema("parts", "办理", PARTS))
    assert [row.values["text"] for row in reading.rows] == ["制定学习计划", "讲党课"]
    items = client.get(made.get_absolute_url(), {"format": kind})
    reading = read_table(items.content, f"x.{kind}", TableSchema("items", "清单", ITEMS))
    assert [row.values["asked"] for row in reading.rows] == ["2", "2"]
    assert client.get(made.duties.first().get_absolute_url(), {"format": kind}).status_code == 200
    make_task(cast, DutyValues("传达精神", due_on=TODAY))
    given = client.get(CASCADES, {"format": kind})
    reading = read_table(given.content, f"x.{kind}", TableSchema("given", "任务", (*PARTS, *GIVEN)))
    assert {row.values["issued_on"] for row in reading.rows} == {ISSUED}
