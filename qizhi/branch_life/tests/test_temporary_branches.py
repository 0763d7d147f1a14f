"""A temporary branch (BR-20): its votes are marked for a second look, and nothing is asked about its term."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.branch_life.queries import outlook
from qizhi.branch_life.queries.findings import check_clauses
from qizhi.core import clock, periods
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.rules.temporary import act_of, is_barred, say_barred
from qizhi.gatherings.services import GatheringFacts, ResolutionFact, load_standard_kinds, record_gathering
from qizhi.org.models import TemporaryBranch
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Standing

D = dt.date
TODAY = D(2019, 4, 20)
YEAR = periods.year(2019)


@pytest.fixture
def temporary(cast, ask_for):
    """The second branch is temporary in the first half of 2019; the clause bars all three."""
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    row = TemporaryBranch.objects.create(
        bureau=cast.bureau, unit=cast.second, from_on=D(2019, 1, 1), to_on=D(2019, 6, 30)
    )
    ask_for("first", kind="temporary_branch", is_general=True)
    with clock.at(TODAY):
        yield row


DAY = D(2019, 3, 6)


def vote(cast, title, threshold="ordinary", day=DAY, unit=None, **more):
    person = cast.person("neighbour") if threshold == "admission" else None
    fact = ResolutionFact(title, 3, 3, 3, threshold=threshold, person=person)
    facts = GatheringFacts(
        unit=unit or cast.second,
        held_on=day,
        kinds=tuple(Kind.objects.filter(bureau=cast.bureau, key="congress")),
        resolutions=(fact,),
        **more,
    )
    return record_gathering(facts=facts, by=cast.actor("officer"))


def page(cast, row):
    return cast.client("officer").get(row.get_absolute_url()).content.decode()


def found(cast):
    return [
        (one.word, one.sentence)
        for line in check_clauses(cast.bureau.pk, YEAR, TODAY)
        if line.clause.kind == "temporary_branch"
        for one in line.found
    ]


def test_what_a_vote_decides():
    bars = {"admission": True, "discipline": False, "election": True}
    assert act_of("ordinary", "给予党内警告处分") == "discipline"
    assert act_of("ordinary", "通过计划") == ""
    assert is_barred("election", "选举", bars)
    assert not is_barred("ordinary", "除名", bars)
    assert say_barred(bars) == "发展党员、选举和换届"


@pytest.mark.parametrize(
    ("title", "threshold", "said"),
    [
        ("预备党员转正", "admission", "一般不发展党员"),
        ("选举支部委员会", "election", "一般不选举和换届"),
        ("给予某某党内警告处分", "ordinary", "一般不处分处置党员"),
    ],
)
def test_such_votes_are_marked_and_found_and_never_refused(cast, temporary, title, threshold, said):
    text = page(cast, vote(cast, title, threshold))
    assert "请核对" in text
    assert f"第二党支部当时是临时党支部，{said}，请核对。" in text
    assert "按《first制度》第一条" in text
    ((word, sentence),) = found(cast)
    assert sentence.startswith(f"第二党支部2019年3月6日“{title}”：临时党支部一般不")
    assert sentence.endswith("依据《first制度》第一条。")
    assert word


def test_other_votes_other_days_and_other_branches_are_not(cast, temporary):
    for row in (
        vote(cast, "通过学习计划"),
        vote(cast, "选举支部委员会", "election", D(2018, 12, 28)),
        vote(cast, "选举支部委员会", "election", D(2019, 3, 7), cast.first),
    ):
        assert "临时党支部" not in page(cast, row)
    assert found(cast) == []


def test_of_a_month_in_which_it_ceased_nobody_knows(cast, temporary):
    row = vote(cast, "选举支部委员会", "election", D(2019, 3, 1))
    Gathering.objects.filter(pk=row.pk).update(precision="month")
    TemporaryBranch.objects.update(to_on=D(2019, 3, 15))
    ((_, sentence),) = found(cast)
    assert "不能判断" in sentence
    TemporaryBranch.objects.update(to_on=D(2019, 3, 31))
    ((_, sentence),) = found(cast)
    assert "请核对" in sentence


def cells(cast, label, unit, as_of=TODAY, span=None):
    told = outlook(cast.bureau.pk, [unit], span or periods.month_of(as_of), as_of)
    return next(cells for line, cells in told.of(unit.pk) if line.label == label)


def test_nothing_is_asked_about_its_term_and_the_screen_says_why(cast, temporary, ask_for):
    ask_for("term", kind="term", years=3, is_general=True)
    ask_for("votes", kind="vote", threshold="election")
    (one,) = cells(cast, "支部委员会换届", cast.second)
    assert (one.state, one.reason) == (Standing.NA, "当日是临时党支部，不选举、不换届")
    (elections,) = cells(cast, "选举表决", cast.second)
    assert (elections.state, elections.reason) == (Standing.NA, "临时党支部，不选举、不换届")
    (usual,) = cells(cast, "选举表决", cast.first)
    assert usual.reason == "这段时间没有这类表决"
    assert cells(cast, "支部委员会换届", cast.first)[0].state is Standing.UNKNOWN
    later = cells(cast, "支部委员会换届", cast.second, D(2019, 8, 1))
    assert later[0].state is Standing.UNKNOWN
    terms = [
        one.sentence
        for line in check_clauses(cast.bureau.pk, periods.month_of(TODAY), TODAY)
        if line.clause.kind == "term"
        for one in line.found
    ]
    assert len(terms) == 1
    assert terms[0].startswith("第一党支部")


def test_a_clause_for_others_says_what_is_wrong(cast, temporary, ask_for):
    ask_for("wrong", kind="temporary_branch", subject=Subject.PERSON)
    vote(cast, "选举", "election")
    with pytest.raises(Exception, match="只判定党支部"):
        check_clauses(cast.bureau.pk, YEAR, TODAY)


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow_with_votes(cast, temporary, number, django_assert_num_queries):
    for one in range(number):
        vote(cast, "选举支部委员会", "election", D(2019, 3, 6 + one))
    with django_assert_num_queries(4):
        check_clauses(cast.bureau.pk, YEAR, TODAY)
