"""The rows of regulations."""

from __future__ import annotations

from qizhi.regulations.models.calendar import CalendarDay, CalendarDayQuerySet, CalendarPaper, DayOrdinal
from qizhi.regulations.models.documents import (
    Clause,
    ClauseCase,
    Regulation,
    RegulationAlias,
    Version,
    VersionQuerySet,
)
from qizhi.regulations.models.exemptions import Exemption
from qizhi.regulations.models.runs import Finding, FindingQuerySet, PeriodClose, Proposal, Run
from qizhi.regulations.models.search import IndexEntry

__all__ = [
    "CalendarDay",
    "CalendarDayQuerySet",
    "CalendarPaper",
    "Clause",
    "ClauseCase",
    "DayOrdinal",
    "Exemption",
    "Finding",
    "FindingQuerySet",
    "IndexEntry",
    "PeriodClose",
    "Proposal",
    "Regulation",
    "RegulationAlias",
    "Run",
    "Version",
    "VersionQuerySet",
]
