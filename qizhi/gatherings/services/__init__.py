"""Changes to gatherings; each is one transaction and one event, and says by whom."""

from __future__ import annotations

from qizhi.gatherings.services.attachments import add_attachment, remove_attachment
from qizhi.gatherings.services.facts import (
    GatheringFacts,
    LecturerFact,
    ResolutionFact,
    RollFact,
    VisitorFact,
    facts_of,
    fingerprint,
    known_facts,
)
from qizhi.gatherings.services.instructions import save_instruction
from qizhi.gatherings.services.leave import follow_leave
from qizhi.gatherings.services.records import (
    comment_as_auditor,
    correct_gathering,
    correct_many,
    entries_for,
    leave_audit,
    record_gathering,
    record_many,
    restore_gathering,
    withdraw_gathering,
)
from qizhi.gatherings.services.settings import save_kind, save_series, save_template
from qizhi.gatherings.services.standard import load_standard_kinds, load_standard_templates
from qizhi.gatherings.services.voting import remove_exclusion, save_exclusion

__all__ = [
    "GatheringFacts",
    "LecturerFact",
    "ResolutionFact",
    "RollFact",
    "VisitorFact",
    "add_attachment",
    "comment_as_auditor",
    "correct_gathering",
    "correct_many",
    "entries_for",
    "facts_of",
    "fingerprint",
    "follow_leave",
    "known_facts",
    "leave_audit",
    "load_standard_kinds",
    "load_standard_templates",
    "record_gathering",
    "record_many",
    "remove_attachment",
    "remove_exclusion",
    "restore_gathering",
    "save_exclusion",
    "save_instruction",
    "save_kind",
    "save_series",
    "save_template",
    "withdraw_gathering",
]
