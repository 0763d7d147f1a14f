"""The data files that come with the product: papers of the calendar and national documents, as YAML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from qizhi.core.values import dataclass
from qizhi.regulations.rules import Layer, Paper, PaperDay, write_notice

DATA = Path(__file__).resolve().parents[1] / "data"
HOLIDAYS = DATA / "holidays"
NATIONAL = DATA / "national"


@dataclass(frozen=True)
class PaperEntry:
    """A paper of the calendar as the file has it."""

    year: int
    title: str
    doc_no: str
    published_on: dt.date | None
    confirmation: str
    days: tuple[PaperDay, ...]
    notice: str


@cache
def read_papers(folder: Path) -> tuple[PaperEntry, ...]:
    """Every paper of a folder of the product, by year."""
    from qizhi.regulations.services.yaml_files import read_yaml  # noqa: PLC0415 - heavy

    return tuple(_paper(entry) for path in sorted(folder.glob("*.yaml")) for entry in read_yaml(path))


def _paper(entry: Mapping[str, Any]) -> PaperEntry:
    days = tuple(
        PaperDay(day, is_working, name)
        for key, is_working in (("放假", False), ("上班", True))
        for name, text in entry.get(key, {}).items()
        for day in _days(text)
    )
    return PaperEntry(
        year=entry["年份"],
        title=entry["标题"],
        doc_no=entry["文号"],
        published_on=to_date(entry.get("印发")),
        confirmation=entry["状态"],
        days=days,
        notice=write_notice(days, entry["年份"]),
    )


def _days(text: str) -> Iterator[dt.date]:
    for part in text.split(","):
        first, _, last = (side.strip() for side in part.partition("至"))
        day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += dt.timedelta(days=1)


@cache
def national_papers() -> tuple[Paper, ...]:
    """The papers that come with the product, as the calendar reads them."""
    return tuple(
        Paper(entry.doc_no, entry.year, Layer.NATIONAL, entry.days, entry.published_on)
        for entry in read_papers(HOLIDAYS)
    )


def to_date(text: str | None) -> dt.date | None:
    """A date as the files write it: 2018-10-28; None for nothing."""
    return dt.date.fromisoformat(text) if text else None
