"""Reading and writing YAML: a module of its own, as the reader is heavy and loaded when a file is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from qizhi.regulations.services.marks import CaseFileError, Marked

YamlError = yaml.YAMLError
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
DEEPEST = 30
"""Levels of lists and mappings within each other, far more than a document has."""


class _Loader(yaml.CSafeLoader):
    """YAML in which a date stays the text that was written, and so does a number such as 010 or 1:30."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, WHOLE if tag.endswith(":int") else pattern)
        for tag, pattern in resolvers
        if not tag.endswith(":timestamp")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class _MarkedLoader(_Loader):
    """Makes `Marked` of every mapping, and refuses a key that is written twice."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - as PyYAML has it
        """As usual; what PyYAML itself stumbles over, such as `!!int 一`, is told with its line."""
        try:
            return super().construct_object(node, deep)
        except (CaseFileError, yaml.YAMLError):
            raise
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            message = f"第{node.start_mark.line + 1}行：“{str(node.value)[:30]}”读不懂，请核对写法。"
            raise CaseFileError(message) from error


def _marked(loader: _MarkedLoader, node: yaml.MappingNode) -> Iterator[Marked]:
    found = Marked()
    found.line, lines = node.start_mark.line + 1, {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines:
            message = f"第{line}行：“{name}”写了两次。"
            raise CaseFileError(message)
        lines[name] = line
    found.lines = lines
    yield found
    found.update({str(key): value for key, value in loader.construct_mapping(node).items()})


_MarkedLoader.add_constructor("tag:yaml.org,2002:map", _marked)


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
        CaseFileError: as for `parse_marked`, or its characters are not those of UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = "不是 UTF-8 编码的文字，读不了这个文件。请用编辑器另存为 UTF-8。"
        raise CaseFileError(message) from error
    return parse_marked(text)


def parse_marked(text: str) -> Any:
    """What a text says, its mappings with their lines.

    Raises:
        CaseFileError: it is no YAML, or a key stands twice in a mapping; Chinese, with the line.
    """
    try:
        _check_depth(text)
        return yaml.load(text, Loader=_MarkedLoader)  # noqa: S506 - narrowed as well
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第{mark.line + 1}行附近" if mark else "文件"
        message = f"{where}没有读懂：冒号后要空一格，括号要成对，缩进要对齐。"
        raise CaseFileError(message) from error


def _check_depth(text: str) -> None:
    """Refuse what is nested without sense: the reader would need more memory for it than there is."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            message = f"第{line}行：一层套一层太深，至多{DEEPEST}层。"
            raise CaseFileError(message)


def parse_yaml(text: str) -> Any:
    """What a text says; YamlError when it is none. Days stay text."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, narrowed


def write_yaml(value: Any) -> str:
    """A value as people write it: short lists and mappings in one line."""
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )
