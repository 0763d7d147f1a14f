"""A document as its file writes it: every value is read by what may stand there, and a slip is told."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.db.models import TextChoices

from qizhi.regulations.enums import AppliesBy, Area, ClausePeriod, Confirmation, Level, Subject
from qizhi.regulations.kinds.cases import to_day
from qizhi.regulations.rules import overlap
from qizhi.regulations.services.marks import CaseFileError, need, where
from qizhi.regulations.services.plain import clean, plain

T = TypeVar("T")
Reader = Callable[[Any], Any]
LEAST_POINTS, PLACES = Decimal("-999.99"), -2


def read_value(row: Mapping[str, Any], key: str, read: Callable[[Any], T]) -> T:
    """A value that must be there; CaseFileError with line and key where it is not, or cannot be read."""
    try:
        return read(need(row, key))
    except CaseFileError:
        raise
    except ValueError as error:
        message = f"{where(row, key)}{error}"
        raise CaseFileError(message) from error


def check_keys(row: Mapping[str, Any], known: Sequence[str], part: str) -> None:
    """Refuse a key that a part of a file does not know; CaseFileError with its line."""
    for key in row:
        if key not in known:
            message = f"{where(row, str(key))}{part}里没有“{key}”这一项；可以写的有{'、'.join(known)}。"
            raise CaseFileError(message)


def rows_in(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The mappings listed under a key; CaseFileError with its line where something else stands there."""
    found = row.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        message = f"{where(row, key)}应写成一列，每项以“- ”开头，写明各自的内容。"
        raise CaseFileError(message)
    return found


def text(most: int) -> Callable[[Any], str]:
    """Reads words of at most so many characters; a whole number is as good as its digits, such as 2025."""

    def read(value: Any) -> str:
        if isinstance(value, bool | float):
            message = f"应是文字，写的是“{value}”；确是这几个字的，请加引号。"
            raise ValueError(message)  # noqa: TRY004 - a person reads it, as all the others
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            message = "应写成文字；没有内容的，请删去这一项。"
            raise ValueError(message)
        if len(value) > most:
            message = f"至多{most}个字，写了{len(value)}个。"
            raise ValueError(message)
        return clean(value)

    return read


