"""Golden cases of a file: read, tried without a database, and compared with what they expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from qizhi.core.values import dataclass
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import CaseClause, Given, GivenError, Kind, Outcome, ParameterError, kind_by_key
from qizhi.regulations.kinds.cases import WORDS
from qizhi.regulations.rules import Paper
from qizhi.regulations.services.files import national_papers, to_date
from qizhi.regulations.services.marks import where

KEYS = {
    "制度": ("代码", "名称", "文号", "发文机关", "层级", "状态", "别名", "版本", "案例"),
    "版本": ("名称", "印发", "施行", "失效", "状态", "正文", "条款"),
    "条款": (
        *("代码", "条", "原文", "大意", "判定", "参数", "分值", "对象"),
        *("周期", "依据", "类别", "证据", "一般", "启用", "状态", "说明", "案例"),
    ),
    "案例": ("条款", "名称", "给定", "结果", "含"),
}
"""What may stand in each part of a file: a slip of the pen is told, and never read as nothing."""
STORY = "经过"
T = TypeVar("T")


@dataclass(frozen=True)
class GoldenCase:
    """A case as its file writes it.

    Attributes:
        clause: code of the clause of which it tells.
        name: what it is about, in words.
        given: the facts by name.
        expected: word, or word by period.
        contains: words that the reasons must contain.
    """

    clause: str
    name: str
    given: Mapping[str, Any]
    expected: str | Mapping[str, str]
    contains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tried:
    """A case with what came of it; `problem` is Chinese and empty when it passed.

    `is_earlier`: an earlier version judged it, not the one of the clause it stands under.
    """

    case: GoldenCase
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""
    is_earlier: bool = False


@dataclass(frozen=True)
class CaseFile:
    """The clauses of a file by kind, and its cases in their order.

    `entry` is the file as it stands, `stories` its cases that tell of steps (经过): those need a database and
    are played one floor above, in `web.stories`.
    """

    title: str
    clauses: Mapping[str, tuple[CaseClause, ...]]
    kinds: Mapping[str, str]
    cases: tuple[GoldenCase, ...]
    entry: Mapping[str, Any]
    stories: tuple[Mapping[str, Any], ...] = ()


class CaseFileError(ValueError):
    """A file that cannot be read as one: Chinese, where and why."""


def read_case_file(path: Path) -> CaseFile:
    """A document with its clauses and their cases, in the format of `data/national`.

    Cases stand under their clause, or after the versions with `条款` naming theirs.

    Raises:
        CaseFileError: the file is missing or no YAML, or a document, clause or case lacks something.
    """
    from qizhi.regulations.services.yaml_files import read_marked  # noqa: PLC0415 - heavy

    try:
        return _read(read_marked(path))
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}：读不了这个文件（{error}）。"
        raise CaseFileError(message) from error
    except (TypeError, AttributeError, ValueError) as error:
        message = f"{path}：{error}"
        raise CaseFileError(message) from error


def check_keys(row: Mapping[str, Any], known: Sequence[str], part: str) -> None:
    """Refuse a key that a part of a file does not know; CaseFileError with its line."""
    for key in row:
        if key not in known:
            message = f"{where(row, str(key))}{part}里没有“{key}”这一项；可以写的有{'、'.join(known)}。"
            raise CaseFileError(message)


def rows_in(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The mappings listed under a key; CaseFileError with its line where something else stands there."""
    found = row.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        message = f"{where(row, key)}应写成一列，每项以“- ”开头，写明各自的内容。"
        raise CaseFileError(message)
    return found


def _read(entry: Any) -> CaseFile:
    if not isinstance(entry, Mapping):
        message = "文件应写成一份制度文件：代码、名称、版本、条款。"
        raise CaseFileError(message)
    check_keys(entry, KEYS["制度"], "制度")
    if not entry["版本"]:
        message = f"{where(entry, '版本')}没有写版本。"
        raise CaseFileError(message)
    clauses: dict[str, list[CaseClause]] = {}
    kinds: dict[str, str] = {}
    cases: list[GoldenCase] = []
    for version, row in _clauses_in(entry):
        own = [read_case(row["代码"], case) for case in rows_in(row, "案例")]
        if key := row.get("判定", ""):
            kinds[row["代码"]] = key
            clauses.setdefault(key, []).append(_clause(entry["名称"], version, row))
        elif own:
            message = f"{where(row)}条款 {row['代码']} 没有判定类型，不能有案例。"
            raise CaseFileError(message)
        cases += own
    told = rows_in(entry, "案例")
    stories = tuple(case for case in told if STORY in case)
    cases += [_of_clause(case, kinds) for case in told if STORY not in case]
    found = {kind: tuple(those) for kind, those in clauses.items()}
    return CaseFile(str(entry["名称"]), found, kinds, tuple(cases), entry, stories)


