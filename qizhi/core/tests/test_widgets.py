"""Inputs are written to the letter as Django's own templates write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from qizhi.core.widgets import _WRITERS, Renderer

DJANGO = DjangoTemplates()
TEXTS = (
    "",
    " ",
    "党课",
    "<b>&'\"</b>",
    "{{ 7*7 }}",
    "</textarea><script>",
    "\n两行\n",
    mark_safe("<i>可信</i>"),
)
VALUES = (
    *TEXTS,
    None,
    0,
    1,
    -1.5,
    Decimal("2.50"),
    12345,
    True,
    False,
    dt.date(2018, 1, 15),
    gettext_lazy("Yes"),
)
ATTRIBUTES: tuple[dict[str, object], ...] = (
    {},
    {"id": "id_a", "class": "form-control", "required": True, "disabled": False, "rows": 3},
    {
        "data-x": "<&\"'>",
        "aria-label": gettext_lazy("Yes"),
        "max": 12345.5,
        "size": None,
        "min": Decimal("0.50"),
    },
)
CHOICES = [
    ("", "---------"),
    ("a&b", "甲<乙>"),
    (1, 12345),
    (True, mark_safe("<i>可信</i>")),
    ("组<一>", [("x", "“引号”'\""), ("y", gettext_lazy("Yes"))]),
    (None, dt.date(2018, 1, 15)),
]
INPUTS = (
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput),
    *(forms.HiddenInput, forms.FileInput, forms.ClearableFileInput, forms.Textarea),
    *(forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput),
)
LISTS = (*(forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple),)


def same(widget, value, attributes):
    ours = widget.render("名&", value, attributes)
    assert ours == widget.render("名&", value, attributes, renderer=DJANGO), (widget, value)
    assert ours == ours.__html__()


@pytest.mark.parametrize("kind", INPUTS)
def test_an_input_is_written_as_by_django(kind):
    assert isinstance(get_default_renderer(), Renderer)
    for attributes in ATTRIBUTES:
        for value in VALUES:
            same(kind(), value, attributes)


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_is_written_as_by_django(kind):
    for attributes in ATTRIBUTES:
        for value in (None, "", "a&b", ["x", "1"], 1, "<"):
            same(kind(choices=CHOICES), value, attributes)


def test_what_is_written_here_is_what_django_has_templates_for():
    for name in _WRITERS:
        assert DJANGO.get_template(name), name
