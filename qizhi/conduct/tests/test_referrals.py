"""Clues handed over to a discipline body: a pointer that stops the bureau's own procedure until it is returned."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.conduct.enums import Decision
from qizhi.conduct.models import Inspection, Observation, Referral
from qizhi.conduct.queries.referrals import referrals_of, standing_of
from qizhi.conduct.services.drafts import draft_case, drop_case, facts_of_observation
from qizhi.conduct.services.hearing import decide_case, notify_case
from qizhi.conduct.services.referrals import answer_referral, correct_referral, refer, withdraw_referral
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id

D = dt.date
TODAY = D(2018, 1, 15)
TO: dict[str, Any] = {"handed_on": TODAY, "receiver": "派驻纪检组", "doc_no": "移〔2018〕1号"}


def address(name, *keys):
    return reverse(f"conduct:{name}", args=keys)


@pytest.fixture
def by(cast):
    return cast.actor("inspector")


@pytest.fixture
def seen(cast, rules):
    make = {"bureau": cast.bureau}
    checked = Inspection.objects.create(
        **make, month=D(2018, 1, 1), title="检查", led_by=cast.person("inspector")
    )
    fact = {"happened_on": D(2018, 1, 8), "fact": "未着制服", "evidence": "现场", "clause": rules["MV-9"]}
    return Observation.objects.create(**make, inspection=checked, person=cast.person("member"), **fact)


def test_what_is_handed_over_goes_no_further_until_it_is_returned(story, by):
    case = story.drafted()
    row = refer(case, **TO, by=by, id=(key := new_id()))
    assert refer(case, **TO, by=by, id=key) == row
    assert standing_of(case) == row
    with pytest.raises(Refused, match="退回以前不能告知"):
        notify_case(case, notified_on=TODAY, by=by)
    with pytest.raises(Refused, match="没有重复登记"):
        refer(case, **TO, by=by)
    answer_referral(row, outcome="accepted", answered_on=TODAY, by=by)
    with pytest.raises(Refused, match="退回以前不能告知"):
        notify_case(case, notified_on=TODAY, by=by)
    answer_referral(row, outcome="returned", answered_on=TODAY, by=by)
    assert standing_of(case) is None
    assert notify_case(case, notified_on=TODAY, by=by).status == "notified"
    again = refer(case, **TO, by=by)
    with pytest.raises(Refused, match="不能再改为受理"):
        answer_referral(row, outcome="accepted", answered_on=TODAY, by=by)
    told: dict[str, Any] = {"decision": Decision.CONFIRMED, "reason": "属实", "decided_on": D(2018, 1, 23)}
    with clock.at(D(2018, 1, 23)), pytest.raises(Refused, match="退回以前不能确认"):
        decide_case(case, **told, by=story.desk)
    withdraw_referral(again, because="登记错了", by=by)
    assert standing_of(case) is None


def test_of_an_observation_that_is_handed_over_no_case_is_made(seen, by):
    row = refer(seen, **TO, by=by)
    with pytest.raises(Refused, match="退回以前不能立案"):
        draft_case(facts_of_observation(seen), by=by)
    answer_referral(row, outcome="returned", answered_on=TODAY, by=by)
    case = draft_case(facts_of_observation(seen), by=by)
    refer(seen, **TO, by=by)
    with pytest.raises(Refused, match="退回以前不能告知"):
        notify_case(case, notified_on=TODAY, by=by)


def test_what_cannot_be_handed_over(cast, story, seen, by):
    case = story.drafted()
    with pytest.raises(Refused, match="今天之后"):
        refer(case, handed_on=D(2018, 1, 16), receiver="派驻纪检组", by=by)
    with pytest.raises(Refused, match="没有写接收机关"):
        refer(case, handed_on=TODAY, receiver=" ", by=by)
    drop_case(case, reason="不实", by=by)
    with pytest.raises(Refused, match="没有可以移交"):
        refer(case, **TO, by=by)
    corrected = {"corrected_at": clock.now(), "corrected_by_label": "子", "corrected_because": "看错"}
    Observation.objects.update(person=cast.person("inspector"), **corrected)
    seen.refresh_from_db()
    with pytest.raises(Refused, match="应当回避"):
        refer(seen, **TO, by=by)
    corrected["corrected_at"] = clock.now() + dt.timedelta(seconds=1)
    withdrawn = {"withdrawn_at": clock.now(), "withdrawn_because": "重复"}
    Observation.objects.update(person=cast.person("member"), **corrected, **withdrawn)
    seen.refresh_from_db()
    with pytest.raises(Refused, match="已经撤销"):
        refer(seen, **TO, by=by)


def test_a_slip_is_corrected_with_a_reason_and_the_mistaken_stays_to_be_read(cast, seen, by):
    row = refer(seen, **TO, by=by)
    changed = {**TO, "doc_no": "移〔2018〕2号"}
    with pytest.raises(Refused, match="更正的理由"):
        correct_referral(row, **changed, because="", by=by)
    correct_referral(row, **changed, because="文号写错", by=by)
    change = audit.tell(row)[0]
    assert (change.what, change.because) == ("更正", "文号写错")
    assert change.changes == [("移交文号", "移〔2018〕1号", "移〔2018〕2号")]
    with pytest.raises(Refused, match="以后、今天以前"):
        answer_referral(row, outcome="accepted", answered_on=D(2018, 1, 14), by=by)
    withdraw_referral(row, because="登记错了", by=by)
    with pytest.raises(Refused, match="已经撤销"):
        answer_referral(row, outcome="accepted", answered_on=TODAY, by=by)
    bureau = cast.bureau.pk
    assert not referrals_of(bureau).exists()
    assert [*referrals_of(bureau, state="withdrawn", year=2018, text="党员丁 2号")] == [row]


def test_the_database_knows_one_place_at_a_time(cast, seen, by):
    refer(seen, **TO, by=by)
    make = {
        "bureau": cast.bureau,
        "handed_by": cast.person("inspector"),
        "handed_on": TODAY,
        "receiver": "某组",
    }
    for ground in ({"observation": seen}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.create(**make, **ground)


def test_it_is_handed_over_in_the_browser_and_the_person_does_not_see_it(cast, story, by):
    case = story.notified()
    office, member = cast.client("inspector"), cast.client("member")
    sent = {**TO, "handed_on": "2018-01-15", "id": str(new_id())}
    for _ in range(2):
        assert office.post(address("case_refer", case.pk), sent).status_code == 302
    row = Referral.objects.get()
    assert "线索已移交" in office.get(case.get_absolute_url()).content.decode()
    assert "移交" not in member.get(case.get_absolute_url()).content.decode().partition("<main")[2]
    assert "1</strong> 件移交还没有答复" in office.get(address("referrals")).content.decode()
    office.post(address("referral_answer", row.pk), {"outcome": "accepted", "answered_on": "2018-01-15"})
    assert "已受理" in office.get(row.get_absolute_url()).content.decode()
    assert "移〔2018〕1号" in office.get(address("referrals"), {"format": "csv"}).content.decode("utf-8-sig")
    empty = office.post(address("referral_withdraw", row.pk), {"because": ""})
    assert empty.status_code == 422


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "officer", "personnel", "outsider"])
def test_others_neither_see_nor_change_it(cast, seen, by, who):
    row, client = refer(seen, **TO, by=by), cast.client(who)
    assert client.get(address("referrals")).status_code in {403, 404}
    assert client.get(row.get_absolute_url()).status_code in {403, 404}
    for name in ("answer", "edit", "withdraw"):
        assert client.post(address(f"referral_{name}", row.pk)).status_code in {403, 404}
    assert client.post(address("observation_refer", seen.pk)).status_code in {403, 404}
