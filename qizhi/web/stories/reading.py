"""Stories as their file writes them: each slip is told with its line and the key at fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qizhi.core.values import dataclass
from qizhi.regulations.kinds.cases import GivenError, to_day, to_number
from qizhi.regulations.services.cases import LONGEST_NAME, STORY, CaseFile
from qizhi.regulations.services.entries import check_keys, read_clause_values, read_value, rows_in, text
from qizhi.regulations.services.marks import CaseFileError, need, where
from qizhi.web.stories.words import (
    CHANGES,
    DETAILS,
    EVERYBODY,
    EXPECTED,
    STATES,
    VERBS,
    Reader,
    one_of,
    to_points,
    to_text,
    to_years,
    words_of,
)

STORY_KEYS = ("名称", "缺放假通知", STORY)
STEP_KEYS = ("日期", "应为", "被拒")


@dataclass(frozen=True)
class Step:
    """One thing that is done on a day.

    Attributes:
        line: where it stands.
        day: on which it is done.
        verb: one of `VERBS`.
        subject: what it is done to.
        details: the rest, read.
        expected: what must hold after it, by the words of `EXPECTED`.
        refused: words of the sentence with which it must be refused; empty where it must be done.
    """

    line: str
    day: dt.date
    verb: str
    subject: Any
    details: Mapping[str, Any]
    expected: Mapping[str, Any]
    refused: str = ""


@dataclass(frozen=True)
class Story:
    """A case in order of time; `lacking` are years whose notice on holidays is not there at first."""

    name: str
    steps: tuple[Step, ...]
    lacking: tuple[int, ...] = ()


def read_stories(file: CaseFile) -> tuple[Story, ...]:
    """The stories of a file.

    Raises:
        CaseFileError: one of them cannot be read; Chinese, with line and key.
    """
    return tuple(_story(row) for row in file.stories)


def _slip(row: Mapping[str, Any], key: str, said: object) -> CaseFileError:
    return CaseFileError(f"{where(row, key)}{said}")


def _read(row: Mapping[str, Any], key: str, reader: Reader) -> Any:
    try:
        return reader(need(row, key), key)
    except GivenError as error:
        raise _slip(row, key, error) from error


def _story(row: Mapping[str, Any]) -> Story:
    check_keys(row, STORY_KEYS, "有经过的案例")
    steps: list[Step] = []
    for entry in rows_in(row, STORY):
        step = _step(entry)
        if steps and step.day < steps[-1].day:
            raise _slip(entry, "日期", f"{step.day}早于上一步的{steps[-1].day}；经过要按时间先后写。")
        steps.append(step)
    if not any(step.expected or step.refused for step in steps):
        raise _slip(row, STORY, "没有一步写明“应为”或“被拒”，什么也没有验算。")
    lacking = _read(row, "缺放假通知", to_years) if "缺放假通知" in row else ()
    return Story(read_value(row, "名称", text(LONGEST_NAME)), tuple(steps), lacking)


def _step(row: Mapping[str, Any]) -> Step:
    verbs = [key for key in row if key in VERBS]
    if len(verbs) != 1:
        others = [str(key) for key in row if key not in {*STEP_KEYS, *DETAILS, "结论"}]
        wrong = next((key for key in others if key not in verbs), "")
        said = f"没有“{wrong}”这种步骤。" if wrong else "每一步要写明做什么，只写一件。"
        raise _slip(row, wrong, f"{said}可以写的有{'、'.join(VERBS)}。")
    verb = VERBS[verbs[0]]
    check_keys(row, (*STEP_KEYS, verbs[0], *verb.details), f"“{verbs[0]}”")
    if lacking := [key for key in (*verb.needs, *(("结论",) if verb.results else ())) if key not in row]:
        raise _slip(row, verbs[0], f"缺“{lacking[0]}”。")
    readers = {**DETAILS, "结论": one_of(verb.results)}
    if verb.changes in row:
        _check_clauses(row, verb.changes)
    expected = row.get("应为", {})
    if not isinstance(expected, Mapping):
        raise _slip(row, "应为", f"应写成 {{名称: 内容}}；名称有{'、'.join(EXPECTED)}。")
    return Step(
        line=where(row, verbs[0]),
        day=_read(row, "日期", to_day),
        verb=verbs[0],
        subject=_read(row, verbs[0], verb.subject),
        details={key: _read(row, key, readers[key]) for key in verb.details if key in row},
        expected=_expected(expected),
        refused=_read(row, "被拒", to_text) if "被拒" in row else "",
    )


def _check_clauses(row: Mapping[str, Any], key: str) -> None:
    """The clauses of a new version are read before the first step is taken."""
    for clause in rows_in(row, key):
        read_clause_values(clause, for_library=True)
        if "案例" in clause:
            raise _slip(clause, "案例", "新版的条款不在这里写案例，案例写在文件末尾。")


def _expected(row: Mapping[str, Any]) -> Mapping[str, Any]:
    check_keys(row, EXPECTED, "“应为”")
    readers: dict[str, Reader] = {
        "成立": _some,
        "建议": _some,
        "本次": _by_name(tuple(CHANGES), to_number),
        "记分": _by_name(EVERYBODY, to_points),
        "事项": _by_name(None, one_of(tuple(STATES))),
        "含": words_of,
    }
    return {key: _read(row, key, readers.get(key, to_number)) for key in row}


def _some(value: Any, name: str) -> tuple[str, ...]:
    """Words, of which there may be none: an empty list."""
    return () if value == [] else words_of(value, name)


def _by_name(known: tuple[str, ...] | None, reader: Reader) -> Reader:
    def read(value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise GivenError(f"“{name}”应写成 {{名称: 内容}}。")
        for key in value:
            if known is not None and str(key) not in known:
                raise GivenError(f"“{name}”里没有“{key}”；可以写的有{'、'.join(known)}。")
        return {" ".join(str(key).split()): reader(one, f"{name}：{key}") for key, one in value.items()}

    return read
