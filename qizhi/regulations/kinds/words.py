"""Clauses and versions in words, for pages and for the rule book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from qizhi.regulations.kinds.base import kind_by_key
from qizhi.regulations.kinds.parameters import say_parameters
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.rules import is_in_force


@dataclass(frozen=True)
class ClauseWords:
    """A clause, the name of its kind and its parameters as label and value."""

    clause: Clause
    kind_label: str
    parameters: list[tuple[str, str]]

    @property
    def has_period(self) -> bool:
        """Whether the parameters say the period already."""
        return self.clause.get_period_display() in [value for _, value in self.parameters]


@dataclass(frozen=True)
class VersionWords:
    """A version on a day: `draft`, `current`, `coming` or `past`, with its clauses in words."""

    version: Version
    state: str
    clauses: list[ClauseWords]


def say_clause(clause: Clause) -> ClauseWords:
    """The clause in words; its kind's key stands in for the name of a kind that nobody has declared."""
    kind = kind_by_key(clause.kind)
    schema = kind.parameters if kind else ()
    return ClauseWords(clause, kind.label if kind else clause.kind, say_parameters(schema, clause.parameters))


def say_versions(versions: Iterable[Version], on: dt.date) -> list[VersionWords]:
    """Versions (with `regulation` and `clauses` fetched) as they stand on a day."""
    lines = []
    for version in versions:
        clauses = [say_clause(clause) for clause in version.clauses.all()]
        lines.append(VersionWords(version, _state(version, on), clauses))
    return lines


def _state(version: Version, on: dt.date) -> str:
    if version.is_draft:
        return "draft"
    if is_in_force(version.effective_from, version.effective_to, on):
        return "current"
    return "coming" if on < version.effective_from else "past"
