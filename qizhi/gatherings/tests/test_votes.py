"""The arithmetic of votes at its edges, by the day, and who votes on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from fractions import Fraction

import pytest

from qizhi.gatherings.rules import (
    Bond,
    Exclusion,
    Place,
    Text,
    Vote,
    judge_vote,
    judge_within,
    needed,
    voting_roll,
)
from qizhi.gatherings.rules.votes import TEXTS
from qizhi.org.enums import MemberStatus

NOW, OLD, EVE, FIRST = (
    dt.date(2021, 3, 1),
    dt.date(2018, 1, 15),
    dt.date(2020, 7, 12),
    dt.date(2020, 7, 13),
)
ANN, BOB, CAT, DAN, EVA = (uuid.UUID(int=number) for number in range(11, 16))
BRANCH = uuid.UUID(int=1)
PLACE = Place(BRANCH, "branch", "b/oc/z1/")


@pytest.mark.parametrize(
    ("vote", "day", "has_quorum", "is_passed"),
    [
        # Half present is enough to meet; half of those due is no majority.
        (Vote("ordinary", 10, 5, 5), NOW, True, False),
        (Vote("ordinary", 10, 6, 6), NOW, True, True),
        (Vote("ordinary", 10, 4, 4), NOW, False, False),
        (Vote("ordinary", 11, 5, 5), NOW, False, False),
        (Vote("ordinary", 11, 6, 5), NOW, True, False),
        (Vote("ordinary", 11, 6, 6), NOW, True, True),
        (Vote("ordinary", 15, 8, 7), NOW, True, False),
        (Vote("ordinary", 1, 1, 1), NOW, True, True),
        (Vote("ordinary", 10, 9, 6), OLD, True, True),
        # Over half must come for an admission, whatever was handed in before.
        (Vote("admission", 10, 5, 5, written_yes=5), NOW, False, False),
        (Vote("admission", 10, 6, 6), NOW, True, True),
        (Vote("admission", 10, 6, 5, written_yes=1), NOW, True, True),
        (Vote("admission", 10, 6, 5), NOW, True, False),
        (Vote("admission", 10, 6, 4, written_yes=1), NOW, True, False),
        (Vote("admission", 11, 6, 2, written_yes=4), NOW, True, True),
        (Vote("ordinary", 10, 6, 5, written_yes=1), NOW, True, False),
        (Vote("election", 10, 8, 4, written_yes=2), NOW, True, False),
        # Exactly four fifths: not enough before 13 July 2020, enough from that day on.
        (Vote("election", 10, 8, 5), EVE, False, False),
        (Vote("election", 10, 8, 5), FIRST, True, True),
        (Vote("election", 10, 9, 5), EVE, True, True),
        (Vote("election", 5, 4, 4), EVE, False, False),
        (Vote("election", 5, 4, 4), FIRST, True, True),
        (Vote("election", 5, 5, 3), EVE, True, True),
        (Vote("election", 11, 8, 8), FIRST, False, False),
        (Vote("election", 11, 9, 5), EVE, True, True),
        # Over half of those present elect; exactly half does not.
        (Vote("election", 10, 8, 4), FIRST, True, False),
        (Vote("election", 10, 9, 5), FIRST, True, True),
        (Vote("election", 10, 9, 4), FIRST, True, False),
        (Vote("ordinary", 0, 0, 0), NOW, False, False),
    ],
)
def test_votes_are_judged_at_their_edges(vote, day, has_quorum, is_passed):
    verdict = judge_vote(vote, day)
    assert (verdict.has_quorum, verdict.is_passed) == (has_quorum, is_passed)
    assert verdict.sentence.endswith("。")
    assert verdict.sentence.count("。") == 1


@pytest.mark.parametrize(
    ("issued", "returned", "is_void", "is_passed"),
    [(9, 9, False, True), (9, 8, False, True), (9, 10, True, False), (None, None, False, True)],
)
def test_more_ballots_back_than_given_out_make_an_election_void(issued, returned, is_void, is_passed):
    verdict = judge_vote(Vote("election", 10, 9, 6, issued=issued, returned=returned), NOW)
    assert (verdict.is_void, verdict.is_passed) == (is_void, is_passed)
    assert ("选举无效" in verdict.sentence) == is_void
    assert ("收回" in verdict.sentence) == (issued is not None)


def test_the_sentence_says_why_and_by_which_text():
    assert judge_vote(Vote("ordinary", 15, 8, 7), NOW).sentence == (
        "应到有表决权 15 人，到会 8 人，达到半数；赞成 7 票，没有超过应到有表决权人数的半数（至少 8 票），未通过。"
    )
    assert "没有超过半数（至少 9 人）" in judge_vote(Vote("admission", 16, 8, 8), NOW).sentence
    assert "到会 9 人，超过半数；" in judge_vote(Vote("admission", 16, 9, 9), NOW).sentence
    assert "含会前书面赞成 1 票" in judge_vote(Vote("admission", 10, 6, 5, written_yes=1), NOW).sentence
    old, new = (judge_vote(Vote("election", 10, 8, 5), day) for day in (EVE, FIRST))
    assert "到会 8 人，没有超过五分之四（至少 9 人），表决无效" in old.sentence
    assert (old.basis, new.basis) == (
        "《中国共产党基层组织选举工作暂行条例》",
        "《中国共产党基层组织选举工作条例》",
    )
    assert "待确认" in judge_vote(Vote("ordinary", 10, 6, 6), OLD).basis
    assert "待确认" not in judge_vote(Vote("ordinary", 10, 6, 6), dt.date(2018, 10, 28)).basis


def test_a_month_in_which_the_rule_changed_is_not_guessed():
    july, august = dt.date(2020, 7, 1), dt.date(2020, 8, 1)
    unsure = judge_within(Vote("election", 10, 8, 5), july, dt.date(2020, 7, 31))
    assert (unsure.is_known, unsure.is_passed) == (False, False)
    assert "2020年7月13日起规定有变" in unsure.sentence
    assert judge_within(Vote("election", 10, 9, 5), july, dt.date(2020, 7, 31)).is_passed
    assert judge_within(Vote("election", 10, 8, 5), august, dt.date(2020, 8, 31)).is_passed


def test_texts_stand_in_order_of_their_days():
    for texts in TEXTS.values():
        assert [text.from_on for text in texts] == sorted(text.from_on for text in texts)


def test_another_text_needs_numbers_only():
    own = {
        "ordinary": (
            Text(dt.date(2015, 1, 1), Fraction(2, 3), is_over=True, source="本局", majority=Fraction(2, 3)),
        )
    }
    short = judge_vote(Vote("ordinary", 9, 6, 6), NOW, own)
    assert "没有超过三分之二（至少 7 人）" in short.sentence
    close = judge_vote(Vote("ordinary", 9, 7, 6), NOW, own)
    assert (close.has_quorum, close.is_passed) == (True, False)
    assert "没有超过应到有表决权人数的三分之二（至少 7 票）" in close.sentence
    assert judge_vote(Vote("ordinary", 9, 7, 7), NOW, own).is_passed
    assert (needed("ordinary", 9, NOW, own).present, needed("ordinary", 9, NOW, own).yes) == (7, 7)


def member(person, role="full", since="2015-01-01", until=None):
    start = dt.date.fromisoformat(since)
    end = dt.date.fromisoformat(until) if until else None
    return Bond("member", person, BRANCH, "b/oc/z1/", None, role, start, end)


def away(person, consented="2018-01-01", approved="2018-01-10", since="2018-01-01", until=None):
    end, consent, approval = (
        dt.date.fromisoformat(day) if day else None for day in (until, consented, approved)
    )
    return Exclusion(person, dt.date.fromisoformat(since), end, consent, approval)


MEMBERS = [
    member(ANN),
    member(BOB, MemberStatus.PROBATIONARY),
    member(CAT, MemberStatus.NO_VOTE),
    member(DAN),
    member(EVA, until="2018-01-14"),
]


def roll(day=OLD, exclusions=(), bonds=MEMBERS):
    return voting_roll(PLACE, {"members"}, day, bonds, exclusions)


def test_only_full_members_of_the_day_vote():
    found = roll()
    assert found.voters == {ANN, DAN}
    assert found.silent == {BOB: "probationary", CAT: "no_vote"}
    assert roll(dt.date(2018, 1, 14)).voters == {ANN, DAN, EVA}
    changed = [member(ANN, until="2018-01-15"), member(ANN, MemberStatus.NO_VOTE, since="2018-01-16")]
    assert roll(bonds=changed).voters == {ANN}
    assert roll(dt.date(2018, 1, 16), bonds=changed).voters == frozenset()


def test_staff_without_membership_are_on_no_voting_roll():
    staff = [Bond("placement", DAN, BRANCH, "b/d1/", None, "", dt.date(2015, 1, 1), None)]
    found = voting_roll(Place(BRANCH, "department", "b/d1/"), {"staff"}, OLD, staff)
    assert (found.voters, found.silent) == (frozenset(), {})


@pytest.mark.parametrize(
    ("exclusion", "lacks"),
    [
        (away(DAN), None),
        (away(DAN, approved="2018-01-15"), None),  # approved by this very congress
        (away(DAN, approved="2018-01-16"), ("党员大会通过",)),
        (away(DAN, approved=None), ("党员大会通过",)),
        (away(DAN, consented=None), ("上级党组织同意",)),
        (away(DAN, consented="2018-01-16"), ("上级党组织同意",)),
        (away(DAN, consented=None, approved=None), ("上级党组织同意", "党员大会通过")),
    ],
)
def test_nobody_is_left_out_before_both_approvals(exclusion, lacks):
    found = roll(exclusions=[exclusion])
    assert found.voters == {ANN, DAN}
    assert found.left_out == (frozenset() if lacks else {DAN})
    assert found.pending == ({DAN: lacks} if lacks else {})


def test_left_out_only_in_elections_and_admissions_and_only_while_it_holds():
    found = roll(exclusions=[away(DAN, until="2018-01-15"), away(BOB)])
    assert found.due_for("ordinary") == {ANN, DAN}
    assert found.due_for("election") == found.due_for("admission") == {ANN}
    later = roll(dt.date(2018, 1, 16), exclusions=[away(DAN, until="2018-01-15")])
    assert later.due_for("election") == {ANN, DAN}
    earlier = roll(dt.date(2017, 12, 31), exclusions=[away(DAN)], bonds=[member(DAN)])
    assert earlier.due_for("election") == {DAN}
