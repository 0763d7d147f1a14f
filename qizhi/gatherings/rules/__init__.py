"""Pure arithmetic on gatherings: who is due, how a vote goes, years in a row, words; see the modules."""

from __future__ import annotations

from qizhi.gatherings.rules.attendance import (
    Bond,
    Place,
    RollCount,
    count_roll,
    due,
    ties_asked,
)
from qizhi.gatherings.rules.days import days_late, last_day_of, streak
from qizhi.gatherings.rules.quorum import COMMITTEE_SIZE, QuorumJudged, Sitting, judge_quorum
from qizhi.gatherings.rules.surplus import SurplusJudged, judge_surplus
from qizhi.gatherings.rules.votes import (
    TEXTS,
    Need,
    Text,
    Texts,
    Verdict,
    Vote,
    judge_vote,
    judge_within,
    needed,
    text_on,
)
from qizhi.gatherings.rules.voting import Exclusion, VotingRoll, voting_roll
from qizhi.gatherings.rules.wording import capacity_of, fill_placeholders, suggest_title

__all__ = [
    "COMMITTEE_SIZE",
    "TEXTS",
    "Bond",
    "Exclusion",
    "Need",
    "Place",
    "QuorumJudged",
    "RollCount",
    "Sitting",
    "SurplusJudged",
    "Text",
    "Texts",
    "Verdict",
    "Vote",
    "VotingRoll",
    "capacity_of",
    "count_roll",
    "days_late",
    "due",
    "fill_placeholders",
    "judge_quorum",
    "judge_surplus",
    "judge_vote",
    "judge_within",
    "last_day_of",
    "needed",
    "streak",
    "suggest_title",
    "text_on",
    "ties_asked",
    "voting_roll",
]
