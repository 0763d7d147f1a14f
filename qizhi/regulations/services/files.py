"""The data files that come with the product: papers of the calendar and national documents, as YAML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qizhi.regulations.rules import Layer, Paper, PaperDay, write_notice

DATA = Path(__file__).resolve().parents[1] / "data"
HOLIDAYS = DATA / "holidays"
NATIONAL = DATA / "national"


class _Loader(yaml.CSafeLoader):
    """YAML in which a date stays the text that was written."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class Marked(dict[str, Any]):
    """A mapping of a file that knows its lines, so that a slip can be shown where it stands.

    Attributes:
        line: on which it begins, from 1.
        lines: on which each of its keys stands.
    """

    line: int = 0
    lines: Mapping[str, int]

    def __missing__(self, key: str) -> Any:
        """Somebody needs what is not there."""
        message = f"第{self.line}行起：缺“{key}”。"
        raise ValueError(message)


def where(row: Mapping[Any, Any], key: str = "") -> str:
    """Where a mapping, or a key of it, stands: `第12行“施行”：`; empty for one that comes from no file."""
    if not isinstance(row, Marked):
        return ""
    return f"第{row.lines.get(key, row.line)}行{f'“{key}”' if key else ''}："


class _MarkedLoader(_Loader):
    """Makes `Marked` of every mapping, and refuses a key that is written twice."""


def _marked(loader: _MarkedLoader, node: yaml.MappingNode) -> Iterator[Marked]:
    found = Marked()
    found.line, lines = node.start_mark.line + 1, {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines:
            message = f"第{line}行：“{name}”写了两次。"
            raise ValueError(message)
        lines[name] = line
    found.lines = lines
    yield found
    found.update({str(key): value for key, value in loader.construct_mapping(node).items()})


_MarkedLoader.add_constructor("tag:yaml.org,2002:map", _marked)


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


class _Dumper(yaml.SafeDumper):
    """Writes text that looks like a date without quotes, as people do."""


_Dumper.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def read_yaml(path: Path) -> Any:
    """What a file says; ValueError with its name when it is no YAML."""
    try:
        return parse_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        message = f"{path.name} is no YAML: {error}"
        raise ValueError(message) from error


def read_marked(path: Path) -> Any:
    """What a file says, its mappings with their lines.

    Raises:
        ValueError: it is no YAML, or a key stands twice in a mapping; Chinese, with the line.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_MarkedLoader)  # noqa: S506 - narrowed as well
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第{mark.line + 1}行附近" if mark else "文件"
        message = f"{where}没有读懂：冒号后要空一格，括号要成对，缩进要对齐。"
        raise ValueError(message) from error


def parse_yaml(text: str) -> Any:
    """What a text says; yaml.YAMLError when it is none. Days stay text."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, narrowed


def write_yaml(value: Any) -> str:
    """A value as people write it: short lists and mappings in one line."""
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )


def read_papers(folder: Path) -> list[PaperEntry]:
    """Every paper of the folder, by year."""
    return [_paper(entry) for path in sorted(folder.glob("*.yaml")) for entry in read_yaml(path)]


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


def national_papers() -> tuple[Paper, ...]:
    """The papers that come with the product, as the calendar reads them."""
    return tuple(
        Paper(entry.doc_no, entry.year, Layer.NATIONAL, entry.days, entry.published_on)
        for entry in read_papers(HOLIDAYS)
    )


def to_date(text: str | None) -> dt.date | None:
    """A date as the files write it: 2018-10-28; None for nothing."""
    return dt.date.fromisoformat(text) if text else None
