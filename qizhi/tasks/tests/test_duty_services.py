from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import Duty, DutyList, DutyNote, DutyPart
from qizhi.tasks.queries.duties import open_parts
from qizhi.tasks.services.duties import (
    DutyValues,
    add_item,
    change_duty,
    change_list,
    copy_list,
    create_list,
    delete_list,
    give_task,
    issue_list,
    restore_duty,
    values_of,
    withdraw_duty,
)
from qizhi.tasks.services.parts import (
    Reference,
    add_note,
    change_note,
    extend_part,
    reopen_part,
    settle_part,
    withdraw_note,
)
from qizhi.tasks.tests.duties import ISSUED, JANUARY, PLAN, make_list, make_task, part_of

TODAY = dt.date(2018, 1, 15)


def open_texts(cast, unit, day=TODAY):
    return [one.part.duty.text for one in open_parts(cast.bureau.pk, [unit.pk], day)]


def test_a_list_asks_each_item_of_each_branch_once_it_is_issued(cast):
    made = make_list(cast, items=[PLAN, DutyValues("谈一次心")], is_issued=False)
    assert made.name == "机关党委2018年责任清单"
    assert DutyPart.objects.count() == 4
    assert open_texts(cast, cast.first) == []
    issue_list(made, issued_on=TODAY, by=cast.actor("officer"))
    assert open_texts(cast, cast.first) == ["制定学习计划", "谈一次心"]
    with pytest.raises(Refused, match="不能晚于今天"):
        issue_list(made, issued_on=dt.date(2018, 1, 16), by=cast.actor("officer"))


def test_the_same_id_twice_is_one_list_one_item_one_task_one_note(cast):
    by, key = cast.actor("officer"), new_id()
    head: dict[str, Any] = {
        "issuer": cast.committee,
        "year": 2018,
        "kind": ListKind.INCENTIVE,
        "name": "",
        "id": key,
    }
    for _ in range(2):
        made = create_list(**head, units=[cast.first], items=[PLAN], by=by)
        item = add_item(made, values=PLAN, id=key, by=by)
        give_task(issuer=cast.root, values=PLAN, units=[cast.first], issued_on=TODAY, id=item.pk, by=by)
        add_note(item, unit=cast.first, person=None, noted_on=TODAY, words="好", id=key, by=by)
    assert (DutyList.objects.count(), Duty.objects.count(), DutyNote.objects.count()) == (1, 2, 1)


def test_one_list_of_a_kind_a_year_with_branches_and_items(cast):
    made = make_list(cast)
    head = {
        "issuer": cast.committee,
        "kind": ListKind.RESPONSIBILITY,
        "name": "",
        "by": cast.actor("officer"),
    }
    with pytest.raises(Refused, match="2018年已有责任清单"):
        create_list(**head, year=2018, units=[cast.first], items=[PLAN])
    with pytest.raises(Refused, match="至少选择一个党支部"):
        create_list(**head, year=2019, units=[], items=[PLAN])
    with pytest.raises(Refused, match="至少写一项"):
        create_list(**head, year=2019, units=[cast.first], items=[])
    with pytest.raises(Refused, match="不能删除"):
        delete_list(made, by=cast.actor("officer"))


def test_last_years_list_is_this_years_in_one_step(cast):
    dated = DutyValues("述职", start_on=dt.date(2017, 2, 8), working_days=5)
    last = make_list(cast, items=[replace(PLAN, due_on=dt.date(2017, 3, 20)), dated], year=2017)
    withdraw_duty(last.duties.get(text="述职"), because="合并", by=cast.actor("officer"))
    made = copy_list(last, year=2018, by=cast.actor("officer"))
    assert (made.year, made.name, made.issued_on) == (2018, "机关党委2018年责任清单", None)
    assert [values_of(duty) for duty in made.duties.all()] == [replace(PLAN, due_on=dt.date(2018, 3, 20))]
    assert {part.unit for part in DutyPart.objects.filter(duty__duty_list=made)} == {cast.first, cast.second}
    with pytest.raises(Refused, match="2018年已有责任清单"):
        copy_list(last, year=2018, by=cast.actor("officer"))
    with pytest.raises(Refused, match="2018年以后"):
        copy_list(made, year=2018, by=cast.actor("officer"))
    delete_list(made, by=cast.actor("officer"))
    assert DutyList.objects.get() == last


def test_a_branch_that_answered_is_not_taken_out_silently(cast):
    made, by = make_list(cast), cast.actor("officer")
    change_list(made, name="新名称", units=[cast.first], by=by)
    assert [part.unit for part in DutyPart.objects.all()] == [cast.first]
    settle_part(DutyPart.objects.get(), how="done", on=TODAY, by=cast.actor("secretary"))
    with pytest.raises(Refused, match="第一党支部”已经办理过"):
        change_list(made, name="新名称", units=[cast.second], by=by)
    with pytest.raises(Refused, match="至少选择一个"):
        change_list(made, name="新名称", units=[], by=by)


def test_a_task_wants_branches_a_day_and_only_one_kind_of_day(cast):
    for values, words in (
        (DutyValues("甲"), "完成期限，或起算日"),
        (DutyValues("甲", due_on=JANUARY, start_on=TODAY, working_days=3), "只填一种"),
        (DutyValues("甲", working_days=3), "要一起填"),
        (DutyValues("甲", due_on=dt.date(2018, 1, 1)), "早于布置日期"),
        (replace(PLAN, figure="gatherings.lesson"), "要一起填"),
        (replace(PLAN, figure="no.such", target=1), "不能按支部计数"),
    ):
        with pytest.raises(Refused, match=words):
            make_task(cast, values)
    with pytest.raises(Refused, match="至少选择一个"):
        give_task(issuer=cast.root, values=PLAN, units=[], issued_on=TODAY, by=cast.actor("officer"))


