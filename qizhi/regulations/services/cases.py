"""Golden cases of a file: read, tried without a database, and compared with what they expect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from qizhi.core.values import dataclass
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import CaseClause, Given, GivenError, Kind, Outcome, ParameterError, kind_by_key
from qizhi.regulations.kinds.cases import NA, WORDS
from qizhi.regulations.rules import Paper
from qizhi.regulations.services.entries import (
    check_keys,
    code,
    mapping,
    read_clause_values,
    read_document,
    read_parts,
    read_value,
    rows_in,
    text,
)
from qizhi.regulations.services.files import national_papers
from qizhi.regulations.services.marks import CaseFileError, Marked, need, where
from qizhi.regulations.services.plain import clean

CASE_KEYS = ("条款", "名称", "给定", "结果", "含")
"""What may stand in a case: a slip of the pen is told, and never read as nothing."""
STORY = "经过"
LONGEST_NAME = 120
SWITCHED_OFF = Outcome(NA, "条款已停用，不作判定")


@dataclass(frozen=True)
class GoldenCase:
    """A case as its file writes it.

    Attributes:
        clause: code of the clause of which it tells.
        name: what it is about, in words.
        given: the facts by name.
        expected: word, or word by period.
        contains: words that the reasons must contain.
        kind: the kind of clause that judges it.
        of: the clause in the version under which it stands; None for one that only names its code.
        row: itself as its file has it, so that a slip in its facts is told with the line.
    """

    clause: str
    name: str
    given: Mapping[str, Any]
    expected: str | Mapping[str, str]
    contains: tuple[str, ...] = ()
    kind: str = ""
    of: CaseClause | None = None
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Tried:
    """A case with what came of it; `problem` is Chinese and empty when it passed.

    `is_earlier`: an earlier version judged it, not the one of the clause it stands under.
    `is_proof`: it shows how the clause judges now; one that an earlier version judges otherwise does not.
    """

    case: GoldenCase
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""
    is_earlier: bool = False
    is_proof: bool = True

    @property
    def is_off(self) -> bool:
        """Whether its clause is switched off: it was tried as though it were not."""
        return self.case.of is not None and not self.case.of.is_enabled


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


def read_case_file(path: Path) -> CaseFile:
    """A document with its clauses and their cases, in the format of `data/national`.

    Cases stand under their clause, or after the versions with `条款` naming theirs.

    Raises:
        CaseFileError: the file is missing or no YAML, or a document, clause or case lacks something.
    """
    from qizhi.regulations.services.yaml_files import read_marked  # noqa: PLC0415 - heavy

    try:
        return read_case_entry(read_marked(path))
    except OSError as error:
        message = f"{path}：读不了这个文件（{error.strerror}）。"
        raise CaseFileError(message) from error
    except CaseFileError as error:
        message = f"{path}：{error}"
        raise CaseFileError(message) from error


def read_case_entry(entry: Any) -> CaseFile:
    """What such a file says, as the reader of YAML gives it; CaseFileError as for a file."""
    if not isinstance(entry, Mapping):
        message = "文件应写成一份制度文件：代码、名称、版本、条款。"
        raise CaseFileError(message)
    told = rows_in(entry, "案例")
    stories = tuple(case for case in told if STORY in case)
    # What is played is played with the document in a library, and that asks for more.
    title = read_document(entry, for_library=bool(stories))["名称"]
    clauses: dict[str, list[CaseClause]] = {}
    kinds: dict[str, str] = {}
    cases: list[GoldenCase] = []
    for version, values in read_parts(entry, for_library=bool(stories)):
        for row in rows_in(version, "条款"):
            read = read_clause_values(row, for_library=bool(stories))
            own = [read_case(read["代码"], case) for case in rows_in(row, "案例")]
            if key := read.get("判定", ""):
                kinds[read["代码"]] = key
                clause = _clause(title, values, row, read)
                clauses.setdefault(key, []).append(clause)
                cases += [replace(case, kind=key, of=clause) for case in own]
            elif own:
                message = f"{where(row)}条款 {read['代码']} 没有判定类型，不能有案例。"
                raise CaseFileError(message)
    cases += [_of_clause(case, kinds) for case in told if STORY not in case]
    found = {kind: tuple(those) for kind, those in clauses.items()}
    return CaseFile(title, found, kinds, tuple(cases), entry, stories)


def _of_clause(case: Mapping[str, Any], kinds: Mapping[str, str]) -> GoldenCase:
    """A case that stands at the end of the file and names its clause."""
    key = read_value(case, "条款", code(40))
    if key not in kinds:
        message = f"{where(case, '条款')}案例说到的条款 {key} 不在文件里，或没有判定类型。"
        raise CaseFileError(message)
    return replace(read_case(key, case), kind=kinds[key])


def _clause(
    title: str, version: Mapping[str, Any], row: Mapping[str, Any], read: Mapping[str, Any]
) -> CaseClause:
    kind = kind_by_key(read["判定"])
    if kind is None:
        message = f"{where(row, '判定')}没有判定类型“{read['判定']}”。"
        raise CaseFileError(message)
    try:
        parameters = kind.read(read.get("参数", {}))
    except ParameterError as error:
        message = f"{where(row, '参数')}条款 {read['代码']}：{error}"
        raise CaseFileError(message) from error
    return CaseClause(
        key=read["代码"],
        source=f"《{title}》{read.get('条', '')}",
        parameters=parameters,
        subject=read.get("对象", Subject.BRANCH),
        from_on=version["施行"],
        to_on=version.get("失效"),
        is_general=read.get("一般", False),
        points=read.get("分值", Decimal(0)),
        is_enabled=read.get("启用", True),
    )


def read_case(clause: str, row: Any) -> GoldenCase:
    """One case of the clause with that code; what is wrong in it is refused.

    Raises:
        CaseFileError: a part is missing, unknown or none of what may stand there, or what it expects is none
            of the words; Chinese, with line and key where the row comes from a file.
    """
    if not isinstance(row, Mapping):
        message = f"“{str(row)[:30]}”不是案例；案例写明名称、给定和结果。"
        raise CaseFileError(message)
    if STORY in row:
        message = f"{where(row, STORY)}有“经过”的案例写在文件末尾的“案例”里，不写在条款之下。"
        raise CaseFileError(message)
    check_keys(row, CASE_KEYS, "案例")
    name = read_value(row, "名称", text(LONGEST_NAME))
    return GoldenCase(
        clause=clause,
        name=name,
        given=read_value(row, "给定", mapping),
        expected=_expected(row, name),
        contains=read_value(row, "含", _words) if "含" in row else (),
        row=row,
    )


def _expected(row: Mapping[str, Any], name: str) -> str | Mapping[str, str]:
    """A word, or a word by period."""
    said = need(row, "结果")
    by_period = said if isinstance(said, Mapping) else {"": said}
    wrong = [str(word)[:30] for word in by_period.values() if word not in WORDS]
    if wrong or not by_period:
        found = f"结果“{'、'.join(wrong)}”" if wrong else "结果空着，"
        message = f"{where(row, '结果')}案例“{name}”的{found}不是：{'、'.join(WORDS)}。"
        raise CaseFileError(message)
    return {clean(str(key)): str(word) for key, word in by_period.items()} if by_period is said else str(said)


def _words(value: Any) -> tuple[str, ...]:
    """Words, or a list of them, of which a reason must have each."""
    single = text(LONGEST_NAME * 10)
    if isinstance(value, list) and value:
        return tuple(map(single, value))
    return (single(value),)


def try_cases(file: CaseFile) -> Iterator[Tried]:
    """Try each case of a file, in order; working days are those of the papers that come with the product."""
    papers = national_papers()
    for case in file.cases:
        kind = kind_by_key(case.kind)
        if kind is not None:
            yield try_case(case, kind, file.clauses[case.kind], papers)


def try_case(
    case: GoldenCase, kind: Kind[Any], clauses: Sequence[CaseClause], papers: Sequence[Paper]
) -> Tried:
    """Try one case: what the kind says of its facts, and how that differs from what it expects.

    What is switched off judges nothing, as in a run; but the cases under such a clause say what it would
    judge, so that it can be switched on one day.
    """
    judging = [clause for clause in clauses if clause.is_enabled or clause == case.of]
    if not any(clause.key == case.clause for clause in judging):
        return Tried(case, (SWITCHED_OFF,), _difference(case, (SWITCHED_OFF,)))
    try:
        given = Given(case.given, kind.facts, papers=papers)
        outcomes = tuple(kind.try_case(case.clause, judging, given))
    except GivenError as error:
        return Tried(case, problem=f"{_place(case, str(error))}{error}")
    return Tried(case, outcomes, _difference(case, outcomes))


def _place(case: GoldenCase, said: str) -> str:
    """Where the fact of which something is said stands in its file; empty for a case that comes from none."""
    given = case.row["给定"] if case.row is not None else None
    if not isinstance(given, Marked) or case.row is None:
        return ""
    parts = [given, *(one for one in given.values() if isinstance(one, Marked))]
    named = re.findall("“([^”]+)”", said)
    return next(
        (where(part, name) for name in named for part in parts if name in part), where(case.row, "给定")
    )


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
