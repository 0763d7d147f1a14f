"""Kinds of clause that conduct contributes."""

from __future__ import annotations

from qizhi.conduct.kinds import excuses, leave, matters, per_event, procedure, terms
from qizhi.regulations.kinds import register_records

_BESIDE = ("conduct.request_leave", "conduct.return_from_leave")
register_records("conduct.observation", "happened_on")
register_records("conduct.leaverequest", "from_on", "to_on", but=_BESIDE)
register_records("conduct.matterreport", "due_on", "handed_in_on")
register_records("conduct.correction", "asked_on", "answered_on")

__all__ = ["excuses", "leave", "matters", "per_event", "procedure", "terms"]