def _clauses_in(entry: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each clause with its version."""
    for version in rows_in(entry, "版本"):
        check_keys(version, KEYS["版本"], "版本")
        for row in rows_in(version, "条款"):
            check_keys(row, KEYS["条款"], "条款")
            yield version, row


def _of_clause(case: Mapping[str, Any], kinds: Mapping[str, str]) -> GoldenCase:
    """A case that stands at the end of the file and names its clause."""
    if case["条款"] not in kinds:
        message = f"{where(case, '条款')}案例说到的条款 {case['条款']} 不在文件里，或没有判定类型。"
        raise CaseFileError(message)
    return read_case(case["条款"], case)


def _value(row: Mapping[str, Any], key: str, read: Callable[[Any], T], default: Any = None) -> T:
    """A value of a file; CaseFileError with its line where it cannot be read."""
    value = row[key] if default is None else row.get(key, default)
    try:
        return read(value)
    except (ArithmeticError, TypeError, ValueError) as error:
        message = f"{where(row, key)}“{value}”读不懂，请核对写法。"
        raise CaseFileError(message) from error


def _kind(key: str) -> Kind[Any]:
    kind = kind_by_key(key)
    if kind is None:
        message = f"没有判定类型“{key}”。"
        raise CaseFileError(message)
    return kind


def _clause(title: str, version: Mapping[str, Any], row: Mapping[str, Any]) -> CaseClause:
    try:
        parameters = _kind(row["判定"]).read(row.get("参数", {}))
    except CaseFileError as error:
        message = f"{where(row, '判定')}{error}"
        raise CaseFileError(message) from error
    except ParameterError as error:
        message = f"{where(row, '参数')}条款 {row['代码']}：{error}"
        raise CaseFileError(message) from error
    return CaseClause(
        key=row["代码"],
        source=f"《{title}》{row.get('条', '')}",
        parameters=parameters,
        subject=_value(row, "对象", Subject, Subject.BRANCH),
        from_on=_value(version, "施行", dt.date.fromisoformat),
        to_on=_value(version, "失效", to_date, ""),
        is_general=row.get("一般", False),
        points=_value(row, "分值", lambda value: Decimal(str(value)), 0),
    )


def read_case(clause: str, row: Any) -> GoldenCase:
    """One case of the clause with that code.

    Raises:
        CaseFileError: what it expects is none of the words.
        KeyError, TypeError: a part is missing or no mapping.
    """
    if not isinstance(row, Mapping):
        message = f"{row!r} is no mapping"
        raise TypeError(message)
    if STORY in row:
        message = f"{where(row, STORY)}有“经过”的案例写在文件末尾的“案例”里，不写在条款之下。"
        raise CaseFileError(message)
    check_keys(row, KEYS["案例"], "案例")
    expected = row["结果"]
    words = expected.values() if isinstance(expected, Mapping) else [expected]
    if wrong := [str(word) for word in words if word not in WORDS]:
        message = (
            f"{where(row, '结果')}案例“{row['名称']}”的结果“{'、'.join(wrong)}”不是：{'、'.join(WORDS)}。"
        )
        raise CaseFileError(message)
    given, contains = row["给定"], row.get("含", ())
    if not isinstance(given, Mapping):
        message = f"{where(row, '给定')}案例“{row['名称']}”的“给定”应写成 {{名称: 内容}}。"
        raise CaseFileError(message)
    return GoldenCase(
        clause=clause,
        name=str(row["名称"]),
        given=given,
        expected={str(k): str(v) for k, v in expected.items()} if isinstance(expected, Mapping) else expected,
        contains=(contains,) if isinstance(contains, str) else tuple(contains),
    )


def try_cases(file: CaseFile) -> Iterator[Tried]:
    """Try each case of a file, in order; working days are those of the papers that come with the product."""
    papers = national_papers()
    for case in file.cases:
        key = file.kinds[case.clause]
        yield try_case(case, _kind(key), file.clauses[key], papers)


def try_case(
    case: GoldenCase, kind: Kind[Any], clauses: Sequence[CaseClause], papers: Sequence[Paper]
) -> Tried:
    """Try one case: what the kind says of its facts, and how that differs from what it expects."""
    try:
        given = Given(case.given, kind.facts, papers=papers)
        outcomes = tuple(kind.try_case(case.clause, clauses, given))
    except GivenError as error:
        return Tried(case, problem=str(error))
    return Tried(case, outcomes, _difference(case, outcomes))


def _difference(case: GoldenCase, outcomes: Sequence[Outcome]) -> str:
    if isinstance(case.expected, str):
        if len(outcomes) != 1:
            return f"得到{len(outcomes)}个结论，案例只说了一个；请按期间写明。"
        if outcomes[0].word != case.expected:
            return f"应为{case.expected}，得到{outcomes[0].word}（{outcomes[0].reason}）"
    else:
        found = {one.period: one.word for one in outcomes}
        if found != dict(case.expected):
            return f"应为{_listed(case.expected)}，得到{_listed(found)}"
    told = "".join(one.reason for one in outcomes)
    lacking = [words for words in case.contains if words not in told]
    return f"理由里没有“{'”“'.join(lacking)}”：{told}" if lacking else ""


def _listed(found: Mapping[str, str]) -> str:
    return "、".join(f"{period}{word}" for period, word in found.items())
