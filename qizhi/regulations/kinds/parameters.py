"""What a clause of a kind can be set to: a schema that draws the office's form and refuses unknown keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any

from qizhi.core.periods import Every
from qizhi.core.values import dataclass
from qizhi.regulations.rules import parse_due_rule


class ParameterType(StrEnum):
    """How a value is written and checked."""

    INTEGER = "integer"
    FRACTION = "fraction"
    CHOICE = "choice"
    CODE = "code"
    FLAG = "flag"
    DUE_RULE = "due_rule"


@dataclass(frozen=True)
class Parameter:
    """One value of a clause.

    Attributes:
        name: key in the clause's `parameters`; it never changes.
        label: Chinese name in the form.
        type: how it is written: a whole number, a fraction such as `1/3` (never 0.33), one of `choices`,
            a code, yes or no, or a due-day rule.
        is_required: a missing value is an error; otherwise `default` stands in.
        default: the value when none is written.
        choices: value and Chinese label; needed for `CHOICE`, and for `CODE` the codes that have a name.
        minimum: least whole number.
        hint: one sentence under the input.
    """

    name: str
    label: str
    type: ParameterType
    is_required: bool = True
    default: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int = 0
    hint: str = ""


class ParameterError(ValueError):
    """Parameters that a kind cannot use; `problems` are Chinese sentences by name of parameter."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Keep a sentence for each parameter."""
        self.problems = dict(problems)
        super().__init__("；".join(self.problems.values()))


def read_parameters(schema: tuple[Parameter, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Check the values of a clause and return them by name, fractions as `Fraction`.

    Args:
        schema: what the kind declares.
        values: what the clause holds, as JSON.

    Returns:
        One value for each declared parameter; the default where none is written.

    Raises:
        ParameterError: a key is unknown or missing, or a value is none of its type.
    """
    problems = {
        name: f"“{name}”不是这一判定类型的参数，请删除。"
        for name in values
        if name not in {p.name for p in schema}
    }
    result: dict[str, Any] = {}
    for parameter in schema:
        value = values.get(parameter.name)
        if value is None or value == "":
            result[parameter.name] = parameter.default
            if parameter.is_required:
                problems[parameter.name] = f"“{parameter.label}”没有填写。"
            continue
        try:
            result[parameter.name] = _READERS[parameter.type](parameter, value)
        except ValueError as error:
            problems[parameter.name] = f"“{parameter.label}”：{error}"
    if problems:
        raise ParameterError(problems)
    return result


def _integer(parameter: Parameter, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,6}", str(value), re.ASCII):
        raise ValueError("请填写整数，至多六位。")
    if int(value) < parameter.minimum:
        raise ValueError(f"不能小于{parameter.minimum}。")
    return int(value)


def _fraction(_parameter: Parameter, value: Any) -> Fraction:
    if not re.fullmatch(r"\d{1,6}(/[1-9]\d{0,5})?", str(value), re.ASCII) or Fraction(str(value)) > 1:
        raise ValueError("请填写分数，例如 1/3。")
    return Fraction(str(value))


def _choice(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str) or value not in dict(parameter.choices):
        raise ValueError(f"可选：{'、'.join(label for _, label in parameter.choices)}。")
    return str(value)


def _code(parameter: Parameter, value: Any) -> str:
    if parameter.choices:
        return _choice(parameter, value)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(value)):
        raise ValueError("请填写代码，由小写字母、数字和下划线组成。")
    return str(value)


def _flag(_parameter: Parameter, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("请选择是或否。")  # noqa: TRY004 - a person reads it, as all the others
    return value


def _due_rule(_parameter: Parameter, value: Any) -> str:
    return parse_due_rule(str(value)).key


_READERS: dict[ParameterType, Callable[[Parameter, Any], Any]] = {
    ParameterType.INTEGER: _integer,
    ParameterType.FRACTION: _fraction,
    ParameterType.CHOICE: _choice,
    ParameterType.CODE: _code,
    ParameterType.FLAG: _flag,
    ParameterType.DUE_RULE: _due_rule,
}

Choices = Sequence[tuple[str, str]]


def quota_parameters(counts: Choices = (), lecturers: Choices = ()) -> tuple[Parameter, ...]:
    """The schema of `quota`: so many of something in each month, quarter or year.

    It stands here, below the pillars, because the national clauses that come with the product use it. The
    app that knows the tables registers the kind and gives the words for what is counted and who lectures.
    """
    return (
        Parameter("counts", "计数内容", ParameterType.CODE, choices=tuple(counts)),
        Parameter(
            "every",
            "周期",
            ParameterType.CHOICE,
            choices=((Every.MONTH, "每月"), (Every.QUARTER, "每季度"), (Every.YEAR, "每年")),
        ),
        Parameter("at_least", "至少次数", ParameterType.INTEGER, minimum=1),
        Parameter(
            "only_if",
            "适用条件",
            ParameterType.CHOICE,
            is_required=False,
            default="",
            choices=(("has_committee", "设有支部委员会"), ("has_groups", "设有党小组")),
        ),
        Parameter(
            "lecturer",
            "讲授人身份",
            ParameterType.CODE,
            is_required=False,
            default="",
            choices=tuple(lecturers),
            hint="只数由这一身份的人讲授的",
        ),
    )


QUOTA_PARAMETERS = quota_parameters()
"""The schema without words: for reading clauses where nobody has to be shown them."""


def say_parameters(schema: tuple[Parameter, ...], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value in words for each parameter that is set; the names themselves for an empty schema."""
    if not schema:
        return [(name, str(value)) for name, value in values.items()]
    return [(p.label, _say(p, values[p.name])) for p in schema if values.get(p.name) not in (None, "")]


def _say(parameter: Parameter, value: Any) -> str:
    if parameter.type is ParameterType.FLAG:
        return "是" if value else "否"
    if parameter.type is ParameterType.DUE_RULE:
        return _say_due_rule(str(value))
    return dict(parameter.choices).get(value, str(value))


def _say_due_rule(text: str) -> str:
    try:
        return parse_due_rule(text).label
    except ValueError:
        return text
