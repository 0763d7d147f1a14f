"""Golden cases of a file: read, tried without a database, and compared with what they expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import CaseClause, Given, GivenError, Kind, Outcome, ParameterError, kind_by_key
from qizhi.regulations.kinds.cases import WORDS
from qizhi.regulations.rules import Paper
from qizhi.regulations.services.files import national_papers, read_yaml, to_date


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
    """The clauses of a file by kind, and its cases in their order."""

    title: str
    clauses: Mapping[str, tuple[CaseClause, ...]]
    kinds: Mapping[str, str]
    cases: tuple[GoldenCase, ...]


class CaseFileError(ValueError):
    """A file that cannot be read as one: Chinese, where and why."""


def read_case_file(path: Path) -> CaseFile:
    """A document with its clauses and their cases, in the format of `data/national`.

    Cases stand under their clause, or after the versions with `条款` naming theirs.

    Raises:
        CaseFileError: the file is missing or no YAML, or a document, clause or case lacks something.
    """
    try:
        entry = read_yaml(path)
        return _read(entry)
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}：读不了这个文件（{error}）。"
        raise CaseFileError(message) from error
    except KeyError as error:
        message = f"{path}：缺“{error.args[0]}”。"
        raise CaseFileError(message) from error
    except (TypeError, AttributeError, ValueError) as error:
        message = f"{path}：{error}"
        raise CaseFileError(message) from error


def _read(entry: Any) -> CaseFile:
    if not isinstance(entry, Mapping):
        message = "文件应写成一份制度文件：代码、名称、版本、条款。"
        raise CaseFileError(message)
    clauses: dict[str, list[CaseClause]] = {}
    kinds: dict[str, str] = {}
    cases: list[GoldenCase] = []
    for version in entry["版本"]:
        for row in version.get("条款", []):
            own = [read_case(row["代码"], case) for case in row.get("案例", [])]
            cases += own
            if not (key := row.get("判定", "")):
                if own:
                    message = f"条款 {row['代码']} 没有判定类型，不能有案例。"
                    raise CaseFileError(message)
                continue
            kinds[row["代码"]] = key
            clauses.setdefault(key, []).append(_clause(entry["名称"], version, row, _kind(key)))
    cases += [read_case(case["条款"], case) for case in entry.get("案例", [])]
    if strangers := sorted({case.clause for case in cases} - kinds.keys()):
        message = f"案例说到的条款 {'、'.join(strangers)} 不在文件里，或没有判定类型。"
        raise CaseFileError(message)
    found = {kind: tuple(those) for kind, those in clauses.items()}
    return CaseFile(str(entry["名称"]), found, kinds, tuple(cases))


def _kind(key: str) -> Kind[Any]:
    kind = kind_by_key(key)
    if kind is None:
        message = f"没有判定类型“{key}”。"
        raise CaseFileError(message)
    return kind


def _clause(title: str, version: Mapping[str, Any], row: Mapping[str, Any], kind: Kind[Any]) -> CaseClause:
    try:
        parameters = kind.read(row.get("参数", {}))
    except ParameterError as error:
        message = f"条款 {row['代码']}：{error}"
        raise CaseFileError(message) from error
    return CaseClause(
        key=row["代码"],
        source=f"《{title}》{row.get('条', '')}",
        parameters=parameters,
        subject=Subject(row.get("对象", Subject.BRANCH)),
        from_on=dt.date.fromisoformat(version["施行"]),
        to_on=to_date(version.get("失效")),
        is_general=row.get("一般", False),
        points=Decimal(str(row.get("分值", 0))),
    )


def read_case(clause: str, row: Mapping[str, Any]) -> GoldenCase:
    """One case of the clause with that code.

    Raises:
        CaseFileError: what it expects is none of the words.
        KeyError, TypeError: a part is missing or no mapping.
    """
    expected = row["结果"]
    words = expected.values() if isinstance(expected, Mapping) else [expected]
    if wrong := [str(word) for word in words if word not in WORDS]:
        message = f"案例“{row['名称']}”的结果“{'、'.join(wrong)}”不是：{'、'.join(WORDS)}。"
        raise CaseFileError(message)
    given, contains = row["给定"], row.get("含", ())
    if not isinstance(given, Mapping):
        message = f"案例“{row['名称']}”的“给定”应写成 {{名称: 内容}}。"
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
