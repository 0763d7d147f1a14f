"""Importing tables: each app brings importers, one flow of pages serves them all.

Upload → check (a preview and every error, with cell, value and reason) → a person's yes → apply, all or
nothing. `check` and `apply` are the same function run without and with writing, so a preview never
promises what the import does not do. Importing the same file again changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from qizhi.core.permissions import Actor, Permission
from qizhi.core.tables.reading import CellError, TableReading
from qizhi.core.tables.schema import TableSchema


class What(StrEnum):
    """What a line of the file does."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


WHAT_LABELS = {What.NEW: "新增", What.CHANGED: "更新", What.SAME: "不变"}


@dataclass(frozen=True)
class LineResult:
    """What one line of the file does, in Chinese words for the preview."""

    sheet: str
    row: int
    what: What
    text: str


@dataclass
class Outcome:
    """Everything that a check or an import found."""

    lines: list[LineResult] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: What) -> int:
        """How many lines do that."""
        return sum(1 for line in self.lines if line.what is what)


class Run(Protocol):
    """Checks a table and, with `write`, takes it over."""

    def __call__(self, reading: TableReading, by: Actor, *, write: bool) -> Outcome:
        """What each line does, and every error."""


@dataclass(frozen=True)
class Importer:
    """A kind of table that can come in and go out.

    Attributes:
        key: stable key such as `org.people`; part of the address.
        label: Chinese name.
        wanted: the permission it asks for; the reach of it limits what may be written.
        schema: the table's columns (a `core.tables` schema) for a bureau.
        run: takes the rows read (`core.tables` reading), the actor and whether to write; returns the
            outcome. Called with writing only inside a transaction and only if the check had no error.
        export: the rows that are in the system now, as dicts by column key, in the importer's own form.
        note: one Chinese sentence on what the table is for.
    """

    key: str
    label: str
    wanted: Permission
    schema: Callable[[uuid.UUID], TableSchema]
    run: Run
    export: Callable[[Actor], Iterable[Mapping[str, Any]]]
    note: str = ""


_registry: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    """Publish an importer."""
    _registry[importer.key] = importer
    return importer


def get(key: str) -> Importer | None:
    """The importer of that key."""
    return _registry.get(key)


def all_importers() -> list[Importer]:
    """Every importer, by key."""
    return [_registry[key] for key in sorted(_registry)]
