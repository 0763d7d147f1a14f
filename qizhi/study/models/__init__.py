"""The rows of study."""

from __future__ import annotations

from qizhi.study.models.banks import AskedRow, Bank, BankQuestion
from qizhi.study.models.campaigns import Campaign, CampaignMatch, CampaignPhase, CampaignTopic
from qizhi.study.models.contests import (
    Contest,
    ContestQuestion,
    ContestRound,
    ContestTeam,
    TeamAnswer,
)
from qizhi.study.models.hours import Completion, Course
from qizhi.study.models.notes import ReadingNotes
from qizhi.study.models.plans import PlanMatch
from qizhi.study.models.resources import Resource, ResourceLink
from qizhi.study.models.self_tests import SelfAnswer, SelfTest
from qizhi.study.models.year_files import YearFile

__all__ = [
    "AskedRow",
    "Bank",
    "BankQuestion",
    "Campaign",
    "CampaignMatch",
    "CampaignPhase",
    "CampaignTopic",
    "Completion",
    "Contest",
    "ContestQuestion",
    "ContestRound",
    "ContestTeam",
    "Course",
    "PlanMatch",
    "ReadingNotes",
    "Resource",
    "ResourceLink",
    "SelfAnswer",
    "SelfTest",
    "TeamAnswer",
    "YearFile",
]
