"""A branch that a superior has excused: said with the reason on its screen, in ledgers, findings and runs."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from qizhi.branch_life.queries import outlook, states
from qizhi.branch_life.queries.findings import check_clauses
from qizhi.branch_life.rules import State
from qizhi.core import periods
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.core.periods import Period
from qizhi.org.models import Post
from qizhi.regulations.kinds import Standing
from qizhi.regulations.models import Exemption, Finding
from qizhi.regulations.services import (
    ExemptionValues,
    close_period,
    correct_exemption,
    excuse_branch,
    run_clauses,
    withdraw_exemption,
)

D = dt.date
TODAY = D(2018, 4, 20)
YEAR = periods.year(2018)
FIRST_QUARTER = (D(2018, 1, 1), D(2018, 3, 31))
WORDS = "全员驻村防汛（2018年1月10日机关党委会议批准）"


def values(from_on, to_on, **more):
    said: dict[str, Any] = {
        "reason": "全员驻村防汛",
        "approver": "机关党委会议",
        "approved_on": D(2018, 1, 10),
    }
    return ExemptionValues(from_on=from_on, to_on=to_on, **(said | more))


@pytest.fixture
def excuse(cast, april):
    """Excuse the first branch from a clause, by the office."""

    def give(clause, from_on=FIRST_QUARTER[0], to_on=FIRST_QUARTER[1], unit=None, who="officer", **more):
        return excuse_branch(
            unit=unit or cast.first, clause=clause, values=values(from_on, to_on, **more), by=cast.actor(who)
        )

    return give


@pytest.fixture
def congress(rules, hold, cast):
    """A congress is due each quarter; there are records of the second branch only."""
    hold(cast.second, D(2018, 1, 8), "congress")
    return rules[0]


def quarter(cast, unit=None):
    unit = unit or cast.first
    found = states(cast.bureau.pk, [unit], Period(*FIRST_QUARTER), TODAY)
    return next(cell for cell in found.of(unit) if cell.line.ledger == "congress")


def cell_of(cast, label, unit=None):
    unit = unit or cast.first
    told = outlook(cast.bureau.pk, [unit], YEAR, TODAY)
    return next(cells for line, cells in told.of(unit.pk) if line.label == label)


def test_an_excused_quarter_is_said_with_the_reason_and_is_no_longer_owed(cast, congress, excuse):
    assert quarter(cast).state is State.MISSING
    excuse(congress)
    judged = quarter(cast).judged
    assert (judged.state, judged.reason, judged.is_owed) == (State.EXCUSED, WORDS, False)
    first, second, *_ = cell_of(cast, "支部党员大会")
    assert (first.state, first.said, first.reason) == (Standing.EXCUSED, "已免除", WORDS)
    assert second.state is Standing.DUE, "the quarter after it is owed"
    assert quarter(cast, cast.second).state is State.DONE


def test_what_was_held_all_the_same_is_done(cast, congress, excuse, hold):
    excuse(congress)
    hold(cast.first, D(2018, 3, 5), "congress")
    assert quarter(cast).state is State.DONE


def test_a_period_of_which_one_day_is_left_is_owed_and_adjoining_exemptions_are_one(
    cast, ask_for, excuse, hold
):
    monthly = ask_for("theme", counts="theme_day", every="month", at_least=1)
    hold(cast.second, D(2018, 1, 8), "congress")
    excuse(monthly, D(2018, 1, 1), D(2018, 2, 27))
    january, february, *_ = cell_of(cast, "主题党日")
    assert (january.state, february.state) == (Standing.EXCUSED, Standing.MISSING)
    excuse(monthly, D(2018, 2, 28), D(2018, 3, 31), reason="换届筹备")
    january, february, march, *_ = cell_of(cast, "主题党日")
    assert [january.state, february.state, march.state] == [Standing.EXCUSED] * 3
    assert "全员驻村防汛" in february.reason
    assert "换届筹备" in february.reason


def test_another_clause_that_asks_for_the_same_still_speaks(cast, congress, excuse, ask_for):
    other = ask_for("bureau-congress", counts="congress", every="quarter", at_least=1)
    excuse(congress)
    judged = quarter(cast).judged
    assert judged.state is State.MISSING
    assert judged.rule.clause_id == other.pk
    excuse(other)
    assert quarter(cast).state is State.EXCUSED


def test_it_holds_through_the_versions_of_the_clause(cast, congress, excuse):
    newer = congress.version.regulation.versions.create(
        bureau=cast.bureau, label="修订", effective_from=D(2018, 3, 1), loaded_from="例"
    )
    excuse(congress)
    newer.published_by_id = cast.leader.pk
    newer.save()
    congress.version.effective_to = D(2018, 2, 28)
    congress.version.save(update_fields=["effective_to"])
    congress.pk, congress._state.adding = None, True
    congress.pk = newer.pk
    congress.version = newer
    congress.save(force_insert=True)
    newer.status = "published"
    newer.save()
    assert quarter(cast).judged.rule.clause_id == newer.pk
    assert quarter(cast).state is State.EXCUSED


def test_kinds_other_than_quota_say_it_on_the_screen_and_among_findings(cast, ask_for, excuse, hold):
    friday = ask_for("friday", kind="fixed_day", counts="theme_day", day_rule="last_weekday_of_month:friday")
    few = ask_for("few", kind="size", of="full_members", at_least=30)
    hold(cast.second, D(2018, 1, 8), "congress")
    excuse(friday, D(2018, 1, 26), D(2018, 1, 26))
    excuse(few, D(2018, 1, 1), D(2018, 12, 31))
    january, february, *_ = cell_of(cast, "主题党日（定日）")
    assert (january.state, january.said, january.reason) == (Standing.EXCUSED, "已免除", WORDS)
    assert february.state is Standing.MISSING
    assert cell_of(cast, "正式党员人数")[0].state is Standing.EXCUSED
    checked = {one.clause.key: one for one in check_clauses(cast.bureau.pk, YEAR, TODAY, (cast.first.pk,))}
    verdicts = [one.verdict for one in checked["friday"].found]
    assert verdicts.count("excused") == 1
    assert checked["friday"].violated == len(verdicts) - 1
    assert (checked["few"].state, checked["few"].word) == ("excused", "已免除")
    assert f"已免除：{WORDS}" in checked["few"].found[0].sentence
    page = cast.client("officer").get(reverse("branch_life:findings"), {"unit": cast.first.pk})
    assert f"已免除：{WORDS}" in page.content.decode()


def test_a_run_ends_what_stood_and_says_why_and_a_withdrawal_brings_it_back(cast, congress, excuse):
    span, by = Period(*FIRST_QUARTER), cast.actor("officer")
    run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    about = Finding.objects.filter(unit=cast.first, clause=congress)
    assert [one.status for one in about] == ["live"]
    given = excuse(congress)
    run = run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    ended = about.get()
    assert (ended.status, ended.closed_because) == ("gone", f"已免除：{WORDS}")
    assert (run.counts["gone"], run.counts["excused"]) == (1, 1)
    assert "已免除1条" in cast.client("officer").get(reverse("regulations:runs")).content.decode()
    withdraw_exemption(given, because="没有驻村", by=by)
    again = run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    assert (again.counts["added"], again.counts.get("excused", 0)) == (1, 0)
    assert about.live().count() == 1


def test_in_settled_months_it_is_proposed_with_the_reason(cast, congress, excuse):
    span, by = Period(*FIRST_QUARTER), cast.actor("officer")
    run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    close_period(bureau_id=cast.bureau.pk, span=span, by=by)
    excuse(congress)
    run = run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    assert run.counts["proposed"] == 1
    proposal = run.proposals.get()
    assert f"已免除：{WORDS}" in proposal.sentence
    page = cast.client("officer").get(proposal.get_absolute_url()).content.decode()
    assert f"已免除：{WORDS}" in page


def test_a_run_twice_changes_nothing_and_the_difference_shows_it_first(cast, congress, excuse):
    span, by = Period(*FIRST_QUARTER), cast.actor("officer")
    run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    excuse(congress)
    asked = {"start": "2018-01", "end": "2018-03", "as_of": "2018-04-20"}
    page = cast.client("officer").get(reverse("regulations:run_new"), asked).content.decode()
    assert f"已免除：{WORDS}" in page
    run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    twice = run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=TODAY, by=by)
    assert {word for word, number in twice.counts.items() if number} <= {"untouched", "excused"}


def test_ledger_report_and_bureau_page_say_it(cast, congress, excuse):
    excuse(congress)
    officer = cast.client("officer")
    asked = {"year": 2018, "part": "q1"}
    ledger = officer.get(reverse("web:ledger", args=["meetings"]), asked).content.decode()
    assert "已免除" in ledger
    bureau = officer.get(reverse("branch_life:bureau"), asked).content.decode()
    assert f"已免除，{WORDS}" in bureau
    file = officer.get(reverse("branch_life:bureau"), asked | {"format": "csv"}).content.decode("utf-8-sig")
    assert [line for line in file.splitlines() if "已免除" in line and WORDS in line]
    own = cast.client("secretary").get(reverse("branch_life:unit", args=[cast.first.pk]), {"year": 2018})
    assert WORDS in own.content.decode()


def test_the_office_excuses_from_the_line_of_the_branch_and_its_secretary_cannot(cast, congress):
    page = cast.client("officer").get(reverse("branch_life:unit", args=[cast.first.pk]), {"year": 2018})
    row = next(row for row in page.context["rows"] if row.line.label == "支部党员大会")
    step = next(step for step in row.slots[0].parts[0].steps if step.label == "免除")
    filled = {name: one[0] for name, one in parse_qs(urlsplit(step.address).query).items()}
    assert (filled["from_on"], filled["to_on"]) == ("2018-01-01", "2018-03-31")
    form = cast.client("officer").get(step.address).context["form"]
    assert form["clause"].value() == str(congress.pk)
    assert [str(key) for key in form["units"].value()] == [str(cast.first.pk)]
    own = cast.client("secretary").get(reverse("branch_life:unit", args=[cast.first.pk]), {"year": 2018})
    steps = [
        step.label
        for row in own.context["rows"]
        for slot in row.slots
        for part in slot.parts
        for step in part.steps
    ]
    assert steps
    assert "免除" not in steps
    assert cast.client("secretary").get(step.address).status_code == 403


def posted(clause, unit, **more):
    return {
        "units": [unit.pk],
        "clause": clause.pk,
        "from_on": "2018-01-01",
        "to_on": "2018-03-31",
        "reason": "全员驻村防汛",
        "approver": "机关党委会议",
        "approved_on": "2018-01-10",
    } | more


def test_given_found_corrected_exported_and_withdrawn_in_the_browser(cast, congress):
    officer, new = cast.client("officer"), reverse("regulations:exemption_new")
    key = officer.get(new).context["form"]["id"].value()
    for _ in range(2):  # a second click makes no other
        assert officer.post(new, posted(congress, cast.first, id=key)).status_code == 302
    row = Exemption.objects.get()
    listed = reverse("regulations:exemptions")
    page = officer.get(listed, {"year": 2018, "unit": cast.first.pk, "standing": "standing"}).content.decode()
    assert WORDS in page
    assert "没有符合条件的免除" in officer.get(listed, {"year": 2017}).content.decode()
    assert officer.get(listed, {"year": "9" * 30, "unit": "x", "standing": "?"}).status_code == 200
    file = officer.get(listed, {"format": "csv"}).content.decode("utf-8-sig")
    assert "congress" in file
    edit = reverse("regulations:exemption_edit", args=[row.pk])
    shorter = {"from_on": "2018-02-01", "to_on": "2018-03-31", "reason": "r", "approver": "a"}
    refused = officer.post(edit, shorter | {"approved_on": "2018-01-10"})
    assert refused.status_code == 422
    assert "请改为2018年1月1日至2018年3月31日" in refused.content.decode()
    longer = posted(congress, cast.first, to_on="2018-06-30", reason="驻村 防汛\n到六月")
    assert officer.post(edit, longer).status_code == 302
    row.refresh_from_db()
    assert (row.to_on, row.reason) == (D(2018, 6, 30), "驻村 防汛 到六月")
    withdraw = reverse("regulations:exemption_withdraw", args=[row.pk])
    assert officer.post(withdraw, {"because": " "}).status_code == 422
    assert officer.post(withdraw, {"because": "没有驻村"}).status_code == 302
    assert "没有驻村" in officer.get(listed, {"standing": "withdrawn"}).content.decode()
    assert officer.post(withdraw, {"because": "再一次"}).status_code == 422
    assert officer.post(edit, longer).status_code == 422
    verbs = list(AuditEvent.objects.filter(verb__contains="xem").values_list("verb", flat=True))
    verbs += list(AuditEvent.objects.filter(verb="regulations.excuse").values_list("verb", flat=True))
    assert sorted(verbs) == [
        "regulations.correct_exemption",
        "regulations.excuse",
        "regulations.withdraw_exemption",
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"to_on": D(2017, 12, 31)}, "截止日期早于"),
        ({"from_on": D(2018, 1, 2)}, "没有盖住一个完整的周期"),
        ({"to_on": D(2021, 1, 31)}, "一次最多免除三年"),
        ({"reason": " \n"}, "请写明免除的理由"),
        ({"approver": ""}, "请写明由谁批准"),
        ({"approved_on": D(2018, 4, 21)}, "批准日期在今天之后"),
        ({"from_on": D(2014, 1, 1), "to_on": D(2014, 12, 31)}, "本来就不要求"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast, congress, excuse, more, said):
    with pytest.raises(Refused, match=said):
        excuse(congress, **more)


def test_twice_for_the_same_days_is_refused(cast, congress, excuse):
    excuse(congress)
    with pytest.raises(Refused, match="已经免除这一条"):
        excuse(congress, D(2018, 1, 1), D(2018, 6, 30))
    excuse(congress, unit=cast.second)


def test_neither_the_branch_nor_its_secretary_in_office_nor_another_bureau_excuses(cast, congress, excuse):
    for who in ("secretary", "neighbour", "inspector", "leader", "outsider"):
        with pytest.raises(Refused, match="由政工处登记"):
            excuse(congress, who=who)
    Post.objects.create(
        bureau=cast.bureau,
        unit=cast.first,
        person=cast.person("officer"),
        role="secretary",
        from_on=D(2018, 1, 1),
    )
    with pytest.raises(Refused, match="不能免除本支部"):
        excuse(congress)
    assert excuse(congress, unit=cast.second)
    given = Exemption.objects.get()
    with pytest.raises(Refused, match="由政工处登记"):
        withdraw_exemption(given, because="自己撤", by=cast.actor("secretary"))
    with pytest.raises(Refused, match="由政工处登记"):
        correct_exemption(given, values=values(*FIRST_QUARTER), by=cast.actor("outsider"))


def test_votes_and_what_is_asked_of_people_cannot_be_excused(cast, ask_for, excuse, talks_asked):
    vote = ask_for("vote", kind="vote", threshold="ordinary")
    for clause in (vote, talks_asked):
        with pytest.raises(Refused, match="请另选一条"):
            excuse(clause)
    offered = cast.client("officer").get(reverse("regulations:exemption_new")).context["form"]
    assert not {str(vote.pk), str(talks_asked.pk)} & {key for key, _ in offered.fields["clause"].choices}


def raw(cast, asked, **more):
    row = {
        "bureau": cast.bureau,
        "unit": cast.first,
        "clause": asked,
        "from_on": FIRST_QUARTER[0],
        "to_on": FIRST_QUARTER[1],
        "reason": "理由",
        "approver": "机关党委",
        "approved_on": D(2018, 1, 10),
        "recorded_by_id": cast.officer.pk,
        "recorded_by_label": "政工",
        "recorded_on": TODAY,
    }
    return Exemption.objects.create(**(row | more))


def test_the_database_holds_it_whoever_connects(cast, congress, talks_asked):
    refused: list[dict[str, Any]] = [
        {"to_on": None},
        {"reason": ""},
        {"approver": ""},
        {"withdrawn_on": TODAY},
        {"recorded_by_id": cast.secretary.pk},
        {"unit": cast.department},
        {"clause": talks_asked},
        {"bureau": cast.outsider.bureau},
    ]
    for more in refused:
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            raw(cast, congress, **more)
    row = raw(cast, congress)
    rows = Exemption.objects.filter(pk=row.pk)
    changes: list[dict[str, Any]] = [
        {"unit": cast.second},
        {"clause": talks_asked},
        {"recorded_by_id": cast.secretary.pk},
    ]
    for change in changes:
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            rows.update(**change)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        rows.delete()
    rows.update(withdrawn_on=TODAY, withdrawn_because="错", withdrawn_by_label="政工")
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        rows.update(withdrawn_on=None, withdrawn_because="", withdrawn_by_label="")


def test_the_list_asks_the_same_however_long(cast, congress, excuse, django_assert_num_queries):
    client, listed = cast.client("officer"), reverse("regulations:exemptions")
    excuse(congress)
    client.get(listed)
    with django_assert_num_queries(7):
        client.get(listed)
    excuse(congress, D(2018, 4, 1), D(2018, 6, 30))
    excuse(congress, unit=cast.second)
    with django_assert_num_queries(7):
        client.get(listed)
