"""Two clauses in force that ask a branch for the same are excused as the one requirement that it sees."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import outlook
from qizhi.core import periods
from qizhi.core.ids import new_id
from qizhi.regulations.kinds import Standing
from qizhi.regulations.models import Exemption

D = dt.date


@pytest.fixture
def congress(rules, hold, cast):
    """A congress is due each quarter; there are records of the second branch only."""
    hold(cast.second, D(2018, 1, 8), "congress")
    return rules[0]


def first_quarter(cast):
    told = outlook(cast.bureau.pk, [cast.first], periods.year(2018), D(2018, 4, 20))
    return next(cells for line, cells in told.of(cast.first.pk) if line.label == "支部党员大会")[0]


def posted(clause, unit):
    return {
        "id": new_id(),
        "unit": unit.pk,
        "clause": clause.pk,
        "from_on": "2018-01-01",
        "to_on": "2018-03-31",
        "reason": "全员驻村防汛",
        "approver": "机关党委会议",
        "approved_on": "2018-01-10",
    }


@pytest.mark.usefixtures("april")
def test_the_form_says_which_clause_asks_the_same_and_excuses_from_all_at_once(cast, congress, ask_for):
    """Of two documents in force the branch sees one line: excused from one of them alone it still owes it."""
    ask_for("bureau-congress", counts="congress", every="quarter", at_least=1)
    ask_for("congress-month", kind="season", counts="congress", first_month=1, last_month=3)
    officer, new = cast.client("officer"), reverse("regulations:exemption_new")
    asked = {name: str(value) for name, value in posted(congress, cast.first).items()}
    page = officer.get(new, asked | {"clause": congress.asked_by}).content.decode()
    assert "也要求同样的" in page
    assert f"一并免除：{congress.key}、bureau-congress" in page
    refused = officer.post(new, asked)
    assert refused.status_code == 422
    assert "请选择是否一并免除" in refused.content.decode()
    assert not Exemption.objects.exists()
    saved = officer.post(new, asked | {"alike": "all"}, follow=True).content.decode()
    assert "要求相同的bureau-congress一并免除" in saved
    assert Exemption.objects.count() == 2
    assert (first_quarter(cast).state, first_quarter(cast).said) == (Standing.EXCUSED, "已免除")
    branch = officer.get(reverse("branch_life:unit", args=[cast.first.pk]), {"year": 2018, "part": "q1"})
    assert "已免除" in branch.content.decode()


@pytest.mark.usefixtures("april")
def test_one_of_two_alike_may_be_chosen_and_what_is_excused_already_is_not_asked_again(
    cast, congress, ask_for
):
    other = ask_for("bureau-congress", counts="congress", every="quarter", at_least=1)
    officer, new = cast.client("officer"), reverse("regulations:exemption_new")
    asked = posted(congress, cast.first)
    assert officer.post(new, asked | {"alike": "one"}).status_code == 302
    assert [row.clause_id for row in Exemption.objects.all()] == [congress.pk]
    second = posted(other, cast.first)
    assert officer.post(new, second).status_code == 302, "from the first it is excused already"
    assert first_quarter(cast).state is Standing.EXCUSED


def test_clauses_of_the_same_words_are_told_apart_in_the_choice(cast, ask_for):
    for key, more in (
        ("life", {"counts": "org_life", "every": "year", "at_least": 1}),
        ("life-t", {"kind": "season", "counts": "org_life", "first_month": 10, "last_month": 12}),
    ):
        ask_for(key, **more)
    form = cast.client("officer").get(reverse("regulations:exemption_new")).context["form"]
    said = [words.partition(" ")[2] for _, words in form.fields["clause"].choices if words.startswith("life")]
    assert len(set(said)) == 2
