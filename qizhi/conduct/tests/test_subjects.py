"""Whom a fact concerns is whom the clause asks: by hand, by an inspection, and in a run."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.conduct.models import Inspection, Observation
from qizhi.conduct.services.drafts import draft_case, facts_of_observation
from qizhi.conduct.services.observations import Seen, save_observation
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.periods import month_of
from qizhi.regulations.kinds import kind_by_key

D = dt.date
DAY = D(2018, 1, 8)
OF_PERSON = "第二条是对个人的条款，要写明是谁，不能记在组织名下"
OF_BRANCH = "第一条是对党支部的条款，不能记在个人名下"
OTHER = "不是党支部。请改选组织"


@pytest.fixture
def january(cast):
    return Inspection.objects.create(
        bureau=cast.bureau, month=D(2018, 1, 1), title="一月检查", led_by=cast.person("inspector")
    )


@pytest.fixture
def misfits(cast, rules, of_branches):
    """Whom and by which clause, and what is said of it."""
    return [
        ({"unit": cast.first, "clause": rules["MV-9"]}, OF_PERSON),
        ({"person": cast.person("member"), "clause": of_branches}, OF_BRANCH),
        ({"person": cast.person("member"), "unit": cast.first, "clause": of_branches}, OF_BRANCH),
        ({"unit": cast.department, "clause": of_branches}, OTHER),
    ]


def test_an_observation_is_refused_and_its_correction_as_well(cast, january, misfits, of_branches):
    by = cast.actor("inspector")
    for whom, said in misfits:
        with pytest.raises(Refused, match=said) as caught:
            save_observation(january, Seen(DAY, "台账不全", "翻阅", **whom), by=by)
        assert caught.value.field == "clause"
    fitting = Seen(DAY, "台账不全", "翻阅", unit=cast.first, clause=of_branches)
    made = save_observation(january, fitting, by=by)
    for whom, said in misfits:
        with pytest.raises(Refused, match=said):
            save_observation(
                january, Seen(DAY, "别的", "翻阅", **whom), by=by, observation=made, because="看错"
            )
    assert draft_case(facts_of_observation(made), by=by).unit == cast.first


def test_without_a_clause_anything_is_written_down(cast, january, rules):
    by = cast.actor("inspector")
    save_observation(january, Seen(DAY, "情况", "翻阅", unit=cast.first), by=by)
    save_observation(january, Seen(DAY, "情况", "翻阅", person=cast.person("member")), by=by)
    assert Observation.objects.count() == 2


def test_a_case_by_hand_is_refused(story, misfits):
    for whom, said in misfits:
        with pytest.raises(Refused, match=said):
            story.drafted(**{"person": None, **whom})


def test_the_form_says_so_beside_the_clause_and_groups_them(cast, january, rules, of_branches):
    client, address = cast.client("inspector"), reverse("conduct:observation_new", args=[january.pk])
    page = client.get(address).content.decode()
    assert '<optgroup label="对个人的">' in page
    assert '<optgroup label="对党支部的">' in page
    values = {"person": "党员丁", "clause": of_branches.pk, "happened_on": "2018-01-08"}
    answer = client.post(
        address, {**values, "id": january.pk, "unit": "", "fact": "台账不全", "evidence": "翻阅"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["clause"] == [
        "没有保存：《支部工作办法》第一条是对党支部的条款，不能记在个人名下。请只写组织、不写人员，或者改选对个人的条款。"
    ]
    assert "台账不全" in answer.content.decode(), "nothing typed is lost"


def test_a_run_holds_what_stood_there_before_against_nobody(cast, january, rules, of_branches):
    make = {"bureau": cast.bureau, "inspection": january, "happened_on": DAY, "evidence": "翻阅"}
    Observation.objects.create(**make, fact="未着制服", unit=cast.first, clause=rules["MV-9"])
    Observation.objects.create(
        **make, fact="台账不全", person=cast.person("member"), unit=cast.first, clause=of_branches
    )
    ask = Ask(cast.bureau.pk, month_of(DAY), D(2018, 1, 15), None)
    for clause in (rules["MV-9"], of_branches):
        assert list(kind_by_key("per_event").scan(clause, ask)) == []
