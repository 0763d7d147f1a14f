"""Who gives the next micro lesson: the rule, and the page on which somebody is put into the plan."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, LecturerFact, record_gathering
from qizhi.org.models import Leave, Person
from qizhi.study.queries.plans import compare
from qizhi.study.rules.rota import next_up
from qizhi.study.views.rota import rota_in
from qizhi.tasks.models import Plan, PlanItem

D = dt.date
TODAY = D(2018, 4, 20)


def test_the_roll_goes_round_from_whoever_spoke_last():
    assert next_up("abcd", None, ()) == list("abcd")
    assert next_up("abcd", "b", ()) == list("cdab")
    assert next_up("abcd", "d", {"a"}) == list("bcd")
    assert next_up("abcd", "left", {"c"}) == list("abd")
    assert next_up("", "a", ()) == []


def names(plan):
    plan = Plan.objects.get(pk=plan.pk)
    return [person.name for person in rota_in(compare([plan], TODAY)[plan.pk]).turn]


def test_a_branch_plans_its_next_speaker_and_records_the_lesson_with_one_step(cast, branch_plan, hold):
    assert names(branch_plan) == ["委员乙", "委员丙", "党员丁", "预备戊"], "the secretary speaks by duty"
    who = Person.objects.get(name="委员丙")
    lesson = GatheringFacts(
        unit=cast.first,
        held_on=D(2018, 3, 9),
        kinds=(Kind.objects.get(bureau=cast.bureau, key="micro-lesson"),),
        lecturers=(LecturerFact(who, "", "member"),),
    )
    record_gathering(facts=lesson, by=cast.actor("officer"))
    assert names(branch_plan) == ["党员丁", "预备戊", "委员乙", "委员丙"]
    client, add = cast.client("secretary"), reverse("study:rota_add", args=[branch_plan.pk])
    assert client.get(add).context["form"].fields["lead"].choices[0][1].startswith("党员丁(")
    sent = {"lead": str(cast.person("member").pk), "month": "4", "topic": ""}
    for _ in range(2):
        assert client.post(add, sent).status_code == 302
    item = PlanItem.objects.get(plan=branch_plan, lead=cast.person("member"))
    assert (item.topic, item.ledger, item.month) == ("微党课（党员丁）", "lesson", 4)
    Leave.objects.create(
        bureau=cast.bureau,
        person=Person.objects.get(name="预备戊"),
        kind="sick",
        from_on=D(2018, 4, 1),
        to_on=D(2018, 4, 30),
    )
    assert names(branch_plan) == ["委员乙", "委员丙"]
    page = client.get(reverse("study:plan", args=[branch_plan.pk]))
    assert "已排：4月 党员丁" in page.content.decode()
    (record,) = [line["record"] for line in page.context["lines"] if line["item"] == item]
    filled = parse_qs(urlsplit(record).query)
    assert filled["lecturers"] == [f"党员丁({cast.person('member').staff_no})"]
    assert client.post(add, sent | {"lead": "x"}).status_code == 422
    assert cast.client("neighbour").get(add).status_code == 404
