"""The inputs of forms, written as Django's templates write them and in a tenth of the time.

A form has dozens of inputs and hundreds of options, and Django opens a template for each of them and another
for its attributes. What is not known here is left to those templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

Widget = Mapping[str, Any]
_FOLDER = "django/forms/widgets/"
_INPUTS = (
    *("checkbox", "date", "datetime", "email", "file", "hidden", "input", "number", "password", "search"),
    *("tel", "text", "time", "url"),
)
_PLAIN = Context()


class Renderer(DjangoTemplates):
    """Renders what a form consists of."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The widget as HTML."""
        write = _WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]).strip())  # noqa: S308 - each part is escaped below


def _text(value: Any) -> str:
    """A value where a template names it."""
    return conditional_escape(value) if isinstance(value, str) else render_value_in_context(value, _PLAIN)


def _value(value: Any) -> str:
    """A value of an attribute, which is never written in the manner of a country."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_value(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_value(widget["value"])}"'
    return (
        f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>\n'
    )


def _textarea(widget: Widget) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>\n'


def _option(widget: Widget) -> str:
    value, label = _value(widget["value"]), _text(widget["label"])
    return f'<option value="{value}"{_attributes(widget)}>{label}</option>\n'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        parts.append(f'\n  <optgroup label="{_text(group)}">' if group else "")
        parts += [f"\n  {_WRITERS[option['template_name']](option)}" for option in options]
        parts.append("\n  </optgroup>" if group else "")
    return "".join([*parts, "\n</select>\n"])


_WRITERS: dict[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}select_option.html": _option,
}
