"""A task from the first word to the last, all in the browser: asked, done with evidence, corrected, reopened."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.ids import new_id
from qizhi.gatherings.models import Gathering
from qizhi.tasks.models import Duty
from qizhi.tasks.tests.duties import part_of

NEW = "/tasks/duties/cascades/new/"
TASK = {"text": "传达会议精神", "issued_on": "2018-01-08", "due_on": "2018-01-31"}


def at(name, row, app="tasks"):
    return reverse(f"{app}:{name}", args=[row.pk])


def asked(cast, **more):
    """The office splits a task over both branches."""
    units = [str(cast.first.pk), str(cast.second.pk)]
    values = {**TASK, "id": str(new_id()), "issuer": str(cast.committee.pk), "units": units, **more}
    assert cast.client("officer").post(NEW, values).status_code == 302
    return Duty.objects.get(text=values["text"]), values


def held(cast, title, day):
    make = {"bureau": cast.bureau, "unit": cast.first, "recorded_at": clock.now()}
    return Gathering.objects.create(**make, title=title, held_on=day)


def test_a_task_is_asked_done_with_evidence_corrected_and_reopened(cast):
    duty, _ = asked(cast)
    part, client = part_of(duty, cast.first), cast.client("secretary")
    first, second = (
        held(cast, title, dt.date(2018, 1, day)) for title, day in (("碰头会", 9), ("传达会", 11))
    )
    record = at("part_record", part, "web")
    client.post(record, {"record": first.get_absolute_url()})
    client.post(at("part_done", part), {"on": "2018-01-09", "words": "已向全体党员传达"})
    part.refresh_from_db()
    assert (part.link_label, part.words) == ("碰头会", "已向全体党员传达")
    assert "换一条关联记录" in client.get(part.get_absolute_url()).content.decode()

    client.post(record, {"record": second.get_absolute_url()})
    part.refresh_from_db()
    assert (part.link_label, part.words) == ("传达会", "已向全体党员传达")
    assert part.settled_on == dt.date(2018, 1, 11)

    assert "不再关联“传达会”" in client.get(at("part_done", part)).content.decode()
    client.post(at("part_done", part), {"on": "2018-01-12", "words": "口头传达", "is_unlinked": "on"})
    part.refresh_from_db()
    assert (part.link_label, part.link_address, part.words) == ("", "", "口头传达")
    assert "不再关联" not in client.get(at("part_done", part)).content.decode()

    rolled = cast.client("officer").get(duty.get_absolute_url()).content.decode()
    assert "2 个组织应办，<strong>1</strong> 个已完成" in rolled
    client.post(at("part_reopen", part))
    rolled = cast.client("officer").get(duty.get_absolute_url()).content.decode()
    assert "2 个组织应办，<strong>0</strong> 个已完成" in rolled
    words = [event.before.get("words") for event in audit.history(part)]
    assert {"已向全体党员传达", "口头传达"} <= set(words)


def test_the_day_on_which_a_task_was_given_is_corrected_and_its_year_follows(cast):
    duty, values = asked(cast)
    office, address = cast.client("officer"), at("duty_edit", duty)
    assert 'value="2018-01-08"' in office.get(address).content.decode()
    wrong = office.post(address, values | {"issued_on": "2018-02-01"})
    assert wrong.status_code == 422
    assert "布置日期不能晚于今天" in wrong.content.decode()
    assert office.post(address, values | {"issued_on": "2017-12-29"}).status_code == 302
    duty.refresh_from_db()
    assert (duty.issued_on, duty.year) == (dt.date(2017, 12, 29), 2017)
    assert duty.text in office.get("/tasks/duties/cascades/?year=2017").content.decode()
    assert duty.text not in office.get("/tasks/duties/cascades/?year=2018").content.decode()


def test_what_was_asked_in_december_is_shown_by_a_record_of_january(cast):
    duty, _ = asked(cast, issued_on="2017-12-20", due_on="2018-01-31")
    meeting = held(cast, "传达会", dt.date(2018, 1, 11))
    address = at("part_record", part_of(duty, cast.first), "web")
    assert "传达会" in cast.client("secretary").get(address).content.decode()
    sent = cast.client("secretary").post(address, {"record": meeting.get_absolute_url()})
    assert sent.status_code == 302
