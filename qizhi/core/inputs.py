"""What inputs say of what cannot be taken: Django's own sentences speak to programmers (字段, “确保该值”)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core import validators

from qizhi.core.ids import new_id

_WORDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "这一项必填，还没有填写。"},
    forms.IntegerField: {"invalid": "这里只能填整数，例如 12。请改正。"},
    forms.FloatField: {"invalid": "这里只能填数字，例如 1.5。请改正。"},
    forms.DecimalField: {"invalid": "这里只能填数字，例如 1.5。请改正。"},
    forms.DateField: {"invalid": "没有读懂这个日期。请写成 2018-01-15 的样子，并核对当月有没有这一天。"},
    forms.TimeField: {"invalid": "没有读懂这个时间。请写成 14:30 的样子。"},
    forms.DateTimeField: {"invalid": "没有读懂这个时间。请写成 2018-01-15 14:30 的样子。"},
    forms.ChoiceField: {"invalid_choice": "“%(value)s”不在可选的项目里。请从列出的项目中选择。"},
    forms.MultipleChoiceField: {
        "invalid_choice": "“%(value)s”不在可选的项目里。请从列出的项目中选择。",
        "invalid_list": "没有读懂所选的项目。请重新选择。",
    },
    forms.ModelChoiceField: {
        "invalid_choice": "所选的一项不在可选的范围里，可能已被改动。请从列出的项目中选择。"
    },
    forms.ModelMultipleChoiceField: {
        "invalid_choice": "所选的项目里有一项不在可选的范围里，可能已被改动。请从列出的项目中选择。",
        "invalid_list": "没有读懂所选的项目。请重新选择。",
        "invalid_pk_value": "所选的项目里有一项没有读懂。请重新选择。",
    },
    forms.UUIDField: {"invalid": "页面的内部编号没有读懂。请重新打开这一页再填。"},
}
_LIMITS: dict[type[validators.BaseValidator], str] = {
    validators.MinValueValidator: "不能小于%(limit_value)s。请改为%(limit_value)s或更大的数。",
    validators.MaxValueValidator: "不能大于%(limit_value)s。请改为%(limit_value)s或更小的数。",
    validators.MinLengthValidator: "至少要%(limit_value)d个字，现在有%(show_value)d个。请补充。",
    validators.MaxLengthValidator: "最多%(limit_value)d个字，现在有%(show_value)d个。请缩短。",
}
_DIGITS = {
    "invalid": "这里只能填数字，例如 1.5。请改正。",
    "max_digits": "最多%(max)s位数字。请改短。",
    "max_decimal_places": "小数点后最多%(max)s位。请改短。",
    "max_whole_digits": "小数点前最多%(max)s位。请改小。",
}


class PlainDecimalField(forms.DecimalField):
    """A number as people write it: -1, not -1.00."""

    def prepare_value(self, value: Any) -> Any:
        """Without the places that say nothing."""
        return plain(value)

    def clean(self, value: Any) -> Decimal | None:
        """With all places again, as it is kept: what was not changed is no change."""
        number: Decimal | None = super().clean(value)
        if number is None or self.decimal_places is None:
            return number
        return number.quantize(Decimal(1).scaleb(-self.decimal_places))


class NewMixin(forms.Form):
    """A row to make, with a key of its own against double clicks and a code by which tables know it."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    key = forms.SlugField(
        label="代码",
        max_length=40,
        required=False,
        help_text="表格、模板和指标用它认出这一项，例如 theme-day；不填由系统编，确定后不再改",
    )


def plain(value: Any) -> Any:
    """A number without the places that say nothing, for an input; anything else as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def say_in_words() -> None:
    """Give every input of every form these sentences; called once, at the start."""
    for field, words in _WORDS.items():
        field.default_error_messages = {**field.default_error_messages, **words}
    for limit, sentence in _LIMITS.items():
        limit.message = sentence
    validators.validate_slug.message = (
        "代码只能用英文字母、数字、横线和下划线，不能有汉字、空格，例如 xuexi-01。请改正。"
    )
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **_DIGITS}