def test_the_state_rolls_up_with_one_click_and_can_be_taken_back(cast, calendar):
    duty = make_task(cast)
    part = part_of(duty, cast.first)
    assert open_texts(cast, cast.first) == ["传达会议精神"]
    settle_part(part, how="done", on=TODAY, by=cast.actor("secretary"))
    assert open_texts(cast, cast.first) == []
    assert open_texts(cast, cast.second) == ["传达会议精神"]
    reopen_part(part, by=cast.actor("secretary"))
    assert open_texts(cast, cast.first) == ["传达会议精神"]
    events = [event.verb for event in audit.history(part)]
    assert events == ["tasks.reopen_part", "tasks.settle_part"]


def test_what_is_withdrawn_asks_nothing_and_comes_back_as_it_was(cast, calendar):
    duty, by = make_task(cast), cast.actor("officer")
    part = part_of(duty, cast.first)
    settle_part(part, how="done", on=TODAY, by=by)
    with pytest.raises(Refused, match="原因"):
        withdraw_duty(duty, because=" ", by=by)
    withdraw_duty(duty, because="上级已取消", by=by)
    assert open_texts(cast, cast.second) == []
    for change in (
        lambda: settle_part(part_of(duty, cast.second), how="done", on=TODAY, by=by),
        lambda: change_duty(duty, values=PLAN, by=by),
    ):
        with pytest.raises(Refused, match="2018年1月15日撤回"):
            change()
    restore_duty(duty, by=by)
    assert open_texts(cast, cast.second) == ["传达会议精神"]
    assert part_of(duty, cast.first).settled_as == "done"


def test_a_correction_keeps_both_sides_in_the_log(cast, calendar):
    duty = make_task(cast)
    change_duty(
        duty,
        values=DutyValues("传达并讨论会议精神", due_on=JANUARY),
        units=[cast.first],
        by=cast.actor("officer"),
    )
    event = audit.history(duty).first()
    assert (event.before["text"], event.after["text"]) == ("传达会议精神", "传达并讨论会议精神")
    assert (event.before["units"], event.after["units"]) == ("第一党支部、第二党支部", "第一党支部")


def test_reasons_days_and_addresses_are_checked(cast):
    part, by = part_of(make_task(cast, PLAN), cast.first), cast.actor("officer")
    with pytest.raises(Refused, match="不能晚于今天"):
        settle_part(part, how="done", on=dt.date(2018, 1, 16), by=by)
    with pytest.raises(Refused, match="写明原因"):
        settle_part(part, how="na", on=TODAY, by=by)
    for address in ("https://example.com/", "//example.com/", "/\\example.com"):
        with pytest.raises(Refused, match="只能是本系统里的页面"):
            settle_part(part, how="done", on=TODAY, record=Reference("外面", address), by=by)
    for values, words in (
        ({"until": dt.date(2018, 2, 9), "because": "", "approved_by": cast.person("leader")}, "原因"),
        ({"until": dt.date(2018, 2, 9), "because": "出差", "approved_by": None}, "由谁批准"),
        ({"until": JANUARY, "because": "出差", "approved_by": cast.person("leader")}, "晚于原期限"),
    ):
        with pytest.raises(Refused, match=words):
            extend_part(part, **values, by=by)


def test_more_time_names_who_approved_it_and_can_be_taken_back(cast):
    part, by = part_of(make_task(cast, PLAN), cast.first), cast.actor("officer")
    more = dt.date(2018, 2, 9)
    extend_part(part, until=more, because="集中检查", approved_by=cast.person("leader"), by=by)
    with clock.at(dt.date(2018, 2, 5)):
        days = {u: open_parts(cast.bureau.pk, [u.pk], clock.today())[0] for u in (cast.first, cast.second)}
    assert (days[cast.first].due.on, days[cast.first].state) == (more, "due")
    assert days[cast.second].state == "missing"
    extend_part(part, until=None, because="", approved_by=None, by=by)
    assert part_of(part.duty, cast.first).approved_by is None


def test_a_note_only_notes(cast):
    by = cast.actor("officer")
    owed, negative = make_list(cast), make_list(cast, ListKind.NEGATIVE, [DutyValues("未按期整改")])
    item = negative.duties.get()
    values: dict[str, Any] = {"person": None, "noted_on": TODAY, "words": "待核实"}
    note = add_note(item, unit=cast.first, **values, by=by)
    assert open_texts(cast, cast.first) == ["制定学习计划"]
    with pytest.raises(Refused, match="不记事"):
        add_note(owed.duties.get(), unit=cast.first, **values, by=by)
    with pytest.raises(Refused, match="适用范围"):
        add_note(item, unit=cast.group, **values, by=by)
    change_note(note, **{**values, "words": "已核对，记录无误"}, by=by)
    with pytest.raises(Refused, match="原因"):
        withdraw_note(note, because="", by=by)
    withdraw_note(note, because="核实后没有问题", by=by)
    assert DutyNote.objects.get().withdrawn_because == "核实后没有问题"
    with pytest.raises(Refused, match="不能晚于今天"):
        change_note(note, **{**values, "noted_on": dt.date(2018, 1, 16)}, by=by)


@pytest.mark.parametrize(
    "broken",
    [
        {"due_on": JANUARY, "start_on": ISSUED, "working_days": 5},
        {"working_days": 5},
        {"figure": "gatherings.lesson"},
        {"figure": "gatherings.lesson", "target": 0},
        {"withdrawn_on": TODAY},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(cast, broken):
    values = {"bureau": cast.bureau, "issuer": cast.committee, "year": 2018, "text": "甲", **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(**values)
