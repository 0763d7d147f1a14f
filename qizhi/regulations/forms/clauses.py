"""The form of a clause, drawn from what its kind can be set to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms

from qizhi.core.ids import new_id
from qizhi.core.inputs import PlainDecimalField
from qizhi.regulations.enums import AppliesBy, Area, ClausePeriod, Confirmation, Subject
from qizhi.regulations.kinds import Kind, Parameter, ParameterError, ParameterType
from qizhi.regulations.services.plain import plain

PREFIX = "p_"


FOLDED = {
    "分值和证据": ("points", "area", "evidence"),
    "核对、版本和代码": ("confirmation", "note", "is_general", "applies_by", "key", "raw"),
}
"""Inputs that most clauses leave as they are."""


class ClauseForm(forms.Form):
    """A clause of a draft; the inputs after `note` are the parameters of its kind."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    key = forms.RegexField(
        r"^[A-Za-z0-9-]+$",
        label="条款代码",
        max_length=40,
        required=False,
        help_text="案例用它引用，例如 ZD-01；不填由系统编，各版本中保持不变",
        error_messages={"invalid": "条款代码只能用字母、数字和横线。"},
    )
    number = forms.CharField(label="条款号", max_length=40, required=False, help_text="例如“第十一条”")
    text = forms.CharField(label="条文", widget=forms.Textarea(attrs={"rows": 4}))
    is_quoted = forms.BooleanField(
        label="逐字引自原文", required=False, help_text="不勾：写的是大意，页面上不作为引文显示"
    )
    subject = forms.ChoiceField(label="对象", choices=Subject)
    period = forms.ChoiceField(label="周期", choices=ClausePeriod)
    applies_by = forms.ChoiceField(
        label="按哪一天选用版本", choices=AppliesBy, help_text="判定时用这一天有效的版本，不看判定当天"
    )
    points = PlainDecimalField(
        label="分值", max_digits=5, decimal_places=2, initial=0, help_text="扣分写负数，例如 -1；不扣分的写 0"
    )
    area = forms.ChoiceField(
        label="类别", choices=[("", "不分类"), *Area.choices], required=False, help_text="扣分条款按它分表"
    )
    evidence = forms.CharField(
        label="所需证据", max_length=200, required=False, help_text="凭什么认定，例如“检查笔录，两人签字”"
    )
    is_general = forms.BooleanField(label="原文为“一般”：只提醒，不阻止", required=False)
    is_enabled = forms.BooleanField(label="启用", required=False, initial=True)
    confirmation = forms.ChoiceField(label="核对状态", choices=Confirmation, initial=Confirmation.RECALLED)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(
        self, *args: Any, kind: Kind[Any] | None, parameters: Mapping[str, Any], **kwargs: Any
    ) -> None:
        """Draw the parameters of the kind with the values they have; none: a text of JSON."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        # What a clause leaves out has its default: a form that is saved as it was must not write it down.
        optional = [one for one in kind.parameters if not one.is_required] if kind and parameters else []
        self.defaults = {one.name: one.default for one in optional if one.name not in parameters}
        if kind is None:
            self.fields["raw"] = forms.CharField(
                label="参数",
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
                initial=json.dumps(dict(parameters), ensure_ascii=False) if parameters else "",
                help_text='供程序引用，一般不改；写成 {"share": "1/2"} 的样子',
            )
            return
        if kind.says_period:  # one question: the period of the clause follows from the parameter
            del self.fields["period"]
        for parameter in kind.parameters:
            self.fields[PREFIX + parameter.name] = _field(parameter, parameters.get(parameter.name))

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """What a clause says and its kind asks; the rest unfolds, and is open where something is wrong."""
        folded = {name for names in FOLDED.values() for name in names}
        first = [bound for bound in self.visible_fields() if bound.name not in folded]
        found = [("", first, True)]
        for title, names in FOLDED.items():
            bounds = [self[name] for name in names if name in self.fields]
            found.append((title, bounds, any(bound.errors for bound in bounds)))
        return found

    def clean_raw(self) -> dict[str, Any]:
        """The text is a JSON object, or empty."""
        try:
            value = plain(json.loads(self.cleaned_data["raw"] or "{}"))
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise forms.ValidationError('参数没有读懂。请写成 {"share": "1/2"} 的样子，或留空。')
        return value

    def clean(self) -> dict[str, Any]:
        """Let the kind judge its parameters; each problem goes to its input."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.kind is None:
            values["parameters"] = values.pop("raw", {})
        else:
            given = {
                name.removeprefix(PREFIX): values.pop(name)
                for name in list(values)
                if name.startswith(PREFIX) and values[name] not in (None, "")
            }
            values["parameters"] = {
                name: value
                for name, value in given.items()
                if name not in self.defaults or self.defaults[name] != value
            }
            self._check(self.kind, values["parameters"])
        values["kind"] = self.kind.key if self.kind else ""
        return values

    def _check(self, kind: Kind[Any], parameters: Mapping[str, Any]) -> None:
        try:
            kind.read(parameters)
        except ParameterError as error:
            for name, problem in error.problems.items():
                field = PREFIX + name
                if field in self.fields and field not in self.errors:
                    self.add_error(field, problem)


class CasesForm(forms.Form):
    """The golden cases of a clause, written as in the files that come with the product."""

    text = forms.CharField(
        label="案例",
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false"}),
    )


def _field(parameter: Parameter, value: Any) -> forms.Field:
    common: dict[str, Any] = {
        "label": parameter.label,
        "required": parameter.is_required and parameter.type is not ParameterType.FLAG,
        "initial": parameter.default if value is None else value,
        "help_text": parameter.hint,
    }
    if parameter.type is ParameterType.FLAG:
        return forms.BooleanField(**common)
    if parameter.choices:
        nothing = [] if parameter.is_required else [("", "（无）")]
        return forms.ChoiceField(choices=[*nothing, *parameter.choices], **common)
    if parameter.type is ParameterType.INTEGER:
        return forms.IntegerField(**common)
    return forms.CharField(**common)
