"""Kinds of clause: the ground that pillars build theirs on."""

from __future__ import annotations

from qizhi.regulations.kinds.base import (
    Judgement,
    Kind,
    KindByDay,
    Place,
    address_of,
    all_kinds,
    days_bound,
    excusable_kinds,
    kind_by_key,
    register,
    years_over,
)
from qizhi.regulations.kinds.cases import CaseClause, Given, GivenError, Outcome, binding, say_facts
from qizhi.regulations.kinds.changes import ChangeWords, figures_of, pages_of, say_difference
from qizhi.regulations.kinds.differing import say_differing, say_verdict
from qizhi.regulations.kinds.excuses import AskedExcuses, register_excuses, sentence_of, weigh_excuses
from qizhi.regulations.kinds.outlook import (
    Look,
    Mark,
    OutlookLine,
    PersonProspect,
    Prospect,
    Standing,
    Step,
)
from qizhi.regulations.kinds.parameters import (
    QUOTA_PARAMETERS,
    Parameter,
    ParameterError,
    ParameterType,
    quota_parameters,
    read_parameters,
    say_parameters,
)
from qizhi.regulations.kinds.records import Records, all_records, register_records
from qizhi.regulations.kinds.words import (
    ClauseWords,
    VersionWords,
    say_clause,
    say_evidence,
    say_versions,
    state_of,
)

__all__ = [
    "QUOTA_PARAMETERS",
    "AskedExcuses",
    "CaseClause",
    "ChangeWords",
    "ClauseWords",
    "Given",
    "GivenError",
    "Judgement",
    "Kind",
    "KindByDay",
    "Look",
    "Mark",
    "Outcome",
    "OutlookLine",
    "Parameter",
    "ParameterError",
    "ParameterType",
    "PersonProspect",
    "Place",
    "Prospect",
    "Records",
    "Standing",
    "Step",
    "VersionWords",
    "address_of",
    "all_kinds",
    "all_records",
    "binding",
    "days_bound",
    "excusable_kinds",
    "figures_of",
    "kind_by_key",
    "pages_of",
    "quota_parameters",
    "read_parameters",
    "register",
    "register_excuses",
    "register_records",
    "say_clause",
    "say_difference",
    "say_differing",
    "say_evidence",
    "say_facts",
    "say_parameters",
    "say_verdict",
    "say_versions",
    "sentence_of",
    "state_of",
    "weigh_excuses",
    "years_over",
]
