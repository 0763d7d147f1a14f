"""Importing tables: each app brings importers, one flow of pages serves them all.

Upload → check (a preview and every error, with cell, value and reason) → a person's yes → apply, all or
nothing. `check` and `apply` are the same function run without and with writing, so a preview never
promises what the import does not do. Importing the same file again changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from enum import StrEnum
from typing import Any, Protocol

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.db.turns import claim, claimed
from qizhi.core.errors import Refused
from qizhi.core.models import ImportDraft
from qizhi.core.permissions import Actor, Permission
from qizhi.core.tables.cells import Sheet
from qizhi.core.tables.checks import RowCheck
from qizhi.core.tables.reading import CellError, RecordRow, TableReading, read_rows, read_sheets, read_table
from qizhi.core.tables.schema import TableSchema
from qizhi.core.tables.values.plain import compact, shorten
from qizhi.core.values import dataclass

MOST_ROWS = 50_000
"""Rows that one file may bring: while they are written, SQLite lets nobody else write."""
MOST_LINKS = 50
"""How many new rows the page of an import links to."""
WORK = "core.import"
"""What a claim on a file says (`core.db.turns`)."""
_COUNTERS = {"序号", "编号", "行号", "No.", "NO."}
"""Headings of columns that only count the rows: nobody misses them."""


class AlreadyTaken(Refused):
    """Somebody else's yes, or a second click, came first."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("这个文件已经导入过了，没有重复导入。")


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
    """Everything that a check or an import found; `ignored` are headings that this table does not know."""

    lines: list[LineResult] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def check(self, row: RecordRow) -> RowCheck:
        """The steps of one row; what is wrong with it goes to the errors."""
        return RowCheck(row, self.errors)

    def arrange(self, reading: TableReading) -> None:
        """Put what was found in several passes in the order in which people read: down, and to the right."""
        sheets = {name: place for place, name in enumerate(reading.sheets)}
        self.lines.sort(key=lambda line: (sheets[line.sheet], line.row))
        self.errors.sort(key=lambda error: (sheets[error.sheet], error.row, error.column))

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
        listing: name of the page that lists these rows; empty where there is none.
        pace: rows that are taken over in a second, as measured on two cores (docs/architecture.md).
    """

    key: str
    label: str
    wanted: Permission
    schema: Callable[[uuid.UUID], TableSchema]
    run: Run
    export: Callable[[Actor], Iterable[Mapping[str, Any]]]
    note: str = ""
    listing: str = ""
    pace: int = 300

    def seconds(self, rows: int) -> int:
        """How long it may take to take over so many rows."""
        return -(-rows // self.pace)


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


def keep_draft(importer: Importer, *, filename: str, content: bytes, by: Actor) -> ImportDraft:
    """Keep an uploaded file until a person says yes; it can be left and found again.

    The same file sent again (a second click) is the one that waits already.

    Raises:
        UnreadableFile: the file cannot be read at all; nothing is kept.
        Refused: it has more rows than can be taken over at once.
    """
    rows = len(read_table(content, filename, importer.schema(by.bureau_id)).all_rows)
    if rows > MOST_ROWS:
        told = f"表里有 {rows:,} 行，一次最多导入 {MOST_ROWS:,} 行，没有读取"
        raise Refused(f"{told}。请按年度或按组织拆成几个文件，分别导入。")
    own = {
        "bureau_id": by.bureau_id,
        "by_id": by.account_id,
        "importer": importer.key,
        "filename": filename[-200:],
        "content": content,
    }
    waiting = ImportDraft.objects.filter(**own, applied_at__isnull=True).order_by("-created_at").first()
    return waiting or ImportDraft.objects.create(**own, created_at=clock.now(), options={"rows": rows})


def check_draft(importer: Importer, draft: ImportDraft, by: Actor) -> Outcome:
    """What the file would do now."""
    sheets = read_sheets(bytes(draft.content), draft.filename)
    reading = read_rows(sheets, importer.schema(by.bureau_id))
    outcome = importer.run(reading, by, write=False)
    outcome.arrange(reading)
    if not reading.rows and (other := _other_kind(importer, sheets, by)):
        outcome.notes.insert(0, f"这个文件像是“{other.label}”的表格，是不是选错了要导入的表格？")
    outcome.ignored = [text for text in reading.ignored_columns if compact(text) not in _COUNTERS]
    return outcome


def _other_kind(importer: Importer, sheets: Sequence[Sheet], by: Actor) -> Importer | None:
    """The kind of table that this file is more likely to be, of those the person may bring."""
    others = (other for other in all_importers() if other.key != importer.key and by.may(other.wanted))
    return next((other for other in others if read_rows(sheets, other.schema(by.bureau_id)).rows), None)


def apply_draft(importer: Importer, draft: ImportDraft, by: Actor) -> Outcome:
    """Take the whole file over, or nothing of it.

    Raises:
        AlreadyTaken: the file was taken over already.
        Refused: it has errors now.
    """
    with _told(draft):
        # Read before the transaction, which on SQLite keeps every other writer waiting.
        reading = read_table(bytes(draft.content), draft.filename, importer.schema(by.bureau_id))
        return _take_over(importer, draft, reading, by)


@transaction.atomic
def _take_over(importer: Importer, draft: ImportDraft, reading: TableReading, by: Actor) -> Outcome:
    now = clock.now()
    claimed = ImportDraft.objects.filter(pk=draft.pk, applied_at__isnull=True).update(applied_at=now)
    if not claimed:
        raise AlreadyTaken
    with audit.listen() as made:
        outcome = importer.run(reading, by, write=not reading.errors)
    if outcome.errors:
        raise Refused(_say_errors(outcome, reading))  # what was written already is taken back
    draft.refresh_from_db(fields=["applied_at"])
    counts = {what.value: outcome.count(what) for what in What}
    draft.summary = {**counts, "made": _pages_of(made)}
    draft.save(update_fields=["summary"])
    audit.record("core.import", draft, by=by, after={"importer": importer.key, **counts})
    return outcome


@contextmanager
def _told(draft: ImportDraft) -> Iterator[None]:
    """Tell whoever opens the page of the file meanwhile that it is being taken over."""
    waiting = ImportDraft.objects.filter(pk=draft.pk, applied_at__isnull=True)
    with claim(WORK, draft.pk) as is_ours:
        if not is_ours:
            raise AlreadyTaken
        waiting.update(started_at=clock.now())
        try:
            yield
        except BaseException:
            waiting.update(started_at=None)
            raise


def running(drafts: Iterable[ImportDraft]) -> set[uuid.UUID]:
    """The files that are being taken over now; one whose process died is not among them."""
    begun = {one.pk for one in drafts if one.started_at is not None and one.applied_at is None}
    return claimed(WORK, begun)


def say_change(label: str, before: Any, after: Any) -> str:
    """What a row changes of a record, for its line in the preview: 出生年份 1969→1970."""
    return f"{label} {_said(before)}→{_said(after)}"


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        value = "、".join(str(one) for one in value)
    return "空白" if value is None or value == "" else shorten(str(value))


def _say_errors(outcome: Outcome, reading: TableReading) -> str:
    outcome.arrange(reading)
    first = outcome.errors[0]
    where = f"第{first.row}行的“{first.column_label}”：" if first.row and first.column_label else ""
    told = f"文件里有 {len(outcome.errors)} 处需要改正（{where}{first.reason}"
    more = "等" if len(outcome.errors) > 1 else ""
    return f"{told}{more}），什么也没有导入。请改好后重新上传。"


def _pages_of(rows: Iterable[Any]) -> list[dict[str, str]]:
    """The first new rows that have a page, each once, with its address."""
    pages: dict[uuid.UUID, dict[str, str]] = {}
    for row in rows:
        if len(pages) < MOST_LINKS and hasattr(row, "get_absolute_url"):
            pages[row.pk] = {"label": str(row), "address": row.get_absolute_url()}
    return list(pages.values())
