"""The rows of gatherings."""

from __future__ import annotations

from qizhi.gatherings.models.feedback import Feedback
from qizhi.gatherings.models.gatherings import (
    LATE_AFTER_DAYS,
    Attachment,
    Gathering,
    GatheringKind,
    GatheringQuerySet,
    Instruction,
    Kind,
    Lecturer,
    LedgerEntry,
    Resolution,
    RollEntry,
    Series,
    Template,
    Visitor,
    VotingExclusion,
)

__all__ = [
    "LATE_AFTER_DAYS",
    "Attachment",
    "Feedback",
    "Gathering",
    "GatheringKind",
    "GatheringQuerySet",
    "Instruction",
    "Kind",
    "Lecturer",
    "LedgerEntry",
    "Resolution",
    "RollEntry",
    "Series",
    "Template",
    "Visitor",
    "VotingExclusion",
]
