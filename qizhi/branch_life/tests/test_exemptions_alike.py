"""Several at once, what asks for the same as the one requirement that a branch sees, and what is in doubt."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import outlook
from qizhi.core import periods
from qizhi.core.ids import new_id
from qizhi.regulations.kinds import Standing
from qizhi.regulations.models import Exemption
from qizhi.regulations.services import withdraw_exemption

D = dt.date


@pytest.fixture
def congress(rules, hold, cast):
    """A congress is due each quarter; there are records of the second branch only."""
    hold(cast.second, D(2018, 1, 8), "congress")
    return rules[0]


def first_quarter(cast):
    told = outlook(cast.bureau.pk, [cast.first], periods.year(2018), D(2018, 4, 20))
    return next(cells for line, cells in told.of(cast.first.pk) if line.label == "支部党员大会")[0]


def posted(clause, *units):
    return {
        "id": new_id(),
        "units": [unit.pk for unit in units],
        "clause": clause.pk,
        "from_on": "2018-01-01",
        "to_on": "2018-03-31",
        "reason": "全员驻村防汛",
        "approver": "机关党委会议",
        "approved_on": "2018-01-10",
    }


@pytest.mark.usefixtures("april")
def test_several_branches_at_once_from_all_that_asks_the_same_ticked_before_it_is_saved(
    cast, congress, ask_for
):
    """Of two documents in force the branch sees one line: excused from one of them alone it still owes it."""
    other = ask_for("bureau-congress", counts="congress", every="quarter", at_least=1)
    ask_for("congress-month", kind="season", counts="congress", first_month=1, last_month=3)
    officer, new = cast.client("officer"), reverse("regulations:exemption_new")
    asked = posted(congress, cast.first, cast.second)
    form = officer.post(new, asked | {"reload": "1"}).context["form"]
    assert not form.errors, "what is chosen so far is not judged"
    assert (form["alike"].value(), form["seen"].value()) == ([str(other.pk)], str(other.pk))
    assert not Exemption.objects.exists()
    shown = {"alike": [other.pk], "seen": str(other.pk)}
    saved = officer.post(new, asked | shown, follow=True).content.decode()
    assert "第一党支部、第二党支部免除congress（2018年第1季度），要求相同的bureau-congress一并免除" in saved
    again = officer.post(new, asked | shown, follow=True).content.decode()
    assert "没有重复登记" in again
    assert Exemption.objects.filter(unit__in=[cast.first, cast.second]).count() == 4
    assert (first_quarter(cast).state, first_quarter(cast).said) == (Standing.EXCUSED, "已免除")
    branch = officer.get(reverse("branch_life:unit", args=[cast.first.pk]), {"year": 2018, "part": "q1"})
    assert "已免除" in branch.content.decode()
    # What was given together is corrected together, or by itself where one says so.
    row = Exemption.objects.get(unit=cast.first, clause=congress)
    edit = reverse("regulations:exemption_edit", args=[row.pk])
    wrong = {name: asked[name] for name in ("from_on", "to_on", "approver", "approved_on")}
    told = officer.post(edit, wrong | {"reason": "全员抗洪", "together": "all"}, follow=True).content.decode()
    assert "，一并更正bureau-congress。" in told
    assert officer.post(edit, wrong | {"reason": "抗洪救灾", "together": "one"}).status_code == 302
    first = Exemption.objects.filter(unit=cast.first).order_by("clause__key")
    assert list(first.values_list("reason", flat=True)) == ["全员抗洪", "抗洪救灾"]
    alone = officer.get(edit).context["form"]
    assert "together" not in alone.fields


@pytest.mark.usefixtures("april")
def test_what_was_not_seen_is_shown_first_and_what_is_not_ticked_is_left(cast, congress, ask_for):
    other = ask_for("bureau-congress", counts="congress", every="quarter", at_least=1)
    officer, new = cast.client("officer"), reverse("regulations:exemption_new")
    refused = officer.post(new, posted(congress, cast.first))
    assert refused.status_code == 422
    assert "bureau-congress也要求同样的，已为您勾上" in refused.content.decode()
    assert refused.context["form"]["alike"].value() == [str(other.pk)]
    assert officer.post(new, posted(congress, cast.first) | {"seen": str(other.pk)}).status_code == 302
    assert [row.clause_id for row in Exemption.objects.all()] == [congress.pk]
    assert officer.post(new, posted(other, cast.first)).status_code == 302, "from the first it is excused"
    assert first_quarter(cast).state is Standing.EXCUSED
    again = officer.post(new, posted(congress, cast.second, cast.first) | {"seen": str(other.pk)})
    assert "“第一党支部”2018年1月1日至2018年3月31日已经免除这一条" in again.content.decode()
    assert not Exemption.objects.filter(unit=cast.second).exists(), "all of it or nothing"


def test_clauses_of_the_same_words_are_told_apart_in_the_choice(cast, ask_for):
    for key, more in (
        ("life", {"counts": "org_life", "every": "year", "at_least": 1}),
        ("life-t", {"kind": "season", "counts": "org_life", "first_month": 10, "last_month": 12}),
    ):
        ask_for(key, **more)
    form = cast.client("officer").get(reverse("regulations:exemption_new")).context["form"]
    said = [words.partition(" ")[2] for _, words in form.fields["clause"].choices if words.startswith("life")]
    assert len(set(said)) == 2


@pytest.mark.usefixtures("april")
def test_an_election_put_off_for_longer_than_a_year_is_marked_and_not_refused(cast, ask_for):
    clause, officer = ask_for("term", kind="term", years=3), cast.client("officer")
    new, said = reverse("regulations:exemption_new"), "换届获准延期一般不超过12个月"
    for unit, to_on, times in ((cast.first, "2018-12-31", 0), (cast.second, "2019-01-01", 2)):
        page = officer.post(new, posted(clause, unit) | {"to_on": to_on}, follow=True).content.decode()
        assert page.count(said) == times  # as it is given, and in its row as long as it stands
    second = Exemption.objects.get(unit=cast.second)
    edit = reverse("regulations:exemption_edit", args=[second.pk])
    again = officer.post(edit, posted(clause, cast.second) | {"to_on": "2019-02-28"}, follow=True)
    assert again.content.decode().count(said) == 2, "a correction says it as well"
    withdraw_exemption(second, because="已换届", by=cast.actor("officer"))
    assert said not in officer.get(reverse("regulations:exemptions")).content.decode()


@pytest.mark.usefixtures("april")
def test_the_form_says_before_it_is_saved_that_a_delay_is_long_and_by_which_clause(cast, ask_for):
    clause, officer = ask_for("term", kind="term", years=3), cast.client("officer")
    new, said = reverse("regulations:exemption_new"), "换届获准延期一般不超过12个月，这里长于12个月"
    half = {"reload": "1", "units": "", "reason": "", "approver": ""}

    def seen(from_on, to_on):
        typed = posted(clause, cast.first) | half | {"from_on": from_on, "to_on": to_on}
        page = officer.post(new, typed)
        assert page.status_code == 200
        return page.content.decode().split('id="alike"')[1].split("</div>")[0]

    assert said not in seen("2018-01-01", "2018-12-31")
    assert said not in seen("", "2019-02-28")
    assert f"依据{clause.source}（term）。" in seen("2018-01-01", "2019-02-28")
    rule = ask_for("EL-06", kind="", from_on=D(2018, 1, 1))
    long = seen("2018-01-01", "2019-02-28")
    assert said in long
    assert f"依据{rule.source}（EL-06）。" in long
    assert not Exemption.objects.exists()
    unsaved = officer.post(new, posted(clause, cast.first) | {"to_on": "2019-02-28", "reason": ""})
    assert unsaved.status_code == 422
    assert said in unsaved.content.decode()
