"""The rows of conduct."""

from __future__ import annotations

from qizhi.conduct.models.bulletins import Bulletin
from qizhi.conduct.models.cases import Case, CaseStep, PointsEntry
from qizhi.conduct.models.duties import PostDuty
from qizhi.conduct.models.inspections import Inspection, Observation, SampleDraw
from qizhi.conduct.models.leave import LeaveRequest
from qizhi.conduct.models.referrals import Referral
from qizhi.conduct.models.registers import Liaison, MatterReport, Opinion, PaperCheck, RiskPoint
from qizhi.conduct.models.rights import Correction, PrintedCode

__all__ = [
    "Bulletin",
    "Case",
    "CaseStep",
    "Correction",
    "Inspection",
    "LeaveRequest",
    "Liaison",
    "MatterReport",
    "Observation",
    "Opinion",
    "PaperCheck",
    "PointsEntry",
    "PostDuty",
    "PrintedCode",
    "Referral",
    "RiskPoint",
    "SampleDraw",
]