def code(most: int) -> Callable[[Any], str]:
    """Reads a code, as the pages ask for it."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{most}}}", value):
            message = f"“{_short(value)}”不是代码；代码只用字母、数字、横线和下划线，至多{most}个。"
            raise ValueError(message)
        return value

    return read


def texts(most: int) -> Callable[[Any], list[str]]:
    """Reads a list of words, each of them once."""
    single = text(most)

    def read(value: Any) -> list[str]:
        if not isinstance(value, list) or not value:
            message = "应写成一列：[甲, 乙]。"
            raise ValueError(message)
        found = [single(one) for one in value]
        if len(set(found)) < len(found):
            message = "有一项写了两次。"
            raise ValueError(message)
        return found

    return read


def one_of(choices: type[TextChoices]) -> Reader:
    """Reads one of some values; the Chinese of each is told where it is none."""

    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices.values:
            known = "、".join(f"{key}（{label}）" for key, label in choices.choices)
            message = f"“{_short(value)}”不在可以写的里面：{known}。"
            raise ValueError(message)
        return choices(value)

    return read


def area(value: Any) -> str:
    """Reads an area of conduct by its Chinese name."""
    found = {str(one.label): str(one.value) for one in Area}
    if not isinstance(value, str) or value not in found:
        message = f"“{_short(value)}”不在可以写的里面：{'、'.join(found)}。"
        raise ValueError(message)
    return found[value]


def day(value: Any) -> dt.date:
    """Reads a day."""
    return to_day(value, "日期")


def flag(value: Any) -> bool:
    """Reads yes or no."""
    if not isinstance(value, bool):
        message = f"应写 true（是）或 false（否），写的是“{_short(value)}”。"
        raise ValueError(message)  # noqa: TRY004 - a person reads it, as all the others
    return value


def points(value: Any) -> Decimal:
    """Reads what a violation costs: 0 or less, with two places at most."""
    try:
        found = Decimal(str(value)) if isinstance(value, int | float) else None
    except InvalidOperation:
        found = None
    if found is None or isinstance(value, bool) or not found.is_finite():
        message = f"应是数字，例如 -1，写的是“{_short(value)}”。"
        raise ValueError(message)
    if not LEAST_POINTS <= found <= 0:
        message = f"扣分写负数，不扣分写 0，不低于{LEAST_POINTS}；写的是“{value}”。"
        raise ValueError(message)
    exponent = found.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < PLACES:
        message = f"至多两位小数，写的是“{value}”。"
        raise ValueError(message)
    return found


def mapping(value: Any) -> dict[str, Any]:
    """Reads names with what stands under each."""
    if not isinstance(value, Mapping):
        message = "应写成 {名称: 内容}。"
        raise ValueError(message)  # noqa: TRY004 - a person reads it, as all the others
    found: dict[str, Any] = plain(value)
    return found


def _short(value: Any) -> str:
    return str(value)[:30]


DOCUMENT: Mapping[str, Reader] = {
    "代码": code(60),
    "名称": text(200),
    "文号": text(60),
    "发文机关": text(100),
    "层级": one_of(Level),
    "状态": one_of(Confirmation),
    "别名": texts(100),
}
VERSION: Mapping[str, Reader] = {
    "名称": text(60),
    "印发": day,
    "施行": day,
    "失效": day,
    "状态": one_of(Confirmation),
    "正文": text(500_000),
}
CLAUSE: Mapping[str, Reader] = {
    "代码": code(40),
    "条": text(40),
    "原文": text(20_000),
    "大意": text(20_000),
    "判定": text(40),
    "参数": mapping,
    "分值": points,
    "对象": one_of(Subject),
    "周期": one_of(ClausePeriod),
    "依据": one_of(AppliesBy),
    "类别": area,
    "证据": text(200),
    "一般": flag,
    "启用": flag,
    "状态": one_of(Confirmation),
    "说明": text(200),
}
NEEDS = {"制度": ("代码", "名称"), "版本": ("施行",), "条款": ("代码",)}
NEEDS_IN_LIBRARY = {"制度": ("发文机关", "层级", "状态"), "版本": ("名称", "状态"), "条款": ("状态",)}
"""What the library asks for beside what a clause needs to be judged."""


def read_document(entry: Mapping[str, Any], *, for_library: bool) -> dict[str, Any]:
    """The values of a document by key; CaseFileError for a slip."""
    return _read(entry, "制度", DOCUMENT, ("版本", "案例"), for_library=for_library)


def read_version(entry: Mapping[str, Any], *, for_library: bool) -> dict[str, Any]:
    """The values of a version by key; CaseFileError for a slip, or days that run backwards."""
    found = _read(entry, "版本", VERSION, ("条款",), for_library=for_library)
    if found.get("失效", dt.date.max) < found["施行"]:
        message = f"{where(entry, '失效')}失效日期早于施行日期（{found['施行']}），请核对。"
        raise CaseFileError(message)
    return found


def read_clause_values(entry: Mapping[str, Any], *, for_library: bool) -> dict[str, Any]:
    """The values of a clause by key; CaseFileError for a slip, or words that are quoted and told at once."""
    found = _read(entry, "条款", CLAUSE, ("案例",), for_library=for_library)
    if "原文" in found and "大意" in found:
        message = f"{where(entry, '大意')}“原文”和“大意”只写一项：逐字引用写原文，否则写大意。"
        raise CaseFileError(message)
    if for_library and "原文" not in found:
        need(entry, "大意")
    return found


def _read(
    row: Mapping[str, Any],
    part: str,
    readers: Mapping[str, Reader],
    parts: Sequence[str],
    *,
    for_library: bool,
) -> dict[str, Any]:
    check_keys(row, (*readers, *parts), part)
    for key in (*NEEDS[part], *(NEEDS_IN_LIBRARY[part] if for_library else ())):
        need(row, key)
    return {key: read_value(row, key, readers[key]) for key in row if key in readers}


def read_parts(
    entry: Mapping[str, Any], *, for_library: bool
) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Each version of a document with its values.

    Raises:
        CaseFileError: there is none, two are in force on one day, or a clause stands twice in one.
    """
    versions = rows_in(entry, "版本")
    if not versions:
        message = f"{where(entry, '版本')}没有写版本。"
        raise CaseFileError(message)
    before: list[dict[str, Any]] = []
    for row in versions:
        found = read_version(row, for_library=for_library)
        _check_days(row, found, before)
        _check_codes(rows_in(row, "条款"))
        before.append(found)
        yield row, found


def _check_days(
    row: Mapping[str, Any], found: Mapping[str, Any], before: Sequence[Mapping[str, Any]]
) -> None:
    for number, other in enumerate(before, start=1):
        if overlap((other["施行"], other.get("失效")), (found["施行"], found.get("失效"))):
            named = f"“{other['名称']}”" if "名称" in other else f"第{number}个版本"
            message = (
                f"{where(row, '施行')}与{named}（{other['施行']}起施行）有重叠的日期；"
                "同一天只能有一个版本有效，请写明前一版的“失效”。"
            )
            raise CaseFileError(message)


def _check_codes(clauses: Sequence[Mapping[str, Any]]) -> None:
    counts = Counter(str(need(row, "代码")) for row in clauses)
    for row in reversed(clauses):
        if counts[str(row["代码"])] > 1:
            message = f"{where(row, '代码')}条款代码“{row['代码']}”在这个版本里写了两次，请换一个。"
            raise CaseFileError(message)
