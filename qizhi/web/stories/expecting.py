"""What a step of a story expects against what is there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from qizhi.conduct.models import Case
from qizhi.conduct.queries.points import sheet_of, sheet_of_unit
from qizhi.core.periods import Period
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.models import Finding
from qizhi.web.stories.finding import live, waiting, words_of_finding
from qizhi.web.stories.stage import EVER, Stage
from qizhi.web.stories.words import CHANGES, PEOPLE

ALWAYS = Period(EVER, dt.date(2099, 12, 31))


def differences(stage: Stage, expected: Mapping[str, Any]) -> list[str]:
    """Chinese: each thing that is other than was expected."""
    return [problem for key, value in expected.items() if (problem := _CHECKS[key](stage, value))]


def say_standing(stage: Stage) -> str:
    """What stands, in one line."""
    return "；".join(" ".join(words_of_finding(stage, row)) for row in live(stage)) or "没有发现成立"


def _standing(stage: Stage, wanted: Iterable[str]) -> str:
    return _compare("成立", wanted, (words_of_finding(stage, row) for row in live(stage)))


def _proposed(stage: Stage, wanted: Iterable[str]) -> str:
    return _compare("建议", wanted, (said for said, _ in waiting(stage)))


def _compare(name: str, wanted: Iterable[str], found: Iterable[tuple[str, ...]]) -> str:
    """The same lines in any order; points are compared as numbers."""
    there = Counter(map(_plain, found))
    asked = Counter(_plain(tuple(one.split())) for one in wanted)
    if there == asked:
        return ""
    return f"{name}应为{_listed(asked)}，得到{_listed(there)}"


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """Points as a number; no points and 0 are the same."""
    try:
        points = Decimal(words[-1])
    except InvalidOperation:
        return words
    return (*words[:-1], f"{points.normalize():f}") if points else words[:-1]


def _listed(lines: Counter[tuple[str, ...]]) -> str:
    return "、".join(f"“{' '.join(words)}”" for words in sorted(lines.elements())) or "没有"


def _ended(status: FindingStatus, name: str) -> Callable[[Stage, int], str]:
    def check(stage: Stage, wanted: int) -> str:
        there = Finding.objects.filter(bureau=stage.bureau, status=status).count()
        return "" if there == wanted else f"{name}应为{wanted}条，得到{there}条"

    return check


def _counted(stage: Stage, wanted: Mapping[str, int]) -> str:
    """What the last run has done; what is not named must not have happened."""
    there = {word: stage.counts.get(change.value, 0) for word, change in CHANGES.items()}
    asked = {word: wanted.get(word, 0) for word in CHANGES}
    if there == asked:
        return ""
    return f"本次核算应为{_told(asked)}，得到{_told(there)}"


def _told(counts: Mapping[str, int]) -> str:
    return "、".join(f"{word}{number}" for word, number in counts.items() if number) or "什么也没有变"


def _scores(stage: Stage, wanted: Mapping[str, Decimal]) -> str:
    """Sums of the ledger over all days."""
    wrong = []
    for name, points in wanted.items():
        is_person = name in PEOPLE
        sheet = (
            sheet_of(stage.people[name], ALWAYS) if is_person else sheet_of_unit(stage.units[name], ALWAYS)
        )
        if sheet.score.total != points:
            wrong.append(f"{name}记分应为{points}，得到{sheet.score.total}")
    return "；".join(wrong)


def _states(stage: Stage, wanted: Mapping[str, str]) -> str:
    wrong = []
    for name, state in wanted.items():
        row = Case.objects.get(pk=stage.known(stage.cases, name, "事项").pk, bureau=stage.bureau)
        if row.get_status_display() != state:
            wrong.append(f"事项“{name}”应是“{state}”，得到“{row.get_status_display()}”")
    return "；".join(wrong)


def _told_words(stage: Stage, wanted: Iterable[str]) -> str:
    told = "".join(row.sentence for row in live(stage))
    lacking = [words for words in wanted if words not in told]
    return f"成立的发现里没有写“{'”“'.join(lacking)}”：{told or '没有发现成立'}" if lacking else ""


_CHECKS: Mapping[str, Callable[[Stage, Any], str]] = {
    "成立": _standing,
    "被替代": _ended(FindingStatus.SUPERSEDED, "被替代"),
    "自动撤销": _ended(FindingStatus.GONE, "自动撤销"),
    "经决定撤销": _ended(FindingStatus.WITHDRAWN, "经决定撤销"),
    "建议": _proposed,
    "本次": _counted,
    "记分": _scores,
    "事项": _states,
    "含": _told_words,
}
